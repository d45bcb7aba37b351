"""The sample size where no words leave no doubt: what is left to go by in abstracts that leave words out.

Two arms beside each other are added up; else the largest is taken of a lone ``n = 53``, of a count without a noun
("112 implanted"; rules in ``cues.yml``), and of a number of people that nothing speaks against.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from evidence.number_words import WORD, value
from evidence.rules import Rule
from evidence.tagging.matching.prefilter import Prefilter
from evidence.tagging.sample_size.counts import ANIMALS, is_year
from evidence.tagging.sample_size.cues import BOTH, LIKELY
from evidence.tagging.sample_size.rate import Rated
from evidence.tagging.text.document import (
    ADMINISTRATIVE,
    BACKGROUND,
    CONCLUSIONS,
    ELIGIBILITY,
    Document,
    Sentence,
)
from evidence.tagging.types import SampleSize

# Fewer are not taken; a lone ``n =`` is taken from the first of these scores on, other numbers from the second.
LEAST = 5
LONE_EQUALS, UNOPPOSED = 0.0, 1.0
# Arms of which one is so many times the other are no arms.
MOST_UNEVEN = 3
# Of all who were asked, those who answered are the sample, though they are fewer.
ANSWERED = "so many answered"
_OF_OTHERS = frozenset({BACKGROUND, ELIGIBILITY, ADMINISTRATIVE, CONCLUSIONS})
_OF_EACH = re.compile(r"\b(?:each|every|per (?:arm|group)|apiece)\b")
_A_NUMBER = re.compile(rf"(?<![.\d])\d+(?![.\d]*%)|\b{WORD}\b")
_RULES = (*BOTH, *LIKELY)
_PREFILTER = Prefilter(rule.pattern for rule in _RULES)


def likely(document: Document, rated: Iterable[Rated], animal: bool) -> SampleSize | None:
    """The most likely sample size, with its sentence and the words that decided; ``None`` where nothing is stated."""
    best = _unopposed(document, list(rated), animal)
    if not _PREFILTER.which(document.lower):
        return best
    for sentence in document.sentences:
        if sentence.category in _OF_OTHERS:
            continue
        for place in _PREFILTER.which(sentence.lower):
            rule = _RULES[place]
            if place < len(BOTH):
                both = _two_arms(rule, document, sentence)
                if both and _numbers(sentence) > 1:
                    return both
                continue
            found = _one_number(rule, document, sentence)
            if found and _numbers(sentence) and not _OF_EACH.search(sentence.lower):
                if rule.name == ANSWERED:
                    return found
                if best is None or found.value > best.value:
                    best = found
    return best


def _numbers(sentence: Sentence) -> int:
    """How many numbers stand in a sentence, percentages left out."""
    return len(_A_NUMBER.findall(sentence.lower))


def _unopposed(document: Document, rated: list[Rated], animal: bool) -> SampleSize | None:
    """The largest number of people (or animals) that nothing speaks against."""
    best: SampleSize | None = None
    lone = sum(r.of.noun == "n=" for r in rated) == 1
    for r in rated:
        count, sentence = r.of, r.of.sentence
        fits = (count.noun in ANIMALS) == animal or count.noun in ("", "n=")
        enough = LONE_EQUALS if lone and count.noun == "n=" else UNOPPOSED
        if not fits or r.score < enough or count.value < LEAST or _OF_EACH.search(sentence.lower):
            continue
        if best is None or count.value > best.value:
            rule = "; ".join([*r.cues, "nothing speaks against it"])
            best = _stated(document, sentence, count.value, rule, count.start, count.number_end)
    return best


def _one_number(rule: Rule, document: Document, sentence: Sentence) -> SampleSize | None:
    found = rule.search(sentence.lower)
    number = value(found["n"]) if found else None
    if found is None or number is None or number < LEAST or is_year(number):
        return None
    return _stated(document, sentence, number, rule.name, *found.span("n"))


def _two_arms(rule: Rule, document: Document, sentence: Sentence) -> SampleSize | None:
    """``60 with burst and 58 with tonic leads``: both together."""
    found = rule.search(sentence.lower)
    sizes = [value(found[name]) or 0 for name in ("a", "b")] if found else [0]
    if min(sizes) < LEAST or max(sizes) > MOST_UNEVEN * min(sizes) or any(map(is_year, sizes)):
        return None
    rule_of_sum = "sum of " + " + ".join(map(str, sizes))
    return _stated(document, sentence, sum(sizes), rule_of_sum, 0, sentence.end - sentence.start)


def _stated(document: Document, sentence: Sentence, number: int, rule: str, start: int, end: int) -> SampleSize:
    text = document.text(sentence).strip()
    return SampleSize(number, text, rule, sentence.part, sentence.start + start, sentence.start + end)
