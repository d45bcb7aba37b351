"""Finds what a draft refers to: the entries of its reference lists, mentions in the text, and bare identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from evidence.claims.references.compare import family_key
from evidence.claims.references.identifiers import find_identifiers
from evidence.claims.references.journals import same_journal
from evidence.claims.references.lists import list_entries, reference_sections
from evidence.claims.references.mentions import find_mentions
from evidence.claims.references.types import FoundReference, Pairing, ParsedReference
from evidence.normal import words

_NOT_NEWLINE = re.compile(r"[^\n]")
__all__ = ["find_references", "pair_mentions", "reference_sections"]


def find_references(text: str) -> list[FoundReference]:
    """Everything a draft refers to, in order of appearance; offsets are into ``text``."""
    entries = list_entries(text)
    body = _blanked(text, [(text.rfind("\n", 0, entry.start) + 1, entry.end) for entry in entries])  # with its label
    identifiers = list(_identifiers(body))
    mentions = find_mentions(_blanked(body, [(found.start, found.end) for found in identifiers]), entries)
    return sorted([*entries, *identifiers, *mentions], key=lambda found: found.start)


def pair_mentions(found: Sequence[FoundReference]) -> list[Pairing]:
    """Each in-text mention or identifier with the list entries that it may mean; none fits: ``entries=()``."""
    entries = [reference for reference in found if reference.kind == "list"]
    return [_pairing(reference, entries) for reference in found if reference.kind != "list"]


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
