"""Searches of a registry: all pages or none, stored page by page as they came."""

from __future__ import annotations

from collections.abc import Iterable

from evidence.enrich.fingerprints import fingerprint
from evidence.http import Answer, Client, Refused, Unanswered
from evidence.sources import Page, Source
from evidence.sources.held import held_pages, page_subject
from evidence.tracker import Tracker

# More than any topic should have: such a search is one that lost its words.
MOST = 20_000
# A search that finds less than this of what it found is not believed without --full, as with PubMed.
LEAST_KEPT, FEW = 0.75, 50


class Searches:
    """The searches of one registry. Pages are stored once all have come, the first last: it says when that was."""

    def __init__(self, tracker: Tracker, source: Source, client: Client, full: bool):
        self._tracker, self._source, self._client, self._full = tracker, source, client, full

    def ask(self, expression: str) -> str | None:
        """Search, and store what came. Returns why that failed, ``None`` where it did not."""
        try:
            pages = self._pages(expression)
        except (Unanswered, Refused, _Inconsistent) as error:
            return f"the search {expression[:60]!r}: {error}"
        numbers = {number for _, page in pages for number in page.numbers}
        before = self.numbers([expression])
        if not self._full and before and len(numbers) < len(before):
            lost = len(before) - len(numbers)
            if not numbers or (len(numbers) < LEAST_KEPT * len(before) and lost > FEW):
                found = f"the search {expression[:60]!r} found {len(numbers):,} trials, before that {len(before):,}"
                return f"{found}: not believed; if that is right, run 'evidence enrich --full'"
        asked = self._tracker.asked(self._source.name)
        assert self._source.registry
        held = len(held_pages(self._source.registry, asked, self._tracker.answer, expression))
        for gone in range(held, len(pages), -1):
            self._tracker.store_answer(self._source.name, b"", {page_subject(expression, gone): None})
        for number in range(len(pages), 0, -1):
            body, page = pages[number - 1]
            said = {page_subject(expression, number): fingerprint({"numbers": page.numbers, "total": page.total})}
            self._tracker.store_answer(self._source.name, body, said)
        return None

    def numbers(self, expressions: Iterable[str]) -> list[str]:
        """All that these searches found when they last succeeded."""
        found = (held_numbers(self._tracker, self._source, expression) for expression in expressions)
        return list(dict.fromkeys(number for numbers in found for number in numbers))

    def _pages(self, expression: str) -> list[tuple[bytes, Page]]:
        """Every page. Data change while one reads: what does not fit together is read again from the start, once."""
        try:
            return self._read_through(expression)
        except _Inconsistent:
            return self._read_through(expression)

    def _read_through(self, expression: str) -> list[tuple[bytes, Page]]:
        assert self._source.registry
        registry = self._source.registry
        pages: list[tuple[bytes, Page]] = []
        numbers: set[str] = set()
        tokens: set[str] = {""}
        token = ""
        while True:
            try:
                body, page = self._client.ask(registry.search(expression, token), self._page)
            except Refused as refused:
                if pages:  # a token goes out of date when the registry's data change
                    raise _Inconsistent(str(refused)) from None
                raise
            if not pages and page.total is None:
                raise _Inconsistent("a first page without its count")
            pages.append((body, page))
            numbers.update(page.numbers)
            total, token = pages[0][1].total or 0, page.token
            if max(len(numbers), total) > MOST:
                raise _Inconsistent(f"it finds {total:,} trials, more than the {MOST:,} that are read: narrow it")
            if not token:
                break
            if token in tokens or not page.numbers:
                raise _Inconsistent("a page came twice")
            tokens.add(token)
        if len(numbers) != total:
            raise _Inconsistent(f"{total:,} trials were counted and {len(numbers):,} listed")
        return pages

    def _page(self, answer: Answer) -> tuple[bytes, Page]:
        assert self._source.registry
        return answer.body, self._source.registry.read_page(answer.body)


class _Inconsistent(Exception):
    """Pages that do not fit together."""


def held_numbers(tracker: Tracker, source: Source, expression: str, as_of: str | None = None) -> list[str]:
    """The numbers that a search found when it last succeeded."""
    assert source.registry
    pages = held_pages(source.registry, tracker.asked(source.name, as_of), tracker.answer, expression)
    return [number for page in pages for number in page]
