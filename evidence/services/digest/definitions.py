"""``queries/digests.yml``: a list of digests.

    - id: burst
      title: New on burst stimulation
      search: q=burst&modality=scs          # what stands behind the ? of a search page's address
      kinds: [reports, notices, claims, trials]   # all four when it is left out
      send: DIGEST_BURST                    # an environment variable with the addresses; none: data/outbox/

Addresses hold passwords and tokens, so that they stand in the environment and never in a file that is shared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from evidence import yamlfile
from evidence.yamlfile import YamlFile

FILE = "digests.yml"
KINDS = ("reports", "notices", "claims", "trials")
_KEYS = ("id", "title", "search", "kinds", "send")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.I)
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")


@dataclass(frozen=True, slots=True)
class Definition:
    """One digest. ``pairs``: of a search page's address; ``send``: the name of an environment variable, or ``""``."""

    id: str
    title: str
    pairs: tuple[tuple[str, str], ...] = ()
    kinds: tuple[str, ...] = KINDS
    send: str = ""


def load_definitions(path: Path) -> list[Definition]:
    """The digests of a file; none when there is no file. Raises :class:`~evidence.errors.InputError` with its line."""
    if not path.exists():
        return []
    document = yamlfile.load(path)
    rows = document.data or []
    if not isinstance(rows, list):
        raise document.error("must be a list of digests (- id: ..., title: ...)")
    found = [_definition(document, place, row) for place, row in enumerate(rows)]
    for place, one in enumerate(found):
        if one.id in {other.id for other in found[:place]}:
            raise document.error(f"two digests have the id {one.id!r}", place, "id")
    return found


def _definition(document: YamlFile, place: int, row: Any) -> Definition:
    if not isinstance(row, dict):
        raise document.error(f"a digest is a mapping with the keys {', '.join(_KEYS)}", place)
    for key in row:
        if key not in _KEYS:
            raise document.error(f"unknown key {key!r}: a digest has {', '.join(_KEYS)}", place, key)
    for key in ("id", "title"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise document.error(f"{key!r} must be text", place, key)
    if not _ID.fullmatch(row["id"]):
        raise document.error("an id has letters, digits, '-' and '_', at most 40", place, "id")
    search, send, kinds = row.get("search") or "", row.get("send") or "", row.get("kinds")
    if not isinstance(search, str):
        raise document.error("'search' is what stands behind the ? of a search page's address", place, "search")
    if not isinstance(send, str) or (send and not _VARIABLE.fullmatch(send)):
        raise document.error(
            "'send' is the name of an environment variable in capitals, such as DIGEST_TEAM; the addresses themselves "
            "hold passwords and stand in that variable",
            place,
            "send",
        )
    if kinds is None:
        kinds = list(KINDS)
    if not isinstance(kinds, list) or not kinds or not all(kind in KINDS for kind in kinds):
        raise document.error(f"'kinds' is a list of {', '.join(KINDS)}", place, "kinds")
    pairs = tuple(parse_qsl(search.removeprefix("?").partition("?")[2] or search.removeprefix("?")))
    return Definition(row["id"], row["title"].strip(), pairs, tuple(kinds), send)
