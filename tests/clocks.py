"""Clocks for tests: set by hand, standing still, so that no test depends on the day it is run on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# Date-bound tests run on each of these: a year gone by, and two to come; a leap day and a turn of the year among them.
DATES = ("2024-02-29T23:59:30Z", "2027-06-15T12:00:00Z", "2031-01-01T00:00:10Z")


@dataclass
class SetClock:
    """Says what it was told, until it is told otherwise: ``at`` is a time as the databases write it."""

    at: str = DATES[1]

    def __call__(self) -> datetime:
        return datetime.fromisoformat(self.at).astimezone(UTC)

    def move(self, **by: float) -> None:
        """Forward (or back) by ``days``, ``hours``, ``seconds``."""
        self.at = (self() + timedelta(**by)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def day(self, ago: int = 0) -> str:
        """The day as PubMed writes it, ``2027/06/15``; or so many days before."""
        return (self() - timedelta(days=ago)).strftime("%Y/%m/%d")
