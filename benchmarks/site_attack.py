"""The site under attack: ``python benchmarks/site_attack.py [--reports 200000] [--seconds 20] [--checkout DIRECTORY]``.

Serves an invented library (tests/site/large_site.py) with the real server on loopback, in a process of its own, and
asks as eight readers do who pause a second between pages (benchmarks/site.py), while a second process does one of
:data:`ATTACKS`. Printed for each: what the readers waited and what they were refused, what the attackers were answered,
how many bytes of log were written, and the server's memory. ``--checkout`` serves with the code of another checkout, so
that before and after are measured by one script. Everything stays on 127.0.0.1 and ends by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import resource
import runpy
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.synchronize import Event
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "site")]
# By its path: the standard library has a module of that name.
SITE = runpy.run_path(str(ROOT / "benchmarks" / "site.py"))

PORT, READERS, PAUSE, CLIENTS, HALF_OPEN = 8467, 8, 1.0, 20, 1_100
LIMIT_MS = 300
SYLLABLES = ("ba", "co", "di", "fen", "gra", "hel", "jo", "kar", "lum", "mi", "nor", "pel", "ri", "sto", "tu", "ver")
COMMON = (
    "stimulation pain spinal cord patients chronic nerve study treatment results relief back trial frequency".split()
)


def one_letter_stars(rng: random.Random) -> str:
    letters = rng.sample("abcdefghijklmnoprstuvw", 20)
    return "/search?q=" + "+OR+".join(f"{letter}*" for letter in letters)


def three_letter_stars(rng: random.Random) -> str:
    starts = {(rng.choice(SYLLABLES) + rng.choice(SYLLABLES))[:3] for _ in range(30)}
    return "/search?q=" + "+OR+".join(f"{start}*" for start in starts)


def common_words(rng: random.Random) -> str:
    words = rng.choices(COMMON, k=30)
    return "/search?q=" + "+OR+".join(words) + f"+{rng.randrange(10**6)}x"


def exports(rng: random.Random) -> str:
    return f"/export?format=csv&q={rng.choice(COMMON)}+OR+x{rng.randrange(10**6)}"


def table_scans(rng: random.Random) -> str:
    return f"/evidence/abstracts?text__contains=x{rng.randrange(10**6)}"


def feeds(rng: random.Random) -> str:
    return f"/feeds/search.xml?q={rng.choice(COMMON)}+OR+x{rng.randrange(10**6)}"


# Name → the address that each of twenty clients asks for without a pause; or half-sent requests.
ATTACKS: dict[str, Callable[[random.Random], str] | None] = {
    "nobody": None,
    "a* OR b* OR ... (20 stars)": one_letter_stars,
    "bab* OR coj* OR ... (30 stars)": three_letter_stars,
    "30 common words with OR": common_words,
    "exports of 10,000 reports": exports,
    "scans of a table": table_scans,
    "feeds of 150,000 hits": feeds,
    "1,100 half-sent requests": None,
}


@contextmanager
def server(checkout: Path, project: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The server of a checkout over a project on loopback; its output goes to ``log``."""
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    command = [sys.executable, "-c", SITE["SITE"], str(project), str(PORT), "1"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=checkout, stdout=out, stderr=out, env=environment)
    try:
        for _ in range(600):
            with suppress(httpx.TransportError):
                httpx.get(f"http://127.0.0.1:{PORT}/robots.txt", timeout=1)
                break
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait(20)


def attack(name: str, stop: Event, answers: multiprocessing.Queue[dict[str, int]]) -> None:
    """A process: attack until told to stop, then hand back how often which answer came."""
    counts: Counter[str] = Counter()
    work = half_sent(stop, counts) if name.startswith("1,100") else ask_without_pause(name, stop, counts)
    asyncio.run(work)
    answers.put(dict(counts))


