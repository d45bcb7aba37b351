"""How many people (or animals) a study has: randomised, else enrolled or analysed; the larger, first-stated population.

The words around each number that counts people (:mod:`evidence.tagging.sample_size.counts`) add to or take from its
score (:mod:`evidence.tagging.sample_size.rate`); the best above :data:`ENOUGH` is taken with its sentence,
else none is. Reviews, guidelines and the like have no sample size. Arms are multiplied or added up only where their
sizes are stated.
"""

from __future__ import annotations

import re
from itertools import pairwise

from evidence.number_words import NUMBER, value
from evidence.tagging.matching.prefilter import Hits
from evidence.tagging.sample_size.counts import (
    ANIMALS,
    ASIDE,
    EQUALS,
    GROUPS,
    Count,
    counts,
    number_left_of,
    with_sizes,
)
from evidence.tagging.sample_size.cues import POOLED
from evidence.tagging.sample_size.likely import likely
from evidence.tagging.sample_size.rate import Rated, rate
from evidence.tagging.text.document import (
    ADMINISTRATIVE,
    BACKGROUND,
    CONCLUSIONS,
    ELIGIBILITY,
    TITLE,
    Document,
    Sentence,
)
from evidence.tagging.types import DesignTags, SampleSize

ENOUGH = 3.0
FIRST_AND_LARGEST = 2.0
# "Healthy" takes from a score, since it mostly tells controls; not where everybody is healthy.
HEALTHY = 1.5
_ALL_HEALTHY = frozenset({"experimental_human", "healthy_volunteers"})
# From here a number of people makes it likely that people were studied at all.
PLAUSIBLE = 0.5
CERTAIN = 7.0
# Designs whose numbers are other people's studies, or nobody's.
WITHOUT_SAMPLE = frozenset({"review", "systematic_review", "guideline", "opinion", "notice", "laboratory"})
_ALLOCATED = re.compile(r"\b(?:either|randomi[sz]|randomly|assigned|allocated|divided)")
_ONE_GROUP = re.compile(r"\W*(?:in |the )?(?:one|first|group (?:1|a|i)\b)")
_OTHER_GROUP = re.compile(r"\W*(?:in |the )*(?:other|second|group (?:2|b|ii)\b)")
_WORDS = r"(?:(?!days?|weeks?|months?|hours?|min|mg|times|sessions?|years?|visits?)\w+ ){0,3}"
_EACH = re.compile(
    rf"\b(?:({NUMBER}) {_WORDS}(?:in|per|to|for) (?:each|every)|({NUMBER}) {_WORDS}(?:per (?:group|arm)|each)\b"
    rf"|n ?= ?(\d+) (?:\w+ )?(?:each|per|in each)|each (?:group )?{_WORDS}({NUMBER})\b"
    r"(?! (?:days?|weeks?|months?|min|mg))"
    rf"|in each group,? ({NUMBER})|groups of ({NUMBER}))"
)
# One of these gives the size of an arm.
_SIZED = ("each", " per ", "groups of", "n=", "n =")
_ONE_CASE = re.compile(
    r"\b(?:an?|one|the|this|our|single) (?:[^\s.;]+ ){0,6}?(?:case|patient|man|woman|boy|girl|child|infant|male|female"
    r"|lady|gentleman|year-old)\b|\b\d{1,3}[- ](?:year|yr|month)s?[- ]old\b"
)


# Who may take part, and what is registered, is not who took part.
_NOT_STUDIED = frozenset({ELIGIBILITY, ADMINISTRATIVE})


# A review says there what is known, or what others found.
_OF_OTHERS = frozenset({BACKGROUND, ELIGIBILITY, ADMINISTRATIVE, CONCLUSIONS})
# Fewer are a study of the review, not all of them.
LEAST_POOLED = 20
# A text of more numbers is a table: the rest of it is not weighed.
MOST_COUNTS = 60


