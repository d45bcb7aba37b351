"""What each sentence of a record is for, and which cues it holds.

A printed heading decides where there is one. Elsewhere the cues do: sentences before the first aim or method are
background, an aim stays an aim, and the last sentences that conclude are conclusions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from evidence.tagging.matching.automaton import CuesOfSentence
from evidence.tagging.matching.matches import Hit, Matches
from evidence.tagging.text.document import (
    BACKGROUND,
    CONCLUSIONS,
    ELIGIBILITY,
    METHODS,
    OBJECTIVE,
    RESULTS,
    UNKNOWN,
    Document,
)

# A number that reports something, not a reference or a dose: "12%", "p < 0.05", "n = 8", "42 of 53", "26 patients".
# Every alternative begins with a digit or a rare sign: one that began with a word cost 270 µs a record.
_REPORTED = re.compile(
    r"\d(?:[.%/]\d?| ?[%\u2192]| (?:(?:vs?|versus|to|and) \d|of (?:the )?\d"
    r"|(?:\w+ )?(?:patients?|subjects?|participants?|cases|women|men|children)\b))"
    r"|[=\u00b1\u2192\u2264\u2265] ?\d"
)
# How lists of objectives begin: "1. Evaluate the tolerability of ...".
_TOLD_TO = tuple(
    f"{verb} "
    for verb in "evaluate assess compare determine investigate explore examine identify test measure estimate "
    "establish describe demonstrate evaluating assessing comparing evaluation assessment comparison".split()
)
# How lists of outcomes begin: "Number of headache days at 12 weeks."
_COUNTED_AS = tuple(
    f"{noun} {of} "
    for of in ("of", "in", "to", "from")
    for noun in "number incidence percentage proportion change rate frequency time reduction improvement".split()
)
_DIGIT = re.compile(r"(?<!in )\b(?!(?:19|20)\d\d\b)\d")
_P_VALUE = re.compile(r"\bp ?[<=>] ?0?\.\d")
_STATED_AIM = re.compile(r"\b(?:aim|objective|purpose|goal)s? (?:of|is|are|was|were)\b")
_WE_FOUND = re.compile(r"\bwe (?:found|observed|noted|demonstrated|showed)\b|\bour (?:results|findings|data)\b")
_WAS = re.compile(r"\b(?:was|were|had|did|could)\b")
_IS = re.compile(r"\b(?:is|are|has|have|can|may|might|will|should|must|be|suggests?|appears?|seems?|remains?)\b")
SENTENCES_OF_A_PLAN = 2
SEGMENTS_OF_A_STRUCTURED_ABSTRACT = 4


@dataclass(slots=True)
class Sentences:
    """For each sentence of a document: its role and its cues, by name, with their offsets."""

    roles: list[str]
    cues: list[CuesOfSentence]
    document: Document
    _numbers: dict[int, bool] = field(default_factory=dict)

    def number(self, sentence: int) -> bool:
        """Whether a sentence reports a number."""
        known = self._numbers.get(sentence)
        if known is None:
            known = self._numbers[sentence] = self._number(sentence)
        return known

    def _number(self, sentence: int) -> bool:
        return "counted" in self.cues[sentence] or _REPORTED.search(self.document.sentences[sentence].lower) is not None

    def before(self, sentence: int, start: int, name: str, reach: int) -> bool:
        """Whether a cue ends at most ``reach`` characters before ``start`` in the same sentence."""
        for _, last in self.cues[sentence].get(name, ()):  # noqa: SIM110  (a generator takes twice the time)
            if 0 <= start - last <= reach:
                return True
        return False

    def after(self, sentence: int, end: int, name: str, reach: int) -> bool:
        """Whether a cue begins at most ``reach`` characters after ``end`` in the same sentence."""
        for first, _ in self.cues[sentence].get(name, ()):  # noqa: SIM110
            if 0 <= first - end <= reach:
                return True
        return False

    def near(self, sentence: int, start: int, end: int, name: str, reach: int) -> bool:
        """Whether a cue stands at most ``reach`` characters from a span of the same sentence."""
        for first, last in self.cues[sentence].get(name, ()):  # noqa: SIM110
            if first - end <= reach and start - last <= reach:
                return True
        return False


def times_named(hits: list[Hit]) -> int:
    """How often a tag is named: phrases that overlap are one."""
    times, last = 0, (-1, 0)
    for hit in sorted(hits, key=lambda hit: (hit.sentence, hit.start)):
        if (hit.sentence, hit.start) >= last:
            times += 1
        last = max(last, (hit.sentence, hit.end))
    return times


def read_sentences(document: Document, matches: Matches, planned: bool = False) -> Sentences:
    """Roles and cues of a document's sentences; ``planned`` says that it is a protocol or a registration."""
    cues = matches.cues
    roles = [sentence.category for sentence in document.sentences]
    for i, sentence in enumerate(document.sentences):
        if (planned or sentence.category == OBJECTIVE) and sentence.lower.startswith(_TOLD_TO):
            cues[i] = {**cues[i], "aim": [(sentence.start, sentence.start), *cues[i].get("aim", ())]}
    sentences = Sentences(roles, cues, document)
    unknown = [i for i, role in enumerate(roles) if role == UNKNOWN]
    if unknown and not _by_position(roles, unknown, document, cues):
        if planned or _is_plan(document, cues):
            _infer_plan(sentences, unknown)
        else:
            _infer(sentences, unknown)
    _open_objectives(roles, document, cues)
    for i, role in enumerate(roles):  # "BACKGROUND: ... We aimed to ..."
        if role == BACKGROUND and "aim" in cues[i] and "known" not in cues[i]:
            roles[i] = OBJECTIVE
    return sentences


