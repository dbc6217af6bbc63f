"""What ingest decides, without a store or a broker."""
