"""Every metric that all services share, each explained. A service's own are in its metrics.py.

Rule: metrics live in files called metrics.py, so that dashboards and alerts can be checked
against what is really exported.
"""

from prometheus_client import Counter, Gauge, Histogram

LATENCY_BUCKETS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 60)

EVENTS_APPLIED = Counter(
    "irf_events_applied", "Events applied: newer than what was held.", ["topic"]
)
EVENTS_SKIPPED = Counter(
    "irf_events_skipped", "Events skipped: old, repeated, or folded into a newer one.", ["topic"]
)
EVENTS_DEAD_LETTERED = Counter(
    "irf_events_dead_lettered", "Events parked because they can never succeed.", ["topic"]
)
EVENTS_PUBLISHED = Counter("irf_events_published", "Events acknowledged by the broker.", ["topic"])
OUTBOX_EVENTS = Gauge("irf_outbox_events", "Events committed here but not yet published.")
OUTBOX_AGE_SECONDS = Gauge("irf_outbox_age_seconds", "Age of the oldest unpublished event.")
CONSUMER_LAG = Gauge(
    "irf_consumer_lag_events", "Events on the topic that are not yet consumed here.", ["topic"]
)
CONSUME_RETRIES = Counter("irf_consume_retries", "Batches tried again because the store failed.")
RELAY_FAILURES = Counter("irf_relay_failures", "Attempts to publish that failed and were retried.")
REPUBLISHED = Counter(
    "irf_topics_republished", "Times a topic was said again: it was new or rewound.", ["topic"]
)
STORE_WRITE_SECONDS = Histogram(
    "irf_store_write_seconds", "Time a writing transaction took, commit included.",
    buckets=LATENCY_BUCKETS,
)
LOOP_LAG_SECONDS = Gauge(
    "irf_loop_lag_seconds", "How late the event loop woke up: heartbeats and streams share it."
)
