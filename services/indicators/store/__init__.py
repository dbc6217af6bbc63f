"""The indicators service's store."""
