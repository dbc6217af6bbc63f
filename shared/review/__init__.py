"""The rules of review and challenge: what may follow what, and what counts. Pure, without I/O.

Rule: the door asks these what somebody may do, and the risk service asks the same ones what what
was done comes to, so that nothing is let in that does not count without saying so.
"""
