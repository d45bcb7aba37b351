"""What a reader should be told of a cited report: notices, control group, blinding, siblings, fields that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypedDict, TypeVar

from evidence.check.cited import Cited
from evidence.check.result import NoticeCheck, NoticeRow, ReferenceRow, StandingRow, WorkRow
from evidence.check.warnings import Warning_
from evidence.check.wording import searches
from evidence.model import LIFTED_NOTICES, Kind, Status
from evidence.references.resolve import OWNER
from evidence.references.standing import DESCRIBED_WRONGLY, IN_PUBMED, NO_SUCH_WORK, OF_ANOTHER, OTHER_KIND, Standing
from evidence.references.types import CitedReport

# A notice's kind → the warning it gives; others (update, comment, republication of a protocol) are shown only.
NOTICE_CODES = {
    "retraction": "retracted", "partial_retraction": "retracted", "partial retraction": "retracted",
    "withdrawal": "retracted", "retracted_republication": "retracted",
    "removal": "retracted", "concern": "concern", "expression_of_concern": "concern", "erratum": "corrected",
    "correction": "corrected", "republication": "corrected", "reinstatement": "corrected",
}  # fmt: skip
_STATUS_CODES = {"retracted": "retracted", "withdrawn": "retracted", "concern": "concern", "corrected": "corrected"}
_NO_CONTROL = frozenset({"cohort", "prospective", "retrospective", "observational", "case_report"})
_MOST_NAMED = 5
# A candidate of less than this share of the best one's confidence is not what was meant.
_WORTH_NAMING = 0.5
T = TypeVar("T")
_FIELD_NAMES = {"first_page": "first page", "first_author": "first author", "doi": "DOI", "pmid": "PMID"}
_NOT_COMPARED = frozenset({"absent", "match"})


def reference_warnings(cited: Cited) -> Iterator[Warning_]:
    """Every warning that a reference gives wherever it is cited."""
    yield from _resolution(cited)
    yield from _standing(cited)
    if cited.other_years:
        named = ", ".join(f"“{text}”" for text in dict.fromkeys(cited.other_years))
        yield Warning_("reference-differs", f"{cited.name}: the text has {named}, another year than the reference list")
    if cited.not_listed:
        yield Warning_("reference-not-found", f"“{cited.found.text}” is not in the reference list: {cited.not_listed}")
    yield from _notices(cited)
    yield from _design(cited)
    yield from _versions(cited)
    if cited.siblings:
        others = "; ".join(f"{facts.citation or facts.title} ({facts.id})" for facts in cited.siblings)
        later = [facts for facts in cited.siblings if cited.year and facts.year and facts.year > cited.year]
        newest = f", the newest of {max(facts.year or 0 for facts in later)}" if later else ""
        yield Warning_("same-study", f"{cited.name}: other reports of the same study{newest}: {others}")


def _versions(cited: Cited) -> Iterator[Warning_]:
    """A preprint that was published, a review that was updated."""
    for facts in cited.versions:
        named = f"{facts.citation or facts.title} ({facts.id})"
        if cited.facts and cited.facts.kind == Kind.PREPRINT:
            yield Warning_(
                "newer-evidence", f"{cited.name}: a preprint; published as an article in {facts.year}: {named}"
            )
        else:
            yield Warning_("newer-evidence", f"{cited.name}: the review was updated in {facts.year}: {named}")


def _resolution(cited: Cited) -> Iterator[Warning_]:
    resolution = cited.resolution
    if not resolution.looked_up:
        yield Warning_("not-checked", f"{cited.name}: not looked up: {resolution.reason}")
    elif not resolution.report:
        known = f"; known to the maintainers as {cited.source.id}" if cited.source else ""
        other = f"; {resolution.reason}" if OWNER in resolution.reason else _where_it_is(cited.standing)
        yield Warning_("reference-not-found", f"{cited.name}: not found in the library{known}{other}")
    differing = [name for name, result in resolution.fields.items() if result not in _NOT_COMPARED]
    if resolution.report and differing:
        said = "; ".join(_differing(cited, name) for name in differing)
        yield Warning_("reference-differs", f"{cited.name}: differs from {resolution.report} in {said}")
    if resolution.level == "likely" and resolution.report:
        best = max((c.confidence for c in resolution.candidates), default=0.0)
        likely = [c for c in resolution.candidates if c.confidence >= _WORTH_NAMING * best]
        titles = "; ".join(f"{c.title} ({c.report})" for c in likely)
        yield Warning_(
            "reference-ambiguous",
            f"{cited.name}: likely, to be confirmed by a person ({resolution.reason}); candidates: {titles}",
        )
    elif cited.alike and cited.found.kind != "list":  # a list says which
        yield Warning_("reference-ambiguous", _several(cited))


def _where_it_is(standing: Standing) -> str:
    """Of a reference that the library does not hold: that PubMed has it, or that it is not PubMed's kind."""
    if standing.fetchable and standing.answer == IN_PUBMED:
        return f"; PubMed has it (PMID {standing.fetchable}): ‘evidence fetch {standing.fetchable}’ brings it here"
    return f"; {standing.reason}" if standing.answer == OTHER_KIND else ""


