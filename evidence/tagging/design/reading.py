"""What is read of a record to decide its design: words that name designs, and numbers of people.

Types and title are read at once; sentences are read for a design when it is first asked for, since a title that says
"systematic review" leaves most questions unasked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from evidence.rules import Rule
from evidence.tagging.design.rules import NOT_THE_STUDY, ON_DEMAND, SIGNS, TEXT_RULES
from evidence.tagging.matching.pattern_set import PatternSet
from evidence.tagging.matching.prefilter import Hits
from evidence.tagging.sample_size.choose import People
from evidence.tagging.text.document import Document, Sentence

_ON_DEMAND = PatternSet({(sign, 0): SIGNS[sign].pattern.pattern for sign in sorted(ON_DEMAND)})
# PubMed's publication types say most, then the title, then a sentence about the study itself; a type that nobody
# checked says less than a sentence.
TYPE, TITLE, TEXT, UNCHECKED_TYPE = 4, 3, 2, 1
_RULES = {rule.name: [other for other in TEXT_RULES if other.name == rule.name] for rule in TEXT_RULES}
# The design that a rule may lead to; a search for studies makes a systematic review.
_DESIGNS = {rule.label: rule.name for rule in TEXT_RULES} | {"databases": "systematic_review"}


class Found(NamedTuple):
    """A design and the words that say so; ``strength``: 4 publication type, 3 title, 2 text, 1 a type not checked."""

    design: str
    rule: str
    strength: int
    phrase: str = ""
    field: str = "abstract"
    section: int | None = None
    start: int | None = None
    end: int | None = None


class Told:
    """The designs that the abstract's sentences tell, where types and title do not; each looked for when asked for."""

    def __init__(self, document: Document, hits: Hits, firm: Collection[str]):
        self._document, self._hits, self._firm = document, hits, firm
        self._known: dict[str, list[Found]] = {}
        self._possible = {_DESIGNS[group] for group in hits.sentences.keys() & _DESIGNS.keys()}

    def every(self, design: str) -> list[Found]:
        """What each rule for a design finds, the first sentence of each, also beside a type or title that says so."""
        if design not in self._possible:
            return []
        found = self._known.get(design)
        if found is None:
            found = [f for rule in _RULES[design] if rule.label in self._hits.sentences and (f := self._try(rule))]
            if design == "systematic_review" and not found:
                found = self._search()
            self._known[design] = found
        return found

    def get(self, design: str) -> Found | None:
        found = None if design in self._firm else self.every(design)
        return found[0] if found else None

    def __contains__(self, design: object) -> bool:
        return design in self._possible and design not in self._firm and bool(self.every(str(design)))

    def __getitem__(self, design: str) -> Found:
        return self.every(design)[0]

    def any(self, *designs: str) -> bool:
        return not self._possible.isdisjoint(designs) and any(map(self.__contains__, designs))

    def _try(self, rule: Rule) -> Found | None:
        for sentence in self._hits.sentences[rule.label]:
            match = rule.search(sentence.lower)
            if match:
                return words(self._document, rule.name, rule.label, sentence, *match.span(), strength=TEXT)
        return None

    def _search(self) -> list[Found]:
        """A search for studies and a selection of them: a systematic review, though not called one."""
        said = self._hits.sentences
        searched = first_match("databases", said.get("databases", ()))
        if searched and first_match("selection", said.get("selection", ())):
            rule = "text: databases searched and studies selected"
            return [words(self._document, "systematic_review", rule, searched[0], *searched[1].span(), strength=TEXT)]
        return []


@dataclass(slots=True)
class Reading:
    """What is read of a record: ``best`` holds the strongest words of types and title for each design, and what was
    found by default; ``told`` the sentences' words, ``people`` the numbers counted."""

    document: Document
    hits: Hits
    protocol: bool
    best: dict[str, Found]
    told: Told
    people: People
    _asked: dict[str, list[Sentence]] | None = None

    def found(self, design: str) -> Found | None:
        """The strongest words for a design."""
        best = self.best.get(design)
        return best if best and best.strength > UNCHECKED_TYPE else self.told.get(design) or best

    def search(self, sign: str) -> tuple[Sentence, re.Match[str]] | None:
        """Where a sign (``signs.yml``) first stands in the sentences that speak of the study."""
        return first_match(sign, (self._asked_for() if sign in ON_DEMAND else self.hits.sentences).get(sign, ()))

    def _asked_for(self) -> dict[str, list[Sentence]]:
        """The sentences that the signs few records are asked for can match in: found when one is first asked for."""
        if self._asked is None:
            self._asked = {}
            for sentence in self.document.sentences:
                for sign, _ in _ON_DEMAND.which(sentence.lower) if sentence.category not in NOT_THE_STUDY else ():
                    self._asked.setdefault(sign, []).append(sentence)
        return self._asked

    def words(self, design: str, rule: str, sentence: Sentence, start: int, end: int) -> Found:
        return words(self.document, design, rule, sentence, start, end, strength=UNCHECKED_TYPE)


def first_match(sign: str, sentences: Iterable[Sentence]) -> tuple[Sentence, re.Match[str]] | None:
    """Where a sign first stands in those of the sentences that speak of the study."""
    for sentence in sentences:
        if sentence.category not in NOT_THE_STUDY:
            match = SIGNS[sign].search(sentence.lower)
            if match:
                return sentence, match
    return None


def words(document: Document, design: str, rule: str, sentence: Sentence, start: int, end: int, strength: int) -> Found:
    """Words of a sentence as evidence; offsets are given in the sentence, kept in its part."""
    part = document.part(sentence.part)
    start, end = sentence.start + start, sentence.start + end
    field = "title" if sentence.part is None else "abstract"
    return Found(design, rule, strength, part.text[start:end], field, sentence.part, start, end)
