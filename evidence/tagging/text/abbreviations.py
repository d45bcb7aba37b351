"""Abbreviations that a record explains itself: "spinal cord stimulation (SCS)".

The long form is found as by Schwartz and Hearst (A simple algorithm for identifying abbreviation definitions in
biomedical text, Pacific Symposium on Biocomputing 2003): the letters of the short form are looked for from right to
left in the words before the bracket, the first of them at the beginning of a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# "(SCS)", "(rTMS; n = 12)", "(SCS)"; two to ten characters with at least one capital.
_BRACKET = re.compile(r"[(\[]([A-Za-z][A-Za-z0-9/+-]{1,9})(?:[)\]]|[;,=:]\s?[^()\[\]]{0,30}[)\]])")


def long_forms(texts: Iterable[str]) -> dict[str, str]:
    """Short form to long form, as explained in these texts; the first explanation of a short form stands."""
    found: dict[str, str] = {}
    for text in texts:
        for opening in "([":
            at = text.find(opening)
            while at >= 0:
                match = _BRACKET.match(text, at)
                if match and not (short := match[1]).islower():
                    long = _long_form(short, text[max(0, at - 120) : at].rstrip())
                    if long:
                        found.setdefault(_singular(short), long)
                at = text.find(opening, at + 1)
    return found


def _singular(short: str) -> str:
    return short[:-1] if short.endswith("s") and short[:-1].isupper() and len(short) > 2 else short


def _long_form(short: str, before: str) -> str | None:
    """The shortest run of words at the end of ``before`` that holds the short form's letters in order."""
    letters = [c for c in _singular(short).lower() if c.isalnum()]
    words = min(len(letters) + 5, len(letters) * 2)
    lower = before.lower()
    position = len(lower) - 1
    for index in range(len(letters) - 1, -1, -1):
        position = lower.rfind(letters[index], 0, position + 1)
        while index == 0 and position > 0 and lower[position - 1].isalnum():
            position = lower.rfind(letters[index], 0, position)
        if position < 0:
            return None
        position -= 1
    long = before[position + 1 :]
    if len(long.split()) > words or len(long) <= len(short) or any(c in long for c in ".;()"):
        return None
    return long
