"""BibTeX's entries and fields, as loosely as the programs that write it: what is wrong costs its own entry at most.

A field given twice, a missing key or comma, a brace too many, ``"A "quoted" word"`` and round brackets around an entry
are read. An entry that does not end before the next one begins is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from evidence.bibliography.dates import SHORT_MONTHS

MONTHS = {name.lower(): name for name in SHORT_MONTHS}
# Blocks that are no entries.
_STRING, _COMMENT, _PREAMBLE = "string", "comment", "preamble"
# A block, or a line of comment; "a@b.org (work)" is an address.
_AT = re.compile(r"^[ \t]*%.*|(?<![\w.])@[ \t]*([A-Za-z][\w-]*)\s*([{(])", re.M)
_BLOCK_START = re.compile(r"(?:^|(?<=\}))[ \t]*@[ \t]*[A-Za-z][\w-]*\s*[{(]", re.M)
_NAME = re.compile(r"\s*([A-Za-z_][^\s={},\"#%()@\\]*)\s*=")
_FIRST_FIELD = re.compile(r"\s*[A-Za-z_][\w:+.-]*\s*=\s*(?=[\"{\w])")
_KEY = re.compile(r"[^,={}\"]*")
_BRACE = re.compile(r"\\.|[{}]", re.S)
_QUOTE = re.compile(r"\\.|[{}\"]", re.S)
_AFTER_QUOTED = re.compile(r"\s*(?:[,#})]|$|[A-Za-z_][\w:+.-]*\s*=)")
_BARE = re.compile(r"[^\s,#{}()\"=]+")
_JOIN = re.compile(r"\s*#\s*")
_BLANKS = re.compile(r"\s*")
_FIELD_END = {"}": re.compile(r"[,}]"), ")": re.compile(r"[,)]")}
_MOST_ENDLESS_COMMENTS = 3  # each is looked for to the end of the file
_LONGEST_STRING, _STRINGS_TIMES = 10_000, 10  # of one @string; of all that they are put in for, to the file's length
_MORE_FIELDS = re.compile(r"\s*,\s*[A-Za-z_][\w:+.-]*\s*=")


@dataclass(slots=True)
class Entry:
    """``fields`` in the order printed, names in lower case, values without the signs around them; a name may repeat.

    ``crossref`` and the like are fields as any other. ``line`` is where the entry begins, 1-based.
    """

    kind: str
    key: str
    line: int
    fields: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Unread:
    """A block that does not end: where it begins, and why it was not read."""

    line: int
    reason: str


class _Unclosed(Exception):
    """The end of the text, or of what may belong to this entry, came first."""


def entries(text: str) -> Iterator[Entry | Unread]:
    """Entries in the order of the file. ``@string`` and months are put in, ``@comment`` and ``@preamble`` left out."""
    scanner = _Scanner(text)
    position = line = 0
    counted = 0
    while (found := _AT.search(text, position)) is not None:
        if not found.group(1):
            position = found.end()
            continue
        line += text.count("\n", counted, found.start())
        counted = found.start()
        kind = found.group(1).lower()
        try:
            entry, position = scanner.block(kind, found)
        except _Unclosed:
            position = scanner.limit
            yield Unread(line + 1, f"@{kind} does not end: a brace or quote is missing, or the file is cut")
            continue
        if entry is not None:
            entry.line = line + 1
            yield entry


class _Scanner:
    """Reads one block at a time. ``limit`` is where the next one begins, which nothing of this one goes beyond."""

    def __init__(self, text: str):
        self.text, self.limit = text, 0
        self.macros = dict(MONTHS)
        self._put_in = _STRINGS_TIMES * len(text) + _LONGEST_STRING
        self._starts = [match.start() for match in _BLOCK_START.finditer(text)] + [len(text)]
        self._next = 0
        self._endless_comments = 0
        # ``\\}`` is a sign of the text; where an entry then does not end (``{C:\\Users\\}``), it closes a group.
        self.escapes = True

    def block(self, kind: str, found: re.Match[str]) -> tuple[Entry | None, int]:
        """The entry, ``None`` for a block that is none, and the position after it. Raises :class:`_Unclosed`."""
        while self._starts[self._next] <= found.start() and self._next < len(self._starts) - 1:
            self._next += 1
        self.limit = self._starts[self._next] if self._starts[self._next] > found.start() else len(self.text)
        closing = "}" if found.group(2) == "{" else ")"
        if kind == _COMMENT:
            return None, self._comment(found) if closing == "}" else found.end()
        if kind == _PREAMBLE:
            return None, self._until_closing(found.end(), closing)
        for self.escapes in (True, False):
            with suppress(_Unclosed):
                entry = Entry(kind, "", 0)
                position = found.end() if kind == _STRING else self._key(entry, found.end())
                position = self._fields(entry, position, closing)
                if kind == _STRING:
                    self.macros.update((name, value) for name, value in entry.fields if len(value) <= _LONGEST_STRING)
                    return None, position
                return entry, position
            if "\\" not in self.text[found.end() : self.limit]:
                break
        raise _Unclosed

    def _comment(self, found: re.Match[str]) -> int:
        """After a comment, which may hold whole entries; one without an end is no more than its first word."""
        if self._endless_comments < _MOST_ENDLESS_COMMENTS:
            self.limit = len(self.text)
            with suppress(_Unclosed):
                return self._braced(found.end()) + 1
            self._endless_comments += 1
        return found.end()

    def _key(self, entry: Entry, position: int) -> int:
        if _FIRST_FIELD.match(self.text, position):
            return position  # no key at all
        key = _KEY.match(self.text, position, self.limit)
        assert key is not None
        words = key.group().split()
        if self.text[key.end() : key.end() + 1] == "=" and len(words) > 1:  # no comma: "smith2019 title = …"
            entry.key = words[0]
            return position + key.group().rindex(words[-1])
        entry.key = " ".join(words)
        return key.end()

    def _fields(self, entry: Entry, position: int, closing: str) -> int:
        """Fields up to the closing brace; one too many inside an entry does not end it."""
        while True:
            name = _NAME.match(self.text, position, self.limit)
            if name is not None:
                value, position = self._value(name.end(), closing)
                entry.fields.append((name.group(1).lower(), value))
                continue
            position = self._skip_to_field(position, closing)
            if self.text[position] == closing:
                position += 1
                if not _MORE_FIELDS.match(self.text, position, self.limit):
                    return position
            else:
                position += 1

    def _skip_to_field(self, position: int, closing: str) -> int:
        """The next comma or closing sign; what stands before it is no field."""
        found = _FIELD_END[closing].search(self.text, position, self.limit)
        if found is None:
            raise _Unclosed
        return found.start()

    def _value(self, position: int, closing: str) -> tuple[str, int]:
        """``{…}``, ``"…"``, a number or a macro, joined by ``#``; the position after it."""
        parts: list[str] = []
        while True:
            blank = _BLANKS.match(self.text, position)
            position = blank.end() if blank else position
            part, position = self._part(position)
            parts.append(part)
            join = _JOIN.match(self.text, position, self.limit)
            if join is None:
                break
            position = join.end()
        rest, position = self._rest(position, closing)
        return "".join(parts) + rest, position

    def _part(self, position: int) -> tuple[str, int]:
        opening = self.text[position : position + 1]
        if opening == "{":
            end = self._braced(position + 1)
            return self.text[position + 1 : end], end + 1
        if opening == '"':
            end = self._quoted(position + 1)
            return self.text[position + 1 : end], end + 1
        bare = _BARE.match(self.text, position, self.limit)
        if bare is None:
            return "", position
        return self._named(bare.group()), bare.end()

    def _named(self, name: str) -> str:
        """What ``@string`` calls so, while all that was put in stays in proportion to the file; else the name."""
        value = self.macros.get(name.lower(), name)
        self._put_in -= len(value)
        return value if self._put_in >= 0 else name

    def _rest(self, position: int, closing: str) -> tuple[str, int]:
        """Words between a value and the comma after it belong to it, unless they are the next field."""
        if _NAME.match(self.text, position, self.limit):
            return "", position
        end = self._skip_to_field(position, closing)
        rest = " ".join(self.text[position:end].replace('"', " ").split())
        return (f" {rest}" if rest else ""), end

    def _braced(self, start: int) -> int:
        """Where the group ends that begins at ``start``."""
        depth = 1
        for mark in _BRACE.finditer(self.text, start, self.limit):
            sign = mark.group()
            if len(sign) > 1 and (self.escapes or sign not in ("\\{", "\\}")):
                continue
            depth += 1 if sign[-1] == "{" else -1
            if not depth:
                return mark.end() - 1
        raise _Unclosed

    def _quoted(self, start: int) -> int:
        """Where a text in quotes ends: a quote outside braces with a comma or another field after it."""
        for nested in (True, False):
            depth = 0
            for mark in _QUOTE.finditer(self.text, start, self.limit):
                sign = mark.group()
                if sign == "{":
                    depth += 1
                elif sign == "}":
                    depth -= 1
                elif sign == '"' and (depth <= 0 or not nested) and _AFTER_QUOTED.match(self.text, mark.end()):
                    return mark.start()
        raise _Unclosed

    def _until_closing(self, position: int, closing: str) -> int:
        if closing == "}":
            return self._braced(position) + 1
        found = self.text.find(")", position, self.limit)
        if found < 0:
            raise _Unclosed
        return found + 1
