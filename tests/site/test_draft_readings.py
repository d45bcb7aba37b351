"""Readings that nobody has confirmed: called drafts on one's own machine, absent from a public site."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from eutils_server.corpus import Article
from project_factory import TestProject, make_project

from evidence.derive import build
from evidence.errors import UsageError
from evidence.library.desk import Desk
from evidence.project import Project
from evidence.site import make_datasette

CLAIMS = {
    "article": {"title": "An invented page", "author": "Wanda Writer"},
    "drafted_on": "2026-11-20",
    "claims": [
        {"id": "inv-draft", "paraphrase": "Spinal cord stimulation needs general anaesthesia", "kind": "procedure",
         "modalities": ["scs"], "fidelity": "no_source_named", "direction": "against",
         "reason": "Zebras say otherwise.", "flags": ["zebra flag"]},
        {"id": "inv-sure", "paraphrase": "Spinal cord stimulation cures sleep", "kind": "efficacy",
         "modalities": ["scs"], "outcomes": ["sleep"], "fidelity": "no_source_named", "direction": "nothing_found",
         "reason": "Okapis found nothing.", "basis": "abstract", "reviewed_by": "Ada Byron",
         "reviewed_on": "2026-12-01"},
        {"id": "inv-none", "paraphrase": "Spinal cord stimulation is loud", "kind": "procedure", "modalities": ["scs"]},
    ],
}  # fmt: skip
DRAFT = "Spinal cord stimulation needs general anaesthesia."


@pytest.fixture
def made(tmp_path: Path, root: Path) -> TestProject:
    made = make_project(tmp_path / "project", root)
    made.fetch([Article("31000001", title="Spinal cord stimulation for pain")])
    for path in made.project.claims.glob("*.yml"):
        path.unlink()
    (made.project.claims / "page.yml").write_text(yaml.safe_dump(CLAIMS), encoding="utf-8")
    return made


def publish(project: Project, **settings: Any) -> None:
    metadata = yaml.safe_load(project.metadata_file.read_text(encoding="utf-8"))
    metadata["plugins"]["evidence"] |= {"public": True, "site_url": "https://tracker.example", **settings}
    project.metadata_file.write_text(yaml.safe_dump(metadata), encoding="utf-8")


def everything(project: Project) -> str:
    """All that a reader can get at: every row of every table, every page on claims, JSON and feeds."""
    with closing(sqlite3.connect(project.evidence)) as conn:
        tables = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        said = [repr(conn.execute(f'SELECT * FROM "{table}"').fetchall()) for table in tables]
    client = make_datasette(project).client
    for path in (
        "/",
        "/claims",
        "/claims/inv-draft",
        "/articles/page",
        "/articles",
        "/changes?since=2020-01-01",
        "/tags/modality/scs",
    ):
        said.append(asyncio.run(client.get(path)).text)
        said.append(asyncio.run(client.get(path.replace("?", ".json?") if "?" in path else f"{path}.json")).text)
    for path in (
        "/feeds/claims.xml",
        "/feeds/claims/inv-draft.xml",
        "/evidence/claims.json?_shape=array",
        "/evidence/claims/inv-draft",
        "/evidence/claims.csv",
    ):
        said.append(asyncio.run(client.get(path)).text)
    return "\n".join(said)


def test_on_ones_own_machine_a_draft_is_called_one(made: TestProject) -> None:
    build(made.project)
    said = everything(made.project)
    assert "Zebras say otherwise." in said and "Draft reading, not yet confirmed by a reviewer" in said
    assert "Confirmed by Ada Byron" in asyncio.run(make_datasette(made.project).client.get("/claims/inv-sure")).text
    assert "Wanda" not in said  # a reading is of what a page says, not of who wrote it


def test_a_public_site_has_no_draft_anywhere(made: TestProject) -> None:
    publish(made.project)
    build(made.project)
    said = everything(made.project)
    assert "Spinal cord stimulation needs general anaesthesia" in said  # the claim itself stays
    for hidden in ("Zebra", "zebra flag", "Draft reading", "Wanda"):
        assert hidden not in said, hidden
    assert "Okapis found nothing." in said
    assert b"Zebras" not in made.project.evidence.read_bytes()


def test_unless_its_settings_say_so(made: TestProject) -> None:
    publish(made.project, show_draft_readings=True)
    build(made.project)
    said = everything(made.project)
    assert "Zebras say otherwise." in said and "not yet confirmed by a reviewer" in said


def test_a_public_site_refuses_a_database_with_drafts(made: TestProject) -> None:
    build(made.project)
    publish(made.project)
    with pytest.raises(UsageError, match=r"draft reading \(inv-draft\).*show_draft_readings"):
        make_datasette(made.project)


@pytest.mark.parametrize("publication", [True, False])
def test_the_check_on_a_public_site_knows_no_draft(made: TestProject, publication: bool) -> None:
    publish(made.project)
    build(made.project)
    with closing(Desk.open(made.project.evidence, made.project, publication=publication)) as desk:
        said = json.dumps(desk.check_text(DRAFT))
    assert ("Zebras" in said) is not publication


def test_support_is_counted(made: TestProject) -> None:
    build(made.project)
    with closing(sqlite3.connect(made.project.evidence)) as conn:
        found = dict(conn.execute("SELECT id, support FROM claims"))
    assert set(found) == {"inv-draft", "inv-sure", "inv-none"}
    assert found["inv-sure"] == "the library holds no study on it"
