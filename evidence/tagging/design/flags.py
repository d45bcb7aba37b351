"""Marks beside the design: open-label, sham, placebo, crossover, controlled; length of follow-up; funding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.record import Record
from evidence.tagging.matching.anchors import Hits
from evidence.tagging.text.document import BACKGROUND, CONCLUSIONS, ELIGIBILITY, TITLE
from evidence.tagging.text.number_words import value

# The words of these are the whole rule: where one stands, the flag is stated. A blank ends a word.
SAID: dict[str, tuple[str, ...]] = {
    "open_label": ("open label", "unblinded ", "non blinded ", "nonblinded "),
    "double_blind": ("double blind", "triple blind"),
    "sham": ("sham ",),
    "placebo": ("placebo ",),
    "crossover": ("crossover ", "cross over ", "crossed over ", "crossedover "),
    "uncontrolled": (
        "uncontrolled ", "single arm ", "non controlled", "noncontrolled", "without control", "without a control",
        "without compar", "without a compar", "no control group", "no control arm", "no comparison group",
        "no comparison arm", "no comparator group", "no comparator arm",
    ),
}  # fmt: skip
ANCHORS: dict[str, tuple[str, ...]] = SAID | {
    "controlled": ("control", "compared ", "comparison", "versus ", "vs ", "group", "matched ", "propensity"),
    "healthy controls": ("healthy", "normal"),
    "follow-up": ("follow",),
    "time points": ("month", "year", "weeks"),
}  # fmt: skip
# What was known before and what follows from it say nothing of how the study was done, nor does who could take part of
# how long they were followed.
LEFT_OUT: dict[str, frozenset[str]] = {name: frozenset({BACKGROUND, CONCLUSIONS}) for name in ANCHORS} | {
    "follow-up": frozenset({BACKGROUND, ELIGIBILITY}),
    "time points": frozenset({TITLE, BACKGROUND, ELIGIBILITY, CONCLUSIONS}),
}
_CONTROLLED = re.compile(
    r"\bcontrol (?:group|arm|subjects|patients|cohort)|\bcontrols\b|\b(?:compared|comparison|versus"
    r"|vs\.?) (?:\w+ ){0,2}(?:control|usual|standard|conventional|conservative|sham|placebo|no treatment|medical)"
    r"|\bcomparison group|\bmatched (?:control|cohort|group|patients)|\bcontrolled (?:\w+ )?(?:trial|study)|\b(?:two"
    r"|three|four|2|3|4|both|between|other|treatment|each) (?:\w+ )?groups?\b|\bgroup (?:a|b|1|2|i|ii)\b|\bpropensity"
)
# Patients beside people without the disease: a comparison of diseases, not of treatments.
_HEALTHY_CONTROLS = re.compile(
    r"\b(?:healthy|normal)(?:,? [\w-]+){0,3}? (?:controls?|volunteers|subjects|individuals|participants|adults"
    r"|children)\b"
    r"|\bcontrols? (?:\w+ ){0,3}healthy"
)
# Designs in which a comparator means a controlled study.
_COMPARATIVE = frozenset(
    {"rct", "prospective", "retrospective", "observational", "economic", "experimental_human", "animal"}
)

# Designs that follow people.
_FOLLOWED = frozenset({"rct", "prospective", "retrospective", "observational", "case_report", "economic"})

_UNIT = {"day": 1 / 30.4375, "week": 7 / 30.4375, "month": 1.0, "year": 12.0, "yr": 12.0, "mo": 1.0}
_LENGTH = re.compile(r"[ -](day|week|month|year|yr|mo)s?\b")
# The words before a length of time, and those after it, that make it a follow-up; before it, those that make it a mean.
_BEFORE = re.compile(
    r"follow(?:ed|ing)?[- ]?up[^.;%]{0,50}$|\bfollowed (?:\w+ ){0,5}(?:for|over|to|until|at)[^.;%]{0,40}$"
    r"|\b(?:at|to|until|for|through|over) (?:the )?(?:\w+ )?(?:[\d.]+(?:,| and|, and| to|-) ?){0,6}$"
)
_AFTER = re.compile(
    r"^(?:'|s')?(?: of| post-?\w*)? follow[- ]?up|^ (?:after|following|post|from) (?:\w+ ){0,2}"
    r"(?:implant|treatment|surgery|randomi|intervention|baseline|stimulation|the (?:end|last))"
)
_MEAN = re.compile(
    r"\b(?:mean|average|median) (?:\w+ ){0,2}follow[- ]?up[^.;]{0,40}$|follow[- ]?up[^.;]{0,60}\b(?:mean|average"
    r"|median)[^.;)]{0,15}$"
)
_POINT_BEFORE = re.compile(r"\b(?:at|after|until|through|for up to) (?:[\d.]+(?:,| and|, and|-) ?){0,6}$")
_POINT_ENDS = ("at ", "after ", "until ", "through ", "up to ", ",", ", ", "and", "and ", "-", "- ")
_POINT_NOT_AFTER = re.compile(r"^ (?:before|prior|ago|history|old|or (?:more|longer)|of age)")
_MOST_MONTHS = 480


def flags(hits: Hits, designs: dict[str, str]) -> dict[str, bool]:
    """What is stated: a flag that the text does not speak of is absent. Only studies have flags."""
    if _COMPARATIVE.isdisjoint(designs):
        return {}
    said = hits.sentences
    found: dict[str, bool] = {name: True for name in ("sham", "placebo", "crossover") if name in said}
    if "open_label" in said:
        found["open_label"] = True
    elif "rct" in designs and "double_blind" in said:
        found["open_label"] = False
    if "rct" in designs or "nonrandomised" in designs:
        found["controlled"] = True
    elif "uncontrolled" in said:
        found["controlled"] = False
    elif _spoken_of(_CONTROLLED, hits, "controlled") and not _spoken_of(_HEALTHY_CONTROLS, hits, "healthy controls"):
        found["controlled"] = True
    return found


def _spoken_of(pattern: re.Pattern[str], hits: Hits, group: str) -> bool:
    if group not in hits.sentences:
        return False
    return any(pattern.search(sentence.lower) for sentence in hits.sentences[group])


def follow_up_months(hits: Hits, designs: dict[str, str]) -> float | None:
    """The longest follow-up stated, in months; a mean or median where one is given. ``None`` when not stated."""
    if _FOLLOWED.isdisjoint(designs):
        return None
    longest = 0.0
    for sentence in hits.sentences.get("follow-up", ()):
        for months, before, after in _lengths(sentence.lower):
            if "follow" in before and _MEAN.search(before):
                return months
            if _BEFORE.search(before) or _AFTER.match(after):
                longest = max(longest, months)
    if not longest:
        for sentence in hits.sentences.get("time points", ()):
            for months, before, after in _lengths(sentence.lower):
                if before.endswith(_POINT_ENDS) and _POINT_BEFORE.search(before) and not _POINT_NOT_AFTER.match(after):
                    longest = max(longest, months)
    return longest or None


def _lengths(lower: str) -> Iterator[tuple[float, str, str]]:
    """Each length of time in a sentence: in months, with the words before it and after it."""
    for match in _LENGTH.finditer(lower):
        start = lower.rfind(" ", 0, match.start()) + 1
        number = _number(lower[start : match.start()].lstrip("([,;"))
        if number is None:
            continue
        months = round(number * _UNIT[match.group(1)], 1)
        if 0 < months <= _MOST_MONTHS:
            yield months, lower[max(0, start - 80) : start], lower[match.end() : match.end() + 60]


def _number(text: str) -> float | None:
    if not text:
        return None
    if text[0].isdigit():
        try:
            return float(text.rstrip("."))
        except ValueError:
            return None
    return value(text)


def funding(record: Record) -> str:
    """Who paid, as the record names it: grants, then the kinds of research support that NLM indexed; else ``""``."""
    if record.grants:
        return "; ".join(dict.fromkeys(record.grants))
    if not record.publication_types:
        return ""
    return "; ".join(sorted(name for name in record.type_names() if name.startswith("Research Support")))
