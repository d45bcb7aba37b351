"""Words without which a regular expression cannot match, read off the expression itself.

Python tries an expression that begins with a choice of words at every character: 3 to 20 µs a sentence. Looking for
one of the words first costs a tenth, and most sentences have none of them. :class:`Guarded` does so for one expression,
:func:`needed_words` lets a caller do it for many at once.
"""

from __future__ import annotations

import re
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

# More words than this are no quick look any more.
MOST_WORDS = 80
# Longer words are told apart without the blank before them, which would begin a match at every word of a text.
LONG = 5
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_NOTHING: tuple[Any, Any] = (None, None)
_NO_WIDTH = (sre.AT, sre.ASSERT, sre.ASSERT_NOT)
Words = frozenset[str]


class Guarded:
    """A compiled expression that is tried only on texts with one of its needed words; finds what it would find.

    ``words`` gives fewer and shorter ones than can be read off it, where many of those come to the same; ``known`` are
    words of which every text to come has one, so that they tell nothing.
    """

    __slots__ = ("pattern", "words")

    def __init__(self, pattern: str, words: tuple[str, ...] = (), known: tuple[str, ...] = ()):
        self.pattern = re.compile(pattern)
        self.words = words or tuple(sorted(needed_words(pattern, known) or needed_words(pattern)))

    def search(self, text: str) -> re.Match[str] | None:
        if self.words and not any(map(text.__contains__, self.words)):
            return None
        return self.pattern.search(text)


def needed_words(pattern: str, known: tuple[str, ...] = ()) -> Words:
    """One of these occurs in every text that the expression (case-sensitive) matches; empty when none can be told.

    Those that are part of a ``known`` word are passed over for others.

    >>> sorted(needed_words(r"\\b(?:a|the) (?:randomi[sz]ed|placebo-controlled) (?:\\w+ )?(?:trial|study)"))
    ['placebo-controlled ', 'randomised ', 'randomized ']
    """
    known = tuple(word.strip() for word in known)
    words = _best(candidates_in(sre_parser.parse(pattern), known), known)
    return _prune(frozenset(word.lstrip(" -") if len(word) > LONG else word for word in words))


def begins(pattern: str) -> bool:
    """Whether the expression can match at the very beginning of a text only."""
    return _begins(sre_parser.parse(pattern))


def _begins(tree: Any) -> bool:
    operation, value = tree[0] if tree else _NOTHING
    if operation is sre.BRANCH:
        return all(map(_begins, value[1]))
    return operation is sre.AT and value is sre.AT_BEGINNING


def endings(pattern: str) -> Words:
    """With one of these ends every text that the expression, which looks for the text's end, matches; empty when none
    can be told.

    >>> sorted(endings(r"\\b(?:seen|found) (?:in|by) (?:the )?$|, in $"))
    [', in ', ' by ', ' by the ', ' in ', ' in the ']
    """
    return _endings(sre_parser.parse(pattern))


def _endings(tree: Any) -> Words:
    operation, value = tree[-1] if tree else _NOTHING
    if operation is sre.BRANCH:
        each = [_endings(branch) for branch in value[1]]
        return frozenset().union(*each) if all(each) else frozenset()
    if (operation, value) != (sre.AT, sre.AT_END):
        return frozenset()
    run: Words = frozenset({""})
    for operation, value in reversed(tree[:-1]):
        exact = frozenset({""}) if operation in _NO_WIDTH else _exact(operation, value)
        if not exact or len(exact) * len(run) > MOST_WORDS:
            break
        run = frozenset(a + b for a in exact for b in run)
    return run if all(run) else frozenset()


def candidates_in(tree: Any, known: tuple[str, ...]) -> list[Words]:
    """Sets of strings, one of each of which occurs in every match of a sequence."""
    found: list[Words] = []
    run: Words = frozenset({""})
    for operation, value in tree:
        if operation in _NO_WIDTH:
            continue
        exact = _exact(operation, value)
        longer = frozenset(a + b for a in run for b in exact) if exact else frozenset()
        if exact and len(longer) <= MOST_WORDS:
            run = longer
            continue
        found += [run, *_inside(operation, value, known)]
        run = exact or frozenset({""})
    return [*found, run]


def _inside(operation: Any, value: Any, known: tuple[str, ...]) -> list[Words]:
    """The candidates of one part that is no plain choice of strings."""
    if operation is sre.SUBPATTERN:
        return candidates_in(value[3], known)
    if operation in _REPEATS and value[0] > 0:
        return candidates_in(value[2], known)
    if operation is sre.BRANCH:
        each = [_best(candidates_in(branch, known), known) for branch in value[1]]
        return [frozenset().union(*each)] if all(each) else []
    return []


def _exact(operation: Any, value: Any) -> Words:
    """All strings that a part can match, where they are few; else none."""
    if operation is sre.LITERAL:
        return frozenset({chr(value)})
    if operation is sre.IN:
        return frozenset(chr(c) for _, c in value) if all(kind is sre.LITERAL for kind, _ in value) else frozenset()
    if operation is sre.SUBPATTERN:
        return _exact_sequence(value[3])
    if operation is sre.BRANCH:
        each = [_exact_sequence(branch) for branch in value[1]]
        return frozenset().union(*each) if all(each) else frozenset()
    if operation in _REPEATS and value[:2] == (0, 1):
        inner = _exact_sequence(value[2])
        return inner | {""} if inner else frozenset()
    return frozenset()


def _exact_sequence(tree: Any) -> Words:
    run: Words = frozenset({""})
    for operation, value in tree:
        if operation in _NO_WIDTH:
            continue
        exact = _exact(operation, value)
        run = frozenset(a + b for a in run for b in exact)
        if not run or len(run) > MOST_WORDS:
            return frozenset()
    return run


def _best(candidates: list[Words], known: tuple[str, ...]) -> Words:
    """The candidate whose shortest word is longest: the rarest. One letter alone is in every text."""
    telling = [words for words in candidates if not any(word.strip(" -") in k for word in words for k in known)]
    pruned = [words for words in map(_prune, telling) if words and shortest(words) > 0 and len(words) <= MOST_WORDS]
    return max(pruned, key=lambda words: (shortest(words), -len(words)), default=frozenset())


def shortest(words: Words) -> int:
    """The length of the shortest word; 0 for a blank or a single letter, which tell nothing."""
    word = min(words, key=len)
    return 0 if not word.strip() or (len(word) == 1 and word.isalnum()) else len(word.strip())


def _prune(words: Words) -> Words:
    """Without the words that hold another of them."""
    return frozenset(w for w in words if not any(other in w for other in words if other != w))
