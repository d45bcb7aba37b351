"""What a reader yields, entry by entry."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from evidence.record import Record


@dataclass(frozen=True, slots=True)
class Unread:
    """What stood in the file and was not read: a tag's or a column's name → the number of entries that have it."""

    names: Counter[str] = field(default_factory=Counter)


# The line an entry begins at, and its record or the reason why it has none; what was not read may come at any time.
Entry = tuple[int, Record | str | Unread]
