"""In what a printed reference describes a work otherwise than its record, and how grave that is.

A grave difference is one that a misprint seldom makes: a word of the title in place of another, another first author,
another journal, a year two or more off, both volume and first page, another identifier. A volume, a page, or a year
that is one off is slight: of 4,300 real references 0.2% have one. So are a DOI with a letter for a figure, the DOI of
another version of the document, and the year of another version of a Cochrane review.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from evidence.bibliography.doi_versions import cochrane_review, look_alike, versions_of_one
from evidence.bibliography.normal import normal_doi, normal_journal, words
from evidence.references.compare import Printed, one_word, ready
from evidence.references.types import CitedReport

# Letters of a word that tells something, where it is no function word.
_TELLING = 3
# Letters of a word that may be another's misprint.
_LONG_ENOUGH = 4
_FUNCTION = frozenset(
    "the and for with from into onto upon its their his her are was were that this these those".split()
)
# How alike (0 to 100) the words of two journals' names are that are one's with a misprint.
_JOURNAL_MISPRINTED = 88
_NUMBER = re.compile(r"\d+")
_YEARS_APART = 2
# Versions of a Cochrane review keep title and number; PubMed has no protocols, and not each version.
_VERSIONS_APART = 11
_STRETCH = 12  # letters of several words that stand in a text by no chance


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a reference that is not as the record has it: as printed, as known, and whether that is grave."""

    field: str
    printed: str
    known: str
    grave: bool


def differences(reference: Printed, report: CitedReport, outcomes: Mapping[str, str]) -> tuple[Difference, ...]:
    """Every field in which they differ, in the order of :data:`~evidence.references.types.FIELDS`."""
    return tuple(_differences(reference, report, outcomes))


def _differences(reference: Printed, report: CitedReport, outcomes: Mapping[str, str]) -> Iterator[Difference]:
    parsed = reference.parsed
    if outcomes["title"] == "differs" and not _translated_or_cut(reference, report):
        words_apart = exchanged_words(reference, report) or (parsed.title, report.title)
        yield Difference("title", *words_apart, True)
    elif outcomes["title"] not in ("absent", "differs") and (changed := exchanged_words(reference, report)):
        yield Difference("title", changed[0], changed[1], True)
    if outcomes["first_author"] in ("differs", "other") and _names_somebody(reference, report):
        # Its name elsewhere in the text: the order of the authors, or two references that run into one another.
        elsewhere = all(word in reference.tokens for word in words(report.first_author))
        yield Difference("first_author", parsed.authors[0], report.first_author, not elsewhere)
    if outcomes["year"] in ("near", "differs") and report.year and parsed.year:
        apart = min(abs(parsed.year - year) for year in (report.year, report.electronic_year) if year)
        most = _VERSIONS_APART if cochrane_review(normal_doi(report.doi)) else _YEARS_APART
        yield Difference("year", str(parsed.year), str(report.year), apart >= most)
    misplaced = {name for name in ("volume", "first_page") if outcomes[name] in ("differs", "near")}
    for name in ("volume", "first_page"):
        if name in misplaced:
            printed, known = getattr(parsed, name), getattr(report, "volume" if name == "volume" else "first_page")
            yield Difference(name, printed, known, len(misplaced) == 2)
    if outcomes["journal"] == "differs" and not _journal_is_printed(reference, report):
        yield Difference("journal", parsed.journal, report.journal, True)
    if outcomes["doi"] == "differs" and not _cut(parsed.doi or "", report.doi or ""):
        yield Difference("doi", parsed.doi or "", report.doi or "", not _same_document(parsed.doi, report.doi))
    if outcomes["pmid"] == "differs":
        yield Difference("pmid", parsed.pmid or "", report.pmid or "", True)


