"""A report as rows of the public tables. Pure: what goes in is all that comes out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evidence.build.citation import author_list, citation
from evidence.build.reports import Report
from evidence.relate import Related

Row = tuple[str, dict[str, Any]]

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
        "title": record.title or "[no title]",
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
    found = related.statuses.get(report.id, "no_notice")
    if found == "no_notice" and not any(held.source == "pubmed" for held in report.held):
        return "unchecked"
    return found


def abstract_state(report: Report) -> str:
    if report.record.abstract:
        return PRESENT
    sources = {held.source for held in report.held}
    if "pubmed" in sources:
        return NONE_IN_PUBMED
    return NOT_IN_STARTER if "starter" in sources else NOT_SUPPLIED


def detail_rows(report: Report) -> Iterator[Row]:
    """The rows of one report in the tables that hang on it; tags are in ``tag_tables``."""
    record = report.record
    for position, section in enumerate(record.abstract):
        yield (
            "abstracts",
            {
                "report": report.id,
                "position": position,
                "section": section.label or None,
                "category": section.category or None,
                "text": section.text,
            },
        )
    for position, author in enumerate(record.authors):
        yield (
            "authors",
            {
                "report": report.id,
                "position": position,
                "name": author.name,
                "family": author.family or None,
                "given": author.given or author.initials or None,
                "orcid": author.orcid or None,
                "affiliation": "; ".join(author.affiliations) or None,
            },
        )
    for ui, mesh in {mesh.ui or mesh.heading: mesh for mesh in record.mesh}.items():
        yield (
            "report_mesh",
            {
                "report": report.id,
                "ui": ui,
                "heading": mesh.heading,
                "major": mesh.major or any(major for _, _, major in mesh.qualifiers),
                "qualifiers": "; ".join(name for _, name, _ in mesh.qualifiers) or None,
            },
        )
    for name in sorted(record.type_names()):
        yield "report_types", {"report": report.id, "name": name}


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
