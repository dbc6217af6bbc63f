"""What ingest decides: which rows a contract lets in, and what a file says about a dataset.

Rule: pure. No framework, no I/O, no clock.
"""
