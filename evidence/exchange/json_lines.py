"""JSON objects with plain keys, one a line or in a list: ``id, title, abstract, authors, year, doi, mesh, ...``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from evidence.bibliography.registrations import registrations_in
from evidence.exchange.csv_table import COLUMNS
from evidence.exchange.fields import build_record
from evidence.exchange.json_text import objects
from evidence.exchange.pubmed.kinds import kind_of_entry
from evidence.record import Record

# Keys beyond the column names of a table.
_KEYS: dict[str, tuple[str, ...]] = {
    "mesh": ("mesh", "meshterms", "meshheadings"),
    "keyword": ("keywords", "emtree", "keyword", "tags"),
    "type": ("pubtypes", "publicationtypes", "type", "documenttype"),
}
_NAMES = {name: key for key, names in (*COLUMNS.items(), *_KEYS.items()) for name in names}


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
