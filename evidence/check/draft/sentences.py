"""The sentences of a draft or an abstract, with offsets; and which of a draft's sentences make a claim."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from evidence.bibliography.sentences import split
from evidence.rules import load_rules

_LINE = re.compile(r"[^\n]+")
_BULLET = re.compile(r"\s*(?:[•▪◦‣·*\u2013\u2014-]|\(?\d{1,2}[.)])\s+")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_DIGIT = re.compile(r"\d")
_LONGEST_NOTICE = 600  # characters: what a page says of itself, or asks of its readers, is shorter
_CITED_LAST = re.compile(
    r"(?<![\s\u2070\u00b9\u00b2\u00b3\u2074-\u2079])(?:\s*+(?:\[[\d,;\s\u2010-\u2015-]++\]|\([\d,;\s\u2010-\u2015-]++\)"
    r"|[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]))++$"
)
_LONGEST_HEADING = 400  # characters: no heading has more

# Sentences that assert nothing that a paper could bear on.
_NO_CLAIM = re.compile(
    r"^(?:(?:to )?(?:learn|read|find out|click|see|visit|call|contact|ask|consult|talk|speak|keep reading|share|"
    r"sign up|"
    r"subscribe|follow(?!-|\s?up\b)|check out|download|listen|book|get in touch|welcome|was this|thank)\b"
    r"|in this (?:article|post|guide|page|section)\b|(?:let us|let's)\b|for (?:a )?more (?:in|information)"
    r"|(?:written|reviewed|medically reviewed|published|updated|photo|image|getty|copyright|all rights|disclaimer|"
    r"source)\b"
    r"|(?:the following (?:are|is)|these (?:are|include))\b.{0,60}:?$)"
    r"|\b(?:consult(?:ing)? (?:with )?(?:a|an|your)|talk to your|speak (?:to|with) (?:a|your)|see (?:a|"
    r"your) (?:doctor|pain)"
    r"|seek advice|not intended to be a substitute|editorial (?:policy|process)|we (?:will|shall) (?:explore|"
    r"discuss|look))\b",
    re.I,
)
NO_CLAIMS_FILE = Path(__file__).with_name("no_claims.yml")
# A number in brackets, a name with a year: such a sentence leans on a source.
_CITES = re.compile(
    r"\[\d[\d,;\s\u2010-\u2015-]*\]|\((?:[^()]{2,60}, )?(?:19|20)\d\d[a-z]?\)|\bet al\b|\bPMID\b|\bdoi\b", re.I
)
# What says nothing of research though it names it: "Our group has run six trials", "We searched for studies".
_OWN = frozenset(
    {
        "caption", "the author's own", "plan of a study", "how a page was made", "obligation", "committee",
        "what a plan pays", "parts of a device", "where something stands in the text", "how many answered the author",
        "what is on a form or a list",
    }
)  # fmt: skip
_RESEARCH = re.compile(r"\b(?:stud(?:y|ies)|trials?|research|registry|guidelines?|evidence|meta-analys\w+)\b", re.I)


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence of a draft. ``kind``: prose, item (of a list), heading or reference; ``heading`` is the one above."""

    text: str
    start: int
    end: int
    kind: str
    claim: bool
    paragraph: int
    heading: str = ""


