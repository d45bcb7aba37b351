"""Finds what a draft refers to: the entries of its reference lists, mentions in the text, and bare identifiers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from evidence.normal import words
from evidence.references.compare import family_key
from evidence.references.identifiers import find_identifiers
from evidence.references.journals import same_journal
from evidence.references.lists import list_entries, reference_sections
from evidence.references.mentions import find_mentions
from evidence.references.types import FoundReference, Pairing, ParsedReference

_NOT_NEWLINE = re.compile(r"[^\n]")
_SENTENCE_END = re.compile(r"[.?!]\s+[A-Z]|\n")
__all__ = ["find_references", "pair_mentions", "reference_sections"]


def find_references(text: str) -> list[FoundReference]:
    """Everything a draft refers to, in order of appearance; offsets are into ``text``."""
    entries = list_entries(text)
    body = _blanked(text, [(text.rfind("\n", 0, entry.start) + 1, entry.end) for entry in entries])  # with its label
    identifiers = list(_identifiers(body))
    mentions = find_mentions(_blanked(body, [(found.start, found.end) for found in identifiers]), entries)
    mentions = _say_which(mentions, identifiers, entries, text)
    return sorted([*entries, *identifiers, *mentions], key=lambda found: found.start)


def pair_mentions(found: Sequence[FoundReference]) -> list[Pairing]:
    """Each in-text mention or identifier with the list entries that it may mean; none fits: ``entries=()``."""
    entries = [reference for reference in found if reference.kind == "list"]
    return [_pairing(reference, entries) for reference in found if reference.kind != "list"]


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
    return [m for m in mentions if not (_only_year(m) and _named(named, bisect_left(ends, m.end), m.parsed.year))]


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


def _pairing(mention: FoundReference, entries: list[FoundReference]) -> Pairing:
    if mention.numbers:
        return Pairing(mention, tuple(entry for entry in entries if entry.number in mention.numbers))
    fitting = tuple(entry for entry in entries if _means(mention.parsed, entry))
    if not fitting and mention.parsed.authors and mention.parsed.year:
        # The year may be the draft's error: an author who stands in the list once is still meant.
        fitting = tuple(entry for entry in entries if _same_author(mention.parsed, entry))
    return Pairing(mention, fitting, ambiguous=len(fitting) > 1)


def _means(mention: ParsedReference, entry: FoundReference) -> bool:
    printed = entry.parsed
    for kind in ("doi", "pmid", "pmcid", "registration"):
        if getattr(mention, kind):
            return getattr(mention, kind) == getattr(printed, kind)
    if mention.year and mention.year != printed.year:
        return False
    if mention.authors:
        return _same_author(mention, entry)
    return bool(mention.journal) and same_journal(mention.journal, printed.journal)


def _same_author(mention: ParsedReference, entry: FoundReference) -> bool:
    """The mentioned name is the entry's first author, or a group that the entry names anywhere."""
    name = mention.authors[0]
    if entry.parsed.authors and family_key(name) == family_key(entry.parsed.authors[0]):
        return True
    group = words(name)
    return len(group) > 1 and " ".join(group) in " ".join(words(entry.text))
