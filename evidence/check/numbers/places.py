"""Which number of a source's sentence stands at the place of a draft's, where the draft repeats the sentence.

"49% and 20%, respectively" says of no number alone what it is of; but beside the source's own sentence, word for word,
the places tell which is which.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from evidence.check.numbers.numbers import Number, find_numbers
from evidence.check.retrieval.ranking import tokens

# A sentence repeats another when it shares so many words with it, and so large a part of its own.
_LEAST_WORDS, _LEAST_SHARE = 4, 0.6


class Slots:
    """A sentence as its words in order, numbers left out, and how many words stand before each number."""

    def __init__(self, sentence: str, numbers: Sequence[Number]):
        self.numbers = sorted(numbers, key=lambda number: number.start)
        words: list[str] = []
        self.before: list[int] = []
        position = 0
        for number in self.numbers:
            words += _words(sentence[position : number.start])
            self.before.append(len(words))
            position = number.end
        self.words = words + _words(sentence[position:])
        self._matched: dict[str, tuple[Slots, list[tuple[int, int]]] | None] = {}

    def same_place(self, number: Number, sentence: str) -> Number | None:
        """The number of ``sentence`` at the place of ``number``; ``None`` where the sentences are not alike enough."""
        if sentence not in self._matched:
            self._matched[sentence] = self._match(sentence)
        match = self._matched[sentence]
        if match is None or number not in self.numbers:
            return None
        other, pairs = match
        at = self.before[self.numbers.index(number)]
        low = max((j + 1 for i, j in pairs if i < at), default=0)
        high = min((j for i, j in pairs if i >= at), default=len(other.words))
        first = max((i + 1 for i, _ in pairs if i < at), default=0)
        last = min((i for i, _ in pairs if i >= at), default=len(self.words))
        here = self._between(first, last, number.dimension)
        there = other._between(low, high, number.dimension)
        return there[here.index(number)] if len(here) == len(there) and number in here else None

    def _between(self, low: int, high: int, dimension: str) -> list[Number]:
        pairs = zip(self.numbers, self.before, strict=True)
        return [n for n, before in pairs if low <= before <= high and n.dimension == dimension]

    def _match(self, sentence: str) -> tuple[Slots, list[tuple[int, int]]] | None:
        other = slots(sentence)
        blocks = SequenceMatcher(None, self.words, other.words, autojunk=False).get_matching_blocks()
        pairs = [(a + k, b + k) for a, b, size in blocks for k in range(size)]
        known = set(other.words)
        in_both = sum(word in known for word in self.words)
        if len(pairs) < _LEAST_WORDS or len(pairs) < _LEAST_SHARE * len(self.words) or len(pairs) < in_both:
            return None  # said otherwise, or in another order
        return other, pairs


@lru_cache(maxsize=4096)
def slots(sentence: str) -> Slots:
    """The places of a source's sentence."""
    return Slots(sentence, find_numbers(sentence))


def _words(text: str) -> list[str]:
    return [token for token in tokens(text) if not token[0].isdigit()]
