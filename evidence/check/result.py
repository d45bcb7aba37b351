"""What a check answers: these dictionaries *are* the documented JSON, and ``docs/check.md`` is made from them.

Every key says in words what it holds (:func:`keys`). Keys stay; more may be added. Offsets are Unicode code points,
0-based, half-open, into ``text`` of the whole answer. Positions are places in the answer's own lists, from 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import NoneType
from typing import Annotated, Any, Literal, NotRequired, TypedDict, get_args, get_origin, get_type_hints, is_typeddict

from evidence.references.standing import Answer

Finding = Literal["bears", "nothing bears", "not found", "no reference", "not checked"]
NumberFinding = Literal["match", "differs", "other-role", "absent", "not checked"]


class WarningRow(TypedDict):
    """A warning of a sentence or a reference."""

    code: Annotated[str, "one of the codes below"]
    message: Annotated[str, "what was seen, in words"]


class DraftWarning(TypedDict):
    """A warning on the whole draft."""

    code: Annotated[str, "one of the codes below"]
    message: Annotated[str, "what was seen, in words"]
    sentences: Annotated[list[int], "positions of the sentences it concerns"]


class LibraryRow(TypedDict):
    """The library that the draft was checked against."""

    refreshed_at: Annotated[str | None, "when PubMed was last asked, UTC; null: never"]
    reports: Annotated[int, "how many reports it holds"]
    pubmed_index: Annotated[
        str | None,
        "the years that the index of PubMed covers, and what says so; empty: it covers none; null: there is no index",
    ]


class Passage(TypedDict):
    """A sentence of a report, in place."""

    report: Annotated[str, "the report's id; `source:ID` for an entry of `queries/sources.yml`"]
    section: Annotated[str, "section of the abstract, `title`, or `facts` of the ledger"]
    text: Annotated[str, "the sentence"]
    position: Annotated[int, "its place in what was read"]
    note: NotRequired[Annotated[str, "where it comes from, when not from the library's abstract"]]


class RoleDifference(TypedDict):
    """In what a number of the same value is of another role in the source."""

    part: Annotated[str, "population, measure, statistic, time, arm or place"]
    draft: Annotated[str, "the draft's words that say so"]
    source: Annotated[str, "the source's words that say so"]


class NumberRow(TypedDict):
    """A number of the draft beside a source's."""

    text: Annotated[str, "as printed"]
    value: Annotated[float | None, "its value; null for a range"]
    low: Annotated[float, "lower end; the value where it is no range"]
    high: Annotated[float, "upper end"]
    unit: Annotated[str, "as read: `%`, `months`, `patients`, …"]
    role: Annotated[str, "what it counts: `n`, `percent`, `responder`, `change`, `followup`, …"]
    finding: Annotated[NumberFinding, "how it lines up with the source"]
    report: Annotated[str | None, "where the source's number stands"]
    source_text: Annotated[str | None, "the source's sentence"]
    source_number: Annotated[str | None, "the source's number, as printed"]
    read_from: Annotated[str | None, "`abstract`, `ledger`, or null when nothing was read"]
    section: NotRequired[Annotated[str, "section of the source's sentence"]]
    other_role: NotRequired[Annotated[list[RoleDifference], "of another role only: the parts that differ"]]
    meant: NotRequired[Annotated[str | None, "of another role only: the source's number of the draft's role"]]
    meant_text: NotRequired[Annotated[str | None, "the sentence of `meant`"]]
    note: NotRequired[Annotated[str, "where it comes from, when not from the library's abstract"]]
    beside: NotRequired[
        Annotated[
            str | None, "in a sentence's `numbers`: `reference`, `reviewed claim`, or null: lined up with nothing"
        ]
    ]


class ReferenceFinding(TypedDict):
    """What one reference says about a sentence."""

    reference: Annotated[int, "position in `references`"]
    finding: Annotated[Finding, "whether anything read of it bears on the sentence"]
    bears: Annotated[list[Passage], "its sentences that bear on it"]
    numbers: Annotated[list[NumberRow], "every number of the sentence beside this reference"]
    read_from: Annotated[str, "`abstract`, `ledger`, or empty when nothing was read"]
    nearest: NotRequired[Annotated[list[Passage], "the nearest sentences even when nothing bears"]]
    note: NotRequired[Annotated[str | None, "where it was read, when not in the library's abstract"]]


