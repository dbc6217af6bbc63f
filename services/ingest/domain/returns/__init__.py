"""Figures that people give: for which periods, by when, and whether they can be right."""