def _standing(cited: Cited) -> Iterator[Warning_]:
    standing, work = cited.standing, cited.standing.work
    if standing.answer == NO_SUCH_WORK:
        said = f"{standing.reason}. PubMed would have to hold {standing.would_hold}"
        yield Warning_("no-such-work", f"{cited.name}: {said}")
    elif standing.answer == OF_ANOTHER:
        yield Warning_("identifier-of-another-work", f"{cited.name}: {standing.reason}")
    elif standing.answer == DESCRIBED_WRONGLY and work is not None:
        said = "; ".join(
            f"{_FIELD_NAMES.get(one.field, one.field)} (printed {one.printed or 'none'}, known {one.known or 'none'})"
            for one in standing.differs
            if one.grave
        )
        named = f"“{work.title}”" + (f", PMID {work.pmid}" if work.pmid else "")
        yield Warning_("described-wrongly", f"{cited.name}: the work is {named}; differs in {said}")
    if standing.retracted and work is not None:
        yield Warning_("retracted", f"{cited.name}: PubMed’s record says retracted (PMID {work.pmid}; from the index)")


def _differing(cited: Cited, name: str) -> str:
    """``year (printed 2020, in the library 2021)``; of a title the name alone, for both are shown in full beside it."""
    parsed, listed = cited.found.parsed, cited.listed
    if listed is None:
        return _FIELD_NAMES.get(name, name)
    printed, known = {
        "year": (parsed.year, listed.year), "volume": (parsed.volume, listed.volume),
        "first_page": (parsed.first_page, listed.pages), "journal": (parsed.journal, listed.journal),
        "first_author": (parsed.authors[0] if parsed.authors else "", listed.first_author),
        "doi": (parsed.doi, listed.doi), "pmid": (parsed.pmid, listed.pmid),
    }.get(name, ("", ""))  # fmt: skip
    both = f" (printed {printed or 'none'}, in the library {known or 'none'})" if printed or known else ""
    return f"{_FIELD_NAMES.get(name, name)}{both}"


def _several(cited: Cited) -> str:
    note = f" ({cited.source.note})" if cited.source and cited.source.note else ""
    return f"“{cited.name}” is one of several; nothing printed says which. Others: {_listed(cited.alike)}{note}"


def _listed(names: Sequence[str]) -> str:
    rest = f"; and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return "; ".join(names[:_MOST_NAMED]) + rest


def _notices(cited: Cited) -> Iterator[Warning_]:
    seen = set()
    reinstated = cited.facts is not None and cited.facts.status == Status.REINSTATED
    for notice in cited.notices:
        code = NOTICE_CODES.get(notice.kind)
        if reinstated and notice.kind in LIFTED_NOTICES:
            continue  # told with the reinstatement
        if code and (code, notice.pmid) not in seen:
            seen.add((code, notice.pmid))
            when = f", {notice.date}" if notice.date else ""
            asked = f"checked {notice.checked_at}" if notice.checked_at else "when it was checked is not known"
            yield Warning_(code, f"{cited.name}: {notice.kind}{when} (source {notice.source}, {asked})")
    status = _STATUS_CODES.get(cited.facts.status) if cited.facts else None
    if status and not any(code == status for code, _ in seen):
        yield Warning_(status, f"{cited.name}: {cited.facts.status if cited.facts else ''} in the library")
    if cited.known and not cited.checks and not cited.notices:
        yield Warning_("not-checked", f"{cited.name}: retraction, concern and correction were not checked")


def _design(cited: Cited) -> Iterator[Warning_]:
    facts, source = cited.facts, cited.source
    controlled = facts.controlled if facts and facts.controlled is not None else source.controlled if source else None
    design = (facts.design if facts else None) or (source.design if source else "")
    if controlled is False or (controlled is None and design in _NO_CONTROL and cited.reading.basis):
        what = (source.design_note if source else "") or (facts.design_label if facts else design)
        said = "no control group" if controlled is False else "no control group is named in what could be read"
        yield Warning_("no-control-group", f"{cited.name}: {said} ({what}){_basis(cited)}")
    open_label = facts.open_label if facts and facts.open_label is not None else source.open_label if source else None
    if open_label:
        yield Warning_("open-label", f"{cited.name}: open label{_basis(cited)}")


