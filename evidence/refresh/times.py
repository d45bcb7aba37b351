"""Which clock is believed: this machine's, and PubMed's where they are more than a day apart.

A watermark that lies ahead hides every revision and retraction until then. So nothing is dated more than a day later
than PubMed's own ``Date`` header says it is, and a watermark that is later than now is passed over for the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from evidence.clock import Clock, stamp

# Two clocks that differ by less differ by their zone at most; looking back a week covers it.
APART = timedelta(days=1)
# A server that says it is earlier has a clock that was never set.
_FIRST_PLAUSIBLE = datetime(2000, 1, 1, tzinfo=UTC)


class RefreshClock:
    """The clock of one refresh: this machine's, held back to PubMed's where it is more than a day ahead.

    ``heard`` is told the ``Date`` of every answer that was believed; threads may call it.
    """

    def __init__(self, now: Clock):
        self._now, self._began = now, now()
        self._first: datetime | None = None
        self._last: datetime | None = None

    def heard(self, date: datetime) -> None:
        if date >= _FIRST_PLAUSIBLE:
            self._first, self._last = self._first or date, date

    def __call__(self) -> datetime:
        """Now."""
        return _held_back(self._now(), self._last)

    @property
    def started(self) -> datetime:
        """When the refresh began, as far as is known by now."""
        return _held_back(self._began, self._first)

    @property
    def latest(self) -> datetime:
        """What is dated later than this was dated by a wrong clock."""
        return min(self._now(), self._last + APART) if self._last else self._now()

    def complaint(self) -> str:
        """What is wrong with this machine's clock, and what to do; ``""`` when it agrees with PubMed's."""
        if self._first is None or abs(self._began - self._first) <= APART:
            return ""
        days = abs(self._began - self._first).days
        ours, theirs = (f"{moment:%Y-%m-%d}" for moment in (self._began, self._first))
        if self._began > self._first:
            return (
                f"this machine's clock ({ours}) is {days:,} days ahead of PubMed's ({theirs}): what was fetched is "
                "dated by PubMed's. Set the clock"
            )
        return (
            f"this machine's clock ({ours}) is {days:,} days behind PubMed's ({theirs}): what was fetched bears a date "
            "that is too early, and refreshes that are dated later are not believed. Set the clock"
        )


def _held_back(moment: datetime, pubmed: datetime | None) -> datetime:
    return pubmed if pubmed and moment > pubmed + APART else moment


def believed(watermarks: Sequence[str], latest: datetime) -> str | None:
    """The first of a topic's watermarks (the last one first) that is not later than ``latest``."""
    return next((watermark for watermark in watermarks if watermark <= stamp(latest)), None)


def disbelieved(watermarks: Sequence[str], chosen: str | None) -> str:
    """What to say when another watermark than the last was chosen; ``""`` when the last was."""
    if not watermarks or watermarks[0] == chosen:
        return ""
    again = f"asked again since {chosen[:10]}" if chosen else "every record was fetched again"
    return f"its last refresh is dated {watermarks[0]}, which is still to come: a clock was wrong; {again}"
