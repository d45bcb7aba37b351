"""Months as printed: whole (``July``), short (``Jul``, ``Sept``), by number (``07``)."""

from __future__ import annotations

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
SHORT_MONTHS = tuple(name[:3] for name in MONTHS)
# Alternatives of a pattern. A short one stands for the whole name too where ``[a-z]*`` follows.
ANY_MONTH = "|".join(MONTHS)
ANY_SHORT_MONTH = "|".join(SHORT_MONTHS)

_NUMBERS = {name.lower(): number for number, name in enumerate(SHORT_MONTHS, 1)}


def month_number(month: str) -> int | None:
    """``Jul``, ``July``, ``07`` → 7; ``None`` for a season or anything else."""
    if month.isdigit():
        return int(month) if 1 <= int(month) <= 12 else None
    return _NUMBERS.get(month[:3].lower())
