"""What relating reports takes and gives."""

from __future__ import annotations

from dataclasses import dataclass, field


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

    ``notice_pmid`` and ``notice_date`` are ``None`` when the source does not say; ``text`` is the citation as given.
    """

    report: str
    kind: str
    notice_pmid: str | None
    notice_date: str | None
    text: str
    source: str


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
    """Everything that stands between reports. ``statuses`` has every report id that was passed in.

    ``issued``: the reports that are notices, by their type or because another report's notice was found in them.
    """

    relations: list[Relation] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    studies: list[Study] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)
    issued: frozenset[str] = frozenset()
    log: list[str] = field(default_factory=list)
