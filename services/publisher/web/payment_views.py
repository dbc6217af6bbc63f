"""The facts of the page that lists the payments behind a contract's or a scheme's spending."""

from urllib.parse import quote, urlencode

from services.publisher import reading_payments as reading
from services.publisher.domain import words
from services.publisher.readmodel import Snapshot
from services.publisher.store.ledger_references import CONTRACT
from services.publisher.web.tables import Facts, frame
from shared.accounts.calendar import period_code
from shared.accounts.money import NotPence, pence

PAGE_ROWS = 100


def href(kind: str, reference: str, **more: str) -> str:
    """The address of the payments under a contract or a scheme."""
    return f"/finance/payments?{urlencode({kind: reference, **more})}"


def payments(view: Snapshot, contract: str | None, scheme: str | None, before: str | None) -> Facts:
    """The payments, a page at a time."""
    asked = reading.under(contract, scheme)
    found, following = reading.payments(view, asked, reading.before(before), PAGE_ROWS)
    of_contract = asked.kind == CONTRACT
    owner = "/contracts/" if of_contract else "/finance/capital/"
    return {
        **frame(view, "/finance", {"kinds": "contracts" if of_contract else "finance"}),
        "wide": True,
        "what": "contract" if of_contract else "capital scheme",
        "reference": asked.reference,
        "owner": owner + quote(asked.reference, safe="/" if of_contract else ""),
        "further": bool(before),
        "rows": [
            {
                "key": words.record_key(each.place.subject),
                "when": f"{period_code(each.place.period)} of {words.period(each.place.year)}"
                if each.place.period
                else words.period(each.place.year),
                "amount": _pounds(each.record.fields.get("amount")),
                "supplier": each.record.fields.get("supplier") or "Not recorded",
                "said": ", ".join(
                    words.field(each.record.fields[name])
                    for name in ("date", "description", "cost_centre", "batch")
                    if each.record.fields.get(name)
                ),
                "batch": each.row.correlation,
            }
            for each in found
        ],
        "following": href(*asked, before=reading.before_text(following)) if following else "",
    }


def _pounds(amount: object) -> str:
    try:
        return words.pence(pence(amount))
    except NotPence:
        return "Not readable"
