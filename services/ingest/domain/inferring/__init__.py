"""Proposing a contract from a file that nobody has described.

Rule: only what the rows show is proposed, with how many of them show it; where they leave it open,
a person is told so. What is proposed lets in every row that it was made from.
"""
