"""The `irf` command: the whole system on one machine, and the tools that go with it.

Rule: whatever this package starts it also ends, and it says where it put things. Other `irf`
commands find the system by `.irf/run.json` in the current folder, running or not.
"""
