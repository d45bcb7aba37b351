"""What a treatment was compared with: sham, usual care, another treatment, a drug, or nothing.

Sham and usual care are found by their own words. Another active treatment and a drug are told by what stands on both
sides of words of comparing: a drug's name, or the words of a device, an operation or a therapy. A review has the
comparators that it names of its studies. Guidelines, case reports, laboratories and studies without a treatment have
none: the facet does not apply to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from evidence.rules import Rule, load_rules
from evidence.tagging.statements.statement import of_sentence
from evidence.tagging.statements.values import NOT_APPLICABLE, NOT_STATED
from evidence.tagging.text.document import BACKGROUND, Document, Sentence
from evidence.tagging.types import DesignTags, Evidence

FACET = "comparator"
SHAM, USUAL, ACTIVE, DRUG, NONE = "sham_or_placebo", "usual_care", "active_other", "drug", "none"
RULES = load_rules(Path(__file__).with_name("comparator.yml"))

_WITHOUT = frozenset({"guideline", "case_report", "opinion", "animal", "laboratory"})
_REVIEWS = frozenset({"review", "systematic_review", "meta_analysis", "scoping_review", "umbrella_review"})
_EXPERIMENTS = frozenset({"healthy_volunteers", "experimental_human"})
_COHORTS = frozenset(
    {"prospective", "retrospective", "observational", "registry", "case_series", "case_control", "economic"}
)
_BEFORE = 70  # characters before words of usual care in which "refractory to" makes them a background
_CONTEXT = re.compile(
    r"\b(?:or|versus|vs|than|alone|controls?|controlled|compar\w+|groups?|arms?|against|either|randomi\w+|and|to)\b|\(\d\)"
)
_BETWEEN_ARMS = re.compile(r",? (?:or|versus|vs\.?|and) |, |\(\d\)|\bgroup [a-e0-9]+\b:?|/ ")
_SEVERAL = re.compile(r"\bor\b|\bversus\b|\bvs\b|\bbetween\b|\(\d\)|\bgroups?\b|\beither\b")
# What may stand on the other side and is no treatment.
_NO_TREATMENT = re.compile(
    r"\b(?:healthy|normal|baseline|men|women|females?|males?|pain|scores?|controls?|years?|months?|weeks?|hours?|before"
    r"|pre-?\w*|entry|expected|delayed|those without|patients (?:with|without)|study|literature|time|outcomes?"
    r"|effects?)\b"
)
# Where the name of a treatment ends and its use begins: "tonic stimulation | in back pain".
_PLACE = re.compile(r" (?:in|for|after|during|among|on|at|regarding|as|by|when|through|following|before|was|were|is) ")
_SINGLE_ARM = re.compile(r"\b(?:single|one)[ -]arm\b|\buncontrolled\b|\bnon-?controlled\b|\bopen[ -]label extension\b")
_NEAR = 25  # characters behind "compared with" in which the first comparator begins
_LIST = re.compile(r"(?:, |\bor |\band )(?:with )?(?:an? )?$")
_RANDOM = ("random", "crossover", "cross-over", "sham", "placebo")
_CLOSE = 25  # characters before the word that tells a kind which are quoted with it
_TAIL = 60  # characters after a pair in which "and sham" may still stand


@dataclass(slots=True)
class Comparison:
    """``values`` maps each value to its rule; ``compared`` says whether treatments are compared at all.

    ``sentences`` are those that speak of the study itself: not of the background, nor of what others did or should do.
    """

    compared: bool = False
    review: bool = False
    values: dict[str, str] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)

    def add(self, evidence: Evidence) -> None:
        if evidence.tag not in self.values:
            self.values[evidence.tag] = evidence.rule
            self.evidence.append(evidence)


def comparator(document: Document, design: DesignTags) -> Comparison:
    """The comparators of a record with the words that name them."""
    designs = design.designs.keys()
    if not _WITHOUT.isdisjoint(designs):
        return _nothing()
    sentences = [s for s in document.sentences if s.category != BACKGROUND and not RULES.first("not_this", s.lower)[0]]
    if not _REVIEWS.isdisjoint(designs):
        return _of_review(document, sentences, "systematic_review" in designs)
    if "rct" in designs or "nonrandomised" in designs:
        return _of_trial(document, sentences, "rct" in designs)
    if design.protocol or not _EXPERIMENTS.isdisjoint(designs):
        if any(word in document.lower for word in _RANDOM):
            return _of_trial(document, sentences, randomised=False)
        return _of_cohort(document, sentences)
    return _of_cohort(document, sentences) if not _COHORTS.isdisjoint(designs) else _nothing()


def _nothing() -> Comparison:
    """Where no treatment is compared: no words, no value."""
    return Comparison(values={NOT_APPLICABLE: ""})


def _of_trial(document: Document, sentences: list[Sentence], randomised: bool) -> Comparison:
    found = Comparison(compared=True, sentences=sentences)
    if not randomised and not _has("compared", sentences):
        return _single_arm(document, sentences)
    for evidence in (
        *_inert(document, sentences),
        *_usual(document, sentences),
        *_doses(document, sentences),
        *_several(document, sentences),
        *_pairs(document, sentences, strict=False),
    ):
        found.add(evidence)
    if not found.values and randomised:
        for evidence in _named_in_title(document, sentences):
            found.add(evidence)
    if not found.values:
        if _SINGLE_ARM.search(document.lower) or (not randomised and _has("single_arm", sentences)):
            return _single_arm(document, sentences)
        found.values = {NOT_STATED: ""}
    return found


def _of_cohort(document: Document, sentences: list[Sentence]) -> Comparison:
    """Treatments compared where both sides are named as treatments; else a single arm, or no treatment at all."""
    found = Comparison(compared=True, sentences=sentences)
    if _has("compared", sentences):
        inert = [e for e in _inert(document, sentences) if _CONTEXT.search(document.lower)]
        doses = _doses(document, [s for s in sentences if "random" in s.lower])
        for evidence in (*inert, *_usual(document, sentences), *doses, *_pairs(document, sentences, strict=True)):
            found.add(evidence)
    return found if found.values else _single_arm(document, sentences)


def _single_arm(document: Document, sentences: list[Sentence]) -> Comparison:
    for rule, sentence, match in _matches("single_arm", sentences):
        words = of_sentence(document, sentence).quote(FACET, NONE, *match.span(), rule)
        return Comparison(values={NONE: rule}, evidence=[words], sentences=sentences)
    return _nothing()


def _of_review(document: Document, sentences: list[Sentence], systematic: bool) -> Comparison:
    """What a review names its studies' comparators, as a finding or as a criterion."""
    found = Comparison(review=True, sentences=sentences)
    for rule, sentence, match in _matches("review", sentences):
        quote = of_sentence(document, sentence).quote
        groups = match.groupdict()
        if not groups.get("named") and not groups.get("inert"):
            found.add(quote(FACET, SHAM, *match.span(), rule))
            continue
        name = "named" if groups.get("named") else "inert"
        for value, start, end in _listed(match[name], all_kinds=name == "named"):
            found.add(quote(FACET, value, match.start(name) + start, match.start(name) + end, rule))
    found.compared = bool(found.values) or (systematic and _has("of_controlled_trials", sentences))
    if not found.values:
        found.values = {NOT_APPLICABLE: ""}
    return found