class RelatedRow(TypedDict):
    """A report of the library that comes near a sentence."""

    report: Annotated[str, "the report's id"]
    title: Annotated[str, "its title"]
    year: Annotated[int | None, "the issue's year"]
    level: Annotated[int | None, "OCEBM 2011 starting level of its design"]
    score: Annotated[float, "how near; the larger the nearer"]
    bears: Annotated[bool, "whether it covers enough of the sentence"]
    same_topic: Annotated[int, "2: same modality and outcome, 1: same modality, 0: neither"]
    sentences: Annotated[list[Passage], "its sentences that bear"]


class EvidenceRow(TypedDict):
    """One of the strongest, then newest reports on the sentence's modality × outcome."""

    report: Annotated[str, "the report's id"]
    title: Annotated[str, "its title"]
    year: Annotated[int | None, "the issue's year"]
    design: Annotated[str | None, "id of its design"]
    level: Annotated[int | None, "OCEBM 2011 starting level of its design"]
    sample_size: Annotated[int | None, "participants, as the abstract says"]


class ClaimRow(TypedDict):
    """A claim of the ledger near a sentence, with the reading that people left there."""

    id: Annotated[str, "its id in `queries/claims/`"]
    paraphrase: Annotated[str, "the claim in the maintainers' words"]
    fidelity: Annotated[
        str | None,
        "whether the source that the page names says so: `faithful`, `overstated`, `misreported`, `no_source_named`, "
        "`source_not_found`, `not_checked`; null: nobody has read it yet",
    ]
    direction: Annotated[
        str | None,
        "what was found says of it, a person's judgement: `for`, `in_part`, `against`, `nothing_found`, `not_testable`",
    ]
    basis: Annotated[
        str | None,
        "what was read for it: `full_text`, `abstract`, `second_hand`, `textbook`, `page_itself`; null: not recorded",
    ]
    status: Annotated[Literal["draft", "confirmed"] | None, "`draft` until a named person has confirmed it"]
    reading: Annotated[str, "status and basis in words"]
    reason: Annotated[str | None, "why"]
    dated: Annotated[str | None, "day of the draft or of the confirmation"]
    reviewed_by: Annotated[list[str] | None, "names or ORCIDs of who confirmed it"]
    support: Annotated[
        str | None, "how many studies the library holds on its modality, outcome and condition, and their best level"
    ]
    flags: Annotated[list[str], "what a reader should be told"]
    similarity: Annotated[float, "how near it is to the sentence, 0 to 1"]
    alike: Annotated[bool, "false: it only shares the subject"]
    sources: Annotated[list[str], "ids of its sources in `queries/sources.yml`"]
    bears: Annotated[list[Passage], "what these say on the sentence"]
    numbers: Annotated[list[NumberRow], "the sentence's numbers beside theirs"]


class SentenceRow(TypedDict):
    """A sentence or heading of the draft."""

    text: Annotated[str, "as it stands"]
    start: Annotated[int, "where it begins"]
    end: Annotated[int, "where it ends"]
    kind: Annotated[str, "prose, item, heading or reference"]
    claim: Annotated[bool, "whether it claims something"]
    modalities: Annotated[list[str], "tags of treatments"]
    outcomes: Annotated[list[str], "tags of outcomes"]
    conditions: Annotated[list[str], "tags of conditions"]
    inherited_modalities: Annotated[list[str], "tags that only the sentences before name"]
    direction: Annotated[str, "none, down, up, works or empty"]
    hedges: Annotated[list[str], "words that make it weaker, as printed"]
    absolutes: Annotated[list[str], "words that leave no room for doubt, as printed"]
    references: Annotated[list[int], "positions in `references`"]
    references_carried_over: Annotated[bool, "true when only the sentence before cites them"]
    finding: Annotated[Finding, "the most telling finding of its references"]
    bears: Annotated[
        list[Passage],
        "up to three sentences in place, of the first reference that bears, else of the best report found",
    ]
    numbers: Annotated[list[NumberRow], "each number once, beside the reference or claim that tells most"]
    by_reference: Annotated[list[ReferenceFinding], "the same for each reference"]
    related: Annotated[list[RelatedRow], "up to ten reports of the library that come near"]
    evidence: Annotated[list[EvidenceRow], "the strongest, then newest reports on the same modality × outcome"]
    reports_on_this: Annotated[int, "how many there are"]
    topic: Annotated[str, "the modality × outcome in words"]
    claims: Annotated[list[ClaimRow], "the nearest claims of the ledger"]
    not_checked: Annotated[list[str], "what could not be checked, in words"]
    warnings: Annotated[list[WarningRow], "what a writer should look at"]


