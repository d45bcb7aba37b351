"""What each field tag asks of a record: one maker a field, each a term to a predicate and what it needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from evidence.bibliography.languages import LANGUAGES
from evidence.bibliography.normal import normal_doi, normal_pages, normal_pmid
from evidence.record import Mesh as Heading
from evidence.topics.expression import Term
from evidence.topics.facts import Facts
from evidence.topics.mesh import Mesh
from evidence.topics.need import Need, all_of, any_of, words_needed
from evidence.topics.query import Flaw
from evidence.topics.words import line_of, words_of

Predicate: TypeAlias = Callable[[Facts], bool]
Made: TypeAlias = Predicate | tuple[Predicate, Need]

FEWEST_BEFORE_STAR = 4  # PubMed refuses a shorter truncation
_DATE = re.compile(r"(\d{4})(?:/(\d{1,2})(?:/(\d{1,2}))?)?")
_LATIN = re.compile(r"[a-z]+")


class NotEvaluated(Flaw):
    """What of a query cannot be evaluated without PubMed, and on which of its lines."""


@dataclass(slots=True)
class Context:
    """NLM's headings where given, and what was noticed while terms were made."""

    mesh: Mesh | None
    alone: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)

    def told(self) -> list[tuple[int, str]]:
        said = [
            (line, f"{shown} is no heading of NLM's descriptor file: taken as it is written")
            for shown, line in self.unknown.items()
        ]
        if self.alone:
            line = next(iter(self.alone.values()))
            names = ", ".join(self.alone)
            said.append((line, f"without NLM's descriptor file, what is narrower than these is left out: {names}"))
        return said

    def names(self, term: Term, words: str) -> frozenset[str]:
        """The headings that a term stands for, narrower ones with it unless it says ``:noexp``."""
        alone = term.modifier == "noexp"
        if self.mesh is None:
            if not alone:
                self.alone.setdefault(term.shown, term.line)
            return frozenset((line_of(words),))
        heading = self.mesh.heading(words)
        if heading is None:
            self.unknown.setdefault(term.shown, term.line)
            return frozenset((line_of(words),))
        return frozenset((heading,)) if alone else self.mesh.narrower(heading)


def _no_range(term: Term) -> None:
    if term.low is not None:
        raise NotEvaluated(f"{term.shown}: a range of this field cannot be evaluated without PubMed", term.line)


def _words(term: Term) -> tuple[list[str], bool]:
    """A term's words, and whether the last one is cut short."""
    _no_range(term)
    cut = term.text.endswith("*")
    bare = term.text[:-1] if cut else term.text
    if "*" in bare:
        raise NotEvaluated(f"{term.shown}: a star is understood at the end of the last word only", term.line)
    words = words_of(bare)
    if not words:
        raise NotEvaluated(f"{term.shown} holds no word", term.line)
    if cut and (len(bare.split()[-1]) < FEWEST_BEFORE_STAR or not bare[-1:].isalnum()):
        raise NotEvaluated(f"{term.shown}: PubMed takes no star after fewer than {FEWEST_BEFORE_STAR} signs", term.line)
    return words, cut


def _phrase(attribute: str, term: Term, context: Context) -> Made:
    """Words side by side in a text. Without quotes they may be a phrase to PubMed, or not: that is not guessed."""
    words, cut = _words(term)
    if len(term.text.split()) > 1 and not term.quoted:
        raise NotEvaluated(
            f"{term.shown}: PubMed takes several words without quotes as a phrase or apart, as its index has them: "
            f'write "{term.text}"{term.written_tag}',
            term.line,
        )
    if term.modifier.startswith("~"):
        return _near(attribute, words, int(term.modifier[1:])), words_needed(words)
    sought = f" {' '.join(words)}" + ("" if cut else " ")
    return (lambda facts: sought in getattr(facts, attribute)), words_needed(words, cut)


def _near(attribute: str, words: list[str], apart: int) -> Predicate:
    """All the words, in any order, with at most ``apart`` other words among them."""
    longest = len(words) + apart

    def holds(facts: Facts) -> bool:
        return any(_within(text.split(), words, longest) for text in getattr(facts, attribute).split("\n"))

    return holds