def _basis(cited: Cited) -> str:
    return f"; {cited.reading.note}" if cited.reading.note else ""


def reference_row(cited: Cited) -> ReferenceRow:
    """A reference as the JSON shows it."""
    resolution = cited.resolution
    return {
        "text": cited.found.text, "start": cited.found.start, "end": cited.found.end, "kind": cited.found.kind,
        "number": cited.found.number, "level": resolution.level, "report": resolution.report, "pmid": resolution.pmid,
        "confidence": resolution.confidence, "reason": resolution.reason, "fields": dict(resolution.fields),
        "candidates": [
            {"report": c.report, "title": c.title, "confidence": c.confidence} for c in resolution.candidates
        ],
        "named_alike": list(cited.alike), **_notice_rows(cited), **_known(cited),
        "same_study": [facts.id for facts in cited.siblings],
        "free_copy": cited.free_copy, "source": cited.source.id if cited.source else None,
        "read_from": cited.reading.basis or "not checked", "note": cited.reading.note or None,
        "searches": {} if resolution.report else searches(cited.found.parsed.title or cited.found.text),
        "standing": standing_row(cited.standing),
        "warnings": [warning.as_dict() for warning in reference_warnings(cited)],
    }  # fmt: skip


def standing_row(standing: Standing) -> StandingRow:
    """A standing as the JSON shows it, here and in the answers of ``evidence resolve``."""
    return {
        "answer": standing.answer, "reason": standing.reason, "work": _work(standing.work, standing.in_library),
        "differs": [
            {"field": one.field, "printed": one.printed, "known": one.known, "grave": one.grave}
            for one in standing.differs
        ],
        "owner": _work(standing.owner, standing.owner_in_library), "kind": standing.kind or None,
        "would_hold": standing.would_hold or None, "covers": standing.covers or None, "fetch": standing.fetchable,
        "retracted": standing.retracted,
    }  # fmt: skip


def _work(work: CitedReport | None, report: str | None) -> WorkRow | None:
    return {"pmid": work.pmid, "report": report, "title": work.title} if work else None


class _Notices(TypedDict):
    notices: list[NoticeRow]
    notices_checked: list[NoticeCheck] | Literal["not checked"]


def _notice_rows(cited: Cited) -> _Notices:
    checked: list[NoticeCheck] = [
        {"source": c.source, "checked_at": c.checked_at, "outcome": c.outcome} for c in cited.checks
    ]
    notices: list[NoticeRow] = [
        {"kind": n.kind, "source": n.source, "checked_at": n.checked_at, "date": n.date, "pmid": n.pmid}
        for n in cited.notices
    ]
    return {"notices": notices, "notices_checked": checked or "not checked"}


class _Known(TypedDict):
    title: str | None
    design: str | None
    design_label: str | None
    design_note: str | None
    sample_size: int | None
    follow_up_months: float | None
    open_label: bool | None
    controlled: bool | None
    funding: str | None
    conflict_statement: str | None
    year: int | None
    evidence_level: int | None


def _known(cited: Cited) -> _Known:
    """What the record says of the report, and where it says nothing, what the ledger does; ``None``: neither."""
    facts, source = cited.facts, cited.source
    return {
        "title": _said(facts.title if facts else None, source.title if source else None),
        "design": _said(facts.design if facts else None, source.design if source else None),
        "design_label": _said(facts.design_label if facts else None, source.design_note if source else None),
        "design_note": _said(source.design_note if source else None),
        "sample_size": _said(facts.sample_size if facts else None, source.n if source else None),
        "follow_up_months": _said(facts.follow_up_months if facts else None),
        "open_label": _said(facts.open_label if facts else None, source.open_label if source else None),
        "controlled": _said(facts.controlled if facts else None, source.controlled if source else None),
        "funding": _said(facts.funding if facts else None, source.funding if source else None),
        "conflict_statement": _said(facts.conflict_statement if facts else None),
        "year": cited.year,
        "evidence_level": cited.level,
    }


def _said(*values: T | None) -> T | None:
    """The first value that says something; an empty text says nothing, ``False`` and 0 do."""
    return next((value for value in values if value is not None and value != ""), None)
