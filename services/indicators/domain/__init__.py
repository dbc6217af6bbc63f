"""Incremental measures and indicators: pure, no I/O."""
