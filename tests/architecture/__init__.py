"""The rules of the house, held by guards. Each guard is tried once on a planted break."""
