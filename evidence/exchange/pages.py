"""Pages as files of references print them, and what stands in their place and is none."""

from __future__ import annotations

import re

# "No-Specified" and "No Pagination Specified" (PsycINFO), "N.PAG-N.PAG" (EBSCO), "n/a-n/a" (Wiley), "146p" (a count).
_NONE = re.compile(
    r"^\W*+(?:(?:no|none|not|n/?\s?a|nil|nd|unknown|unspecified|unpaginated|0+|\d+ ?p(?:ages?|\.)?|n\.?\s?pag\w*"
    r"|no\.?\s?pag\w*|specified|pagination|s\.?\s?[lp]|in press|(?:online |epub |published )?ahead of print"
    r"|online(?: first)?)\W*+|(?<=\?))$",
    re.I,
)
_NONE_IN_WORDS = re.compile(
    r"^(?:no\.? (?:pagination )?specified|no pagination|not specified|in press|ahead of print)\b", re.I
)
# "pii: E1392", "pp 37-64", "Article 1042"
_LABEL = re.compile(
    r"^(?:pages?|pp?(?=[. ])|s\.(?= \d)|pii|e-?locator|article(?: (?:number|no\.?|id))?|art\.? ?no\.?|artn|arte)"
    r"\s*[:.]?\s*(?=\S)",
    re.I,
)
_ORDINARY = re.compile(r"[A-Za-z]{0,3}[1-9]\d{0,6}(?:-[A-Za-z]{0,3}\d{1,7})?")
_PII = re.compile(r"^[SB]\d{4}-?\d{3}[\dX]\(?\d\d\)?\d{5}-?[\dX]$", re.I)
_FLOAT = re.compile(r"^(\d+)\.0$")
_DASH = re.compile(r"(?<!\s)\s*+(?:[\u2010-\u2015]|--+)\s*")


def whole_number(text: str) -> str:
    """``17.0`` → ``17``: what a spreadsheet makes of a number in a column with empty cells."""
    found = _FLOAT.match(text) if text else None
    return found.group(1) if found else text


def printed_pages(text: str) -> str:
    """Pages as printed, without what is none: ``No-Specified``, ``N.PAG``, ``n/a-n/a``; ``pii: E1392`` is E1392.

    A publisher's item identifier (S0304-3959(19)30001-2) and a DOI are no page.
    """
    if not text or _ORDINARY.fullmatch(text):
        return text
    text = whole_number(" ".join(text.split()))
    if not text.isascii() or "--" in text:
        text = _DASH.sub("-", text)
    text = _LABEL.sub("", text)
    if not text or _PII.match(text) or text.lower().startswith(("10.", "doi", "http")) or _NONE_IN_WORDS.match(text):
        return ""
    parts = text.split("-", 1)
    if any(map(_NONE.match, parts)):
        return next((part for part in parts if not _NONE.match(part)), "")
    return text
