"""Notices, letters and translations: which report the title, type or citation of one names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from evidence.bibliography.journals import may_be_same_journal
from evidence.bibliography.markers import bare_title, notice_of, own_notice
from evidence.bibliography.normal import normal_title, words
from evidence.record import Author, Record
from evidence.relate.kinds import NOTICES, REPUBLICATIONS, TITLE_KINDS
from evidence.relate.named import named_dois, named_place, named_titles
from evidence.relate.names import Names
from evidence.relate.shelf import Shelf
from evidence.relate.titles import MOST_ALIKE, SHARED_AUTHORS, shared_authors
from evidence.relate.types import Relation, Trait

# Who signs for a journal: "PLOS ONE Editors", "The Editorial Board", "[No author name available]".
_OFFICE = frozenset("anonymous board committee editor editors editorial journal office publisher publishers".split())
_NO_AUTHOR = frozenset("no author name available".split())

Likely = Callable[[Record, Record, str], bool]


def announced_relations(names: Names, shelf: Shelf) -> Iterator[Relation]:
    """Relations that the titles and types of notices, letters and translations show."""
    for name, notice in shelf.notices.items():
        yield from _announced(names, shelf, name, shelf.reports[name], TITLE_KINDS[notice])
    for name, record in shelf.having(Trait.TRANSLATION, notices=False):
        yield from _announced(names, shelf, name, record, "translation")
    for name, record in shelf.having(Trait.OWN_TITLE, notices=False):
        yield from _issued(shelf, name, record)


def _announced(names: Names, shelf: Shelf, name: str, record: Record, kind: str) -> Iterator[Relation]:
    """What a notice, letter or translation names: the first of its names that some report plausibly answers to."""
    by_type = kind in NOTICES and not notice_of(record.title)
    for found, why, sure in _candidates(names, shelf, record, kind, by_type):
        likely = sure or (_by_people if by_type else _plausible)
        found = [other for other in found if other != name and likely(record, shelf.reports[other], kind)]
        if kind in NOTICES and len(found) > 1:
            found = _only(shelf, record, found)
            if not found:
                return  # two reports under one title: nobody is called retracted on a guess
        for other in found[:MOST_ALIKE]:
            yield Relation(name, other, kind, "title", f"{why} {shelf.reports[other].title!r}")
        if found:
            return


def _candidates(
    names: Names, shelf: Shelf, record: Record, kind: str, by_type: bool
) -> Iterator[tuple[list[str], str, Likely | None]]:
    """Reports that a title may name, the surest first: each list with how it was found and, where the way it was found
    needs another look than by title, that."""
    if kind in NOTICES:
        for doi in named_dois(record.title):
            held = names.find(doi)
            yield [held] if held else [], "its title gives the DOI of", _not_before
    if by_type:
        titled = shelf.titled(normal_title(bare_title(record.title)))
        yield titled, "by its type a notice under the title of", None
    for title in named_titles(record.title) if not by_type else ():
        yield shelf.titled(title), "its title names", None
    place = named_place(record.title) if kind in NOTICES else None
    if place and place.volume and place.page:
        yield shelf.of_place(place.volume, place.page), "its title cites the place of", _same_pages


def _not_before(notice: Record, article: Record, kind: str) -> bool:
    """A notice is not published before its article; a year's slack for what is dated online and in print."""
    return not (notice.year and article.year and notice.year < article.year - 1)


def _same_pages(notice: Record, article: Record, kind: str) -> bool:
    """A place alone names an article in the notice's own journal, and only with the year it was cited with."""
    place = named_place(notice.title)
    dated = place is not None and place.year in ("", str(article.year or ""))
    return dated and _one_journal(notice, article) and _not_before(notice, article, kind)


