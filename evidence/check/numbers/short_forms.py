"""Short forms that an abstract defines: ``implantable defibrillator (ICD)``, ``backup pacing (VVI; n = 40)``.

A draft says the long form where the abstract goes on with the short one: the words of both are said of a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from evidence.check.retrieval.ranking import tokens

_DEFINED = re.compile(
    r"(?<![\w'\u2019])(?P<long>(?:[^\W_][\w'\u2019-]*+ ){0,7}[^\W_][\w'\u2019/-]*+)\s?[(\[]"
    r"(?P<short>[A-Z][A-Za-z0-9+-]{0,10}?)s?"
    r"(?P<arm>[;,]\s*n\s*=\s*\d+)?[)\]]"
)
_BEGINS_ARM = re.compile(r"\b(?:to|or|and|either|with|versus|vs|receive|received|than)\s", re.I)
_MOST = 40  # short forms of one abstract


def short_forms(texts: Iterable[str]) -> dict[str, frozenset[str]]:
    """Token of a short form → the tokens of its long form."""
    found: dict[str, frozenset[str]] = {}
    for text in texts:
        for match in _DEFINED.finditer(text):
            short = tokens(match.group("short"))
            long = _long_form(match.group("long"), match.group("short"))
            if not long and match.group("arm"):
                long = _BEGINS_ARM.split(match.group("long"))[-1]
            if short and long and len(found) < _MOST:
                found.setdefault(short[0], frozenset(tokens(long)) - {short[0]})
    return found


def _long_form(words: str, short: str) -> str:
    """The words before a bracket whose first letters it has; ``""`` where they do not fit."""
    letters = [c.lower() for c in short if c.isupper()]
    parts = [part for part in re.split(r"[ -]", words) if part]
    for start in range(max(0, len(parts) - len(letters) - 2), len(parts)):
        initials = [part[0].lower() for part in parts[start:]]
        if initials[:1] == letters[:1] and _in_order(letters, initials):
            return " ".join(parts[start:])
    return ""


def _in_order(letters: list[str], initials: list[str]) -> bool:
    """Whether the letters are first letters of the words in order, one word in two at most left out."""
    rest = iter(initials)
    return all(letter in rest for letter in letters) and 2 * len(letters) >= len(initials)


def written_out(words: frozenset[str], forms: dict[str, frozenset[str]]) -> frozenset[str]:
    """Some words and the long forms of those that are short."""
    return words.union(*(forms[word] for word in words if word in forms))
