"""What a treatment was compared with: sham, usual care, another treatment, a drug, or nothing.

Sham and usual care are found by their own words. Another active treatment and a drug are told by what stands on both
sides of words of comparing: a drug's name, or the words of a device, an operation or a therapy. A review has the
comparators that it names of its studies. Guidelines, case reports, laboratories and studies without a treatment have
none: the facet does not apply to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from evidence.rules import load_rules
from evidence.tagging.matching.pattern_set import PatternSet, either
from evidence.tagging.statements.statement import of_sentence
from evidence.tagging.statements.treatments import Named, named
from evidence.tagging.statements.values import NOT_APPLICABLE, NOT_STATED
from evidence.tagging.text.document import BACKGROUND, CONCLUSIONS, RESULTS, Document, Sentence
from evidence.tagging.types import DesignTags, Evidence

FACET = "comparator"
ADDED, ALONE = "added to", "alone"
SHAM, USUAL, ACTIVE, DRUG, NONE = "sham_or_placebo", "usual_care", "active_other", "drug", "none"
RULES = load_rules(Path(__file__).with_name("comparator.yml"))

_WITHOUT = frozenset({"guideline", "case_report", "opinion", "animal", "laboratory"})
_REVIEWS = frozenset({"review", "systematic_review", "meta_analysis", "scoping_review", "umbrella_review"})
_AFTERWARDS = (RESULTS, CONCLUSIONS)
_COMPARATORS = frozenset({SHAM, USUAL, ACTIVE, DRUG})
_EXPERIMENTS = frozenset({"healthy_volunteers", "experimental_human"})
_STUDIES = _EXPERIMENTS | {
    "rct", "nonrandomised", "prospective", "retrospective", "observational", "registry", "case_series", "case_control",
    "economic",
}  # fmt: skip
_BEFORE = 70  # characters before words of usual care in which "refractory to" makes them a background
_CONTEXT = re.compile(
    r"\b(?:or|versus|vs|than|alone|controls?|controlled|compar\w+|groups?|arms?|against|either|randomi\w+|and|to)\b|\(\d\)"
)
_BETWEEN_ARMS = re.compile(r",? (?:or|versus|vs\.?|and) |, |\(\d\)|\bgroup [a-e0-9]+\b:?|/ ")
_SEVERAL = re.compile(r"\bor\b|\bversus\b|\bvs\b|\bbetween\b|\(\d\)|\bgroups?\b|\beither\b")
# What may stand on the other side and is no treatment.
_NO_TREATMENT = re.compile(
    r"\b(?:healthy|normal|after|following|prior|baseline|men|women|females?|males?|pain|scores?|controls?|years?|months?|weeks?|hours?|before"
    r"|pre-?\w*|entry|expected|delayed|those without|patients (?:with|without)|study|literature|time|outcomes?"
    r"|effects?)\b"
)
# Where the name of a treatment ends and its use begins: "tonic stimulation | in back pain".
_PLACE = re.compile(r" (?:in|for|after|during|among|on|at|regarding|as|by|when|through|following|before|was|were|is) ")
_END, _BREAK, _SIDE = re.compile(r"[.;:]"), re.compile(r"[.;:,()]"), 90
_SINGLE_ARM = re.compile(r"\b(?:single|one)[ -]arm\b|\buncontrolled\b|\bnon-?controlled\b|\bopen[ -]label extension\b")
_NEAR = 25  # characters behind "compared with" in which the first comparator begins
_LIST = re.compile(r"\b(?:or|and) (?:with )?(?:an? )?$")
_GOES_ON = re.compile(r"(?: \w+){0,2}(?:,| or | and )")
_DENIED = re.compile(r"\bno (?:[a-z-]+ )?$")
# Words tell where rules may match whose repeats RE2 would take long over.
_WORDS = {
    "pair": (
        "versus|vs|compared|comparison|(?:superior|inferior|equivalent) to| than|against",
        r"\bcompar(?:e|ed|es|ing|isons?)\b",
        " alone",
        r"\badd(?:ing|ed|ition of)\b",
        r"\b(?:controls?|comparator|comparison)\b.{0,60}"
        r"\b(?:receiv\w*|given|got|under\w+|had|took|takes?|performed|used|consisted|was)\b",
    ),
    "several": (
        r"\b(?:randomi|allocated|assigned|divided|receive|cross|undergo|given).*"
        r"(?:\bor\b|\bversus\b|\bvs\b|\bbetween\b|\(\d\)|\bgroups?\b|\beither\b)",
    ),
    "of_controlled_trials": ("trial|rct|controlled",),
}
_BY_RE2 = ("sham", "usual", "single_arm", "treated", "compared", "dose", "not_this")
_SIEVE = PatternSet(
    {(part, place): rule.pattern.pattern for part in _BY_RE2 for place, rule in enumerate(RULES.parts[part])}
    | {(part, place): words for part, gates in _WORDS.items() for place, words in enumerate(gates)}
    | {
        ("reviewed", 0): either(RULES, "sham", "usual", "reviewed"),
        ("review", 0): "placebo|sham",
        ("review", 1): "versus|vs|compar|relative|superior|inferior|against|control",
        ("review", 2): " than | over |between",
        ("random", 0): "random|cross-?over|sham|placebo",
        ("dummy", 0): "double[- ]dummy",
        ("blinding", 0): "blind|mask|open|aware|knowledge| kn[eo]w|conceal|hidden|withheld",
    }
)
_SIDE_SIEVE = PatternSet({(part, 0): either(RULES, part) for part in ("sham", "usual")})
_LEAST = 2  # characters of an arm
_UNIT = 3  # letters of the longest unit of a dose
_CLOSE_BEFORE = 40  # characters before a pair in which sham may stand
_CLOSE = 25  # characters before the word that tells a kind which are quoted with it
_TAIL = 60  # characters after a pair in which "and sham" may still stand


@dataclass(slots=True)
class Comparison:
    """``values`` maps each value to its rule; ``compared`` says whether treatments are compared at all.

    ``sentences`` are those that may speak of blinding.
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


