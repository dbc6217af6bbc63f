"""Who acts: the one place where a request becomes a person, or nobody.

Rule: every route that writes for people, or shows what is not for everybody, asks here and nowhere
else. What comes out is a person of the catalogue; how they signed in is known to nobody else.
"""
