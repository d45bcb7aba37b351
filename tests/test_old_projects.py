"""A project that commit 2a594cb made (tests/fixtures/project_of_2026_11_20): it goes on, and nothing of it is lost."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from clocks import SetClock
from command_shell import Shell
from eutils_server import Article, EutilsServer

from evidence.cited_sources import load_sources
from evidence.ledger.ledger import load_ledger
from evidence.project import Project
from evidence.services.migrate import pending, write
from evidence.site.server import make_datasette
from evidence.tracker import Tracker

FOLDER = Path(__file__).parent / "fixtures" / "project_of_2026_11_20"
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))


def maker() -> Any:
    """The script that made it, for what its server held."""
    spec = importlib.util.spec_from_file_location("make_old_project", FOLDER / "make.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(shutil.copytree(FOLDER / "project", tmp_path / "old"))


@pytest.fixture
def shell(project: Project) -> Iterator[Shell]:
    """The project, and the server as it was at the last refresh, three weeks later."""
    corpus = maker().first()
    maker().change(corpus, "2026/11/30")
    corpus.now = SetClock("2026-12-20T08:00:00Z")
    with EutilsServer(corpus) as server:
        found = Shell(project.root, server.url)
        found.corpus, found.now = corpus, corpus.now  # type: ignore[attr-defined]
        yield found


def rows(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of a tracker, as column → value."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: [dict(row) for row in db.execute(f"SELECT * FROM {table}")] for table in tables}


def test_opening_it_adds_columns_and_changes_no_value(project: Project) -> None:
    before = rows(project.tracker)
    with Tracker.open(project.tracker) as tracker:
        versions = {stored.id: len(tracker.versions(stored.id)) for stored in tracker.stored()}
    after = rows(project.tracker)
    for table, held in before.items():
        assert [{name: row[name] for name in old} for old, row in zip(held, after[table], strict=True)] == held
    assert versions["pubmed:1001"] == versions["pubmed:1003"] == versions["embase:L60000001"] == 2
    assert len(versions) == 12 and sum(versions.values()) == len(before["versions"]) == 16


def test_it_is_refreshed_and_built_without_loss(project: Project, shell: Shell, tmp_path: Path) -> None:
    before = shutil.copyfile(project.tracker, tmp_path / "before.db")
    corpus, now = shell.corpus, shell.now  # type: ignore[attr-defined]
    corpus.revise("1002", on="2026/12/10", abstract="Invented: retold.")
    corpus.add(
        Article("1011", "Spinal cord stimulation, the newest report", created="2026/12/05", revised="2026/12/05")
    )
    refreshed = shell.run("refresh", "--json", now=now)
    assert refreshed.returncode == 0, refreshed.stderr
    topics = {topic["id"]: topic for topic in json.loads(refreshed.stdout)["topics"]}
    assert (topics["scs"]["new"], topics["scs"]["revised"], topics["scs"]["gone"]) == (1, 0, 0)
    assert (topics["tens"]["new"], topics["tens"]["revised"]) == (0, 1)
    built = shell.run("build", now=now)
    assert built.returncode == 0 and "of the older form and read as drafts" in built.stderr
    assert "'evidence migrate' shows" in built.stderr
    compared = shell.run("verify", "--against", str(before), now=now)
    assert compared.returncode == 0, compared.stdout
    with closing(sqlite3.connect(project.evidence)) as db:
        reports = {row[0]: row[1:] for row in db.execute("SELECT id, title, status FROM reports")}
        claims = db.execute("SELECT id, direction, reason, status FROM claims ORDER BY id").fetchall()
        studies = db.execute("SELECT report, role FROM study_reports ORDER BY report").fetchall()
        tags = db.execute("SELECT modality FROM report_modalities WHERE report = '1004'").fetchall()
    assert reports.pop("1011")[0] == "Spinal cord stimulation, the newest report"
    assert reports == {report: (title, status) for report, title, status in EXPECTED["reports"]}
    assert claims == [
        (
            name,
            {"supported": "for", "contradicted": "against", "not checkable": "not_testable"}[verdict],
            reason,
            "draft",
        )
        for name, verdict, reason in EXPECTED["claims"]
    ]
    assert studies == [("1001", "main"), ("1003", "secondary")] and tags == [("scs",)]


def test_migrate_shows_first_and_writes_when_told(project: Project, shell: Shell) -> None:
    before = {path: path.read_bytes() for path in project.root.rglob("*.yml")}
    shown = shell.run("migrate")
    assert shown.returncode == 1 and "3 files would be written: run 'evidence migrate --write'" in shown.stderr
    for line in (
        "-    verdict: contradicted   # whatever the page says",
        "+    fidelity: no_source_named   # whatever the page says", "+    direction: against",
        "-    reviewed_by: maintainers", "+    drafted_on: 2026-11-20", "+    noted_on: 2026-11-20",
        "+# review_note: one reader read abstracts, not full texts", "--- queries/claims/invented-page.yml",
        "+          SELECT id, paraphrase, fidelity, direction, status, reopened_on, reopened_because FROM claims",
    ):  # fmt: skip
        assert line in shown.stdout.splitlines()
    assert before == {path: path.read_bytes() for path in project.root.rglob("*.yml")}
    read = ledger(project)
    written = shell.run("migrate", "--write")
    assert written.returncode == 0 and written.stdout == shown.stdout and "wrote 3 files" in written.stderr
    assert ledger(project) == read and not load(project).notes
    again = shell.run("migrate", "--write")
    assert (again.returncode, again.stdout) == (0, "") and "nothing to write anew" in again.stderr


def load(project: Project) -> Any:
    return load_ledger(project.claims, None, load_sources(project.sources))


def ledger(project: Project) -> Any:
    found = load(project)
    return found.claims, found.articles, found.sources


def test_every_table_and_query_of_its_metadata_opens_after_that(project: Project, shell: Shell) -> None:
    assert shell.run("migrate", "--write").returncode == 0
    assert shell.run("build", now=shell.now).returncode == 0  # type: ignore[attr-defined]
    site = make_datasette(project)
    described = yaml.safe_load(project.metadata_file.read_text())["databases"]["evidence"]
    for name in [*described["queries"], *(t for t, said in described["tables"].items() if not said.get("hidden"))]:
        answer = asyncio.run(site.client.get(f"/evidence/{name}"))
        assert answer.status_code == 200, (name, answer.text[:500])


OLD_CLAIM = "claims:\n  - id: a-1\n    paraphrase: One\n    kind: efficacy\n    modalities: [scs]\n"
BRACES = "claims:\n  - {id: a-1, paraphrase: One, verdict: supported, reason: So}\n"
LOG = f"""{OLD_CLAIM}    verdict: "partly"
    reason: So.
    cites: [b]
    log:
      - verdict: unsupported  # at first
        reason: Nothing.
        reviewed_on: 2025-01-01
        reviewed_by: [Ada Byron]