Places = dict[str, list[int]]  # the rules that may match in a sentence: a part, and their places in it


class Own(NamedTuple):
    """What a record says of its own study: the sentences outside the background that do not tell of other studies.

    Each with the rules that may match in it, by part and place.
    """

    document: Document
    sentences: list[tuple[Sentence, Places]]

    def having(self, part: str) -> list[Sentence]:
        """The sentences in which a part of the rules may match."""
        return [sentence for sentence, places in self.sentences if part in places]


def comparator(document: Document, design: DesignTags) -> Comparison:
    """The comparators of a record with the words that name them."""
    designs = design.designs.keys()
    if not _WITHOUT.isdisjoint(designs):
        return _nothing()
    if _REVIEWS.isdisjoint(designs) and _STUDIES.isdisjoint(designs) and not design.protocol:
        return _nothing()
    known: dict[int, Places] = {}
    trial = "rct" in designs or "nonrandomised" in designs
    if trial and _REVIEWS.isdisjoint(designs):
        # Results are read only where title, objective and methods name no comparator.
        planned = _of_trial(_own(document, known, _AFTERWARDS), "rct" in designs)
        if not _COMPARATORS.isdisjoint(planned.values):
            return planned
    own = _own(document, known)
    if not _REVIEWS.isdisjoint(designs):
        return _of_review(own, "systematic_review" in designs)
    if trial:
        return _of_trial(own, "rct" in designs)
    experiment = design.protocol or not _EXPERIMENTS.isdisjoint(designs)
    if experiment and own.having("random"):
        return _of_trial(own, randomised=False)
    return _of_cohort(own)


def _own(document: Document, known: dict[int, Places], left_out: Sequence[str] = ()) -> Own:
    """``known`` keeps what was read of each sentence, for a record that is read a second time."""
    sentences = []
    for at, sentence in enumerate(document.sentences):
        if sentence.category == BACKGROUND or sentence.category in left_out:
            continue
        places = known.get(at)
        if places is None:
            places = known[at] = {}
            for part, place in _SIEVE.which(sentence.lower):
                places.setdefault(part, []).append(place)
        if places and "not_this" not in places:
            sentences.append((sentence, places))
    return Own(document, sentences)


def _nothing() -> Comparison:
    """Where no treatment is compared: no words, no value."""
    return Comparison(values={NOT_APPLICABLE: ""})


def _of_trial(own: Own, randomised: bool) -> Comparison:
    found = Comparison(compared=True, sentences=own.having("blinding"))
    if not randomised and not _has("compared", own):
        return _single_arm(own)
    for told in (_inert(own), _usual(own), _doses(own)):
        if (first := next(told, None)) is not None:
            found.add(first)
    for told in (_several(own), _pairs(own, strict=False)):
        for evidence in told:
            found.add(evidence)
            if ACTIVE in found.values and DRUG in found.values:
                return found
    if not found.values and randomised:
        for evidence in _named_in_title(own):
            found.add(evidence)
    if not found.values:
        if _SINGLE_ARM.search(own.document.lower) or (not randomised and _has("treated", own)):
            return _single_arm(own)
        found.values = {NOT_STATED: ""}
    return found


