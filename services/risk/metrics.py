"""Every metric that the risk service owns."""

from prometheus_client import Counter

RISKS_UNSCORED = Counter(
    "irf_risks_unscored", "Risk records that name a likelihood or impact the matrix does not have."
)
