"""WHO ICTRP's XML: a ``<Trial>`` an entry, its elements named as the columns of ICTRP's tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from evidence.exchange.columns import REGISTRY_COLUMNS, normal_name
from evidence.exchange.entry import Entry, Unread
from evidence.exchange.pubmed.element import element_of
from evidence.exchange.registrations import registration_of

_OPENING = re.compile(r"<Trial>", re.I)
_ENDING = re.compile(r"</Trial\s*>", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read(text: str, source: str) -> Iterator[Entry]:
    """Trials one by one, so that a damaged or cut one costs only itself."""
    missed: Counter[str] = Counter()
    line = counted = 0
    starts = [match.start() for match in _OPENING.finditer(text)]
    for start, following in pairwise([*starts, len(text)]):
        line += text.count("\n", counted, start)
        counted = start
        ending = _ENDING.search(text, start, following)
        if ending is None:
            yield line + 1, "the file ends in the middle of this trial"
            continue
        try:
            element = element_of(_CONTROL.sub("", text[start : ending.end()]).encode())
            values = {str(child.tag): " ".join("".join(child.itertext()).split()) for child in element}
            yield line + 1, registration_of(_fields(values, missed), source)
        except ValueError as error:
            yield line + 1, str(error)
    yield 1, Unread(missed)


def _fields(values: dict[str, str], missed: Counter[str]) -> dict[str, list[str]]:
    by_name = {normal_name(name): value for name, value in values.items() if value}
    fields = {key: [by_name[n] for n in names if n in by_name] for key, names in REGISTRY_COLUMNS.items()}
    known = {name for names in REGISTRY_COLUMNS.values() for name in names}
    missed.update(name for name, value in values.items() if value and normal_name(name) not in known)
    return fields