async def ask_without_pause(name: str, stop: Event, counts: Counter[str]) -> None:
    address = ATTACKS[name]
    if address is None:
        return
    rng = random.Random(name)

    async def client(http: httpx.AsyncClient) -> None:
        while not stop.is_set():
            try:
                response = await http.get(f"http://127.0.0.1:{PORT}{address(rng)}")
                counts[str(response.status_code)] += 1
            except httpx.TransportError as error:
                counts[type(error).__name__] += 1
                await asyncio.sleep(0.05)

    limits = httpx.Limits(max_connections=CLIENTS * 2)
    async with httpx.AsyncClient(timeout=30, limits=limits) as http:
        await asyncio.gather(*(client(http) for _ in range(CLIENTS)))


async def half_sent(stop: Event, counts: Counter[str]) -> None:
    """Connections that send half a request, and are opened again when the server closes them."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))

    async def hold() -> None:
        while not stop.is_set():
            try:
                reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", PORT), 5)
                writer.write(b"GET /search?q=burst HTTP/1.1\r\nHost: localhost\r\nX-")
                counts["opened"] += 1
                while not stop.is_set():
                    with suppress(TimeoutError):
                        if not await asyncio.wait_for(reader.read(1), 0.5):
                            break
                counts["closed by the server"] += not stop.is_set()
                writer.close()
            except (OSError, TimeoutError):
                counts["refused"] += 1
                await asyncio.sleep(0.2)

    await asyncio.gather(*(hold() for _ in range(HALF_OPEN)))


async def read_as_readers(asked: list[tuple[str, str]], seconds: float) -> tuple[list[float], Counter[str]]:
    """What readers waited for pages, in milliseconds, and what else than a page they got."""
    times: list[float] = []
    failures: Counter[str] = Counter()
    pages, started = iter(asked), time.monotonic()

    async def reader(delay: float) -> None:
        await asyncio.sleep(delay)
        async with httpx.AsyncClient(timeout=10) as http:
            for _, path in pages:
                if time.monotonic() - started > seconds:
                    return
                began = time.perf_counter()
                try:
                    response = await http.get(f"http://127.0.0.1:{PORT}{path}")
                    if response.status_code != 200:
                        failures[str(response.status_code)] += 1
                except httpx.TransportError as error:
                    failures[type(error).__name__] += 1
                times.append((time.perf_counter() - began) * 1000)
                await asyncio.sleep(PAUSE)

    await asyncio.gather(*(reader(PAUSE * number / READERS) for number in range(READERS)))
    return sorted(times), failures


def memory(process: subprocess.Popen[bytes]) -> int:
    """The most memory that the server has held so far, in MB."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) // 1024


def measure(name: str, checkout: Path, project: Path, seconds: float, directory: Path) -> dict[str, object]:
    """One attack on a fresh server."""
    context = multiprocessing.get_context("spawn")
    stop, answers = context.Event(), context.Queue()
    log = directory / "log"
    with server(checkout, project, log) as process:
        attacker = context.Process(target=attack, args=(name, stop, answers))
        attacker.start()
        time.sleep(2)  # the attack is under way before the first reader comes
        asked = SITE["site_requests"](project, random.Random(11))
        times, failures = asyncio.run(read_as_readers(asked, seconds))
        stop.set()
        counts = answers.get(timeout=60)
        attacker.join(30)
        return {
            "attack": name,
            "pages": len(times),
            "median_ms": round(times[len(times) // 2]),
            "p95_ms": round(times[int(len(times) * 0.95)]),
            "max_ms": round(times[-1]),
            "refused": dict(failures),
            "attackers": counts,
            "log_kb": log.stat().st_size // 1000,
            "memory_mb": memory(process),
            "load": round(os.getloadavg()[0], 1),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=20.0, help="of readers, for each attack")
    parser.add_argument("--checkout", type=Path, default=ROOT, help="the code that serves")
    parser.add_argument("--project", type=Path, help="a project with a database, instead of making one")
    parser.add_argument("--only", default="", help="attacks whose name holds this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        project = options.project or SITE["make_project"](Path(directory) / "project", options.reports)
        for name in ATTACKS:
            if options.only in name:
                row = measure(name, options.checkout, project, options.seconds, Path(directory))
                within = "within" if int(str(row["p95_ms"])) < LIMIT_MS and not row["refused"] else "MISSED"
                print(json.dumps(row, ensure_ascii=False), within, flush=True)


if __name__ == "__main__":
    main()
