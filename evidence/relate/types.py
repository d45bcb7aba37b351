"""What relating reports takes and gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntFlag
from typing import NamedTuple

from evidence.model import Status


class Trait(IntFlag):
    """What a report is or says of itself, as far as a pass over all reports asks."""

    CORRECTED = 1  # PubMed names reports that it corrects, comments on, ... or that do so
    NOTICE_KIND = 2  # its kind is notice
    TRANSLATION = 4  # its title says so
    OWN_TITLE = 8  # its title says of the report itself that it is retracted, withdrawn or of concern
    OWN = 16  # its title or types do
    EARLY = 32  # a preprint
    PROTOCOL = 64
    CONGRESS = 128  # a congress abstract
    COCHRANE = 256  # a version of a Cochrane review
    ARTICLE = 512  # its kind is article


class Card(NamedTuple):
    """What the passes over all reports ask of one; the report itself is looked at when a card says that it matters.

    ``notice``: what its title and types announce (a key of ``markers.NOTICE_TITLES``), or ``""``; ``numbers``: the
    registrations of its own trial. The others are keys (:func:`evidence.packed.key_of`) under which other reports look
    for it, 0 for none.
    """

    notice: str
    traits: int
    year: int
    titles: tuple[int, ...]
    starts: tuple[int, ...]
    author: int
    place: int
    numbers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """``report`` is ``kind`` of ``related``: the erratum *of* an article, the preprint *of* a paper.

    ``kind`` is a key of ``kinds.RELATIONS``; ``source`` is ``pubmed``, ``registration``, ``doi``, ``title``
    or ``maintainer``.
    """

    report: str
    related: str
    kind: str
    source: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What was published about ``report`` after it. ``kind`` is in ``kinds.NOTICES``.

    ``notice_pmid``, ``notice_doi`` and ``notice_date`` are ``None`` when the source does not say; ``text`` is the
    citation as given.
    """

    report: str
    kind: str
    notice_pmid: str | None
    notice_date: str | None
    text: str
    source: str
    notice_doi: str | None = None


@dataclass(slots=True)
class Study:
    """One investigation: ``registrations`` are ``(registry, number)``, ``reports`` are ``(report id, role)``."""

    id: str
    title: str
    reason: str
    registrations: list[tuple[str, str]] = field(default_factory=list)
    reports: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Group:
    """A maintainer's study (``queries/studies.yml``): ``reports`` are ``(pmid, doi or report id, role)``."""

    id: str
    title: str
    reason: str
    registrations: tuple[tuple[str, str], ...] = ()
    reports: tuple[tuple[str, str], ...] = ()
    apart: tuple[str, ...] = ()


@dataclass(slots=True)
class Related:
    """Everything that stands between reports. ``statuses`` has the reports that have a notice; ``status_of`` asks it.

    ``issued``: the reports that are notices, by their type or because another report's notice was found in them.
    """

    relations: list[Relation] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    studies: list[Study] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)
    issued: frozenset[str] = frozenset()
    log: list[str] = field(default_factory=list)

    def status_of(self, report: str) -> str:
        """The most serious notice of a report, or ``no_notice``."""
        return self.statuses.get(report, Status.NO_NOTICE.value)
