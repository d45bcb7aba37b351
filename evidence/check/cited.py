"""The references of a draft: what each one means, what is known of that report, and the text of it that can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from evidence import limits
from evidence.bibliography.journals import same_journal
from evidence.bibliography.sentences import sentences
from evidence.check.evidence import REVIEWS
from evidence.check.library_protocol import CheckFacts, CheckLibrary, NoticeFacts, ReportFacts
from evidence.check.numbers.alignment import SourceNumber, source_numbers
from evidence.check.retrieval.ranking import Document, make_document
from evidence.cited_sources import CitedSource
from evidence.ledger.ledger import Claim, Ledger
from evidence.ledger.reading import NO_BASIS
from evidence.model import NOT_EVIDENCE_KINDS, Kind
from evidence.references import FoundReference, Pairing, Resolution, resolve_all
from evidence.references.compare import compare, family_key, printed, title_likeness
from evidence.references.lookup import lookup_terms
from evidence.references.resolve import not_looked_up
from evidence.references.score import confidence, enough_said
from evidence.references.standing import NO_SUCH_WORK, NOT_KNOWN, PubMedRecords, Standing, stand
from evidence.references.types import Candidate, CitedReport, OnlineMatcher, ParsedReference

# Where the sentences shown of a report come from.
ABSTRACT, LEDGER = "abstract", "ledger"
_SOURCE_CONFIDENCE = 0.9
# OCEBM 2011 starting level of a design that only the ledger names; the library's own grading comes first.
# Guidelines, narrative reviews and surveys are not graded (queries/vocabulary/design.yml).
_LEVELS = {"systematic_review": 1, "rct": 2, "cohort": 4, "case_report": 4}
# Reports looked at for a later version, and how alike (0 to 1) the titles are of a preprint's article and of an update.
_VERSIONS, _ARTICLE_OF, _UPDATE_OF = 14, 0.8, 0.95
_AS_LIKELY = 0.9  # a second report as likely as this makes a name one of several
_A_LIST = 2  # entries that name authors make a list in which a paper can be missing
_TOO_MANY = f"only the first {limits.CHECK_REFERENCES:,} references of a draft are looked up"
# Of a reference that was not looked up, for want of time or because there are too many.
NOT_ASKED = Standing(NOT_KNOWN, "it was not looked up")
Tokens = Callable[[str], Iterable[str]]


@dataclass(slots=True)
class Reading:
    """What can be read of a report: the library's abstract, else the maintainers' facts, else nothing.

    ``basis`` is ``abstract``, ``ledger`` or ``""``; ``note`` says so in words.
    """

    report: str
    basis: str = ""
    note: str = ""
    document: Document | None = None
    numbers: list[SourceNumber] = field(default_factory=list)


@dataclass(slots=True)
class Cited:
    """One reference of a draft. ``source`` is the maintainers' entry for the same paper, when they have one."""

    position: int
    found: FoundReference
    resolution: Resolution
    facts: ReportFacts | None = None
    listed: CitedReport | None = None  # the report as the library would print it
    source: CitedSource | None = None
    notices: Sequence[NoticeFacts] = ()
    checks: Sequence[CheckFacts] = ()
    free_copy: str | None = None
    siblings: Sequence[ReportFacts] = ()
    versions: Sequence[ReportFacts] = ()  # the article of a preprint, the update of a review: newer, of the same title
    alike: list[str] = field(default_factory=list)
    by_number: bool = False  # the draft only ever says "[3]": no name could mean another paper
    other_years: list[str] = field(default_factory=list)  # how the text names it with a year that the list has not
    not_listed: str = ""  # of a paper named in the text only: what the reference list has instead, in words
    reading: Reading = field(default_factory=lambda: Reading(""))
    standing: Standing = NOT_ASKED

    @property
    def known(self) -> bool:
        return self.facts is not None or self.source is not None

    @property
    def level(self) -> int | None:
        if self.facts and self.facts.evidence_level is not None:
            return self.facts.evidence_level
        return source_level(self.source) if self.source else None

    @property
    def year(self) -> int | None:
        if self.facts and self.facts.year:
            return self.facts.year
        return self.source.year if self.source else None

    @property
    def one_of_several(self) -> bool:
        """A name in the text that fits several reports alike: which of them is meant, nothing printed says."""
        found = sorted((c.confidence for c in self.resolution.candidates), reverse=True)
        rivalled = len(found) > 1 and found[1] >= _AS_LIKELY * found[0]
        return self.found.kind == "mention" and self.resolution.level == "likely" and rivalled

    def years(self) -> set[int]:
        """The years of the paper itself, as the library has them (in print and online) or the maintainers."""
        listed = self.listed
        known = {self.year, listed.year if listed else None, listed.electronic_year if listed else None}
        return {year for year in known if year}

    @property
    def name(self) -> str:
        """A short name for a message: ``Rigoard 2012``."""
        parsed = self.found.parsed
        author = parsed.authors[0] if parsed.authors else (self.facts.first_author if self.facts else "")
        year = parsed.year or self.year or ""
        return f"{author} {year}".strip() if author else self.found.text[:60]


