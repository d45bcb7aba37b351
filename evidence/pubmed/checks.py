"""An answer of E-utilities is checked before it is believed.

A :class:`Fault` may pass when the same is asked again; the other errors will not. Every fault named here was
seen in practice: rate-limit JSON with status 200, HTML pages with 200, ``<ERROR>`` bodies, "Empty Response...
Status: Timeout", a raw line break inside JSON, answers cut midway.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from evidence.errors import UsageError
from evidence.http.answer import (
    MOST_SAID,
    Answer,
    Fault,
    Refused,
    is_html,
    is_json_object,
    retry_after_seconds,
    said,
)

_KEY_REFUSED = (400, 401, 403)
_EMPTY_RESPONSE = re.compile(rb"\s*Empty\s+(?:Response|result)", re.I)


class KeyRefused(UsageError):
    """The API key is wrong; nothing else can be asked with it."""


def check_answer(answer: Answer, scrub: Callable[[str], str]) -> None:
    """Raises :class:`Fault`, :class:`Refused` or :class:`KeyRefused` unless the answer is worth reading."""
    error = json_error(answer.body)
    if answer.status in _KEY_REFUSED and "api key" in error.lower():
        raise KeyRefused(
            "NCBI refused the API key: check NCBI_API_KEY, or unset it to go on without one (at 3 requests a second)"
        )
    if answer.status == 429 or "rate limit" in error.lower():
        raise Fault("rate limit exceeded", retry_after_seconds(answer.retry_after, answer.date))
    if answer.status >= 500:
        wait = retry_after_seconds(answer.retry_after, answer.date) if answer.retry_after else None
        raise Fault(f"HTTP {answer.status}", wait)
    if is_html(answer):
        raise Fault(f"an HTML page instead of data (HTTP {answer.status})")
    if not 200 <= answer.status < 300:
        _refuse(answer, error, scrub)
    if error:
        raise Fault(f"error: {said(error, scrub)}")
    if not answer.body or answer.body.isspace():
        raise Fault("an empty answer")
    if _EMPTY_RESPONSE.match(answer.body[:200]):
        raise Fault(said(answer.body[:200], scrub))


def _refuse(answer: Answer, error: str, scrub: Callable[[str], str]) -> None:
    if answer.status in (301, 302, 303, 307, 308):
        raise Refused(
            "the server answered with a redirect, which is not followed: set EVIDENCE_EUTILS_URL to the new address"
        )
    if answer.status == 408:
        raise Fault("HTTP 408")
    raise Refused(f"the server refused: HTTP {answer.status}: {said(error or answer.body, scrub)}")


def json_error(body: bytes) -> str:
    """The text of a top-level ``error`` of a JSON answer; ``""`` when it has none or is not JSON."""
    if not is_json_object(body) or len(body) > 1 << 16:
        return ""
    try:
        error = json.loads(body, strict=False).get("error")
        return str(error) if error else ""
    except (ValueError, RecursionError):
        return ""


def xml_error(body: bytes, scrub: Callable[[str], str]) -> str:
    """What an ``<ERROR>`` element says, fit to be shown; ``""`` when there is none."""
    found = body.find(b"<ERROR>")
    if found < 0:
        return ""
    return said(body[found + len(b"<ERROR>") :][:MOST_SAID].split(b"</ERROR>")[0], scrub)
