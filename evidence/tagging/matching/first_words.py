"""Beginnings of words without which a regular expression cannot match: what an automaton of words can look for."""

from __future__ import annotations

from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

from evidence.tagging.matching.needed_words import Words, candidates_in, shortest

_BEGIN = "\x08"  # stands for the beginning or the end of a word, as ``\b`` does in a class of characters
_SIGNS = " -(%," + _BEGIN


def first_words(pattern: str, most: int) -> Words:
    """One of these begins a word in every text that the expression matches; empty when none, or more than ``most``.

    >>> sorted(first_words(r" [^.]{0,30}\\b(?:relieved|abolish\\w+)", 8))
    ['abolish', 'relieved']
    """
    tree = sre_parser.parse(pattern.replace(r"\b", _BEGIN))
    _begin_choices(tree)
    begun = [frozenset(map(_begun, words)) for words in candidates_in(tree, ())]
    told = [words for words in begun if 0 < len(words) <= most and shortest(words) > 0]
    words = max(told, key=lambda words: (shortest(words), -len(words)), default=Words())
    return frozenset(w for w in words if not any(w.startswith(other) for other in words if other != w))


def _begin_choices(tree: Any) -> None:
    """Write the mark before a choice of words into each of them: ``\\b(?:a\\w+|b)`` → ``\\b(?:\\ba\\w+|\\bb)``."""
    begun = False
    for operation, value in tree:
        if operation is sre.BRANCH:
            for choice in value[1]:
                if begun:
                    choice.insert(0, (sre.LITERAL, ord(_BEGIN)))
                _begin_choices(choice)
        if operation is sre.MAX_REPEAT and value[:2] == (0, 1):  # an optional word may stand between
            begun = begun and tuple(value[2][-1]) == (sre.LITERAL, ord(" "))
        else:
            begun = operation is sre.LITERAL and chr(value) in _SIGNS


def _begun(words: str) -> str:
    """Words from the first on that surely begins: ``"% or more relief"`` → ``"or more relief"``."""
    first = next((at for at, sign in enumerate(words) if not sign.isalnum()), len(words))
    return words[first:].replace(_BEGIN, "").strip(_SIGNS)
