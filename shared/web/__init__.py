"""What the pages of every service have in common: the frame, its files, and how errors are shown.

Rule: a page is escaped text in one look, works without a script, and asks nobody else for anything.
"""
