"""What time it is: the one place that reads a calendar clock. Everything else is given ``now`` and calls it.

A command reads :func:`system_clock` and passes it on; a test passes a clock of its own. How long something takes is
measured with ``time.monotonic``, which no calendar moves.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

# Now, as a time with its zone.
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """This machine's time, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """As every time in the databases is written: ``2026-11-20T09:58:43Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
