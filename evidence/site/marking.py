"""The words that earned each tag, marked where they stand.

Text is cut at the edges of all marks; a piece under several marks carries all their tags. Nothing is HTML here:
pieces are ``{"text", "tags": [(facet, tag id)]}`` and the template escapes them.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

Piece = dict[str, Any]


def marked_title(title: str, evidence: Iterable[dict[str, Any]]) -> list[Piece]:
    return cut(title, [e for e in evidence if e["field"] == "title"])


def marked_sections(abstract: Iterable[dict[str, Any]], evidence: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each section with its ``pieces``."""
    of_section: dict[Any, list[dict[str, Any]]] = {}
    for item in evidence:
        if item["field"] == "abstract":
            of_section.setdefault(item["section"], []).append(item)
    return [
        {**section, "pieces": cut(section["text"], of_section.get(section["position"], []))} for section in abstract
    ]


def cut(text: str, marks: Iterable[dict[str, Any]]) -> list[Piece]:
    """The text in pieces at the marks' code-point offsets; marks that do not fit the text are left out.

    >>> [p["text"] for p in cut("SCS for pain", [{"facet": "modality", "tag": "scs", "start": 0, "end": 3}])]
    ['SCS', ' for pain']
    """
    fitting = [
        m for m in marks if m["start"] is not None and m["end"] is not None and 0 <= m["start"] < m["end"] <= len(text)
    ]
    edges = sorted({0, len(text), *(m["start"] for m in fitting), *(m["end"] for m in fitting)})
    pieces = []
    for start, end in pairwise(edges):
        tags = {(m["facet"], m["tag"]) for m in fitting if m["start"] <= start and end <= m["end"]}
        pieces.append({"text": text[start:end], "tags": sorted(tags)})
    return pieces
