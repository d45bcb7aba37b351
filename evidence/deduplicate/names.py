"""Author lists as databases print them, and how far two of them agree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from evidence.bibliography.names import PARTICLES
from evidence.bibliography.normal import words
from evidence.record import Author

MAX_NAMES = 30  # a consortium of 900 says no more about which document this is
SIMILAR_NAME = 85.0  # "Grundstrm" and "Grundstrom" 95, "Stensson" and "Ostensson" 94; "Wang" and "Wong" 75

_INITIALS = re.compile(r"^(?:[A-Z]\.?[- ]?){1,4}$|^[A-Z]{1,4}\d?$")
_RUN_TOGETHER = re.compile(r"(?<=[A-Z]\.)(?=[A-Z][^\s.]*[a-z])")  # "Chen R.Wang Y.Liang L."
_SEPARATOR = re.compile(r"(?<!\s)\s++(?:and|&)\s+|(?<!\s)\s*+[;|]\s*")
_ET_AL = re.compile(r"\bet\.? al\.?,?|\bothers\b|\.\.\.|…", re.I)
_SUFFIX = frozenset("jr sr ii iii iv md phd".split())
# ä is printed "ae" or "a": both forms fold to one letter, in every name alike.
_UMLAUT = re.compile(r"(?<=[aou])e")


@dataclass(frozen=True, slots=True)
class Name:
    """``family`` without particles, blanks and accents; ``parts``: every word of the whole name of three letters."""

    family: str
    parts: frozenset[str]
    initial: str = ""


def parse_names(authors: str | Sequence[Author]) -> list[Name]:
    """The names of an author list, in order: ``Deer TR and van Kleef, Maarten``, or a record's authors."""
    if isinstance(authors, str):
        return [name for text in _split(authors)[:MAX_NAMES] if (name := _parse(text))]
    found = [_name(a.collective or a.family, a.given or a.initials) for a in authors[:MAX_NAMES]]
    return [name for name in found if name.family]


def first_names(authors: str | Sequence[Author], count: int = 2) -> list[str]:
    """The family names of the first authors, for blocking: cheaper than :func:`parse_names`."""
    if isinstance(authors, str):
        texts = _split(authors[:120])[:count]
        quick = [_quick_family(text) for text in texts]
        if all(quick):
            return quick
        found = [_parse(text) for text in texts]
    else:
        found = [_name(a.collective or a.family, a.initials) for a in authors[:count]]
    return [name.family for name in found if name and name.family]


def _quick_family(text: str) -> str:
    """The family name of ``Deer TR`` or ``Deer, T. R.``; ``""`` for anything less plain."""
    family, comma, _ = text.partition(",")
    if not comma:
        family, _, given = text.strip().rpartition(" ")
        if not given.isupper() or len(given) > 4:
            return ""
    family = family.strip()
    return _UMLAUT.sub("", family.lower()) if family.isascii() and family.isalpha() else ""


def _split(authors: str) -> list[str]:
    authors = authors.strip()
    if " and " in authors or ";" in authors or "|" in authors or " & " in authors:
        return _SEPARATOR.split(authors)
    together = _RUN_TOGETHER.split(authors)
    if len(together) > 1:
        return together
    parts = [part.strip() for part in authors.split(",")]
    if len(parts) > 2 and sum(_ends_in_initials(part) for part in parts) >= len(parts) / 2:
        return parts  # "Deer TR, Mekhail N, Provenzano D"
    if len(parts) > 3 and sum(bool(_INITIALS.match(part)) for part in parts[1::2]) * 2 >= len(parts) - 1:
        return [", ".join(parts[i : i + 2]) for i in range(0, len(parts), 2)]  # "Deer, T., Mekhail, N."
    if len(parts) == 2 and all(_ends_in_initials(part) for part in parts):
        return parts
    return [authors] if authors else []


def _ends_in_initials(text: str) -> bool:
    last = text.rsplit(" ", 1)
    return len(last) == 2 and bool(_INITIALS.match(last[1]))


def _parse(text: str) -> Name | None:
    text = _ET_AL.sub("", text).strip().rstrip(",")
    if not text:
        return None
    if "," in text:
        family, _, given = text.partition(",")
        return _name(family, given)
    parts = text.split()
    at = len(parts)
    while at > 1 and (_INITIALS.match(parts[at - 1]) or parts[at - 1].lower().rstrip(".") in _SUFFIX):
        at -= 1
    if at < len(parts):
        return _name(" ".join(parts[:at]), " ".join(parts[at:]))
    return _name(parts[-1], " ".join(parts[:-1])) if len(parts) < 4 else _name(text, "")


def _name(family: str, given: str) -> Name:
    parts = _words(family)
    bare = [p for p in parts if p not in PARTICLES and p not in _SUFFIX] or parts
    rest = _words(given)
    initial = rest[0][0] if rest else ""
    return Name("".join(bare), frozenset(p for p in (*parts, *rest) if len(p) > 2), initial)


def _words(text: str) -> list[str]:
    if text.isascii() and text.isalpha():
        return [_UMLAUT.sub("", text.lower())]
    return [_UMLAUT.sub("", word) for word in words(text)]


def same_name(left: Name, right: Name) -> bool:
    """Whether two names may be one person's: initials, compound surnames, swapped parts and typing slips agree."""
    if left.family == right.family:
        return True
    if left.family in right.parts or right.family in left.parts:
        return True
    shared = left.parts & right.parts
    if len(shared) > 1 or (shared and len(max(shared, key=len)) > 3 and left.initial == right.initial):
        return True
    if min(len(left.family), len(right.family)) < 5:
        return False
    return fuzz.ratio(left.family, right.family) >= SIMILAR_NAME


@dataclass(frozen=True, slots=True)
class Agreement:
    """``shared``: part of the shorter list that stands in the longer; ``all``: of the longer list.

    ``first``: the first authors agree. ``count``: length of the shorter list; 0 when either is absent.
    """

    count: int
    shared: float = 0.0
    all: float = 0.0
    first: bool = False

    @property
    def unknown(self) -> bool:
        return self.count == 0

    @property
    def same(self) -> bool:
        return self.count > 0 and ((self.first and self.shared >= 0.6) or self.all >= 0.75)

    @property
    def complete(self) -> bool:
        """The whole lists agree; three and more may stand in another order."""
        return self.all >= 0.8 and (self.first or (self.all == 1.0 and self.count > 2))

    @property
    def differ(self) -> bool:
        return self.count > 0 and not self.first and self.shared <= 0.34


def compare_names(left: Sequence[Name], right: Sequence[Name]) -> Agreement:
    """How far two author lists agree. Each name is used once."""
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    if not short:
        return Agreement(0)
    free = list(long)
    found = 0
    for name in short:
        for position, other in enumerate(free):
            if same_name(name, other):
                del free[position]
                found += 1
                break
    return Agreement(len(short), found / len(short), found / len(long), same_name(left[0], right[0]))
