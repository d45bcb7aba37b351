"""DOIs that are versions of one document, and DOIs of which a letter was taken for a figure."""

from __future__ import annotations

import re

_COCHRANE = re.compile(r"^10\.1002/14651858\.([a-z]{2}\d{6})(?:\.pub(\d+))?$")
# What a publisher puts behind the DOI of a document in versions: F1000 (``.2``), Research Square (``/v2``), Figshare
# (``.v2``), bioRxiv (``v2``).
_VERSION = re.compile(
    r"^(10\.12688/\w+\.\d+)\.\d{1,2}$|^(10\.(?:21203|20944|31219|6084)/.+?)[./]v\d{1,2}$|^(10\.1101/.+?)v\d{1,2}$"
)
_LETTERS = str.maketrans("lio", "110")


def cochrane_review(doi: str | None) -> tuple[str, int] | None:
    """The number of the Cochrane review (``cd014789``) and its version that a normal DOI names; ``None`` for others."""
    match = _COCHRANE.match(doi or "")
    return (match.group(1), int(match.group(2) or 1)) if match else None


def versions_of_one(one: str | None, other: str | None) -> bool:
    """Whether two normal DOIs name versions of one document, or the same."""
    return bool(one and other) and _document(one or "") == _document(other or "")


def look_alike(one: str, other: str) -> bool:
    """Whether two normal DOIs are the same but for letters that look as figures do: l and i for 1, o for 0."""
    return one.translate(_LETTERS) == other.translate(_LETTERS)


def _document(doi: str) -> str:
    review = cochrane_review(doi)
    if review:
        return f"10.1002/14651858.{review[0]}"
    match = _VERSION.match(doi)
    return next(part for part in match.groups() if part) if match else doi
