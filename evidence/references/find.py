"""Finds what a draft refers to: the entries of its reference lists, mentions in the text, and bare identifiers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from evidence.bibliography.identifiers import find_identifiers
from evidence.references.compare import family_key
from evidence.references.lists import list_entries, reference_sections
from evidence.references.mentions import find_mentions
from evidence.references.pairing import Pairer
from evidence.references.short_notes import pointed, short_notes
from evidence.references.types import FoundReference, Pairing, ParsedReference

_NOT_NEWLINE = re.compile(r"[^\n]")
_SENTENCE_END = re.compile(r"[.?!]\s+[A-Z]|\n")
__all__ = ["find_references", "pair_mentions", "reference_sections"]


def find_references(text: str, out_of_time: Callable[[], bool] = lambda: False) -> list[FoundReference]:
    """Everything a draft refers to, in order of appearance; offsets are into ``text``.

    ``out_of_time`` is asked before each line and each way of citing; what comes later is not found.
    """
    entries = list_entries(text, out_of_time)
    meant, notes = short_notes(text, entries)
    entries = [entry for entry in entries if entry.number not in meant]
    body = _blanked(text, [(text.rfind("\n", 0, entry.start) + 1, entry.end) for entry in entries])  # with its label
    identifiers = list(_identifiers(body))
    taken = sorted([*((found.start, found.end) for found in identifiers), *notes])
    mentions = pointed(find_mentions(_blanked(body, taken), entries, out_of_time, meant), meant)
    mentions = _say_which(mentions, identifiers, entries, text)
    return sorted([*entries, *identifiers, *mentions], key=lambda found: found.start)


def pair_mentions(found: Sequence[FoundReference]) -> list[Pairing]:
    """Each in-text mention or identifier with the list entries that it may mean; none fits: ``entries=()``."""
    pairer = Pairer([reference for reference in found if reference.kind == "list"])
    return [pairer.pairing(reference) for reference in found if reference.kind != "list"]


def _say_which(
    mentions: Sequence[FoundReference], explicit: Sequence[FoundReference], entries: Sequence[FoundReference], text: str
) -> list[FoundReference]:
    """The mentions without those that their sentence says again: ``A 2019 trial cured nobody (Oak et al., 2019)``."""
    ends = [match.start() for match in _SENTENCE_END.finditer(text)]
    by_number = {entry.number: entry.parsed.year for entry in entries}
    named: set[tuple[int, int | None]] = set()  # (sentence, year); a bare identifier may be of any year
    for one in (*explicit, *mentions):
        place = bisect_left(ends, one.end)
        if one.kind == "identifier":
            named.add((place, None))
        elif one.numbers:
            named.update((place, by_number.get(number)) for number in one.numbers)
        elif one.parsed.authors:
            named.add((place, one.parsed.year))
    listed = {family_key(entry.parsed.authors[0]) for entry in entries if entry.parsed.authors}
    return [
        mention
        for mention in mentions
        if not (_only_year(mention) and _named(named, bisect_left(ends, mention.end), mention.parsed.year))
        and not (_only_author(mention, listed) and (bisect_left(ends, mention.end), None) in named)
    ]


def _only_author(mention: FoundReference, listed: set[str]) -> bool:
    """``Oak and colleagues (https://doi.org/…)``: without a year and a place in the list the link says it all."""
    parsed = mention.parsed
    return bool(parsed.authors) and not parsed.year and family_key(parsed.authors[0]) not in listed


def _only_year(mention: FoundReference) -> bool:
    return not (mention.parsed.authors or mention.parsed.journal or mention.numbers)


def _named(named: set[tuple[int, int | None]], place: int, year: int | None) -> bool:
    return (place, year) in named or (place, None) in named


def _identifiers(text: str) -> Iterator[FoundReference]:
    for identifier in find_identifiers(text):
        printed = text[identifier.start : identifier.end]
        fields = {identifier.kind: identifier.value}
        parsed = ParsedReference(
            printed,
            doi=fields.get("doi"),
            pmid=fields.get("pmid"),
            pmcid=fields.get("pmcid"),
            registration=fields.get("registration"),
        )
        yield FoundReference(printed, identifier.start, identifier.end, "identifier", parsed)


def _blanked(text: str, taken: Sequence[tuple[int, int]]) -> str:
    """The same length, with what was found already as blanks; line ends stay. The spans are in order."""
    pieces, position = [], 0
    for start, end in taken:
        pieces.append(text[position:start])
        pieces.append(_NOT_NEWLINE.sub(" ", text[max(start, position) : end]))
        position = end
    return "".join([*pieces, text[position:]])
