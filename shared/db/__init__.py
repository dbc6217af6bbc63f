"""One store per service: SQLite where nothing is configured, PostgreSQL in production.

Rule: one writer at a time. Every write goes through `Store.write`, the only place that commits.
"""
