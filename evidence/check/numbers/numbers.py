"""The numbers of a sentence: value or range, unit, and the part each one plays.

Written for health prose and abstracts alike: ``11 failed back surgery patients``, ``n = 11``, ``eleven people``;
``80.1%``, ``four in five``; ``half an hour``; ``10 kHz``. Numbers that only name something (``type 2 diabetes``,
``[3]``, ``L4-L5``, a DOI) are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from evidence.check.numbers.roles import compare_sign, percent_role, role_of
from evidence.check.numbers.tables import (
    BEFORE,
    CHANGES,
    COUNTS_PEOPLE,
    EVENTS,
    NAMES,
    NUMBER,
    OF,
    ONE_WORD,
    P_VALUE,
    PEOPLE,
    PLAIN,
    RATE,
    TIME,
    UNITS,
    WINDOW,
    YEAR,
    YEAR_BEFORE,
)
from evidence.check.numbers.worded import value_of, worded

_OF_SO_MANY = re.compile(
    rf"\s*(?:\(\d[\d.]*\s?%\)\s*)?(?:of|out of)\s*(?:the |these |those |all )?(?:\d+|(?:{ONE_WORD})\b)(?!\s*%)", re.I
)
_MEASURED = re.compile(r"(?<=\[)\d+(?:\.\d+)?\s?%")  # "n = 19 [61%]" cites nothing
_EVENTS = re.compile(EVENTS, re.I)
# Groups, arms and steps are counted up to so many; a larger number after such a word counts something else.
_MANY = re.compile(r"^(?:group|arm|step|level|stage|class|factor|category|part|number|section)", re.I)
_FEW = 12
_SUFFERED_DAYS = re.compile(
    r"\b(?:headache|migraine|pain|sick|crisis)[ -]days\b|\bdays with (?:headache|migraine)", re.I
)
_END_OF_A_CHANGE = re.compile(r"\bfrom\s*$|\bfrom\s[^,;.]{0,40}(?:\.\d[^,;.]{0,20})?\bto\s*$|\bby\s*$", re.I)
_PLUS_MINUS = re.compile(r"\s*(?:\u00b1|\+/?-|\+/\u2212)\s*")
_AFTER_PLUS_MINUS = re.compile(r"(?:\u00b1|\+/?-|\+/\u2212)\s*$")
_ALONE = re.compile(r"\s*(?:[.;,)]|$|[\[(]|(?:suitable|eligible|others?|more)\b)", re.I)
_HAD = re.compile(r"\s+(?:had|have|were|reported|needed|used|got|felt|slept|showed|became|stayed)\b", re.I)
_ALONE_AFTER = re.compile(
    r"\b(?:in|of|affected|troubled|helped|found|by|among|only|just|all|hit|for|made|left|removed in)\s*$", re.I
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: ``text[start:end]`` is the number with its unit.

    ``value`` as printed; ``low``–``high`` a range (equal to ``value`` otherwise); ``base`` the two ends in the
    dimension's base unit (days, per week, Hz, mg); ``compare`` is ``>``, ``<``, ``~`` or ``""``; ``decimals`` printed.
    """

    text: str
    start: int
    end: int
    value: float
    low: float
    high: float
    unit: str
    dimension: str
    role: str
    factor: float = 1.0
    compare: str = ""
    decimals: int = 0

    @property
    def base(self) -> tuple[float, float]:
        return self.low * self.factor, self.high * self.factor


def find_numbers(text: str) -> list[Number]:
    """Every number of a text that counts or measures something, in order; "57,1 %" is read as 57.1 per cent."""
    pointed = _with_points(text)
    if pointed is text:
        return list(_find_numbers(text))
    return [replace(number, text=text[number.start : number.end]) for number in _find_numbers(pointed)]


# A decimal comma stands before one or two digits and a unit, or behind a word that a figure follows.
_COMMA = re.compile(
    r"(?<![\d.,\[(^-])\d{1,3}(,)\d{1,2}(?![\d,])(?=\s?(?:%|per ?cent\b|points?\b|[cm]m\b|m[gl]\b|kg\b|k?Hz\b|m?A\b|V\b|"
    r"years?\b|months?\b|weeks?\b|days?\b|hours?\b|times\b|fold\b))|"
    r"(?:\b(?:from|to|of|by|was|were|is|at|mean|median|average|with|than|score|about|versus|vs\.?|and)|"
    r"[=<>\u00b1\u2264\u2265])\s\d{1,3}(,)\d{1,2}(?![\d,]|\s?(?:and|&)\s?\d+(?![\d,]))",
    re.I,
)


def _with_points(text: str) -> str:
    """The text with points for decimal commas, of the same length; the very text where it has none."""
    if "," not in text:
        return text
    commas = {match.start(group) for match in _COMMA.finditer(text) for group in (1, 2) if match.group(group)}
    return "".join("." if place in commas else sign for place, sign in enumerate(text)) if commas else text


