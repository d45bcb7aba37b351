"""Reports where a title, an author or a place looks for them, by keys: some 60 bytes a report.

Reports are known here by their position in the mapping that was given, and named only when they are found.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping

from evidence.bibliography.markers import bare_title
from evidence.bibliography.normal import normal_title, plain
from evidence.packed import KeyIndex, key_of
from evidence.record import Record
from evidence.relate.types import Card, Trait

START_WORDS = 8  # of a title that a letter names in part


class Shelf:
    """``notices``: what a report's title and types announce, where they do; notices and letters stand in no index.
    ``numbers``: the registrations of the trials that reports report."""

    def __init__(self, reports: Mapping[str, Record], cards: Iterable[Card]):
        self.reports = reports
        self.ids = list(reports)
        self.notices: dict[str, str] = {}
        self.numbers: dict[str, tuple[tuple[str, str], ...]] = {}
        self.traits, self.years = array("H"), array("i")
        self._by_title, self._by_start, self._by_author, self._by_place = (KeyIndex() for _ in range(4))
        for position, card in enumerate(cards):
            self._put(position, card)

    def _put(self, position: int, card: Card) -> None:
        self.traits.append(card.traits)
        self.years.append(card.year)
        if card.numbers:
            self.numbers[self.ids[position]] = card.numbers
        if card.notice:
            self.notices[self.ids[position]] = card.notice
            return
        for index, keys in (
            (self._by_title, card.titles),
            (self._by_start, card.starts),
            (self._by_author, (card.author,)),
            (self._by_place, (card.place,) if card.place else ()),
        ):
            for key in keys:
                index.add(key, position)

    def having(self, traits: Trait, notices: bool = True) -> Iterator[tuple[str, Record]]:
        """Reports with any of these traits, in their order, and with ``notices`` those that announce something."""
        for name, position in self.positions_having(traits, notices):
            yield name, self.reports[self.ids[position]]

    def positions_having(self, traits: Trait, notices: bool = True) -> Iterator[tuple[str, int]]:
        for position, found in enumerate(self.traits):
            if found & traits and (notices or self.ids[position] not in self.notices):
                yield self.ids[position], position

    def of_title(self, title: str) -> list[str]:
        """Reports of this title (normal form)."""
        return self._named(self._by_title.find(key_of(title)))

    def of_place(self, volume: str, page: str) -> list[str]:
        """Reports in a volume that begin on a page (``relate.named.Place``)."""
        return self._named(self._by_place.find(key_of(f"{volume}|{page}")))

    def alike(self, record: Record, titled: int, authored: int) -> list[int]:
        """Positions of at most ``titled`` reports of a record's title, then of ``authored`` of its first author."""
        by_title = self._by_title.find(key_of(normal_title(record.title)), titled)
        return list(dict.fromkeys([*by_title, *self._by_author.find(key_of(first_author(record)), authored)]))

    def same_titles(self, most: int) -> Iterator[list[str]]:
        """The reports of every title that two to ``most`` reports have."""
        for _, positions in self._by_title.shared():
            if len(positions) <= most:
                yield self._named(positions)

    def titled(self, title: str) -> list[str]:
        """Reports of this title (normal form); else those whose title is its beginning or begins with it, as letters
        cut what they name."""
        if found := self.of_title(title):
            return found
        if title.count(" ") + 1 < START_WORDS:
            return []
        return list(dict.fromkeys(self._begun(title)))

    def _begun(self, title: str) -> Iterator[str]:
        for name in self._named(self._by_start.find(key_of(start_of(title)))):
            for whole in titles_of(self.reports[name]):
                if whole.startswith(title) or title.startswith(whole):
                    yield name

    def _named(self, positions: Iterable[int]) -> list[str]:
        return [self.ids[position] for position in positions]


def titles_of(record: Record) -> list[str]:
    """The title in normal form, and what it was before "RETRACTED:" was written to it."""
    return list(dict.fromkeys((normal_title(record.title), normal_title(bare_title(record.title)))))


def start_of(title: str) -> str:
    """The first words of a title (normal form)."""
    return " ".join(title.split()[:START_WORDS])


def first_author(record: Record) -> str:
    """The first author's family name, letters and digits only."""
    return family(record.authors[0].family or record.authors[0].collective) if record.authors else ""


def family(name: str) -> str:
    """A name's letters and digits in plain form."""
    return "".join(c for c in plain(name) if c.isalnum())