class Candidate(TypedDict):
    """A report that a reference may mean."""

    report: Annotated[str, "the report's id"]
    title: Annotated[str, "its title"]
    confidence: Annotated[float, "how well the printed fields agree, 0 to 1"]


class WorkRow(TypedDict):
    """A work that a reference, or an identifier in it, means."""

    pmid: Annotated[str | None, "its PMID"]
    report: Annotated[str | None, "the report's id; null: this library does not hold it"]
    title: Annotated[str, "its title"]


class DifferenceRow(TypedDict):
    """A field of a reference that is not as the work's record has it."""

    field: Annotated[str, "`title`, `first_author`, `year`, `volume`, `first_page`, `journal`, `doi` or `pmid`"]
    printed: Annotated[str, "as printed; of a title the words that stand in place of others"]
    known: Annotated[str, "as the record has it; of a title the words that they stand in place of"]
    grave: Annotated[bool, "false: a misprint, such as a page or a year that is one off"]


class StandingRow(TypedDict):
    """Where a reference stands: in the library, in PubMed, or neither."""

    answer: Annotated[Answer, "see [above](#where-a-reference-stands)"]
    reason: Annotated[str, "in words; may be empty"]
    work: Annotated[WorkRow | None, "what its words mean; null: nothing was found"]
    differs: Annotated[list[DifferenceRow], "what is printed otherwise than the record has it"]
    owner: Annotated[WorkRow | None, "whose the printed identifier is, where it is another work's"]
    kind: Annotated[str | None, "what it is, if not PubMed's kind: `book`, `chapter`, `web page`, `preprint`, …"]
    would_hold: Annotated[str | None, "of no such work: what PubMed would have to hold"]
    covers: Annotated[str | None, "of no such work: the years of which the index holds every record, and what says so"]
    fetch: Annotated[str | None, "of a work that PubMed has and this library has not: the PMID for `evidence fetch`"]
    retracted: Annotated[bool, "whether PubMed said, of such a work, that it was retracted when the index was made"]


class NoticeRow(TypedDict):
    """A retraction, expression of concern or correction of a report."""

    kind: Annotated[str, "retraction, concern, erratum, …"]
    source: Annotated[str, "who printed it"]
    checked_at: Annotated[str | None, "when the source was last asked"]
    date: Annotated[str | None, "the notice's date"]
    pmid: Annotated[str | None, "the notice's own PMID"]


class NoticeCheck(TypedDict):
    """One source that was asked about notices."""

    source: Annotated[str, "which"]
    checked_at: Annotated[str, "when"]
    outcome: Annotated[str, "what it answered"]