def _listed(words: str, all_kinds: bool) -> Iterator[tuple[str, int, int]]:
    """The comparators in the words behind "compared with": the first must stand near, the others in its list."""
    parts = [(SHAM, "sham"), (USUAL, "usual")] + [("", "reviewed")] * all_kinds
    named = [
        (value or rule.name, *match.span())
        for value, part in parts
        for rule in RULES.parts[part]
        if (match := rule.pattern.search(words))
    ]
    if named and min(start for _, start, _ in named) < _NEAR:
        yield from (one for one in named if one[1] < _NEAR or _LIST.search(words[: one[1]]))


def _has(part: str, sentences: Iterable[Sentence]) -> bool:
    return next(_matches(part, sentences), None) is not None


def _matches(part: str, sentences: Iterable[Sentence]) -> Iterator[tuple[str, Sentence, re.Match[str]]]:
    """Every match of every rule of a part: the rule's name, the sentence and the match."""
    for rule in RULES.parts[part]:
        for sentence in sentences:
            for match in rule.pattern.finditer(sentence.lower):
                yield rule.name, sentence, match


def _inert(document: Document, sentences: list[Sentence]) -> Iterator[Evidence]:
    dummy = "double-dummy" in document.lower
    for rule, sentence, match in _matches("sham", sentences):
        if not (dummy and "controlled" not in sentence.lower):
            yield of_sentence(document, sentence).quote(FACET, SHAM, *match.span(), rule)


