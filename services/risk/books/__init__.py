"""Books: one for each kind of thing that the risk service states. Each takes in what moved, and
settles: it says anew what depends on that.
"""
