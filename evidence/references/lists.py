"""Reference lists of a draft: where they stand, and their entries one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from evidence.references.parse import parse_reference
from evidence.references.types import FoundReference, ParsedReference

_HEADING = re.compile(
    r"^[\s#>*_=\d.)]*(?:(?:list of|article|key|cited|selected|scientific|main|full)\s+)?"
    r"(?:references?(?:\s+(?:list|and\s+notes|cited|used))?|refs?\.?|bibliography|works\s+(?:cited|consulted)|"
    r"literature(?:\s+cited)?|sources?(?:\s+(?:used|cited))?|citations?|end\s?notes|foot\s?notes|studies\s+cited|papers|"
    r"notes|resources\s+and\s+references|sources\s+and\s+references|"
    r"further\s+reading|literatur(?:verzeichnis)?|quellen|r\u00e9f\u00e9rences|referencias|bibliograf\u00eda)"
    r"(?:\s*\(\d+\))?[\s:*_=]*$",
    re.I,
)
_ANY_HEADING = re.compile(r"^\s*#{1,6}\s+\S")
_NUMBERED = re.compile(
    r"^[ \t>]*(?:\[(\d{1,3})\][.:]?|\((\d{1,3})\)|(\d{1,3})[.)](?=\s|[^\W\d_]{2})|\[\^(\d{1,3})\]:)\s*"
)
_BULLET = re.compile(r"^[ \t>]*[\u2022\u25cf\u25aa\u00b7\u2023*+\u2013-]\s+")
_FINISHED = re.compile(r"[.?!:;\d)\]\"\u201d/]\s*$")
# A run of this many lines that are no entries ends a list (advertisements, footers).
_STRAYS = 3
# Points of evidence (see _points) that make a line an entry: labelled under a heading (a web page counts, or the
# numbers of the others would shift), under a heading, in a labelled run, and anywhere else.
_LABELLED_IN_SECTION, _IN_SECTION, _IN_RUN, _ANYWHERE = 1, 3, 4, 6
_LONGEST = 1500
# Items of a list without a heading that the text cites: at least so many, of so many words.
_LEAST_RUN, _RUN_WORDS = 2, 5
# A note that is nothing but words ("See the chapter on sleep.") is no entry, though others beside it are.
_NOT_ALL_WORDS = re.compile(r"\d|\bet al\b|://|\b[A-Z]{1,3}[.,;]")
# A numbered line of so many words under a heading is an entry, though it names neither author nor year.
_LISTED_WORDS = 3
# Cheaper than parsing: a line without any of these is no entry.
_MAYBE = re.compile(
    r"\b(?:1[6-9]|20)\d\d|10\.\d{4}|\bPMID|pubmed|\bNCT\d|\bPMC\d|https?://|\bwww\.|\(n\.d\.\)|\d[:,]\s?\d", re.I
)
_LINK = re.compile(r"https?://|\bwww\.", re.I)
_LINK_WHOLE = re.compile(r"(?:https?://|www\.)\S+", re.I)
# Words of running prose. Two of them in a line that no author with initials begins: a paragraph that cites, no entry.
_RUNNING = re.compile(
    r"(?<![\w-])(?:is|was|are|were|has|have|had|that|they|it|you|your|their|our|we|who|found|showed|shows|says?|said|"
    r"gave|got|cut|helps?|helped|looked|reported|used|using|see|still|can|may|because|but)(?![\w-])"
)
_RUNNING_WORDS = 2
_IDENTIFIED = re.compile(r"(?:https?://|www\.)\S+|\bPMID:? ?\d+|\b10\.\d{4,9}/\S+", re.I)
_BETWEEN_LINKS = 3
_LOWER_WORD, _GOES_ON = re.compile(r"(?<![\w/.])[a-z]{3,}\b"), 6


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


def list_entries(text: str, out_of_time: Callable[[], bool] = lambda: False) -> list[FoundReference]:
    """The entries of every reference list, in order; those that were found when ``out_of_time``."""
    return [entry for _, _, entries in _lists(text, out_of_time) for entry in entries]


def numbered_items(text: str, start: int) -> Iterator[Item]:
    """The numbered lines from an offset on, each with the lines that go on with it."""
    start = text.rfind("\n", 0, start) + 1
    for item in _items(text[start:]):
        if item.number is not None:
            yield replace(item, start=item.start + start, end=item.end + start)


def _lists(text: str, out_of_time: Callable[[], bool] = lambda: False) -> list[tuple[int, int, list[FoundReference]]]:
    items = list(_items(text))
    lists: list[tuple[int, int, list[FoundReference]]] = []
    position = 0
    while position < len(items) and not out_of_time():
        heading = len(items[position].text) < 60 and bool(_HEADING.match(items[position].text))
        first = position + 1 if heading else position
        entries, after = _entries(items, first, heading, not heading and _cited_run(text, items, position))
        if entries:
            start = items[position].start if heading else entries[0].start
            lists.append((start, entries[-1].end, entries))
            position = after
        else:
            position += 1
    return lists


def _cited_run(text: str, items: list[Item], position: int) -> bool:
    """Whether items 1, 2, … begin here that the text before cites by their numbers: a list without a heading."""
    run = [item for place, item in enumerate(items[position:], start=1) if item.number == place]
    if len(run) < _LEAST_RUN or run != items[position : position + len(run)]:
        return False
    before = text[: items[position].start]
    cited = all(re.search(rf"[\[(]{item.number}[\]),]", before) for item in run)
    return cited and all(len(item.text.split()) >= _RUN_WORDS for item in run) and any(map(_looks_printed, run))


def _looks_printed(item: Item) -> bool:
    return bool(_MAYBE.search(item.text)) and not len(set(_RUNNING.findall(item.text))) >= _RUNNING_WORDS


def _entries(items: list[Item], first: int, heading: bool, cited: bool) -> tuple[list[FoundReference], int]:
    """Entries from ``first`` on until too many strays, and the position after the last one.

    Under a ``heading`` every numbered line is an entry; of notes ``cited`` without one, those that are more than words.
    """
    in_section = heading or cited
    entries: list[FoundReference] = []
    strays, after = 0, first
    for position in range(first, len(items)):
        item = items[position]
        if _ANY_HEADING.match(item.text) or (in_section and _HEADING.match(item.text[:60])):
            break
        listed = in_section and item.number is not None and len(item.text.split()) >= _LISTED_WORDS
        listed = listed and (heading or bool(_NOT_ALL_WORDS.search(item.text)))
        parsed = _parsed(item, listed)
        if parsed is not None and not in_section and _running(parsed, item.text):
            parsed = None
        if parsed is not None and (listed or _points(parsed, item.text) >= _needed(item, in_section)):
            entries.append(FoundReference(item.text, item.start, item.end, "list", parsed, number=item.number))
            strays, after = 0, position + 1
            continue
        strays += 1
        if strays > (_STRAYS if in_section or entries else 0):
            break
    if not in_section and len(entries) == 1 and not _stands_alone(entries[0]):
        return [], first
    return _numbered(entries), after


def _parsed(item: Item, listed: bool) -> ParsedReference | None:
    if len(item.text) > _LONGEST or not (listed or _MAYBE.search(item.text)):
        return None
    return parse_reference(item.text)


def _needed(item: Item, heading: bool) -> int:
    if heading:
        return _LABELLED_IN_SECTION if item.labelled else _IN_SECTION
    return _IN_RUN if item.labelled else _ANYWHERE


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
        + bool(_LINK.search(text))
        + bool(parsed.authors and _initials_follow(parsed.authors[0], text))
        + bool(parsed.journal and parsed.title)
        - 2 * _prose(text, parsed)
    )


def _initials_follow(author: str, text: str) -> bool:
    name = re.escape(author)
    after = rf"{name},?\s+(?!I\s+[a-z])[A-Z]{{1,3}}(?![a-z])|{name},\s+[A-Z][a-z]+"  # "So I read" names nobody
    return bool(re.search(rf"(?:{after})|(?:\b[A-Z]\.[\s-]*){{1,4}}{name}", text[: len(author) + 40]))


def _prose(text: str, parsed: ParsedReference) -> bool:
    """A running sentence: it begins with a word that begins no reference, or has no numbers of a journal."""
    return (
        bool(re.match(r"(?:In|The|A|An|This|These|It|We|For|According|However|While|As|When)\s", text))
        and not parsed.volume
    )


def _running(parsed: ParsedReference, text: str) -> bool:
    """A paragraph of prose that names a year and a link, outside a list: its sentences are claims, not an entry."""
    if parsed.authors and _initials_follow(parsed.authors[0], text):
        return False
    first = _IDENTIFIED.search(text)
    if first and len(_LOWER_WORD.findall(_LINK_WHOLE.sub(" ", text[first.end() :]))) >= _GOES_ON:
        return True  # an entry ends with its links: here sentences go on behind one
    links = list(_IDENTIFIED.finditer(text))
    if len(links) > 1 and len(_LOWER_WORD.findall(text[links[0].end() : links[-1].start()])) >= _BETWEEN_LINKS:
        return True
    return len(set(_RUNNING.findall(_LINK_WHOLE.sub(" ", text)))) >= _RUNNING_WORDS


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
        elif pending and not mark and _continues(text, pending, line):
            pending = (pending[0], end, pending[2], pending[3])
        else:
            if pending:
                yield _item(text, pending)
            number = int(next(g for g in label.groups() if g)) if label else None
            pending = (start + (mark.end() if mark else 0), end, number, bool(mark))
    if pending:
        yield _item(text, pending)


def _continues(text: str, pending: tuple[int, int, int | None, bool], line: str) -> bool:
    """Whether a line goes on with the entry before it: under a label until a blank line, else when that was cut off."""
    start, end, _, labelled = pending
    if end - start < 60 and _HEADING.match(text[start:end]):
        return False
    if _HEADING.match(line[:80]) or _ANY_HEADING.match(line):
        return False
    if labelled:
        return end - start < _LONGEST
    return 50 < end - start < _LONGEST and not _FINISHED.search(text[end - 12 : end])


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
