"""The shape that tagged texts share: a tag and a value a line, continuation lines, entries one after the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

# Tag → its values in the order printed.
Tags = dict[str, list[str]]
# Tag → the keys of ``fields`` that it gives; or key → the tags that give it, in order of preference.
TagTable = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """``line`` finds the tag (first group) and the value (second) at the start of a line.

    A line without a tag continues the one before: after a blank, as a new line in ``paragraphs``, or as a value of its
    own in ``repeats``.
    """

    line: re.Pattern[str]
    paragraphs: frozenset[str] = frozenset()
    repeats: frozenset[str] = frozenset()

    def tag_of(self, line: str) -> tuple[str, str] | None:
        """``(tag, value)`` of a line that begins a field."""
        found = self.line.match(line)
        return (found.group(1), (found.group(2) or "").strip()) if found else None


def read_tags(lines: Iterable[str], dialect: Dialect) -> Tags:
    """The fields of one entry."""
    found: dict[str, list[list[str]]] = {}  # tag → its values, each the lines that it is printed on
    tag = ""
    for line in lines:
        match = dialect.tag_of(line)
        if match:
            tag = match[0]
            found.setdefault(tag, []).append([match[1]] if match[1] else [])
        elif tag and (more := line.strip()):
            if tag in dialect.repeats and found[tag][-1]:
                found[tag].append([more])
            else:
                found[tag][-1].append(more)
    return {
        tag: [("\n" if tag in dialect.paragraphs else " ").join(parts) for parts in values]
        for tag, values in found.items()
    }


def blocks(text: str, start: re.Pattern[str]) -> Iterator[tuple[int, list[str]]]:
    """``(line, its lines)``: what stands from one line that ``start`` fits to the next."""
    found: list[str] = []
    begun = 0
    for number, line in enumerate(text.split("\n"), 1):
        if start.match(line):
            if found:
                yield begun, found
            found, begun = [], number
        if begun:
            found.append(line)
    if found:
        yield begun, found


def fields_of(tags: Mapping[str, list[str]], table: TagTable) -> dict[str, list[str]]:
    """The values of each key, those of its first tag first; blank ones are left out."""
    return {key: [value for name in names for value in tags.get(name, ()) if value] for key, names in table.items()}


def first_fields(tags: Mapping[str, list[str]], table: TagTable) -> dict[str, list[str]]:
    """The values of the first tag of each key that has any: for lists that several tags print in full."""
    found = {}
    for key, names in table.items():
        values = ([value for value in tags.get(name, ()) if value] for name in names)
        found[key] = next(filter(None, values), [])
    return found


def unread(tags: Mapping[str, list[str]], known: frozenset[str], counts: Counter[str]) -> None:
    """Count the tags of an entry that have a value and are not known."""
    counts.update(tag for tag in tags.keys() - known if any(tags[tag]))


# Blanks and ">" before the first line; a bound, as nobody's margin is wider.
_MARGIN = re.compile("^[ \t\u00a0>]{1,40}(?=[^ \t\u00a0>])")


def without_margin(text: str) -> str:
    """A text without the margin that all its lines have: blanks of a web page, ``>`` of a mail."""
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "")
    found = _MARGIN.match(first)
    if not found or any(line.strip(" \t\u00a0>") and not line.startswith(found.group()) for line in lines):
        return text
    width = len(found.group())
    return "\n".join(line[width:] if line.startswith(found.group()) else "" for line in lines)
