"""Every literal of the vocabulary and of the rules' cues in one Aho-Corasick automaton.

The cost of a scan is the text's length plus what is found in it, not the size of the vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import ahocorasick

from evidence.tagging.patterns import WINDOW
from evidence.tagging.terms import expand
from evidence.tagging.vocabulary import Tag, Vocabulary
from evidence.tagging.vocabulary_file import Pattern

TERM, MEASURE, ABBREVIATION, PATTERN = "term", "measure", "abbreviation", "pattern"
MASK, MASK_PATTERN, GATE, CUE = "mask", "mask pattern", "gate", "cue"
CONTEXT, UNLESS = "*context", "*unless"  # what a gate opens or shuts, where it is not an abbreviation
# Hyphens and line ends are blanks: "spinal-cord" and "spinal\ncord" are "spinal cord". A dotless i is one ("paın").
BLANKS = str.maketrans("-\n\r\t_ı", "     i")
# Everything but letters and digits, for the automaton: each literal in it begins with a blank, so that no word is
# entered in its middle (a pass in 35 us instead of 44, and a third fewer literals to look at).
_NO_WORD = bytes(c if chr(c).isalnum() or c > 127 else 32 for c in range(256))
_BLANKS = bytes.maketrans(b"-\n\r\t_", b"     ")
_NO_WORD_PRINTED = re.compile(r"[^\w ]|_")
_PLURALS = ("s ", "es ")
_LETTERS = " etianorscldpmuhgyfvbwx1kq02z534j9786"  # by how often medical abstracts have them


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


Found = tuple[int, int, Entry]
Gate = tuple[str, str, str]  # what a term opens or shuts: facet, tag, abbreviation (or CONTEXT, UNLESS)


class Scan(NamedTuple):
    """What a text holds: ``found`` words of tags and masks, patterns that follow their anchor among them.

    ``anchors`` are places to look for a pattern around, by the pattern; ``cues`` are ``(start, end, names)``;
    ``opens`` what the gates found open or shut.
    """

    found: list[Found]
    anchors: dict[int, tuple[Entry, list[tuple[int, int]]]]
    cues: list[tuple[int, int, tuple[str, ...]]]
    opens: list[frozenset[Gate]]


class _Group(NamedTuple):
    """What a literal stands for with one kind of end: looked at once for every place where it is found."""

    open_end: bool
    cues: tuple[str, ...]
    opens: frozenset[Gate]
    follows: tuple[tuple[Callable[[str, int, int], re.Match[str] | None], Entry], ...]
    anchors: tuple[Entry, ...]
    entries: tuple[Entry, ...]


class Automaton:
    """The literals of a vocabulary and of cues (``{name: terms}``); designs have rules of their own and stay out."""

    def __init__(self, vocabulary: Vocabulary, cues: Mapping[str, Iterable[str]]):
        self._entries: dict[str, dict[Entry, None]] = {}
        for facet in ("modality", "outcome", "condition"):
            for tag in vocabulary.tags[facet].values():
                self._add_tag(facet, tag)
            masks, patterns = vocabulary.masks[facet]
            self._add_masks(facet, "", masks, patterns)
        for name, terms in cues.items():
            for term in terms:
                self._add(term, CUE, "", name)
        self._automaton = ahocorasick.Automaton()
        entries: dict[Entry, Entry] = {}  # one object each: a pattern is told by its identity,
        groups: dict[_Group, _Group] = {}  # and few objects stay near to the processor
        words: dict[str, list[tuple[str, _Group]]] = {}
        for literal in sorted(self._entries, key=_by_frequency):
            of_literal = [entries.setdefault(entry, entry) for entry in self._entries[literal]]
            phrase = "" if literal.isalnum() else literal  # a blank in the automaton stands for any sign
            for group in (_group(of_literal, open_end=True), _group(of_literal, open_end=False)):
                if any(group[1:]):
                    words.setdefault(words_only(literal), []).append((phrase, groups.setdefault(group, group)))
        for word, found in words.items():
            self._automaton.add_word(" " + word, (len(word), tuple(found)))
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
            self._entries.setdefault(spelling.rstrip("*"), {})[entry] = None

    def _add_tag(self, facet: str, tag: Tag) -> None:
        for kind, terms in ((TERM, tag.terms), (MEASURE, tag.measures)):
            for term in terms:
                self._add(term, kind, facet, tag.id)
        for short, gates in tag.abbreviations.items():
            literal = short.lower().translate(BLANKS)
            entry = Entry(ABBREVIATION, facet, tag.id, False, short.translate(BLANKS), gated=bool(gates))
            self._entries.setdefault(literal, {})[entry] = None
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

    def scan(self, text: str, original: str) -> Scan:
        """Whole words and phrases of ``text`` (lower case, blanks for hyphens); ``original`` has its capitals.

        One loop, kept flat: it is run for eighty literals a record.
        """
        found: list[Found] = []
        anchors: dict[int, tuple[Entry, list[tuple[int, int]]]] = {}
        cues: list[tuple[int, int, tuple[str, ...]]] = []
        opens: list[frozenset[Gate]] = []
        words = f" {words_only(text)} "  # words[end + 1] is the character at text[end]
        for end, (length, groups) in self._automaton.iter(words):
            start = end - length
            for phrase, (open_end, names, gates, follows, around, entries) in groups:
                if phrase and text[start:end] != phrase:
                    continue
                if open_end:
                    stop = words.find(" ", end + 1) - 1
                elif words[end + 1] == " " or not text[end - 1].isalnum():
                    stop = end
                elif words.startswith(_PLURALS, end + 1):
                    stop = words.find(" ", end + 1) - 1
                else:
                    continue
                if names:
                    cues.append((start, stop, names))
                if gates:
                    opens.append(gates)
                for match, entry in follows:
                    then = match(text, stop, stop + WINDOW)
                    if then is not None:
                        found.append((start, then.end(), entry))
                for entry in around:
                    anchors.setdefault(id(entry), (entry, []))[1].append((start, stop))
                for entry in entries:
                    if entry[0] is not ABBREVIATION or original[start:end].translate(BLANKS) == entry[4]:
                        found.append((start, stop, entry))
        return Scan(found, anchors, cues, opens)


def _group(entries: list[Entry], open_end: bool) -> _Group:
    """The entries of a literal with this kind of end, abbreviations last; all its gates in one ("pain" opens seven)."""
    of_end = [entry for entry in entries if entry.open_end is open_end]
    plain = [entry for entry in of_end if entry.regex is None and entry.kind not in (CUE, GATE)]
    plain.sort(key=lambda entry: entry.kind is ABBREVIATION)
    return _Group(
        open_end,
        tuple(dict.fromkeys(entry.tag for entry in of_end if entry.kind is CUE)),
        frozenset((entry.facet, entry.tag, entry.exact) for entry in of_end if entry.kind is GATE),
        tuple((entry.regex.match, entry) for entry in of_end if entry.regex is not None and entry.follows),
        tuple(entry for entry in of_end if entry.regex is not None and not entry.follows),
        tuple(plain),
    )


def with_blanks(text: str) -> str:
    """Blanks for hyphens and line ends; the same length. Bytes are translated in half the time of characters."""
    return text.encode("ascii").translate(_BLANKS).decode("ascii") if text.isascii() else text.translate(BLANKS)


def words_only(text: str) -> str:
    """Blanks for everything but letters and digits; the same length."""
    if text.isascii():
        return text.encode("ascii").translate(_NO_WORD).decode("ascii")
    return _NO_WORD_PRINTED.sub(" ", text)


def _by_frequency(literal: str) -> list[int]:
    """Literals with the commonest letters first: the automaton tries the ways on from a letter in this order."""
    return [_LETTERS.find(letter) % 256 for letter in literal]
