"""What passes between finding, parsing and resolving a reference, and what a library must offer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from evidence.bibliography.normal import normal_pages

Level = Literal["certain", "likely", "not found"]
FieldResult = Literal["match", "differs", "absent"]
Kind = Literal["list", "mention", "identifier"]

# The fields compared, in the order they are shown.
FIELDS = ("title", "first_author", "year", "volume", "first_page", "journal", "doi", "pmid")


@dataclass(frozen=True, slots=True)
class ParsedReference:
    """A printed reference taken apart; what is not printed is ``""``, ``None`` or empty.

    ``authors`` are family names as printed, in order. ``journal`` may be abbreviated. ``doi`` is in normal form,
    ``pmid`` digits, ``pmcid`` ``PMC123``, ``registration`` a trial number such as ``NCT01234567``.
    """

    text: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    title: str = ""
    journal: str = ""
    volume: str = ""
    issue: str = ""
    first_page: str = ""
    last_page: str = ""
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    registration: str | None = None


@dataclass(frozen=True, slots=True)
class FoundReference:
    """A stretch of a draft that refers to something: ``draft[start:end] == text`` (code points, half-open).

    ``kind`` is ``list`` (an entry of a reference list), ``mention`` (``Deer et al. (2016)``, ``[1-3]``, ``a 2016 study
    in Pain``) or ``identifier`` (a DOI, PMID, PMC id, trial number or PubMed link in running text).
    ``number`` is the entry's number in its list. ``numbers`` are the entries that a numbered mention points at.
    ``parsed`` holds what the words say: for a mention perhaps only an author and a year.
    """

    text: str
    start: int
    end: int
    kind: Kind
    parsed: ParsedReference
    number: int | None = None
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Pairing:
    """An in-text mention and the list entries it means; more than one entry for one name is ``ambiguous``."""

    mention: FoundReference
    entries: tuple[FoundReference, ...]
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class CitedReport:
    """A report of the library as far as a reference can be compared with it."""

    id: str
    pmid: str | None = None
    doi: str | None = None
    pmcid: str | None = None
    title: str = ""
    vernacular_title: str = ""
    first_author: str = ""
    authors: tuple[str, ...] = ()
    journal: str = ""
    journal_full: str = ""
    year: int | None = None
    electronic_year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""

    @property
    def first_page(self) -> str:
        return normal_pages(self.pages)[0]

    @property
    def volume_number(self) -> str:
        """The volume in lower case with plain dashes, supplements left off: ``17 Suppl 4`` → ``17``."""
        volume = re.sub(r"[\u2010-\u2015]", "-", self.volume.strip().lower())
        return re.sub(r"\s*\(?\bsuppl.*$", "", volume) or volume


def cited_report(row: Mapping[str, Any]) -> CitedReport:
    """A row of the view ``cited_reports``; ``families`` are joined by the unit separator."""
    authors = tuple(name for name in (row["families"] or "").split("\x1f") if name)
    electronic = row["electronic_date"] or ""
    texts = {
        name: str(row[name] or "")
        for name in ("title", "vernacular_title", "journal", "journal_full", "volume", "issue", "pages")
    }
    return CitedReport(
        id=row["id"],
        pmid=row["pmid"],
        doi=row["doi"],
        pmcid=row["pmcid"],
        first_author=authors[0] if authors else row["first_author"] or "",
        authors=authors,
        year=int(row["year"]) if row["year"] else None,
        electronic_year=int(electronic[:4]) if electronic[:4].isdigit() else None,
        **texts,
    )


class ReferenceLibrary(Protocol):
    """What resolving asks of a library. Counts and candidates speak the terms of :mod:`.lookup`."""

    def reference_count(self) -> int:
        """How many reports the library holds."""
        ...

    def by_identifier(self, identifier: str) -> CitedReport | None:
        """The report that a PMID, a normal DOI or ``PMC123`` names."""
        ...

    def by_registration(self, number: str) -> list[CitedReport]:
        """The reports of the study with this trial number."""
        ...

    def term_counts(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many reports each term occurs; terms that occur in none are left out."""
        ...

    def reference_candidates(self, terms: Sequence[str], limit: int) -> list[CitedReport]:
        """The reports that hold any of these terms, best bm25 first."""
        ...


# With --online: PubMed's citation matcher, one PMID or None for each reference, in order.
OnlineMatcher = Callable[[Sequence[ParsedReference]], Sequence[str | None]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A report that the reference may mean. ``confidence`` is the probability that it does, 0 to 1."""

    report: str
    pmid: str | None
    confidence: float
    fields: dict[str, FieldResult]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a printed reference means. ``report`` is ``None`` when the library does not hold it.

    ``likely`` is shown for a person to confirm. ``fields`` compares the reference with ``report`` (every one of
    :data:`FIELDS`); ``candidates`` are the best few, the chosen one first. ``pmid`` is known without a report
    only when PubMed's matcher named it. ``source`` says who resolved it: ``library``, ``online`` or ``""``; without
    ``looked_up`` nobody was asked, and ``reason`` says why.
    """

    reference: str
    report: str | None = None
    pmid: str | None = None
    level: Level = "not found"
    confidence: float = 0.0
    fields: dict[str, FieldResult] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    source: str = ""
    reason: str = ""
    parsed: ParsedReference | None = None
    looked_up: bool = True
