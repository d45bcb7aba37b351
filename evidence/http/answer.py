"""An HTTP answer as it came, and what can be wrong with one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from evidence.errors import NeedsPerson
from evidence.scrub import tidy

DEFAULT_RETRY_AFTER = 2.0
# More of what a server says is not looked at.
MOST_SAID = 4_000
_SECONDS = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?")


class Fault(Exception):
    """An answer that cannot be believed, or none. ``retry_after``: seconds that the server asked to wait."""

    def __init__(self, reason: str, retry_after: float | None = None, reached: bool = True):
        super().__init__(reason)
        self.reason, self.retry_after, self.reached = reason, retry_after, reached


class TooLarge(Fault):
    """An answer beyond the bound on its bytes: the same would come again."""


class Refused(NeedsPerson):
    """The server understood and said no; asking again will not help."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer as it came: body whole, headers that matter; ``date``, the server's clock when it answered."""

    status: int
    content_type: str
    retry_after: str
    body: bytes
    date: datetime | None = None


def http_date(header: str) -> datetime | None:
    """A header's date, with its zone; ``None`` when it is none."""
    try:
        when = parsedate_to_datetime(header)
    except (TypeError, ValueError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def retry_after_seconds(header: str, answered: datetime | None = None) -> float:
    """``Retry-After`` in seconds, from a number or an HTTP date; two seconds when it says nothing.

    A date is one of the server's clock, and is reckoned from when it ``answered`` by that clock.
    """
    if _SECONDS.fullmatch(header.strip()):
        return max(0.0, float(header))
    when = http_date(header)
    return max(0.0, (when - answered).total_seconds()) if when and answered else DEFAULT_RETRY_AFTER


def shorten(text: str, length: int = 160) -> str:
    """One line, not longer than ``length``, that any terminal and database takes."""
    line = " ".join(tidy(text).split())
    return line if len(line) <= length else f"{line[: length - 1]}\u2026"


def said(text: str | bytes, scrub: Callable[[str], str], length: int = 160) -> str:
    """What a server said, as it may be shown: its beginning, without secrets, and only then short."""
    text = text[:MOST_SAID]
    return shorten(scrub(text.decode("utf-8", "replace") if isinstance(text, bytes) else text), length)
