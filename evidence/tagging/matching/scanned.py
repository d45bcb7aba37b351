"""A document as the automaton saw it, and what is read off it before masks and gates are settled."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from evidence.tagging.matching.automaton import Automaton, CuesOfSentence, Found, Scan, SentencePlaces, with_blanks
from evidence.tagging.matching.literals import ABBREVIATION, BLANKS, TERM, Entry
from evidence.tagging.matching.patterns import LONGEST_WINDOW, WINDOW
from evidence.tagging.text.document import Document

TagKey = tuple[str, str]  # facet, tag id
# Between the parts of a document, read as one text: no phrase and no pattern crosses it, and two passes a record less.
BETWEEN = " . "


@dataclass(slots=True)
class Scanned:
    """A document's normal text and what the automaton found in it.

    ``starts`` are where the sentences begin in that text, ``shifts`` by how much more than in their own part;
    ``offsets`` lead back where blanks were left out.
    """

    document: Document
    text: str
    offsets: list[int] | None
    scan: Scan
    starts: list[int]
    shifts: list[int]

    def place(self, start: int, end: int) -> tuple[int | None, int, int, int]:
        """The part, offsets into its text as received, and the sentence."""
        sentence = (bisect_right(self.starts, start) or 1) - 1
        if self.offsets is not None:
            start, end = self.offsets[start], self.offsets[end - 1] + 1
        shift = self.shifts[sentence]
        return self.document.sentences[sentence].part, start - shift, end - shift, sentence


def scan_document(automaton: Automaton, document: Document, cues: list[CuesOfSentence]) -> Scanned:
    """One pass over title and abstract; fills in ``cues``, those of the sentences."""
    parts = (document.title, *document.sections)
    lower = BETWEEN.join([part.lower for part in parts])
    original = BETWEEN.join([part.text for part in parts])
    begins, begin = {}, 0
    for part in parts:
        begins[part.position] = begin
        begin += len(part.text) + len(BETWEEN)
    shifts = [begins[sentence.part] for sentence in document.sentences]
    starts = [shift + sentence.start for shift, sentence in zip(shifts, document.sentences, strict=True)]
    text = with_blanks(lower)
    if "  " not in lower:  # not "a - b", whose blanks no phrase may cross
        scan = automaton.scan(text, original, SentencePlaces(starts, shifts, cues))
        return Scanned(document, text, None, scan, starts, shifts)
    offsets = [i for i, c in enumerate(text) if c != " " or i == 0 or text[i - 1] != " "]
    text = "".join([text[i] for i in offsets])
    original = "".join([original[i] for i in offsets])
    starts = [bisect_left(offsets, start) for start in starts]
    scan = automaton.scan(text, original, SentencePlaces(starts, [0] * len(starts), cues))
    for shift, of_sentence in zip(shifts, cues, strict=True):
        for places in of_sentence.values():
            places[:] = [(offsets[start] - shift, offsets[end - 1] + 1 - shift) for start, end in places]
    return Scanned(document, text, offsets, scan, starts, shifts)


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
