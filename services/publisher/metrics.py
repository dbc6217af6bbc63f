"""Every metric that the publisher owns."""

from prometheus_client import Counter, Gauge, Histogram

from shared.runtime.metrics import LATENCY_BUCKETS

STREAM_CLIENTS = Gauge("irf_stream_clients", "Clients of the live stream that are connected now.")
STREAM_EVENTS = Counter(
    "irf_stream_events", "Changes made visible to stream clients, by kind.", ["kind"]
)
STREAM_RESYNCS = Counter(
    "irf_stream_resyncs", "Times a client was told to read everything again.", ["reason"]
)
STREAM_DROPPED = Counter("irf_stream_dropped", "Clients dropped because they stopped reading.")
CHANGE_TO_VISIBLE_SECONDS = Histogram(
    "irf_change_to_visible_seconds",
    "From the instant a change was accepted at the door until it could be seen here.",
    buckets=LATENCY_BUCKETS,
)
REPORTS_FROZEN = Counter(
    "irf_reports_frozen", "Quarters of which the copy as reported was taken here."
)
PICTURES_DRAWN = Counter(
    "irf_pictures_drawn", "Charts that were drawn, or failed to be.", ["outcome"]
)
