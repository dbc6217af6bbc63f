"""Which standard group of spending or income an account of the ledger belongs to.

Rule: the account named whole, or the group's own code, comes first; then the longest beginning that
fits. One that fits no group is in the group without a name, and is shown there.
"""

from shared.catalogue.accounts import Accounts

UNCLASSIFIED = ""


class Subjectives:
    """The groups of the accounts, by account."""

    def __init__(self, accounts: Accounts) -> None:
        self._known: dict[str, str] = {}
        beginnings: dict[str, str] = {}
        for group in accounts.subjectives:
            for pattern in group.accounts:
                if pattern.endswith("*"):
                    beginnings[pattern[:-1]] = group.code
                else:
                    self._known[pattern] = group.code
        for group in accounts.subjectives:
            self._known.setdefault(group.code, group.code)
        self._beginnings = sorted(beginnings.items(), key=lambda each: -len(each[0]))

    def group(self, account: object) -> str:
        """The code of an account's group."""
        text = "" if account is None else str(account)
        found = self._known.get(text)
        if found is None:
            found = next(
                (code for start, code in self._beginnings if text.startswith(start)), UNCLASSIFIED
            )
            self._known[text] = found
        return found
