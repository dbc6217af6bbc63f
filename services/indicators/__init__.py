"""Indicators: records to measures to indicators, incrementally.

Reads      irf.records, irf.catalogue
Emits      irf.measures (a measure's cells for one financial year and member),
           irf.indicators (the value of an indicator for a period and member)
Owns       delivery's tables, with the history of every indicator value; counted (by which
           definitions each measure was counted)
Invariant  every published value equals a full recompute from the current records, definitions and
           business date
"""
