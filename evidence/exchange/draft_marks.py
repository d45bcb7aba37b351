"""Raised numbers of a draft: citations, unless they are powers or units."""

from __future__ import annotations

import re

# A raised number is a citation, unless what it follows is a figure or a unit: 10², cm².
_RAISED = re.compile(r"\[?\d{1,3}(?:\s*[,;\u2010-\u2015-]\s*\d{1,3})*\]?")
_NOT_RAISED_AFTER = re.compile(r"(?:\d|\b[cmk]?m|\b[kmµ]?g|\bft|\bin|\br|\bp|\bI|\b[xXRnN])\s*$")
# Characters: more raised figures than these cite nothing; and what is looked at before them.
LONGEST, BEFORE = 300, 40


def raised(number: str, before: str) -> str:
    """``[1]`` for a raised ``1`` that cites; a power or a unit, and what is no number, stays as it is."""
    inside = number.strip()
    if len(inside) > LONGEST or not _RAISED.fullmatch(inside) or _NOT_RAISED_AFTER.search(before[-BEFORE:]):
        return number
    return f"[{inside.strip('[]')}]"