def _open_objectives(roles: list[str], document: Document, cues: list[CuesOfSentence]) -> None:
    """What a section of objectives says before its aim is the background of the study."""
    before: list[int] = []
    for i, sentence in enumerate(document.sentences):
        if sentence.category != OBJECTIVE or (before and document.sentences[before[-1]].part != sentence.part):
            before = []
        if sentence.category == OBJECTIVE:
            if "aim" in cues[i]:
                for earlier in before:
                    roles[earlier] = BACKGROUND
                before = []
            else:
                before.append(i)


def _by_position(roles: list[str], unknown: list[int], document: Document, cues: list[CuesOfSentence]) -> bool:
    """Sections exported without labels, joined by ";": the order of a structured abstract tells what they are."""
    segment, segments = 0, []
    for i in unknown:
        segments.append(segment)
        text = document.text(document.sentences[i])
        segment += text.endswith(".;") or text.endswith("?;")
    if segment < SEGMENTS_OF_A_STRUCTURED_ABSTRACT - 1:
        return False
    for i, position in zip(unknown, segments, strict=True):
        if position == segment:
            roles[i] = CONCLUSIONS
        elif position == segment - 1:
            roles[i] = RESULTS
        elif position:
            roles[i] = METHODS
        else:
            roles[i] = OBJECTIVE if "aim" in cues[i] else BACKGROUND if "background" in cues[i] else OBJECTIVE
    return True


def _is_plan(document: Document, cues: list[CuesOfSentence]) -> bool:
    """Whether a record speaks of a study that is still to be done: nothing in it can be a result."""
    return sum("plan" in found for found in cues) >= SENTENCES_OF_A_PLAN and not _P_VALUE.search(document.lower)


def _infer_plan(sentences: Sentences, unknown: list[int]) -> None:
    roles = sentences.roles
    for i in unknown:
        found, lower = sentences.cues[i], sentences.document.sentences[i].lower
        if "aim" in found and ("known" not in found or _STATED_AIM.search(lower)):
            roles[i] = OBJECTIVE
        elif "eligibility" in found:
            roles[i] = ELIGIBILITY
        elif "plan" in found or ("method" in found and "known" not in found) or lower.startswith(_COUNTED_AS):
            roles[i] = METHODS
        elif "result" in found or "background" in found or "known" in found:
            roles[i] = BACKGROUND


def _infer(sentences: Sentences, unknown: list[int]) -> None:
    roles, cues, texts = sentences.roles, sentences.cues, sentences.document.sentences
    case = [i for i, found in enumerate(cues) if "case" in found]
    titled = any(texts[i].part is None for i in case)
    opened = told = False  # opened: the study itself has begun to speak
    for order, i in enumerate(unknown):
        role = _role(i, sentences, opened, order >= len(unknown) - 2)
        told = told or role in (METHODS, RESULTS)
        if titled and role == BACKGROUND and "known" not in cues[i] and _past(texts[i].lower):
            role = RESULTS
        if not role and ((told and _past(texts[i].lower)) or (case and opened)):
            role = RESULTS
        if role:
            roles[i] = role
            opened = opened or role in (OBJECTIVE, METHODS, RESULTS)
    if not opened:  # nothing says where the study begins: a short report or an essay
        for i in unknown:
            roles[i] = UNKNOWN if roles[i] == BACKGROUND and "known" not in cues[i] else roles[i]


def _past(sentence: str) -> bool:
    """Whether a sentence tells what happened: "two leads migrated and were revised"."""
    return _WAS.search(sentence) is not None and _IS.search(sentence) is None


def _role(i: int, sentences: Sentences, opened: bool, last: bool) -> str:
    """What one sentence without a heading is for, ``""`` when nothing tells; ``last`` of the record's two last."""
    found = sentences.cues[i]
    if "case" in found:
        return RESULTS
    if "eligibility" in found and "aim" not in found:
        return ELIGIBILITY
    if "aim" in found and not (opened and last):
        return OBJECTIVE
    if last and opened and "conclusion" in found:
        return CONCLUSIONS
    number = sentences.number(i)
    if "known" in found and not number and not _WE_FOUND.search(sentences.document.sentences[i].lower):
        return BACKGROUND
    if opened and ("result" in found or number):
        return METHODS if "method" in found and "result" not in found else RESULTS
    if "method" in found and ("background" not in found or opened):
        return METHODS
    if "result" in found and number:
        return RESULTS
    if number and "known" not in found:
        return METHODS
    past = _past(sentences.document.sentences[i].lower)
    if opened and ("background" not in found or past):
        return ""
    if (
        past
        and "background" not in found
        and "known" not in found
        and _DIGIT.search(sentences.document.sentences[i].lower)
    ):
        return METHODS
    return BACKGROUND
