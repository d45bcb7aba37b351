"""Every literal of the vocabulary and of the rules' cues in one Aho-Corasick automaton.

The cost of a scan is the text's length plus what is found in it, not the size of the vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import ahocorasick

from evidence.tagging.matching.literals import ABBREVIATION, BLANKS, CUE, GATE, Entry, Literals
from evidence.tagging.matching.pattern_set import PatternSet
from evidence.tagging.matching.patterns import WINDOW
from evidence.tagging.matching.vocabulary import Vocabulary

# Everything but letters and digits, for the automaton: each literal in it begins with a blank, so that no word is
# entered in its middle (a pass in 35 us instead of 44, and a third fewer literals to look at).
_NO_WORD = bytes(c if chr(c).isalnum() else 32 for c in range(256))
_LAST_OF_LATIN_1 = "\xff"
_BLANKS = tuple((chr(sign), chr(blank)) for sign, blank in BLANKS.items())
_NO_WORD_PRINTED = re.compile(r"[^\w ]|_")
_PLURALS = ("s ", "es ")
_MANY = 6  # patterns behind an anchor from which a set takes less time than an alternation
_LETTERS = " etianorscldpmuhgyfvbwx1kq02z534j9786"  # by how often medical abstracts have them


Found = tuple[int, int, Entry]
Gate = tuple[str, str, str]  # what a term opens or shuts: facet, tag, abbreviation (or CONTEXT, UNLESS)
# By the name of a cue: where it stands in a sentence, as offsets into the text of the sentence's part.
CuesOfSentence = dict[str, list[tuple[int, int]]]


class SentencePlaces(NamedTuple):
    """The sentences of a text: where they begin, by how much more than in their own part, and their cues."""

    starts: Sequence[int]
    shifts: Sequence[int]
    cues: Sequence[CuesOfSentence]


class Scan(NamedTuple):
    """What a text holds: ``found`` words of tags and masks, patterns that follow their anchor among them.

    ``anchors`` are places to look for a pattern around, by the pattern; ``opens`` what the gates found open or shut.
    """

    found: list[Found]
    anchors: dict[int, tuple[Entry, list[tuple[int, int]]]]
    opens: list[frozenset[Gate]]


class _Patterns(NamedTuple):
    """The patterns of an anchor: those that begin where it ends, with one expression for any of them (most often none
    matches) or, where they are many, a set that tells which; and those to look for around it."""

    any_of: re.Pattern[str] | None
    which: PatternSet | None
    follow: tuple[Entry, ...]
    around: tuple[Entry, ...]


class _Group(NamedTuple):
    """What a literal stands for besides cues."""

    opens: frozenset[Gate]
    patterns: _Patterns | None
    entries: tuple[Entry, ...]


class _Literal(NamedTuple):
    """A literal with one kind of end: looked at once for every place where it is found.

    ``phrase`` is compared with the text where the automaton's blanks stand for other signs. ``group`` is ``None`` for
    the two in five places that hold nothing but cues.
    """

    length: int
    open_end: bool
    phrase: str
    cues: tuple[str, ...]
    group: _Group | None


class Automaton:
    """The literals of a vocabulary and of cues (``{name: terms}``)."""

    def __init__(self, vocabulary: Vocabulary, cues: Mapping[str, Iterable[str]]):
        self._automaton = ahocorasick.Automaton()
        literals = Literals(vocabulary, cues).entries
        same: dict[object, Any] = {}  # one object each: patterns are told by identity, and few stay near the processor
        words: dict[str, list[_Literal]] = {}
        for literal in sorted(literals, key=_by_frequency):
            entries = [same.setdefault(entry, entry) for entry in literals[literal]]
            for open_end in (True, False):
                of_end = [entry for entry in entries if entry.open_end is open_end]
                if of_end:
                    words.setdefault(words_only(literal), []).append(_literal(literal, open_end, of_end, same))
        for word, found_in in words.items():
            self._automaton.add_word(" " + word, tuple(found_in))
        self._automaton.make_automaton()

    def scan(self, text: str, original: str, sentences: SentencePlaces | None = None) -> Scan:
        """Whole words and phrases of ``text`` (lower case, blanks for hyphens); ``original`` has its capitals.

        Fills in the cues of ``sentences``, if any. One loop, kept flat: it is run for a hundred literals a record.
        """
        starts, shifts, cues = sentences or ((0,), (0,), ())
        found: list[Found] = []
        opens: list[frozenset[Gate]] = []
        to_try: list[tuple[int, int, _Patterns]] = []
        at, ends = 0, (*starts[1:], len(text) + 1)
        end_of_sentence = ends[0]
        words = f" {words_only(text)} "  # words[end + 1] is the character at text[end]
        for end, literals in self._automaton.iter(words):
            for length, open_end, phrase, names, group in literals:
                start, stop = end - length, end
                if phrase and not text.startswith(phrase, start):
                    continue
                if open_end:
                    stop = words.find(" ", end + 1) - 1
                elif words[end + 1] != " " and text[end - 1].isalnum():
                    if not words.startswith(_PLURALS, end + 1):
                        continue
                    stop = words.find(" ", end + 1) - 1
                while start >= end_of_sentence:
                    at += 1
                    end_of_sentence = ends[at]
                if group is not None:
                    gates, patterns, entries = group
                    if gates:
                        opens.append(gates)
                    if patterns is not None:
                        to_try.append((start, stop, patterns))
                    for entry in entries:
                        exact = entry[4]
                        if not exact or original[start : start + len(exact)].translate(BLANKS) == exact:
                            found.append((start, stop, entry))
                if names and cues:
                    here, place = cues[at], (start - shifts[at], stop - shifts[at])
                    for name in names:
                        if name in here:
                            here[name].append(place)
                        else:
                            here[name] = [place]
        return _try_patterns(text, to_try, Scan(found, {}, opens)) if to_try else Scan(found, {}, opens)


def _try_patterns(text: str, places: list[tuple[int, int, _Patterns]], scan: Scan) -> Scan:
    """Try the patterns that begin at the end of their anchor; collect the anchors of the others."""
    followed: list[Found] = []
    for start, stop, (any_of, which, follow, around) in places:
        to_follow: Iterable[Entry] = ()
        if which is not None:  # with the sign before it: what begins a word is told by that
            to_follow = [follow[place] for _, place in which.which(text[stop - 1 : stop + WINDOW])]
        elif any_of is not None and any_of.match(text, stop, stop + WINDOW) is not None:
            to_follow = follow
        for entry in to_follow:
            then = entry.regex.match(text, stop, stop + WINDOW) if entry.regex is not None else None
            if then is not None:
                followed.append((start, then.end(), entry))
        for entry in around:
            scan.anchors.setdefault(id(entry), (entry, []))[1].append((start, stop))
    return Scan(followed + scan.found, scan.anchors, scan.opens) if followed else scan


def _literal(literal: str, open_end: bool, entries: list[Entry], same: dict[object, Any]) -> _Literal:
    """What the automaton keeps; abbreviations last, all the gates of a literal in one ("pain" opens seven)."""
    patterns = [(entry, entry.regex) for entry in entries if entry.regex is not None]
    follow = tuple(entry for entry, _ in patterns if entry.follows)
    around = tuple(entry for entry, _ in patterns if not entry.follows)
    alternatives = [
        f"(?i:{regex.pattern})" if regex.flags & re.IGNORECASE else f"(?:{regex.pattern})"
        for entry, regex in patterns
        if entry.follows
    ]
    plain = [entry for entry in entries if entry.regex is None and entry.kind not in (CUE, GATE)]
    plain.sort(key=lambda entry: entry.kind is ABBREVIATION)
    group = _Group(
        frozenset((entry.facet, entry.tag, entry.exact) for entry in entries if entry.kind is GATE),
        _Patterns(*_any_or_which(alternatives), follow, around) if patterns else None,
        tuple(plain),
    )
    cues = tuple(dict.fromkeys(entry.tag for entry in entries if entry.kind is CUE))
    return _Literal(
        len(literal),
        open_end,
        "" if literal.isalnum() else literal,  # a blank in the automaton stands for any sign
        same.setdefault(cues, cues),
        same.setdefault(group, group) if any(group) else None,
    )


def _any_or_which(alternatives: list[str]) -> tuple[re.Pattern[str] | None, PatternSet | None]:
    """One expression for patterns that follow an anchor; or where they are many ("pain" has 22), a set that tells those
    that may match."""
    if len(alternatives) < _MANY:
        return re.compile("|".join(alternatives)) if alternatives else None, None
    return None, PatternSet({("", place): f"(?s:.){one}" for place, one in enumerate(alternatives)}, at_start=True)


def with_blanks(text: str) -> str:
    """Blanks for hyphens and line ends; the same length. A sign at a time takes a tenth of a table's time."""
    for sign, blank in _BLANKS:
        text = text.replace(sign, blank)
    return text


def words_only(text: str) -> str:
    """Blanks for everything but letters and digits; the same length."""
    if not text.isascii():
        for sign in set(text):
            if sign > _LAST_OF_LATIN_1:
                if sign.isalnum():
                    return _NO_WORD_PRINTED.sub(" ", text)
                text = text.replace(sign, " ")
    return text.encode("latin-1").translate(_NO_WORD).decode("latin-1")


def _by_frequency(literal: str) -> list[int]:
    """Literals with the commonest letters first: the automaton tries the ways on from a letter in this order."""
    return [_LETTERS.find(letter) % 256 for letter in literal]
