"""What forbids a merge: a table of vetoes, each with its reason. One is enough, and they are looked for first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evidence.deduplicate.compare import Comparison
from evidence.deduplicate.places import cochrane_number, one_digit_apart
from evidence.deduplicate.prepare import Details
from evidence.deduplicate.titles import COLUMN_WORDS, Level, names_something


@dataclass(frozen=True, slots=True)
class Rule:
    """``applies`` looks at a comparison; ``score`` is how sure a merge by this rule is (0 for a veto)."""

    name: str
    reason: str
    applies: Callable[[Comparison], bool]
    score: float = 0.0


# Before the pages on which congress abstracts are printed: S500, A195, P12.
CONGRESS_PREFIXES = frozenset({"s", "a", "p"})
# Titles of so few words recur ("Editorial", "Author reply"): they are no reason by themselves.
SHORT_TITLE_WORDS = 3


def _corrections(c: Comparison) -> bool:
    return c.left.pmid in c.right.corrected or c.right.pmid in c.left.corrected


def _notice(c: Comparison) -> bool:
    one, other = c.left_details.markers.notice, c.right_details.markers.notice
    if one == other or (c.pmid and c.title.level == Level.EXACT):
        return False  # one PMID and title: a database that leaves the publication types out
    if c.doi and c.title.level == Level.EXACT and c.place and c.years == 0:
        return False  # the same, told by everything else
    letters = {"reply", "comment"}
    return not ({one, other} <= letters or ({one, other} <= {*letters, ""} and _letter_retitled(c)))


def _letter_retitled(c: Comparison) -> bool:
    """A letter that one database prints under its own title and another with "Letter": same DOI, authors and words."""
    return c.identified and c.names.complete and c.title.level >= Level.CONTAINED


def _kind(c: Comparison) -> bool:
    other = c.left_details.markers.kinds ^ c.right_details.markers.kinds
    if other == {"retracted"} and c.names.complete:
        return False  # written before the title of the article itself; a notice has other authors
    return bool(other) and not c.identified


def _registration(c: Comparison) -> bool:
    return c.registration is False


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
    return not one_issue and not (c.volume is not False and c.slip) and not _page_slip(c)


def _page_slip(c: Comparison) -> bool:
    """One digit of the first page is wrong: it ends on the same page, and all else agrees."""
    agreed = c.same_words and c.journal is True and c.volume is True and c.issue is not False and c.years == 0
    return agreed and not c.left_details.markers.notice and one_digit_apart(c.left_details.pages, c.right_details.pages)


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
        and not _issue_slip(c)
    )


def _issue_slip(c: Comparison) -> bool:
    """Title, authors, journal, year, volume and page agree: an issue that differs is one database's (a month, a part).

    Issues that each begin on page 1 have columns on one page: a column needs its issue, and a short title or a single
    author more than a first page.
    """
    agreed = c.title.level >= Level.NEAR and c.names.complete and c.journal is True and c.pages is True and c.years == 0
    if not agreed or c.column or c.other_end:
        return False
    long = c.title.level == Level.EXACT and c.left.words.count(" ") >= SHORT_TITLE_WORDS
    return c.own_page or (long and (c.names.count > 1 or c.late_page))


def _column(c: Comparison) -> bool:
    """Issue after issue begins with the editor's column: only the issue, or a page far into the volume, tells which."""
    on_one_page = c.place and (c.other_end or (c.issue is None and not c.late_page))
    return (c.issue is False or on_one_page) and not c.identified and c.column


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
    late = (
        c.years == 2 and c.ahead and c.volume is None and c.same_words and c.abstract is True
    )  # two years from online to print
    return (
        c.years is not None
        and c.years > 1
        and not c.identified
        and not ((c.place and c.years < 4) or late or _year_slip(c))
    )


def _year_slip(c: Comparison) -> bool:
    """A volume has its year: with the same title, authors, journal, volume and pages, another year is mistyped."""
    return c.same_words and c.journal is True and c.volume is True and c.own_page and c.issue is not False


def _repeats(c: Comparison) -> bool:
    if c.identified or c.place:
        return False
    short = min(c.left.words.count(" "), c.right.words.count(" ")) < SHORT_TITLE_WORDS - 1
    notice = bool(c.left_details.markers.notice) and not (c.same_words and c.ahead) and not _letter_copy(c)
    column = c.column and not (c.volume is True and c.issue is True)
    return notice or column or (short and not _own_short_title(c))


def _letter_copy(c: Comparison) -> bool:
    """Two records of one letter or notice, of which one lacks what tells letters apart: its DOI, or volume and pages.

    It must say what it is about. Two DOIs, two places or two targets are two letters; so may be two without any.
    """
    lacks = (c.left.doi is None) != (c.right.doi is None) or c.ahead
    alike = c.title.level == Level.EXACT and c.names.complete and c.journal is True and c.years == 0
    return lacks and alike and bool(c.left_details.markers.notice) and names_something(c.left.words)


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
    Rule(
        "kind", "registration or protocol and results, summary and full text, translation and original are two", _kind
    ),
    Rule("registration", "two registry numbers are two registrations", _registration),
    Rule("congress", "a congress abstract and the paper that came of it are two reports, linked", _congress),
    Rule("pmid", "two PMIDs are two documents, unless DOI and title are the same", _pmid),
    Rule("doi", "two registered DOIs are two documents, unless they are versions of one", _doi),
    Rule("update", "a Cochrane review and its update are two reports, the newer supersedes", _update),
    Rule("year", "more than a year apart", _year),
    Rule("journal", "the same guideline or congress abstract in two journals is two reports", _journal),
    Rule("volume", "they are in different volumes", _volume),
    Rule("issue", "they are in different issues of one volume", _issue),
    Rule("column", "issue after issue has a column on one page: the issue must be known and the same", _column),
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


def vetoed(comparison: Comparison) -> Rule | None:
    """The first veto that applies."""
    return next((rule for rule in VETOES if rule.applies(comparison)), None)
