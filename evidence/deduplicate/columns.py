"""What blocking asks of every item, packed: 250 bytes an item where the item itself takes three thousand.

Texts are kept as keys (:func:`evidence.packed.key_of`): blocking asks of them only whether they are the same.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from evidence.deduplicate.names import first_names
from evidence.deduplicate.places import first_page_key
from evidence.deduplicate.prepare import Item
from evidence.packed import key_of

# In the three lowest bits of a block's key: what its members share.
KINDS = "dptgaw"
KIND_BITS, KIND_WIDTH = 7, 3
MIN_RARE_LENGTH = 3
_MOST = (1 << 31) - 1
_MASK = (1 << 64) - 1
_MIX = 0x9E3779B97F4A7C15  # the golden ratio in 64 bits: spreads what is multiplied by it


class Row(NamedTuple):
    """One item as blocking sees it. Every field but ``year`` and ``printed_doi`` is a key, 0 for what is absent.

    ``words``: those of the title that may make a block, each once, in the order of the alphabet.
    """

    doi: int
    pmid: int
    year: int
    volume: int
    pages: int
    title: int
    page: int
    first_author: int
    journal: int
    place: int
    authors: int
    content: int
    printed_doi: bytes
    words: tuple[int, ...]


def row_of(item: Item) -> Row:
    """The row of an item."""
    page = first_page_key(item.pages)
    first, names = first_names(item.authors, 1), first_names(item.authors)
    return Row(
        doi=_key(item.doi),
        pmid=_key(item.pmid),
        year=min(max(item.year or 0, 0), _MOST),
        volume=_key(item.volume),
        pages=_key(item.pages),
        title=_key(item.squeezed),
        page=_key(page),
        first_author=_key(first[0] if first else ""),
        journal=_key(item.journal[:6].lower()),
        place=_key(page and f"{first_page_key(item.volume)}|{page}"),
        authors=_key(f"{names[0]}|{names[1]}" if len(names) == 2 else ""),
        content=key_of(repr(item.content())),
        printed_doi=(item.doi or "").encode("utf-8", "surrogatepass"),
        words=tuple(key_of(word) for word in sorted(set(item.words.split())) if len(word) >= MIN_RARE_LENGTH),
    )


def _key(text: str | None) -> int:
    return key_of(text) if text else 0


_FIELDS = Row._fields[:-2]


class Columns:
    """The rows of many items, a column a field."""

    def __init__(self, rows: Iterable[Row] = ()):
        self.doi, self.pmid, self.volume, self.pages = (array("Q") for _ in range(4))
        self.title, self.page, self.first_author, self.journal = (array("Q") for _ in range(4))
        self.place, self.authors, self.content = (array("Q") for _ in range(3))
        self.year = array("i")
        self._columns: list[array[int]] = [getattr(self, name) for name in _FIELDS]
        self._dois, self._doi_ends = bytearray(), array("Q", [0])
        self._words, self._word_ends = array("Q"), array("Q", [0])
        self._replaced: dict[int, Row] = {}
        for row in rows:
            self.append(row)

    def __len__(self) -> int:
        return len(self.doi)

    def append(self, row: Row) -> None:
        for column, value in zip(self._columns, row[:-2], strict=True):
            column.append(value)
        self._dois += row.printed_doi
        self._doi_ends.append(len(self._dois))
        self._words.extend(row.words)
        self._word_ends.append(len(self._words))

    def replace(self, position: int, row: Row) -> None:
        """Put another row in the place of one: that of the representative of what was merged."""
        for column, value in zip(self._columns, row[:-2], strict=True):
            column[position] = value
        self._replaced[position] = row

    def words(self, position: int) -> array[int] | tuple[int, ...]:
        if position in self._replaced:
            return self._replaced[position].words
        return self._words[self._word_ends[position] : self._word_ends[position + 1]]

    def printed_doi(self, position: int) -> bytes:
        """A DOI as it stands in the item; ``b""`` for none."""
        if position in self._replaced:
            return self._replaced[position].printed_doi
        return bytes(self._dois[self._doi_ends[position] : self._doi_ends[position + 1]])

    def word_frequency(self, positions: Iterable[int]) -> Counter[int]:
        """In how many of the titles at ``positions`` each word stands."""
        frequency: Counter[int] = Counter()
        for position in positions:
            frequency.update(self.words(position))
        return frequency

    def own_keys(self, position: int) -> Iterator[int]:
        """The keys of an item's blocks that do not depend on the other items."""
        for kind, column in enumerate((self.doi, self.pmid, self.title, self.place, self.authors)):
            if value := column[position]:
                yield of_kind(value, kind)


def of_kind(key: int, kind: int) -> int:
    """A block's key, with what its members share in the lowest bits."""
    return key & ~KIND_BITS | kind


def pair_key(one: int, other: int) -> int:
    """The key of two words, in this order."""
    return (one * _MIX ^ other * 3) & _MASK
