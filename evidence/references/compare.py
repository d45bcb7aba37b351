"""A printed reference beside a report of the library, field by field.

Comparison starts from the report: it is asked whether its title, author and numbers stand in the printed text, so
that a misparsed reference is not lost. Each outcome is finer than match / differs / absent, because a long title
says more than a short one; :data:`SHOWN` folds them into the three that people see.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from rapidfuzz import fuzz

from evidence.bibliography.journals import ends_with_journal, journal_words, same_journal
from evidence.bibliography.names import PARTICLES
from evidence.bibliography.normal import first_author_key, normal_doi, normal_journal, plain, words
from evidence.references.types import CitedReport, FieldResult, ParsedReference

SHOWN: dict[str, FieldResult] = {
    "same": "match",
    "short": "match",
    "close": "match",
    "found": "match",
    "part": "differs",
    "near": "differs",
    "other": "differs",
    "differs": "differs",
    "absent": "absent",
}
# Similarity (0 to 1) from which titles are taken for one; below the second they are two.
TITLE_SAME, TITLE_NEAR = 0.92, 0.78
# From this on two words are one, spelled otherwise (randomised, randomized); below, hip stands for knee.
SPELLED_OTHERWISE = 0.78
_OPPOSITE = frozenset({("hype", "hypo"), ("incr", "decr"), ("male", "fema"), ("intr", "extr"), ("pros", "retr")})
_FUNCTION = frozenset(
    "the and for with from into onto upon its their his her are was were that this these those".split()
)
# A title of fewer words or letters may stand in any text by chance.
LONG_TITLE_WORDS, SHORT_TITLE_LETTERS = 5, 12
_BEFORE_NAME = re.compile(
    rf"^(?:(?:{'|'.join(sorted(PARTICLES | set('mc mac o d l'.split())))})\b[\s'\u2019-]*)+", re.I
)
# Where a title's subtitle begins, and where a printed title was cut.
_SUBTITLE = re.compile(r"[:?.;]\s|\s[-\u2013\u2014]\s|--|\u2014|\s\(")
_CUT = re.compile(r"\u2026|\.\.\.")
_LEAST_MAIN_WORDS = 3
_DIGITS = re.compile(r"[a-z]{0,3}\d+[a-z]?")
_NUMERALS = frozenset("i ii iii iv v vi vii viii ix x xi xii one two three four first second third".split())


@dataclass(frozen=True, slots=True)
class Printed:
    """A parsed reference made ready to be compared with many reports."""

    parsed: ParsedReference
    squashed: str
    journal_letters: str
    tokens: frozenset[str]
    numbers: tuple[str, ...]
    title: str
    title_words: tuple[str, ...]
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """A report made ready to be compared."""

    report: CitedReport
    titles: tuple[tuple[str, tuple[str, ...]], ...]
    mains: frozenset[tuple[str, ...]]  # the titles up to each of their signs, as they are cited without a subtitle
    family: str
    volume: str
    page: str


def title_likeness(one: str, other: str) -> float:
    """How alike two titles are, letter by letter without blanks and signs: 0 to 1."""
    return fuzz.ratio("".join(words(one)), "".join(words(other))) / 100


def family_key(name: str) -> str:
    """A family name without particles: ``van der Laan`` and ``Laan`` are printed for one person."""
    key = first_author_key(_BEFORE_NAME.sub("", name)) or first_author_key(name)
    return key


def printed(reference: ParsedReference) -> Printed:
    text = plain(reference.text)
    # A lone stretch of words is taken for a journal; it may as well be the title.
    title_words = tuple(words(reference.title or reference.journal))
    return Printed(
        parsed=reference,
        squashed="".join(words(reference.text)),
        journal_letters=normal_journal(reference.text.replace("(", " ").replace(")", " ")).replace(" ", ""),
        tokens=frozenset(words(reference.text)),
        numbers=tuple(_DIGITS.findall(text)),
        title="".join(title_words),
        title_words=title_words,
        families=tuple(family_key(name) for name in reference.authors),
    )


@lru_cache(maxsize=32768)
def ready(report: CitedReport) -> Ready:
    titles = [tuple(words(title)) for title in (report.title, report.vernacular_title) if title]
    return Ready(
        report=report,
        titles=tuple(("".join(title), title) for title in titles if title),
        mains=frozenset(tuple(words(report.title[: m.start()])) for m in _SUBTITLE.finditer(report.title or "")),
        family=family_key(report.first_author),
        volume=report.volume_number,
        page=report.first_page,
    )


def compare(reference: Printed, report: CitedReport) -> dict[str, str]:
    """The outcome of every field of :data:`FIELDS` (and ``pmcid`` where printed), in the words of :data:`SHOWN`."""
    other = ready(report)
    volume, page = _volume_and_page(reference, other)
    outcomes = {
        "title": _title(reference, other),
        "first_author": _author(reference, other),
        "year": _year(reference.parsed, report),
        "volume": volume,
        "first_page": page,
        "journal": _journal(reference, report),
        "doi": _identifier(reference.parsed.doi, normal_doi(report.doi)),
        "pmid": _identifier(reference.parsed.pmid, report.pmid),
    }
    if reference.parsed.pmcid and report.pmcid:  # shown only where it was compared
        outcomes["pmcid"] = _identifier(reference.parsed.pmcid, report.pmcid)
    return _one_stretch(reference.parsed, outcomes)


def _one_stretch(parsed: ParsedReference, outcomes: dict[str, str]) -> dict[str, str]:
    """A lone stretch of words is title or journal, not both: what it agrees with, it was; the other is absent."""
    if not parsed.title:
        if outcomes["title"] in ("same", "short") and outcomes["journal"] == "differs":
            outcomes["journal"] = "absent"
        elif outcomes["title"] in ("differs", "near", "part"):
            outcomes["title"] = "absent"
    elif not parsed.journal and outcomes["journal"] == "found" and outcomes["title"] == "differs":
        outcomes["title"] = "absent"
    return outcomes


def shown(outcomes: dict[str, str]) -> dict[str, FieldResult]:
    return {field: SHOWN[outcome] for field, outcome in outcomes.items()}


def _title(reference: Printed, other: Ready) -> str:
    if not other.titles:
        return "absent"
    order = ("same", "short", "part", "near", "differs", "absent")
    best = min((_one_title(reference, letters, title) for letters, title in other.titles), key=order.index)
    if best in ("near", "differs") and _without_its_end(reference, other):
        return "short"
    if best == "part" and not reference.parsed.journal and _printed_somewhere(reference, other.report.journal):
        return "same"  # title and journal were not told apart
    return best


def _without_its_end(reference: Printed, other: Ready) -> bool:
    """Whether the printed title is the report's without its subtitle, or cut with "…"."""
    first, *rest = _CUT.split(reference.parsed.title, maxsplit=1)
    printed = tuple(words(first)) if rest else reference.title_words
    if len(printed) < _LEAST_MAIN_WORDS or len("".join(printed)) < SHORT_TITLE_LETTERS:
        return False
    if any(len(main) == len(printed) and all(map(_alike_words, printed, main)) for main in other.mains):
        return True
    for _, title in other.titles if rest else ():
        begun = title[: len(printed)]
        cut = len(begun) == len(printed) and begun[-1].startswith(printed[-1])
        if cut and all(map(_alike_words, printed[:-1], begun[:-1])):
            return True
    return False


