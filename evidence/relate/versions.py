"""Versions of one Cochrane review, told by the DOI (``10.1002/14651858.CD014789.pub2``) or its number in the pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from evidence.bibliography.doi_versions import cochrane_review
from evidence.bibliography.markers import kinds_of
from evidence.bibliography.normal import normal_doi
from evidence.record import Record
from evidence.relate.shelf import Shelf
from evidence.relate.titles import SHARED_AUTHORS, shared_authors, similar_titles
from evidence.relate.types import Relation, Trait

_PAGES = re.compile(r"^\s*([a-z]{2}\d{6})\b", re.I)


def review_of(record: Record) -> tuple[str, int] | None:
    """The number of the Cochrane review that a report is a version of, and the version, 0 where the pages tell."""
    if review := cochrane_review(normal_doi(record.doi)):
        return review
    pages = _PAGES.match(record.pages) if "ochrane" in record.journal + record.journal_abbreviation else None
    return (pages.group(1).lower(), 0) if pages else None


def cochrane_updates(shelf: Shelf) -> Iterator[Relation]:
    """Each version is an update of the one before it; so the newest supersedes all. A protocol is its review's.

    Before 2005 updates kept the DOI, and some records have none: then the number in the pages and the year tell.
    """
    reports = shelf.reports
    versions: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for name, record in shelf.having(Trait.COCHRANE):
        if known := review_of(record):
            versions[known[0]].append((known[1], record.year or 0, name))
    for review, found in versions.items():
        if any(not version for version, _, _ in found):
            found = [(0, year, name) for _, year, name in found]
        for (before, earlier, older), (after, later, newer) in pairwise(sorted(found)):
            if after == before and (later == earlier or not _one_review(reports[newer], reports[older])):
                continue
            why = f"version {after} of" if after > before else f"{later or 'later'} version of"
            protocol = "protocol" in kinds_of(reports[older].title) or reports[older].kind == "protocol"
            report, related, kind = (older, newer, "protocol") if protocol else (newer, older, "update")
            yield Relation(
                report, related, kind, "doi" if after else "title", f"{why} Cochrane review {review.upper()}"
            )


def _one_review(one: Record, other: Record) -> bool:
    """Whether two records under one number are one review's: numbers are mistyped too."""
    return shared_authors(one, other) >= SHARED_AUTHORS or similar_titles(one.title, other.title)