def cite(
    found: Sequence[FoundReference], pairings: Sequence[Pairing], library: CheckLibrary, ledger: Ledger,
    online: OnlineMatcher | None, tokens: Tokens, out_of_time: Callable[[], bool] = lambda: False,
    index: PubMedRecords | None = None, this_year: int | None = None,
) -> tuple[list[Cited], dict[int, list[int]]]:  # fmt: skip
    """The references of a draft, and for each mention's start the positions of the references it means.

    A mention without an entry in a reference list is a reference of its own, once for each thing it says. What is
    beyond :data:`limits.CHECK_REFERENCES`, or comes when ``out_of_time``, is not looked up.
    """
    entries = [reference for reference in found if reference.kind == "list"]
    place = {(e.start, e.end): position for position, e in enumerate(entries)}
    meant: dict[int, list[int]] = {}
    alone: dict[tuple[Any, ...], int] = {}
    reader = Reader(library, ledger, tokens)
    for pairing in pairings:
        mention = pairing.mention
        if pairing.entries and not _another_paper(pairing, reader):
            meant[mention.start] = [place[e.start, e.end] for e in pairing.entries]
        elif not mention.numbers:
            key = _key(mention.parsed)
            if key not in alone:
                alone[key] = len(entries)
                entries.append(mention)
            meant[mention.start] = [alone[key]]
    parsed = [entry.parsed for entry in entries]
    resolutions = resolve_all(parsed[: limits.CHECK_REFERENCES], library, online, out_of_time)
    resolutions += [not_looked_up(one, _TOO_MANY) for one in parsed[limits.CHECK_REFERENCES :]]
    cited = [_cited(i, e, r, library, reader) for i, (e, r) in enumerate(zip(entries, resolutions, strict=True))]
    numbered = {p for pairing in pairings if pairing.mention.numbers for p in meant.get(pairing.mention.start, ())}
    named = {p for pairing in pairings if not pairing.mention.numbers for p in meant.get(pairing.mention.start, ())}
    for reference in cited:
        if reference.resolution.looked_up and not out_of_time():
            reference.standing = _standing(reference, library, index, this_year)
    only_numbered, other_years = numbered - named, _other_years(pairings)
    for reference in cited:
        reference.by_number = reference.position in only_numbered
        reference.other_years = other_years.get(reference.found.start, [])
        reference.not_listed = _listed_instead(reference.found, entries)
    return cited, meant


def _standing(cited: Cited, library: CheckLibrary, index: PubMedRecords | None, this_year: int | None) -> Standing:
    """Where it stands; what the maintainers know as one of their sources is not called unknown to PubMed."""
    standing = stand(cited.resolution, library, index, this_year)
    if standing.answer == NO_SUCH_WORK and cited.source is not None:
        reason = f"no record of PubMed fits it, but the maintainers know it as {cited.source.id}"
        return Standing(NOT_KNOWN, reason)
    return standing


def _another_paper(pairing: Pairing, reader: Reader) -> bool:
    """Whether the year that the text gives, and the list has not, is that of another paper by this author."""
    parsed = pairing.mention.parsed
    if not parsed.authors or not parsed.year or any(e.parsed.year in (parsed.year, None) for e in pairing.entries):
        return False
    return reader.knows(parsed.authors[0], parsed.year)


def _listed_instead(found: FoundReference, entries: Sequence[FoundReference]) -> str:
    """What the reference list has by the author whom the text names with a year; ``""`` without a list of names."""
    listed = [e.parsed for e in entries if e.kind == "list" and e.parsed.authors]
    if found.kind != "mention" or not found.parsed.authors or not found.parsed.year or len(listed) < _A_LIST:
        return ""
    key = family_key(found.parsed.authors[0])
    same = [f"{e.authors[0]} {e.year or ''}".strip() for e in listed if family_key(e.authors[0]) == key]
    return f"the list has {', '.join(dict.fromkeys(same))}" if same else "the list has nothing by that author"


