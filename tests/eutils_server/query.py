"""PubMed's query language, as much of it as the tests send: AND, OR, NOT from left to right, parentheses,
phrases, truncation, and the fields that matter here."""

from __future__ import annotations

import re
from collections.abc import Mapping

from eutils_server.corpus import Article

TOKEN = re.compile(r'\(|\)|"[^"]*"|\[[^\]]*\]|:|[^\s()"\[\]:]+')
OPERATORS = ("AND", "OR", "NOT")
DATES = {"lr": "revised", "mdat": "revised", "crdt": "created", "edat": "created"}


def matches(term: str, articles: Mapping[str, Article]) -> list[str]:
    """PMIDs that match, newest (largest) first, as PubMed sorts them."""
    tokens = TOKEN.findall(term)
    found = _Reader(tokens, articles).expression()
    return sorted(found, key=int, reverse=True)


class _Reader:
    def __init__(self, tokens: list[str], articles: Mapping[str, Article]):
        self.tokens, self.articles, self.position = tokens, articles, 0

    def _peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def _next(self) -> str:
        self.position += 1
        return self.tokens[self.position - 1]

    def expression(self) -> set[str]:
        found = self.operand()
        while self._peek() and self._peek() != ")":
            operator = self._next() if self._peek() in OPERATORS else "AND"
            other = self.operand()
            if operator == "AND":
                found &= other
            elif operator == "OR":
                found |= other
            else:
                found -= other
        return found

    def operand(self) -> set[str]:
        if self._peek() == "(":
            self._next()
            found = self.expression()
            assert self._next() == ")", "unbalanced"
            return found
        low, tag = self._value()
        if self._peek() == ":":
            self._next()
            high, later = self._value()
            return self._between(low, high, later or tag)
        return self._holding(low, tag)

    def _value(self) -> tuple[str, str]:
        words = []
        while self._peek() not in (*OPERATORS, "(", ")", ":", "") and not self._peek().startswith("["):
            words.append(self._next().strip('"'))
        tag = self._next()[1:-1].casefold().partition(":")[0] if self._peek().startswith("[") else ""
        return " ".join(words), tag

    def _between(self, low: str, high: str, tag: str) -> set[str]:
        if tag in ("uid", "pmid"):
            return {pmid for pmid in self.articles if int(low) <= int(pmid) <= int(high)}
        if tag in DATES:
            return {p for p, a in self.articles.items() if low <= getattr(a, DATES[tag]) <= high + "/99/99"}
        return {pmid for pmid, a in self.articles.items() if int(low[:4]) <= a.year <= int(high[:4])}

    def _holding(self, words: str, tag: str) -> set[str]:
        if tag in ("uid", "pmid"):
            return {words} & self.articles.keys()
        if tag in ("aid", "doi", "lid"):
            return {pmid for pmid, a in self.articles.items() if a.doi and a.doi.casefold() == words.casefold()}
        if tag in ("dp", "pdat"):
            return {pmid for pmid, a in self.articles.items() if str(a.year) == words[:4]}
        if tag in ("au", "1au"):
            return {pmid for pmid, a in self.articles.items() if words.casefold().split()[:1] == [a.author.casefold()]}
        if tag in ("vi", "vol"):
            return {pmid for pmid, a in self.articles.items() if a.volume == words}
        if tag == "pg":
            return {pmid for pmid, a in self.articles.items() if a.pages.partition("-")[0] == words}
        wanted = words.casefold().rstrip("*")
        if tag in ("ti", "title"):
            return {pmid for pmid, a in self.articles.items() if wanted in a.title.casefold()}
        return {pmid for pmid, a in self.articles.items() if wanted in a.text()}
