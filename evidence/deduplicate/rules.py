"""What forbids a merge and what earns one: two tables, each line with its reason.

A veto is looked for first, and one is enough. A merge needs two reasons that do not depend on one another (an
identifier, the title, the authors, the place, the abstract). ``tests/deduplicate/cases.yml`` has pairs for every line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evidence.deduplicate.compare import Comparison
from evidence.deduplicate.places import cochrane_number
from evidence.deduplicate.prepare import Details
from evidence.deduplicate.titles import Level


@dataclass(frozen=True, slots=True)
class Rule:
    """``applies`` looks at a comparison; ``score`` is how sure a merge by this rule is (0 for a veto)."""

    name: str
    reason: str
    applies: Callable[[Comparison], bool]
    score: float = 0.0


# A merge by a rule at or above this holds on its own; below it, a cluster of three or more needs a second one.
STRONG = 0.9
# Before the pages on which congress abstracts are printed: S500, A195, P12.
CONGRESS_PREFIXES = frozenset({"s", "a", "p"})
# Titles of so few words recur ("Editorial", "Author reply"): they are no reason by themselves.
SHORT_TITLE_WORDS = 3
# A column's name: one team writes many under it. "Pelvic pain" by the same team in the same journal is one article.
COLUMN_WORDS = frozenset(
    "abstract abstracts announcement answer authors available book case cases clinical comment commentary comments"
    " conclusion contents conversation correspondence discussion editor editorial editors foreword highlights image"
    " images index interview introduction issue letter letters memoriam message news note notes obituary overview"
    " perspective picture poster preface president question quiz reflections remarks reply report response review"
    " reviews summary symposium untitled update viewpoint welcome".split()
)


def _corrections(c: Comparison) -> bool:
    return c.left.pmid in c.right.corrected or c.right.pmid in c.left.corrected


def _notice(c: Comparison) -> bool:
    one, other = c.left_details.markers.notice, c.right_details.markers.notice
    if one == other or (c.pmid and c.title.level == Level.EXACT):
        return False  # one PMID and title: a database that leaves the publication types out
    letters = {"reply", "comment"}
    return not ({one, other} <= letters or ({one, other} <= {*letters, ""} and _letter_retitled(c)))


def _letter_retitled(c: Comparison) -> bool:
    """A letter that one database prints under its own title and another with "Letter": same DOI, authors and words."""
    return c.identified and c.names.complete and c.title.level >= Level.CONTAINED


def _kind(c: Comparison) -> bool:
    return c.left_details.markers.kinds != c.right_details.markers.kinds and not c.identified


def _congress(c: Comparison) -> bool:
    """A page of a congress supplement beside an article that has no page yet: the paper that came of the abstract."""
    if c.identified or c.abstract is True:
        return False
    one, other = c.left_details, c.right_details
    return (_congress_page(one) and _unplaced(other)) or (_congress_page(other) and _unplaced(one))


def _congress_page(item: Details) -> bool:
    pages = item.pages
    return pages.prefix in CONGRESS_PREFIXES and pages.number != "" and pages.last in ("", pages.number)


def _unplaced(item: Details) -> bool:
    return not item.volume and not item.pages.number and not item.pages.last


def _preprint(c: Comparison) -> bool:
    one, other = ("preprint" in details.markers.kinds for details in (c.left_details, c.right_details))
    return one != other and not c.identified


def _twins(c: Comparison) -> bool:
    return bool(c.title.twins)


def _parts(c: Comparison) -> bool:
    one, other = c.left_details.markers.parts, c.right_details.markers.parts
    return one != other and (bool(one and other) or not (c.identified or c.place)) and c.title.level != Level.EXACT


def _pmid(c: Comparison) -> bool:
    return c.pmid is False and not (c.doi is True and c.left.doi == c.right.doi and c.title.level == Level.EXACT)


def _doi(c: Comparison) -> bool:
    if c.doi is not False or c.pmid:
        return False
    # One page of one journal holds one document, whatever a database says its DOI is.
    mistaken = c.pages is True and c.years == 0 and c.slip
    return not mistaken


def _pages(c: Comparison) -> bool:
    if c.pages is not False or c.identified:
        return False
    one_issue = (
        c.same_words
        and c.journal is True
        and c.volume is True
        and c.issue is True
        and c.years == 0
        and c.names.count >= 3
    )
    return not one_issue and not (c.volume is not False and c.slip)


def _volume(c: Comparison) -> bool:
    return (
        c.volume is False
        and not (c.pages is True and c.years == 0)
        and not c.identified
        and not (c.slip and c.pages is not False)
    )


def _journal(c: Comparison) -> bool:
    if c.journal is not False or c.identified or c.place:
        return False
    renamed = c.same_words and c.volume is True and c.issue is True and c.years == 0
    copied = c.title.level == Level.EXACT and c.abstract is True and c.pages is True and c.volume is not False
    return not renamed and not copied


def _issue(c: Comparison) -> bool:
    return (
        c.issue is False
        and c.volume is True
        and not (c.same_range and c.same_words)
        and not c.identified
        and not c.slip
    )


def _names(c: Comparison) -> bool:
    swapped = c.title.level == Level.EXACT and c.left.words.count(" ") >= SHORT_TITLE_WORDS
    return c.names.differ and not (swapped and (c.identified or (c.place and c.journal is True) or c.abstract is True))


def _update(c: Comparison) -> bool:
    """Cochrane reviews keep their number; the issue in which a version stands is printed as its volume."""
    number = cochrane_number(c.left_details.pages, c.left.doi)
    if not number or number != cochrane_number(c.right_details.pages, c.right.doi) or c.pmid:
        return False
    # Before 2005 updates kept the DOI: three years lie between two PMIDs of one.
    return (c.years or 0) > 1 or (not c.doi and (c.volume is False or c.issue is False or bool(c.years)))


def _year(c: Comparison) -> bool:
    late = c.years == 2 and c.ahead and c.volume is None and c.same_words and c.abstract is True  # two years from online to print
    return c.years is not None and c.years > 1 and not c.identified and not (c.place and c.years < 4) and not late


def _repeats(c: Comparison) -> bool:
    if c.identified or c.place:
        return False
    short = min(c.left.words.count(" "), c.right.words.count(" ")) < SHORT_TITLE_WORDS - 1
    notice = bool(c.left_details.markers.notice) and not (c.same_words and c.ahead)
    return notice or (short and not _own_short_title(c))


def _own_short_title(c: Comparison) -> bool:
    """A short title that is no column's, by one team of several, in one issue or before it has one."""
    words = c.left.words.split()
    return (
        c.title.level == Level.EXACT
        and bool(words)
        and COLUMN_WORDS.isdisjoint(words)
        and c.journal is True
        and c.names.count > 1
        and c.names.complete
        and (c.ahead or (c.volume is True and c.issue is True and c.years == 0))
    )


