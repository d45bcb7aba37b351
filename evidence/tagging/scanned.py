"""One part of a document as the automaton saw it, and what is read off it before masks and gates are settled."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from evidence.tagging.automaton import ABBREVIATION, BLANKS, TERM, Automaton, Entry, Found, Scan, with_blanks
from evidence.tagging.patterns import LONGEST_WINDOW, WINDOW
from evidence.tagging.text import Part

TagKey = tuple[str, str]  # facet, tag id
# By the index of a sentence and the name of a cue: where it stands, as offsets into the part's text as received.
Cues = dict[int, dict[str, list[tuple[int, int]]]]


@dataclass(slots=True)
class Scanned:
    """One part and what the automaton found in its normal text; ``offsets`` lead back to the text as received."""

    part: Part
    text: str
    offsets: list[int] | None
    scan: Scan
    sentence_starts: list[int]
    first_sentence: int

    def place(self, start: int, end: int) -> tuple[int, int, int]:
        """Offsets into the text as received, and the sentence."""
        if self.offsets is not None:
            start, end = self.offsets[start], self.offsets[end - 1] + 1
        return start, end, self.first_sentence + max(0, bisect_right(self.sentence_starts, start) - 1)


def scan_part(automaton: Automaton, part: Part, sentence_starts: list[int], first_sentence: int) -> Scanned:
    """One pass over a part, whose sentences begin at ``sentence_starts``."""
    text, offsets, original = with_blanks(part.lower), None, part.text
    if "  " in part.lower:  # not "a - b", whose blanks no phrase may cross
        offsets = [i for i, c in enumerate(text) if c != " " or i == 0 or text[i - 1] != " "]
        text = "".join(text[i] for i in offsets)
        original = "".join(part.text[i] for i in offsets)
    return Scanned(part, text, offsets, automaton.scan(text, original), sentence_starts, first_sentence)


def place_cues(scanned: Scanned, cues: Cues) -> None:
    """Add the cues of a part to those of its sentences. Called for every cue found: kept flat."""
    starts, offsets = scanned.sentence_starts, scanned.offsets
    for start, end, names in scanned.scan.cues:
        if offsets is not None:
            start, end = offsets[start], offsets[end - 1] + 1
        sentence = scanned.first_sentence + max(0, bisect_right(starts, start) - 1)
        here = cues.get(sentence)
        if here is None:
            here = cues[sentence] = {}
        for name in names:
            if name in here:
                here[name].append((start, end))
            else:
                here[name] = [(start, end)]


def around(text: str, places: list[tuple[int, int]], entry: Entry) -> list[tuple[int, int]]:
    """Where a pattern matches over one of its anchors; the expression sees the words around the anchors only."""
    assert entry.regex is not None
    windows: list[list[int]] = []
    for start, end in places:
        if windows and start - WINDOW < windows[-1][1] and end - windows[-1][0] < LONGEST_WINDOW:
            windows[-1][1] = end + WINDOW
        else:
            windows.append([max(0, start - WINDOW), end + WINDOW])
    found = dict.fromkeys(m.span() for low, high in windows for m in entry.regex.finditer(text, low, high))
    return [(first, last) for first, last in found if any(first < end and start < last for start, end in places)]


def local_abbreviations(scanned: Scanned, explained: dict[str, frozenset[TagKey]]) -> list[Found]:
    """The abbreviations that only this record uses: "intrathecal drug therapy (IDT)", then every IDT."""
    text, places = scanned.text, []
    for short, tags in explained.items():
        literal = short.lower().translate(BLANKS)
        position = text.find(literal) if tags else -1
        while position >= 0:
            end = position + len(literal)
            if _whole_word(text, position, end):
                places.append((position, end, tags))
            position = text.find(literal, end)
    if not places:
        return []
    known = {(start, entry.facet, entry.tag) for start, _, entry in scanned.scan.found if entry.kind is ABBREVIATION}
    return [
        (start, end, Entry(TERM, facet, tag, False))
        for start, end, tags in places
        for facet, tag in sorted(tags)
        if (start, facet, tag) not in known
    ]


def _whole_word(text: str, start: int, end: int) -> bool:
    if start and text[start - 1].isalnum():
        return False
    rest = text[end : end + 2]
    return not rest[:1].isalnum() or (rest[0] == "s" and not rest[1:].isalnum())
