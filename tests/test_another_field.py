"""A library on another field, by YAML alone: built, served and exported, and nothing of it speaks of this one."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from evidence.cli.app import COMMANDS, evidence
from evidence.derive import build
from evidence.errors import InputError
from evidence.profile import load_profile
from evidence.project import Project
from evidence.site.server import make_datasette
from evidence.tracker import Tracker
from evidence.tracker.importing import import_files

FIXTURE = Path(__file__).with_name("fixtures") / "migraine"
OTHER_FIELD = re.compile(r"neuromodulation|spinal|stimulat", re.I)
PAGES = (
    "/", "/search", "/search?q=erenumab", "/map", "/topics", "/topics/cgrp", "/tags", "/tags/modality/cgrp", "/claims",
    "/claims/mg-01", "/articles", "/articles/example-page", "/changes", "/about", "/reports/70000001",
    "/reports/70000005", "/check",
    "/feeds/reports.xml", "/feeds/topics/cgrp.xml", "/-/openapi.json", "/export?format=ris", "/nothing-here",
    "/.json", "/search.json", "/map.json", "/about.json", "/evidence/reports", "/robots.txt", "/sitemap.xml",
)  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    directory = tmp_path_factory.mktemp("another") / "migraine"
    shutil.copytree(FIXTURE, directory)
    project = Project(directory)
    project.data.mkdir()
    with closing(Tracker.open(project.tracker)) as tracker:
        assert import_files(tracker, [directory / "records.nbib"]).total("new") == 10
    build(project)
    return project


def rows(project: Project, sql: str) -> list[Any]:
    with closing(sqlite3.connect(project.evidence)) as db:
        return db.execute(sql).fetchall()


def test_scopes_are_of_the_field(project: Project) -> None:
    found = dict(rows(project, "SELECT id, scope FROM reports"))
    assert found == {
        "70000001": "core", "70000002": "core", "70000003": "core", "70000004": "core", "70000005": "neighbour",
        "70000006": "off_topic", "70000007": "core", "70000008": "core", "70000009": "core", "70000010": "neighbour",
    }  # fmt: skip


def test_a_trial_has_its_tags(project: Project) -> None:
    assert rows(project, "SELECT design, sample_size FROM reports WHERE id = '70000001'") == [("rct", 240)]
    assert rows(project, "SELECT modality FROM report_modalities WHERE report = '70000001'") == [("cgrp",)]
    assert {row[0] for row in rows(project, "SELECT outcome FROM report_outcomes WHERE report = '70000001'")} >= {
        "days"
    }


def test_nothing_speaks_of_another_field(project: Project) -> None:
    async def ask() -> list[tuple[str, str]]:
        datasette = make_datasette(project)
        transport = httpx.ASGITransport(app=datasette.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8001") as client:
            answers = [(page, await client.get(page)) for page in PAGES]
        return [
            (page, match.group())
            for page, answer in answers
            for match in [OTHER_FIELD.search(answer.text + str(answer.headers))]
            if match
        ]

    assert asyncio.run(ask()) == []


def test_the_home_page_asks_the_fields_question(project: Project) -> None:
    async def home() -> str:
        transport = httpx.ASGITransport(app=make_datasette(project).app())
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8001") as client:
            return (await client.get("/")).text

    page = asyncio.run(home())
    assert "What does the evidence say about drugs that prevent migraine?" in page
    assert "Migraine prevention library" in page


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "init"])
def test_help_speaks_of_no_field(command: str) -> None:
    assert not OTHER_FIELD.search(CliRunner().invoke(evidence, [command, "--help"]).output)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: A\nname: a b\nsubject: s\nquestion: q\n", "small letters"),
        ("title: A\nname: ab\nsubject: s\n", "question"),
        ("title: A\nname: ab\nsubject: s\nquestion: q\ncolour: red\n", "unknown key 'colour'"),
        ("title: A\nname: ab\nsubject: s\nquestion: q\nscope: {subject_words: '('}\n", "cannot be read"),
        ("title: A\nname: ab\nsubject: s\nquestion: q\nscope: {words: x}\n", "unknown key 'words' under scope"),
        ("title: A\nname: ab\nsubject: s\nquestion: q\nstarter: none-such\n", "no starter library"),
        ("- a\n", "must be a mapping"),
    ],
)
def test_mistakes_in_a_profile_are_told(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "profile.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as told:
        load_profile(path)
    assert says in str(told.value) and "profile.yml" in str(told.value)
