"""The finance service's store."""
