"""Raised and lowered text beside text on the line.

Figures are what plain text can get wrong: ``10<sup>3</sup>`` is not 103, and ``24<sup>2</sup> patients`` are not 242.
They become superscript and subscript characters where they would run into a figure, or hang on a word as the number of
a note does. Elsewhere they stay on the line (``CO2``, ``Ca2+``, ``I2``, ``kg/m2``, ``18F``, ``3rd``), as people type
and search them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

ON_LINE, RAISED, LOWERED = 0, 1, -1
# On the line, and a number of its own beside another one: a fraction after a whole number.
APART = 2

_SUPERSCRIPTS = str.maketrans("0123456789+-\u2212\u2010\u2011\u2013=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁻⁻⁼⁽⁾")
_SUBSCRIPTS = str.maketrans("0123456789+-\u2212\u2010\u2011\u2013=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₋₋₌₍₎")
# These part words in a search, so that "pain¹" is found by "pain".
SCRIPT_FIGURES = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"
_HAS_FIGURE = re.compile(r"[0-9]")
# A word that has a note's number ("stimulation<sup>1,2</sup>"): units, ions and genes are shorter or in capitals.
_NOTED_WORD = re.compile(r"[^\W\d_][a-z\u00df-\u00ff]{3,}$")
_NOTE = re.compile(r"[0-9,;\s*\u2010-\u2015\u2212-]+$")
_GREEK = re.compile(r"(?:alpha|beta|gamma|delta|kappa|sigma|lambda|omega|theta|epsilon)$", re.I)
_CHARGE = re.compile(r"[0-9]?[+\-\u2212\u2013]$")  # of an ion: "Ca <sup>2+</sup>"
_LONGEST_WORD = 32


class Piece(NamedTuple):
    """Some text and where it stands: :data:`ON_LINE`, :data:`RAISED`, :data:`LOWERED` or :data:`APART`."""

    text: str
    level: int = ON_LINE


def join_pieces(pieces: Sequence[Piece]) -> str:
    """One text of pieces in order.

    >>> join_pieces([Piece("24"), Piece("2", RAISED), Piece(" patients")])
    '24² patients'
    """
    pieces = [piece for piece in pieces if piece.text]
    done: list[str] = []
    before = ""
    for position, (text, level) in enumerate(pieces):
        if level == APART:
            text = " " + text if before[-1:].isdigit() and text[0].isdigit() else text
        elif level != ON_LINE:
            follower = pieces[position + 1] if position + 1 < len(pieces) else Piece("")
            text = script_text(text, level, before, "" if follower.level == -level else follower.text[:1])
        done.append(text)
        before = (before + text[-_LONGEST_WORD:])[-_LONGEST_WORD:]
    return "".join(done)


def script_text(text: str, level: int, before: str, after: str) -> str:
    """A raised or lowered text, in characters of that height where it would be misread on the line.

    ``before`` and ``after`` are what stands beside it, ``""`` where that is not known.
    """
    if not _HAS_FIGURE.search(text):
        return text
    runs_on = text[-1].isdigit() and after.isdigit()
    if runs_on or _misread(text.strip(), level, before, after):
        return text.translate(_SUPERSCRIPTS if level == RAISED else _SUBSCRIPTS)
    return text


def _misread(text: str, level: int, before: str, after: str) -> bool:
    bare = before.rstrip()
    last = bare[-1:]
    if not last or len(bare) < len(before):  # at the start, or after a blank
        if after.isalpha():
            return False  # an isotope: 18F, 99mTc
        return last.isdigit() or (level == RAISED and not (last.isalpha() and _CHARGE.match(text)))
    if last.isdigit():
        return True
    if level == LOWERED:
        return last in ".,;:%"
    if last in ".,;:%)]\"'\u2019\u201d":
        return True
    return bool(_NOTE.match(text) and _NOTED_WORD.search(bare) and not _GREEK.search(bare))
