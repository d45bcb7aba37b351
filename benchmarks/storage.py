"""Storing records in the tracker: CPU against parsing the same records, and the size of the archive.

    python benchmarks/storage.py [DIRECTORY with efetch answers *.xml.gz] [--records 10000]

The real records are repeated under new PMIDs until there are enough. The archive's ratio is told twice: over all
versions, and over real records that the dictionary was not trained on (each once).
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(Path(__file__).parent))

from parse import real_records  # noqa: E402

from evidence.exchange.pubmed import Received, content_hash, parse_record  # noqa: E402
from evidence.tracker import Tracker, check_tracker  # noqa: E402
from evidence.tracker.archive import Archive, train_dictionary  # noqa: E402

BATCH = 200  # records an efetch answer brings


def renumbered(records: list[bytes], count: int) -> Iterator[bytes]:
    for number in range(count):
        xml = records[number % len(records)]
        yield re.sub(rb"(<PMID[^>]*>)\d+", rb"\g<1>%d" % (number + 1), xml, count=1)


def timed_parse(batch: list[bytes]) -> tuple[list[Received], float]:
    start = time.process_time()
    received = [Received(parse_record(xml), xml, content_hash(xml)) for xml in batch]
    return received, time.process_time() - start


def store_all(tracker: Tracker, records: list[bytes]) -> tuple[float, float, float]:
    """CPU seconds of parsing, of storing, and of storing what is there already."""
    refresh = tracker.begin_refresh()
    parsing = storing = again = 0.0
    for start in range(0, len(records), BATCH):
        received, spent = timed_parse(records[start : start + BATCH])
        parsing += spent
        begun = time.process_time()
        tracker.store_batch(refresh, received)
        storing += time.process_time() - begun
        begun, changes = time.process_time(), tracker.db.conn.total_changes
        tracker.store_batch(refresh, received)
        again += time.process_time() - begun
        assert tracker.db.conn.total_changes == changes, "unchanged records wrote something"
    return parsing, storing, again


def held_out(records: list[bytes]) -> tuple[float, float, float]:
    """Ratio and MB/s of packing, MB/s of unpacking, of records that the dictionary has not seen."""
    dictionary = train_dictionary(records[:BATCH])
    assert dictionary is not None
    archive = Archive({})
    number = archive.add(dictionary)
    rest = list(dict.fromkeys(records[BATCH:]))
    size = sum(map(len, rest))
    archive.pack(rest[0], number)
    start = time.process_time()
    packed = [archive.pack(xml, number) for xml in rest]
    packing = time.process_time() - start
    start = time.process_time()
    assert [archive.unpack(content) for content in packed] == rest
    unpacking = time.process_time() - start
    return sum(map(len, packed)) / size, size / packing / 1e6, size / unpacking / 1e6


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("directory", nargs="?", type=Path, default=ROOT.parent / "shared" / "pubmed")
    options.add_argument("--records", type=int, default=10_000)
    chosen = options.parse_args()
    real = real_records(chosen.directory)
    records = list(renumbered(real, chosen.records))
    with tempfile.TemporaryDirectory() as directory, Tracker.open(Path(directory) / "tracker.db") as tracker:
        parsing, storing, again = store_all(tracker, records)
        packed, size = tracker.db.execute("SELECT sum(length(content)), sum(size) FROM versions").fetchone()
        dictionary = sum(map(len, tracker.dictionaries().values()))
        tracker.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        file_size = tracker.path.stat().st_size
        start = time.process_time()
        read = sum(len(stored.content) for stored in tracker.stored())
        reading = time.process_time() - start
        problems = check_tracker(tracker)
    assert read == size and not problems
    ratio, packing_speed, unpacking_speed = held_out(real)
    print(f"{len(records):,} records, {size / 1e6:.0f} MB of XML, batches of {BATCH}")
    print(f"parsing                {parsing:6.2f} s CPU")
    print(f"storing                {storing:6.2f} s CPU  {storing / parsing:.2f} of parsing")
    print(f"storing what is there  {again:6.2f} s CPU  {again / parsing:.3f} of parsing, nothing written")
    print(f"reading all back       {reading:6.2f} s CPU")
    with_dictionary, whole = (packed + dictionary) / size, file_size / size
    print(f"archive: {with_dictionary:.1%} of the XML with its dictionary; the database file {whole:.1%}")
    speeds = f"packing {packing_speed:.0f} MB/s, unpacking {unpacking_speed:.0f} MB/s"
    print(f"records the dictionary has not seen: {ratio:.1%}; {speeds}")


if __name__ == "__main__":
    main()
