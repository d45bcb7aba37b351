"""De-duplication in parts: how blocks and pairs spread over them, CPU, memory, and whether the clusters are the same.

    python benchmarks/dedupe_parts.py [--records 100000] [--parts 8] [--processes 2]

The records are those of ``benchmarks/dedupe_scaling.py``. Each way is run in a process that begins as a copy of this
one, with the records in hand: memory is what it adds (its own pages, not those that it shares with this one).
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import resource
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from dedupe_scaling import ROOT, read, records

from evidence.deduplicate.block import Cut, candidate_pairs, make_blocks
from evidence.deduplicate.columns import Columns, row_of
from evidence.deduplicate.merge import merge_items
from evidence.deduplicate.pipeline import Matched, deduplicate_items
from evidence.deduplicate.prepare import Item, prepare_row

FORK = multiprocessing.get_context("fork")
_ITEMS: list[Item] = []
_find: Callable[[int], Matched] | None = None


def over_processes(find: Callable[[int], Matched], parts: int, processes: int) -> Iterable[Matched]:
    """Every part in one of some processes that began as copies of this one."""
    global _find
    _find = find
    with FORK.Pool(processes) as pool:
        yield from pool.imap_unordered(_one, range(parts), chunksize=1)


def _one(part: int) -> Matched:
    assert _find is not None
    return _find(part)


def own_mb() -> float:
    """Megabytes that this process shares with no other."""
    total = 0
    with suppress(OSError):
        for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
            if line.startswith(("Private_Clean", "Private_Dirty")):
                total += int(line.split()[1])
    return total / 1024


def run(parts: int, processes: int, queue: object) -> None:
    most, over = [own_mb()], threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            most.append(own_mb())

    threading.Thread(target=watch, daemon=True).start()
    began, cpu = time.monotonic(), time.process_time()
    how = {"over": lambda find, parts: over_processes(find, parts, processes)} if processes else {}
    found = deduplicate_items(_ITEMS, lambda p: merge_items([_ITEMS[at] for at in p]), parts=parts, **how)  # type: ignore[arg-type]
    over.set()
    said = repr((found.clusters, sorted(found.merges, key=repr), found.log)).encode()
    children = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    queue.put((hashlib.sha256(said).hexdigest(), len(found.clusters), time.process_time() - cpu, children,  # type: ignore[attr-defined]
               time.monotonic() - began, max(most)))  # fmt: skip


def shares(parts: int) -> None:
    columns = Columns(row_of(item) for item in _ITEMS)
    positions = range(len(_ITEMS))
    frequency = columns.word_frequency(positions)
    blocks, pairs = [], []
    for part in range(parts):
        made = make_blocks(columns, positions, frequency, part, parts)
        blocks.append(sum(1 for _ in made))
        pairs.append(sum(1 for _ in candidate_pairs(columns, made, _ITEMS.__getitem__, Cut())))
    print(f"blocks a part: {min(blocks):,} to {max(blocks):,}, together {sum(blocks):,}")
    print(f"pairs compared a part: {min(pairs):,} to {max(pairs):,}, together {sum(pairs):,}")
    made = make_blocks(columns, positions, frequency)
    whole = sum(1 for _ in candidate_pairs(columns, made, _ITEMS.__getitem__, Cut()))
    tracemalloc.start()
    held = []
    for many in (1, parts):
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        for _ in candidate_pairs(
            columns, make_blocks(columns, positions, frequency, 0, many), _ITEMS.__getitem__, Cut()
        ):
            pass
        held.append((tracemalloc.get_traced_memory()[1] - before) / len(_ITEMS))
    tracemalloc.stop()
    print(f"memory of blocks and pairs: {held[0]:.0f} bytes a record in one part, {held[1]:.0f} in one of {parts}")
    print(f"in one part {whole:,}: {sum(pairs) / whole - 1:.1%} of the pairs stand in two parts and are compared twice")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--parts", type=int, default=8)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "dedup")
    options = parser.parse_args()
    _ITEMS.extend(prepare_row(row) for row in records(read(options.data), options.records, ""))
    print(f"{len(_ITEMS):,} records, {options.parts} parts")
    shares(options.parts)
    answers = set()
    ways = {
        "one part": (1, 0),
        "parts in turn": (options.parts, 0),
        "parts over processes": (options.parts, options.processes),
    }
    for name, (parts, processes) in ways.items():
        queue = FORK.Queue()
        process = FORK.Process(target=run, args=(parts, processes, queue))
        process.start()
        answer, clusters, own, children, wall, most = queue.get()
        process.join()
        answers.add(answer)
        print(f"| {name} | {clusters:,} clusters | CPU {own:.1f} + {children:.1f} s | {wall:.1f} s | {most:.0f} MB |")
    print("the same clusters, merges and log" if len(answers) == 1 else "DIFFERENT clusters")


if __name__ == "__main__":
    main()