def _of_cohort(own: Own) -> Comparison:
    """Treatments compared where both sides are named as treatments; else a single arm, or no treatment at all."""
    found = Comparison(compared=True, sentences=own.having("blinding"))
    if _has("compared", own):
        doses = _doses(own) if own.having("random") else ()
        for evidence in (*_inert(own), *_usual(own), *doses, *_pairs(own, strict=True)):
            found.add(evidence)
    return found if found.values else _single_arm(own)


def _single_arm(own: Own) -> Comparison:
    evaluated = not RULES.first("no_evaluation", own.document.title.lower)[0]
    for part in ("single_arm", "treated") if evaluated else ("single_arm",):
        for rule, sentence, match in _matches(part, own):
            if part == "single_arm" or RULES.first("people", sentence.lower)[0]:
                words = of_sentence(own.document, sentence).quote(FACET, NONE, *match.span(), rule)
                return Comparison(values={NONE: rule}, evidence=[words], sentences=own.having("blinding"))
    return _nothing()


def _of_review(own: Own, systematic: bool) -> Comparison:
    """What a review names its studies' comparators, as a finding or as a criterion."""
    found = Comparison(review=True, sentences=own.having("blinding"))
    named_in = own._replace(sentences=[s for s in own.sentences if "reviewed" in s[1]])
    for rule, sentence, match in _matches("review", named_in):
        quote = of_sentence(own.document, sentence).quote
        groups = match.groupdict()
        if not groups.get("named") and not groups.get("inert"):
            found.add(quote(FACET, SHAM, *match.span(), rule))
            continue
        name = "named" if groups.get("named") else "inert"
        for value, start, end in _listed(match[name], all_kinds=name == "named"):
            found.add(quote(FACET, value, match.start(name) + start, match.start(name) + end, rule))
    found.compared = bool(found.values) or (systematic and _has("of_controlled_trials", own))
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
    named = [one for one in named if one[0] in (SHAM, USUAL) or _is_listed(words[: one[1]], words[one[2] :])]
    if named and min(start for _, start, _ in named) < _NEAR:
        yield from (one for one in named if one[1] < _NEAR or _LIST.search(words[: one[1]]))


def _is_listed(before: str, after: str) -> bool:
    """Whether a treatment is itself compared with: not "no exercise", nor what follows "compared with sham, "."""
    if _DENIED.search(before):
        return False
    return not before.endswith(", ") or _GOES_ON.match(after) is not None


def _has(part: str, own: Own) -> bool:
    return next(_matches(part, own), None) is not None


def _matches(part: str, own: Own) -> Iterator[tuple[str, Sentence, re.Match[str]]]:
    """Every match of every rule of a part: the rule's name, the sentence and the match."""
    rules = RULES.parts[part]
    for sentence, places in own.sentences:
        for place in places.get(part, ()):
            rule = rules[place]
            for match in rule.pattern.finditer(sentence.lower):
                yield rule.name, sentence, match


def _inert(own: Own) -> Iterator[Evidence]:
    dummy = bool(own.having("dummy"))
    for rule, sentence, match in _matches("sham", own):
        if not (dummy and "controlled" not in sentence.lower):
            yield of_sentence(own.document, sentence).quote(FACET, SHAM, *match.span(), rule)


def _usual(own: Own) -> Iterator[Evidence]:
    for rule, sentence, match in _matches("usual", own):
        before = sentence.lower[max(0, match.start() - _BEFORE) : match.start()]
        if not RULES.first("not_compared", before)[0] and _CONTEXT.search(sentence.lower):
            yield of_sentence(own.document, sentence).quote(FACET, USUAL, *match.span(), rule)


def _doses(own: Own) -> Iterator[Evidence]:
    """Doses or settings against each other; each against sham only is no such comparison."""
    for rule, sentence, match in _matches("dose", own):
        if not RULES.first("sham", sentence.lower[match.end() : match.end() + _TAIL])[0]:
            yield of_sentence(own.document, sentence).quote(FACET, ACTIVE, *match.span(), rule)


