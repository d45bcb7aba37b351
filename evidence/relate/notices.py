"""PubMed's CommentsCorrectionsList as relations and notices, from whichever side they are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from evidence.bibliography.dates import ANY_SHORT_MONTH, month_number
from evidence.bibliography.markers import notice_of, own_notice
from evidence.model import LIFTED_NOTICES, Status
from evidence.record import Correction, Record
from evidence.relate.kinds import NOTICES, REF_TYPES, REINSTATEMENT, STATUS_OF
from evidence.relate.names import Names
from evidence.relate.shelf import Shelf
from evidence.relate.titles import is_early
from evidence.relate.types import Notice, Relation, Trait

_DATE = re.compile(rf"\b((?:19|20)\d\d)(?: ({ANY_SHORT_MONTH})[a-z]*(?: (\d{{1,2}})\b)?)?")


def pubmed_relations(names: Names, shelf: Shelf) -> Iterator[Relation]:
    """Relations between reports that are both in the library."""
    for name, record in shelf.having(Trait.CORRECTED):
        for correction in record.corrections:
            other = names.corrected(correction)
            if correction.ref_type not in REF_TYPES or other is None or other == name:
                continue
            kind, is_notice = REF_TYPES[correction.ref_type]
            report, related = (name, other) if is_notice else (other, name)
            kind, report, related = _of_versions(names, kind, report, related)
            kind = _as_titled(names.reports[report], kind)
            yield Relation(report, related, kind, "pubmed", f"{correction.ref_type} in PMID {record.pmid or name}")


def _of_versions(names: Names, kind: str, report: str, related: str) -> tuple[str, str, str]:
    """PubMed calls the article of a preprint its update; here the preprint is the preprint of the article."""
    if kind == "update" and is_early(names.reports[related]) and not is_early(names.reports[report]):
        return "preprint", related, report
    return kind, report, related


def _as_titled(record: Record, kind: str) -> str:
    """PubMed has one type for comments and replies; the title tells a reply."""
    return "reply" if kind == "comment" and notice_of(record.title) == "reply" else kind


def find_notices(names: Names, shelf: Shelf, relations: Sequence[Relation], issued: frozenset[str]) -> list[Notice]:
    """What was published about each report: named by it, by the notice, or in its own title and types.

    One notice for each report, kind and PMID; those without a PMID are one for each kind, their texts joined. What
    stands in the title of a notice itself (``issued``: reports that are notices) is not said of the notice.
    """
    found: dict[tuple[str, str, str | None], Notice] = {}

    def add(notice: Notice) -> None:
        key = (notice.report, notice.kind, notice.notice_pmid)
        held = found.get(key)
        if held is None:
            found[key] = notice
        elif notice.notice_pmid is None and notice.text not in held.text:
            found[key] = Notice(
                *key[:2], None, held.notice_date or notice.notice_date, f"{held.text}; {notice.text}", held.source
            )

    for name, record in shelf.having(Trait.CORRECTED):
        for correction in record.corrections:
            kind, is_notice = REF_TYPES.get(correction.ref_type, ("", True))
            if kind in NOTICES and not is_notice and correction.pmid != record.pmid:
                add(_named(names, name, kind, correction))
    for relation in relations:
        if relation.kind in NOTICES:
            add(_held(names, relation))
    noted = {key[:2] for key in found}
    for name, record in shelf.having(Trait.OWN):
        for kind, text, source in _own(record) if name not in issued else ():
            if (name, kind) not in noted:
                add(Notice(name, kind, None, None, text, source))
    return sorted(found.values(), key=lambda n: (n.report, n.kind, n.notice_pmid or ""))


def _named(names: Names, report: str, kind: str, correction: Correction) -> Notice:
    """A notice that the article names; its date is that of the notice where the library holds it."""
    held = names.corrected(correction)
    date = names.reports[held].publication_date if held else ""
    return Notice(
        report, kind, correction.pmid, date or citation_date(correction.ref_source), correction.ref_source, "pubmed"
    )


def _held(names: Names, relation: Relation) -> Notice:
    record = names.reports[relation.report]
    date = record.publication_date or (str(record.year) if record.year else None)
    text = f"{record.title} {record.journal_abbreviation or record.journal}".strip()
    return Notice(relation.related, relation.kind, record.pmid, date, text, relation.source)


def _own(record: Record) -> Iterator[tuple[str, str, str]]:
    """What a report's own publication types and title say: retracted, withdrawn, published with a concern."""
    kind, told = own_notice(record.title, record.type_names())
    if kind and told == "title":
        yield kind, f"title: {record.title}", "title"
    elif kind:
        yield kind, f"publication {told}", "pubmed" if record.source == "pubmed" else "type"


def citation_date(citation: str) -> str | None:
    """The date in NLM's citation of a notice, as precise as it is: ``J Sex Med. 2018 Feb;15(2):270.`` → ``2018-02``."""
    match = _DATE.search(citation)
    if not match:
        return None
    year, month, day = match.groups()
    parts = [year, f"{month_number(month):02}" if month else "", f"{int(day):02}" if day else ""]
    return "-".join(part for part in parts if part)


def find_statuses(notices: Sequence[Notice]) -> dict[str, str]:
    """The status of every report that has a notice: its most serious one that was not taken back."""
    reinstated: dict[str, str] = {}
    for notice in notices:
        if notice.kind == REINSTATEMENT and notice.notice_date:
            reinstated[notice.report] = max(notice.notice_date, reinstated.get(notice.report, ""))
    statuses: dict[str, str] = {}
    for notice in notices:
        if notice.kind in LIFTED_NOTICES and _before(notice.notice_date, reinstated.get(notice.report)):
            continue
        other = Status.REINSTATED if notice.kind == REINSTATEMENT else Status.NO_NOTICE
        status = STATUS_OF.get(notice.kind, other.value)
        if Status(status).gravity > Status(statuses.get(notice.report, Status.NO_NOTICE)).gravity:
            statuses[notice.report] = status
    return statuses


def _before(retracted: str | None, reinstated: str | None) -> bool:
    """Whether a retraction was before a reinstatement, both as precise as they are known.

    Within one month or year of which no more is known it was: what is reinstated was retracted. Without a date nobody
    knows, and it stands.
    """
    if not retracted or not reinstated:
        return False
    return retracted < reinstated if len(retracted) == len(reinstated) == 10 else retracted[:7] <= reinstated[:7]
