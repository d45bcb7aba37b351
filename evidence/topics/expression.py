"""A saved search as a tree: terms, and what stands between them, read from left to right as PubMed does.

parse_expression('a[ti] OR b[ti] AND "c d"[tiab:~2]')  -> Chain(a, OR b, AND "c d")   meaning (a OR b) AND "c d"
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from evidence.topics.query import FIELD_TAGS, Flaw, check_query, lines_without_comments

# Tests have 60 brackets within each other; a recursion that is not bounded would end in a traceback.
_DEEPEST = 100
_TOKEN = re.compile(r'[()]|"[^"]*"|\[[^\[\]]*\]|:|[^\s()"\[\]:]+')
_OPERATORS = ("AND", "OR", "NOT")
_LONG_TAGS = {short: long for long, shorts in FIELD_TAGS.items() for short in (long, *shorts)}


@dataclass(frozen=True, slots=True)
class Term:
    """Words with their field tag, or a range (``low`` to ``text``).

    ``tag`` is PubMed's long name in lower case, ``""`` without one; ``modifier`` what follows its colon; ``quoted``
    whether the words stand in quotes; ``line`` the line of the query (1-based).
    """

    text: str
    tag: str
    line: int
    quoted: bool = False
    modifier: str = ""
    low: str | None = None
    written_tag: str = ""

    @property
    def shown(self) -> str:
        """As it is written in the query."""
        words = f'"{self.text}"' if self.quoted else self.text
        words = f"{self.low}:{words}" if self.low is not None else words
        return words + self.written_tag


@dataclass(slots=True)
class Chain:
    """``first``, then each operator with its right side, applied in that order to what was found until then."""

    first: Term | Chain
    rest: list[tuple[str, Term | Chain]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    line: int


def parse_expression(written: str, comments: bool = True) -> Chain:
    """The tree of a query as it is written. Raises :class:`Flaw` (with the line) when PubMed would misread it."""
    check_query(written, comments)
    lines = lines_without_comments(written, comments)
    tokens = [_Token(text, number) for number, line in enumerate(lines, 1) for text in _TOKEN.findall(line)]
    return _Parser(tokens).whole()


def terms_of(node: Term | Chain) -> Iterator[Term]:
    """Every term of a tree, in order."""
    if isinstance(node, Term):
        yield node
        return
    yield from terms_of(node.first)
    for _, other in node.rest:
        yield from terms_of(other)


class _Parser:
    def __init__(self, tokens: list[_Token]):
        self._tokens, self._position = tokens, 0

    def whole(self) -> Chain:
        chain = self._chain(0)
        if self._position < len(self._tokens):  # check_query has seen to the brackets
            raise Flaw("unbalanced parentheses", self._tokens[self._position].line)
        return chain

    def _peek(self) -> str:
        return self._tokens[self._position].text if self._position < len(self._tokens) else ""

    @property
    def _line(self) -> int:
        return self._tokens[min(self._position, len(self._tokens) - 1)].line

    def _chain(self, depth: int) -> Chain:
        if depth > _DEEPEST:
            raise Flaw(f"more than {_DEEPEST} brackets within each other", self._line)
        if self._peek() in _OPERATORS:
            raise Flaw(f"{self._peek()} has nothing before it", self._line)
        chain = Chain(self._operand(depth))
        while self._peek() not in ("", ")"):
            operator = "AND"
            if self._peek() in _OPERATORS:
                operator = self._peek()
                self._position += 1
                if operator != "NOT" and self._peek() == "NOT":  # AND NOT is NOT
                    operator = "NOT" if operator == "AND" else operator
                    if operator == "OR":
                        raise Flaw("OR NOT would find nearly all of PubMed", self._line)
                    self._position += 1
            chain.rest.append((operator, self._operand(depth)))
        return chain

    def _operand(self, depth: int) -> Term | Chain:
        if self._peek() == "(":
            self._position += 1
            chain = self._chain(depth + 1)
            self._position += 1
            return chain
        term = self._term()
        if self._peek() != ":":
            return term
        self._position += 1
        high = self._term()
        tag = high.tag or term.tag
        if term.tag and high.tag and term.tag != high.tag:
            raise Flaw(f"a range of two fields: {term.shown}:{high.shown}", term.line)
        written_tag = high.written_tag or term.written_tag
        return Term(high.text, tag, term.line, high.quoted, high.modifier or term.modifier, term.text, written_tag)

    def _term(self) -> Term:
        words: list[str] = []
        line, quoted = self._line, False
        while (word := self._peek()) not in (*_OPERATORS, "(", ")", ":", "") and word[0] != "[":
            if words and (quoted or word[0] == '"'):
                break  # two terms side by side
            quoted = quoted or word[0] == '"'
            words.append(word.strip('"'))
            self._position += 1
        if not words:
            raise Flaw(f"words are missing before {self._peek() or 'the end'!r}", line)
        tag, modifier, written = "", "", ""
        if self._peek().startswith("["):
            inside = self._peek()[1:-1].casefold()
            name, _, modifier = (" ".join(part.split()) for part in inside.partition(":"))
            tag, written = _LONG_TAGS[name], self._peek()
            self._position += 1
        return Term(" ".join(" ".join(words).split()), tag, line, quoted, modifier, written_tag=written)
