"""Risk: the register, plans, and who answers for the figures.

Reads      irf.records (of datasets with a role in risk, plans or review), irf.catalogue,
           irf.indicators, irf.finance, irf.contracts
Emits      irf.risks: risks, actions, projects; reviews, challenges, cycles, reminders
Owns       links: which records are parts of which thing, and which name what
Invariant  what is said follows from records, definitions, others' states and the business date
"""
