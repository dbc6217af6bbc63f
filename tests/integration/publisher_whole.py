"""A small council that has something on every page, on 24 November 2026; some texts are hostile."""

from shared.contracts import supply
from shared.contracts.topics import CONTRACTS, RECORDS, RISKS
from tests.integration.publisher_money import money, postings, record
from tests.integration.publisher_parcels import parcels
from tests.integration.publisher_quarter import (
    CHALLENGE,
    REVIEW,
    challenge,
    freeze,
    quarter,
    review,
)
from tests.integration.publisher_risks import CONTRACT, STATES
from tests.integration.publisher_service import Running
from tests.integration.publisher_strategic import placed
from tests.integration.test_publisher_contracts import STATES as BOUGHT
from tests.integration.test_publisher_supply import REQUESTS, said


def whole(run: Running) -> None:
    """Figures, money, risks, contracts, a report, other areas, and data that is late."""
    quarter(run)
    parcels(run)
    placed(run)
    money(run)
    postings(run, 60)
    run.say(RISKS, dict(STATES))
    run.say(CONTRACTS, {**BOUGHT, "contract/C1": CONTRACT | BOUGHT["contract/C1"]})
    paid = {"contract": "CT/1", "date": "2026-05-10", "amount": "10.00", "supplier": "<b>Acme</b>"}
    run.say(
        RECORDS,
        {
            **{f"works/{n}": record("works", str(n), number=str(n), **paid) for n in range(40)},
            supply.subject(REQUESTS): said(REQUESTS, late=True),
        },
    )
    run.say(RISKS, {REVIEW: review(), CHALLENGE: challenge()})
    freeze(run)