def _abstracts(c: Comparison) -> bool:
    return c.abstract is False and c.title.level < Level.NEAR and not c.place


def _numbers(c: Comparison) -> bool:
    spelt = c.title.level >= Level.CONTAINED or c.title.score >= 0.95
    return not c.title.numbers and not c.identified and not (c.place and spelt)


# In the order in which they cost least: what a title or an author list must be read for comes last.
VETOES: tuple[Rule, ...] = (
    Rule("correction", "PubMed names one as a correction of, a comment on or an update of the other", _corrections),
    Rule("notice", "one is an erratum, retraction, concern, reply or comment and the other is not", _notice),
    Rule("preprint", "a preprint and the article that came of it are two reports, linked", _preprint),
    Rule("kind", "protocol and results, summary and full text, translation and original are two reports", _kind),
    Rule("congress", "a congress abstract and the paper that came of it are two reports, linked", _congress),
    Rule("pmid", "two PMIDs are two documents, unless DOI and title are the same", _pmid),
    Rule("doi", "two registered DOIs are two documents, unless they are versions of one", _doi),
    Rule("update", "a Cochrane review and its update are two reports, the newer supersedes", _update),
    Rule("year", "more than a year apart", _year),
    Rule("journal", "the same guideline or congress abstract in two journals is two reports", _journal),
    Rule("volume", "they are in different volumes", _volume),
    Rule("issue", "they are in different issues of one volume", _issue),
    Rule("pages", "they begin on different pages", _pages),
    Rule("twins", "companion papers on women and men, adults and children, in vitro and in vivo", _twins),
    Rule("parts", "numbered companions", _parts),
    Rule("numbers", "the titles count differently (phase 2 and 3, 2019 and 2020)", _numbers),
    Rule("authors", "nobody wrote both", _names),
    Rule(
        "repeating title",
        "editorials, replies and notices repeat their titles: only identifier or place counts",
        _repeats,
    ),
    Rule("abstracts", "different titles over different abstracts", _abstracts),
)