def _within(text: list[str], words: list[str], longest: int) -> bool:
    wanted = {word: words.count(word) for word in words}
    places = [(position, word) for position, word in enumerate(text) if word in wanted]
    missing, start = dict(wanted), 0
    for position, word in places:
        missing[word] -= 1
        while position - places[start][0] >= longest:
            missing[places[start][1]] += 1
            start += 1
        if all(count <= 0 for count in missing.values()):
            return True
    return False


def _heading(major: bool, term: Term, context: Context) -> Made:
    """``"Pain"[mh]``, ``"Pain/therapy"[mh]``; ``majr``: the heading, or the subheading, is a main topic."""
    _no_star(term)
    words, _, subheading = term.text.partition("/")
    names = context.names(term, words)
    qualifiers = context.names(term, subheading) if subheading else frozenset()

    def fits(mesh: Heading) -> bool:
        if not qualifiers:
            return not major or mesh.major or any(starred for _, _, starred in mesh.qualifiers)
        return any(line_of(name) in qualifiers and (starred or not major) for _, name, starred in mesh.qualifiers)

    def holds(facts: Facts) -> bool:
        return any(fits(mesh) for name, mesh in facts.mesh.items() if name in names)

    need = any_of(*(words_needed(name.split()) for name in sorted(names)))
    if qualifiers:
        need = all_of(need, any_of(*(words_needed(name.split()) for name in sorted(qualifiers))))
    return holds, need


def _no_star(term: Term) -> None:
    _no_range(term)
    if "*" in term.text:
        raise NotEvaluated(f"{term.shown}: write the headings out; which ones a star means PubMed knows", term.line)
    if not words_of(term.text):
        raise NotEvaluated(f"{term.shown} holds no word", term.line)


def _subheading(term: Term, context: Context) -> Made:
    _no_star(term)
    names = context.names(term, term.text)

    def holds(facts: Facts) -> bool:
        return any(line_of(name) in names for mesh in facts.record.mesh for _, name, _ in mesh.qualifiers)

    return holds, any_of(*(words_needed(name.split()) for name in sorted(names)))


def _type(term: Term, context: Context) -> Made:
    _no_star(term)
    names = context.names(term, term.text)
    return (lambda facts: bool(facts.types & names)), any_of(*(words_needed(n.split()) for n in sorted(names)))


def _author(pick: slice, term: Term, context: Context) -> Made:
    """``Deer TR``, ``Deer T`` (any further initials, unless in quotes), ``Deer``."""
    _no_range(term)
    if "," in term.text:
        raise NotEvaluated(f"{term.shown}: write family name and initials, Deer TR[au]", term.line)
    cut = term.text.endswith("*")
    words = words_of(term.text.rstrip("*"))
    if not words or "*" in term.text.rstrip("*"):
        raise NotEvaluated(f"{term.shown}: write family name and initials, Deer TR[au]", term.line)
    *before, last = words

    def is_meant(family: list[str], initials: str) -> bool:
        if family == words:
            return True
        if family == before and before:
            return initials == last if term.quoted and not cut else initials.startswith(last)
        return cut and family[:-1] == before and bool(family) and family[-1].startswith(last)

    def holds(facts: Facts) -> bool:
        return any(is_meant(family, initials) for family, initials in facts.authors[pick])

    return holds, words_needed(before) if before else words_needed(words, cut)


def _journal(term: Term, context: Context) -> Made:
    _no_range(term)
    words = words_of(term.text.rstrip("*"))
    if not words or "*" in term.text.rstrip("*"):
        raise NotEvaluated(f"{term.shown}: write a journal's title, its abbreviation or ISSN", term.line)
    sought = f" {' '.join(words)}" + ("" if term.text.endswith("*") else " ")
    if term.text.endswith("*"):
        return (lambda facts: any(name.startswith(sought) for name in facts.journals)), words_needed(words, cut=True)
    return (lambda facts: sought in facts.journals), words_needed(words)


