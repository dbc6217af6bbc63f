"""The published language: what was said once can be read for ever."""
