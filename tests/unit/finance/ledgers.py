"""Two ledgers over the same records of card transactions."""

CARDS = {
    "code": "cards",
    "dataset": "card-transactions",
    "unit": "unit",
    "date": "paid",
    "amount": "amount",
}
# A second ledger over the same records: by beneficiary.
SUPPLIERS = {**CARDS, "code": "suppliers", "unit": "beneficiary"}