def _language(term: Term, context: Context) -> Made:
    _no_range(term)
    word = term.text.casefold()
    code = LANGUAGES.get(word, word)
    if not _LATIN.fullmatch(code) or len(code) != 3:
        raise NotEvaluated(
            f"{term.shown}: this language is not known here: write NLM's code of three letters", term.line
        )
    return (lambda facts: code in facts.record.languages), words_needed([code])


def _published(term: Term, context: Context) -> Made:
    """In print or electronically; a record's missing month or day is the first, as PubMed sorts it."""
    low = _date(term.text if term.low is None else term.low, (1, 1), term)
    high = _date(term.text, (12, 31), term)

    def holds(facts: Facts) -> bool:
        dates = (facts.record.publication_date, facts.record.electronic_date)
        return any(low <= _day(date) <= high for date in dates if date)

    return holds


def _date(text: str, missing: tuple[int, int], term: Term) -> tuple[int, int, int]:
    found = _DATE.fullmatch(text.strip())
    if not found:
        raise NotEvaluated(f"{term.shown}: write a date as 2014, 2014/07 or 2014/07/03", term.line)
    year, month, day = found.groups()
    return int(year), int(month or missing[0]), int(day or missing[1])


def _day(date: str) -> tuple[int, int, int]:
    parts = [int(part) for part in date.split("-")]
    return parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1


def _pmid(term: Term, context: Context) -> Made:
    numbers = [normal_pmid(text) if text.isdecimal() else None for text in (term.low or term.text, term.text)]
    low, high = numbers
    if low is None or high is None:
        raise NotEvaluated(f"{term.shown}: write one PMID, or a range of two", term.line)
    if term.low is None:
        return (lambda facts: facts.record.pmid == low), words_needed([low])
    return lambda facts: int(low) <= int(facts.record.pmid or 0) <= int(high)


def _identifier(term: Term, context: Context) -> Made:
    """A DOI, or (not for [doi]) the publisher's own number."""
    _no_range(term)
    doi = normal_doi(term.text)
    own = line_of(term.text)
    if doi is None and "doi" in term.written_tag.casefold():
        raise NotEvaluated(f"{term.shown} is no DOI", term.line)
    if doi is None:
        return (lambda facts: line_of(facts.record.electronic_id) == own), words_needed(own.split())
    return (lambda facts: facts.record.doi == doi), words_needed(words_of(doi))


def _exact(attribute: str, term: Term, context: Context) -> Made:
    _no_star(term)
    sought = line_of(term.text)
    return (lambda facts: line_of(getattr(facts.record, attribute)) == sought), words_needed(sought.split())


def _first_page(term: Term, context: Context) -> Made:
    _no_range(term)
    page, _ = normal_pages(term.text)
    if not page:
        raise NotEvaluated(f"{term.shown}: write the first page", term.line)
    return lambda facts: normal_pages(facts.record.pages)[0] == page


FIELDS: dict[str, Callable[[Term, Context], Made]] = {
    "title/abstract": partial(_phrase, "title_abstract"),
    "title": partial(_phrase, "title"),
    "transliterated title": partial(_phrase, "vernacular"),
    "other term": partial(_phrase, "keywords"),
    "affiliation": partial(_phrase, "affiliations"),
    "author - corporate": partial(_phrase, "groups"),
    "mesh terms": partial(_heading, False),
    "mesh major topic": partial(_heading, True),
    "mesh subheading": _subheading,
    "publication type": _type,
    "author": partial(_author, slice(None)),
    "author - first": partial(_author, slice(0, 1)),
    "author - last": partial(_author, slice(-1, None)),
    "journal": _journal,
    "language": _language,
    "date - publication": _published,
    "article identifier": _identifier,
    "location id": _identifier,
    "pmid": _pmid,
    "volume": partial(_exact, "volume"),
    "issue": partial(_exact, "issue"),
    "pagination": _first_page,
}
# Fields that stand in lists of authors; what else a record holds stands outside of them.
PEOPLE = frozenset(("author", "author - first", "author - last", "author - corporate", "affiliation"))