def _other_years(pairings: Sequence[Pairing]) -> dict[int, list[str]]:
    """An entry's start → the mentions that were taken for it though they give another year, each once."""
    found: dict[int, dict[str, None]] = {}
    for pairing in pairings:
        for entry in pairing.entries:
            if len({pairing.mention.parsed.year, entry.parsed.year} - {None}) > 1:
                found.setdefault(entry.start, {})[pairing.mention.text] = None
    return {start: list(texts) for start, texts in found.items()}


def source_level(source: CitedSource) -> int | None:
    """The starting level of a source's design as the ledger has it."""
    return _LEVELS.get(source.design)


def _key(parsed: ParsedReference) -> tuple[Any, ...]:
    named = tuple(author.lower() for author in parsed.authors[:1])
    identifiers = (parsed.doi, parsed.pmid, parsed.pmcid, parsed.registration)
    return (named, parsed.year, parsed.journal.lower(), identifiers) if named or any(identifiers) else (parsed.text,)


def _cited(
    position: int, found: FoundReference, resolution: Resolution, library: CheckLibrary, reader: Reader
) -> Cited:
    resolution = reader.from_ledger(found, resolution)
    cited = Cited(position, found, resolution)
    if not resolution.looked_up:
        return cited
    if resolution.report:
        cited.facts = library.facts(resolution.report)
        cited.listed = library.by_identifier(resolution.report)
        cited.notices = library.notices(resolution.report)
        cited.checks = library.checks(resolution.report)
        cited.free_copy = library.free_copy(resolution.report)
        cited.siblings = library.siblings(resolution.report)
        cited.versions = _versions(cited, library)
    cited.source = reader.source_of(found.parsed, cited.facts, resolution)
    cited.reading = reader.read(cited.facts.id if cited.facts else None, cited.source)
    cited.alike = reader.named_alike(cited)
    return cited


def _versions(cited: Cited, library: CheckLibrary) -> list[ReportFacts]:
    """Later reports of nearly the same title: by a preprint's first author, in a review's journal."""
    facts, listed = cited.facts, cited.listed
    if facts is None or listed is None or not (facts.kind == Kind.PREPRINT or facts.design in REVIEWS):
        return []
    title = ParsedReference(listed.title, title=listed.title)
    terms = lookup_terms(title, library.term_counts, library.reference_count())
    found = []
    for report in library.reference_candidates(terms, _VERSIONS):
        other = library.facts(report.id)
        if (
            other is None
            or report.id == facts.id
            or other.kind in NOT_EVIDENCE_KINDS
            or not (other.year and facts.year)
        ):
            continue
        if facts.kind == Kind.PREPRINT:
            same = family_key(report.first_author) == family_key(listed.first_author) and other.kind != Kind.PREPRINT
            near = same and other.year >= facts.year and title_likeness(listed.title, report.title) >= _ARTICLE_OF
        else:
            same = bool(facts.journal) and same_journal(facts.journal, other.journal) and other.year > facts.year
            near = same and title_likeness(listed.title, report.title) >= _UPDATE_OF
        if near:
            found.append(other)
    return sorted(found, key=lambda other: (other.publication_date, other.id))


