"""Publisher: the one door out. Dashboards, the live stream, the query calls.

Reads      irf.catalogue, irf.records, irf.indicators, irf.finance, irf.contracts, irf.risks
Emits      nothing on a topic; HTTP and Server-Sent Events
Owns       figures (where each value stands), figure_versions (every version that arrived),
           record_months (where the records behind a figure are dated),
           ledger_lines (the records behind a cost centre's year), ledger_references (the payments
           under a contract or a scheme), state_versions (what people answer for, in every version),
           frozen_reports and frozen_entries (quarters as they were reported)
Invariant  a page, a call and the stream show the newest applied version, in the same words; a
           client that resumes after an event id misses nothing, or is told to read all again;
           what is frozen is never changed; what is not for everybody is shown to people who are
           signed in, on pages, in calls and in the stream alike
Absent     judgement: what helps to read a figure (trend, control limits, forecast, standing among
           areas) is worked out from published values as it is read, and no value from records
"""
