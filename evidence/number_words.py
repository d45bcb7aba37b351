"""Numbers as abstracts print them: ``1,002``, ``forty-five``, ``one hundred and eight``."""

from __future__ import annotations

import re

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
VALUES = {word: value for value, word in enumerate(_UNITS)} | {word: 10 * (i + 2) for i, word in enumerate(_TENS)}
VALUES["fourty"] = 40
_SMALL = "|".join(sorted((word for word in VALUES if word != "zero"), key=len, reverse=True))

WORD = rf"(?:{_SMALL}|hundred)"
# Words: "forty five", "one hundred and eight", "three hundred twenty-one", "two thousand and ten".
WORDS = rf"(?:hundred|{_SMALL})(?:[ -](?:and[ -])?(?:{_SMALL}|hundred|thousand)){{0,5}}"
# Digits: 1,002 and 1 002 and 1002; not a decimal, percentage, range, rate or part of a name (L5, 5-HT, 10/20).
DIGITS = r"(?<![\w.,/:+-])(?:\d{1,3}(?:[, ]\d{3})+|\d{1,6})(?![\d%/]|[.,:]\d|-\w| ?%| ?\+/-| ?±)"
NUMBER = rf"(?:{DIGITS}|\b{WORDS}\b)"


def value(text: str) -> int | None:
    """The whole number that a match of :data:`NUMBER` stands for; ``None`` when it is not one.

    >>> value("one hundred and eight"), value("1,002"), value("forty-five"), value("two three")
    (108, 1002, 45, None)
    """
    if text.isdigit():
        return int(text)
    digits = text.replace(",", "").replace(" ", "")
    if digits.isdigit():
        return int(digits)
    total, current, last = 0, 0, 1000
    for word in re.split(r"[ -]+", text.strip()):
        if word == "and":
            continue
        if word in ("hundred", "thousand"):
            factor = 100 if word == "hundred" else 1000
            current = max(current, 1) * factor
            last = factor
            if factor == 1000:
                total, current = total + current, 0
            continue
        unit = VALUES.get(word)
        if unit is None or unit >= last or (last < 20) or (last < 100 and unit >= 10):
            return None
        current, last = current + unit, unit
    return total + current