class Reader:
    """Reads reports and sources, each once: sentences by section, numbers, tokens."""

    def __init__(self, library: CheckLibrary, ledger: Ledger, tokens: Tokens):
        self._library, self._ledger, self._tokens = library, ledger, tokens
        self._by_id = {source.id: source for source in ledger.sources}
        self._as_reports = [(source, _as_report(source)) for source in ledger.sources if source.kind == "article"]
        self._readings: dict[tuple[str | None, str | None], Reading] = {}

    def read(self, report: str | None, source: CitedSource | None) -> Reading:
        """The reading of a report of the library and/or a source of the maintainers."""
        key = (report, source.id if source else None)
        if key not in self._readings:
            self._readings[key] = self._read(report, source)
        return self._readings[key]

    def read_source(self, source_id: str) -> Reading:
        """The reading of a source by its id, from the library's abstract where it holds the report."""
        source = self._by_id[source_id]
        report = (
            self._library.by_identifier(source.pmid or source.doi or source.id) if source.kind == "article" else None
        )
        return self.read(report.id if report else None, source)

    def sources_of(self, claim: Claim) -> list[CitedSource]:
        """The maintainers' sources that bear on a claim, in their order."""
        return [self._by_id[source] for source in claim.source_roles()]

    def _read(self, report: str | None, source: CitedSource | None) -> Reading:
        facts = self._library.facts(report) if report else None
        abstract = self._library.abstract(report) if report else ()
        title = facts.title if facts else source.title if source else ""
        name = report or (f"source:{source.id}" if source else "")
        if abstract:
            passages = [(section, sentence) for section, text in abstract for sentence in sentences(text)]
            basis, note = ABSTRACT, ""
        elif source and source.facts:
            passages = [("facts", fact) for fact in source.facts]
            dated = f", {source.noted_on}" if source.noted_on else ""
            note = f"from this project's ledger{dated}, not yet confirmed by a reviewer ({NO_BASIS})"
            basis = LEDGER
        else:
            return Reading(name, note="not checked: the library has no abstract of it and the ledger no facts")
        size = facts.sample_size if facts and facts.sample_size else source.n if source else None
        numbers = source_numbers(name, [*passages, ("title", title)], size)
        return Reading(name, basis, note, make_document(name, title, passages, self._tokens), numbers)

    def source_of(
        self, parsed: ParsedReference, facts: ReportFacts | None, resolution: Resolution
    ) -> CitedSource | None:
        """The maintainers' entry for what a reference means: by identifier, else by its printed fields."""
        if facts is not None:
            report = self._library.by_identifier(facts.id)
            for source in self._ledger.sources:
                if (source.pmid and source.pmid == facts.pmid) or (report and source.doi and source.doi == report.doi):
                    return source
            if resolution.level == "certain":
                return None
        ready = printed(parsed)
        best: tuple[float, CitedSource] | None = None
        named = self._by_name(parsed)
        if len(named) == 1 and not resolution.report and not parsed.title:
            return named[0]
        for source, as_report in self._as_reports:
            outcomes = compare(ready, as_report)
            sure = confidence(outcomes)
            if sure >= _SOURCE_CONFIDENCE and enough_said(outcomes) and (best is None or sure > best[0]):
                best = (sure, source)
        return best[1] if best else None

    def _by_name(self, parsed: ParsedReference) -> list[CitedSource]:
        """The maintainers' articles by an author and year."""
        if not parsed.authors or not parsed.year:
            return []
        key = family_key(parsed.authors[0])
        found = [
            s for s, report in self._as_reports if s.year == parsed.year and family_key(report.first_author) == key
        ]
        return [s for s in found if not parsed.journal or same_journal(parsed.journal, s.journal)] or found

    def knows(self, author: str, year: int) -> bool:
        """Whether the ledger or the library has a paper by this first author of this year."""
        named = ParsedReference("", authors=(author,), year=year)
        return bool(self._by_name(named) or self._library.named_alike(author, year))

    def from_ledger(self, found: FoundReference, resolution: Resolution) -> Resolution:
        """An author and a year that one of the maintainers' sources has, alone: its report in the library is likely."""
        named = self._by_name(found.parsed) if found.kind == "mention" and resolution.level != "certain" else []
        if len(named) != 1 or not (named[0].pmid or named[0].doi):
            return resolution
        report = self._library.by_identifier(named[0].pmid or named[0].doi or "")
        if report is None or report.id == resolution.report:
            return resolution
        candidate = Candidate(report.id, report.pmid, 0.0, {}, report.title)
        return replace(
            resolution, report=report.id, pmid=report.pmid, level="likely", source="library",
            candidates=(candidate, *resolution.candidates)[:3],
            reason="the maintainers' sources have one paper of this author and year",
        )  # fmt: skip

    def named_alike(self, cited: Cited) -> list[str]:
        """Other papers with the same first author and year, as a reader would name them."""
        parsed = cited.found.parsed
        author, year = (parsed.authors[0] if parsed.authors else ""), parsed.year
        if not author or not year:
            return []
        own = cited.facts.id if cited.facts else None
        others = [facts.citation or facts.title for facts in self._library.named_alike(author, year) if facts.id != own]
        family = _family(author)
        others += [
            source.cited_as
            for source in self._ledger.sources
            if source is not cited.source and source.year == year and _family(source.first_author) == family
        ]
        return list(dict.fromkeys(others))


def _family(name: str) -> str:
    return name.split(",")[0].split(" ")[0].lower()


def _as_report(source: CitedSource) -> CitedReport:
    return CitedReport(
        id=source.id, pmid=source.pmid, doi=source.doi, pmcid=source.pmcid, title=source.title,
        first_author=source.first_author, authors=source.authors, journal=source.journal, year=source.year,
        volume=source.volume, issue=source.issue, pages=source.pages,
    )  # fmt: skip