def draft_sentences(
    text: str, references: Iterable[tuple[int, int]] = (), cited: Sequence[int] = ()
) -> list[DraftSentence]:
    """The sentences of a draft. ``references`` are the stretches of its reference list: nothing in them is a claim.

    ``cited`` are the places where something is cited, in order: a sentence that cites is a claim.
    """
    taken = deque(_outermost(references))
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text) if m.group().strip()]
    found: list[DraftSentence] = []
    heading = ""
    for number, (start, end) in enumerate(lines):
        line = text[start:end]
        bullet = _BULLET.match(line)
        begin = start + (bullet.end() if bullet else 0)
        if "\t" in line.strip() and not _mostly_in(start, end, taken):  # a row of a table
            a, b = _stripped(text, start, end)
            cites = bisect_left(cited, b) > bisect_left(cited, a)
            found.append(DraftSentence(text[a:b], a, b, "item", cites and bool(_DIGIT.search(line)), number, heading))
            continue
        if not bullet and len(lines) > 1 and _is_heading(line):
            heading = line.strip()
            found.append(DraftSentence(heading, *_stripped(text, start, end), "heading", False, number, ""))
            continue
        for span in split(text[begin:end]):
            a, b = begin + span.start, begin + span.end
            while taken and taken[0][1] <= a:
                taken.popleft()
            inside = _mostly_in(a, b, taken)
            kind = "reference" if inside else "item" if bullet else "prose"
            cites = bisect_left(cited, b) > bisect_left(cited, a)
            claim = not inside and makes_claim(text[a:b], cites)
            found.append(DraftSentence(text[a:b], a, b, kind, claim, number, heading))
    return found


def _outermost(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those that are not inside another, in order: what is mostly inside one of the others is mostly inside these."""
    kept: list[tuple[int, int]] = []
    for low, high in sorted(stretches, key=lambda stretch: (stretch[0], -stretch[1])):
        if not kept or high > kept[-1][1]:
            kept.append((low, high))
    return kept


def _mostly_in(start: int, end: int, stretches: Iterable[tuple[int, int]]) -> bool:
    """Whether more than half of a stretch lies in one of these, which are in order."""
    for low, high in takewhile(lambda stretch: stretch[0] < end, stretches):
        if start < high and 2 * (min(end, high) - max(start, low)) > end - start:
            return True
    return False


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    line = text[start:end]
    return start + len(line) - len(line.lstrip()), end - (len(line) - len(line.rstrip()))


def _is_heading(line: str) -> bool:
    """A short line without an end: ``Fewer Side Effects``, ``Is it safe?``."""
    line = line.strip()
    if len(line) > _LONGEST_HEADING:
        return False
    line = _CITED_LAST.sub("", line) or line  # "It helps.[1]" is a sentence, "Alternatives [2]" is none
    found = _WORD.findall(line)
    if not found or len(found) > 14 or line[-1] in ".!:;,":
        return False
    if line.endswith("?"):
        return True
    titled = sum(1 for w in found if w[0].isupper() or len(w) < 4)
    return len(found) <= 5 or titled >= 0.75 * len(found)


def makes_claim(sentence: str, cites: bool = False) -> bool:
    """Whether a sentence asserts something: not a question, a heading, an invitation or a notice about the page.

    ``cites``: something is cited in it, so that a person takes it for a claim.
    """
    found = _WORD.findall(sentence)
    if len(found) < 3 or sentence.rstrip().endswith(("?", "\u061f", ":")):
        return False
    text = sentence.strip()
    beginning = text[:_LONGEST_NOTICE]
    if _NO_CLAIM.search(beginning):
        return bool(_RESEARCH.search(text) and re.search(r"\d", text))
    if kind := load_rules(NO_CLAIMS_FILE).first("no_claim", beginning)[0]:
        return bool(
            cites or _CITES.search(text) or (kind not in _OWN and _RESEARCH.search(text) and re.search(r"\d", text))
        )
    return True


def needs_source(sentence: str, numbers: bool) -> bool:
    """Whether a claim says something of health, a treatment or research, with a number or a word that asserts it."""
    rules = load_rules(NO_CLAIMS_FILE)
    if rules.first("needs_none", sentence)[0] or not rules.first("subject", sentence)[0]:
        return False
    return numbers or bool(rules.first("asserts", sentence)[0])


def asserts_effect(sentence: str) -> bool:
    """Whether a sentence says that something works, or does not."""
    return any(
        rule.pattern.search(sentence) for rule in load_rules(NO_CLAIMS_FILE).parts["asserts"] if rule.name == "effect"
    )
