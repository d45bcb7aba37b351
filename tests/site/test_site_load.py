"""Long searches, exports and table pages wait for their own turn, and nobody else waits for them."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.database import QueryInterrupted

from evidence.library import search
from evidence.library.search import Expensive, Selection
from evidence.site import feeds
from evidence.site.reading import Busy, ReadPool, Turns
from evidence.site.server import make_datasette
from evidence.site.state import find_site

ROOT = Path(__file__).resolve().parents[2]
LONG = "stim* OR bur* OR pai* OR rel* OR inv*"


@pytest.fixture
def site(evidence_db: Path) -> Iterator[Any]:
    datasette = make_datasette(evidence_db=evidence_db, metadata=ROOT / "metadata.yml")
    made = find_site(datasette)
    assert made is not None
    yield datasette
    made.readers.close()


def pool(**options: Any) -> ReadPool:
    return ReadPool(lambda: sqlite3.connect(":memory:", check_same_thread=False), 1, **options)


def test_who_waits_too_long_is_told_and_never_served_later() -> None:
    readers, gate, called = pool(patience=0.2), threading.Event(), []

    async def run() -> list[Any]:
        first = asyncio.create_task(readers.run(lambda conn: gate.wait(5)))
        await asyncio.sleep(0.05)
        late = await asyncio.gather(*(readers.run(called.append) for _ in range(3)), return_exceptions=True)
        gate.set()
        return [await first, *late, await readers.run(lambda conn: "served")]

    answers = asyncio.run(run())
    readers.close()
    assert answers[0] is True and answers[-1] == "served" and called == []
    assert all(isinstance(answer, Busy) for answer in answers[1:-1])


def test_a_queue_has_an_end_and_an_error_comes_back() -> None:
    readers, gate = pool(patience=5, most_waiting=2), threading.Event()

    async def run() -> Any:
        waiting = [asyncio.create_task(readers.run(lambda conn: gate.wait(5))) for _ in range(2)]
        await asyncio.sleep(0.05)
        with pytest.raises(Busy):
            await readers.run(lambda conn: 1)
        gate.set()
        await asyncio.gather(*waiting)
        with pytest.raises(ZeroDivisionError):
            await readers.run(lambda conn: 1 / 0)
        return await readers.run(lambda conn: conn.execute("SELECT 7").fetchone()[0])

    assert asyncio.run(run()) == 7
    readers.close()


def test_turns() -> None:
    turns, most = Turns(2, 1.0, "later"), []

    async def work() -> None:
        async with turns.turn():
            most.append(turns.active)
            await asyncio.sleep(0.02)

    async def run() -> None:
        await asyncio.gather(*(work() for _ in range(8)))
        turns.patience = 0.1
        async with turns.turn(), turns.turn():
            with pytest.raises(Busy, match="later"):
                await work()

    asyncio.run(run())
    assert max(most) == 2 and turns.active == 0 and len(most) == 8


def test_a_search_of_many_terms_is_long_before_any_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "plan", lambda *arguments: pytest.fail("looked up"))
    for text in (LONG, " OR ".join(f"word{n}" for n in range(17)), "(a1 b2) " * 10):
        with pytest.raises(Expensive):
            search.search(None, None, Selection(text=text), most_postings=10**9)  # type: ignore[arg-type]


def test_long_searches_wait_for_one_another_and_nobody_else_does(site: Any) -> None:
    readers, gate = find_site(site).readers, threading.Event()  # type: ignore[union-attr]
    readers.searches.patience = 0.3

    async def run() -> list[httpx.Response]:
        held = asyncio.create_task(readers.searches.run(lambda conn: gate.wait(10)))
        await asyncio.sleep(0.05)
        params = {"q": LONG}
        asked = [site.client.get(path, params=params) for path in ("/search", "/search.json", "/feeds/search.xml")]
        asked += [
            site.client.get("/export", params=params),
            site.client.get("/evidence/reports", params={"_search": LONG}),
        ]
        refused = await asyncio.gather(*asked)
        started = time.monotonic()
        served = await asyncio.gather(*(site.client.get(f"/search?q=burst+{n}") for n in range(10)))
        assert time.monotonic() - started < 5
        gate.set()
        await held
        return [*refused, *served, await site.client.get("/search", params=params)]

    *answers, last = asyncio.run(run())
    assert [answer.status_code for answer in answers] == [503] * 5 + [200] * 10
    assert all(answer.headers["retry-after"] == "5" for answer in answers[:5])
    assert "ther long searches are running" in answers[0].text and answers[1].json()["status"] == 503
    assert last.status_code == 200


def test_exports_and_table_pages_have_their_turns(site: Any) -> None:
    readers = find_site(site).readers  # type: ignore[union-attr]
    readers.exports = Turns(0, 0.1, "other exports are running")
    readers.tables = Turns(0, 0.1, "this server is busy")
    readers.scans = Turns(0, 0.1, "other tables are being searched")
    readers.feeds = Turns(0, 0.1, "other feeds are being made")

    async def run() -> dict[str, int]:
        paths = (
            "/export?q=burst",
            "/evidence/reports",
            "/evidence",
            "/evidence/authors/101,0.json",
            "/evidence/reports?title__contains=burst",
            "/feeds/reports.xml",
            "/search?q=burst",
            "/",
        )
        return {path: (await site.client.get(path)).status_code for path in paths}

    assert list(asyncio.run(run()).values()) == [503, 503, 503, 503, 503, 503, 200, 200]


@pytest.mark.parametrize(
    ("path", "waits"),
    [
        ("/evidence/reports?title__contains=burst", True),
        ("/evidence/reports.json?_sort_desc=title", True),
        ("/evidence/reports?journal=Pain&_size=10", True),
        ("/evidence/reports?_search=burst", True),
        ("/evidence/reports?_size=10", False),
        ("/evidence/reports.json?_shape=objects&_next=101", False),
        ("/evidence/reports/101", False),
        ("/evidence", False),
    ],
)
def test_what_reads_a_whole_table_waits_for_its_turn_and_other_rows_do_not(site: Any, path: str, waits: bool) -> None:
    readers = find_site(site).readers  # type: ignore[union-attr]
    readers.scans = Turns(0, 0.1, "other tables are being searched")
    answer = asyncio.run(site.client.get(path))
    assert (answer.status_code == 503) is waits, answer.text[:300]


def test_a_table_page_that_takes_too_long_is_a_503(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stopped(sql: str, params: Any = None, **named: Any) -> Any:
        raise QueryInterrupted(sqlite3.OperationalError("interrupted"), sql, params)

    asyncio.run(site.client.get("/evidence/reports"))  # what Datasette looks up once, before statements are stopped
    monkeypatch.setattr(site.get_database("evidence"), "execute", stopped)
    for path in ("/evidence/reports", "/evidence/reports.json", "/evidence/authors/101,0"):
        answer = asyncio.run(site.client.get(path))
        assert answer.status_code == 503 and answer.headers["retry-after"] == "5", path
        assert "took too long" in answer.text and "select" not in answer.text.lower().replace("selection", "")


def test_the_newest_of_many_hits_are_those_that_sorting_gives(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def entries(query: str) -> list[str]:
        return asyncio.run(site.client.get(f"/feeds/search.xml?{query}")).text.split("<entry>")[1:]

    queries = ("q=stimulation&all=1", "q=NOT+burst", "modality=scs", "")
    sorted_ones = [entries(query) for query in queries]
    assert sum(map(len, sorted_ones)) > 100
    monkeypatch.setattr(feeds, "FEW", 0)
    assert [entries(query) for query in queries] == sorted_ones


def test_an_export_that_fails_at_once_is_an_error_page(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.site.export.records_of", lambda *arguments, **named: iter([1 / 0]))
    answer = asyncio.run(site.client.get("/export?q=burst"))
    assert answer.status_code == 500 and "Something is wrong" in answer.text


def test_a_whole_export_is_what_the_search_finds(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.site.export.CHUNK", 100)
    total = asyncio.run(site.client.get("/search.json?q=invented")).json()["total"]
    answer = asyncio.run(site.client.get("/export?q=invented&format=csl-json"))
    assert len(answer.json()) == total > 30 and answer.headers["x-export-count"] == str(total)
    monkeypatch.setattr("evidence.site.export.MOST", 7)
    cut = asyncio.run(site.client.get("/export?q=invented&format=csl-json"))
    assert len(cut.json()) == 7 and cut.headers["x-export-cut"] == f"7 of {total}"
