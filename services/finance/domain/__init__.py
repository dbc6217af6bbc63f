"""The rules of the council's money, and nothing else."""
