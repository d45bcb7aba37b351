"""Speed of the site: ``python benchmarks/site.py [--reports 50000] [--seconds 45] [--workers 1]``.

Makes an invented library of that size (Zipf-distributed words, see tests/site/large_site.py), serves it with the
real server in a process of its own, and asks as eight readers do who pause a second between pages: home, map,
filtered map, facets, searches of 2 to 4 words from real titles of the library, reports. Then without pauses, for the
throughput. The anchor, in the same run and on the same file: stock Datasette without this plugin.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "site")]
CLIENTS, PAUSE, QUERIES = 8, 1.0, 200
PORT = 8461
LIMITS = {50_000: (50, 200), 200_000: (100, 400)}
SITE = """
import sys
from pathlib import Path
from evidence.project import Project
from evidence.site.server import serve
if __name__ == "__main__":
    serve(Project(Path(sys.argv[1])), "127.0.0.1", int(sys.argv[2]), workers=int(sys.argv[3]))
"""
STOCK = """
import sys, uvicorn
from datasette.app import Datasette
from datasette.plugins import pm
for plugin in list(pm.get_plugins()):
    if getattr(plugin, "__name__", "").startswith("evidence"):
        pm.unregister(plugin)
tables = {"reports": {"facets": ["evidence_level", "design"], "fts_table": "reports_fts", "fts_pk": "rowid"}}
settings = {"suggest_facets": False, "default_page_size": 25}
metadata = {"databases": {"evidence": {"tables": tables}}}
datasette = Datasette(immutables=[sys.argv[1] + "/data/evidence.db"], settings=settings, metadata=metadata)
uvicorn.run(datasette.app(), host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
"""


def make_project(directory: Path, reports: int) -> Path:
    from large_site import large_database

    (directory / "data").mkdir(parents=True)
    (directory / "queries").mkdir()
    (directory / "metadata.yml").write_text((ROOT / "metadata.yml").read_text(encoding="utf-8"), encoding="utf-8")
    large_database(directory / "data" / "evidence.db", reports)
    return directory


@contextmanager
def server(program: str, project: Path, workers: int = 1) -> Iterator[str]:
    """The program serving the project on loopback; ended when left."""
    process = subprocess.Popen([sys.executable, "-c", program, str(project), str(PORT), str(workers)], cwd=ROOT)
    address = f"http://127.0.0.1:{PORT}"
    try:
        for _ in range(300):
            try:
                httpx.get(f"{address}/-/versions.json", timeout=1)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def site_requests(project: Path, rng: random.Random) -> list[tuple[str, str]]:
    """``(kind, path)``: 200 searches and 40 of every other kind, shuffled."""
    conn = sqlite3.connect(project / "data" / "evidence.db")
    sample = "SELECT title, id FROM reports WHERE scope != 'off_topic' AND rowid % 97 = 1 LIMIT 500"
    titles, ids = zip(*conn.execute(sample).fetchall(), strict=True)
    searches = ["+".join(rng.sample(rng.choice(titles).split(), rng.randint(2, 4))) for _ in range(QUERIES)]
    modalities, outcomes = ("scs", "drg", "pens", "tens", "itdd"), ("pain_intensity", "function", "ae", "opioid_use")
    asked = [("search", f"/search?q={words}") for words in searches]
    asked += [("home", "/"), ("map", "/map")] * 40
    asked += [("report", f"/reports/{name}") for name in ids[:40]]
    for _ in range(40):
        year, design = rng.randint(1985, 2020), rng.choice(("rct", "cohort", "review"))
        asked.append(("filtered map", f"/map?from={year}&design={design}"))
        modality, outcome, page = rng.choice(modalities), rng.choice(outcomes), rng.randint(1, 9)
        asked.append(("facets", f"/search?modality={modality}&outcome={outcome}&page={page}"))
    rng.shuffle(asked)
    return asked


def stock_requests(project: Path, rng: random.Random) -> list[tuple[str, str]]:
    """The same searches and reports, and tables with two facets, at stock Datasette's addresses."""
    found = []
    for kind, path in site_requests(project, rng):
        if kind == "search":
            found.append(("stock search", f"/evidence/reports?_search={path.partition('=')[2]}"))
        elif kind == "report":
            found.append(("stock row", "/evidence" + path))
        elif kind == "facets":
            found.append(("stock table, two facets", f"/evidence/reports?year={rng.randint(1990, 2025)}"))
    return found


Times = dict[str, list[float]]


async def ask_all(address: str, asked: list[tuple[str, str]], pause: float, seconds: float) -> tuple[Times, float]:
    """Times in milliseconds by kind, and requests a second; stops after ``seconds``."""
    waiting, times = iter(asked), cast(Times, {})
    started = time.monotonic()

    async def reader(client: httpx.AsyncClient, delay: float) -> None:
        await asyncio.sleep(delay)
        for kind, path in waiting:
            if time.monotonic() - started > seconds:
                return
            began = time.perf_counter()
            response = await client.get(address + path)
            stopped = response.status_code == 400 and "nterrupted" in response.text
            assert response.status_code == 200 or stopped, (path, response.status_code)
            label = f"{kind}, stopped at 1 s" if stopped else kind
            times.setdefault(label, []).append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(pause)

    async with httpx.AsyncClient(timeout=30) as client:
        await asyncio.gather(*(reader(client, pause * number / CLIENTS) for number in range(CLIENTS)))
    return times, sum(map(len, times.values())) / (time.monotonic() - started)


async def processor_times(project: Path, asked: list[tuple[str, str]]) -> Times:
    """Milliseconds of processor time by kind, one page at a time, none cached: a busy machine cannot blur it."""
    from evidence.project import Project
    from evidence.site.server import make_datasette
    from evidence.site.state import find_site

    datasette = make_datasette(Project(project))
    await datasette.client.get("/robots.txt")
    site = find_site(datasette)
    assert site is not None
    times: Times = {}
    for kind, path in asked:
        site.cache.pages.clear()
        began = time.process_time()
        response = await datasette.client.get(path)
        times.setdefault(kind, []).append((time.process_time() - began) * 1000)
        assert response.status_code == 200, (path, response.status_code)
    return times


def report(title: str, times: Times, rate: float | None, limits: tuple[int, int] | None = None) -> None:
    print(f"\n{title}" + (f" ({rate:.1f} requests/s)" if rate else ""))
    print(f"  {'page':26}{'n':>5}{'median ms':>11}{'95th ms':>9}{'max ms':>8}")
    for kind, values in sorted(times.items()):
        ordered = sorted(values)
        median, late = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
        verdict = "" if limits is None else ("  within" if median < limits[0] and late < limits[1] else "  MISSED")
        print(f"  {kind:26}{len(ordered):5}{median:11.1f}{late:9.1f}{ordered[-1]:8.1f}{verdict}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=70.0, help="at most this long with pauses, a third without")
    parser.add_argument("--workers", type=int, default=1, help="processes that answer")
    options = parser.parse_args()
    limits = LIMITS.get(options.reports)
    with tempfile.TemporaryDirectory() as directory:
        project = make_project(Path(directory) / "project", options.reports)
        size = (project / "data" / "evidence.db").stat().st_size
        load = os.getloadavg()[0]
        print(f"{options.reports:,} invented reports, {size / 1e6:.0f} MB, {os.cpu_count()} cores, load {load:.1f}")
        rng = random.Random(11)
        times = asyncio.run(processor_times(project, site_requests(project, rng)))
        report("This site, processor time of a page that is not cached", times, None, limits)
        with server(SITE, project, options.workers) as address:
            times, rate = asyncio.run(ask_all(address, site_requests(project, rng), PAUSE, options.seconds))
            report("This site, eight readers pausing 1 s", times, rate, limits)
            times, rate = asyncio.run(ask_all(address, site_requests(project, rng), 0, options.seconds / 3))
            report("This site, eight readers without pause", times, rate)
        with server(STOCK, project) as address:
            times, rate = asyncio.run(ask_all(address, stock_requests(project, rng), PAUSE, options.seconds))
            report("Anchor: stock Datasette, eight readers pausing 1 s", times, rate)


if __name__ == "__main__":
    main()
