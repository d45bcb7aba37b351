"""What a document says, term by term: hits of tags and cues, with masks, gates and abbreviations settled.

Three things stop a phrase from counting, each kept as a near miss: a mask over it, a longer phrase of another tag
around it ("transcutaneous spinal cord stimulation" is not spinal cord stimulation), and an abbreviation that the record
explains as something else or does not explain at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from evidence.model import WORD_FACETS
from evidence.tagging.matching.automaton import Automaton, CuesOfSentence, Found, Gate
from evidence.tagging.matching.literals import (
    ABBREVIATION,
    BLANKS,
    CONTEXT,
    MASK,
    MASK_PATTERN,
    MEASURE,
    PATTERN,
    TERM,
    UNLESS,
    Entry,
)
from evidence.tagging.matching.scanned import Scanned, TagKey, around, local_abbreviations, scan_document
from evidence.tagging.matching.vocabulary import Vocabulary
from evidence.tagging.text.abbreviations import long_forms
from evidence.tagging.text.document import Document

# A local abbreviation stands for a tag when the tag's words are most of its long form.
_SHARE_OF_LONG_FORM = 0.55

LONGER = "part of a longer phrase of"


Span = tuple[int, int, str, str]  # start, end, facet, tag
Phrase = tuple[int, int, int, Entry]  # start, -end, in which order it was found: reading order when sorted


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
    """Everything found in a document; ``cues`` for every sentence."""

    hits: list[Hit] = field(default_factory=list)
    cues: list[CuesOfSentence] = field(default_factory=list)
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
        self._meaning = lru_cache(maxsize=4096)(self._read_meaning)  # most records explain the same few

    def find(self, document: Document) -> Matches:
        """Every hit and cue of a document, in reading order."""
        matches = Matches(cues=[{} for _ in document.sentences])
        if not document.sentences:
            return matches
        scanned = scan_document(self._automaton, document, matches.cues)
        gates: set[Gate] = set().union(*scanned.scan.opens)
        texts = (part.text for part in (document.title, *document.sections))
        explained = {short: self._meaning(short, long) for short, long in long_forms(texts).items()}
        if explained:
            scanned.scan.found.extend(local_abbreviations(scanned, explained))
        self._settle(scanned, gates, explained, matches)
        self._drop_out_of_place(gates, matches)
        return matches

    def _drop_out_of_place(self, gates: set[Gate], matches: Matches) -> None:
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

    def _read_meaning(self, short: str, long_form: str) -> frozenset[TagKey]:
        """The tags that a long form names: by a term, or by one that must stand with the abbreviation."""
        text = long_form.lower().translate(BLANKS)
        named = set()
        scan = self._automaton.scan(text, long_form)
        longest = {
            str(facet): max(
                (e - s for s, e, x in scan.found if x.facet == facet and x.kind in (TERM, MEASURE)), default=0
            )
            for facet in WORD_FACETS
        }
        for start, end, entry in scan.found:
            if entry.kind in (TERM, MEASURE) and end - start >= max(
                _SHARE_OF_LONG_FORM * len(text), longest[entry.facet]
            ):
                named.add((entry.facet, entry.tag))
        for opens in scan.opens:
            named.update((facet, tag) for facet, tag, opened in opens if opened == short)
        return frozenset(named)

    def _settle(
        self, scanned: Scanned, gates: set[Gate], explained: dict[str, frozenset[TagKey]], matches: Matches
    ) -> None:
        masks: list[Found] = []
        phrases: list[Phrase] = []
        for found in scanned.scan.found:
            start, end, entry = found
            kind = entry[0]
            if kind is MASK or kind is MASK_PATTERN:
                masks.append(found)
            elif kind is ABBREVIATION and (rule := self._closed(entry, gates, explained)):
                matches.misses.append(_miss(scanned, start, end, entry.facet, entry.tag, rule))
            else:
                phrases.append((start, -end, len(phrases), entry))
        for entry, places in scanned.scan.anchors.values():
            for first, last in around(scanned.text, places, entry):
                if entry.kind is PATTERN:
                    phrases.append((first, -last, len(phrases), entry))
                else:
                    masks.append((first, last, entry))
        if phrases:
            self._keep(scanned, phrases, masks, matches)

    def _closed(self, entry: Entry, gates: set[Gate], explained: dict[str, frozenset[TagKey]]) -> str:
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

    def _keep(self, scanned: Scanned, phrases: list[Phrase], masks: list[Found], matches: Matches) -> None:
        """Hits and misses in reading order, the longer of two phrases first."""
        enclosing: list[Span] = []
        place, same = (-1, 0), set[TagKey]()
        phrases.sort()
        for start, minus_end, _, entry in phrases:
            kind, facet, tag = entry[0], entry[1], entry[2]
            if (start, minus_end) != place:
                place, same = (start, minus_end), {(facet, tag)}
                if enclosing:
                    enclosing = [other for other in enclosing if other[1] > start]
            elif (facet, tag) in same:
                continue
            else:
                same.add((facet, tag))
            span = (start, -minus_end, facet, tag)
            rule = self._masked(span, masks) if masks else None
            if rule is None and enclosing:
                rule = self._covered(span, enclosing)
            if rule is None:
                if kind is not PATTERN:
                    enclosing.append(span)
                matches.hits.append(_new_hit(Hit, (facet, tag, kind, *scanned.place(start, -minus_end))))
            elif rule:
                matches.misses.append(_miss(scanned, start, -minus_end, facet, tag, rule))

    def _masked(self, span: Span, masks: list[Found]) -> str | None:
        start, end, facet, tag = span
        for mask_start, mask_end, entry in masks:
            own = not entry.tag or entry.tag == tag or entry.tag in self._parents[facet, tag]
            if own and mask_start < end and start < mask_end and entry.facet == facet:
                return "masked: the words around it mean something else"
        return None

    def _covered(self, span: Span, enclosing: list[Span]) -> str | None:
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


_new_hit = tuple.__new__  # half the time of the named constructor, thirteen times a record


def _miss(scanned: Scanned, start: int, end: int, facet: str, tag: str, rule: str) -> Miss:
    return Miss(facet, tag, *scanned.place(start, end)[:3], rule)
