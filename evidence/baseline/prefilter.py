"""Which records of a file of PubMed's XML may be of interest to a search, told from their bytes.

    for name, xml in Prefilter(selectors).candidates(stream): ...    # the elements that cut_answer gives, most left out

No record that a search finds is left out; of the others, some stay. A record is looked at in three steps, each only
where the one before it leaves it: rare words of the searches in what a search reads of it (no cited works, no
authors); the words that a search needs together, spelled as a search sees them; the record's XML (by whoever asked).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from evidence.baseline.matcher import (
    CASELESS,
    SINGLE,
    Matcher,
    has_maths,
    part_of_word,
    suspects,
    whole_word,
    without_inline_tags,
    without_references,
)
from evidence.exchange.pubmed.stream import LARGEST_RECORD, cut_answer
from evidence.topics.evaluate import Selector
from evidence.topics.need import Need, Words, all_of, any_of, test_of, words_in

PIECE = 1 << 18
_ARTICLE, _END, _START = b"<PubmedArticle>", b"</PubmedArticle>", re.compile(rb"<PubmedArticle[\s>]")
_OPEN, _CLOSE = b"<PubmedArticleSet>", b"</PubmedArticleSet>"
_RECORDS = ("PubmedArticle", "PubmedBookArticle")
# Lists that are left unread, by what opens and what closes them; authors only while nobody asks for people.
_CITED, _AUTHORS = (b"<ReferenceList", b"</ReferenceList>"), (b"<AuthorList", b"</AuthorList>")
_OTHER = rb"<(?:PubmedBookArticle|Delete)"  # elements of their own, between articles
# What is no plain row of articles: the rest of the file is cut the long way round.
_UNUSUAL = rb"<(?:ERROR|/?PubmedArticleSet|/?PubmedBookArticleSet|PubmedArticle[^>]*/>|\?)"
_MARKUP = rb"<(?:[a-z]|DispFormula)"
_SAMPLE = 1 << 20  # bytes by which the rarity of words is judged
_COMMON = 0.2  # a word in more records than this tells little beside rarer ones


class Prefilter:
    """For some searches. It learns from the first piece that it reads which of their words are rare; what it lets
    through may depend on that, what a search finds of it does not."""

    def __init__(self, selectors: Sequence[Selector]):
        self._needs = [selector.need for selector in selectors]
        self._lists = (_CITED,) if any(selector.people for selector in selectors) else (_CITED, _AUTHORS)
        words = sorted({word for need in self._needs for word in words_in(need)})
        tests = [test_of(need, {word: number for number, word in enumerate(words)}) for need in self._needs]
        self.takes_all = any(test(0) for test in tests)
        self._looking: _Looking | None = None

    def candidates(self, stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
        """As :func:`~evidence.exchange.pubmed.stream.cut_answer` gives them, records that no search finds left out.

        Raises what it raises.
        """
        return ((name, xml) for name, xml, may_be in self._elements(stream, False) if may_be)

    def elements(self, stream: BinaryIO) -> Iterator[tuple[str, bytes, bool]]:
        """All that :func:`~evidence.exchange.pubmed.stream.cut_answer` gives, and whether a search may find it."""
        return self._elements(stream, True)

    def _elements(self, stream: BinaryIO, everything: bool) -> Iterator[tuple[str, bytes, bool]]:
        if not self._needs or self.takes_all:
            may_be = bool(self._needs)
            yield from ((name, xml, may_be or name not in _RECORDS) for name, xml in cut_answer(stream))
            return
        data = stream.read(PIECE)
        first = _START.search(data)
        before = data[: first.start()] if first else data
        if first is None or before.count(_CLOSE):
            yield from self._slowly(_Rest(data, stream))
            return
        yield from self._judged(cut_answer(before + _CLOSE))  # the prolog: raises for what is no article set
        data = data[first.start() :]
        while (end := data.rfind(_END)) >= 0:
            end += len(_END)
            if self._looking is None:
                self._looking = self._learn(data[:end])
            found = self._of_piece(data[:end], everything)
            if found is None:
                break
            yield from found
            data = data[end:] + stream.read(PIECE)
            while _END not in data and len(data) < LARGEST_RECORD and (more := stream.read(PIECE)):
                data += more
        yield from self._slowly(_Rest(_OPEN + data, stream))

    def may_be_found(self, xml: bytes) -> bool:
        """Whether one record, however it is spelled, has what a search needs."""
        if self._looking is None:
            self._looking = self._learn(xml)
        return self.takes_all or self._looking.at(xml)

    def _slowly(self, stream: _Rest) -> Iterator[tuple[str, bytes, bool]]:
        return self._judged(cut_answer(stream))  # type: ignore[arg-type]  # all it asks for is read()

    def _judged(self, elements: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, bytes, bool]]:
        return ((name, xml, name not in _RECORDS or self.may_be_found(xml)) for name, xml in elements)

    def _of_piece(self, piece: bytes, everything: bool) -> list[tuple[str, bytes, bool]] | None:
        """What a piece of whole articles holds, ``None`` when something makes it no plain row of them.

        Without ``everything``, articles that no search finds are left out.
        """
        assert self._looking is not None
        looking, found = self._looking, list[tuple[str, bytes, bool]]()
        for start, end, core in looking.articles(piece):
            present = looking.gate.present(core)
            if present >> looking.unusual:
                return None
            if present >> looking.other & 1:
                found += self._judged(cut_answer(_OPEN + piece[start:end] + _CLOSE))
                continue
            may_be = present != 0 and looking.closer(core)
            if may_be or everything:
                at = piece.find(_ARTICLE, start, end)
                if at >= 0 and not piece[start:at].strip():
                    found.append(("PubmedArticle", piece[at:end], may_be))
                else:
                    cut = cut_answer(_OPEN + piece[start:end] + _CLOSE)
                    found += [(name, xml, may_be) for name, xml in cut]
        return None if looking.commented else found

    def _learn(self, piece: bytes) -> _Looking:
        """Choose, of the words that each search needs, rare ones that no record it finds is without."""
        words = sorted({word for need in self._needs for word in words_in(need)})
        all_words = Matcher(list(map(whole_word, words)), [CASELESS | SINGLE] * len(words))
        records = piece[:_SAMPLE].split(_END)
        seen: Counter[str] = Counter()
        for record in records:
            present = all_words.present(without_references(record))
            seen.update(word for number, word in enumerate(words) if present >> number & 1)
        return _Looking([_told_apart(need, seen, len(records)) for need in self._needs], seen, self._lists)


class _Looking:
    """The patterns of each step."""

    def __init__(self, needs: Sequence[Need], seen: Counter[str], lists: Sequence[tuple[bytes, bytes]]):
        rare = sorted(set().union(*(_rare(need, seen)[1] for need in needs)))
        self.other, self.unusual = len(rare), len(rare) + 4
        patterns = [*map(whole_word, rare), _OTHER, _MARKUP, *suspects(), _UNUSUAL]
        self.gate = Matcher(patterns, [CASELESS | SINGLE] * len(rare) + [SINGLE] * 5)
        self._words = sorted({word for need in needs for word in words_in(need)})
        numbers = {word: number for number, word in enumerate(self._words)}
        self._tests = [test_of(need, numbers) for need in needs]
        flags = [CASELESS | SINGLE] * len(self._words)
        self._whole = Matcher([*map(whole_word, self._words), _MARKUP], [*flags, SINGLE])
        self._parts = Matcher(list(map(part_of_word, self._words)), flags)
        self._lists = lists
        self._opens = frozenset(range(2, 2 + len(lists)))
        self._edges = Matcher(
            [_END, b"<!", *(edge[0] for edge in lists), *(edge[1] for edge in lists)], [0] * (2 + 2 * len(lists))
        )
        self.commented = False

    def articles(self, piece: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Where each article (with what stands before it) begins and ends, and its bytes without the unread lists.

        Ends with ``commented`` set where a comment or CDATA begins, in which edges may be none.
        """
        start = read = 0
        skipping, parts = False, list[bytes]()
        for end, kind in self._edges.events(piece):
            if kind == 0:
                whole = skipping  # a list that does not end: nothing is left out
                parts.append(piece[read:end])
                yield start, end, piece[start:end] if whole else b"".join(parts)
                start = read = end
                skipping, parts = False, []
            elif kind == 1:
                self.commented = True
                return
            elif kind in self._opens:
                if not skipping:
                    parts.append(piece[read:end])
                    skipping = True
            else:
                read, skipping = end, False

    def at(self, xml: bytes) -> bool:
        """Whether one record may be found: both steps."""
        if _has_declarations(xml):
            return True
        for opening, closing in self._lists:
            start = xml.find(opening)
            end = xml.rfind(closing) if start >= 0 else -1
            if end > start:
                xml = xml[:start] + xml[end:]
        return bool(self.gate.present(xml)) and self.closer(xml)

    def closer(self, xml: bytes) -> bool:
        """Whether a record that has a rare word, or letters spelled otherwise, has all that a search needs."""
        if _has_declarations(xml):
            return True
        flat = without_references(xml)
        present = self._whole.present(flat)
        if present >> len(self._words):
            if has_maths(flat):
                return True
            for spelled in (flat, without_inline_tags(flat)):
                present |= self._parts.present(spelled)
        return any(test(present) for test in self._tests)


