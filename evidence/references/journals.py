"""Whether two printed journal names mean one journal: full name, ISO abbreviation, initials, line noise."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from evidence.bibliography.normal import normal_journal

# Names whose usual short form is no abbreviation of their words. Each row: forms of one journal, in normal form.
_SAME = (
    (
        "pnas",
        "proc natl acad sci u s",
        "proc natl acad sci usa",
        "proc natl acad sci",
        "proceedings national academy sciences united states america",
    ),
    ("nejm", "n engl j med", "new england journal medicine"),
    ("bmj", "br med j", "british medical journal", "br med j clin res ed"),
    ("jama", "journal american medical association", "j am med assoc"),
    ("jbc", "j biol chem", "journal biological chemistry"),
    ("cmaj", "can med assoc j", "canadian medical association journal"),
    ("mmwr", "mmwr morb mortal wkly rep", "morbidity mortality weekly report"),
    ("cochrane database syst rev", "cochrane database systematic reviews", "cochrane library"),
    ("philos trans r soc lond b biol sci", "phil trans r soc b", "philosophical transactions royal society b"),
)
_TABLE = {form: row[0] for row in _SAME for form in row}
_SUBTITLE = re.compile(r"\s*[:;=/].*$|\s+-\s.*$")
_FUZZY = 88


@lru_cache(maxsize=65536)
def journal_words(name: str) -> tuple[str, ...]:
    """The words of a name that count, subtitle gone (``Neuromodulation : journal of ...``)."""
    head = _SUBTITLE.sub("", name) or name
    key = normal_journal(head)
    return tuple(_TABLE.get(key, key).split())


@lru_cache(maxsize=65536)
def same_journal(left: str, right: str) -> bool:
    """Whether the names are one journal's. Each may be full or abbreviated; order of arguments does not matter."""
    a, b = journal_words(left), journal_words(right)
    if not a or not b:
        return False
    if a == b or _abbreviates(a, b) or _abbreviates(b, a):
        return True
    joined_a, joined_b = "".join(a), "".join(b)
    if min(len(joined_a), len(joined_b)) >= 8 and fuzz.ratio(joined_a, joined_b) >= _FUZZY:
        return True
    return _initials(a, b) or _initials(b, a)


def ends_with_journal(text: str, journal: str) -> bool:
    """Whether words before volume and pages end with this journal: the words before it are then the title's."""
    words, name = journal_words(text), journal_words(journal)
    return len(name) >= 2 and any(
        _abbreviates(tail, name) or _abbreviates(name, tail)
        for size in range(2, min(len(words), len(name) + 2) + 1)
        if (tail := words[-size:]) and tail[0][0] == name[0][0]
    )


def _abbreviates(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Every word of ``short`` shortens a word of ``long``, in order, and none of ``long`` is left over."""
    if len(short) > len(long) or len(long) - len(short) > 1:
        return False
    position = 0
    for word in short:
        while position < len(long) and not _shortens(word, long[position]):
            position += 1
        if position == len(long):
            return False
        position += 1
    # One word may be left out when enough others agree: "Eur J Appl Physiol Occup Physiol" printed without "Occup".
    return len(short) == len(long) or len(short) >= 4


@lru_cache(maxsize=65536)
def _shortens(short: str, long: str) -> bool:
    """``neurosurg``/``neurosurgery``, ``natl``/``national``, ``dtsch``/``deutsche``: same start, letters in order."""
    if long.startswith(short):
        return True
    if short[0] != long[0] or len(short) > len(long):
        return len(short) >= 6 and fuzz.ratio(short, long) >= _FUZZY
    if len(short) < 3:
        return len(short) == 2 and short[1] in long[1:4]
    rest = iter(long)
    return all(letter in rest for letter in short) or (len(short) >= 6 and fuzz.ratio(short, long) >= _FUZZY)


def _initials(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """``ejp`` for ``european journal pain``; an acronym before its name (``AJNR Am J Neuroradiol``) does not matter."""
    if len(short) == 1 and len(long) >= 3:
        return short[0] == "".join(word[0] for word in long)
    return (
        len(short) >= 3
        and len(short[0]) >= 3
        and "".join(w[0] for w in short[1:]) in (short[0], short[0][: len(short) - 1])
        and short[1:] == long
    )
