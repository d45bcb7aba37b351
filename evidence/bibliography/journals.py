"""Journals as databases print them, and whether two names are one journal's."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from evidence.bibliography.normal import normal_journal

SIMILAR_JOURNAL = (
    90.0  # "cancer epidemiology biomarkers prev" and "... preventionn" 94; "pain medicine" and "spine medicine" 85
)
# "Stroke; a journal of cerebral circulation", "Brain: A Journal of Neurology"; not "JACC: Heart Failure".
_SUBTITLE = re.compile(
    r"\s*[:;.,]\s*(?:an?\s|the\s)?(?:official|international|american|european|british|journal|jounal|publication|zeitschrift|revue|organ"
    r"|bulletin|proceedings)\b.*$",
    re.I,
)
# A blank before the colon is how library catalogues print a subtitle: "Neuropsychiatrie : Klinik, Diagnostik".
_CATALOGUED = re.compile(r"\s+[:=;]\s.*$")
_LEADING_ACRONYM = re.compile(r"^([A-Z]{3,8})\s*[:\u2013-]")
_SUPPLEMENT = frozenset("supplement supplements supplementum suppl supp".split())
_BRACKETS = re.compile(r"\([^)]*\)?|\[[^\]]*\]?")
_OTHER_NAME = re.compile(r"[(\[]([^)\]]{8,})[)\]]?|=\s*(.{8,})$")
_GATHERING = re.compile(
    r"\b(conference|conf|proceedings|proc|symposium|symp|congress|meeting|workshop|annual|abstracts?|lecture notes"
    r"|dissertation|thesis|https?|trialsearch|clinicaltrials)\b"
)


@lru_cache(maxsize=65536)
def same_journal(left: str, right: str) -> bool | None:
    """Whether two names may be one journal's: abbreviated, with or without its place or subtitle, or its acronym."""
    if not left or not right:
        return None
    if left == right:
        return True
    gathering = bool(_GATHERING.search(left.lower()) or _GATHERING.search(right.lower()))
    answers = [_same_name(a, b) for a in _journal_forms(left, gathering) for b in _journal_forms(right, gathering)]
    if True in answers:
        return True
    return None if gathering or not answers else False  # proceedings carry a dozen names


def _journal_forms(journal: str, gathering: bool) -> list[list[str]]:
    """The words of a name without brackets and subtitle, and of what stands in the brackets or after ``=``.

    Of a conference also the acronym that it begins with: "ICIS : Transforming Society".
    """
    main = _BRACKETS.sub(" ", _SUBTITLE.sub("", _CATALOGUED.sub("", journal)))
    others = [part for found in _OTHER_NAME.findall(journal) for part in found if part]
    if gathering:
        others += _LEADING_ACRONYM.findall(journal)
    forms = [[w for w in normal_journal(form).split() if w not in _SUPPLEMENT] for form in (main, *others)]
    return [form for form in forms if form]


def _same_name(left: list[str], right: list[str]) -> bool:
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    if short == long or "".join(short) == "".join(long):
        return True
    if len(short) > 1 and long[: len(short)] == short:
        return True
    if len(short) > 2 and all(_shortens(begun, word) for begun, word in zip(short, long, strict=False)):
        return True
    if _abbreviates(short, long) or _acronym(short, long):
        return True
    return fuzz.ratio(" ".join(short), " ".join(long)) >= SIMILAR_JOURNAL


def _abbreviates(short: list[str], long: list[str]) -> bool:
    """Every word of one name begins a word of the other, in order; one word may be missing (``J Rehabil Med``)."""
    if abs(len(short) - len(long)) > 1 or (len(short) == 1 and len(long) > 1):
        return False
    at, missed = 0, 0
    for word in long:
        other = short[at] if at < len(short) else ""
        if other and (_shortens(other, word) or _shortens(word, other) or _misspelt(word, other)):
            at += 1
        else:
            missed += 1
    return at == len(short) and missed <= len(long) - len(short)


def _acronym(short: list[str], long: list[str]) -> bool:
    """``JAMA`` and its whole name; ``CMAJ`` beside ``CMAJ : Canadian Medical Association journal``."""
    word = short[0]
    if len(short) != 1 or not 2 < len(word) < 9 or len(long) < 3:
        return False
    return "".join(w[0] for w in long) == word or word == long[0] == "".join(w[0] for w in long[1:])


def _shortens(short: str, word: str) -> bool:
    """``med`` and ``medicine``; of three letters and more also contractions, ``natl`` and ``dtsch``."""
    if word.startswith(short):
        return True
    rest = iter(word)
    return len(short) > 2 and short[0] == word[0] and all(letter in rest for letter in short)


def _misspelt(word: str, other: str) -> bool:
    return word[0] == other[0] and fuzz.ratio(word, other) >= 80