@lru_cache(maxsize=8192)
def _find_numbers(text: str) -> tuple[Number, ...]:
    """The same, remembered: one sentence is asked about by several readers."""
    found: list[Number] = []
    taken = bytearray(len(text))
    for number in _special(text):
        found.append(number)
        taken[number.start : number.end] = b"\x01" * (number.end - number.start)
    for match in NUMBER.finditer(text):
        for number in _from_match(text, match):
            if not any(taken[number.start : number.end]):
                found.append(number)
                taken[number.start : number.end] = b"\x01" * (number.end - number.start)
    found = _with_spreads(text, sorted(found, key=lambda number: number.start))
    if _SUFFERED_DAYS.search(text):  # "headache days a week fell from 5.8 days to 2.8 days": no time at which
        found = [
            replace(n, dimension=PLAIN, role="other", factor=1.0)
            if n.unit == "days" and n.dimension == TIME and _END_OF_A_CHANGE.search(text, 0, n.start)
            else n
            for n in found
        ]
    return tuple(found)


def _with_spreads(text: str, numbers: list[Number]) -> list[Number]:
    """The unit of a spread is that of the number before it: "3.5 +/- 0.3 attacks per day"."""
    for i in range(len(numbers) - 1):
        one, spread = numbers[i], numbers[i + 1]
        if one.dimension == PLAIN != spread.dimension and _PLUS_MINUS.fullmatch(text, one.end, spread.start):
            numbers[i] = replace(
                one, unit=spread.unit, dimension=spread.dimension, role=spread.role, factor=spread.factor
            )
    return numbers


def _special(text: str) -> list[Number]:
    """Forms of their own: fractions and factors in words, half a year, one in five, 45/68, week 12, twice a week."""
    return [
        _number(text, w.start, w.end, w.low, w.high, w.unit, w.dimension, w.role or percent_role(text, w.start, w.end),
                w.factor, w.compare or compare_sign(text, w.start), w.decimals)
        for w in worded(text)
    ]  # fmt: skip


def _number(
    text: str, start: int, end: int, low: float, high: float, unit: str, dimension: str, role: str,
    factor: float = 1.0, compare: str = "", decimals: int = 0,
) -> Number:  # fmt: skip
    value = low if low == high else (low + high) / 2
    return Number(text[start:end], start, end, value, low, high, unit, dimension, role, factor, compare, decimals)


def _from_match(text: str, match: re.Match[str]) -> list[Number]:
    """The number, the range, or the two numbers joined by ``and`` that a match holds."""
    names = NAMES.search(text[max(0, match.start() - 16) : match.start()])
    if names and _MANY.search(names.group()) and value_of(match.group("a")) > _FEW:  # "in the standard group 25 leads"
        names = None
    if names and _MANY.search(names.group()) and _OF_SO_MANY.match(text, match.end()):  # "in the control group 6 of 29"
        names = None
    if names and not _MEASURED.match(text, match.start()) and not COUNTS_PEOPLE.match(text, match.end()):
        return []
    first, second, link = match.group("a"), match.group("b"), (match.group("to") or "").lower()
    alone = _one(text, match.start(), match.end("a"), first, match.group("sign"))
    turned = bool(match.group("sign") and match.group("sign_b"))
    other = _one(text, match.start("b"), match.end("b"), second, match.group("sign_b")) if second else None
    if other is None:
        return [alone] if alone else []
    low, high = value_of(first), value_of(second)
    joined = (link != "and" or _between(text, match.start())) and not _changes(text, match.start(), link)
    joined = joined and not _AFTER_PLUS_MINUS.search(text[max(0, match.start() - 5) : match.start()])
    if joined and turned and link == "to" and low > high and alone is not None:  # "-2.1 to -0.9"
        printed = text[match.start() : other.end]
        decimals = max(alone.decimals, other.decimals)
        return [
            replace(other, text=printed, start=match.start(), value=-(low + high) / 2, low=-low, high=-high,
                    decimals=decimals)
        ]  # fmt: skip
    if joined and low < high and not match.group("sign") and not match.group("sign_b") and other.dimension != YEAR:
        start = match.start("a")
        decimals = max(alone.decimals if alone else 0, other.decimals)
        printed = text[start : other.end]
        return [
            replace(other, text=printed, start=start, value=(low + high) / 2, low=low, high=high, decimals=decimals)
        ]
    if alone is None:  # "two and three sessions": a small number in words counts once its unit is known
        alone = replace(other, text=first, start=match.start("a"), end=match.end("a"), value=low, low=low, high=low)
        return [alone, other] if other.dimension not in (PLAIN, YEAR) else [other]
    bare = alone.dimension == PLAIN or (not alone.unit and alone.dimension == "points" and bool(other.unit))
    if bare and other.dimension not in (PLAIN, YEAR):  # "13.6 and 4.6%", "30 and 45 minutes", "from 74 to 20 mm"
        alone = replace(alone, unit=other.unit, dimension=other.dimension, role=other.role, factor=other.factor)
    if other.dimension == PLAIN and alone.dimension not in (PLAIN, YEAR) and link == "to":  # "from 8.4 to 3.3"
        other = replace(other, unit=alone.unit, dimension=alone.dimension, role=alone.role, factor=alone.factor)
    return [alone, other]


