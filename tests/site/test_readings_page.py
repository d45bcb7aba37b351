"""The desk where readings are confirmed: on one's own machine only, and blind."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from eutils_server.corpus import Article
from project_factory import TestProject, make_project

from evidence.derive import build
from evidence.site import make_datasette

HERE = {"client": ("127.0.0.1", 5000), "base_url": "http://127.0.0.1:8001"}
STRANGER = {"client": ("203.0.113.9", 5000), "base_url": "http://127.0.0.1:8001"}


@pytest.fixture
def made(tmp_path: Path, root: Path) -> TestProject:
    made = make_project(tmp_path / "project", root)
    made.fetch([Article("31000001", title="Spinal cord stimulation for pain")])
    build(made.project)
    return made


def ask(made: TestProject, path: str, who: dict[str, Any] = HERE, data: dict[str, str] | None = None) -> httpx.Response:
    """GET, or POST with the form's token, as a client at an address."""
    app = make_datasette(made.project).app()

    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, client=who["client"])
        async with httpx.AsyncClient(transport=transport, base_url=who["base_url"]) as client:
            if data is None:
                return await client.get(path)
            form = await client.get("/check")
            token = re.search(r'name="csrftoken" value="([^"]+)"', form.text)
            assert token
            return await client.post(path, data={**data, "csrftoken": token[1]}, cookies=dict(form.cookies))

    return asyncio.run(run())


READING = {
    "claim": "vw-07", "reader": "Ada Byron", "fidelity": "overstated", "basis": "abstract", "reason": "It says less.",
}  # fmt: skip


def test_the_queue_a_claim_and_a_reading(made: TestProject) -> None:
    page = ask(made, "/readings")
    assert page.status_code == 200 and "0 of 84 claims" in page.text and page.headers["cache-control"] == "no-store"
    claim = ask(made, "/readings?claim=vw-07").text
    assert "Deer" in claim and "monitoring is not named" not in claim  # the draft is not shown
    done = ask(made, "/readings", data=READING)
    assert done.status_code == 200 and "vw-07: added to queries/readings/ada-byron.yml" in done.text
    (entry,) = yaml.safe_load((made.project.readings / "ada-byron.yml").read_text("utf-8"))
    assert (entry["claim"], entry["fidelity"], entry["reader"]) == ("vw-07", "overstated", "Ada Byron")
    other = ask(made, "/readings?claim=vw-07&reader=Carl+Oak").text
    assert "It says less." not in other and "Ada Byron" not in other
    assert ask(made, "/readings.json").json()["confirmed"] == 0


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("reader", "maintainers", "names no person"), ("fidelity", "good", "is not one of"),
     ("claim", "vw-99", "no claim"), ("reason", " ", "needs --reason")],
)  # fmt: skip
def test_a_wrong_reading_is_refused_and_nothing_written(made: TestProject, field: str, value: str, said: str) -> None:
    answer = ask(made, "/readings", data={**READING, field: value})
    assert answer.status_code == 400 and said in answer.text
    assert not made.project.readings.exists()


@pytest.mark.parametrize("data", [None, READING])
def test_nobody_else_has_it(made: TestProject, data: dict[str, str] | None) -> None:
    assert ask(made, "/readings", STRANGER, data).status_code == 404
    assert not made.project.readings.exists()


@pytest.mark.parametrize("data", [None, READING])
def test_a_public_site_has_it_for_nobody(made: TestProject, data: dict[str, str] | None) -> None:
    metadata = yaml.safe_load(made.project.metadata_file.read_text("utf-8"))
    metadata["plugins"]["evidence"] |= {"public": True, "site_url": "https://tracker.example"}
    made.project.metadata_file.write_text(yaml.safe_dump(metadata), encoding="utf-8")
    build(made.project)
    assert ask(made, "/readings", HERE, data).status_code == 404
    assert not made.project.readings.exists()
