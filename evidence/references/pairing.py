"""Which entries of a draft's reference list a mention in its text means: looked up by number, name and year."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from evidence.bibliography.journals import same_journal
from evidence.bibliography.normal import words
from evidence.references.compare import family_key
from evidence.references.types import FoundReference, Pairing, ParsedReference

# Of so many entries a name or a number means none in particular; and so many are asked for a journal.
_MOST, _MOST_OF_A_YEAR = 50, 500
_LINE_END = re.compile("\n")
_IDENTIFIERS = ("doi", "pmid", "pmcid", "registration")


class Pairer:
    """The entries of the reference lists, by what a mention may have of them; each question is answered once."""

    def __init__(self, entries: Sequence[FoundReference]):
        self._numbered: dict[int, list[FoundReference]] = defaultdict(list)
        self._identified: dict[tuple[str, str], list[FoundReference]] = defaultdict(list)
        self._of_year: dict[int | None, list[FoundReference]] = defaultdict(list)
        self._by_author: dict[str, list[int]] = defaultdict(list)
        self._entries = entries
        self._words = "\n".join(" ".join(words(entry.text)) for entry in entries)
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(self._words))]
        self._known: dict[tuple[object, ...], tuple[FoundReference, ...]] = {}
        self._named: dict[str, list[int]] = {}
        for position, entry in enumerate(entries):
            printed = entry.parsed
            if entry.number is not None:
                self._numbered[entry.number].append(entry)
            for kind in _IDENTIFIERS:
                if value := getattr(printed, kind):
                    self._identified[kind, value].append(entry)
            self._of_year[printed.year].append(entry)
            if printed.authors:
                self._by_author[family_key(printed.authors[0])].append(position)

    def pairing(self, mention: FoundReference) -> Pairing:
        """The entries that a mention may mean; several for one name are ``ambiguous``."""
        if mention.numbers:
            numbered = {e.start: e for number in mention.numbers for e in self._numbered.get(number, ())}
            return Pairing(mention, tuple(numbered[start] for start in sorted(numbered))[:_MOST])
        parsed = mention.parsed
        identifiers = tuple(getattr(parsed, kind) for kind in _IDENTIFIERS)
        key = (identifiers, parsed.authors[:1], parsed.year, parsed.journal)
        if key not in self._known:
            self._known[key] = tuple(islice(self._fitting(parsed), _MOST))
        fitting = self._known[key]
        return Pairing(mention, fitting, ambiguous=len(fitting) > 1)

    def _fitting(self, parsed: ParsedReference) -> list[FoundReference]:
        for kind in _IDENTIFIERS:
            if value := getattr(parsed, kind):
                return self._identified.get((kind, value), [])
        if parsed.authors:
            same = [self._entries[position] for position in self._of_author(parsed.authors[0])]
            if not parsed.year:
                return same
            # One year off is the draft's slip, or the year online: further off is another paper of that author.
            exact = [entry for entry in same if entry.parsed.year == parsed.year]
            return exact or [
                entry for entry in same if not entry.parsed.year or abs(entry.parsed.year - parsed.year) == 1
            ]
        if not parsed.journal:
            return []
        of_year = self._of_year.get(parsed.year, []) if parsed.year else self._entries
        return [e for e in of_year[:_MOST_OF_A_YEAR] if same_journal(parsed.journal, e.parsed.journal)]

    def _of_author(self, name: str) -> list[int]:
        """The entries whose first author the name is, and those that name a group of several words anywhere."""
        if name not in self._named:
            same = self._by_author.get(family_key(name), [])
            group = words(name)
            if len(group) > 1:
                same = sorted({*same, *self._naming(" ".join(group))})
            self._named[name] = same
        return self._named[name]

    def _naming(self, group: str) -> Iterator[int]:
        at = self._words.find(group)
        while at >= 0:
            position = bisect_right(self._starts, at) - 1
            yield position
            if position + 1 == len(self._starts):
                break
            at = self._words.find(group, self._starts[position + 1])
