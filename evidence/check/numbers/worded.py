"""Numbers that are written in words of their own: fractions, factors, one in five, 45/68, week 12, twice a week."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from evidence.check.numbers.tables import (
    FOLD,
    LARGE,
    PEOPLE,
    PERCENT,
    PERSON,
    PLAIN,
    RATE,
    SMALL,
    TIME,
    UNITS,
    VALUE,
)


@dataclass(frozen=True, slots=True)
class Worded:
    """A number found by its words; the fields are those of :class:`~evidence.check.numbers.numbers.Number`.

    ``role`` is ``""`` where the words around decide it, ``compare`` ``""`` where the words before do.
    """

    start: int
    end: int
    low: float
    high: float
    unit: str
    dimension: str
    role: str = ""
    factor: float = 1.0
    compare: str = ""
    decimals: int = 0


# "a third of patients", "two-thirds", "by half", "more than half": percent.
_FRACTIONS = tuple(
    (re.compile(pattern, re.I), value)
    for pattern, value in (
        (r"\b(?:two|2)[ -]?thirds\b", 200 / 3), (r"\b(?:three|3)[ -]quarters\b", 75.0),
        (r"\b(?:a|one)[ -](?:third)\b", 100 / 3), (r"\b(?:a|one)[ -]quarter\b", 25.0),
        (r"\b(?:a|one)[ -]fifth\b", 20.0), (r"\b(?:a|one)[ -]tenth\b", 10.0),
        (r"\b(?:two|three|four)[ -]fifths\b", 0.0),
        (r"\bhalf (?:of|the|their|those|as)\b|\bhalv(?:ed?|es|ing)\b|\bby half\b|\b(?<!and )(?:a|one)[ -]half\b(?!-)|"
         r"\bin half\b|(?<=\bthan )half\b(?! an?\b)|(?<=\b(?:over|only) )half\b(?! an?\b)|"
         r"(?<=\b(?:about|least) )half\b(?! an?\b)|(?<=\b(?:nearly|almost) )half\b(?! an?\b)", 50.0),
    )
)  # fmt: skip
_FIFTHS = {"two": 40.0, "three": 60.0, "four": 80.0}
_EVERY = re.compile(rf"\bevery (second|third|fourth|fifth|tenth) {PERSON}\b", re.I)
_NTH_PERSON = {"second": 50.0, "third": 100 / 3, "fourth": 25.0, "fifth": 20.0, "tenth": 10.0}
# Factors in words. "Double-blind" and "a double room" are none.
_FACTORS = (
    (re.compile(r"\bdoubl(?:ed|es|ing)\b|\btwice as\b|\bdouble the\b", re.I), 2.0),
    (re.compile(r"\btripl(?:ed|es|ing)\b|\bthrice as\b|\btriple the\b", re.I), 3.0),
    (re.compile(r"\bquadrupl(?:ed|es|ing)\b", re.I), 4.0),
)
_FOLD = re.compile(rf"\b(?P<word>{'|'.join(w for w in SMALL if w not in ('zero', 'one'))})fold\b", re.I)
_BY_A_FACTOR = re.compile(rf"\bby a factor of (?P<a>{VALUE})", re.I)
# 3.2 x 10^3
_POWER = re.compile(
    r"(?<![\w.])(?P<a>\d+(?:\.\d+)?)\s?[x\u00d7]\s?10(?:\^?(?P<flat>-?\d)|"
    r"(?P<raised>[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]))"
)
_RAISED = str.maketrans("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "0123456789")
HALF_HOUR = re.compile(r"\b(?:half an hour|half[ -]hour)\b", re.I)
_HALF_YEAR = re.compile(r"\bhalf (?:a|of the first|a|the first) year\b|\bhalf[ -]year(?:ly)?\b", re.I)
_AND_A_HALF = re.compile(
    r"\b(?:a|one) (year|month|week) and a half\b|\b(?:one|1) and a half (year|month|week)s?\b", re.I
)
_FORTNIGHT = re.compile(r"\b(?:a|one) fortnight\b|\bfortnight(?= (?:later|after))", re.I)
_A_YEAR = re.compile(
    r"\ba (year|month|week)(?= (?:later\b|after\b|on\b|of (?:treatment|follow|stimulation|therapy)|from))|"
    r"(?<=\bafter )a (year|month|week)\b|(?<=\bwithin )a (year|month|week)\b|(?<=\bat )a (year|month)\b|(?<=\bfor "
    r")a (year|month|week)\b"
    r"|\ba full (year|month|week)\b",
    re.I,
)
_DAYS = {"year": 365.25, "month": 30.4375, "week": 7.0, "day": 1.0}
_NTH = {"first": 1, "second": 2, "third": 3, "fifth": 5}
_NTH_YEAR = re.compile(r"\b(first|second|third|fifth) (?:postoperative |post-implant )?year\b", re.I)
# "At week 12", "by month 6"; "week 12 of 2020" and "day 3" of a diary are as much a time.
_WEEK_N = re.compile(
    r"\b(?P<unit>week|month|day|year)s? (?P<a>\d{1,3})(?:\s?(?:-|\u2013|to)\s?(?P<b>\d{1,3}))?\b"
    r"(?!\s?(?:%|patients|people|participants)|\.\d)",
    re.I,
)
_NO_SHARE = r"(?!\s*(?:%|minutes?|mins?|hours?|days?|weeks?|months?|years?|mm|cm|mg)\b|\s*%|\.\d|,\d)"
# "One in two trials" is a share, "one in 12 centres" a place.
_PLACES = re.compile(
    r"\s*(?:sessions?|trials|studies|groups?|arms?|cent(?:re|er)s?|hospitals?|countries|cases of|leads?)\b", re.I
)
_IN_N = re.compile(rf"\b(?P<a>{VALUE}) (?P<link>in|out of)(?P<every> every)? (?P<b>{VALUE})\b{_NO_SHARE}", re.I)
_ROUND = frozenset({3, 4, 5, 6, 8, 10, 20, 100})
_SLASH = re.compile(
    rf"(?<![\w/.])(?P<a>\d{{1,5}})/(?P<b>\d{{1,5}})(?![\w/.]|,\d)(?=\s*(?:{PERSON}|\(|\)|,|;|had|were|was|with|in|"
    rf"of|\[|$)|\.?$)",
    re.I,
)
ADVERBS = re.compile(
    r"\b(?P<word>once|twice|thrice)(?: or (?P<more>twice|thrice))?(?=,? (?:a|per|each|every|daily|weekly|monthly))",
    re.I,
)
_TIMES = {"once": 1, "twice": 2, "thrice": 3}


def worded(text: str) -> list[Worded]:
    """Every such number of a text, none inside another: the first way that finds it wins."""
    found: list[Worded] = []
    taken = bytearray(len(text))
    for way in _WAYS:
        for number in way(text):
            if not any(taken[number.start : number.end]):
                found.append(number)
                taken[number.start : number.end] = b"\x01" * (number.end - number.start)
    return found


def _times(text: str) -> Iterator[Worded]:
    for m in HALF_HOUR.finditer(text):
        yield Worded(m.start(), m.end(), 30, 30, "minutes", TIME, "duration", 1 / 1440)
    for m in _AND_A_HALF.finditer(text):
        unit = _first(m)
        yield Worded(m.start(), m.end(), 1.5, 1.5, f"{unit}s", TIME, "followup", _DAYS[unit], decimals=1)
    for m in _HALF_YEAR.finditer(text):
        yield Worded(m.start(), m.end(), 6, 6, "months", TIME, "followup", _DAYS["month"])
    for m in _FORTNIGHT.finditer(text):
        yield Worded(m.start(), m.end(), 2, 2, "weeks", TIME, "followup", _DAYS["week"])
    for m in _A_YEAR.finditer(text):
        unit = _first(m)
        yield Worded(m.start(), m.end(), 1, 1, f"{unit}s", TIME, "followup", _DAYS[unit])
    for m in _NTH_YEAR.finditer(text):
        years = _NTH[m.group(1).lower()]
        yield Worded(m.start(), m.end(), years, years, "years", TIME, "followup", _DAYS["year"])
    for m in _WEEK_N.finditer(text):
        unit, value = m.group("unit").lower(), float(m.group("a"))
        last = float(m.group("b") or value)
        if 0 < value <= last:
            yield Worded(m.start(), m.end(), value, last, f"{unit}s", TIME, "followup", _DAYS[unit])


def _fractions(text: str) -> Iterator[Worded]:
    for pattern, value in _FRACTIONS:
        for m in pattern.finditer(text):
            share = value or _FIFTHS[re.split(r"[ -]", m.group().lower())[0]]
            yield Worded(m.start(), m.end(), share, share, "%", PERCENT, compare=_about(text, m.start()))
    for m in _EVERY.finditer(text):
        share = _NTH_PERSON[m.group(1).lower()]
        yield Worded(m.start(), m.end(), share, share, "%", PERCENT, "percent", compare="~")


def _shares(text: str) -> Iterator[Worded]:
    for m in _IN_N.finditer(text):
        a, b = value_of(m.group("a")), value_of(m.group("b"))
        of_one = a == 1 and m.group("link").lower() == "in" and not (1900 <= b <= 2049)
        of_one = of_one and not _PLACES.match(text, m.end())
        if 0 < a < b and (b in _ROUND or of_one or m.group("every")):
            share = 100 * a / b
            yield Worded(m.start(), m.end(), share, share, "%", PERCENT, "percent", compare=_about(text, m.start()))
    for m in _SLASH.finditer(text):
        a, b = float(m.group("a")), float(m.group("b"))
        if 0 <= a <= b and b >= 3:
            for name, value in (("a", a), ("b", b)):
                yield Worded(m.start(name), m.end(name), value, value, "patients", PEOPLE, "n_part")


def _factors(text: str) -> Iterator[Worded]:
    for pattern, value in _FACTORS:
        for m in pattern.finditer(text):
            yield Worded(m.start(), m.end(), value, value, "times", FOLD, "ratio")
    for m in _FOLD.finditer(text):
        value = float(SMALL[m.group("word").lower()])
        yield Worded(m.start(), m.end(), value, value, "times", FOLD, "ratio")
    for m in _BY_A_FACTOR.finditer(text):
        value = value_of(m.group("a"))
        yield Worded(m.start("a"), m.end(), value, value, "times", FOLD, "ratio")
    for m in _POWER.finditer(text):
        exponent = int(m.group("flat") or m.group("raised").translate(_RAISED))
        value = float(m.group("a")) * 10.0**exponent
        yield Worded(m.start(), m.end(), value, value, "", PLAIN, "other")


def _rates(text: str) -> Iterator[Worded]:
    for m in ADVERBS.finditer(text):
        low, high = _TIMES[m.group("word").lower()], _TIMES[(m.group("more") or m.group("word")).lower()]
        for name, dimension, factor, pattern in UNITS:
            unit = pattern.match(text, m.end()) if dimension == RATE else None
            if unit:
                yield Worded(m.start(), unit.end(), low, high, name, RATE, "frequency", factor)
                break


# The order is the order of trust: "half a year" is a time, "twice a week" no factor.
_WAYS: tuple[Callable[[str], Iterator[Worded]], ...] = (_times, _rates, _shares, _factors, _fractions)


def _first(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group).lower()


def _about(text: str, start: int) -> str:
    """``""`` where the words before compare ("over a third"), else about: a fraction in words is a round one."""
    return (
        ""
        if re.search(
            r"\b(?:than|over|under|least|most|up to|exactly|below|above)\s*$", text[max(0, start - 12) : start], re.I
        )
        else "~"
    )


_LARGEST = 1e15  # a row of 400 digits is no number, and JSON has no infinity


def value_of(printed: str) -> float:
    """``1,234.5`` → 1234.5; ``two hundred and six`` → 206; ``a dozen`` → 12."""
    plain = printed.lower().replace("\u00b7", ".")
    if plain[0].isdigit() or plain[0] == ".":
        return min(float(re.sub(r"[, \u2009]", "", plain)), _LARGEST)
    total = current = 0
    for word in re.split(r"[ -]+", plain):
        if word in SMALL:
            current += SMALL[word]
        elif word in LARGE:
            current = max(current, 1) * LARGE[word]
            if LARGE[word] >= 1000:
                total, current = total + current, 0
    return float(total + current)