def _plausible(notice: Record, article: Record, kind: str) -> bool:
    """A notice, comment or reply stands in the journal of its article or shares authors; a translation shares them."""
    if not _not_before(notice, article, kind):
        return False
    if kind in NOTICES:
        place = named_place(notice.title)
        if place and place.contradicts(article):
            return False
    if kind == "translation":
        return shared_authors(notice, article) >= SHARED_AUTHORS
    return _one_journal(notice, article) or shared_authors(notice, article) >= SHARED_AUTHORS


def _by_people(notice: Record, article: Record, kind: str) -> bool:
    """Under the article's very title the type alone is no reason: the authors are the article's, or the journal signs
    in its own pages; and not before the article."""
    if (notice.year and article.year and notice.year < article.year) or not _plausible(notice, article, kind):
        return False
    if nobody(notice) or not article.authors:
        return _one_journal(notice, article)
    return shared_authors(notice, article) >= SHARED_AUTHORS


def _only(shelf: Shelf, notice: Record, found: list[str]) -> list[str]:
    """The one of several reports under one title that a notice is about; none where they cannot be told apart."""
    reports = shelf.reports
    place = named_place(notice.title)
    for belongs in (
        lambda article: place is not None and place.agrees(article),
        lambda article: _one_journal(notice, article),
        lambda article: article.kind == "article",
        lambda article: shared_authors(notice, article) >= SHARED_AUTHORS,
    ):
        narrowed = [name for name in found if belongs(reports[name])]
        if len(narrowed) == 1:
            return narrowed
        found = narrowed or found
    return []


def _issued(shelf: Shelf, name: str, record: Record) -> Iterator[Relation]:
    """A journal's own "Retracted: TITLE" under a DOI of its own or in a later year, as Hindawi and Wiley publish
    notices. The same words before the title of the article itself are no notice: that is the article."""
    kind, told = own_notice(record.title, ())
    if not told:
        return
    titled = shelf.of_title(normal_title(bare_title(record.title)))
    found = [other for other in titled if other != name and _signs(record, shelf.reports[other])]
    if len(found) > 1:
        found = _only(shelf, record, found)
    for other in found:
        yield Relation(name, other, kind, "title", f"published apart from {shelf.reports[other].title!r}")


def _signs(notice: Record, article: Record) -> bool:
    """Whether a "Retracted: TITLE" was published by the journal of the article, apart from it."""
    if own_notice(article.title, ())[0] or not _one_journal(notice, article):
        return False
    later = bool(notice.year and article.year and notice.year > article.year)
    own_doi = bool(notice.doi and notice.doi != article.doi)
    if nobody(notice):
        return later or (own_doi and not (notice.year and article.year and notice.year < article.year))
    return later and shared_authors(notice, article) >= SHARED_AUTHORS


def issued_notices(shelf: Shelf, relations: Iterable[Relation]) -> frozenset[str]:
    """The reports that are notices: by their type, or by a title that was found to name another report.

    A "Retracted: TITLE" that the article's own authors sign may be the article too, so it is left what it says it is.
    """
    reports = shelf.reports
    told = {name for name, _ in shelf.positions_having(Trait.NOTICE_KIND)}
    for relation in relations:
        if relation.kind in NOTICES - REPUBLICATIONS:
            announced = shelf.notices.get(relation.report) or nobody(reports[relation.report])
            told |= {relation.report} if announced else set()
    return frozenset(told)


def nobody(record: Record) -> bool:
    """Whether no person signs a record: it has no authors, a group's name, or the journal's or its office's."""
    journal = set(words(f"{record.journal} {record.journal_abbreviation}"))
    return all(_is_office(author, journal) for author in record.authors)


def _is_office(author: Author, journal: set[str]) -> bool:
    name = frozenset(words(f"{author.family} {author.given} {author.collective}"))
    return bool(author.collective) or name == _NO_AUTHOR or bool(_OFFICE & name) or name <= journal


def _one_journal(one: Record, other: Record) -> bool:
    return any(
        may_be_same_journal(left, right) is True
        for left in (one.journal, one.journal_abbreviation)
        for right in (other.journal, other.journal_abbreviation)
    )