def _sides(rule: str, sentence: Sentence, match: re.Match[str]) -> tuple[str, int, str, int]:
    """What stands on both sides of words of comparing, each with its offset in the sentence."""
    lower, groups = sentence.lower, match.groupdict()
    if rule == ALONE:
        before = _BREAK.split(lower[max(0, match.start() - _SIDE) : match.start()])[-1]
        right = " ".join(before.split(" ")[-3:])
        return "", match.start(), right, match.start() - len(right)
    if groups.get("right"):
        return (
            match["left"] or "",
            match.start("left"),
            _PLACE.split(match["right"], maxsplit=1)[0],
            match.start("right"),
        )
    left = _END.split(lower[max(0, match.start() - _SIDE) : match.start()])[-1]
    right = _PLACE.split(_BREAK.split(lower[match.end() : match.end() + _SIDE], maxsplit=1)[0], maxsplit=1)[0]
    return left, match.start() - len(left), right, match.end()


def _pairs(own: Own, strict: bool) -> Iterator[Evidence]:
    """Two treatments named against each other; ``strict`` asks for a treatment on both sides."""
    for rule, sentence, match in _matches("pair", own):
        if rule == ADDED and own.having("sham"):  # what both groups had, beside the real and the sham one
            continue
        left, of_left, right, of_right = _sides(rule, sentence, match)
        on_left, on_right = named(left), named(right)
        if not (on_left and on_right) and (strict or not (on_left or on_right)):
            continue
        ends = of_left + len(left)
        beside = sentence.lower[max(of_left, ends - _CLOSE_BEFORE) : of_right + len(right) + _TAIL]
        if _NO_TREATMENT.search(right) or _is_control(beside):
            continue
        value = _kind(on_right or on_left)
        if DRUG in (_kind(on_left), _kind(on_right)) and _drugs(on_left) == _drugs(on_right):
            value = ACTIVE  # one drug, given in two ways
        start, words = (of_right, on_right) if on_right else (of_left, on_left)
        yield of_sentence(own.document, sentence).quote(FACET, value, *_place(words, start), rule)


def _named_in_title(own: Own) -> Iterator[Evidence]:
    """A trial's title that sets one thing against another, whatever their kind."""
    for rule, sentence, match in _matches("pair", Own(own.document, [s for s in own.sentences if s[0].part is None])):
        _, _, right, start = _sides(rule, sentence, match)
        if right.strip() and not _is_control(right) and not _NO_TREATMENT.search(right):
            yield of_sentence(own.document, sentence).quote(FACET, ACTIVE, start, start + len(right), rule)


def _several(own: Own) -> Iterator[Evidence]:
    """Arms in an enumeration: "to yoga, pregabalin or a waiting list". What stands beside sham is background."""
    for rule, sentence, match in _matches("several", own):
        enumerated = match["arms"]
        if not _SEVERAL.search(enumerated) or not (treatments := named(enumerated)):
            continue
        arms = [arm for arm in _BETWEEN_ARMS.split(enumerated) if len(arm) > _LEAST]
        controls = [arm for arm in arms if _is_control(arm)]
        named_in = [named(arm) for arm in arms if arm not in controls]
        drugs = set().union(*map(_drugs, named_in)).difference(*(_drugs(named(arm)) for arm in controls))
        others = [treatment for treatment in named_in if _kind(treatment) == ACTIVE]
        quote, start = of_sentence(own.document, sentence).quote, match.start("arms")
        if len(drugs) > 1 or (drugs and others):
            yield quote(FACET, DRUG, *_place(treatments, start, DRUG), rule)
        if (len(others) > 1 and not controls) or (drugs and others and controls):
            yield quote(FACET, ACTIVE, *_place(treatments, start, ACTIVE), rule)


def _is_control(words: str) -> bool:
    return any(RULES.first(part, words)[0] for part, _ in _SIDE_SIEVE.which(words))


def _kind(treatments: list[Named]) -> str:
    """``drug`` where a drug is among the treatments named, else ``active_other``; ``""`` where none is named."""
    return min((kind for kind, *_ in treatments), key=(DRUG, ACTIVE).index, default="")


def _drugs(treatments: Iterable[Named]) -> set[str]:
    """The drugs among the treatments named; a unit such as mg tells that there is one, and not which."""
    return {word for kind, _, _, word in treatments if kind == DRUG and len(word) > _UNIT}


def _place(treatments: list[Named], offset: int, wanted: str = "") -> tuple[int, int]:
    """Where the first treatment of the kind that counts stands in a sentence, with what stands close before it."""
    kind = wanted or _kind(treatments)
    start, end = next(((s, e) for k, s, e, _ in treatments if k == kind), treatments[0][1:3])
    return offset + (0 if start < _CLOSE else start), offset + end
