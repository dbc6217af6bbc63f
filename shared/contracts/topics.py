"""The topics, and who owns each. Every topic carries state: keyed, versioned, complete."""

from typing import Final, NamedTuple

CATALOGUE: Final = "irf.catalogue"
RECORDS: Final = "irf.records"
MEASURES: Final = "irf.measures"
INDICATORS: Final = "irf.indicators"
FINANCE: Final = "irf.finance"
CONTRACTS: Final = "irf.contracts"
RISKS: Final = "irf.risks"
DEAD_LETTERS: Final = "irf.dead-letters"


class Topic(NamedTuple):
    """A topic: its name, the service that alone writes to it, and the event type it carries."""

    name: str
    owner: str
    event_type: str
    about: str


TOPICS: Final[dict[str, Topic]] = {
    topic.name: topic
    for topic in (
        Topic(CATALOGUE, "ingest", "uk.irf.definition.v1", "Definitions, one event each."),
        Topic(RECORDS, "ingest", "uk.irf.record.v1", "The newest state of each accepted record."),
        Topic(MEASURES, "indicators", "uk.irf.measure.v1", "A measure's cells for one year."),
        Topic(INDICATORS, "indicators", "uk.irf.indicator.v1", "The value of an indicator."),
        Topic(FINANCE, "finance", "uk.irf.finance.v1", "Finance positions and control totals."),
        Topic(CONTRACTS, "finance", "uk.irf.contract.v1", "Contracts and intentions."),
        Topic(RISKS, "risk", "uk.irf.risk.v1", "Risks, actions, projects; review and challenge."),
        Topic(DEAD_LETTERS, "every service", "uk.irf.dead-letter.v1", "Events that were parked."),
    )
}


def owned_by(service: str) -> list[str]:
    """The topics that `service` alone writes, in declared order."""
    return [topic.name for topic in TOPICS.values() if topic.owner == service]
