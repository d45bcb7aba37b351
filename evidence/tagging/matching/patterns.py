"""Regular expressions that maintainers write, refused when they could run for ever.

A pattern runs on a window of :data:`WINDOW` characters on either side of its anchor, so its time is bounded
by the window; a repeat inside an unbounded repeat would still be exponential in it, and is refused.
"""

from __future__ import annotations

import re
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

WINDOW = 90
LONGEST_WINDOW = 600  # windows that overlap are read as one, up to this
MOST_REPEATS = 4  # unbounded repeats in one pattern: time grows with the window to this power
MOST_WORDS = 6

_CAPITAL = re.compile(r"(?<!\\)[A-Z]")
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_REFUSED = {sre.GROUPREF: "a back-reference", sre.GROUPREF_EXISTS: "a conditional group"}


def compile_pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern for lower-case text. Raises ``ValueError`` when it is malformed or could backtrack for ever."""
    flags = re.IGNORECASE if _CAPITAL.search(text) else re.NOFLAG  # ignoring case takes twice the time
    try:
        with_tree = sre_parser.parse(text, flags)
        compiled = re.compile(text, flags)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"not a regular expression ({error})") from error
    if _has_hyphen(with_tree):
        raise ValueError("it can never match: the text has blanks for hyphens, so write ' ' (or ' ?') for '-'")
    unbounded = _unbounded(with_tree, inside=False)
    if unbounded > MOST_REPEATS:
        raise ValueError(f"more than {MOST_REPEATS} repeats without a limit: give them one, like {{0,30}}")
    if compiled.match(""):
        raise ValueError("it matches the empty text")
    return compiled


def _unbounded(tree: Any, inside: bool) -> int:
    """The most repeats without a limit on one way through a parsed pattern; refuses a repeat inside a repeat."""
    count = 0
    for operation, value in tree:
        if operation in _REFUSED:
            raise ValueError(f"{_REFUSED[operation]} is not allowed")
        if operation in _REPEATS:
            _, high, inner = value
            repeated = high > 1
            if repeated and inside:
                raise ValueError("a repeat inside a repeat would backtrack for ever")
            nested = 1 if _words(inner, high) else _unbounded(inner, inside or (repeated and not _single(inner)))
            count += (high > WINDOW) + nested
        elif operation is sre.BRANCH:
            count += max(_unbounded(branch, inside) for branch in value[1])
        elif operation is sre.SUBPATTERN:
            count += _unbounded(value[3], inside)
        elif operation in (sre.ASSERT, sre.ASSERT_NOT):
            count += _unbounded(value[1], inside)
        elif operation is sre.ATOMIC_GROUP:
            count += _unbounded(value, inside)
    return count


def _has_hyphen(tree: Any) -> bool:
    """Whether a hyphen must stand somewhere: one of a class of characters (``[- ]``) need not."""
    for operation, value in tree:
        if operation is sre.LITERAL and value == ord("-"):
            return True
        if operation in (sre.SUBPATTERN, sre.ASSERT) and _has_hyphen(value[-1]):
            return True
        if operation in _REPEATS and value[0] > 0 and _has_hyphen(value[2]):
            return True
        if operation is sre.BRANCH and any(_has_hyphen(branch) for branch in value[1]):
            return True
    return False


def _single(tree: Any) -> bool:
    """Whether a repeated part is one character or class: ``\\w+`` is harmless, ``(\\w+ )+`` is not."""
    return len(tree) == 1 and tree[0][0] in (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY)


def _words(tree: Any, high: int) -> bool:
    """Whether a repeated part is a blank and a word, a few times: ``(?: \\w+){0,3}`` can be split in one way only."""
    if high > MOST_WORDS or len(tree) != 2 or tree[0] != (sre.LITERAL, ord(" ")) or tree[1][0] not in _REPEATS:
        return False
    inner = tree[1][1][2]
    return len(inner) == 1 and inner[0] == (sre.IN, [(sre.CATEGORY, sre.CATEGORY_WORD)])
