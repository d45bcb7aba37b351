"""PubMed's query language, as much of it as the tests send: AND, OR, NOT from left to right, parentheses, phrases of
whole words, truncation, proximity, and the fields that matter here. Written for the tests alone, over the articles' own
fields: ``evidence.topics`` reads the same language from records, and is tested against this."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping

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
        self.tokens, self.articles, self.position, self.modifier = tokens, articles, 0, ""

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
        tag, _, self.modifier = (
            self._next()[1:-1].casefold().partition(":") if self._peek()[:1] == "[" else ("", "", "")
        )
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
            return {
                pmid for pmid, a in self.articles.items() if not a.book and a.doi.casefold() == words.casefold() != ""
            }
        if tag in ("dp", "pdat"):
            return {pmid for pmid, a in self.articles.items() if str(a.year) == words[:4]}
        if tag in ("au", "1au"):
            articles = {pmid: a for pmid, a in self.articles.items() if not a.book}
            names = {p: [a.author, *(a.more_authors if tag == "au" else ())] for p, a in articles.items()}
            family = words.casefold().split()[:1]
            return {pmid for pmid, known in names.items() if any(family == [name.casefold()] for name in known)}
        if tag in ("vi", "vol"):
            return {pmid for pmid, a in self.articles.items() if not a.book and a.volume == words}
        if tag == "pg":
            return {pmid for pmid, a in self.articles.items() if not a.book and a.pages.partition("-")[0] == words}
        if tag in ("mh", "mesh", "mesh terms", "pt", "ta"):
            of = {"pt": lambda a: a.types, "ta": lambda a: [a.journal]}.get(tag, lambda a: a.mesh)
            wanted = words.casefold()
            return {p for p, a in self.articles.items() if not a.book and wanted in map(str.casefold, of(a))}
        if tag in ("ti", "title", "tiab", "title/abstract"):
            texts = {p: [a.title, *([a.abstract] if "ab" in tag else [])] for p, a in self.articles.items()}
            holds = _near(words, self.modifier) if self.modifier else _phrase(words)
            return {p for p, parts in texts.items() if any(holds(part) for part in parts)}
        wanted = words.casefold().rstrip("*")
        return {pmid for pmid, a in self.articles.items() if wanted in a.text()}


def _phrase(words: str) -> Callable[[str], bool]:
    """Whole words in this order with nothing but other signs between them; a star lets the last one go on."""
    parts = [re.escape(part) for part in re.findall(r"[^\W_]+", words)]
    end = "" if words.endswith("*") else r"(?![^\W_])"
    pattern = re.compile(r"(?<![^\W_])" + r"[\W_]+".join(parts) + end, re.I)
    return lambda text: pattern.search(text) is not None


def _near(words: str, modifier: str) -> Callable[[str], bool]:
    """All of the words, with at most N others from the first of them to the last."""
    wanted = re.findall(r"[^\W_]+", words.casefold())
    span = len(wanted) + int(modifier.lstrip("~"))

    def holds(text: str) -> bool:
        found = re.findall(r"[^\W_]+", text.casefold())
        windows = (Counter(found[start : start + span]) for start in range(max(1, len(found))))
        return any(Counter(wanted) <= window for window in windows)

    return holds