class People:
    """The numbers of people of a record: found, and rated, once and when first asked for; reviews never ask."""

    __slots__ = ("_arms", "_arms_read", "_counts", "_document", "_rated", "hits")

    def __init__(self, document: Document, hits: Hits):
        self.hits, self._document = hits, document
        self._counts: list[Count] | None = None
        self._rated: list[Rated] | None = None
        self._arms: SampleSize | None = None
        self._arms_read = False

    @property
    def counts(self) -> list[Count]:
        if self._counts is None:
            self._counts = counts(self._document, self.hits)
        return self._counts

    @property
    def arms(self) -> SampleSize | None:
        """The sum of the arms, where their number and sizes are stated."""
        if not self._arms_read:
            self._arms, self._arms_read = _arms(self._document, self.hits), True
        return self._arms

    @property
    def rated(self) -> list[Rated]:
        if self._rated is None:
            self._rated = _first_and_largest(
                [
                    Rated(count, *rate(count))
                    for count in self.counts[:MOST_COUNTS]
                    if count.value > 1 and count.sentence.category not in _NOT_STUDIED
                ]
            )
        return self._rated

    def most(self) -> int:
        """The largest number of people that plausibly were studied; 0 when nobody is counted."""
        largest = self.largest()
        return largest.value if largest else 0

    def studied(self) -> bool:
        """Whether the words around a number of people leave no doubt that they were studied."""
        return any(r.score >= CERTAIN and r.of.noun not in ANIMALS for r in self.rated)

    def largest(self) -> Count | None:
        """The count that :meth:`most` speaks of."""
        largest: Count | None = None
        for count, score, _ in self.rated:
            if score >= PLAUSIBLE and (largest is None or count.value > largest.value) and count.noun not in ANIMALS:
                largest = count
        return largest

    def speaks_of(self, *nouns: str) -> bool:
        return any(
            c.noun.startswith(nouns) for c in self.counts if c.sentence.category not in (BACKGROUND, ELIGIBILITY)
        )


def choose(people: People, document: Document, tags: DesignTags) -> SampleSize | None:
    """The sample size, with its sentence and the words that decided; ``None`` when not stated or not sure."""
    designs = tags.designs
    if "systematic_review" in designs and not tags.protocol:
        return _pooled(document)
    if not WITHOUT_SAMPLE.isdisjoint(designs) or (tags.design is None and not tags.protocol):
        return None
    animal = "animal" in designs
    least = ENOUGH if _ALL_HEALTHY.isdisjoint(designs) else ENOUGH - HEALTHY
    enough = [
        r for r in people.rated if r.score >= least and ((r.of.noun in ANIMALS) == animal or r.of.noun in ("", "n="))
    ]
    if "case_report" in designs:
        return _cases(people, enough, document)
    arms = people.arms
    if arms is not None and not any(r.of.value >= arms.value for r in enough):
        return arms
    if not enough:
        stated = _either_or(document, people.hits) if "rct" in designs else None
        return stated or likely(document, people.rated, animal)
    top = max(r.score for r in enough)
    near = [r for r in enough if r.score >= top - 1.5]
    if "rct" in designs:
        near = [r for r in near if "randomised" in r.cues] or near
    best = max(near, key=lambda r: r.of.value)
    return _answer(document, best.of, "; ".join(best.cues))


def _pooled(document: Document) -> SampleSize | None:
    """The participants of the studies that a systematic review included: the largest number stated."""
    best: SampleSize | None = None
    for sentence in document.sentences:
        if sentence.category in _OF_OTHERS:
            continue
        for rule in POOLED:
            found = rule.search(sentence.lower)
            number = value(found["n"]) if found else None
            if found and number and number >= LEAST_POOLED and (best is None or number > best.value):
                start, end = (sentence.start + at for at in found.span("n"))
                text = document.text(sentence).strip()
                best = SampleSize(number, text, rule.name, sentence.part, start, end)
    return best


def _first_and_largest(rated: list[Rated]) -> list[Rated]:
    """The first number of people in an abstract is, when also the largest, mostly the study population: it gains."""
    if not rated:
        return rated
    human = [r for r in rated if r.of.sentence.category not in ASIDE and r.of.noun != "n="]
    if not human:
        return rated
    first, largest = human[0], max(r.of.value for r in human)
    if first.of.value < largest or first.score < -1:
        return rated
    return [Rated(r.of, r.score + FIRST_AND_LARGEST, r.cues) if r is first else r for r in rated]


