"""Finance: what the council's ledgers come to, in exact pence.

Reads      irf.records (of datasets that a ledger names), irf.catalogue
Emits      irf.finance: spend of each ledger by unit and month, and each ledger's control total
Owns       delivery's tables only: positions are its owned states, records its held ones
Invariant  a published position equals a plain sum over the newest records, to the penny; the
           units of a ledger add up to its control total
"""
