"""Strings that a regular expression matches, drawn from its own parse: every alternative comes up."""

from __future__ import annotations

import random
import re
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

_OTHERS = "xq07 .,;:-()/\"'"  # what stands for a class of characters
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_NO_WIDTH = (sre.AT, sre.ASSERT, sre.ASSERT_NOT)


def samples(pattern: str, draws: int = 3000, seed: int = 1) -> dict[str, re.Match[str]]:
    """Texts in which the expression is found, alone or with words around it, and what it finds there."""
    choose = random.Random(seed)
    tree, compiled = sre_parser.parse(pattern), re.compile(pattern)
    found = {}
    for _ in range(draws):
        drawn = sequence(tree, choose)
        for text in (drawn, f"qq {drawn} qq"):
            if match := compiled.search(text):
                found[text] = match
    return found


def sequence(tree: Any, choose: random.Random) -> str:
    """A text for a part of a parse."""
    return "".join(part(operation, value, choose) for operation, value in tree)


def part(operation: Any, value: Any, choose: random.Random) -> str:
    """A text for one element of a parse."""
    if operation in _NO_WIDTH:  # whether it holds is seen when the drawn text is searched
        return ""
    if operation is sre.LITERAL:
        return chr(value)
    if operation is sre.IN:
        return _character(value, choose)
    if operation is sre.ANY:
        return choose.choice(_OTHERS)
    if operation is sre.NOT_LITERAL:
        return choose.choice([c for c in _OTHERS if ord(c) != value])
    if operation is sre.GROUPREF:
        return "x"
    if operation is sre.SUBPATTERN:
        return sequence(value[3], choose)
    if operation is sre.ATOMIC_GROUP:
        return sequence(value, choose)
    if operation is sre.BRANCH:
        return sequence(choose.choice(value[1]), choose)
    if operation in _REPEATS:
        least, most, tree = value
        most = least + 3 if most is sre.MAXREPEAT else min(most, least + 3)
        times = choose.choice((least, choose.randint(least, most)))
        return "".join(sequence(tree, choose) for _ in range(times))
    raise ValueError(f"an expression with {operation}: teach the sampler")


def _character(choices: Any, choose: random.Random) -> str:
    if choices[0][0] is sre.NEGATE:
        return choose.choice([c for c in _OTHERS if not any(_is_one(c, *one) for one in choices[1:])])
    kind, value = choose.choice(choices)
    if kind is sre.LITERAL:
        return chr(value)
    if kind is sre.RANGE:
        return chr(choose.randint(*value))
    return choose.choice([c for c in _OTHERS if _is_one(c, kind, value)])


def _is_one(character: str, kind: Any, value: Any) -> bool:
    if kind is sre.LITERAL:
        return ord(character) == value
    if kind is sre.RANGE:
        return value[0] <= ord(character) <= value[1]
    of_class = {"DIGIT": str.isdigit, "SPACE": str.isspace, "WORD": lambda c: c.isalnum() or c == "_"}
    name = str(value).removeprefix("CATEGORY_")
    return bool(of_class[name.removeprefix("NOT_")](character)) != name.startswith("NOT_")
