"""What a registry's searches found, of the pages as they are stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from evidence.sources.source import Registry


class Asked(Protocol):
    """What a store says of a subject: where the answer stands that is about it."""

    @property
    def subject(self) -> str: ...
    @property
    def answer(self) -> int | None: ...


def page_subject(expression: str, number: int) -> str:
    """What a page of a search is stored as; pages count from 1."""
    return f"search:{expression}#{number}"


def held_pages(
    registry: Registry, asked: Iterable[Asked], answer: Callable[[int], bytes], expression: str
) -> list[list[str]]:
    """The pages of a search as last stored, each the numbers on it. Raises ``Fault`` or ``ValueError`` when damaged."""
    last = {row.subject: row.answer for row in asked if row.subject.startswith("search:")}
    pages: list[list[str]] = []
    while (key := last.get(page_subject(expression, len(pages) + 1))) is not None:
        pages.append(registry.read_page(answer(key)).numbers)
    return pages
