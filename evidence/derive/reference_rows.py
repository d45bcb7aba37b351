"""What a report cites, from the reference list that PubMed prints with it: numbers, and of systematic reviews all."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.bibliography.normal import normal_doi
from evidence.derive.held import Report
from evidence.derive.rows import Row
from evidence.references import parse_reference

# Designs whose reference lists name the studies that they found.
REVIEWS = frozenset({"systematic_review", "meta_analysis"})
# A reference list of a record that is damaged or no list at all; the longest of a Cochrane review has some 2,000.
MOST = 5_000
CITED_NUMBERS = "cited_numbers"


def reference_rows(report: Report) -> Iterator[Row]:
    """Rows of ``cited_numbers`` (which a build joins with the reports that it holds) and of ``review_references``."""
    numbers: dict[str, None] = {}
    review = bool(REVIEWS & report.tags.design.designs.keys())
    for position, reference in enumerate(report.record.references[:MOST]):
        doi = normal_doi(reference.doi)
        if number := reference.pmid or doi:
            numbers.setdefault(number)
        if review:
            title = parse_reference(reference.citation).title if reference.citation else ""
            yield (
                "review_references",
                {
                    "review": report.id,
                    "position": position,
                    "pmid": reference.pmid,
                    "doi": doi,
                    "title": title or None,
                    "citation": reference.citation or None,
                },
            )
    for number in numbers:
        yield CITED_NUMBERS, {"citing": report.id, "number": number}