def _doi_title(c: Comparison) -> bool:
    return c.doi is True and c.title.level >= Level.CONTAINED


def _doi_authors(c: Comparison) -> bool:
    alike = c.title.level >= Level.RELATED or c.place or c.abstract is True or c.ahead
    return c.doi is True and c.names.same and c.pages is not False and c.abstract is not False and alike


def _pmid_other(c: Comparison) -> bool:
    return c.pmid is True and (c.title.level >= Level.RELATED or c.names.same)


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
    own_place = c.same_range or (c.left_details.pages.article_number and c.right_details.pages.article_number)
    return c.place and own_place and known and c.names.complete and c.title.level >= Level.RELATED


def _rewritten_ahead(c: Comparison) -> bool:
    return c.title.level >= Level.CONTAINED and c.ahead and c.journal is True and c.names.complete


def _short_issue(c: Comparison) -> bool:
    one_issue = c.volume is True and c.issue is True and c.years == 0 and c.journal is True
    return c.title.level >= Level.CONTAINED and one_issue and c.names.complete


def _rewritten_abstract(c: Comparison) -> bool:
    return c.title.level >= Level.RELATED and c.abstract is True and c.names.same and c.journal is True


def _nobody(c: Comparison) -> bool:
    one_sided = bool(c.left.authors) != bool(c.right.authors)
    soon = c.ahead or (one_sided and c.years == 0)
    return (
        c.names.unknown and soon and c.title.level == Level.EXACT and c.journal is True and c.left.words.count(" ") >= 7
    )


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
    Rule("pmid", "same PMID, and title or authors agree", _pmid_other, 1.0),
    Rule("doi and title", "same DOI and title (or its short form)", _doi_title, 1.0),
    Rule("title and place", "same title, volume and first page", _title_place, 0.98),
    Rule("doi and authors", "same DOI and authors: title rewritten or translated", _doi_authors, 0.95),
    Rule("title, authors, journal", "same title, authors and journal, in print or ahead", _title_authors_journal, 0.95),
    Rule("near title and place", "title misspelt or without subtitle; same volume, page, and authors or journal", _near_place, 0.95),
    Rule("near title, authors, journal", "title spelt otherwise; same authors and journal", _near_journal, 0.9),
    Rule("title and abstract", "same title over the same abstract", _title_abstract, 0.9),
    Rule("place and authors", "same place and authors: title rewritten or translated", _rewritten_place, 0.9),
    Rule("title and authors", "same long title and authors, no journal to compare", _title_authors, 0.85),
    Rule(
        "rewritten title and abstract",
        "same abstract, authors and journal under a new title",
        _rewritten_abstract,
        0.9,
    ),
    Rule("longer title ahead of print", "all words of a title, same authors and journal", _rewritten_ahead, 0.8),
    Rule("short title and issue", "one title begins the other; same authors, journal, volume and issue", _short_issue, 0.8),
    Rule("title and journal", "same long title and journal, and no authors to compare", _nobody, 0.8),
)


def vetoed(comparison: Comparison) -> Rule | None:
    """The first veto that applies."""
    return next((rule for rule in VETOES if rule.applies(comparison)), None)


def matched(comparison: Comparison) -> Rule | None:
    """The surest merge rule that applies, vetoes not considered."""
    return next((rule for rule in MERGE_RULES if rule.applies(comparison)), None)
