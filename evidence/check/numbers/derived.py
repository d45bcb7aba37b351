"""Values that a draft works out of its source's: the difference of two shares, a ratio told as "62% higher".

A derived value is a match, shown with the first of the source's numbers that it was worked out of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from evidence.check.numbers.numbers import Number
from evidence.check.numbers.tables import PERCENT

if TYPE_CHECKING:
    from evidence.check.numbers.alignment import SourceNumber

_RATIO = re.compile(
    r"\b(?:hazard|odds|risk|rate|incidence)[ -](?:rate )?ratios?|\brelative risk|\b[HORI]R{1,2}\b", re.I
)
_MORE = re.compile(r"^\s*(?:higher|more|greater|larger|increase\w*|likelier)\b", re.I)
_LESS = re.compile(r"^\s*(?:lower|less|fewer|smaller|reduc\w*|decrease\w*)\b", re.I)
_APART = re.compile(
    r"\b(?:differ\w*|gap|advantage|margin|apart|gain|benefit|absolute|more|higher|better|fewer|less|lower)\b", re.I
)
_INTERVAL = re.compile(r"^\s*(?:CI\b|confidence)", re.I)
_DIFFERENCE = re.compile(r"\bdifference\b[^.;]{0,24}$", re.I)
_ABOUT = 0.06


def derived(number: Number, sentence: str, sources: Sequence[SourceNumber]) -> SourceNumber | None:
    """The number of the source that a draft's was worked out of; ``None`` where none was."""
    if number.low != number.high:
        return None
    if number.dimension == PERCENT and number.role == "change":
        return _of_ratio(number, sentence, sources)
    if number.dimension == "points":
        return _of_shares(number, sentence, sources)
    return None


def _of_ratio(number: Number, sentence: str, sources: Iterable[SourceNumber]) -> SourceNumber | None:
    behind = sentence[number.end :]
    sign = 1 if _MORE.match(behind) else -1 if _LESS.match(behind) else 0
    for source in sources if sign else ():
        other = source.number
        ratio = other.dimension == "ratio" and other.low == other.high
        ratio = ratio and bool(_RATIO.search(source.sentence[max(0, other.start - 60) : other.start]))
        if ratio and abs((other.value - 1) * 100 * sign - number.value) <= _slack(number):
            return source
    return None


def _of_shares(number: Number, sentence: str, sources: Sequence[SourceNumber]) -> SourceNumber | None:
    """Two shares side by side, or a difference that the source prints in per cent."""
    shares = [
        s for s in sources
        if s.number.dimension == PERCENT and s.number.role != "threshold" and s.number.low == s.number.high
        and s.frame.statistic != "bound" and not _INTERVAL.match(s.sentence[s.number.end :])
    ]  # fmt: skip
    for source in shares:
        printed = _DIFFERENCE.search(source.sentence[: source.number.start])
        if printed and abs(source.number.value - number.value) <= _slack(number):
            return source
    if number.unit != "percentage points" or not _APART.search(sentence):
        return None
    for one, other in combinations(shares, 2):
        beside = one.sentence == other.sentence and one.report == other.report
        if beside and abs(abs(one.number.value - other.number.value) - number.value) <= _slack(number):
            return one
    return None


def _slack(number: Number) -> float:
    rounding = 0.5 * 10.0**-number.decimals + 1e-9
    return max(rounding, _ABOUT * number.value) if number.compare == "~" else rounding
