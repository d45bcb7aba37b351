"""Marks beside the design: open-label, sham, placebo, crossover, controlled; length of follow-up; funding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.number_words import value
from evidence.record import Record
from evidence.tagging.design.rules import MARKS
from evidence.tagging.matching.prefilter import Hits

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
    found: dict[str, bool] = {name: True for name in ("sham", "placebo", "crossover") if _spoken_of(name, hits)}
    if _spoken_of("open label", hits):
        found["open_label"] = True
    elif "rct" in designs and _spoken_of("double blind", hits):
        found["open_label"] = False
    if "rct" in designs or "nonrandomised" in designs:
        found["controlled"] = True
    elif _spoken_of("uncontrolled", hits):
        found["controlled"] = False
    elif _spoken_of("controlled", hits) and not _spoken_of("healthy controls", hits):
        found["controlled"] = True
    return found


def _spoken_of(mark: str, hits: Hits) -> bool:
    return any(MARKS[mark].search(sentence.lower) for sentence in hits.sentences.get(mark, ()))


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
