"""The publisher's store: what it consumed, and indexes to read it quickly."""