def _changes(text: str, start: int, link: str) -> bool:
    """ "Rose from 20 to 30" are the two ends of a change, not a range."""
    before = text[max(0, start - WINDOW) : start]
    if re.search(r"\brang(?:ed|es?|ing)\s+from\s*$", before, re.I):
        return False
    return link == "to" and bool(re.search(r"\bfrom\s*$", before, re.I) and CHANGES.search(before))


def _between(text: str, start: int) -> bool:
    return bool(
        re.search(r"\b(?:between|from|range:?|ranging from|ranged from)\s*$", text[max(0, start - 16) : start], re.I)
    )


def _one(text: str, start: int, end: int, printed: str, sign: str | None) -> Number | None:
    """A single number with what stands around it; ``None`` when it only names something."""
    value = value_of(printed) * (-1 if sign else 1)
    decimals = len(re.split(r"[.\u00b7]", printed)[-1]) if re.search(r"[.\u00b7]\d", printed) else 0
    before = text[max(0, start - WINDOW) : start]
    compare = compare_sign(text, start)
    kind = next((name for name, pattern in BEFORE if pattern.search(before)), "")
    if kind == "p":
        sign_of_p = "<" if re.search(r"[<≤]\s*$", before) else ">" if re.search(r"[>≥]\s*$", before) else ""
        return _number(text, start, end, value, value, "", P_VALUE, "p", 1.0, sign_of_p, decimals)
    if kind == "n":
        return _number(text, start, end, value, value, "patients", PEOPLE, "n", 1.0, compare, decimals)
    if (
        printed.isdigit()
        and len(printed) == 4
        and 1900 <= value <= 2049
        and (YEAR_BEFORE.search(before) or start == 0)
        and not re.match(r"[\s-](?:patients|participants|people|subjects|%|mg|Hz)", text[end : end + 14])
    ):
        return _number(text, start, end, value, value, "year", YEAR, "year")
    for name, dimension, factor, pattern in UNITS:
        if unit := pattern.match(text, end):
            if name == "patients" and printed.lower() == "one":
                return None
            if dimension == RATE and decimals and not _EVENTS.search(text[end : unit.end()]):  # no schedule
                continue
            role = role_of(text, start, unit.end(), dimension, value * factor, kind)
            if role == "age" and name == "years":  # "the mean age was 61 years" beside "was 61"
                dimension, factor = "age", 1.0
            return _number(text, start, unit.end(), value, value, name, dimension, role, factor, compare, decimals)
    return _without_unit(text, start, end, printed, value, kind, compare, decimals)


def _without_unit(
    text: str, start: int, end: int, printed: str, value: float, kind: str, compare: str, decimals: int
) -> Number | None:
    """A number that no unit follows: money, a ratio, an age, a score, ``15 of 110``, or a bare figure."""
    after = text[end : end + 40]
    if kind in ("money", "ratio", "score", "age"):
        dimension = {"money": "money", "ratio": "ratio", "score": "points", "age": "age"}[kind]
        return _number(text, start, end, value, value, "", dimension, kind, 1.0, compare, decimals)
    if value > 1 and COUNTS_PEOPLE.match(after):  # "six of them", "204 were randomised"
        role = "n_part" if re.match(r"\s+of\b", after) else "n"
        return _number(text, start, end, value, value, "patients", PEOPLE, role, 1.0, compare, decimals)
    if _OF_SO_MANY.match(after):  # "eight of the eleven patients"
        return _number(text, start, end, value, value, "patients", PEOPLE, "n_part", 1.0, compare, decimals)
    begins = not text[:start].strip() or text[:start].rstrip()[-1:] in ",;"
    if 1 < value < 13 and printed.isalpha() and begins and _HAD.match(after):  # "Seven had a mild headache"
        return _number(text, start, end, value, value, "patients", PEOPLE, "n_part", 1.0, compare, decimals)
    if (
        1 < value < 13
        and printed.isalpha()
        and _ALONE.match(after)
        and _ALONE_AFTER.search(text[max(0, start - 12) : start])
    ):
        return _number(text, start, end, value, value, "patients", PEOPLE, "n_part", 1.0, compare, decimals)
    if re.match(r"[A-Za-z²/]|-[A-Za-z]", after) or (printed[0].isalpha() and value < 13):
        return None  # "3D", "10-fold" was a unit; "one", "two" in running words count nothing here
    if re.match(r"\s*(?:of|out of|/)\s*(?:the )?\d+", after) or OF.search(text[max(0, start - 24) : start]):
        return _number(text, start, end, value, value, "patients", PEOPLE, "n_part", 1.0, compare, decimals)
    return _number(text, start, end, value, value, "", PLAIN, "other", 1.0, compare, decimals)
