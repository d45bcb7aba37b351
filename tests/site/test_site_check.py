"""The check page: POST only, nothing kept, limits that hold."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import worker_stubs

from evidence.site import workers
from evidence.site.check import MAX_TEXT
from evidence.site.server import make_datasette
from evidence.site.state import find_site
from evidence.site.workers import CheckPool

ROOT = Path(__file__).resolve().parents[2]
DRAFT = "Invented secretdraft: stimulation helped 11 patients <script>alert(1)</script>."


@pytest.fixture
def site(evidence_db: Path) -> Iterator[Any]:
    datasette = make_datasette(evidence_db=evidence_db, metadata=ROOT / "metadata.yml")
    find_site(datasette).check_pool = CheckPool(worker_stubs.obedient)
    yield datasette
    find_site(datasette).check_pool.close()


def submit(datasette: Any, text: str, path: str = "/check", token: bool = True) -> httpx.Response:
    """Fetch the form, then post it with its token, in one event loop."""

    async def run() -> httpx.Response:
        form = await datasette.client.get("/check")
        cookies = {"ds_csrftoken": form.cookies["ds_csrftoken"]}
        hidden = re.search(r'name="csrftoken" value="([^"]+)"', form.text)
        assert hidden
        data = {"text": text, **({"csrftoken": hidden[1]} if token else {})}
        return await datasette.client.post(path, data=data, cookies=cookies)

    return asyncio.run(run())


def test_the_form_and_the_findings(site: Any) -> None:
    response = submit(site, DRAFT)
    assert response.status_code == 200 and response.headers["cache-control"] in ("no-store", "private, no-store")
    assert "<script>alert" not in response.text
    for words in (
        "These sentences bear on it",
        "An invented bearing sentence.",
        "the source says 40",
        "Retraction",
        "pages: differs",
        "two numbers for one thing",
        "A claim like it",
        "48 reports",
        "PubMed last asked 2026-04-02",
    ):
        assert words in response.text, words


def test_a_program_may_post_without_cookies_and_gets_json(site: Any) -> None:
    response = asyncio.run(site.client.post("/check.json", data={"text": DRAFT}))
    assert response.status_code == 200 and response.json()["text"] == DRAFT
    assert "no-store" in response.headers["cache-control"]


def test_a_browser_without_the_token_is_refused(site: Any) -> None:
    assert submit(site, DRAFT, token=False).status_code == 403


def test_text_in_the_address_is_never_read(site: Any) -> None:
    response = asyncio.run(site.client.get("/check?text=secretdraft"))
    assert response.status_code == 200 and "secretdraft" not in response.text
    assert "no-store" in response.headers["cache-control"]


def test_limits_of_length(site: Any) -> None:
    assert submit(site, "x" * (MAX_TEXT + 1)).status_code == 413
    assert submit(site, "x" * 5_000_000).status_code == 413
    assert submit(site, "é" * (MAX_TEXT // 2)).status_code == 200
    assert submit(site, "   ").status_code == 400
    refused = asyncio.run(site.client.post("/check.json", data={"text": "x" * 5_000_000}))
    assert (refused.status_code, refused.json()["status"]) == (413, 413)


def test_bodies_that_are_no_form(site: Any) -> None:
    async def send(body: bytes, content_type: str) -> httpx.Response:
        return await site.client.post("/check", content=body, headers={"content-type": content_type})

    for body, content_type in (
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"text=%ff", "application/x-www-form-urlencoded"),
        (b'{"text": 1}', "application/json"),
        (b"", "text/plain"),
        (b"a&" * 100, "application/x-www-form-urlencoded"),
    ):
        assert asyncio.run(send(body, content_type)).status_code == 400, body


def test_a_check_that_takes_too_long_is_killed(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "TIME_LIMIT", 0.3)
    find_site(site).check_pool = CheckPool(worker_stubs.sleepy)
    started = time.monotonic()
    response = submit(site, DRAFT)
    assert response.status_code == 503 and "was stopped" in response.text and "secretdraft" not in response.text
    assert response.headers["retry-after"] == "5"
    assert time.monotonic() - started < 10


def test_a_third_check_waits_its_turn(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "PATIENCE", 0.1)
    monkeypatch.setattr(workers, "TIME_LIMIT", 1.5)
    find_site(site).check_pool = CheckPool(worker_stubs.sleepy)

    async def three() -> list[int]:
        answers = await asyncio.gather(*(site.client.post("/check.json", data={"text": DRAFT}) for _ in range(3)))
        return [answer.status_code for answer in answers]

    assert asyncio.run(three()) == [503, 503, 503]
    assert not find_site(site).check_pool._idle


def test_a_failure_tells_nothing_of_the_text(
    site: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    find_site(site).check_pool = CheckPool(worker_stubs.failing)
    response = submit(site, DRAFT)
    assert response.status_code == 500 and "secretdraft" not in response.text
    out, err = capfd.readouterr()
    assert "secretdraft" not in caplog.text + out + err


def test_a_check_that_cannot_start_says_so_and_is_logged_in_one_line(
    site: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    find_site(site).check_pool = CheckPool(worker_stubs.unable)
    response = submit(site, DRAFT)
    assert response.status_code == 503 and "check cannot start" in response.text
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err and "the invented library is damaged" in caplog.text
    assert "secretdraft" not in caplog.text + out + err + response.text


def test_a_check_that_takes_all_memory_fails_alone(site: Any, capfd: pytest.CaptureFixture[str]) -> None:
    find_site(site).check_pool = CheckPool(worker_stubs.greedy)
    response = submit(site, DRAFT)
    assert response.status_code == 500 and "failed on this text" in response.text
    find_site(site).check_pool.close()
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err
    assert asyncio.run(site.client.get("/search?q=burst")).status_code == 200


def test_a_partial_answer_is_shown_with_what_was_left_out(site: Any) -> None:
    find_site(site).check_pool = CheckPool(worker_stubs.in_time)
    response = submit(site, DRAFT)
    assert response.status_code == 200 and "The time was up" in response.text


def test_the_answer_leaves_time_between_asking_to_stop_and_killing() -> None:
    assert workers.STOP_AFTER == 8 and workers.TIME_LIMIT >= workers.STOP_AFTER + 5


def test_nothing_is_kept(site: Any, tmp_path: Path) -> None:
    submit(site, DRAFT)
    held = find_site(site).cache.pages
    assert not any(b"secretdraft" in page[2] for page in held.values())
