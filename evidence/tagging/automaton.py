"""Every literal of the vocabulary and of the rules' cues in one Aho-Corasick automaton.

The cost of a scan is the text's length plus what is found in it, not the size of the vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import ahocorasick

from evidence.tagging.terms import expand
from evidence.tagging.vocabulary import Tag, Vocabulary
from evidence.tagging.vocabulary_file import Pattern

TERM, MEASURE, ABBREVIATION, PATTERN = "term", "measure", "abbreviation", "pattern"
MASK, MASK_PATTERN, GATE, CUE = "mask", "mask pattern", "gate", "cue"
CONTEXT, UNLESS = "*context", "*unless"  # what a gate opens or shuts, where it is not an abbreviation
# Hyphens and line ends are blanks: "spinal-cord" and "spinal\ncord" are "spinal cord".
BLANKS = str.maketrans("-\n\r\t_", "     ")


class Entry(NamedTuple):
    """What a literal stands for. ``exact`` is the spelling that counts for an abbreviation, or the one a gate opens."""

    kind: str
    facet: str
    tag: str
    open_end: bool
    exact: str = ""
    regex: re.Pattern[str] | None = None
    opens: frozenset[tuple[str, str, str]] = frozenset()  # what a gate opens or shuts: (facet, tag, abbreviation)
    gated: bool = False
    follows: bool = False


Found = tuple[int, int, Entry]


class Automaton:
    """The literals of a vocabulary and of cues (``{name: terms}``); designs have rules of their own and stay out."""

    def __init__(self, vocabulary: Vocabulary, cues: Mapping[str, Iterable[str]]):
        self._entries: dict[str, list[Entry]] = {}
        for facet in ("modality", "outcome", "condition"):
            for tag in vocabulary.tags[facet].values():
                self._add_tag(facet, tag)
            masks, patterns = vocabulary.masks[facet]
            self._add_masks(facet, "", masks, patterns)
        for name, terms in cues.items():
            for term in terms:
                self._add(term, CUE, "", name)
        self._automaton = ahocorasick.Automaton()
        for literal, entries in self._entries.items():
            kept = _with_one_gate(entries)
            opened = tuple(entry for entry in kept if entry.open_end)
            short = tuple(entry for entry in kept if entry.kind is ABBREVIATION)
            closed = tuple(entry for entry in kept if not entry.open_end and entry.kind is not ABBREVIATION)
            self._automaton.add_word(literal, (len(literal), closed, opened, short))
        self._automaton.make_automaton()

    def _add(
        self,
        term: str,
        kind: str,
        facet: str,
        tag: str,
        exact: str = "",
        regex: re.Pattern[str] | None = None,
        follows: bool = False,
    ) -> None:
        for spelling in expand(term):
            entry = Entry(kind, facet, tag, spelling.endswith("*"), exact, regex, follows=follows)
            self._entries.setdefault(spelling.rstrip("*"), []).append(entry)

    def _add_tag(self, facet: str, tag: Tag) -> None:
        for kind, terms in ((TERM, tag.terms), (MEASURE, tag.measures)):
            for term in terms:
                self._add(term, kind, facet, tag.id)
        for short, gates in tag.abbreviations.items():
            literal = short.lower().translate(BLANKS)
            self._entries.setdefault(literal, []).append(
                Entry(ABBREVIATION, facet, tag.id, False, short.translate(BLANKS), gated=bool(gates))
            )
            for gate in gates:
                self._add(gate, GATE, facet, tag.id, exact=short.translate(BLANKS))
        for name, terms in ((CONTEXT, tag.context), (UNLESS, tag.unless)):
            for term in terms:
                self._add(term, GATE, facet, tag.id, exact=name)
        for pattern in tag.patterns:
            self._add_pattern(PATTERN, facet, tag.id, pattern)
        self._add_masks(facet, tag.id, tag.masks, tag.mask_patterns)

    def _add_masks(self, facet: str, tag: str, masks: Iterable[str], patterns: Iterable[Pattern]) -> None:
        for mask in masks:
            self._add(mask, MASK, facet, tag)
        for pattern in patterns:
            self._add_pattern(MASK_PATTERN, facet, tag, pattern)

    def _add_pattern(self, kind: str, facet: str, tag: str, pattern: Pattern) -> None:
        for anchor in pattern.anchors:
            self._add(anchor, kind, facet, tag, regex=pattern.regex, follows=pattern.follows)

    def scan(self, text: str, original: str) -> list[Found]:
        """Whole words and phrases of ``text`` (lower case, blanks for hyphens); ``original`` has its capitals."""
        found: list[Found] = []
        add = found.append
        size = len(text)
        for last, (length, closed, opened, short) in self._automaton.iter(text):
            end = last + 1
            start = end - length
            if start and text[start - 1].isalnum():
                continue
            whole = end == size or not text[end].isalnum()
            if opened:
                word_end = end if whole else _word_end(text, end, size)
                for entry in opened:
                    add((start, word_end, entry))
            tail = 0 if whole else _tail(text, end, size)
            if tail >= 0:
                for entry in closed:
                    add((start, end + tail, entry))
                for entry in short:
                    if original[start:end].translate(BLANKS) == entry[4]:
                        add((start, end + tail, entry))
        return found


def _with_one_gate(entries: list[Entry]) -> tuple[Entry, ...]:
    """The entries of a literal with all its gates in one (for each kind of end): "pain" opens seven."""
    kept = list(dict.fromkeys(entry for entry in entries if entry.kind is not GATE))
    for open_end in (False, True):
        opens = frozenset((e.facet, e.tag, e.exact) for e in entries if e.kind is GATE and e.open_end is open_end)
        if opens:
            kept.append(Entry(GATE, "", "", open_end, opens=opens))
    return tuple(kept)


def _tail(text: str, end: int, size: int) -> int:
    """How many characters of a plural follow a literal; -1 when it ends inside a word."""
    if not text[end - 1].isalnum():
        return 0
    if text[end] == "s" and (end + 1 >= size or not text[end + 1].isalnum()):
        return 1
    if text.startswith("es", end) and (end + 2 >= size or not text[end + 2].isalnum()):
        return 2
    return -1


def _word_end(text: str, end: int, size: int) -> int:
    while end < size and text[end].isalnum():
        end += 1
    return end
