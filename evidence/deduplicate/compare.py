"""Everything that two items say of each other, for the rules to judge."""

from __future__ import annotations

import re
from collections.abc import Collection

from rapidfuzz import fuzz

from evidence.bibliography.journals import may_be_same_journal
from evidence.deduplicate.names import Agreement, compare_names
from evidence.deduplicate.places import NO_PAGES, Pages, same_issue, same_pages, same_volume
from evidence.deduplicate.prepare import Details, Item, abstract, details, names
from evidence.deduplicate.titles import Level, TitleMatch, compare_titles, is_column

MIN_ABSTRACT = 120  # shorter ones are publishers' notes
LONG_TITLE_BLANKS = 5
SAME_ABSTRACT, OTHER_ABSTRACT = 88.0, 55.0

# Publishers that put a version at the end of a DOI: F1000 and its platforms, Research Square, bioRxiv, Figshare.
_VERSION = re.compile(
    r"^(10\.12688/[a-z0-9]+\.\d+|10\.21203/rs\.\d+\.(?:rs-)?\d+|10\.1101/[\d.]+|10\.2196/preprints\.\d+"
    r"|10\.3310/[a-z]+\.\d+|10\.20944/preprints\d+\.\d+|10\.35241/[a-z0-9]+\.\d+|10\.5256/[a-z0-9]+\.\d+)[./]?v?\d+$"
)
LONG_NUMBER = 5  # digits of an article number that is nobody else's
MIN_DOI_PREFIX = 14
LATE_PAGE_DIGITS = 3  # an issue has a hundred pages before a column; few have two hundred


class Comparison:
    """Two items side by side. ``True``/``False``/``None``: the same, another, cannot be told.

    Identifiers and places are compared at once, title, names and abstract when a rule first asks: nine of ten pairs
    are told apart before that.
    """

    __slots__ = (
        "_abstract", "_names", "_title", "doi", "issue", "journal", "left", "left_details", "pages", "pmid",
        "registration", "right", "right_details", "volume", "years",
    )  # fmt: skip

    def __init__(self, left: Item, right: Item, shared_dois: Collection[str] = ()):
        one, other = details(left), details(right)
        self.left, self.right, self.left_details, self.right_details = left, right, one, other
        self.doi = same_doi(left.doi, right.doi, shared_dois)
        self.pmid = None if not left.pmid or not right.pmid else left.pmid == right.pmid
        self.registration = _same_number(one.markers.registration, other.markers.registration)
        self.years = abs(left.year - right.year) if left.year and right.year else None
        self.volume = same_volume(one.volume, other.volume)
        self.issue = same_issue(left.issue, right.issue)
        self.pages = same_pages(_printed(one, other), _printed(other, one))
        self.journal = _journal(left, right)
        self._title: TitleMatch | None = None
        self._names: Agreement | None = None
        self._abstract: bool | str | None = "not asked"

    @property
    def title(self) -> TitleMatch:
        """How far the titles agree."""
        if self._title is None:
            self._title = compare_titles(self.left_details.variants, self.right_details.variants)
        return self._title

    @property
    def names(self) -> Agreement:
        """How far the author lists agree."""
        if self._names is None:
            self._names = compare_names(names(self.left), names(self.right))
        return self._names

    @property
    def identified(self) -> bool:
        """They share a DOI, a PMID, or the number under which both are registrations."""
        return bool(self.doi or self.pmid or self.registration)

    @property
    def place(self) -> bool:
        """The same volume and first page; where a volume is missing, the same range of pages or long article number."""
        if self.pages is not True:
            return False
        one, other = self.left_details.pages, self.right_details.pages
        if self.volume is not None:
            return self.volume
        numbered = one.article_number and other.article_number and len(one.number) >= LONG_NUMBER
        return numbered or (one.last != "" and one.last == other.last and one.number != "1")

    @property
    def same_range(self) -> bool:
        """The same first and last page, more than one: several congress abstracts or letters stand on a single one."""
        one, other = self.left_details.pages, self.right_details.pages
        return self.pages is True and one.last != "" and one.last[-2:] == other.last[-2:] and one.last != one.number

    @property
    def own_page(self) -> bool:
        """A place that two documents do not share: more than one page, or an article's number."""
        one, other = self.left_details.pages, self.right_details.pages
        return self.same_range or (self.pages is True and one.article_number and other.article_number)

    @property
    def other_end(self) -> bool:
        """Both last pages are known, and differ."""
        one, other = self.left_details.pages.last, self.right_details.pages.last
        return one != "" and other != "" and one != other

    @property
    def late_page(self) -> bool:
        """They begin on one page so far into a volume that its pages are counted through its issues."""
        number = self.left_details.pages.number
        return self.pages is True and len(number) >= LATE_PAGE_DIGITS

    @property
    def column(self) -> bool:
        """A column's title (one that issue after issue has): half of its words and more are words of columns."""
        return is_column(min(self.left.words, self.right.words, key=len))

    @property
    def unplaced_letter(self) -> bool:
        """Letters or notices that share neither identifier nor place: another letter may have the same title."""
        return bool(self.left_details.markers.notice) and not (self.identified or self.place)

    @property
    def slip(self) -> bool:
        """The same title, authors, journal and abstract: a volume or page that differs is a slip of one database."""
        return self.same_words and self.journal is True and self.abstract is True

    @property
    def same_words(self) -> bool:
        """The same title, long enough to be nobody else's, over the same authors."""
        return (
            self.title.level == Level.EXACT and self.names.complete and self.left.words.count(" ") >= LONG_TITLE_BLANKS
        )

    @property
    def ahead(self) -> bool:
        """One of the two, not both, has no place yet: ahead of print."""
        return _placed(self.left_details) != _placed(self.right_details)

    @property
    def abstract(self) -> bool | None:
        """Whether the abstracts begin alike."""
        if self._abstract == "not asked":
            self._abstract = _same_abstract(abstract(self.left), abstract(self.right))
        return self._abstract  # type: ignore[return-value]


