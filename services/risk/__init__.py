"""Risk: the risk register, scored.

Reads      irf.records (of datasets that a risk register names), irf.catalogue
Emits      irf.risks, one event per risk: its scores and bands on the council's matrix
Owns       delivery's tables only: risks are its owned states, records its held ones
Invariant  a published risk equals the score of the newest record under the newest matrix
"""
