"""The shape that tagged texts share: a tag and a value a line, continuation lines, entries one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """``line`` finds ``(tag, value)``; ``start`` begins an entry, ``end`` or (``blank_ends``) a blank line ends it.

    ``continues``: a line without tag belongs to the tag before; ``repeats``: each of its lines is a value of its own.
    """

    line: re.Pattern[str]
    start: re.Pattern[str]
    end: re.Pattern[str] | None = None
    blank_ends: bool = False
    repeats: frozenset[str] = frozenset()


def entries(text: str, dialect: Dialect) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """``(line, {tag: values})`` for each entry."""
    found: dict[str, list[str]] = {}
    begun, tag = 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        ended = (dialect.end and dialect.end.match(line)) or (dialect.blank_ends and not line.strip())
        if found and (ended or dialect.start.match(line)):
            yield begun, found
            found, tag = {}, ""
        match = None if ended else dialect.line.match(line)
        if match:
            if not found:
                begun = number
            tag = match.group(1)
            found.setdefault(tag, []).append(match.group(2).strip())
        elif tag and not ended and line.strip():
            if tag in dialect.repeats:
                found[tag].append(line.strip())
            else:
                found[tag][-1] += " " + line.strip()
    if found:
        yield begun, found
