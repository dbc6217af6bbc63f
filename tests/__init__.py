"""The tests. What several of them share stands here; `conftest.py` offers it as fixtures."""