def _same_abstract(left: str, right: str) -> bool | None:
    length = min(len(left), len(right))
    if length < MIN_ABSTRACT:
        return None
    score = fuzz.ratio(left[:length], right[:length])
    return None if OTHER_ABSTRACT <= score < SAME_ABSTRACT else score >= SAME_ABSTRACT


def _same_number(left: str, right: str) -> bool | None:
    return left == right if left and right else None


def _placed(item: Details) -> bool:
    return bool(item.volume) and bool(item.pages.number or item.pages.last)


def _printed(item: Details, other: Details) -> Pages:
    """The item's pages; none when it is ahead of print and counts them from 1."""
    return NO_PAGES if other.volume and not item.volume and item.pages.number == "1" else item.pages


def _journal(left: Item, right: Item) -> bool | None:
    found = may_be_same_journal(left.journal, right.journal)
    if not found and (left.other_journal or right.other_journal):
        pairs = ((a, b) for a in (left.journal, left.other_journal) for b in (right.journal, right.other_journal))
        return True if any(may_be_same_journal(a, b) for a, b in pairs) else found
    return found


def same_doi(left: str | None, right: str | None, shared: Collection[str] = ()) -> bool | None:
    """Whether two DOIs are one document's. Versions on F1000 and preprint servers count as one."""
    if not left or not right:
        return None
    if left == right:
        return None if left in shared else True
    one, other = _VERSION.match(left), _VERSION.match(right)
    if (one.group(1) if one else left) == (other.group(1) if other else right):
        return True
    short, long = sorted((left, right), key=len)
    if (
        len(short) >= MIN_DOI_PREFIX
        and long.startswith(short)
        and ".pub" not in long
        and not long[len(short)].isdigit()
    ):
        return None  # cut off where a program met a bracket
    return False
