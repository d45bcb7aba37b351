"""Raised numbers of a draft: citations, unless they are powers or units."""

from __future__ import annotations

import re

from evidence.markup import LOWERED, RAISED, script_text

# A raised number is a citation, unless what it follows is a figure or a unit: 10², cm².
_RAISED = re.compile(r"\[?\d{1,3}(?:\s*[,;\u2010-\u2015-]\s*\d{1,3})*\]?")
_NOT_RAISED_AFTER = re.compile(r"(?:\d|\b[cmk]?m|\b[kmµ]?g|\bft|\bin|\br|\bp|\bI|\b[xXRnN])\s*$")
_HEIGHT = re.compile(r"<(sup|sub)>([^<>]{0,300})</\1>", re.I)
LINK_TO_A_PAPER = re.compile(r"pubmed|doi\.org|/pmc/|clinicaltrials\.gov|europepmc\.org|/doi/|\b10\.\d{4,9}/")
# Characters: more raised figures than these cite nothing; and what is looked at before them.
LONGEST, BEFORE = 300, 40


def raised(number: str, before: str) -> str:
    """``[1]`` for a raised ``1`` that cites, ``10³`` for a power; a unit, and what is no number, stays as it is."""
    inside, before = number.strip(), before[-BEFORE:]
    if len(inside) > LONGEST:
        return number
    if not _RAISED.fullmatch(inside) or _NOT_RAISED_AFTER.search(before):
        return power(number, before)
    return f"[{inside.strip('[]')}]"


def power(number: str, before: str) -> str:
    """``10³``: a raised figure stays apart from the one before it."""
    return script_text(number, RAISED, before[-BEFORE:], "") if before[-1:].isdigit() else number


def lowered(number: str, before: str) -> str:
    """``log₁₀``'s figures stay apart from a figure before them; ``CO2`` is one word."""
    return script_text(number, LOWERED, before[-BEFORE:], "") if before[-1:].isdigit() else number


def raised_marks(text: str) -> str:
    """A text with ``[1]`` for ``<sup>1</sup>`` that cites, and without the tags of other raised and lowered figures."""
    return _HEIGHT.sub(_marked, text)


def _marked(match: re.Match[str]) -> str:
    tag, inside = match.group(1).lower(), match.group(2)
    before = match.string[max(0, match.start() - BEFORE) : match.start()]
    return raised(inside, before) if tag == "sup" else lowered(inside, before)
