"""Ingest: the one door in.

Takes      the catalogue, records by JSON and NDJSON, files, signed messages (HTTP)
Takes      what people write in forms: figures, commentary, challenges, sign-offs, reviews, progress
Fetches    what connectors ask of folders, servers, databases, services and topics
Emits      irf.catalogue, one event per definition; irf.records, one event per changed record
Owns       batches, rejections, idempotency, kept extracts, connections and their runs; records and
           definitions are its owned states
Invariant  received = accepted + unchanged + rejected, for every batch
Invariant  a receipt is sent only when its rows are durable; the same Idempotency-Key has one effect
Invariant  what is in an accounting period that is closed is neither changed nor deleted
Invariant  what a form says bears who said it and when, by the door; no text is overwritten unseen
Invariant  a connector is run by one process at a time, and goes nowhere that nobody listed
Invariant  a field that a contract does not name is never stored; a restated record is no event
"""
