"""Where a document stands: journal, volume, pages, as databases print them, and whether two places are one.

Each comparison answers ``True`` (the same), ``False`` (another) or ``None`` (cannot be told).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from evidence.normal import normal_journal, plain

_NUMBER = re.compile(r"\d+")
_CLEAN_VOLUME = re.compile(
    r"^\s*(?:vol(?:ume|\.)?|v\.?|jg\.?|bd\.?|t\.?)?\s*([a-z]?\d{1,6})[a-z]?(?:[\s(\[,/:-].*)?$", re.I
)
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_MONTH = re.compile(r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.I)
_PAGE = re.compile(r"([a-z]*)[\s.:]*(\d+)([a-z]?)\d?$")
_COCHRANE_DOI = re.compile(r"10\.1002/14651858\.cd0*(\d+)")
_COUNT = re.compile(r"^\d+\s*(?:p|pp|pages|leaves)$")
_DASH = re.compile(r"\s*[-\u2010-\u2015\u2212]+\s*")
# Before an article's number; BMJ's went from a to o with the years, of which "a" and "s" also mark congress abstracts.
ELECTRONIC = frozenset("e cd art article id b c d f g h k l m n o".split())
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


def normal_volume(volume: str) -> str:
    """The number of a volume; ``""`` when there is none, or it is broken (``1)``) or only repeats the year."""
    match = _CLEAN_VOLUME.match(volume)
    if not match or (")" in volume and "(" not in volume):
        return ""
    number = match.group(1).lower().lstrip("0")
    return "" if _YEAR.match(number) else number


@dataclass(frozen=True, slots=True)
class Pages:
    """``prefix`` is what stands before the first page's number (``s``, ``e``, ``cd``); ``number`` is ``""`` if unknown.

    ``last`` is the last page as printed, perhaps its last digits only; ``suffix`` a letter after the first page.
    """

    prefix: str = ""
    number: str = ""
    last: str = ""
    suffix: str = ""

    @property
    def article_number(self) -> bool:
        """An article number rather than a page: electronic, or longer than printed pages get."""
        return self.number != "" and (self.prefix in ELECTRONIC or len(self.number) >= 5)


NO_PAGES = Pages()


def parse_pages(pages: str) -> Pages:
    """Pages as printed into parts: ``S417-29``, ``645--665``, ``e13267``, ``Suppl-29`` (first page unknown)."""
    text = plain(pages[:60]).strip().removeprefix("pp").removeprefix("p.").strip(" .,;+")
    if not text or _MONTH.search(text) or _COUNT.match(text) or "no pagination" in text:
        return NO_PAGES  # a spreadsheet made a date of it, or it counts the pages of a thesis
    first, *rest = _DASH.split(text, maxsplit=1)
    first = _PAGE.search(first.split(",")[0])
    last = _PAGE.search(rest[0].split(",")[0]) if rest else None
    ending = last.group(2).lstrip("0") if last else ""
    if not first:
        return Pages(last=ending)
    return Pages(first.group(1)[-8:], first.group(2).lstrip("0"), ending, first.group(3))


def cochrane_number(pages: Pages, doi: str | None) -> str:
    """The number of a Cochrane review, which stands in its pages and in its DOI; ``""`` for anything else."""
    if pages.prefix == "cd":
        return pages.number
    match = _COCHRANE_DOI.match(doi) if doi else None
    return match.group(1) if match else ""


def same_issue(left: str, right: str) -> bool | None:
    """Whether two issues are one, where both are plain numbers."""
    left, right = left.strip(), right.strip()
    return left == right if left.isdecimal() and right.isdecimal() else None


def same_volume(left: str, right: str) -> bool | None:
    """Whether two normal volumes are one."""
    if not left or not right:
        return None
    return left == right


def same_pages(left: Pages, right: Pages) -> bool | None:
    """Whether two documents begin on one page."""
    if not left.number and not right.number:
        return None
    if not left.number or not right.number:  # "Suppl-29" and "S417-S429": the last digits are all there is
        known, rest = (left, right) if left.number else (right, left)
        return True if len(rest.last) > 1 and known.last.endswith(rest.last) else None
    if left.number == right.number:
        if left.suffix and right.suffix and left.suffix != right.suffix:
            return False  # e2021053852H and e2021053852I stand beside each other in one supplement
        return not (left.prefix and right.prefix) or _same_prefix(left.prefix, right.prefix)
    if left.article_number != right.article_number:
        return None  # the article's number in one database, its count of pages or its printed pages in another
    return None if _within(left, right) or _within(right, left) else False


def _within(one: Pages, other: Pages) -> bool:
    """Whether one begins inside the other: 569 for the summary of 567-569 whose text is online as 569.e1."""
    if one.prefix or other.prefix or not other.last or len(one.number) != len(other.number):
        return False
    last = other.number[: len(other.number) - len(other.last)] + other.last
    return other.number <= one.number <= last


def _same_prefix(left: str, right: str) -> bool:
    return left[0] == right[0] or {left, right} <= {"e", "art", "article", "id"}


def first_page_key(pages: str) -> str:
    """The digits of the first page, for blocking."""
    found = _NUMBER.search(pages)
    return found.group().lstrip("0") if found else ""


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
