"""An answer of E-utilities is checked before it is believed.

A :class:`Fault` may pass when the same is asked again; the other errors will not. Every fault named here was
seen in practice: rate-limit JSON with status 200, HTML pages with 200, ``<ERROR>`` bodies, "Empty Response...
Status: Timeout", a raw line break inside JSON, answers cut midway.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, quote_plus

from evidence.errors import NeedsPerson, UsageError

DEFAULT_RETRY_AFTER = 2.0
_HTML = re.compile(rb"\s*(?:<!DOCTYPE\s+html|<html\b)", re.I)
_ERROR_ELEMENT = re.compile(r"<ERROR>(.*?)(?:</ERROR>|$)", re.S)
_EMPTY_RESPONSE = re.compile(rb"\s*Empty\s+(?:Response|result)", re.I)


class Fault(Exception):
    """An answer that cannot be believed, or none. ``retry_after``: seconds that the server asked to wait."""

    def __init__(self, reason: str, retry_after: float | None = None, reached: bool = True):
        super().__init__(reason)
        self.reason, self.retry_after, self.reached = reason, retry_after, reached


class Refused(NeedsPerson):
    """The server understood and said no; asking again will not help."""


class KeyRefused(UsageError):
    """The API key is wrong; nothing else can be asked with it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer as it came: body whole, headers that matter; ``date``, the server's clock when it answered."""

    status: int
    content_type: str
    retry_after: str
    body: bytes
    date: datetime | None = None


class Scrubber:
    """Takes the secrets out of whatever a server said: it may echo them, also URL-encoded."""

    def __init__(self, secrets: Iterable[str]):
        known = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""), quote_plus(secret))}
        longest_first = sorted(known, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)), re.I) if known else None

    def __call__(self, text: str) -> str:
        return self._pattern.sub("***", text) if self._pattern else text


def check_answer(answer: Answer) -> None:
    """Raises :class:`Fault`, :class:`Refused` or :class:`KeyRefused` unless the answer is worth reading."""
    said = json_error(answer.body)
    if said and "api key" in said.lower():
        raise KeyRefused(
            "NCBI refused the API key: check NCBI_API_KEY, or unset it to go on without one (at 3 requests a second)"
        )
    if answer.status == 429 or (said and "rate limit" in said.lower()):
        raise Fault("rate limit exceeded", retry_after_seconds(answer.retry_after, answer.date))
    if answer.status >= 500:
        wait = retry_after_seconds(answer.retry_after, answer.date) if answer.retry_after else None
        raise Fault(f"HTTP {answer.status}", wait)
    if _HTML.match(answer.body) or ("text/html" in answer.content_type and b"<html" in answer.body[:2000].lower()):
        raise Fault(f"an HTML page instead of data (HTTP {answer.status})")
    if not 200 <= answer.status < 300:
        _refuse(answer, said)
    if said:
        raise Fault(f"error: {shorten(said)}")
    if not answer.body.strip():
        raise Fault("an empty answer")
    if _EMPTY_RESPONSE.match(answer.body[:200]):
        raise Fault(shorten(answer.body[:200].decode("utf-8", "replace")))


def _refuse(answer: Answer, said: str) -> None:
    if answer.status in (301, 302, 303, 307, 308):
        raise Refused(
            "the server answered with a redirect, which is not followed: set EVIDENCE_EUTILS_URL to the new address"
        )
    if answer.status == 408:
        raise Fault("HTTP 408")
    raise Refused(
        f"the server refused: HTTP {answer.status}: {said or shorten(answer.body[:300].decode('utf-8', 'replace'))}"
    )


def json_error(body: bytes) -> str:
    """The text of a top-level ``error`` of a JSON answer; ``""`` when it has none or is not JSON."""
    if body.lstrip()[:1] != b"{" or len(body) > 1 << 16:
        return ""
    try:
        data = json.loads(body, strict=False)
    except ValueError:
        return ""
    error = data.get("error") if isinstance(data, dict) else None
    return str(error) if error else ""


def read_json(body: bytes) -> dict[str, Any]:
    """A JSON object; raw line breaks within its strings are taken. Raises :class:`Fault` on anything else."""
    try:
        data = json.loads(body, strict=False)
    except ValueError as error:
        raise Fault("JSON that is cut off or malformed") from error
    if not isinstance(data, dict):
        raise Fault("JSON that is not an object")
    return data


def xml_error(text: str) -> str:
    """The text of an ``<ERROR>`` element; ``""`` when there is none."""
    found = _ERROR_ELEMENT.search(text)
    return shorten(found.group(1)) if found else ""


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
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    when = http_date(header)
    return max(0.0, (when - answered).total_seconds()) if when and answered else DEFAULT_RETRY_AFTER


def shorten(text: str, length: int = 160) -> str:
    """One line, not longer than ``length``."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}\u2026"
