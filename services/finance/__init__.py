"""Finance: what the council's money comes to, in exact pence: revenue, capital, savings, reserves,
spending, contracts and commissioning intentions.

Reads      irf.records (of datasets that have a role or that a ledger names), irf.catalogue
Emits      irf.finance: cost centres' years, positions of nodes, virements, savings, reserves,
           control totals beside what is held, schemes, spending of ledgers and hints on it;
           irf.contracts: contracts, what was spent under them, intentions
Owns       delivery's tables, and payments: what hints compare; all else is its owned states
Invariant  every state equals a plain recomputation from the newest records, to the penny; the sum
           over any cut is the sum over the cost centres; funds are never netted
Absent     rounding, and any order or clock on which a state would depend
"""
