"""One part of a document as the automaton saw it, and what is read off it before masks and gates are settled."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from evidence.tagging.automaton import Automaton, CuesOfSentence, Found, Scan, with_blanks
from evidence.tagging.literals import ABBREVIATION, BLANKS, TERM, Entry
from evidence.tagging.patterns import LONGEST_WINDOW, WINDOW
from evidence.tagging.text import Part

TagKey = tuple[str, str]  # facet, tag id


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
        return start, end, self.first_sentence + (bisect_right(self.sentence_starts, start) or 1) - 1


def scan_part(
    automaton: Automaton, part: Part, starts: list[int], first_sentence: int, cues: list[CuesOfSentence]
) -> Scanned:
    """One pass over a part, whose sentences begin at ``starts``; fills in ``cues``, those of its sentences."""
    text = with_blanks(part.lower)
    if "  " not in part.lower:  # not "a - b", whose blanks no phrase may cross
        return Scanned(part, text, None, automaton.scan(text, part.text, starts, cues), starts, first_sentence)
    offsets = [i for i, c in enumerate(text) if c != " " or i == 0 or text[i - 1] != " "]
    text = "".join(text[i] for i in offsets)
    original = "".join(part.text[i] for i in offsets)
    scan = automaton.scan(text, original, [bisect_left(offsets, start) for start in starts], cues)
    for of_sentence in cues:
        for places in of_sentence.values():
            places[:] = [(offsets[start], offsets[end - 1] + 1) for start, end in places]
    return Scanned(part, text, offsets, scan, starts, first_sentence)


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
