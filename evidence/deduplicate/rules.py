"""What earns a merge: a table of rules, each with its reason; :mod:`evidence.deduplicate.vetoes` says what forbids one.

A merge needs two reasons that do not depend on one another (an identifier, the title, the authors, the place, the
abstract). ``tests/deduplicate/cases.yml`` has pairs for every line of both tables.
"""

from __future__ import annotations

from evidence.deduplicate.compare import Comparison
from evidence.deduplicate.titles import Level
from evidence.deduplicate.vetoes import VETOES, Rule, vetoed

__all__ = ["MERGE_RULES", "STRONG", "VETOES", "Rule", "matched", "vetoed"]

# A merge by a rule at or above this holds on its own; below it, a cluster of three or more needs a second one.
STRONG = 0.9


def _doi_title(c: Comparison) -> bool:
    return c.doi is True and c.title.level >= Level.CONTAINED


def _doi_authors(c: Comparison) -> bool:
    alike = c.title.level >= Level.RELATED or c.place or c.abstract is True or c.ahead
    return c.doi is True and c.names.same and c.pages is not False and c.abstract is not False and alike


def _pmid_other(c: Comparison) -> bool:
    return c.pmid is True and (c.doi is True or c.title.level >= Level.RELATED or c.names.same)


def _registration(c: Comparison) -> bool:
    return c.registration is True and c.title.level >= Level.RELATED


def _title_place(c: Comparison) -> bool:
    return c.title.level == Level.EXACT and c.place and (c.names.same or c.journal is True)


def _title_authors_journal(c: Comparison) -> bool:
    return c.title.level == Level.EXACT and c.names.same and c.journal is True


def _near_place(c: Comparison) -> bool:
    known = c.names.same or (c.names.unknown and c.journal is True and c.volume is True and (c.years or 0) < 2)
    return c.title.level >= Level.CONTAINED and c.place and known


def _near_journal(c: Comparison) -> bool:
    return c.title.level == Level.NEAR and c.names.same and c.journal is True


def _rewritten_place(c: Comparison) -> bool:
    known = c.journal is True or (c.journal is None and c.title.score >= 0.9)
    return c.place and c.own_page and known and c.names.complete and c.title.level >= Level.RELATED


def _retranslated(c: Comparison) -> bool:
    one, other = (item.title.lstrip().startswith("[") for item in (c.left, c.right))
    place = c.place and c.volume is True and c.issue is not False and c.years == 0 and c.journal is True
    # On a single page a team may have two abstracts: there one database must have put the title in brackets, the other
    # not, and the titles must be on one matter.
    told = c.own_page or (one != other and c.title.level >= Level.RELATED)
    return (one or other) and place and told and c.names.complete


def _rewritten_ahead(c: Comparison) -> bool:
    return c.title.level >= Level.CONTAINED and c.ahead and c.journal is True and c.names.complete


def _short_issue(c: Comparison) -> bool:
    one_issue = c.volume is True and c.issue is True and c.years == 0 and c.journal is True
    return c.title.level >= Level.CONTAINED and one_issue and c.names.complete


def _rewritten_abstract(c: Comparison) -> bool:
    return c.title.level >= Level.RELATED and c.abstract is True and c.names.same and c.journal is True


def _nobody(c: Comparison) -> bool:
    nobody = not c.left.authors and not c.right.authors
    return nobody and c.title.level == Level.EXACT and c.journal is True and c.ahead and c.left.words.count(" ") >= 7


def _title_abstract(c: Comparison) -> bool:
    return c.title.level >= Level.NEAR and c.abstract is True


def _title_authors(c: Comparison) -> bool:
    # Two gatherings in two years are two papers.
    return (
        c.title.level == Level.EXACT
        and c.names.same
        and c.journal is None
        and c.left.words.count(" ") >= 4
        and (not c.years or (c.years == 1 and c.volume is True and c.issue is True))
    )


MERGE_RULES: tuple[Rule, ...] = (
    Rule("pmid", "same PMID, and title, authors or DOI agree", _pmid_other, 1.0),
    Rule("doi and title", "same DOI and title (or its short form)", _doi_title, 1.0),
    Rule("registration number", "two registrations under one number, titles on one matter", _registration, 1.0),
    Rule("title and place", "same title, volume and first page", _title_place, 0.98),
    Rule("doi and authors", "same DOI and authors: title rewritten or translated", _doi_authors, 0.95),
    Rule("title, authors, journal", "same title, authors and journal, in print or ahead", _title_authors_journal, 0.95),
    Rule(
        "near title and place",
        "title misspelt or cut; same volume, page, and authors or journal",
        _near_place,
        0.95,
    ),
    Rule("near title, authors, journal", "title spelt otherwise; same authors and journal", _near_journal, 0.9),
    Rule("title and abstract", "same title over the same abstract", _title_abstract, 0.9),
    Rule("place and authors", "same place and authors: title rewritten or translated", _rewritten_place, 0.9),
    Rule("title translated twice", "a translated title in brackets; same place and authors", _retranslated, 0.9),
    Rule("title and authors", "same long title and authors, no journal to compare", _title_authors, 0.85),
    Rule(
        "rewritten title and abstract",
        "same abstract, authors and journal under a new title",
        _rewritten_abstract,
        0.9,
    ),
    Rule("longer title ahead of print", "all words of a title, same authors and journal", _rewritten_ahead, 0.8),
    Rule(
        "short title and issue",
        "title without subtitle; same authors, journal, volume and issue",
        _short_issue,
        0.8,
    ),
    Rule("title and journal", "same long title and journal, no authors on either", _nobody, 0.8),
)


def matched(comparison: Comparison) -> Rule | None:
    """The surest merge rule that applies, vetoes not considered."""
    return next((rule for rule in MERGE_RULES if rule.applies(comparison)), None)
