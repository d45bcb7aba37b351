"""Retraction Watch's list into the tracker: its rows are kept as answers are, each when it says something new."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass, field

from evidence.exchange.encoding import text_of_file
from evidence.exchange.reading import Problem
from evidence.sources import Item, retractionwatch
from evidence.tracker.records import Tracker

LIST_FORMAT = "retraction-watch"
# Rows kept together: small enough that one revised row costs little, large enough to compress.
_TOGETHER = 500
_HEAD = 4000
# A whole list that lacks more of what is known than this was cut, or is an older one: what it lacks is not gone.
_MOST_GONE = 0.02


@dataclass(slots=True)
class NoticeList:
    """A list as it was read: the rows by subject, and what was wrong; ``cut`` when the file ends early."""

    rows: dict[str, Item] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    cut: bool = False


@dataclass(slots=True)
class ListCounts:
    """What became of a list's rows, and what has to be known of it."""

    new: int = 0
    revised: int = 0
    notes: list[str] = field(default_factory=list)


def read_list(data: bytes) -> NoticeList | None:
    """The rows of a file, ``None`` when it is no such list. Raises :class:`InputError` when it is no text."""
    if retractionwatch.NATURE.encode() not in _beginning(data):
        return None
    text, cut = text_of_file(data)
    if not retractionwatch.is_list(text):
        return None
    found, last = NoticeList(cut=cut is not None), 1
    for last, row in retractionwatch.rows_of(text):
        if isinstance(row, str):
            found.problems.append(Problem(last, row))
        elif (held := found.rows.setdefault(retractionwatch.subject_of(row), row)) != row:
            number = held[retractionwatch.NUMBER]
            found.problems.append(Problem(last, f"record {number} stands in it twice, and differs: the first is kept"))
    if cut:
        found.problems.append(Problem(last, cut))
    found.cut = found.cut or bool(found.problems and found.problems[-1].line == last)
    return found


def _beginning(data: bytes) -> bytes:
    if data[:2] != b"\x1f\x8b":
        return data[:_HEAD]
    try:
        return zlib.decompressobj(31).decompress(data, _HEAD)
    except zlib.error:
        return b""


def store_list(tracker: Tracker, held: NoticeList) -> ListCounts:
    """Keep the rows; a row that a whole list has no more is gone from then on."""
    known = {asked.subject: asked.item for asked in tracker.asked(retractionwatch.NAME)}
    current = {subject for subject, item in known.items() if item is not None}
    counts = ListCounts()
    started = tracker.now()
    prints = {subject: _print(row) for subject, row in held.rows.items()}
    counts.new = len(prints.keys() - current)
    counts.revised = sum(known[subject] != prints[subject] for subject in prints.keys() & current)
    subjects = list(held.rows)
    for start in range(0, len(subjects), _TOGETHER):
        together = subjects[start : start + _TOGETHER]
        content = retractionwatch.packed(held.rows[one] for one in together)
        tracker.store_answer(retractionwatch.NAME, content, {one: prints[one] for one in together})
    gone = sorted(current - prints.keys())
    whole = len(prints) >= retractionwatch.WHOLE and not held.cut and len(gone) <= _MOST_GONE * len(current)
    counts.notes.append("its rows are notices, not reports: 'evidence build' shows those on reports of the library")
    if whole and gone:
        tracker.store_answer(retractionwatch.NAME, b"", dict.fromkeys(gone))
        counts.notes.append(f"{len(gone):,} rows are no more in the list: their notices are gone from here on")
    if not whole:
        counts.notes.append(
            "it is taken for an excerpt of the list (the whole one has more than "
            f"{retractionwatch.WHOLE:,} rows, and does not end early): what it lacks says nothing"
        )
    row_counts = {"asked": len(prints), "found": len(prints), "failed": len(held.problems), "requests": 0}
    tracker.log_enrichment(retractionwatch.NAME, started, row_counts, None if whole else "an excerpt")
    return counts


def _print(row: Item) -> str:
    said = json.dumps(retractionwatch.said_by(row), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
