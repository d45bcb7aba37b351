"""A report as rows of the public tables. Pure: what goes in is all that comes out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from evidence.derive.citation import author_list, citation
from evidence.derive.held import Report
from evidence.record import Author, Mesh, Record, Section
from evidence.relate import Related

Row = tuple[str, dict[str, Any]]

NO_TITLE = "[no title]"
# Where a report's abstract is, or why it is not there.
PRESENT, NONE_IN_PUBMED, NOT_IN_STARTER, NOT_SUPPLIED = "present", "none", "starter", "not supplied"


def report_row(report: Report, related: Related, study: str | None, labels: dict[str, str]) -> dict[str, Any]:
    """The row of ``reports``. ``labels`` maps design ids to their labels."""
    record, design = report.record, report.tags.design
    sample = design.sample_size
    return {
        "id": report.id,
        "pmid": record.pmid,
        "doi": record.doi,
        "pmcid": record.pmcid,
        "kind": record.kind,
        "title": record.title or NO_TITLE,
        "vernacular_title": record.vernacular_title or None,
        "authors": author_list(record.authors),
        "first_author": record.authors[0].name if record.authors else None,
        "journal": record.journal_abbreviation or record.journal or None,
        "journal_full": record.journal or None,
        "year": record.year,
        "publication_date": record.publication_date or (str(record.year) if record.year else None),
        "electronic_date": record.electronic_date or None,
        "volume": record.volume or None,
        "issue": record.issue or None,
        "pages": record.pages or None,
        "issn": record.issn or None,
        "journal_abbreviation": record.journal_abbreviation or None,
        "issns": "; ".join(f"{number} ({kind})" if kind else number for number, kind in record.issns) or None,
        "nlm_id": record.nlm_id or None,
        "electronic_id": record.electronic_id or None,
        "record_status": record.status or None,
        "date_completed": record.date_completed or None,
        "history": "; ".join(f"{event} {date}" for event, date in record.history if date) or None,
        "language": ", ".join(record.languages) or None,
        "design": design.design,
        "design_label": labels.get(design.design or ""),
        "evidence_level": design.level,
        "level_reason": design.level_reason or None,
        "sample_size": sample.value if sample else None,
        "sample_size_sentence": sample.sentence if sample else None,
        "sample_size_source": sample.rule if sample else None,
        "follow_up_months": design.follow_up_months,
        **{name: design.flags.get(name) for name in ("open_label", "sham", "placebo", "crossover", "controlled")},
        "protocol": design.protocol,
        "secondary": design.secondary,
        "funding": design.funding or None,
        "conflict_statement": record.conflict_statement or None,
        "scope": report.tags.scope,
        "status": status(report, related),
        "gone_since": report.gone_since,
        "first_seen": report.first_seen,
        "last_revised": record.date_revised or None,
        "abstract_state": abstract_state(report),
        "study": study,
        "citation": citation(record),
        "url": record.url or None,
    }


def status(report: Report, related: Related) -> str:
    """The most serious notice; ``unchecked`` when there is none and PubMed was never asked."""
    found = related.status_of(report.id)
    if found == "no_notice" and not any(held.source == "pubmed" for held in report.held):
        return "unchecked"
    return found


def abstract_state(report: Report) -> str:
    if report.record.shown_abstract()[0]:
        return PRESENT
    sources = {held.source for held in report.held}
    if "pubmed" in sources:
        return NONE_IN_PUBMED
    return NOT_IN_STARTER if "starter" in sources else NOT_SUPPLIED


def detail_rows(report: Report) -> Iterator[Row]:
    """The rows of one report in the tables that hang on it; tags are in ``tag_tables``."""
    record = report.record
    yield from _text_rows(report.id, record)
    for position, author in enumerate(record.authors):
        yield "authors", {"report": report.id, "position": position, **_author(author)}
    for ui, mesh in _by_heading(record.mesh).items():
        yield (
            "report_mesh",
            {
                "report": report.id,
                "ui": ui,
                "heading": mesh.heading,
                "major": mesh.major or any(major for _, _, major in mesh.qualifiers),
                "qualifiers": "; ".join(name for _, name, _ in mesh.qualifiers) or None,
                "printed": mesh.printed,
            },
        )
    for name in sorted(record.type_names()):
        yield "report_types", {"report": report.id, "name": name}
    yield from _lists(report.id, record)


def _text_rows(report: str, record: Record) -> Iterator[Row]:
    """The abstract that is shown, and all those in other languages or of other makers."""
    abstract, language = record.shown_abstract()
    for position, section in enumerate(abstract):
        yield "abstracts", {"report": report, "position": position, "language": language or None, **_section(section)}
    for number, (kind, language, sections) in enumerate(record.other_abstracts):
        of = {"report": report, "number": number, "kind": kind or None, "language": language or None}
        for position, section in enumerate(sections):
            yield "other_abstracts", {**of, "position": position, **_section(section)}


def _section(section: Section) -> dict[str, Any]:
    return {"section": section.label or None, "category": section.category or None, "text": section.text}


def _author(author: Author) -> dict[str, Any]:
    """``affiliations`` is a JSON list where there are several; one alone is its ``affiliation``."""
    several = len(author.affiliations) > 1
    return {
        "name": author.name,
        "family": author.family or None,
        "given": author.given or author.initials or None,
        "suffix": author.suffix or None,
        "orcid": author.orcid or None,
        "affiliation": "; ".join(author.affiliations) or None,
        "affiliations": json.dumps(author.affiliations, ensure_ascii=False) if several else None,
    }


def _by_heading(headings: Iterable[Mesh]) -> dict[str, Mesh]:
    """Each heading once: some files print it again for every qualifier."""
    found: dict[str, Mesh] = {}
    for mesh in headings:
        earlier = found.setdefault(mesh.ui or mesh.heading, mesh)
        if earlier is not mesh:
            more = [qualifier for qualifier in mesh.qualifiers if qualifier not in earlier.qualifiers]
            found[mesh.ui or mesh.heading] = replace(
                earlier, major=earlier.major or mesh.major, qualifiers=[*earlier.qualifiers, *more]
            )
    return found


def _lists(report: str, record: Record) -> Iterator[Row]:
    """Author keywords, registrations and other accessions, grants and corrections, in their order."""
    for position, keyword in enumerate(record.keywords):
        yield "report_keywords", {"report": report, "position": position, "keyword": keyword}
    for position, (bank, accession) in enumerate(record.databanks):
        yield (
            "report_databanks",
            {"report": report, "position": position, "bank": bank or None, "accession": accession},
        )
    for position, grant in enumerate(record.grants):
        yield "report_grants", {"report": report, "position": position, "printed": grant}
    for position, correction in enumerate(record.corrections):
        yield (
            "report_corrections",
            {
                "report": report,
                "position": position,
                "ref_type": correction.ref_type,
                "pmid": correction.pmid,
                "ref_source": correction.ref_source or None,
                "note": correction.note or None,
            },
        )


def record_rows(report: Report) -> Iterator[Row]:
    """Which records a report is made of, why they were merged, and which field came from which."""
    for held in report.held:
        yield (
            "records",
            {
                "id": held.id,
                "source": held.source,
                "source_id": held.source_id,
                "report": report.id,
                "pmid": held.record.pmid,
                "doi": held.record.doi,
                "title": held.record.title,
                "first_seen": held.first_received,
                "last_received": held.last_received,
                "versions": held.versions,
                "gone_since": held.gone_since,
            },
        )
    seen: set[str] = set()
    for merge in report.merges:
        left, right = report.held[merge.left], report.held[merge.right]
        joined = right if right.id not in seen else left
        if joined.id not in seen:
            seen.add(joined.id)
            other = left if joined is right else right
            yield (
                "merges",
                {
                    "report": report.id,
                    "record": joined.id,
                    "rule": merge.rule,
                    "score": merge.score,
                    "other": other.id,
                    "why": merge.why,
                },
            )
    for field, record in report.fields.items():
        yield "field_sources", {"report": report.id, "field": field, "record": record}
