"""The risk service's store."""
