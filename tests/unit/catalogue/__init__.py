"""Unit tests of the catalogue: definitions, their language, and what they come to."""
