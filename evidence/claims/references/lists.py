"""Reference lists of a draft: where they stand, and their entries one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evidence.claims.references.parse import parse_reference
from evidence.claims.references.types import FoundReference, ParsedReference

_HEADING = re.compile(
    r"^[\s#>*_=\d.)]*(?:(?:list of|article|key|cited|selected|scientific|main|full)\s+)?"
    r"(?:references?(?:\s+(?:list|and\s+notes|cited))?|bibliography|works\s+cited|literature(?:\s+cited)?|sources?|"
    r"citations?|end\s?notes|foot\s?notes|resources\s+and\s+references|sources\s+and\s+references|"
    r"further\s+reading|literatur(?:verzeichnis)?|quellen|r\u00e9f\u00e9rences|referencias|bibliograf\u00eda)"
    r"(?:\s*\(\d+\))?[\s:*_=]*$",
    re.I,
)
_ANY_HEADING = re.compile(r"^\s*#{1,6}\s+\S")
_NUMBERED = re.compile(r"^[ \t>]*(?:\[(\d{1,3})\][.:]?|\((\d{1,3})\)|(\d{1,3})[.)](?=\s)|\[\^(\d{1,3})\]:)\s*")
_BULLET = re.compile(r"^[ \t>]*[\u2022\u25cf\u25aa\u00b7\u2023*+\u2013-]\s+")
# A run of this many lines that are no entries ends a list (advertisements, footers).
_STRAYS = 3
# Points of evidence (see _points) that make a line an entry: under a heading, in a labelled run, and anywhere else.
_IN_SECTION, _IN_RUN, _ANYWHERE = 3, 4, 6
_LONGEST = 1500


@dataclass(frozen=True, slots=True)
class Item:
    """A stretch of a draft that may be an entry; ``start`` is after its label or bullet."""

    start: int
    end: int
    text: str
    number: int | None
    labelled: bool


def reference_sections(text: str) -> list[tuple[int, int]]:
    """Where the reference lists stand, as ``(start, end)`` offsets, headings and lines between entries included."""
    return [(start, end) for start, end, _ in _lists(text)]


def list_entries(text: str) -> list[FoundReference]:
    """The entries of every reference list, in order."""
    return [entry for _, _, entries in _lists(text) for entry in entries]


def _lists(text: str) -> list[tuple[int, int, list[FoundReference]]]:
    items = list(_items(text))
    lists: list[tuple[int, int, list[FoundReference]]] = []
    position = 0
    while position < len(items):
        heading = bool(_HEADING.match(items[position].text)) and len(items[position].text) < 60
        first = position + 1 if heading else position
        entries, after = _entries(items, first, heading)
        if entries:
            start = items[position].start if heading else entries[0].start
            lists.append((start, entries[-1].end, entries))
            position = after
        else:
            position += 1
    return lists


def _entries(items: list[Item], first: int, heading: bool) -> tuple[list[FoundReference], int]:
    """Entries from ``first`` on until too many strays, and the position after the last one."""
    entries: list[FoundReference] = []
    strays, after = 0, first
    for position in range(first, len(items)):
        item = items[position]
        if _ANY_HEADING.match(item.text) or (heading and _HEADING.match(item.text)):
            break
        parsed = parse_reference(item.text) if len(item.text) <= _LONGEST else None
        needed = _IN_SECTION if heading else _IN_RUN if item.labelled else _ANYWHERE
        if parsed is not None and _points(parsed, item.text) >= needed:
            entries.append(FoundReference(item.text, item.start, item.end, "list", parsed, number=item.number))
            strays, after = 0, position + 1
            continue
        strays += 1
        if strays > (_STRAYS if heading or entries else 0):
            break
    if not heading and len(entries) == 1 and not _stands_alone(entries[0]):
        return [], first
    return _numbered(entries), after


def _stands_alone(entry: FoundReference) -> bool:
    """One line without a heading is an entry only when it is printed like one from its first word on."""
    return _points(entry.parsed, entry.text) >= _ANYWHERE


def _numbered(entries: list[FoundReference]) -> list[FoundReference]:
    """Printed numbers where there are any, else the position in the list, from 1."""
    if any(entry.number is not None for entry in entries):
        return entries
    return [
        FoundReference(e.text, e.start, e.end, e.kind, e.parsed, number=position)
        for position, e in enumerate(entries, start=1)
    ]


def _points(parsed: ParsedReference, text: str) -> int:
    """How much of a printed reference a line is: identifiers and volume with page count most."""
    identified = parsed.doi or parsed.pmid or parsed.pmcid or parsed.registration
    return (
        3 * bool(identified)
        + 2 * bool(parsed.volume and parsed.first_page)
        + bool(parsed.first_page)
        + bool(parsed.year)
        + bool(parsed.authors and _initials_follow(parsed.authors[0], text))
        + bool(parsed.journal and parsed.title)
        - 2 * _prose(text, parsed)
    )


def _initials_follow(author: str, text: str) -> bool:
    name = re.escape(author)
    after = rf"{name},?\s+[A-Z]{{1,3}}(?![a-z])|{name},\s+[A-Z][a-z]+"
    return bool(re.search(rf"(?:{after})|(?:\b[A-Z]\.[\s-]*){{1,4}}{name}", text[: len(author) + 40]))


def _prose(text: str, parsed: ParsedReference) -> bool:
    """A running sentence: it begins with a word that begins no reference, or has no numbers of a journal."""
    return (
        bool(re.match(r"(?:In|The|A|An|This|These|It|We|For|According|However|While|As|When)\s", text))
        and not parsed.volume
    )


def _items(text: str) -> Iterator[Item]:
    """Lines, with the lines that continue an entry joined to it."""
    pending: tuple[int, int, int | None, bool] | None = None
    for start, end in _lines(text):
        line = text[start:end]
        label = _NUMBERED.match(line)
        bullet = None if label else _BULLET.match(line)
        mark = label or bullet
        if not line.strip():
            if pending:
                yield _item(text, pending)
            pending = None
        elif pending and not mark and _continues(text[pending[0] : pending[1]], line, pending[3]):
            pending = (pending[0], end, pending[2], pending[3])
        else:
            if pending:
                yield _item(text, pending)
            number = int(next(g for g in label.groups() if g)) if label else None
            pending = (start + (mark.end() if mark else 0), end, number, bool(mark))
    if pending:
        yield _item(text, pending)


def _continues(before: str, line: str, labelled: bool) -> bool:
    """Whether a line goes on with the entry before it: under a label, until a blank line; else when that was cut off."""
    if _HEADING.match(before) or _HEADING.match(line) or _ANY_HEADING.match(line):
        return False
    if labelled:
        return True
    return not re.search(r"[.?!:;\d)\]\"\u201d/]\s*$", before) and len(before) > 50


def _item(text: str, pending: tuple[int, int, int | None, bool]) -> Item:
    start, end, number, labelled = pending
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Item(start, end, text[start:end], number, labelled)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in re.finditer(r"\r\n|\r|\n|\u2028|$", text):
        if match.start() >= start:
            yield start, match.start()
            start = match.end()
