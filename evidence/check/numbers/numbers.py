"""The numbers of a sentence: value or range, unit, and the part each one plays.

Written for health prose and abstracts alike: ``11 failed back surgery patients``, ``n = 11``, ``eleven people``;
``80.1%``, ``four in five``; ``half an hour``; ``10 kHz``. Numbers that only name something (``type 2 diabetes``,
``[3]``, ``L4-L5``, a DOI) are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from evidence.check.numbers.roles import compare_sign, percent_role, role_of
from evidence.check.numbers.tables import (
    ADVERBS,
    BEFORE,
    CHANGES,
    COUNTS_PEOPLE,
    FRACTIONS,
    HALF_HOUR,
    IN_N,
    LARGE,
    NAMES,
    NTH,
    NTH_YEAR,
    NUMBER,
    OF,
    PEOPLE,
    PERCENT,
    PLAIN,
    RATE,
    SMALL,
    TIME,
    TIMES,
    UNITS,
    WINDOW,
    YEAR,
    YEAR_BEFORE,
)

# A row of 400 digits is no number, and JSON has no infinity.
_LARGEST = 1e15


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
    """Every number of a text that counts or measures something, in order."""
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
    return sorted(found, key=lambda number: number.start)


def _special(text: str) -> list[Number]:
    """Fractions in words, half an hour, one in five, twice a week."""
    found = []
    for pattern, value in FRACTIONS:
        for m in pattern.finditer(text):
            if not HALF_HOUR.match(text, m.start()):
                role = percent_role(text, m.start(), m.end())
                found.append(
                    _number(
                        text,
                        m.start(),
                        m.end(),
                        value,
                        value,
                        "%",
                        PERCENT,
                        role,
                        compare=compare_sign(text, m.start()) or "~",
                    )
                )
    for m in HALF_HOUR.finditer(text):
        found.append(_number(text, m.start(), m.end(), 30, 30, "minutes", TIME, "duration", 1 / 1440))
    for m in NTH_YEAR.finditer(text):
        years = NTH[m.group(1).lower()]
        found.append(_number(text, m.start(), m.end(), years, years, "years", TIME, "followup", 365.25))
    for m in IN_N.finditer(text):
        a, b = _value(m.group("a")), _value(m.group("b"))
        if 0 < a < b and b in (3, 4, 5, 6, 8, 10, 20, 100):
            share = 100 * a / b
            found.append(
                _number(
                    text,
                    m.start(),
                    m.end(),
                    share,
                    share,
                    "%",
                    PERCENT,
                    "percent",
                    compare=compare_sign(text, m.start()) or "~",
                )
            )
    for m in ADVERBS.finditer(text):
        low, high = TIMES[m.group("word").lower()], TIMES[(m.group("more") or m.group("word")).lower()]
        for name, dimension, factor, pattern in UNITS:
            unit = pattern.match(text, m.end()) if dimension == RATE else None
            if unit:
                found.append(_number(text, m.start(), unit.end(), low, high, name, RATE, "frequency", factor))
                break
    return found


def _number(
    text: str, start: int, end: int, low: float, high: float, unit: str, dimension: str, role: str,
    factor: float = 1.0, compare: str = "", decimals: int = 0,
) -> Number:  # fmt: skip
    value = low if low == high else (low + high) / 2
    return Number(text[start:end], start, end, value, low, high, unit, dimension, role, factor, compare, decimals)


def _from_match(text: str, match: re.Match[str]) -> list[Number]:
    """The number, the range, or the two numbers joined by ``and`` that a match holds."""
    if NAMES.search(text[max(0, match.start() - 16) : match.start()]):
        return []
    first, second, link = match.group("a"), match.group("b"), (match.group("to") or "").lower()
    alone = _one(text, match.start(), match.end("a"), first, match.group("sign"))
    other = _one(text, match.start("b"), match.end("b"), second, None) if second else None
    if other is None:
        return [alone] if alone else []
    low, high = _value(first), _value(second)
    joined = (link != "and" or _between(text, match.start())) and not _changes(text, match.start(), link)
    if joined and low < high and not match.group("sign") and other.dimension != YEAR:
        start = match.start("a")
        decimals = max(alone.decimals if alone else 0, other.decimals)
        printed = text[start : other.end]
        return [
            replace(other, text=printed, start=start, value=(low + high) / 2, low=low, high=high, decimals=decimals)
        ]
    if alone is None:  # "two and three sessions": a small number in words counts once its unit is known
        alone = replace(other, text=first, start=match.start("a"), end=match.end("a"), value=low, low=low, high=low)
        return [alone, other] if other.dimension not in (PLAIN, YEAR) else [other]
    if alone.dimension == PLAIN and other.dimension not in (PLAIN, YEAR):  # "13.6 and 4.6%", "30 and 45 minutes"
        alone = replace(alone, unit=other.unit, dimension=other.dimension, role=other.role, factor=other.factor)
    if other.dimension == PLAIN and alone.dimension not in (PLAIN, YEAR) and link == "to":  # "from 8.4 to 3.3"
        other = replace(other, unit=alone.unit, dimension=alone.dimension, role=alone.role, factor=alone.factor)
    return [alone, other]


def _changes(text: str, start: int, link: str) -> bool:
    """ "Rose from 20 to 30" are the two ends of a change, not a range."""
    before = text[max(0, start - WINDOW) : start]
    return link == "to" and bool(re.search(r"\bfrom\s*$", before, re.I) and CHANGES.search(before))


def _between(text: str, start: int) -> bool:
    return bool(
        re.search(r"\b(?:between|from|range:?|ranging from|ranged from)\s*$", text[max(0, start - 16) : start], re.I)
    )


def _one(text: str, start: int, end: int, printed: str, sign: str | None) -> Number | None:
    """A single number with what stands around it; ``None`` when it only names something."""
    value = _value(printed) * (-1 if sign else 1)
    decimals = len(re.split(r"[.\u00b7]", printed)[-1]) if re.search(r"[.\u00b7]\d", printed) else 0
    before = text[max(0, start - WINDOW) : start]
    compare = compare_sign(text, start)
    kind = next((name for name, pattern in BEFORE if pattern.search(before)), "")
    if kind == "p":
        return None
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
            if dimension == RATE and decimals:  # "7.4 a month" is no schedule
                continue
            role = role_of(text, start, unit.end(), dimension, value * factor, kind)
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
    if re.match(r"[A-Za-z²/]|-[A-Za-z]", after) or (printed[0].isalpha() and value < 13):
        return None  # "3D", "10-fold" was a unit; "one", "two" in running words count nothing here
    if re.match(r"\s*(?:of|out of|/)\s*(?:the )?\d+", after) or OF.search(text[max(0, start - 24) : start]):
        return _number(text, start, end, value, value, "patients", PEOPLE, "n_part", 1.0, compare, decimals)
    return _number(text, start, end, value, value, "", PLAIN, "other", 1.0, compare, decimals)


def _value(printed: str) -> float:
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
