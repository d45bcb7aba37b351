"""Was an outcome measured, planned or reported, or only hoped for? (guideline, Outcomes)

As for modalities: facts by name, weights of ``weights.json``, shown as the rule. What a sentence says of an outcome
weighs differently in a study of people, in the plan of one, in a review and in animals, so all but the first have facts
of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from evidence.tagging.matching.literals import ABBREVIATION, MEASURE, PATTERN, TERM
from evidence.tagging.matching.matches import Hit
from evidence.tagging.sentences.roles import Sentences
from evidence.tagging.text.document import (
    BACKGROUND,
    ELIGIBILITY,
    METHODS,
    OBJECTIVE,
    RESULTS,
    TITLE,
    UNKNOWN,
    Document,
)

Facts = dict[str, float]
STRONG = frozenset({MEASURE, ABBREVIATION})
HOPE_REACH = 70
NEAR = 55  # characters between an outcome and the word that says what was done with it
FAR = 300  # anywhere before it in the sentence
TOLD = frozenset({METHODS, RESULTS})
QUIET = frozenset({BACKGROUND, ELIGIBILITY, TITLE})
SILENT = frozenset({BACKGROUND, ELIGIBILITY})
OF_STUDIES = frozenset({BACKGROUND, METHODS, RESULTS})
PLAN, STUDY, ESSAY, ANIMALS = "of a plan", "", "of an essay", "of animals"
# Designs that tell the kind of text.
_KINDS = {"review": ESSAY, "animal": ANIMALS, "laboratory": ANIMALS}
# Cues that tell what was done with an outcome, and the facts of one that stands near it or only in its sentence.
_TELLING = (
    ("assessed", "near measuring", "with measuring"),
    ("method", "near a procedure", "with a procedure"),
    ("result", "near a finding", "with a finding"),
)
_STRENGTH = {MEASURE: "measure in ", ABBREVIATION: "measure in ", PATTERN: "pattern in ", TERM: "term in "}
_DIGIT = re.compile(r"\d")
_SCORED_FOR = re.compile(
    r"\b(?:(?:scores?|scales?|vas|nrs|ratings?|rates?|levels?|assessed|monitored|tested) for|without) $"
)
_ANALGESIA = re.compile(r"analg|antinoc")
_HOW_LONG = re.compile(r"duration|onset|time|last|long|short")
# "Costs were not recorded", "effects on mood were not extracted": said of an outcome that was left out.
_LEFT_OUT = re.compile(
    r"^[^.;]{0,60}?\b(?:was|were|is|are|be|been) (?:not|never) (?:\w+ly )?(?:assessed|examined|measured|recorded"
    r"|extracted|studied|evaluated|collected|counted|captured|investigated|tested|considered|included"
    r"|an outcome|available)\b"
)
_NEITHER = re.compile(r"\bneither\b[^.;]{0,40}$")
_NOR_MEASURED = re.compile(r"^[^.;]{0,60}\b(?:was|were) (?:measured|assessed|recorded|examined|studied|evaluated)\b")
_REACH = 110
# Pain is a score or its relief. Where scores are told, "analgesia" is their summary and no outcome beside them.
SCORED = ("measure in methods", "measure in results", "measure in objective")


def kind(planned: bool, designs: Iterable[str]) -> str:
    """What kind of text a record is: ``planned`` is a registration or a protocol, ``designs`` those of its study."""
    if planned:
        return PLAN
    return next((_KINDS[design] for design in designs if design in _KINDS), STUDY)


def features(
    found: dict[str, list[Hit]],
    document: Document,
    sentences: Sentences,
    kind: str,
    measure: str = "",
    beside: str = "",
) -> dict[str, Facts]:
    """The facts about each outcome of a record, by name; absent is 0.

    ``measure`` is the outcome that counts for less where ``beside``, another measure of the same, is scored.
    """
    if not found:
        return {}
    if kind == ESSAY:
        sentences = read_as_a_review(sentences)
    facts = {tag: _features(tag, hits, document, sentences, kind) for tag, hits in found.items()}
    if measure in facts:
        _beside_scores(facts[measure], facts.get(beside, {}), found[measure], document)
    return facts


def read_as_a_review(sentences: Sentences) -> Sentences:
    """The words that part background, methods and results of a study part nothing in a review without headings."""
    roles = [
        UNKNOWN if sentence.category == UNKNOWN and role in OF_STUDIES else role
        for sentence, role in zip(sentences.document.sentences, sentences.roles, strict=True)
    ]
    return Sentences(roles, sentences.cues, sentences.document)


def _features(tag: str, hits: list[Hit], document: Document, sentences: Sentences, kind: str) -> Facts:
    facts: Facts = {f"tag {tag}": 1.0}
    if kind:
        facts[kind] = 1.0
    if kind in (ESSAY, ANIMALS):  # what a study of people measures and a review tells of are not the same outcomes
        facts[f"tag {tag} {kind}"] = 1.0
    counted, places = 0, set()
    for hit in hits:
        if hit.part is not None:
            excuse = _excuse(hit, sentences)
            places.add(hit.sentence)
            if excuse:
                facts[excuse] = 1.0
                continue
        counted += 1
        _of_hit(hit, document, sentences, facts, kind)
    roles = {sentences.roles[sentence] for sentence in places}
    if not counted:
        facts["nothing but excuses"] = 1.0
    facts["several sentences"] = min(len({hit.sentence for hit in hits}), 4) / 4
    facts["in several parts"] = min(len(roles - QUIET), 3) / 3
    if places:
        _of_places(places, roles, len(document.sentences), facts)
    return facts


def _of_places(places: set[int], roles: set[str], sentences: int, facts: Facts) -> None:
    """Where in the abstract an outcome is named, all places together."""
    if roles <= SILENT:
        facts["all in background"] = 1.0
    if max(places) <= sentences / 3:
        facts["only at the beginning"] = 1.0
    elif min(places) == sentences - 1:
        facts["only in the last sentence"] = 1.0


def _of_hit(hit: Hit, document: Document, sentences: Sentences, facts: Facts, kind: str) -> None:
    """What is done with an outcome where it is named."""
    place, start, end = hit.sentence, hit.start, hit.end
    role, cues = sentences.roles[place], sentences.cues[place]
    found = [_STRENGTH[hit.kind] + role]
    quiet = role in QUIET
    if not quiet:
        for cue, near, beside in _TELLING:
            if cue in cues:
                found.append(near if sentences.near(place, start, end, cue, NEAR) else beside)
        if _DIGIT.search(document.part(hit.part).lower, max(0, start - 25), end + 45):
            found.append("near a number")
    for name in found:
        facts[name] = 1.0
        if kind:
            facts[f"{name} {kind}"] = 0.5  # half as much as the fact itself, until the labels say otherwise
    if not quiet and cues:
        _of_cues(place, start, end, sentences, facts)
        if kind == ESSAY and "known" in cues:
            facts["told as known of an essay"] = 1.0


def _of_cues(place: int, start: int, end: int, sentences: Sentences, facts: Facts) -> None:
    """What else the sentence says of an outcome in it."""
    role, cues = sentences.roles[place], sentences.cues[place]
    if "predictor" in cues:
        facts["as a predictor"] = 1.0
        if sentences.near(place, start, end, "predictor", 30):
            facts["near a predictor"] = 1.0
    if "people" in cues and sentences.before(place, start, "people", 12):
        facts["people with it"] = 1.0
    if "future" in cues and sentences.before(place, start, "future", 120):
        facts["left to further studies"] = 1.0
    if role == OBJECTIVE:
        if "aim" not in cues:
            facts["beside no aim"] = 1.0
        elif sentences.before(place, start, "aim", FAR):
            facts["after an aim"] = 1.0
    elif role in TOLD and "known" in cues:
        facts["told as known"] = 1.0
    if "versus" in cues and sentences.near(place, start, end, "versus", 30):
        facts["effect on it"] = 1.0


def _beside_scores(relief: Facts, scores: Facts, hits: list[Hit], document: Document) -> None:
    scored = any(name in scores for name in SCORED)
    relief["beside scores" if scored else "without scores"] = 1.0
    said = sum(_says_analgesia(document.part(hit.part).lower, hit) for hit in hits)
    if said:
        relief["said of analgesia"] = said / len(hits)
        if scored and not any(hit.kind in STRONG for hit in hits):
            relief["said of analgesia beside scores"] = said / len(hits)


def _says_analgesia(lower: str, hit: Hit) -> bool:
    """Whether a hit says no more than "analgesia"; its duration is an outcome beside any score."""
    said = _ANALGESIA.search(lower, hit.start, hit.end) is not None
    return said and _HOW_LONG.search(lower, hit.start, hit.end) is None


def _excuse(hit: Hit, sentences: Sentences) -> str:
    """Why a hit says nothing of what was measured: hoped for, a purpose, or the result of an earlier treatment."""
    role, cues = sentences.roles[hit.sentence], sentences.cues[hit.sentence]
    if "negation" in cues and _was_left_out(hit, sentences):
        return "not measured"
    aimed = role == OBJECTIVE and "aim" in cues
    hoped = "hope" in cues and role not in TOLD and not aimed
    if hoped and sentences.before(hit.sentence, hit.start, "hope", HOPE_REACH):
        return "hoped for"
    if hit.kind in STRONG:
        return ""
    if not (aimed and hit.kind == PATTERN):
        if "lead" in cues and sentences.before(hit.sentence, hit.start, "lead", 1):
            return "" if _scored_for(hit, sentences) else "as a purpose"
        if role != RESULTS and "purpose" in cues and sentences.near(hit.sentence, hit.start, hit.end, "purpose", 0):
            return "as a purpose"
    if role != RESULTS and "prior" in cues and sentences.near(hit.sentence, hit.start, hit.end, "prior", 40):
        return "of an earlier treatment"
    return ""


def _was_left_out(hit: Hit, sentences: Sentences) -> bool:
    """Whether the sentence says that the outcome was not looked at."""
    lower = sentences.document.part(hit.part).lower
    after = lower[hit.end : hit.end + _REACH]
    if _LEFT_OUT.search(after):
        return True
    return _NEITHER.search(lower[max(0, hit.start - 60) : hit.start]) is not None and bool(_NOR_MEASURED.search(after))


def _scored_for(hit: Hit, sentences: Sentences) -> bool:
    """Scores "for drowsiness", done "without complications": what was measured or found, not a purpose."""
    lower = sentences.document.part(hit.part).lower
    return _SCORED_FOR.search(lower, max(0, hit.start - 20), hit.start) is not None
