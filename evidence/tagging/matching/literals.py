"""Every literal of the vocabulary and of the rules' cues, with what it stands for: what the automaton is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from evidence.model import WORD_FACETS
from evidence.tagging.matching.first_words import first_words
from evidence.tagging.matching.terms import expand
from evidence.tagging.matching.vocabulary import Tag, Vocabulary
from evidence.tagging.matching.vocabulary_file import Pattern

TERM, MEASURE, ABBREVIATION, PATTERN = "term", "measure", "abbreviation", "pattern"
MASK, MASK_PATTERN, GATE, CUE, NEED = "mask", "mask pattern", "gate", "cue", "need"
CONTEXT, UNLESS = "*context", "*unless"  # what a gate opens or shuts, where it is not an abbreviation
ALWAYS = 1  # the bit of the patterns that are tried wherever their anchor is
MOST_NEEDED = 80  # words of one pattern that are worth their place in the automaton
# In a third of all abstracts or more: trying a pattern where its anchor stands costs less than meeting these.
COMMON = frozenset(
    {"clinic", "condition", "drug", "effect", "effects", "medic", "patients", "response", "result", "system"}
)
# Hyphens and line ends are blanks: "spinal-cord" and "spinal\ncord" are "spinal cord". A dotless i is one ("paın").
BLANKS = str.maketrans("-\n\r\t_ı", "     i")


class Entry(NamedTuple):
    """What a literal stands for. ``exact`` is the spelling that counts for an abbreviation, or the one a gate opens.

    A pattern has its ``regex`` and a ``bit``: it is tried only beside a word that it needs, an entry with that bit.
    """

    kind: str
    facet: str
    tag: str
    open_end: bool
    exact: str = ""
    regex: re.Pattern[str] | None = None
    gated: bool = False
    follows: bool = False
    bit: int = 0


class Literals:
    """``entries``: each literal (lower case, blanks for hyphens) with all that it stands for."""

    def __init__(self, vocabulary: Vocabulary, cues: Mapping[str, Iterable[str]]):
        self.entries: dict[str, dict[Entry, None]] = {}
        self._bits: dict[re.Pattern[str], int] = {}
        for facet in WORD_FACETS:
            for tag in vocabulary.tags[facet].values():
                self._add_tag(facet, tag)
            masks, patterns = vocabulary.masks[facet]
            self._add_masks(facet, "", masks, patterns)
        for name, terms in cues.items():
            for term in terms:
                self._add(term, Entry(CUE, "", name, False))

    def _add(self, term: str, entry: Entry) -> None:
        for spelling in expand(term):
            literal = spelling.rstrip("*")
            self.entries.setdefault(literal, {})[entry._replace(open_end=spelling.endswith("*"))] = None

    def _add_tag(self, facet: str, tag: Tag) -> None:
        for kind, terms in ((TERM, tag.terms), (MEASURE, tag.measures)):
            for term in terms:
                self._add(term, Entry(kind, facet, tag.id, False))
        for short, gates in tag.abbreviations.items():
            exact = short.translate(BLANKS)
            entry = Entry(ABBREVIATION, facet, tag.id, False, exact, gated=bool(gates))
            self.entries.setdefault(exact.lower(), {})[entry] = None
            for gate in gates:
                self._add(gate, Entry(GATE, facet, tag.id, False, exact))
        for name, terms in ((CONTEXT, tag.context), (UNLESS, tag.unless)):
            for term in terms:
                self._add(term, Entry(GATE, facet, tag.id, False, name))
        for pattern in tag.patterns:
            self._add_pattern(PATTERN, facet, tag.id, pattern)
        self._add_masks(facet, tag.id, tag.masks, tag.mask_patterns)

    def _add_masks(self, facet: str, tag: str, masks: Iterable[str], patterns: Iterable[Pattern]) -> None:
        for mask in masks:
            self._add(mask, Entry(MASK, facet, tag, False))
        for pattern in patterns:
            self._add_pattern(MASK_PATTERN, facet, tag, pattern)

    def _add_pattern(self, kind: str, facet: str, tag: str, pattern: Pattern) -> None:
        bit = self._bit_of(pattern)
        for anchor in pattern.anchors:
            self._add(anchor, Entry(kind, facet, tag, False, "", pattern.regex, False, pattern.follows, bit))

    def _bit_of(self, pattern: Pattern) -> int:
        """A bit that the words set which the pattern needs; none are needed where its anchors say as much."""
        words = () if pattern.regex.flags & re.IGNORECASE else first_words(pattern.regex.pattern, MOST_NEEDED)
        if not words or words & COMMON or any(word in anchor for word in words for anchor in pattern.anchors):
            return ALWAYS
        bit = self._bits.setdefault(pattern.regex, 2 << len(self._bits))
        for word in words:
            self.entries.setdefault(word, {})[Entry(NEED, "", "", True, bit=bit)] = None
        return bit
