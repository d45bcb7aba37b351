"""One part of a document as the automaton saw it, and what is read off it before masks and gates are settled."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from evidence.tagging.automaton import ABBREVIATION, BLANKS, CUE, TERM, Entry, Found
from evidence.tagging.patterns import LONGEST_WINDOW, WINDOW
from evidence.tagging.text import Part

TagKey = tuple[str, str]  # facet, tag id
Cue = tuple[str, int, int]  # name of a rule's words, and their offsets into the part's text as received


@dataclass(slots=True)
class Scanned:
    """One part and what the automaton found in its normal text; ``offsets`` lead back to the text as received."""

    part: Part
    text: str
    offsets: list[int] | None
    found: list[Found]
    sentence_starts: list[int]
    first_sentence: int

    def place(self, start: int, end: int) -> tuple[int, int, int]:
        """Offsets into the text as received, and the sentence."""
        if self.offsets is not None:
            start, end = self.offsets[start], self.offsets[end - 1] + 1
        return start, end, self.first_sentence + max(0, bisect_right(self.sentence_starts, start) - 1)


def take_cues(scan: Scanned, cues: dict[int, list[Cue]]) -> list[Found]:
    """Move the cues of a part to their sentences; returns what is left. Called for every word found: kept flat."""
    left: list[Found] = []
    starts, offsets = scan.sentence_starts, scan.offsets
    for found in scan.found:
        entry = found[2]
        if entry[0] is not CUE:
            left.append(found)
            continue
        start, end = found[0], found[1]
        if offsets is not None:
            start, end = offsets[start], offsets[end - 1] + 1
        sentence = scan.first_sentence + max(0, bisect_right(starts, start) - 1)
        if sentence in cues:
            cues[sentence].append((entry[2], start, end))
        else:
            cues[sentence] = [(entry[2], start, end)]
    return left


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


def local_abbreviations(scan: Scanned, explained: dict[str, frozenset[TagKey]]) -> list[Found]:
    """The abbreviations that only this record uses: "intrathecal drug therapy (IDT)", then every IDT."""
    known = {(start, entry.facet, entry.tag) for start, _, entry in scan.found if entry.kind is ABBREVIATION}
    found: list[Found] = []
    for short, tags in explained.items():
        literal = short.lower().translate(BLANKS)
        position = scan.text.find(literal) if tags else -1
        while position >= 0:
            end = position + len(literal)
            if _whole_word(scan.text, position, end):
                found += [
                    (position, end, Entry(TERM, facet, tag, False))
                    for facet, tag in sorted(tags)
                    if (position, facet, tag) not in known
                ]
            position = scan.text.find(literal, end)
    return found


def _whole_word(text: str, start: int, end: int) -> bool:
    if start and text[start - 1].isalnum():
        return False
    rest = text[end : end + 2]
    return not rest[:1].isalnum() or (rest[0] == "s" and not rest[1:].isalnum())