def exchanged_words(reference: Printed, report: CitedReport) -> tuple[str, str] | None:
    """The words of the printed title that stand in place of others, and those others; ``None`` without any.

    Of a record with a title in its own language too, that title counts which is nearer.
    """
    titles = [title for _, title in ready(report).titles]
    found = [_exchanged(reference, title) for title in titles]
    if not found or None in found:
        return None
    return min((one for one in found if one), key=lambda one: len(one[0]) + len(one[1]))


def _exchanged(reference: Printed, title: tuple[str, ...]) -> tuple[str, str] | None:
    pairs = []
    for kind, a, b, c, d in SequenceMatcher(None, reference.title_words, title, autojunk=False).get_opcodes():
        if kind == "replace":
            here, there = reference.title_words[a:b], title[c:d]
            if _stand_for_others(here, there, reference):
                pairs.append((" ".join(here), " ".join(there)))
    return (", ".join(one for one, _ in pairs), ", ".join(other for _, other in pairs)) if pairs else None


def _stand_for_others(here: tuple[str, ...], there: tuple[str, ...], reference: Printed) -> bool:
    joined, known = "".join(here), "".join(there)
    if joined in known or known in joined or known in reference.title:
        return False
    if len(there) > 1 and len(known) >= _STRETCH and known in reference.squashed:  # names were taken for the title
        return False
    if _NUMBER.findall(joined) != _NUMBER.findall(known) and re.sub(r"\d", "", joined) == re.sub(r"\d", "", known):
        return True  # a 12-month report is not the 24-month one
    if not (_telling(here) and _telling(there)):
        return False
    return not (one_word(joined, known) or _misprinted(joined, known))


def _misprinted(word: str, known: str) -> bool:
    """Whether one letter of a word is another, missing or too many: reel for real; of shorter words it is another."""
    return min(len(word), len(known)) >= _LONG_ENOUGH and Levenshtein.distance(word, known, score_cutoff=1) <= 1


def _telling(stretch: tuple[str, ...]) -> bool:
    return any(len(word) >= _TELLING and word not in _FUNCTION and not word.isdigit() for word in stretch)


def _translated_or_cut(reference: Printed, report: CitedReport) -> bool:
    """Whether the record has the title in English only (in square brackets), or only its beginning."""
    if report.title.startswith("[") and not report.vernacular_title:
        return True
    titles = [title for _, title in ready(report).titles]
    return any(reference.title_words[: len(title)] == title for title in titles)


def _names_somebody(reference: Printed, report: CitedReport) -> bool:
    """Whether what was taken for a name is one: without names, the title's first word is taken for it."""
    if not reference.parsed.authors or not report.first_author:
        return False
    if len(reference.parsed.authors) > 1:
        return True
    first = words(reference.parsed.authors[0])
    named = [word for text in (report.title, report.vernacular_title, report.journal) for word in words(text)]
    return not (first and any(word.startswith(first[0]) for word in named))


def _journal_is_printed(reference: Printed, report: CitedReport) -> bool:
    """Whether the journal's words stand behind the title one after the other: a short name may be taken for the
    title's last words; or whether the printed name is it with a misprint."""
    parsed = reference.parsed
    behind = parsed.text[parsed.text.find(parsed.title) + len(parsed.title) :] if parsed.title else parsed.text
    text = f" {normal_journal(behind.replace('(', ' ').replace(')', ' '))} "
    stated = normal_journal(parsed.journal)
    names = [normal_journal(name) for name in (report.journal, report.journal_full) if name]
    return any(name and (f" {name} " in text or fuzz.ratio(name, stated) >= _JOURNAL_MISPRINTED) for name in names)


def _same_document(printed: str | None, known: str | None) -> bool:
    one, other = normal_doi(printed) or "", normal_doi(known) or ""
    return look_alike(one, other) or versions_of_one(one, other)


def _cut(printed: str, known: str) -> bool:
    """Whether a DOI is the other, cut by a blank or a line's end, or with a slash doubled."""
    one, other = (doi.replace("//", "/") for doi in (printed, known))
    return one == other or (bool(one) and other.startswith(one))
