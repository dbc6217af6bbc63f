"""How amounts and shares are put in a sentence."""

from decimal import Decimal


def pounds(amount: int) -> str:
    """`£1,234.50`; a negative amount has its sign in front."""
    return f"{'-' if amount < 0 else ''}£{Decimal(abs(amount)) / 100:,.2f}"


def percent(value: Decimal) -> str:
    """`2.5%`, without noughts that say nothing."""
    said = f"{value:f}"
    return f"{said.rstrip('0').rstrip('.') if '.' in said else said}%"


def counted(number: int, one: str) -> str:
    """`1 milestone`, `2 milestones`."""
    return f"{number} {one}{'' if number == 1 else 's'}"
