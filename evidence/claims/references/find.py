"""Finds what a draft refers to: the entries of its reference lists, mentions in the text, and bare identifiers."""

from __future__ import annotations

from collections.abc import Sequence

from evidence.claims.references.identifiers import find_identifiers
from evidence.claims.references.types import FoundReference, Pairing, ParsedReference


def reference_sections(text: str) -> list[tuple[int, int]]:
    """Where the reference lists stand, as ``(start, end)`` offsets, headings included."""
    return []


def find_references(text: str) -> list[FoundReference]:
    """Everything a draft refers to, in order of appearance."""
    return [
        FoundReference(
            text[i.start : i.end],
            i.start,
            i.end,
            "identifier",
            ParsedReference(text[i.start : i.end], **{i.kind: i.value}),
        )
        for i in find_identifiers(text)
    ]


def pair_mentions(found: Sequence[FoundReference]) -> list[Pairing]:
    """Each in-text mention with the list entries that it may mean; a mention without any has ``entries=()``."""
    return [Pairing(reference, ()) for reference in found if reference.kind == "mention"]
