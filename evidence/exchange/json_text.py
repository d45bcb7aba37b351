"""The entries of a JSON text: one a line, in a list, or in the answer of an interface that wraps them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

# Keys under which an answer has its entries: Zotero, Crossref (message.items), Europe PMC (resultList.result), OpenAlex
# (results), DataCite and Semantic Scholar (data), pandoc (references), PubMed's ESummary (result, by id).
_LISTS = ("items", "result", "results", "data", "records", "references", "works", "hits", "publications")
_WRAPPERS = ("message", "resultList", "result", "data", "response", "hits")
# A key that only an entry has: what holds one is no wrapper.
_OF_AN_ENTRY = frozenset(
    "title titles display_name doi DOI pmid PMID abstract author authors creators authorships itemType"
    " authorString".split()
)
_BETWEEN = re.compile(r"[\s,\]\x1e]*")
_LIST_START = re.compile(rf'"(?:{"|".join(_LISTS)})"\s*:\s*\[')
_NEXT_OBJECT = re.compile(r"\n[^\S\n]*,?[^\S\n]*(?=\{)")
_SEPARATORS = re.compile(r"[\s,:]*")
_UIDS = re.compile(r'\{\s*"uids"\s*:')
_DECODER = json.JSONDecoder()

# What is wrong is read again from its next line on: so much in all, as a value may end far from where it begins.
_TIMES_READ, _LEAST_EFFORT = 3, 1_000_000
_LONGEST_LINE = 20_000
_COUNTED = 64  # so many times faster are characters counted than read
_DEEP = 100_000  # as much as reading a value that is nested too deep costs

Item = dict[str, Any]


class _Mistake(ValueError):
    """What is no JSON, and how many characters were read before that was seen."""

    def __init__(self, reason: str, read: int):
        super().__init__(reason)
        self.read = read


def objects(text: str) -> Iterator[tuple[int, Item | str]]:
    """``(line, object)`` one by one, so that what stands before a mistake is read; ``(line, reason)`` for a mistake."""
    lines = _Lines(text)
    effort = _TIMES_READ * len(text) + _LEAST_EFFORT
    start = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    position = start + 1 if text.startswith("[", start) else start
    while (position := _skip(text, position)) < len(text):
        if text[position] == "}" and not text[position + 1 :].strip():
            return
        try:
            item, end = _decode(text, position)
        except _Mistake as error:
            wrapped = _LIST_START.search(text, position) if position == start else None
            if wrapped:  # an answer that was cut: its list may have begun
                position = wrapped.end()
                continue
            effort -= error.read
            if effort < 0:
                yield lines.at(position), f"not valid JSON ({error}), after too many mistakes: the rest was not read"
                return
            yield lines.at(position), f"not valid JSON ({error}): the file may be cut"
            found = _NEXT_OBJECT.search(text, position)
            position = found.end() if found else len(text)
            continue
        yield from _entries(item, text, position, lines)
        position = end


def first_object(text: str) -> Item | None:
    """The first entry; ``None`` when there is none. Raises ``ValueError`` when the text does not begin as JSON."""
    start = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    inside = _skip(text, start + 1)
    if text.startswith("[", start) and text[inside : inside + 1] not in ("{", "[", ""):
        raise ValueError("a bracket, but no list of objects")
    for _, item in objects(text):
        if not isinstance(item, str):
            return item
        if item.startswith("not valid JSON"):
            raise ValueError(item)
    return None


def _skip(text: str, position: int) -> int:
    between = _BETWEEN.match(text, position)
    return between.end() if between else position


def _decode(text: str, position: int) -> tuple[Any, int]:
    """A value and the position after it. Raises :class:`_Mistake` with a reason."""
    end = text.find("\n", position, position + _LONGEST_LINE)
    try:
        # a line by itself: json counts the lines before a mistake, and one inside a line is one whatever follows
        if end >= 0 and (found := _decode_line(text[position:end])):
            return found[0], position + found[1]
        return _DECODER.raw_decode(text, position)
    except json.JSONDecodeError as error:
        raise _Mistake(error.msg, error.pos - position + error.pos // _COUNTED) from error
    except RecursionError as error:
        raise _Mistake("nested too deep", _DEEP) from error


def _decode_line(line: str) -> tuple[Any, int] | None:
    """A value and its length; ``None`` when it goes on after the line."""
    try:
        return _DECODER.raw_decode(line)
    except json.JSONDecodeError as error:
        if error.pos < len(line):
            raise _Mistake(error.msg, error.pos) from error
        return None


class _Lines:
    """Line numbers of positions that only grow."""

    def __init__(self, text: str):
        self._text, self._line, self._counted = text, 1, 0

    def at(self, position: int) -> int:
        self._line += self._text.count("\n", self._counted, position)
        self._counted = max(position, self._counted)
        return self._line


def _entries(item: Any, text: str, position: int, lines: _Lines) -> Iterator[tuple[int, Item | str]]:
    """The entries of the value at ``position``: itself, those in its list, or those that an answer wraps."""
    wrapped = isinstance(item, list) or (isinstance(item, dict) and not _OF_AN_ENTRY & item.keys())
    for start in _wrapped(text, position) if wrapped else [position]:
        entry = item if start == position else _decode(text, start)[0]
        yield lines.at(start), entry if isinstance(entry, dict) else "not a JSON object"


def _wrapped(text: str, position: int) -> list[int]:
    """Where the entries of a list or an answer begin; an object that wraps nothing is itself the entry."""
    for _ in range(4):
        if text[position] == "[":
            return list(_elements(text, position))
        members = dict(_members(text, position))
        if _OF_AN_ENTRY & members.keys():
            break
        inside = next((members[name] for name in _LISTS if text.startswith("[", members.get(name, -1))), None)
        inside = inside or next((members[n] for n in _WRAPPERS if text.startswith("{", members.get(n, -1))), None)
        if inside is None:
            break
        position = inside
        uids = _UIDS.match(text, position)
        if uids:  # ESummary: the entries by their ids
            return [start for name, start in _members(text, position) if name != "uids"]
    return [position]


def _elements(text: str, position: int) -> Iterator[int]:
    """Where the elements of the list at ``position`` begin."""
    position = _after(text, position + 1)
    while text[position] != "]":
        yield position
        position = _after(text, _decode(text, position)[1])


def _members(text: str, position: int) -> Iterator[tuple[str, int]]:
    """The names in the object at ``position``, and where their values begin."""
    position = _after(text, position + 1)
    while text[position] != "}":
        name, end = _decode(text, position)
        position = _after(text, end)
        yield name, position
        position = _after(text, _decode(text, position)[1])


def _after(text: str, position: int) -> int:
    found = _SEPARATORS.match(text, position)
    return found.end() if found else position
