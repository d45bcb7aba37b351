"""Journals as databases and people print them, and whether two names are one journal's.

Two questions: :func:`same_journal` says that two names are one journal's; :func:`may_be_same_journal` says whether they
can be, which is less: it lets a word be left out of either name, and of proceedings it says nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from evidence.bibliography.normal import normal_journal

# Names whose usual short form is no abbreviation of their words. Each row: forms of one journal, in normal form.
_ONE_JOURNAL = (
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
_SHORT_FORM = {form: row[0] for row in _ONE_JOURNAL for form in row}
_AFTER_SIGN = re.compile(r"\s*[:;=/].*$|\s+-\s.*$")
_SIMILAR_WORD = 88
SIMILAR_JOURNAL = (
    90.0  # "cancer epidemiology biomarkers prev" and "... preventionn" 94; "pain medicine" and "spine medicine" 85
)
# "Stroke; a journal of cerebral circulation", "Brain: A Journal of Neurology"; not "JACC: Heart Failure".
_SUBTITLE = re.compile(
    r"(?<!\s)\s*+[:;.,]\s*(?:an?\s|the\s)?(?:official|international|american|european|british|journal|jounal|publication|zeitschrift|revue|organ"
    r"|bulletin|proceedings)\b.*$",
    re.I,
)
# A blank before the colon is how library catalogues print a subtitle: "Neuropsychiatrie : Klinik, Diagnostik".
_CATALOGUED = re.compile(r"(?<!\s)\s++[:=;]\s.*$")
_LEADING_ACRONYM = re.compile(r"^([A-Z]{3,8})\s*[:\u2013-]")
_SUPPLEMENT = frozenset("supplement supplements supplementum suppl supp".split())
_BRACKETS = re.compile(r"\([^)]*\)?|\[[^\]]*\]?")
_OTHER_NAME = re.compile(r"[(\[]([^)\]]{8,})[)\]]?|=\s*(.{8,})$")
_GATHERING = re.compile(
    r"\b(conference|conf|proceedings|proc|symposium|symp|congress|meeting|workshop|annual|abstracts?|lecture notes"
    r"|dissertation|thesis|https?|trialsearch|clinicaltrials)\b"
)


@lru_cache(maxsize=65536)
def journal_words(name: str) -> tuple[str, ...]:
    """The words of a name that count, its subtitle gone (``Neuromodulation : journal of ...``)."""
    key = normal_journal(_AFTER_SIGN.sub("", name) or name)
    return tuple(_SHORT_FORM.get(key, key).split())


@lru_cache(maxsize=65536)
def same_journal(left: str, right: str) -> bool:
    """Whether the names are one journal's, each whole, abbreviated or an acronym; the order does not matter."""
    return any(_is_one(a, b) for a in _heads(left) for b in _heads(right))


def ends_with_journal(text: str, journal: str) -> bool:
    """Whether words before volume and pages end with this journal: the words before it are then the title's."""
    words, name = journal_words(text), journal_words(journal)
    return len(name) >= 2 and any(
        _shortens_each(tail, name) or _shortens_each(name, tail)
        for size in range(2, min(len(words), len(name) + 2) + 1)
        if (tail := words[-size:]) and tail[0][0] == name[0][0]
    )


@lru_cache(maxsize=65536)
def may_be_same_journal(left: str, right: str) -> bool | None:
    """Whether two names may be one journal's: abbreviated, with or without its place or subtitle, or its acronym.

    ``None`` where the names say nothing: one is missing, or one is of proceedings, which carry a dozen names.
    """
    if not left or not right:
        return None
    if left == right:
        return True
    gathering = bool(_GATHERING.search(left.lower()) or _GATHERING.search(right.lower()))
    answers = [_same_name(a, b) for a in _journal_forms(left, gathering) for b in _journal_forms(right, gathering)]
    if True in answers:
        return True
    return None if gathering or not answers else False


def _heads(name: str) -> set[tuple[str, ...]]:
    """A name without what follows a sign, and without brackets and the subtitles that catalogues print."""
    forms = {journal_words(name)}
    for words in _journal_forms(name, gathering=False):
        key = " ".join(words)
        forms.add(tuple(_SHORT_FORM.get(key, key).split()))
    return {form for form in forms if form}


def _is_one(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    if a == b or _shortens_each(a, b) or _shortens_each(b, a):
        return True
    joined_a, joined_b = "".join(a), "".join(b)
    if min(len(joined_a), len(joined_b)) >= 8 and fuzz.ratio(joined_a, joined_b) >= _SIMILAR_WORD:
        return True
    return _initials(a, b) or _initials(b, a)


def _shortens_each(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Every word of ``short`` shortens a word of ``long``, in order, and none of ``long`` is left over."""
    if len(short) > len(long) or len(long) - len(short) > 1:
        return False
    position = 0
    for word in short:
        while position < len(long) and not _shortens_or_nears(word, long[position]):
            position += 1
        if position == len(long):
            return False
        position += 1
    # One word may be left out when enough others agree: "Eur J Appl Physiol Occup Physiol" printed without "Occup".
    return len(short) == len(long) or len(short) >= 4


@lru_cache(maxsize=65536)
def _shortens_or_nears(short: str, long: str) -> bool:
    """``neurosurg``/``neurosurgery``, ``natl``/``national``, ``dtsch``/``deutsche``, or a word with line noise."""
    if long.startswith(short):
        return True
    near = len(short) >= 6 and fuzz.ratio(short, long) >= _SIMILAR_WORD
    if short[0] != long[0] or len(short) > len(long):
        return near
    if len(short) < 3:
        return len(short) == 2 and short[1] in long[1:4]
    return near or _shortens(short, long)


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
