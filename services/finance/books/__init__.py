"""The books: each keeps one kind of state, from the records of the roles it names.

Rule: a book is made anew for each batch. It takes what records were and are, and when all are taken
it settles: loads what it said before of whatever moved, moves it, and says what it is now. What a
state depends on is in the state or in the world, so no order of changes gives another state.
"""
