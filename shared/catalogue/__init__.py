"""The catalogue: definitions as data, and the small language they are written in."""
