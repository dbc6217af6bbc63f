"""The sample council: a made-up unitary council whose records are all generated.

Rule: nothing in it is a real record, and the council says of itself that it is sample data, so
that every page can say so too. The same seed and end date give the same records, to the byte.
"""
