"""The rules of risk, and nothing else."""
