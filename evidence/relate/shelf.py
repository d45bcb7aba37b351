"""Reports where a title, an author or a place looks for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from evidence.bibliography.markers import bare_title, notice_of
from evidence.bibliography.normal import normal_title, plain
from evidence.record import Record
from evidence.relate.named import MIN_WORDS, place_of
from evidence.relate.names import Names

START_WORDS = 8  # of a title that a letter names in part

_Index = defaultdict[str, list[str]]


def _index() -> _Index:
    return defaultdict(list)


@dataclass(slots=True)
class Shelf:
    """``notices``: what each report's title and types announce; notices and letters stand in no index."""

    names: Names
    notices: dict[str, str] = field(default_factory=dict)
    by_title: _Index = field(default_factory=_index)
    by_start: _Index = field(default_factory=_index)
    by_author: _Index = field(default_factory=_index)
    by_place: _Index = field(default_factory=_index)

    def __post_init__(self) -> None:
        for name, record in self.names.reports.items():
            self.notices[name] = notice_of(record.title, record.type_names())
            if not self.notices[name]:
                self._put(name, record)

    def _put(self, name: str, record: Record) -> None:
        for title in titles_of(record):
            if title.count(" ") + 1 >= MIN_WORDS:
                self.by_title[title].append(name)
                self.by_start[_start(title)].append(name)
        self.by_author[first_author(record)].append(name)
        place = place_of(record)
        if place.volume and place.page:
            self.by_place[f"{place.volume}|{place.page}"].append(name)

    def titled(self, title: str) -> list[str]:
        """Reports of this title (normal form); else those whose title is its beginning or begins with it, as letters
        cut what they name."""
        if title in self.by_title:
            return self.by_title[title]
        if title.count(" ") + 1 < START_WORDS:
            return []
        return list(dict.fromkeys(self._begun(title)))

    def _begun(self, title: str) -> Iterator[str]:
        for name in self.by_start.get(_start(title), ()):
            for whole in titles_of(self.names.reports[name]):
                if whole.startswith(title) or title.startswith(whole):
                    yield name


def titles_of(record: Record) -> list[str]:
    """The title in normal form, and what it was before "RETRACTED:" was written to it."""
    return list(dict.fromkeys((normal_title(record.title), normal_title(bare_title(record.title)))))


def _start(title: str) -> str:
    return " ".join(title.split()[:START_WORDS])


def first_author(record: Record) -> str:
    """The first author's family name, letters and digits only."""
    return family(record.authors[0].family or record.authors[0].collective) if record.authors else ""


def family(name: str) -> str:
    """A name's letters and digits in plain form."""
    return "".join(c for c in plain(name) if c.isalnum())
