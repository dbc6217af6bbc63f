"""Every metric that the ingest service owns."""

from prometheus_client import Counter, Gauge

ROWS_RECEIVED = Counter("irf_rows_received", "Rows that came in.", ["dataset"])
ROWS_ACCEPTED = Counter("irf_rows_accepted", "Rows that changed a record.", ["dataset"])
ROWS_UNCHANGED = Counter(
    "irf_rows_unchanged", "Rows that restated what was known, at no event.", ["dataset"]
)
ROWS_REJECTED = Counter("irf_rows_rejected", "Rows that broke their contract.", ["dataset"])
RECORDS_DELETED = Counter(
    "irf_records_deleted", "Records that a full extract no longer named.", ["dataset"]
)
RECORDS_EXPIRED = Counter("irf_records_expired", "Records whose time was over.", ["dataset"])
REQUESTS_REFUSED = Counter(
    "irf_requests_refused", "Requests of which nothing was kept, by HTTP status.", ["status"]
)
CONNECTOR_RUNS = Counter(
    "irf_connector_runs", "Runs of connectors, by how they ended.", ["connector", "outcome"]
)
CONNECTOR_SUCCESS = Gauge(
    "irf_connector_last_success_timestamp_seconds",
    "When a connector last came to a good end, as Unix time.",
    ["connector"],
)
DATASET_AGE = Gauge(
    "irf_dataset_age_seconds",
    "How long ago the newest load of a dataset was let in, or how long the first is waited for.",
    ["dataset"],
)
RETURNS_OVERDUE = Gauge(
    "irf_returns_overdue", "Returns that nobody gave by the day on which they were due."
)
DATASET_LATE = Gauge(
    "irf_dataset_late",
    "Whether a dataset is older than its definition allows: 1 or 0.",
    ["dataset"],
)
