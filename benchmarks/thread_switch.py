"""What a reader waits for while an export is written, by how soon Python's threads give way.

    python benchmarks/thread_switch.py EVIDENCE.DB [--rounds 4] [--seconds 2.5]

One thread writes CSV of the library's reports without a pause. Beside it a page is asked for every 20 ms: three reads
of 25 rows, each handed from the event loop to a thread and back, as the site does. The two intervals take turns, so
that what else runs on the machine bears on both. ``evidence.site.server`` sets the shorter one.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evidence.exchange.writing import write_records  # noqa: E402
from evidence.library.rows import records_of  # noqa: E402
from evidence.readonly import open_readonly  # noqa: E402
from evidence.site.server import SWITCH_SECONDS  # noqa: E402

PYTHONS_OWN, READS, ROWS = 0.005, 3, 25
PAGE = f"SELECT id, title, authors FROM reports WHERE rowid > ? LIMIT {ROWS}"


def export(path: Path, stop: threading.Event) -> None:
    conn = open_readonly(path)
    rowids = [rowid for (rowid,) in conn.execute("SELECT rowid FROM reports LIMIT 3000")]
    while not stop.is_set():
        for _ in write_records(records_of(conn, rowids, abstracts=lambda source: True), "csv"):
            if stop.is_set():
                return


async def pages(path: Path, seconds: float) -> list[float]:
    """Milliseconds that each page took, sorted."""
    conn = open_readonly(path, check_same_thread=False)
    loop, times, end, number = asyncio.get_running_loop(), list[float](), time.monotonic() + seconds, 0
    with ThreadPoolExecutor(1) as reader:
        while time.monotonic() < end:
            await asyncio.sleep(0.02)
            began = time.perf_counter()
            for _ in range(READS):
                number += ROWS
                await loop.run_in_executor(reader, lambda at: conn.execute(PAGE, (at,)).fetchall(), number)
            times.append((time.perf_counter() - began) * 1000)
    conn.close()
    return sorted(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=2.5)
    options = parser.parse_args()
    stop = threading.Event()
    writer = threading.Thread(target=export, args=(options.database, stop))
    writer.start()
    try:
        for _ in range(options.rounds):
            for interval in (PYTHONS_OWN, SWITCH_SECONDS):
                sys.setswitchinterval(interval)
                times = asyncio.run(pages(options.database, options.seconds))
                middle, late = times[len(times) // 2], times[int(len(times) * 0.95)]
                print(
                    f"{interval * 1000:.1f} ms: {len(times)} pages, median {middle:.1f}, 95th {late:.1f} ms", flush=True
                )
    finally:
        stop.set()
        writer.join()


if __name__ == "__main__":
    main()
