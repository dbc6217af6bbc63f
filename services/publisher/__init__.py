"""Publisher: the one door out. Dashboards, the live stream, the query calls.

Reads      irf.catalogue, irf.records, irf.indicators, irf.finance, irf.contracts, irf.risks
Emits      nothing on a topic; HTTP and Server-Sent Events
Owns       figures (where each value stands), figure_versions (every version that arrived)
Invariant  a page, a call and the stream show the newest applied version, in the same words; a
           client that resumes after an event id misses nothing, or is told to read all again
Absent     calculation: the publisher adds spend up for a table, and judges nothing
"""
