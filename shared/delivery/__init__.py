"""Delivery, once for all services: versioned state out, versioned state in, exactly once in effect.

Out: `Outbox.publish` gives a version and writes the outbox in the caller's transaction; `Relay`
sends what is not yet marked published. In: `Inbox` applies a batch and writes its own outbox in
one transaction; offsets are committed after it. What can never succeed is parked.

Deliberately absent: deltas, seen-id tables, Kafka transactions, clocks that decide an order.
"""
