from deploy.local.quiet import under_way

METRICS = """\
# HELP irf_outbox_events Events committed here but not yet published.
# TYPE irf_outbox_events gauge
irf_outbox_events 3.0
irf_outbox_age_seconds 12.5
irf_consumer_lag_events{topic="irf.records"} 40.0
irf_consumer_lag_events{topic="irf.catalogue"} 2.0
irf_events_applied_total{topic="irf.records"} 9000.0
"""


def test_what_is_under_way_is_what_waits_in_outboxes_and_topics() -> None:
    assert under_way(METRICS) == 45


def test_nothing_is_under_way_where_no_gauge_says_so() -> None:
    assert under_way("") == 0
    assert under_way("irf_outbox_events 0.0\n") == 0
