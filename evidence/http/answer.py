"""An HTTP answer as it came, and what can be wrong with one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from evidence import limits
from evidence.errors import NeedsPerson
from evidence.scrub import tidy

DEFAULT_RETRY_AFTER = 2.0
# More of what a server says is not looked at.
MOST_SAID = 4_000
# A page may begin with a byte order mark, an XML declaration, comments.
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:(?:<\?xml[^>]{0,200}>|<!--.{0,2000}?-->)\s*+){0,3}(?:<!DOCTYPE\s+html|<html\b)",
    re.I | re.S,
)
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


class NotFound(Refused):
    """The server has nothing there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer as it came: body whole, headers by their names in small letters; ``date``, the server's clock."""

    status: int
    content_type: str
    retry_after: str
    body: bytes
    date: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


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


def is_html(answer: Answer) -> bool:
    """Whether a page came, as proxies and busy services send, whatever status and content type it has."""
    return bool(_HTML.match(answer.body)) or (
        "text/html" in answer.content_type and b"<html" in answer.body[:2000].lower()
    )


def is_json_object(body: bytes) -> bool:
    """Whether a body begins as one; copying it to strip it would double the memory it takes."""
    return body[:1000].lstrip().startswith(b"{")


def read_json(body: bytes) -> dict[str, Any]:
    """A JSON object; raw line breaks within its strings are taken. Raises :class:`Fault` on anything else."""
    if sum(body.count(mark) for mark in (b"[", b"{", b",")) > limits.JSON_VALUES:
        raise Fault("JSON of more values than any answer has")
    try:
        data = json.loads(body, strict=False)
    except RecursionError:
        raise Fault("JSON that is nested too deeply") from None
    except ValueError as error:
        raise Fault("JSON that is cut off or malformed") from error
    if not isinstance(data, dict):
        raise Fault("JSON that is not an object")
    return data


def check_answer(answer: Answer, scrub: Callable[[str], str]) -> None:
    """What every service has in common: raises :class:`Fault`, :class:`NotFound` or :class:`Refused` but for a 2xx."""
    status = answer.status
    if status == 429 or status >= 500 or status == 408:
        wait = retry_after_seconds(answer.retry_after, answer.date) if answer.retry_after or status == 429 else None
        raise Fault("rate limit exceeded" if status == 429 else f"HTTP {status}", wait)
    if status in (301, 302, 303, 307, 308):
        raise Refused(f"the server answered with a redirect, which is not followed (HTTP {status})")
    if status == 404:
        raise NotFound(f"HTTP 404: {said(answer.body, scrub)}")
    if is_html(answer):
        raise Fault(f"an HTML page instead of data (HTTP {status})")
    if not 200 <= status < 300:
        raise Refused(f"the server refused: HTTP {status}: {said(answer.body, scrub)}")
    if not answer.body or answer.body.isspace():
        raise Fault("an empty answer")
