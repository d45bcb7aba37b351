"""Every literal of the vocabulary and of the rules' cues, with what it stands for: what the automaton is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from evidence.model import WORD_FACETS
from evidence.tagging.matching.terms import expand
from evidence.tagging.matching.vocabulary import Tag, Vocabulary
from evidence.tagging.matching.vocabulary_file import Pattern

TERM, MEASURE, ABBREVIATION, PATTERN = "term", "measure", "abbreviation", "pattern"
MASK, MASK_PATTERN, GATE, CUE = "mask", "mask pattern", "gate", "cue"
CONTEXT, UNLESS = "*context", "*unless"  # what a gate opens or shuts, where it is not an abbreviation
# Hyphens and line ends are blanks: "spinal-cord" and "spinal\ncord" are "spinal cord". A dotless i is one ("paın").
BLANKS = str.maketrans("-\n\r\t_ı", "     i")


class Entry(NamedTuple):
    """What a literal stands for. ``exact`` is the spelling that counts for an abbreviation, or the one a gate opens."""

    kind: str
    facet: str
    tag: str
    open_end: bool
    exact: str = ""
    regex: re.Pattern[str] | None = None
    gated: bool = False
    follows: bool = False


class Literals:
    """``entries``: each literal (lower case, blanks for hyphens) with all that it stands for."""

    def __init__(self, vocabulary: Vocabulary, cues: Mapping[str, Iterable[str]]):
        self.entries: dict[str, dict[Entry, None]] = {}
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
        for anchor in pattern.anchors:
            self._add(anchor, Entry(kind, facet, tag, False, "", pattern.regex, False, pattern.follows))
