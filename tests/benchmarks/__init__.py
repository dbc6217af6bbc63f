"""Benchmarks: they print what they measure and pass no judgement."""
