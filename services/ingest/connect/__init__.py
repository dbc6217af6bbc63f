"""Connectors: what fetches from business systems, so that nobody retypes.

Rule: whatever a kind of connector fetches, it writes down as a file, an Extract, and the one
runner lets it in the way every file comes in: contract, comparison, batch. Where the source stands
moves in the transaction that lets the rows in: nothing is lost, and what comes again is unchanged.
"""
