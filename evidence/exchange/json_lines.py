"""JSON objects with plain keys, one a line or in a list: ``id, title, abstract, authors, year, doi, mesh, ...``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from evidence.exchange.csv_table import COLUMNS
from evidence.exchange.fields import build_record
from evidence.pubmed.parse.kinds import kind_of_entry
from evidence.record import Record
from evidence.registries import registrations_in

# Lists that hold the entries when the file is one object.
_CONTAINERS = ("items", "records", "references", "results", "data")
# Keys beyond the column names of a table.
_KEYS: dict[str, tuple[str, ...]] = {
    "mesh": ("mesh", "meshterms", "meshheadings"),
    "keyword": ("keywords", "emtree", "keyword", "tags"),
    "type": ("pubtypes", "publicationtypes", "type", "documenttype"),
}
_NAMES = {name: key for key, names in (*COLUMNS.items(), *_KEYS.items()) for name in names}
_OPENING = re.compile(r"[\[{,\s]*")


def objects(text: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """``(line, object)`` one by one, so that what stands before a mistake is read; ``(line, reason)`` for a mistake."""
    decoder = json.JSONDecoder()
    position, line = _enter(text), 1
    counted = 0
    while position < len(text):
        match = re.compile(r"[\s,\]]*").match(text, position)
        position = match.end() if match else position
        if position >= len(text) or (text[position] == "}" and not text[position + 1 :].strip()):
            return
        line += text.count("\n", counted, position)
        counted = position
        try:
            item, end = decoder.raw_decode(text, position)
        except (json.JSONDecodeError, RecursionError) as error:
            yield line, f"not valid JSON ({getattr(error, 'msg', error)}): the file may be cut"
            position = _next_line(text, position)
            continue
        yield line, item if isinstance(item, dict) else "not a JSON object"
        position = end


def first_object(head: str) -> dict[str, Any] | None:
    """The first object of a text that may be cut after it; ``None`` when the text is an empty list."""
    position = _enter(head)
    match = re.compile(r"[\s,]*").match(head, position)
    position = match.end() if match else position
    if head[position : position + 1] in ("]", "}"):
        return None
    item, _ = json.JSONDecoder().raw_decode(head, position)
    return item if isinstance(item, dict) else {}


def _enter(text: str) -> int:
    """Where the first entry begins: inside a list, or inside ``{"items": [``."""
    start = len(text) - len(text.lstrip())
    if text[start : start + 1] == "[":
        return start + 1
    wrapped = re.compile(r'\{\s*"(?:' + "|".join(_CONTAINERS) + r')"\s*:\s*\[').match(text, start)
    return wrapped.end() if wrapped else start


def _next_line(text: str, position: int) -> int:
    """After a mistake: the next line that begins an object, else the end."""
    found = re.compile(r"\n\s*,?\s*(?=\{)").search(text, position)
    return found.end() if found else len(text)


def read(text: str, source: str) -> Iterator[tuple[int, Record | str]]:
    for line, item in objects(text):
        if isinstance(item, str):
            yield line, item
            continue
        try:
            yield line, _record(item, source)
        except (ValueError, TypeError) as error:
            yield line, str(error)


def _record(item: dict[str, Any], source: str) -> Record:
    fields: dict[str, list[str]] = {}
    for name, value in item.items():
        key = _NAMES.get(re.sub(r"[^a-z0-9]", "", name.lower()))
        if key and value not in (None, "", []):
            fields.setdefault(key, []).extend(_strings(value))
    told = str(item.get("record_type") or "")
    if kind_of_entry([told], "") != "article":  # "trial_registration" is a kind, "bibliographic" says nothing
        fields.setdefault("type", []).append(told)
    record = build_record(fields, source)
    record.source_id = (fields.get("id") or [record.source_id])[0]
    if not record.databanks:
        record.databanks = registrations_in(record.source_id)
    return record


def _strings(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for part in value for text in _strings(part)]
    if isinstance(value, dict):
        name = value.get("name") or value.get("heading") or value.get("term") or value.get("literal")
        family = value.get("family") or value.get("lastName")
        if name is None and family:
            name = f"{family}, {value.get('given') or value.get('firstName') or value.get('initials') or ''}"
        return [str(name)] if name else []
    return [str(value)]
