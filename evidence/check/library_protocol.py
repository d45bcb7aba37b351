"""What the check of a draft asks of a library, and the shapes of the answers. ``evidence.library`` satisfies it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from evidence.references.types import ReferenceLibrary


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What is shown of a report. Flags are ``None`` when the record does not say; ``study`` groups reports of one "
    "study."""

    id: str
    pmid: str | None
    title: str
    kind: str
    year: int | None
    publication_date: str
    design: str | None
    design_label: str
    evidence_level: int | None
    sample_size: int | None
    follow_up_months: float | None
    open_label: bool | None
    controlled: bool | None
    funding: str
    conflict_statement: str
    status: str
    study: str | None
    citation: str
    first_author: str = ""
    journal: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """A notice: ``kind`` is retraction, concern, erratum, …; ``checked_at`` when the source was last asked."""

    kind: str
    source: str
    date: str | None
    pmid: str | None
    checked_at: str | None


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """When a source was last asked about a report, and what it answered."""

    source: str
    checked_at: str
    outcome: str


@dataclass(frozen=True, slots=True)
class TrialFacts:
    """A registered trial: ``planned`` as last given as an estimate, ``enrolled`` as given as actual."""

    number: str
    registry: str
    planned: int | None
    enrolled: int | None
    enrolment: int | None
    asked_at: str


@dataclass(frozen=True, slots=True)
class Found:
    """A report that shares words with a sentence: ``score`` is bm25, larger is better; its tags beside it."""

    report: str
    title: str
    score: float
    modalities: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()


class CheckLibrary(ReferenceLibrary, Protocol):
    """A built library as the check sees it: read-only, and quick to ask again (answers are cached)."""

    def refreshed_at(self) -> str | None:
        """When the last refresh ended; ``None`` when nothing was ever refreshed."""
        ...

    def facts(self, report: str) -> ReportFacts | None: ...

    def abstract(self, report: str) -> Sequence[tuple[str, str]]:
        """``(section, text)`` in order; empty when the library has no abstract that may be shown."""
        ...

    def notices(self, report: str) -> Sequence[NoticeFacts]: ...

    def checks(self, report: str) -> Sequence[CheckFacts]: ...

    def free_copy(self, report: str) -> str | None:
        """The address of a copy that anybody may read, where a source told of one."""
        ...

    def siblings(self, report: str) -> Sequence[ReportFacts]:
        """The other reports of the same study, oldest first."""
        ...

    def trials(self, report: str) -> Sequence[TrialFacts]:
        """The registered trials whose results, or a secondary analysis or the protocol of which, a report is."""
        ...

    def trial(self, number: str) -> TrialFacts | None: ...

    def tags(self, report: str) -> tuple[frozenset[str], frozenset[str]]:
        """The modalities and the outcomes of a report."""
        ...

    def document_frequency(self, token: str) -> int:
        """In how many titles and abstracts a stem occurs."""
        ...

    def sharing_words(self, words: Sequence[str], limit: int) -> Sequence[Found]:
        """The reports that hold any of these words, best bm25 first."""
        ...

    def count_on(self, modalities: Collection[str], outcomes: Collection[str]) -> int:
        """How many reports are on any of these modalities and any of these outcomes (either may be empty: any)."""
        ...

    def evidence_on(self, modalities: Collection[str], outcomes: Collection[str], limit: int) -> Sequence[ReportFacts]:
        """Reports on both, that are evidence and not retracted: strongest level first, then newest."""
        ...

    def support(self, claim: str) -> str | None:
        """In words how many studies the library holds on a claim of the ledger; ``None``: it was not built with it."""
        ...

    def conditions(self, report: str) -> frozenset[str]: ...

    def evidence_beside(
        self, modalities: Collection[str], outcomes: Collection[str], conditions: Collection[str],
        general: str, without: Collection[str], limit: int,
    ) -> Sequence[ReportFacts]:  # fmt: skip
        """Like :meth:`evidence_on`, on any of these conditions, the ``general`` one or none, but for some reports."""
        ...

    def named_alike(self, first_author: str, year: int) -> Sequence[ReportFacts]:
        """The reports with this first author's family name and year: what "Deer 2014" may mean."""
        ...
