"""What ingest keeps beside delivery's tables: batches, their rejections, idempotency."""
