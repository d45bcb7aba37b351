"""Whether a PubMed record is the source that was cited: field by field, from what was printed.

Four papers of one issue of *Neuromodulation* are "Deer 2014": author, journal and year never suffice. A
record is the cited source when nothing printed contradicts it, and two of its title, its volume with first page,
its journal and a written-down identifier agree, of which one is not the journal.
"""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz

from evidence.bibliography.journals import same_journal
from evidence.bibliography.normal import (
    first_author_key,
    normal_doi,
    normal_pages,
    normal_title,
    plain,
    words,
)
from evidence.cited_sources import CitedSource
from evidence.record import Record

# Edit similarity of normal titles, 0 to 100. The four of Deer 2014 are 58 to 75 alike.
SAME_TITLE, OTHER_TITLE = 90.0, 80.0
# A title printed without its subtitle is a prefix of this many words at least.
SHORTEST_PREFIX = 5


@dataclass(frozen=True, slots=True)
class Comparison:
    """``agree`` and ``differ`` name fields; a field that one side lacks is in neither."""

    pmid: str
    agree: frozenset[str]
    differ: tuple[str, ...]

    @property
    def same(self) -> bool:
        strong = self.agree & {"title", "pages", "identifier"}
        return not self.differ and bool(strong) and len(self.agree & {"title", "pages", "identifier", "journal"}) >= 2

    @property
    def score(self) -> int:
        return len(self.agree) - 2 * len(self.differ)


def compare(source: CitedSource, record: Record) -> Comparison:
    """What of a citation agrees with a record, and what differs (in words, for a person)."""
    agree: set[str] = set()
    differ: list[str] = []
    _compare_title(source, record, agree, differ)
    _compare_place(source, record, agree, differ)
    _compare_journal(source, record, agree, differ)
    _compare_identifiers(source, record, agree)
    _compare_author(source, record, agree, differ)
    _compare_year(source, record, agree, differ)
    return Comparison(record.pmid or "", frozenset(agree), tuple(differ))


def title_similarity(cited: str, found: str) -> float:
    """0 to 100; a title without its subtitle is the whole title."""
    left, right = normal_title(cited), normal_title(found)
    shorter, longer = sorted((left, right), key=len)
    if len(shorter.split()) >= SHORTEST_PREFIX and longer.startswith(f"{shorter} "):
        return 100.0
    return fuzz.ratio(left, right)


def _compare_title(source: CitedSource, record: Record, agree: set[str], differ: list[str]) -> None:
    if not source.title or not record.title:
        return
    similarity = title_similarity(source.title, record.title)
    if similarity >= SAME_TITLE:
        agree.add("title")
    elif similarity < OTHER_TITLE or not record.vernacular_title:
        differ.append(f"the title differs ({similarity:.0f}% alike: {record.title!r})")


def _compare_place(source: CitedSource, record: Record, agree: set[str], differ: list[str]) -> None:
    """Volume and first page; only both together say where."""
    cited_page, found_page = normal_pages(source.pages)[0], normal_pages(record.pages)[0]
    cited_volume, found_volume = plain(source.volume).strip(), plain(record.volume).strip()
    if cited_volume and found_volume and cited_volume != found_volume:
        differ.append(f"the volume differs ({record.volume})")
    if cited_page and found_page and cited_page != found_page:
        differ.append(f"the first page differs ({record.pages})")
    if cited_page and cited_page == found_page and cited_volume and cited_volume == found_volume:
        agree.add("pages")


def _compare_journal(source: CitedSource, record: Record, agree: set[str], differ: list[str]) -> None:
    if not source.journal or not (record.journal or record.journal_abbreviation):
        return
    names = [name for name in (record.journal, record.journal_abbreviation) if name]
    if any(same_journal(source.journal, name) for name in names):
        agree.add("journal")
    elif "title" not in agree:
        differ.append(f"the journal differs ({record.journal_abbreviation or record.journal})")


def _compare_identifiers(source: CitedSource, record: Record, agree: set[str]) -> None:
    """An identifier that somebody wrote down supports; a wrong one is not held against the rest."""
    dois = (source.doi, normal_doi(record.doi))
    pmcids = (source.pmcid and source.pmcid.upper(), record.pmcid and record.pmcid.upper())
    if any(one and one == other for one, other in (dois, (source.pmid, record.pmid), pmcids)):
        agree.add("identifier")


def _compare_author(source: CitedSource, record: Record, agree: set[str], differ: list[str]) -> None:
    if not source.authors or not record.authors:
        return
    first = record.authors[0]
    if _family(source.first_author) == _family(first.name) or (
        first.collective and set(words(source.first_author)) <= set(words(first.collective))
    ):
        agree.add("author")
    else:
        differ.append(f"the first author differs ({first.name})")


def _family(name: str) -> str:
    return first_author_key(name)


def _compare_year(source: CitedSource, record: Record, agree: set[str], differ: list[str]) -> None:
    """A year next to it is that of the publication ahead of print, when volume and page or the title agree."""
    if not source.year or not record.year:
        return
    apart = abs(source.year - record.year)
    if apart == 0:
        agree.add("year")
    elif apart > 1 or not agree & {"title", "pages"}:
        differ.append(f"the year differs ({record.year})")
