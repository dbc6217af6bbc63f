"""What the publisher knows without a store or a network: words for figures, trends, streams.

Rule: every text that a person reads about a figure is made here, once, for pages and for the
stream alike. No framework, no input or output.
"""
