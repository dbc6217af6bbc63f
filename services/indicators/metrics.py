"""Every metric that the indicators service owns."""

from prometheus_client import Counter

VALUES_EVALUATED = Counter(
    "irf_values_evaluated", "Values evaluated; those that came out the same cost no event."
)
RECOUNTED_MEASURES = Counter(
    "irf_measures_recounted", "Measures counted again from all records: a definition changed."
)
