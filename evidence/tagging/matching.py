"""What a document says, term by term: hits of tags and cues, with masks, gates and abbreviations settled.

Three things stop a phrase from counting, each kept as a near miss: a mask over it, a longer phrase of another tag
around it ("transcutaneous spinal cord stimulation" is not spinal cord stimulation), and an abbreviation that the record
explains as something else or does not explain at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from evidence.tagging.abbreviations import long_forms
from evidence.tagging.automaton import (
    ABBREVIATION,
    BLANKS,
    CONTEXT,
    GATE,
    MASK,
    MASK_PATTERN,
    MEASURE,
    PATTERN,
    TERM,
    UNLESS,
    Automaton,
    Entry,
    Found,
)
from evidence.tagging.patterns import WINDOW
from evidence.tagging.scanned import Cue, Scanned, TagKey, around, local_abbreviations, take_cues
from evidence.tagging.text import Document, Part
from evidence.tagging.vocabulary import Vocabulary

# A local abbreviation stands for a tag when the tag's words are most of its long form.
_SHARE_OF_LONG_FORM = 0.55

FACETS = ("modality", "outcome", "condition")
LONGER = "part of a longer phrase of"


class Hit(NamedTuple):
    """Words of a tag: offsets into the text of one part as received (``part`` is ``None`` for the title)."""

    facet: str
    tag: str
    kind: str
    part: int | None
    start: int
    end: int
    sentence: int  # index into Document.sentences


class Miss(NamedTuple):
    """Words of a tag that did not count, and the rule that stopped them."""

    facet: str
    tag: str
    part: int | None
    start: int
    end: int
    rule: str


@dataclass(slots=True)
class Matches:
    """Everything found in a document; ``cues`` by the index of their sentence."""

    hits: list[Hit] = field(default_factory=list)
    cues: dict[int, list[Cue]] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)


class Matcher:
    """Finds the terms of a vocabulary and the cues of the rules (``{name: terms}``) in documents."""

    def __init__(self, vocabulary: Vocabulary, cues: Mapping[str, Iterable[str]]):
        self._automaton = Automaton(vocabulary, cues)
        self._tags = {(facet, tag.id): tag for facet, tags in vocabulary.tags.items() for tag in tags.values()}
        self._parents: dict[TagKey, frozenset[str]] = {
            (facet, tag): frozenset(vocabulary.with_parents(facet, tag))
            for facet, tags in vocabulary.tags.items()
            for tag in tags
        }

    def find(self, document: Document) -> Matches:
        """Every hit and cue of a document, in reading order."""
        matches = Matches()
        parts = [part for part in (document.title, *document.sections) if part.text]
        scanned = [self._scan(part, document) for part in parts]
        gates = set().union(*(entry.opens for scan in scanned for _, _, entry in scan.found if entry.opens))
        explained = {
            short: self._meaning(short, long) for short, long in long_forms(part.text for part in parts).items()
        }
        for scan in scanned:
            if explained:
                scan.found += local_abbreviations(scan, explained)
            self._settle(scan, gates, explained, matches)
        self._drop_out_of_place(gates, matches)
        return matches

    def _drop_out_of_place(self, gates: set[tuple[str, str, str]], matches: Matches) -> None:
        """Drop the hits of tags without their context, that another term rules out, or that lack the tag they need."""
        found = {(hit.facet, hit.tag) for hit in matches.hits}
        named = {tag for _, tag in found}
        reasons: dict[TagKey, str] = {}
        for key in found:
            tag = self._tags[key]
            if tag.context and (*key, CONTEXT) not in gates:
                reasons[key] = f"none of its context in the record ({', '.join(tag.context[:3])}, ...)"
            elif tag.requires and named.isdisjoint(tag.requires):
                reasons[key] = f"needs one of {', '.join(tag.requires[:4])} in the record"
        shut = {key for key in found if (*key, UNLESS) in gates}
        if not reasons and not shut:
            return
        kept = []
        for hit in matches.hits:
            key = (hit.facet, hit.tag)
            reason = reasons.get(key) or (
                "another term of the record rules it out" if key in shut and hit.kind is not MEASURE else ""
            )
            if reason:
                matches.misses.append(Miss(hit.facet, hit.tag, hit.part, hit.start, hit.end, reason))
            else:
                kept.append(hit)
        matches.hits = kept

    def _scan(self, part: Part, document: Document) -> Scanned:
        text, offsets, original = part.lower.translate(BLANKS), None, part.text
        if "  " in part.lower:  # not "a - b", whose blanks no phrase may cross
            offsets = [i for i, c in enumerate(text) if c != " " or i == 0 or text[i - 1] != " "]
            text = "".join(text[i] for i in offsets)
            original = "".join(part.text[i] for i in offsets)
        indexes = [i for i, sentence in enumerate(document.sentences) if sentence.part == part.position]
        starts = [document.sentences[i].start for i in indexes]
        found = self._automaton.scan(text, original)
        return Scanned(part, text, offsets, found, starts, indexes[0] if indexes else 0)

    def _meaning(self, short: str, long_form: str) -> frozenset[TagKey]:
        """The tags that a long form names: by a term, or by one that must stand with the abbreviation."""
        text = long_form.lower().translate(BLANKS)
        named = set()
        found = self._automaton.scan(text, long_form)
        longest = {
            facet: max((e - s for s, e, x in found if x.facet == facet and x.kind in (TERM, MEASURE)), default=0)
            for facet in FACETS
        }
        for start, end, entry in found:
            if entry.kind in (TERM, MEASURE) and end - start >= max(
                _SHARE_OF_LONG_FORM * len(text), longest[entry.facet]
            ):
                named.add((entry.facet, entry.tag))
            elif entry.kind is GATE:
                named.update((facet, tag) for facet, tag, opened in entry.opens if opened == short)
        return frozenset(named)

    def _settle(
        self,
        scan: Scanned,
        gates: set[tuple[str, str, str]],
        explained: dict[str, frozenset[TagKey]],
        matches: Matches,
    ) -> None:
        masks: list[Found] = []
        anchored: dict[Entry, list[tuple[int, int]]] = {}
        spans: dict[tuple[int, int, str, str], Entry] = {}
        scan.found = take_cues(scan, matches.cues)
        for start, end, entry in scan.found:
            kind = entry[0]
            if kind is MASK:
                masks.append((start, end, entry))
            elif entry.follows:
                assert entry.regex is not None
                match = entry.regex.match(scan.text, end, end + WINDOW)
                if match and kind is PATTERN:
                    spans.setdefault((start, match.end(), entry.facet, entry.tag), entry)
                elif match:
                    masks.append((start, match.end(), entry))
            elif kind is PATTERN or kind is MASK_PATTERN:
                anchored.setdefault(entry, []).append((start, end))
            elif kind is ABBREVIATION:
                rule = self._closed(entry, gates, explained)
                if rule:
                    matches.misses.append(
                        Miss(entry.facet, entry.tag, scan.part.position, *scan.place(start, end)[:2], rule)
                    )
                else:
                    spans.setdefault((start, end, entry.facet, entry.tag), entry)
            elif kind is not GATE:
                spans.setdefault((start, end, entry.facet, entry.tag), entry)
        for entry, places in anchored.items():
            for first, last in around(scan.text, places, entry):
                if entry.kind is PATTERN:
                    spans.setdefault((first, last, entry.facet, entry.tag), entry)
                else:
                    masks.append((first, last, entry))
        if spans:
            self._keep(scan, spans, masks, matches)

    def _closed(self, entry: Entry, gates: set[tuple[str, str, str]], explained: dict[str, frozenset[TagKey]]) -> str:
        """Why an abbreviation does not count here, or nothing."""
        meaning = explained.get(entry.exact)
        if meaning is not None:
            known = any(f == entry.facet and (t == entry.tag or entry.tag in self._parents[f, t]) for f, t in meaning)
            if known or (not meaning and not entry.gated):
                return ""
            return "the record explains this abbreviation as something else"
        if not entry.gated or (entry.facet, entry.tag, entry.exact) in gates:
            return ""
        return "an abbreviation that the record does not explain"

    def _keep(
        self, scan: Scanned, spans: dict[tuple[int, int, str, str], Entry], masks: list[Found], matches: Matches
    ) -> None:
        enclosing: list[tuple[int, int, str, str]] = []
        for span in sorted(spans, key=lambda s: (s[0], -s[1])):
            start, end, facet, tag = span
            enclosing = [other for other in enclosing if other[1] > start]
            rule = self._masked(span, masks) or self._covered(span, enclosing)
            if rule is None:
                if spans[span].kind is not PATTERN:
                    enclosing.append(span)
                first, last, sentence = scan.place(start, end)
                matches.hits.append(Hit(facet, tag, spans[span].kind, scan.part.position, first, last, sentence))
            elif rule:
                matches.misses.append(Miss(facet, tag, scan.part.position, *scan.place(start, end)[:2], rule))

    def _masked(self, span: tuple[int, int, str, str], masks: list[Found]) -> str | None:
        start, end, facet, tag = span
        for mask_start, mask_end, entry in masks:
            own = not entry.tag or entry.tag == tag or entry.tag in self._parents[facet, tag]
            if own and mask_start < end and start < mask_end and entry.facet == facet:
                return "masked: the words around it mean something else"
        return None

    def _covered(self, span: tuple[int, int, str, str], enclosing: list[tuple[int, int, str, str]]) -> str | None:
        """Why a phrase inside longer ones does not count; ``""`` when it only repeats its own tag."""
        start, end, facet, tag = span
        for other_start, other_end, other_facet, other in enclosing:
            if other_facet != facet or end > other_end:
                continue
            if other == tag:
                return ""
            longer = other_end - other_start > end - start
            if longer and tag not in self._parents[facet, other] and other not in self._parents[facet, tag]:
                return f"{LONGER} {other}"
        return None