class ReferenceRow(TypedDict):
    """An entry of the reference list, or a mention that no entry explains."""

    text: Annotated[str, "as printed"]
    start: Annotated[int, "where it begins"]
    end: Annotated[int, "where it ends"]
    kind: Annotated[str, "list, mention or identifier"]
    number: Annotated[int | None, "its number in the list"]
    level: Annotated[str, "certain, likely (for a person to confirm) or not found"]
    report: Annotated[str | None, "the report it was resolved to"]
    pmid: Annotated[str | None, "that report's PMID"]
    confidence: Annotated[float, "how well the printed fields agree, 0 to 1"]
    reason: Annotated[str, "how it was resolved, in words"]
    fields: Annotated[dict[str, str], "each printed field: match, differs or absent"]
    candidates: Annotated[list[Candidate], "what else it may be"]
    named_alike: Annotated[list[str], "other papers of the same first author and year"]
    notices: Annotated[list[NoticeRow], "notices on the report"]
    notices_checked: Annotated[list[NoticeCheck] | Literal["not checked"], "when each source was asked"]
    title: Annotated[str | None, "the report's title; null: not said"]
    design: Annotated[str | None, "id of its design"]
    design_label: Annotated[str | None, "its design in words"]
    design_note: Annotated[str | None, "the design in the maintainers' words"]
    sample_size: Annotated[int | None, "participants"]
    follow_up_months: Annotated[float | None, "longest follow-up"]
    open_label: Annotated[bool | None, "null: not said"]
    controlled: Annotated[bool | None, "whether there is a control group; null: not said"]
    funding: Annotated[str | None, "funding, as the record says"]
    conflict_statement: Annotated[str | None, "declared interests, as printed"]
    year: Annotated[int | None, "the report's year"]
    evidence_level: Annotated[int | None, "OCEBM 2011 starting level of its design"]
    same_study: Annotated[list[str], "other reports of the same study"]
    free_copy: Annotated[str | None, "address of a copy that anybody may read, where a source told of one"]
    source: Annotated[str | None, "the entry of `queries/sources.yml` for it"]
    read_from: Annotated[str, "`abstract`, `ledger` or `not checked`"]
    note: Annotated[str | None, "what was read, in words, when not the library's abstract"]
    searches: Annotated[
        dict[str, str],
        "of one that was not found: where to look for its title (`pubmed`, `doi`); nothing was asked there",
    ]
    standing: Annotated[StandingRow, "where it stands: in the library, in PubMed, or neither"]
    warnings: Annotated[list[WarningRow], "what a writer should look at"]


class CheckResult(TypedDict):
    """The whole answer."""

    text: Annotated[str, "the extracted text that all offsets point into"]
    library: Annotated[LibraryRow, "what it was checked against"]
    references: Annotated[list[ReferenceRow], "the reference list, then mentions that no entry explains"]
    sentences: Annotated[list[SentenceRow], "every sentence and heading, in order"]
    warnings: Annotated[list[DraftWarning], "what concerns the whole draft"]
    notes: Annotated[list[str], "how the file was read"]
    advice: Annotated[str, "what the answer is not"]
    format: NotRequired[Annotated[str, "of a file: text, markdown, html, docx or pdf"]]


# In the order of the page: the answer, then what it holds.
SHAPES: tuple[type, ...] = (
    CheckResult, LibraryRow, ReferenceRow, Candidate, NoticeRow, NoticeCheck, StandingRow, WorkRow,
    DifferenceRow, SentenceRow, Passage, NumberRow,
    RoleDifference, ReferenceFinding, RelatedRow, EvidenceRow, ClaimRow, WarningRow, DraftWarning,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """One documented key: its name, its type in words, what it holds, and whether it may be missing."""

    name: str
    type: str
    meaning: str
    optional: bool


def keys(shape: type) -> Iterator[Key]:
    """The documented keys of one of :data:`SHAPES`, in order."""
    for name, hint in get_type_hints(shape, include_extras=True).items():
        optional = get_origin(hint) is NotRequired
        hint = get_args(hint)[0] if optional else hint
        inner, meaning = get_args(hint)[:2]
        yield Key(name, in_words(inner), meaning, optional)


_WORDS: dict[Any, str] = {str: "text", int: "whole number", float: "number", bool: "true or false", NoneType: "null"}


def in_words(hint: Any) -> str:
    """A type as a reader of the JSON knows it: ``list of text``, ``number or null``."""
    if hint in _WORDS:
        return _WORDS[hint]
    if is_typeddict(hint):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return "one of " + ", ".join(f"`{value}`" for value in inner) if len(inner) > 1 else f"`{inner[0]}`"
    if origin is list:
        return f"list of {in_words(inner[0])}"
    if origin is dict:
        return f"{in_words(inner[0])} → {in_words(inner[1])}"
    return " or ".join(in_words(one) for one in inner)