"""


@pytest.mark.parametrize(
    ("name", "before", "after", "left"),
    [
        ("a claim and its log, and a person's name stays", LOG,
         LOG.replace('    verdict: "partly"', "    fidelity: not_checked\n    direction: in_part").replace(
             "      - verdict: unsupported  # at first",
             "      - fidelity: no_source_named  # at first\n        direction: nothing_found"), []),
        ("line ends of Windows", f"{OLD_CLAIM}    verdict: supported\n    reason: So.\n".replace("\n", "\r\n"),
         f"{OLD_CLAIM}    fidelity: no_source_named\n    direction: for\n    reason: So.\n".replace("\n", "\r\n"), []),
        ("a claim in braces is left to a person", BRACES, BRACES, [2]),
        ("a new file", f"{OLD_CLAIM}    fidelity: faithful\n    direction: for\n    reason: a verdict\n", None, []),
        ("a remark of several lines", f"review_note: >-\n  one\n  two\n{OLD_CLAIM}",
         f"# review_note: >-\n#   one\n#   two\n{OLD_CLAIM}", []),
        ("an unknown verdict is for the build", f"{OLD_CLAIM}    verdict: perhaps\n    reason: So.\n", None, []),
    ],
)  # fmt: skip
def test_claims_are_rewritten_line_by_line(
    tmp_path: Path, name: str, before: str, after: str | None, left: list[int]
) -> None:
    path = tmp_path / "queries" / "claims" / "a.yml"
    path.parent.mkdir(parents=True)
    path.write_bytes(before.encode())
    changes = pending(Project(tmp_path))
    if after is None:
        assert changes == []
        return
    [change] = changes
    assert [line for line, _ in change.left] == left
    write([change])
    assert path.read_bytes().decode() == after


@pytest.mark.parametrize(
    ("line", "now"),
    [
        ("      claims: {facets: [kind, verdict]}", "      claims: {facets: [kind, fidelity, direction, status]}"),
        ("          SELECT verdict FROM claims", "          SELECT fidelity, direction, status FROM claims"),
        ("        - verdict", "        - fidelity\n        - direction\n        - status"),
        ("      title: a verdict of ours", None),
        ("          WHERE verdict = 'supported'", "left"),
        ("          SELECT verdict FROM claims WHERE verdict = 'supported'", "left"),
    ],
)
def test_columns_that_are_gone_are_replaced_where_they_are_listed(tmp_path: Path, line: str, now: str | None) -> None:
    (tmp_path / "queries").mkdir()
    metadata = tmp_path / "metadata.yml"
    head = "title: The verdict\ndatabases:\n  evidence:\n    x:\n" + (
        "      sql: |-\n" if line[10:].strip() and line[:10].isspace() else ""
    )
    head += "      facets:\n" if line.strip().startswith("- ") else ""
    metadata.write_text(f"{head}{line}\n")
    changes = pending(Project(tmp_path))
    if now is None:
        assert changes == []
    elif now == "left":
        assert changes[0].after == changes[0].before and changes[0].left
    else:
        assert changes[0].after == f"{head}{now}\n" and not changes[0].left
