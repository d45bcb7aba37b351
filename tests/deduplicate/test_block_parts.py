"""Blocks compared in parts, in turn or in other processes: the same clusters, merges and log as in one."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Callable, Iterable

import pytest
from invented_records import drift, invent

from evidence.deduplicate.block import Cut, candidate_pairs, make_blocks
from evidence.deduplicate.columns import Columns, row_of
from evidence.deduplicate.merge import merge_items
from evidence.deduplicate.pipeline import Matched, deduplicate_items
from evidence.deduplicate.prepare import Item, prepare_row
from evidence.deduplicate.types import Deduplication

_find: list[Callable[[int], Matched]] = []


def records(seed: int) -> list[Item]:
    """Documents of one to four records, a supplement under one DOI, and 600 editorials of one title."""
    chance = random.Random(seed)
    rows = []
    for number in range(400):
        row = invent(number, chance)
        rows += [row, *(drift(row, f"d{number}.{copy}", chance) for copy in range(chance.randint(0, 3)))]
        if number % 40 == 0:
            row["doi"] = "10.9999/supplement"
    for number in range(600):
        extra = invent(10_000 + number, chance)
        rows.append(extra | {"title": "Editorial on the practice of medicine", "doi": "", "volume": str(number % 9)})
    chance.shuffle(rows)
    return [prepare_row(row) for row in rows]


def deduplicated(items: list[Item], **how: object) -> Deduplication:
    return deduplicate_items(items, lambda positions: merge_items([items[at] for at in positions]), **how)  # type: ignore[arg-type]


def backwards(find: Callable[[int], Matched], parts: int) -> Iterable[Matched]:
    return [find(part) for part in reversed(range(parts))]


def _asked(part: int) -> Matched:
    return _find[0](part)


def in_processes(find: Callable[[int], Matched], parts: int) -> Iterable[Matched]:
    _find[:] = [find]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        yield from pool.imap_unordered(_asked, range(parts))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_parts_change_nothing(seed: int) -> None:
    items = records(seed)
    whole = deduplicated(items)
    assert 400 < len(whole.clusters) < len(items) and whole.merges
    assert any("records share the title" in line for line in whole.log)
    for parts in (2, 7, 64):
        assert deduplicated(items, parts=parts) == whole
    assert deduplicated(items, parts=5, over=backwards) == whole
    assert deduplicated(items, parts=5, over=in_processes) == whole


def test_every_block_is_in_one_part() -> None:
    items = records(4)
    columns = Columns(row_of(item) for item in items)
    positions = range(len(items))
    frequency = columns.word_frequency(positions)
    whole = sorted((kind, members) for kind, members in make_blocks(columns, positions, frequency))
    parted = [list(make_blocks(columns, positions, frequency, part, 6)) for part in range(6)]
    assert sorted(block for part in parted for block in part) == whole
    assert all(len(whole) / 12 < len(part) < len(whole) / 3 for part in parted)

    def pairs(part: int, parts: int) -> set[tuple[int, int]]:
        blocks = make_blocks(columns, positions, frequency, part, parts)
        return set(candidate_pairs(columns, blocks, items.__getitem__, Cut()))

    assert set.union(*(pairs(part, 6) for part in range(6))) == pairs(0, 1)
