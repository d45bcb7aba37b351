"""A folder for the web: written whole or not at all, left alone when nothing changed, never with the tracker."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from command_shell import Shell

from evidence.cited_sources import load_sources
from evidence.errors import StorageError, TryLater, UsageError
from evidence.site import publishing
from evidence.site.settings import read_settings
from evidence.site.state import Site

SETTINGS = """title: Invented
plugins:
  evidence:
    site_url: https://evidence.example.org
    public: true
    abstracts: {pubmed: show, "*": hide}
"""
RIS = "TY  - JOUR\nTI  - Spinal cord stimulation in a town\nAU  - Moe, A\nPY  - 2020\nAB  - HIDDENWORD\nER  - \n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("published") / "project"
    shell = Shell(directory.parent)
    assert shell.run("init", "project", "--example", "neuromodulation").returncode == 0
    (directory / "metadata.yml").write_text(SETTINGS)
    (directory / "one.ris").write_text(RIS)
    shell.directory = directory
    assert shell.run("import", "one.ris", "--source", "scopus").returncode == 0
    assert shell.run("build").returncode == 0
    return directory


@pytest.fixture
def shell(tmp_path: Path, built: Path) -> Shell:
    return Shell(shutil.copytree(built, tmp_path / "project"))


def published(shell: Shell) -> dict[str, object]:
    done = shell.run("publish", "--to", "public", "--json")
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def files(directory: Path) -> dict[str, bytes]:
    return {p.relative_to(directory).as_posix(): p.read_bytes() for p in directory.rglob("*") if p.is_file()}


def test_the_folder_has_what_a_site_needs_and_no_more(shell: Shell) -> None:
    assert published(shell)["reports"] == 1
    public = shell.directory / "public"
    found = files(public)
    assert {"evidence.db", "metadata.yml", "settings.json", "SHA256SUMS", "publication.json"} <= found.keys()
    assert not [name for name in found if "tracker" in name or "topics" in name or "claims" in name]
    assert not any(b"HIDDENWORD" in content for content in found.values())
    sources = load_sources(public / "queries" / "sources.yml")
    assert [s.cited_as for s in sources] == [
        s.cited_as for s in load_sources(shell.directory / "queries" / "sources.yml")
    ]
    assert sources and not any(s.facts or s.numbers or s.note for s in sources)
    with sqlite3.connect(public / "evidence.db") as db:
        assert db.execute("SELECT count(*) FROM reports").fetchone() == (1,)
    assert json.loads(found["settings.json"])["allow_download"] is False


def test_nothing_changed_is_told_and_nothing_is_written(shell: Shell) -> None:
    first = published(shell)
    before = {path: path.stat().st_mtime_ns for path in (shell.directory / "public").rglob("*")}
    again = published(shell)
    assert first["changed"] is True and again["changed"] is False
    assert again["content"] == first["content"] and again["published_at"] == first["published_at"]
    assert {path: path.stat().st_mtime_ns for path in (shell.directory / "public").rglob("*")} == before
    assert "nothing changed since" in shell.run("publish", "--to", "public").stdout


def test_another_build_of_the_same_is_no_change_and_another_title_is_one(shell: Shell) -> None:
    first = published(shell)
    assert shell.run("build").returncode == 0
    assert published(shell)["changed"] is False
    (shell.directory / "metadata.yml").write_text(SETTINGS.replace("Invented", "Other"))
    assert shell.run("build").returncode == 0
    assert published(shell)["content"] != first["content"]


@pytest.mark.parametrize("harm", ["evidence.db", "SHA256SUMS", "publication.json", "an extra file"])
def test_a_folder_that_is_not_whole_is_made_whole(shell: Shell, harm: str) -> None:
    published(shell)
    public = shell.directory / "public"
    before = files(public)
    if harm == "an extra file":
        (public / "queries" / "left.txt").write_text("x")
    else:
        (public / harm).write_bytes(before[harm][: len(before[harm]) // 2])
    assert published(shell)["changed"] is True
    after = files(public)
    assert {name: c for name, c in after.items() if name != "publication.json"} == {
        name: c for name, c in before.items() if name != "publication.json"
    }


def test_a_run_that_was_cut_is_gone_on_with(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, done = publishing._replace, []

    def cut(path: Path, content: bytes) -> None:
        done.append(path)
        if len(done) == 3:
            raise OSError(28, "No space left on device")
        replace(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_replace", cut)
        failed = shell.run("publish", "--to", "public")
    assert failed.returncode == 74 and "publish again" in failed.stderr
    assert not (shell.directory / "public" / "publication.json").exists()
    assert published(shell)["changed"] is True
    assert not [name for name in files(shell.directory / "public") if name.endswith(".new")]


def change_settings(old: str, new: str) -> Callable[[Path], None]:
    def change(project: Path) -> None:
        path = project / "metadata.yml"
        path.write_text(path.read_text().replace(old, new))

    return change


def other_files(project: Path) -> None:
    (project / "public").mkdir()
    (project / "public" / "thesis.docx").write_text("mine")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (change_settings("public: true", "public: false"), "public: true"),
        (change_settings("https://evidence.example.org", "http://127.0.0.1:8001"), "site_url is http://127.0.0.1"),
        (change_settings('"*": hide', '"*": show'), "run 'evidence build'"),
        (lambda project: (project / "queries" / "merges.yml").write_text("[]\n# new\n"), "run 'evidence build'"),
        (lambda project: (project / "data" / "evidence.db").unlink(), "evidence build"),
        (lambda project: (project / "public").write_text("a file"), "is a file"),
        (other_files, "thesis.docx"),
    ],
)
def test_what_is_not_fit_for_the_public_is_refused(shell: Shell, change: Callable[[Path], None], said: str) -> None:
    change(shell.directory)
    before = files(shell.directory)
    done = shell.run("publish", "--to", "public")
    assert done.returncode == 2 and said in done.stderr, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert files(shell.directory) == before


@pytest.mark.parametrize("directory", [".", "data", "queries", ".."])
def test_the_project_itself_is_no_place_to_publish_to(shell: Shell, directory: str) -> None:
    assert shell.run("publish", "--to", directory).returncode == 2


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8001", "http://localhost", "https://a.localhost:1", "http://[::1]/", "http://127.8.8.8", "http://0.0.0.0"],
)  # fmt: skip
def test_a_public_site_is_not_on_loopback(url: str) -> None:
    with pytest.raises(UsageError, match="site_url"):
        read_settings({"public": True, "site_url": url, "abstracts": {"*": "hide"}}, None)
    assert not read_settings({"site_url": url}, None).public


@pytest.mark.parametrize("url", ["https://localhost.example.org", "http://10.0.0.7", "https://evidence.example.org/a"])
def test_any_other_address_is_taken(url: str) -> None:
    assert read_settings({"public": True, "site_url": url, "abstracts": {"*": "hide"}}, None).public


@pytest.mark.parametrize(("name", "code"), [("SQLITE_IOERR_READ", 74), ("SQLITE_FULL", 74), ("SQLITE_BUSY", 75)])
def test_a_disk_that_fails_is_not_called_another_version(
    built: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: int
) -> None:
    def fails(self: object, conn: object) -> None:
        error = sqlite3.OperationalError("invented")
        error.sqlite_errorname = name  # type: ignore[misc]
        raise error

    monkeypatch.setattr(Site, "_read", fails)
    with pytest.raises((StorageError, TryLater)) as told:
        Site("evidence", built / "data" / "evidence.db", read_settings({}, None))
    assert told.value.exit_code == code and "version" not in str(told.value)


def test_a_build_without_a_table_is_called_another_version(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Site, "_read", lambda self, conn: conn.execute("SELECT * FROM no_such_table"))
    with pytest.raises(UsageError, match="another version"):
        Site("evidence", built / "data" / "evidence.db", read_settings({}, None))