def _arms(document: Document, hits: Hits) -> SampleSize | None:
    """The product or sum of arms whose sizes one sentence (or two that follow each other) states."""
    arms = hits.sentences.get("arms", ())
    if not any(sign in sentence.lower for sentence in arms for sign in _SIZED):
        return None
    groups: tuple[int, Sentence] | None = None
    for sentence in arms:
        lower = sentence.lower
        number = _number_of_groups(lower)
        if number and 2 <= number <= 8:
            groups = number, sentence
        if groups is None:
            continue
        if "each" in lower or " per " in lower or "groups of" in lower:
            each = _EACH.search(lower)
            size = value(next(g for g in each.groups() if g)) if each else None
            if size and size > 3:
                return _sum(document, groups[0] * size, sentence, f"{groups[0]} groups of {size}")
        if sentence is groups[1] and ("n=" in lower or "n =" in lower):
            sizes = [value(n) or 0 for n in EQUALS.findall(lower)]
            if len(sizes) == groups[0]:
                return _sum(document, sum(sizes), sentence, "sum of " + " + ".join(map(str, sizes)))
    return None


def _either_or(document: Document, hits: Hits) -> SampleSize | None:
    """``received either A (n = 32) or B (n = 31)``: the sizes of all arms, in one sentence."""
    for sentence in with_sizes(document):
        if sentence.category in ASIDE or not _ALLOCATED.search(sentence.lower):
            continue
        sizes = [value(n) or 0 for n in EQUALS.findall(sentence.lower)]
        if 2 <= len(sizes) <= 4 and min(sizes) > 3 and max(sizes) <= 2 * min(sizes):
            return _sum(document, sum(sizes), sentence, "sum of " + " + ".join(map(str, sizes)))
    return _one_and_the_other(document, hits)


def _one_and_the_other(document: Document, hits: Hits) -> SampleSize | None:
    """``One group (n = 48) received A.  The other group (n = 51) received B.``: a sentence, and the next one."""
    sized = [s for s in with_sizes(document) if s.category not in ASIDE]
    for one, other in pairwise(sized):
        if one.part != other.part or not 0 <= other.start - one.end <= 2:
            continue
        if not (_ONE_GROUP.match(one.lower) and _OTHER_GROUP.match(other.lower)):
            continue
        sizes = [value(n) or 0 for s in (one, other) for n in EQUALS.findall(s.lower)]
        if len(sizes) == 2 and min(sizes) > 3 and max(sizes) <= 2 * min(sizes):
            return _sum(document, sum(sizes), one, "sum of " + " + ".join(map(str, sizes)))
    return None


def _number_of_groups(lower: str) -> int | None:
    for match in GROUPS.finditer(lower):
        span = number_left_of(lower, match.start(), 4)
        if span:
            return value(lower[span[0] : span[1]])
    return None


def _sum(document: Document, total: int, sentence: Sentence, rule: str) -> SampleSize:
    return SampleSize(total, document.text(sentence).strip(), rule, sentence.part, sentence.start, sentence.end)


def _cases(people: People, enough: list[Rated], document: Document) -> SampleSize | None:
    """A case report has the number of cases it counts, or one where it speaks of a patient."""
    few = [r for r in people.rated if 1 < r.of.value <= 15 and r.score >= 0 and r.of.noun not in ANIMALS]
    named = [r for r in few if r.of.sentence.category == TITLE]
    if named:
        return _answer(document, named[0].of, "cases counted in the title")
    if enough or few:
        chosen = max(enough, key=lambda r: r.of.value) if enough else few[0]
        return _answer(document, chosen.of, "cases counted")
    for sentence in document.sentences:
        if _ONE_CASE.search(sentence.lower):
            return _sum(document, 1, sentence, "one case described")
    return None


def _answer(document: Document, chosen: Count, rule: str) -> SampleSize:
    sentence = chosen.sentence
    text = document.text(sentence).strip()
    return SampleSize(
        chosen.value, text, rule, sentence.part, sentence.start + chosen.start, sentence.start + chosen.number_end
    )
