"""Every command in a folder whose name has signs that an address, a pattern or a shell reads otherwise."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from evidence.cli.app import main
from evidence.errors import UsageError
from evidence.project import Project
from evidence.readonly import address, open_readonly
from evidence.site.server import make_datasette

NAMES = [
    "drafts #2", "why?", "100%", "50%20off", "a b", "-P", "Gr\u00f6\u00dfe \u4e2d\u6587", "it's \"q\"", "back\\slash",
    "a&b=c", "[x]*", "{0} %s", "file:x", "~", "new\nline", "x?mode=rwc", "$HOME;#", os.fsdecode(b"caf\xe9"),
]  # fmt: skip
# All of these signs in a few names: every command in each of them takes seconds.
TOGETHER = [
    "#2 why?mode=rwc&a=b%20c 100%", "-P it's \"q\" [x]* {0} %s", "file:back\\slash ~;$HOME",
    os.fsdecode(b"caf\xe9 \n Gr\xc3\xb6"),
]  # fmt: skip
RECORD = (
    "title,authors,year,journal,volume,pages,abstract,pmid\n"
    '"Invented tripolar leads for back pain","Rigolo P and Delta A",2012,Neurosurg Invent,70,574-84,'
    '"Eleven patients had spinal cord stimulation. Pain relief was 70% at 6 months.",77000001\n'
)
REFERENCE = "Rigolo P, Delta A. Invented tripolar leads for back pain. Neurosurg Invent. 2012;70:574-84."
TOPIC = "title: A\nmodality: scs\nquery: alpha[tiab]\n"


def run(arguments: Sequence[str], capsysbinary: pytest.CaptureFixture[bytes]) -> tuple[int, bytes, bytes]:
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    said = capsysbinary.readouterr()
    return int(stop.value.code or 0), said.out, said.err


@pytest.mark.parametrize("name", TOGETHER, ids=ascii)
def test_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes], name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / name / "state"))
    monkeypatch.setenv("EVIDENCE_EUTILS_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("EVIDENCE_HTTP_BACKOFF", "0.001")
    Path(name).mkdir()
    inside, project = f"{name}/in {name}", f"--project={name}/P"
    Path(f"{inside}.csv").write_text(RECORD)
    Path(f"{inside}.txt").write_text(REFERENCE)
    Path(f"{inside}.md").write_text(f"Rigolo et al. (2012) had 11 patients.\n\nReferences\n\n1. {REFERENCE}\n")
    for code, words, *arguments in (
        (0, b"--project", "init", "--example=neuromodulation", "--", f"{name}/P"),
        (0, b"1 new", "import", project, "--", f"{inside}.csv"),
        (0, b"", "import", "--json", project, "--", f"{inside}.csv"),
        (0, b"1 reports", "build", project),
        (0, b'"reports": 1', "build", "--json", project, f"--output={inside}.db", "--as-of", "2099-12-31"),
        (0, b"whole and agree", "verify", project),
        (0, b"checked", "verify", "--json", project),
        (1, b"", "status", project),
        (0, b"77000001", "check", "--format=json", project, "--", f"{inside}.md"),
        (0, b"77000001", "resolve", project, "--", f"{inside}.txt"),
        (0, b"", "dedupe", f"--output={inside}.clusters", "--", f"{inside}.csv"),
        (0, b"77000001", "tag", project, "--", f"{inside}.csv"),
        (0, b"Scope:", "tag", "--explain", "77000001", project),
        (0, b"", "export", "--all", project, f"--output={inside}.ris"),
        (75, b"", "refresh", project),
    ):
        found, out, err = run(arguments, capsysbinary)
        assert (found, words in out) == (code, True), (arguments, found, out, err)
        if arguments[0] == "init":
            for path in Path(name, "P", "queries", "topics").glob("*.yml"):
                path.unlink()
            Path(name, "P", "queries", "topics", "a.yml").write_text(TOPIC)
    assert Path(f"{inside}.ris").read_text().count("ER  -") == 1
    assert [path.name for path in tmp_path.iterdir()] == [name]
    made = {path.name.removeprefix(f"in {name}") for path in Path(name).iterdir()}
    assert made == {"P", ".csv", ".txt", ".md", ".db", ".clusters", ".ris"}
    assert sorted(path.name for path in Path(name, "P", "data").iterdir()) == [
        "evidence.db", "evidence.log", "tracker.db",
    ]  # fmt: skip
    served = Project(tmp_path / name / "P")
    if ascii(name).count("\\udc"):
        with pytest.raises(UsageError, match="is not UTF-8 text"):
            make_datasette(served)
    else:
        assert _pages(served) == [200, 200, 200, 200]


def _pages(project: Project) -> list[int]:
    async def ask() -> list[int]:
        datasette = make_datasette(project)
        await datasette.invoke_startup()
        transport = httpx.ASGITransport(app=datasette.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8001") as client:
            paths = ("/", "/reports/77000001", "/search?q=leads", "/evidence/reports/77000001")
            return [(await client.get(path)).status_code for path in paths]

    return asyncio.run(ask())


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_file_that_is_not_there_is_not_made(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    for unchanging in (False, True):
        with pytest.raises(Exception, match="unable to open"):
            open_readonly(tmp_path / name / "x.db", unchanging).execute("SELECT 1")
    assert [path.name for path in tmp_path.rglob("*")] == [name]


def test_an_address_has_only_the_settings_that_were_asked_for() -> None:
    assert address("/a/why?#1/50%.db") == "file:///a/why%3F%231/50%25.db?mode=ro"
    assert address("/a/b.db", unchanging=True).endswith("?mode=ro&immutable=1")


def test_databases_are_opened_to_be_read_in_one_place(root: Path) -> None:
    glued = [
        str(path.relative_to(root))
        for path in (root / "evidence").rglob("*.py")
        if "uri=True" in path.read_text(encoding="utf-8") and path.name != "readonly.py"
    ]
    assert glued == []
