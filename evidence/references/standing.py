"""Where a printed reference stands: in the library, in PubMed, described wrongly, or no such work in PubMed.

Which report of the library a reference means is :mod:`.resolve`'s to say. Here all that the library and an index of
PubMed hold is asked for the work that the *words* of the reference mean, title first, identifiers left aside; then the
identifiers, whose they are. Nothing is said of why: a reference that no record fits may be the index's or the reader's
fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, Protocol

from evidence.bibliography.doi_versions import versions_of_one
from evidence.bibliography.normal import normal_doi, words
from evidence.references.compare import TITLE_SAME, Printed, compare, printed, title_likeness
from evidence.references.described import Difference, differences
from evidence.references.not_pubmed import other_kind
from evidence.references.score import confidence
from evidence.references.types import CitedReport, ParsedReference, ReferenceLibrary, Resolution

Answer = Literal[
    "in the library",
    "in PubMed, not in this library",
    "exists, described wrongly",
    "identifier of another work",
    "no such work in PubMed",
    "not PubMed's kind",
    "not known",
]
IN_LIBRARY: Answer = "in the library"
IN_PUBMED: Answer = "in PubMed, not in this library"
DESCRIBED_WRONGLY: Answer = "exists, described wrongly"
OF_ANOTHER: Answer = "identifier of another work"
NO_SUCH_WORK: Answer = "no such work in PubMed"
OTHER_KIND: Answer = "not PubMed's kind"
NOT_KNOWN: Answer = "not known"
# What a writer has to look at before anything else of the reference.
DOUBTFUL = frozenset({DESCRIBED_WRONGLY, OF_ANOTHER, NO_SUCH_WORK})

_COMPARED = 14
_AGREES = frozenset({"same", "short", "found"})
_ELSE = ("first_author", "year", "volume", "first_page", "journal")
# Words of a title that, with one exchanged, still name the work; of a shorter one something else must agree.
_NEAR_WORDS = 4
# The share of its words that must be left, in their order.
_KEPT = 0.66
# Fields beside the title (author, year, volume, page, journal) that together mean a work.
_MUCH = 3
# Words of a printed title, and names, from which "no such work" can be said.
_ENOUGH_WORDS = 4


class PubMedRecords(Protocol):
    """An index of PubMed: :class:`evidence.pubmed_index.reader.PubMedIndex`."""

    def candidates(self, reference: ParsedReference, limit: int) -> Sequence[CitedReport]:
        """The records that a reference may mean, likeliest first."""
        ...

    def is_retracted(self, report: CitedReport) -> bool: ...

    def covers_year(self, year: int) -> bool:
        """Whether it holds every record of PubMed of that year."""
        ...

    def coverage(self) -> str:
        """The years it covers and what says so, in words; ``""`` where it covers none."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a reference stands. ``work``: what its words mean, ``None`` when nothing was found; ``in_library``: its id.

    ``differs``: the fields that are not as the record has them. ``owner``: the work that the printed identifier is of,
    where that is another. ``kind``: of what is not PubMed's. ``would_hold`` and ``covers``, of "no such work": what
    PubMed would have to hold, and the years that the index covers.
    """

    answer: Answer
    reason: str
    work: CitedReport | None = None
    in_library: str | None = None
    differs: tuple[Difference, ...] = ()
    owner: CitedReport | None = None
    owner_in_library: str | None = None
    kind: str = ""
    would_hold: str = ""
    covers: str = ""
    retracted: bool = False

    @property
    def fetchable(self) -> str | None:
        """The PMID to fetch: of a work that PubMed has and the library has not."""
        return self.work.pmid if self.work and not self.in_library else None


@dataclass(frozen=True, slots=True)
class _Compared:
    report: CitedReport
    outcomes: Mapping[str, str]

    @property
    def sure(self) -> float:
        """The probability by the words alone."""
        return confidence({name: said for name, said in self.outcomes.items() if name not in ("doi", "pmid", "pmcid")})

    @property
    def owns(self) -> bool:
        return "same" in (self.outcomes["doi"], self.outcomes["pmid"])


def stand(
    resolution: Resolution, library: ReferenceLibrary, index: PubMedRecords | None, this_year: int | None = None
) -> Standing:
    """Where the reference stands that ``resolution`` is of. ``this_year``: a later one has not come yet."""
    reference = resolution.parsed or ParsedReference(resolution.reference)
    ready = printed(reference)
    found = [_Compared(report, compare(ready, report)) for report in _pool(reference, resolution, library, index)]
    meant = _meant(ready, found) or _resolved(resolution, found)
    owner = next((one for one in found if one.owns), None)
    if meant is None and owner is not None and not _says_what(reference):
        meant = owner  # nothing but its identifier
    if meant is not None:
        other = owner.report if owner and owner.report.id != meant.report.id and not meant.owns else None
        if other and versions_of_one(normal_doi(other.doi), normal_doi(meant.report.doi)):
            other = None  # the words mean one version, the identifier another
        return _of(ready, meant, other, library, index)
    if owner is not None:
        return _other_work(ready, owner, library, index)
    return _not_found(reference, index, this_year)


def _pool(
    reference: ParsedReference, resolution: Resolution, library: ReferenceLibrary, index: PubMedRecords | None
) -> list[CitedReport]:
    """What the reference may mean, in the library and in PubMed, each work once."""
    held = [library.by_identifier(one.report) for one in resolution.candidates]
    held += [library.by_identifier(name) for name in (reference.pmid, reference.doi, reference.pmcid) if name]
    pool = {report.id: report for report in held if report}
    pmids = {report.pmid for report in pool.values()} - {None}
    dois = {normal_doi(report.doi) for report in pool.values()} - {None}
    for report in index.candidates(reference, _COMPARED) if index else ():
        if report.pmid not in pmids and report.doi not in dois:
            pool[report.id] = report
    return list(pool.values())


def _meant(reference: Printed, found: Sequence[_Compared]) -> _Compared | None:
    """The work that the words mean: by its title, else by its place, else by all that is beside the title."""
    ranks: list[Callable[[_Compared], bool]] = [
        lambda one: _has_title(reference, one), lambda one: _near_title(reference, one), lambda one: _has_place(one),
    ]  # fmt: skip
    for rank in ranks:
        if fitting := [one for one in found if rank(one)]:
            return max(fitting, key=lambda one: (one.sure, one.report.id))
    return None


def _resolved(resolution: Resolution, found: Sequence[_Compared]) -> _Compared | None:
    """What resolving settled on where the words alone settle nothing: an author, a year and a journal."""
    return next((one for one in found if resolution.report and one.report.id == resolution.report), None)


def _agreeing(one: _Compared) -> int:
    """How many fields beside the title agree."""
    return sum(one.outcomes[name] in _AGREES for name in _ELSE)


def _has_title(reference: Printed, one: _Compared) -> bool:
    """The whole title; one that is short, or stands inside a longer one, where another field agrees too."""
    title = one.outcomes["title"]
    if title == "same":
        whole = title_likeness(reference.parsed.title, one.report.title) >= TITLE_SAME
        return whole or _agreeing(one) >= 1
    return (title == "short" and _agreeing(one) >= 1) or (title == "part" and _agreeing(one) >= _MUCH)


def _near_title(reference: Printed, one: _Compared) -> bool:
    """A title of which most words stand in the same order; a short or a freer one, where two other fields agree."""
    if one.outcomes["title"] not in ("near", "differs"):
        return False
    titles = [words(title) for title in (one.report.title, one.report.vernacular_title) if title]
    if any(_most_words(reference.title_words, title) for title in titles):
        return True
    return one.outcomes["title"] == "near" and _agreeing(one) >= 2


def _most_words(printed_words: Sequence[str], title: Sequence[str]) -> bool:
    longer = max(len(printed_words), len(title))
    if min(len(printed_words), len(title)) < _NEAR_WORDS:
        return False
    blocks = SequenceMatcher(None, printed_words, title, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) >= _KEPT * longer


def _has_place(one: _Compared) -> bool:
    """The same volume and page, and the journal or the author; with another title, all of them."""
    outcomes = one.outcomes
    place = outcomes["volume"] in _AGREES and outcomes["first_page"] in _AGREES
    named = outcomes["first_author"] in _AGREES, outcomes["journal"] in _AGREES
    return place and (all(named) if outcomes["title"] != "absent" else any(named))


def _says_what(reference: ParsedReference) -> bool:
    return bool(reference.title or reference.authors)


def _of(
    reference: Printed, meant: _Compared, other: CitedReport | None, library: ReferenceLibrary,
    index: PubMedRecords | None,
) -> Standing:  # fmt: skip
    """The work is known: whether it is described as it is, and where it is held."""
    work = meant.report
    differs = differences(reference, work, meant.outcomes)
    held = _held(work, library)
    retracted = index is not None and held is None and index.is_retracted(work)
    if other is not None:
        reason = (
            f"the words mean “{work.title}”; the printed {_identifier(reference, other)} is that of “{other.title}”"
        )
        return Standing(OF_ANOTHER, reason, work, held, differs, other, _held(other, library), retracted=retracted)
    grave = [one.field for one in differs if one.grave]
    if grave:
        reason = f"“{work.title}” is described otherwise than its record has it: {_fields(grave)}"
        return Standing(DESCRIBED_WRONGLY, reason, work, held, differs, retracted=retracted)
    if held:
        return Standing(IN_LIBRARY, "", work, held, differs)
    return Standing(IN_PUBMED, "PubMed has it; this library has not", work, None, differs, retracted=retracted)


def _other_work(
    reference: Printed, owner: _Compared, library: ReferenceLibrary, index: PubMedRecords | None
) -> Standing:
    """Nothing fits the words, and the identifier is that of a work with another title."""
    work = owner.report
    held = _held(work, library)
    retracted = index is not None and held is None and index.is_retracted(work)
    if _agreeing(owner) >= _MUCH or owner.outcomes["title"] == "absent":
        differs = differences(reference, work, owner.outcomes)
        grave = [one.field for one in differs if one.grave]
        if grave:
            reason = f"“{work.title}” is described otherwise than its record has it: {_fields(grave)}"
            return Standing(DESCRIBED_WRONGLY, reason, work, held, differs, retracted=retracted)
        answer = IN_LIBRARY if held else IN_PUBMED
        return Standing(answer, "its identifier names it", work, held, differs, retracted=retracted)
    reason = f"the printed {_identifier(reference, work)} is that of “{work.title}”, and no record fits the words"
    return Standing(OF_ANOTHER, reason, owner=work, owner_in_library=held)


def _not_found(reference: ParsedReference, index: PubMedRecords | None, this_year: int | None) -> Standing:
    if kind := other_kind(reference):
        return Standing(OTHER_KIND, f"it reads as {kind.label}, which PubMed seldom holds", kind=kind.name)
    if not _enough(reference):
        return Standing(NOT_KNOWN, "it prints too little to say whether there is such a work")
    if index is None:
        return Standing(NOT_KNOWN, "no index of PubMed is at hand: only the library was asked")
    if not index.coverage():
        return Standing(NOT_KNOWN, "the index at hand does not hold all of PubMed")
    if reference.year is None:
        return Standing(NOT_KNOWN, "it prints no year, so which index covers it cannot be said")
    if this_year is not None and reference.year > this_year + 1:
        return Standing(
            NO_SUCH_WORK, f"no record fits it, and {reference.year} has not come", would_hold=_would_hold(reference),
            covers=index.coverage(),
        )  # fmt: skip
    if not index.covers_year(reference.year):
        return Standing(NOT_KNOWN, f"it is of {reference.year}; the index covers {index.coverage()}")
    return Standing(
        NO_SUCH_WORK, f"no record of PubMed fits it; the index covers {index.coverage()}",
        would_hold=_would_hold(reference), covers=index.coverage(),
    )  # fmt: skip


def _enough(reference: ParsedReference) -> bool:
    """Whether an article is described well enough to be found if it were there."""
    placed = bool(reference.journal and reference.volume and reference.first_page)
    return len(reference.title.split()) >= _ENOUGH_WORDS or placed


def _would_hold(reference: ParsedReference) -> str:
    """What a record would have to say, in words."""
    parts = [f"an article “{reference.title}”" if reference.title else "an article"]
    parts += [f"by {reference.authors[0]}"] if reference.authors else []
    parts += [f"in {reference.journal}"] if reference.journal else []
    parts += [f"of {reference.year}"] if reference.year else []
    parts += [f"volume {reference.volume}"] if reference.volume else []
    parts += [f"page {reference.first_page}"] if reference.first_page else []
    parts += [f"DOI {reference.doi}"] if reference.doi else []
    return ", ".join(parts)


def _held(work: CitedReport, library: ReferenceLibrary) -> str | None:
    """The id under which the library has a work."""
    report = library.by_identifier(work.pmid) if work.pmid else None
    report = report or (library.by_identifier(work.doi) if work.doi else None) or library.by_identifier(work.id)
    return report.id if report else None


def _identifier(reference: Printed, owner: CitedReport) -> str:
    doi = reference.parsed.doi
    return f"DOI {doi}" if doi and doi == normal_doi(owner.doi) else f"PMID {reference.parsed.pmid}"


_NAMES = {"first_author": "first author", "first_page": "first page", "doi": "DOI", "pmid": "PMID"}


def _fields(names: Sequence[str]) -> str:
    return ", ".join(_NAMES.get(name, name) for name in names)
