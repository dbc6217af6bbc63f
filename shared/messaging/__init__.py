"""The Kafka side: connections, topics, the relay that sends, the consumer that hands over batches.

Rule: this package moves bytes and offsets. What they mean is decided in `shared.delivery`.
"""
