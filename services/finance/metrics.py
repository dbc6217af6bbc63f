"""Every metric that the finance service owns."""

from prometheus_client import Counter

AMOUNTS_REFUSED = Counter(
    "irf_finance_amounts_refused",
    "Times a record's amount was no whole number of pence, so that the record is unplaced.",
)