def _usual(document: Document, sentences: list[Sentence]) -> Iterator[Evidence]:
    for rule, sentence, match in _matches("usual", sentences):
        before = sentence.lower[max(0, match.start() - _BEFORE) : match.start()]
        if not RULES.first("not_compared", before)[0] and _CONTEXT.search(sentence.lower):
            yield of_sentence(document, sentence).quote(FACET, USUAL, *match.span(), rule)


def _doses(document: Document, sentences: list[Sentence]) -> Iterator[Evidence]:
    """Doses or settings against each other; each against sham only is no such comparison."""
    for rule, sentence, match in _matches("dose", sentences):
        if not RULES.first("sham", sentence.lower[match.end() : match.end() + _TAIL])[0]:
            yield of_sentence(document, sentence).quote(FACET, ACTIVE, *match.span(), rule)


def _pairs(document: Document, sentences: list[Sentence], strict: bool) -> Iterator[Evidence]:
    """Two treatments named against each other; ``strict`` asks for a treatment on both sides."""
    for rule, sentence, match in _matches("pair", sentences):
        left, right = match["left"], _PLACE.split(match["right"], maxsplit=1)[0]
        after = sentence.lower[match.end() : match.end() + _TAIL]
        if _is_control(right) or _is_control(left[-40:]) or _is_control(after) or _NO_TREATMENT.search(right):
            continue
        of_left, of_right = _kind(left), _kind(right)
        value = of_right or of_left
        if DRUG in (of_left, of_right) and _words(DRUG, left) == _words(DRUG, right):
            value = ACTIVE  # one drug, given in two ways
        if value and ((of_left and of_right) or not strict):
            side, start = (right, match.start("right")) if of_right else (left, match.start("left"))
            yield of_sentence(document, sentence).quote(FACET, value, *_what(side, start, of_right or of_left), rule)


def _named_in_title(document: Document, sentences: list[Sentence]) -> Iterator[Evidence]:
    """A trial's title that sets one thing against another, whatever their kind."""
    for rule, sentence, match in _matches("pair", [s for s in sentences if s.part is None]):
        right = _PLACE.split(match["right"], maxsplit=1)[0]
        if not _is_control(right) and not _NO_TREATMENT.search(right):
            start = match.start("right")
            yield of_sentence(document, sentence).quote(FACET, ACTIVE, start, start + len(right), rule)


def _several(document: Document, sentences: list[Sentence]) -> Iterator[Evidence]:
    """Arms in an enumeration: "to yoga, pregabalin or a waiting list". What stands beside sham is background."""
    for rule, sentence, match in _matches("several", sentences):
        arms = [arm for arm in _BETWEEN_ARMS.split(match["arms"]) if arm.strip()]
        if len(arms) < 2 or not _SEVERAL.search(match["arms"]):
            continue
        background = {word for arm in arms if _is_control(arm) for word in _words("drug", arm)}
        drugs = {word for arm in arms for word in _words("drug", arm)} - background
        others = [arm for arm in arms if _kind(arm) == ACTIVE and not _is_control(arm)]
        inert = any(_is_control(arm) for arm in arms)
        quote, arms_start = of_sentence(document, sentence).quote, match.start("arms")
        if len(drugs) > 1 or (drugs and others):
            yield quote(FACET, DRUG, *_what(match["arms"], arms_start, DRUG), rule)
        if (len(others) > 1 and not inert) or (drugs and others and inert):
            yield quote(FACET, ACTIVE, *_what(match["arms"], arms_start, ACTIVE), rule)


def _is_control(words: str) -> bool:
    return bool(RULES.first("sham", words)[0] or RULES.first("usual", words)[0])


def _kind(words: str) -> str:
    """``drug`` or ``active_other`` by the words of one side, ``""`` where they tell no treatment."""
    return RULES.first("what", words)[0]


def _what(words: str, offset: int, kind: str) -> tuple[int, int]:
    """Where the words that tell a kind of treatment stand in a sentence, with what stands close before them."""
    match = _rule(kind).pattern.search(words)
    if match is None:
        return offset, offset + len(words)
    start = 0 if match.start() < _CLOSE else match.start()
    return offset + start, offset + match.end()


def _words(kind: str, text: str) -> set[str]:
    return set(_rule(kind).pattern.findall(text))


def _rule(kind: str) -> Rule:
    return next(rule for rule in RULES.parts["what"] if rule.name == kind)
