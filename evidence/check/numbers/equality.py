"""Whether two numbers can be compared, and whether they are the same as far as rounding and "about" go."""

from __future__ import annotations

from evidence.check.numbers.numbers import Number
from evidence.check.numbers.tables import FOLD, P_VALUE, PEOPLE, PERCENT, PLAIN, TIME

# "12 weeks" and "3 months" are the same follow-up; within one unit nothing but rounding is forgiven.
_OTHER_UNIT = 0.09
_ABOUT = 0.06


# What a bare figure may be printed for; a scale's own unit is left out too ("on a scale of 10 cm it fell to 1.8").
_WITHOUT_UNIT = {PLAIN, PEOPLE, "points", "ratio", "implants", "events", "cm"}


def comparable(number: Number, other: Number) -> bool:
    """Whether two numbers measure the same kind of thing, whatever their values."""
    if number.dimension == PLAIN or other.dimension == PLAIN:
        return {number.dimension, other.dimension} <= _WITHOUT_UNIT
    if number.dimension != other.dimension:
        return {number.dimension, other.dimension} in _SAME_KIND or _difference_in_percent(number, other)
    if number.dimension == TIME:  # a session's minutes are not a follow-up's months
        return (number.base[1] < 1) == (other.base[1] < 1) and (number.role == "age") == (other.role == "age")
    return (number.role == "threshold") == (other.role == "threshold")


# A factor in words is a ratio ("tripled the odds"), a difference in points may be printed without its unit.
_SAME_KIND: tuple[set[str], ...] = ({FOLD, "ratio"}, {"points", "ratio"}, {"cm", "ratio"}, {"points", "cm"})


def _difference_in_percent(number: Number, other: Number) -> bool:
    """Percentage points beside per cent: a difference of two shares is printed either way."""
    points, share = (number, other) if number.dimension == "points" else (other, number)
    return points.unit == "percentage points" and (
        (share.dimension == PERCENT and share.role != "threshold") or share.dimension == PLAIN
    )


def halves(other: Number) -> bool:
    """Whether a number is the 50% of "at least 50% relief"."""
    return other.dimension == PERCENT and other.role == "threshold" and other.base == (50.0, 50.0)


def same(number: Number, other: Number) -> bool:
    """Whether a source's number is the draft's, as far as rounding, ``about`` and ``more than`` go."""
    low, high = number.base
    other_low, other_high = other.base
    dimensions = {number.dimension, other.dimension}
    if PLAIN in dimensions or dimensions == {"points", "cm"}:  # one of them without its unit: as printed
        (low, high), (other_low, other_high) = (number.low, number.high), (other.low, other.high)
    if number.dimension == P_VALUE:
        return _same_p(number, other)
    slack = _slack(number, other)
    if number.low != number.high or other.low != other.high:
        if number.low != number.high and other.low != other.high:
            turned = abs(low + other_high) <= slack and abs(high + other_low) <= slack  # a fall, told as positive
            return turned or (abs(low - other_low) <= slack and abs(high - other_high) <= slack)
        if number.low != number.high:
            return low - slack <= other_low and other_high <= high + slack
        return min(abs(low - other_low), abs(low - other_high)) <= slack  # one end of the source's range
    if abs(abs(low) - abs(other_low)) <= slack:
        return True
    if number.compare == ">":
        return low < other_low <= low * (1 + 2 * _ABOUT)
    return number.compare == "<" and low * (1 - 2 * _ABOUT) <= other_low < low


def _same_p(number: Number, other: Number) -> bool:
    """Whether two p values go together: ``p < 0.05`` with ``p = 0.003``, not ``p = 0.03`` with it."""
    if number.compare == "<" or other.compare == "<":
        smaller, limit = (other, number) if number.compare == "<" else (number, other)
        return smaller.value <= limit.value
    if ">" in (number.compare, other.compare):
        larger, limit = (other, number) if number.compare == ">" else (number, other)
        return larger.value >= limit.value
    return abs(number.value - other.value) <= _slack(number, other)


def _slack(number: Number, other: Number) -> float:
    """How far two equal numbers may lie apart: half of the draft's last printed place; more for ``about``."""
    size = max(abs(number.base[0]), abs(number.base[1]))
    rounding = 0.5 * 10.0**-number.decimals * number.factor if other.decimals > number.decimals else 1e-9
    slack = max(rounding, 1e-9)
    if number.unit != other.unit and number.dimension == TIME:
        slack = max(slack, _OTHER_UNIT * size)
    if "~" in (number.compare, other.compare):
        slack = max(slack, _ABOUT * size)
    return slack
