"""Every metric that the risk service owns."""

from prometheus_client import Counter

RISKS_UNSCORED = Counter(
    "irf_risks_unscored",
    "Times a risk record lacked a likelihood or impact, or named one the matrix does not have.",
)
