"""Which rules can match a text at all: read off the rules themselves by RE2, so that few are tried.

RE2's ``Filter`` derives from every expression the strings (of three characters or more) without which it cannot match,
and looks for all of them in one pass; an expression without any is always worth trying. RE2 knows no look-around: what
an expression looks at around itself is left out first, which can only make it match more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import re2

from evidence.tagging.text.document import CATEGORIES, TITLE, Document, Sentence

_LOOKING = ("(?=", "(?!", "(?<=", "(?<!")
# An escaped sign or a class of characters, either of which may hold a bracket that opens nothing.
_WHOLE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)


class Prefilter:
    """Expressions for text in lower case; :meth:`which` gives the places, in that list, of those worth trying."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]):
        self._filter = re2.Filter()
        for pattern in patterns:
            options = re2.Options()
            options.never_capture = True
            options.case_sensitive = not pattern.flags & re.IGNORECASE
            self._filter.Add(without_look_around(pattern.pattern), options)
        self._filter.Compile()

    def which(self, text: str) -> Sequence[int]:
        """The places of the expressions that can match in ``text``, in order."""
        found: Sequence[int] = self._filter.Match(text.encode(errors="replace"), True) or ()
        return found

    def matching(self, text: str) -> Sequence[int]:
        """The places of the expressions that match in ``text`` but for what they look at around themselves, in order;
        where RE2 and Python read a text otherwise (letters and blanks beyond ASCII), of those that can match."""
        as_python = text.isascii() and text.isprintable()
        found: Sequence[int] = self._filter.Match(text.encode(errors="replace"), not as_python) or ()
        return found


class Hits(NamedTuple):
    """Where groups of rules are worth trying: the sentences of each group, in reading order, and the title's groups."""

    sentences: dict[str, list[Sentence]]
    title: frozenset[str]


class Sieve:
    """Groups of expressions for titles and for abstracts; ``left_out`` says in which categories of sentences a group is
    not looked for."""

    def __init__(
        self,
        title: Mapping[str, re.Pattern[str]],
        abstract: Mapping[str, re.Pattern[str]],
        left_out: Mapping[str, Collection[str]],
    ):
        def looked_for(groups: Mapping[str, re.Pattern[str]], categories: Collection[str]) -> list[str]:
            return [name for name in groups if not set(left_out.get(name, ())).issuperset(categories)]

        in_title, in_abstract = looked_for(title, {TITLE}), looked_for(abstract, set(CATEGORIES) - {TITLE})
        self._title = Prefilter(title[name] for name in in_title)
        self._abstract = Prefilter(abstract[name] for name in in_abstract)
        self._groups = {
            category: tuple(
                None if category in left_out.get(name, ()) else name
                for name in (in_title if category == TITLE else in_abstract)
            )
            for category in CATEGORIES
        }

    def scan(self, document: Document) -> Hits:
        """The sentences that each group can match in."""
        groups: dict[str, list[Sentence]] = {}
        title: frozenset[str] = frozenset()
        in_title, in_abstract, of_category = self._title.matching, self._abstract.matching, self._groups
        for sentence in document.sentences:
            part, _, _, category, lower = sentence
            names = of_category[category]
            for place in in_title(lower) if part is None else in_abstract(lower):
                name = names[place]
                if name is None:
                    continue
                group = groups.get(name)
                if group is None:
                    groups[name] = [sentence]
                elif group[-1] is not sentence:
                    group.append(sentence)
            if part is None:
                title = frozenset(groups)
        return Hits(groups, title)


def without_look_around(pattern: str) -> str:
    """An expression without what it looks at around itself: it matches wherever the whole one does.

    >>> without_look_around(r"(?<!non-)blind(?:ed)?(?! (?:review|date)s?)\\\\b")
    'blind(?:ed)?\\\\\\\\b'
    """
    kept, at, looking = [], 0, 0
    while at < len(pattern):
        whole = _WHOLE.match(pattern, at)
        step = whole.group() if whole else pattern[at]
        if looking:
            looking += (step == "(") - (step == ")")
        elif pattern.startswith(_LOOKING, at):
            looking = 1
        else:
            kept.append(step)
        at += len(step)
    return "".join(kept)
