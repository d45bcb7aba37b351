"""Notes that name an entry again instead of printing it: "Stevens 2000.", "Ibid., p. 4", "See note 3".

The first note of a work prints it whole, the later ones are short. A number in the text that leads to a short note
means the work of the whole one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from evidence.references.compare import family_key
from evidence.references.lists import numbered_items
from evidence.references.types import FoundReference

_AGAIN = re.compile(r"(?:ibid(?:em)?|id(?:em)?|loc\.? cit|the same|same (?:place|source|study|paper))\b", re.I)
_NOTE = re.compile(
    r"\b(?:see |as in |cf\.? )?(?:above,? )?\(?(?:note|footnote|endnote|reference|ref\.?|no?\.)\s*(\d{1,3})\b", re.I
)
_NAME = re.compile(
    r"(?:[Ss]ee (?:also )?|[Cc]f\.? |[Aa]s in |[Aa]gain )?"
    r"((?:(?:van|von|de|der|den|di|da|le|la|del|el|al) ){0,3}[A-Z][\w'\u2019-]+)"
    r"(?P<rest>.*)",
    re.S,
)
_YEAR = re.compile(r"\b(?:18|19|20)\d\d\b")
_MOST_WORDS = 16
# What may follow a name in a short note: other names, "et al.", initials, a year, a short title, a page, "op. cit.".
_SENTENCE = re.compile(r"\b(?:is|are|was|were|has|have|found|showed|reported|see the)\b", re.I)


def short_notes(text: str, entries: Sequence[FoundReference]) -> tuple[dict[int, int], list[tuple[int, int]]]:
    """``{number of a short note: number of the entry that it means}``, and where those notes stand.

    A short note may be among the ``entries``, which are read by their numbers; it comes after the first whole one.
    """
    numbered = {entry.number: entry for entry in entries if entry.number is not None}
    if not numbered:
        return {}, []
    meant: dict[int, int] = {}
    spans: list[tuple[int, int]] = []
    whole: list[FoundReference] = []
    last: int | None = None
    for item in numbered_items(text, min(entry.start for entry in numbered.values())):
        if item.number is None or item.number in meant:
            continue
        last = _means(item.text, last, meant, whole) if _short(item.text, numbered.get(item.number)) else None
        if last is not None:
            meant[item.number] = last
            spans.append((item.start, item.end))
        elif item.number in numbered:
            last = meant[item.number] = item.number
            whole.append(numbered[item.number])
    return {note: number for note, number in meant.items() if note != number}, spans


def _short(note: str, entry: FoundReference | None) -> bool:
    """Whether a line has room for a name and no more: no journal with a volume, no identifier, no sentence."""
    if len(note.split()) > _MOST_WORDS or _SENTENCE.search(note):
        return False
    if entry is None or _AGAIN.match(note) or _NOTE.search(note):
        return True
    printed = entry.parsed
    in_journal = printed.journal and printed.volume and not _YEAR.fullmatch(printed.volume)
    return not (in_journal or printed.doi or printed.pmid or printed.pmcid or printed.registration)


def _means(note: str, last: int | None, meant: dict[int, int], before: Sequence[FoundReference]) -> int | None:
    if _AGAIN.match(note):
        return last
    if found := _NOTE.search(note):
        return meant.get(int(found.group(1)))
    named = _NAME.match(note)
    if named is None:
        return None
    key = family_key(named.group(1))
    same = [entry for entry in before if entry.parsed.authors and family_key(entry.parsed.authors[0]) == key]
    if year := _YEAR.search(named["rest"]):
        same = [entry for entry in same if entry.parsed.year == int(year.group())]
    titled = [entry for entry in same if _title(named["rest"], entry)] if len(same) > 1 else same
    return titled[0].number if len(titled) == 1 else None


def _title(rest: str, entry: FoundReference) -> bool:
    """Whether what stands behind the name has three words of the entry's title in their order, or its first."""
    title = re.findall(r"\w+", entry.parsed.title.lower())
    said = " ".join(re.findall(r"\w+", rest.lower()))
    return any(" ".join(title[i : i + 3]) in said for i in range(max(1, len(title) - 2))) if title else False


def pointed(mentions: Sequence[FoundReference], meant: dict[int, int]) -> list[FoundReference]:
    """The mentions, with the numbers of short notes replaced by those of the entries that they mean."""
    return [
        replace(one, numbers=tuple(dict.fromkeys(meant.get(number, number) for number in one.numbers)))
        if any(number in meant for number in one.numbers)
        else one
        for one in mentions
    ]