def _rare(need: Need, seen: Counter[str]) -> tuple[float, frozenset[str]]:
    """In how many records, and which words: one of them stands in every record that meets the need."""
    if isinstance(need, Words):
        word = min(need.words, key=lambda word: (seen[word], -len(word), word))
        return seen[word] + 1 / len(word), frozenset((word,))
    parts = [_rare(part, seen) for part in need.parts]
    if need.every:
        return min(parts, key=lambda part: (part[0], sorted(part[1])))
    return sum(part[0] for part in parts), frozenset().union(*(part[1] for part in parts))


def _told_apart(need: Need, seen: Counter[str], records: int) -> Need:
    """A need that asks for no more: the two rarest words of each phrase, parts that are common left out, rare ones
    first."""
    if isinstance(need, Words):
        return Words(frozenset(sorted(need.words, key=lambda word: (seen[word], -len(word), word))[:2]))
    if not need.every:
        return any_of(*(_told_apart(part, seen, records) for part in need.parts))
    first, *others = sorted(need.parts, key=lambda part: _rare(part, seen)[0])
    kept = [first, *(part for part in others if _rare(part, seen)[0] < _COMMON * records)]
    return all_of(*(_told_apart(part, seen, records) for part in kept))


def _has_declarations(xml: bytes) -> bool:
    """Comments, CDATA, processing instructions. One sign alone is found ten times as fast as two."""
    return (b"!" in xml and b"<!" in xml) or (b"?" in xml and b"<?" in xml)


class _Rest:
    """A stream with some of its bytes put back."""

    def __init__(self, begun: bytes, stream: BinaryIO):
        self._begun, self._stream = begun, stream

    def read(self, size: int = -1) -> bytes:
        if self._begun:
            data, self._begun = self._begun[:size], self._begun[size:]
            return data
        return self._stream.read(size)