def _alike_words(one: str, other: str) -> bool:
    return one == other or (not one.isdigit() and not other.isdigit() and one_word(one, other))


def _one_title(reference: Printed, letters: str, title: tuple[str, ...]) -> str:
    whole = fuzz.ratio(reference.title, letters) / 100 if reference.title else 0.0
    if whole >= TITLE_SAME:
        if not _same_numerals(reference.title_words, title) or _a_word_exchanged(reference.title_words, title):
            return "near"
        return "same" if len(title) >= LONG_TITLE_WORDS else "short"
    if len(letters) >= SHORT_TITLE_LETTERS and len(title) > 1:
        inside = _inside(reference, letters, title)
        if inside >= TITLE_SAME:
            if any(_foreign(word, reference) for word in title):
                return "near"
            if whole >= TITLE_NEAR and _a_word_exchanged(
                reference.title_words, title
            ):  # it stands in the journal's name
                return "near"
            return _contained(reference, letters, title)
        if inside >= TITLE_NEAR or whole >= TITLE_NEAR:
            return "near"
    return "differs" if len(reference.title_words) >= 3 else "absent"


def _a_word_exchanged(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether words of one title stand in place of others: hip for knee; not spelling, line noise, joined words."""
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        left, right = "".join(one[a:b]), "".join(other[c:d])
        if kind == "replace" and _content(one[a:b]) and _content(other[c:d]) and not one_word(left, right):
            return True
    return False


def _content(stretch: tuple[str, ...]) -> bool:
    return any(len(word) >= 3 and word not in _FUNCTION for word in stretch)


def one_word(left: str, right: str) -> bool:
    """Whether two words are one, spelled otherwise: randomised and randomized, not hyper- and hypotension."""
    starts = (left[:4], right[:4])
    if starts in _OPPOSITE or starts[::-1] in _OPPOSITE:
        return False
    return fuzz.ratio(left, right) > 100 * SPELLED_OTHERWISE


def _foreign(word: str, reference: Printed) -> bool:
    """Whether a word of a report's title stands nowhere in the printed text, not even spelled otherwise or joined."""
    if len(word) < 3 or word in _FUNCTION or word in reference.tokens or word in reference.squashed:
        return False
    return not any(one_word(word, token) for token in reference.tokens if abs(len(token) - len(word)) < 4)


def _contained(reference: Printed, letters: str, title: tuple[str, ...]) -> str:
    """The report's title stands in the text: the whole printed title, or the shorter part of a longer one?"""
    if len(reference.title) > 1.5 * len(letters) + 10:
        return "part"
    return "same" if len(title) >= LONG_TITLE_WORDS else "short"


def _inside(reference: Printed, letters: str, title: tuple[str, ...]) -> float:
    """How much of a report's title stands in the printed text: in one stretch, or word by word in any order."""
    scattered = sum(len(word) for word in title if word in reference.tokens) / len(letters)
    if scattered >= TITLE_SAME and len(title) >= LONG_TITLE_WORDS:
        return scattered
    if len(letters) > len(reference.squashed):
        return 0.0
    return fuzz.partial_ratio(letters, reference.squashed, score_cutoff=100 * TITLE_NEAR) / 100


def _same_numerals(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """``Part I`` is not ``Part II``, a 12-month report not the 24-month one."""
    return _numerals(left) == _numerals(right)


def _numerals(title: tuple[str, ...]) -> list[str]:
    return sorted(word for word in title if word.isdigit() or word in _NUMERALS)


def _author(reference: Printed, other: Ready) -> str:
    if not other.family:
        return "absent"
    if not reference.families:
        return "found" if len(other.family) >= 4 and other.family in reference.squashed[:60] else "absent"
    if _same_family(reference.families[0], other.family):
        return "same"
    if len(other.family) >= 4 and other.family in reference.squashed[: len(reference.families[0]) + 24]:
        return "found"
    if any(_same_family(family, other.family) for family in reference.families[1:]):
        return "other"
    group = "".join(words(reference.parsed.authors[0]))
    if len(reference.parsed.authors[0].split()) >= 3 and any(group in letters for letters, _ in other.titles):
        return "found"  # a committee that is named in the title of what its members signed
    return "differs"


def _same_family(left: str, right: str) -> bool:
    if left == right:
        return True
    shorter, longer = sorted((left, right), key=len)
    if len(shorter) >= 4 and (longer.endswith(shorter) or longer.startswith(shorter)):
        return True
    return len(shorter) >= 5 and fuzz.ratio(left, right) >= 80


def _year(reference: ParsedReference, report: CitedReport) -> str:
    if reference.year is None or (report.year is None and report.electronic_year is None):
        return "absent"
    if reference.year in (report.year, report.electronic_year):
        return "same"
    return "near" if report.year is not None and abs(reference.year - report.year) == 1 else "differs"


def _volume_and_page(reference: Printed, other: Ready) -> tuple[str, str]:
    parsed = reference.parsed
    if other.volume and other.page and _side_by_side(reference.numbers, other.volume, other.page):
        return "same", "same"
    volume = _number(parsed.volume, other.volume, reference.numbers)
    page = _page(parsed.first_page, other.page, reference.numbers)
    return volume, page


def _side_by_side(numbers: tuple[str, ...], volume: str, page: str) -> bool:
    """The volume and, at most two numbers later, the page: found even when the reference was misparsed."""
    return any(
        number == volume and page in numbers[position + 1 : position + 4] for position, number in enumerate(numbers)
    )


def _number(stated: str, known: str, numbers: tuple[str, ...]) -> str:
    if not known:
        return "absent"
    if stated:
        return "same" if stated == known or stated in known.split("-") or known in stated.split("-") else "differs"
    return "found" if known in numbers else "absent"


def _page(stated: str, known: str, numbers: tuple[str, ...]) -> str:
    if not known:
        return "absent"
    if not stated:
        return "found" if len(known) >= 3 and known in numbers else "absent"
    if stated == known or (len(stated) > len(known) + 1 and len(known) >= 2 and stated.startswith(known)):
        return "same"  # 33093315: the dash between the pages was lost
    if stated.lstrip("se") == known.lstrip("se"):
        return "same"
    return "near" if len(stated) == len(known) >= 3 and _one_digit(stated, known) else "differs"


def _one_digit(left: str, right: str) -> bool:
    return sum(a != b for a, b in zip(left, right, strict=True)) == 1


def _journal(reference: Printed, report: CitedReport) -> str:
    names = [name for name in (report.journal, report.journal_full) if name]
    if not names:
        return "absent"
    stated = reference.parsed.journal
    if stated and any(same_journal(stated, name) for name in names):
        return "same"
    if stated and any(ends_with_journal(stated, name) for name in names):
        return "found"
    if any(_printed_somewhere(reference, name) for name in names):
        return "found"
    return "differs" if stated else "absent"


def _printed_somewhere(reference: Printed, journal: str) -> bool:
    """Long names survive line noise: one letter in seven may be wrong, one in ten of a short one."""
    letters = "".join(journal_words(journal))
    cutoff = 85 if len(letters) >= 18 else 90
    return len(letters) >= 10 and fuzz.partial_ratio(letters, reference.journal_letters, score_cutoff=cutoff) > 0


def _identifier(stated: str | None, known: str | None) -> str:
    if not stated or not known:
        return "absent"
    return "same" if stated == known else "differs"
