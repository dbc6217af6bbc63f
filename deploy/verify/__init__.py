"""The full recompute behind `irf verify`: the oracle that the whole system is held against.

Rule: it shares no code with `shared` or with any service. It reads the current records and
definitions out of ingest's store, works every figure out again in the plainest way (exact
fractions, one pass, nothing kept), and compares the result with what the publisher holds.
"""
