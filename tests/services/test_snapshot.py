"""A build as a data set: the same bytes each time, no abstract in it, read by other programs, valid."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from pathlib import Path

import duckdb
import frictionless
import pandas
import pytest
import yaml
from command_shell import Shell

from evidence.derive.schema import TABLES
from evidence.services.snapshot.tables import NOT_DATA, TEXTS, Holds, tables_of

SECRET_WORD = "xylophonic"  # in the abstract, and in what is taken from it
RIS = (
    "TY  - JOUR\nTI  - Spinal cord stimulation for back pain: a randomized trial\nAU  - Moe, A\nPY  - 2020\n"
    f"AB  - We randomized 60 {SECRET_WORD} patients. Pain intensity fell by half.\nER  - \n"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shell = Shell(tmp_path_factory.mktemp("snapshots"))
    assert shell.run("init", "project", "--example", "neuromodulation").returncode == 0
    shell.directory = shell.directory / "project"
    (shell.directory / "one.ris").write_text(RIS)
    assert shell.run("import", "one.ris").returncode == 0
    assert shell.run("build").returncode == 0
    return shell.directory


@pytest.fixture
def shell(tmp_path: Path, built: Path) -> Shell:
    return Shell(shutil.copytree(built, tmp_path / "project"))


def contents(directory: Path) -> dict[str, bytes]:
    return {p.relative_to(directory).as_posix(): p.read_bytes() for p in sorted(directory.rglob("*")) if p.is_file()}


def test_two_snapshots_of_one_build_are_the_same_and_hold_no_abstract(shell: Shell) -> None:
    for name in ("one", "two"):
        done = shell.run("snapshot", "--to", name)
        assert done.returncode == 0 and "1 report, without abstracts" in done.stdout, done.stderr
    one, two = contents(shell.directory / "one"), contents(shell.directory / "two")
    assert one == two
    assert not [name for name, content in one.items() if SECRET_WORD.encode() in content.lower()]
    for line in one["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256(one[name]).hexdigest() == digest
    assert one["SHA256SUMS"].decode().count("\n") == len(one) - 1


def test_abstracts_go_along_where_the_settings_say_so(shell: Shell) -> None:
    path = shell.directory / "metadata.yml"
    path.write_text(path.read_text().replace("    contact:", "    snapshot: {abstracts: include}\n    contact:"))
    assert shell.run("build").returncode == 0
    assert "with abstracts" in shell.run("snapshot", "--to", "all").stdout
    with sqlite3.connect(shell.directory / "all" / "evidence.sqlite") as db:
        assert SECRET_WORD in db.execute("SELECT text FROM abstracts").fetchone()[0]


def test_no_reading_that_nobody_confirmed_is_given_away(shell: Shell) -> None:
    shell.run("snapshot", "--to", "one")
    with sqlite3.connect(shell.directory / "one" / "evidence.sqlite") as db:
        claims = db.execute("SELECT count(*), count(fidelity), count(reason), count(flags) FROM claims").fetchone()
        assert claims[0] > 50 and claims[1:] == (0, 0, 0)
        assert db.execute("SELECT count(*) FROM source_facts").fetchone() == (0,)


def test_every_table_of_a_build_is_a_table_of_a_snapshot_or_is_named_as_none() -> None:
    assert {table.name for table in tables_of(Holds())} == TABLES.keys() - NOT_DATA - TEXTS
    assert {table.name for table in tables_of(Holds(abstracts=True))} == TABLES.keys() - NOT_DATA
    for table in tables_of(Holds(abstracts=True)):
        with sqlite3.connect(":memory:") as db:
            db.execute(table.statement)
            made = {row[1]: bool(row[5]) for row in db.execute(f'PRAGMA table_info("{table.name}")')}
        assert [column.name for column in table.columns] == list(made)
        assert set(table.key) == {name for name, key in made.items() if key}


def test_pandas_and_duckdb_read_what_sqlite_holds(shell: Shell) -> None:
    shell.run("snapshot", "--to", "one")
    folder = shell.directory / "one"
    with sqlite3.connect(folder / "evidence.sqlite") as db:
        for table in tables_of(Holds()):
            count = db.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0]
            path = folder / "parquet" / f"{table.name}.parquet"
            assert len(pandas.read_parquet(path)) == count
            assert duckdb.sql(f"SELECT count(*) FROM '{path}'").fetchall() == [(count,)]
        reports = pandas.read_parquet(folder / "parquet" / "reports.parquet")
        assert reports["title"].tolist() == [title for (title,) in db.execute("SELECT title FROM reports ORDER BY id")]
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert not db.execute("PRAGMA foreign_key_check").fetchall()


def test_the_data_package_is_valid(shell: Shell) -> None:
    shell.run("snapshot", "--to", "one")
    package = json.loads((shell.directory / "one" / "datapackage.json").read_text())
    assert not list(frictionless.Package.metadata_validate(package))
    assert {"reports", "report-modalities"} <= {resource["name"] for resource in package["resources"]}
    for resource in package["resources"]:
        content = (shell.directory / "one" / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_the_crate_describes_every_file_and_the_citation_has_its_parts(shell: Shell) -> None:
    shell.run("snapshot", "--to", "one")
    folder = shell.directory / "one"
    graph = {node["@id"]: node for node in json.loads((folder / "ro-crate-metadata.json").read_text())["@graph"]}
    root = graph[graph["ro-crate-metadata.json"]["about"]["@id"]]
    assert root["@type"] == "Dataset" and {"name", "description", "datePublished", "license"} <= root.keys()
    parts = {part["@id"] for part in root["hasPart"]}
    assert parts == set(contents(folder)) - {"ro-crate-metadata.json", "SHA256SUMS"}
    assert all(graph[part]["@type"] == "File" for part in parts) and root["author"]["@id"] in graph
    cff = yaml.safe_load((folder / "CITATION.cff").read_text())
    assert cff["cff-version"] == "1.2.0" and cff["type"] == "dataset" and cff["authors"] and cff["title"]


def test_searches_and_flow_are_told(shell: Shell) -> None:
    shell.run("snapshot", "--to", "one")
    searches = (shell.directory / "one" / "SEARCHES.md").read_text()
    for path in (shell.directory / "queries" / "topics").glob("*.yml"):
        assert f"(`{path.stem}`)" in searches
    assert "Last asked: never" in searches
    assert "| records identified | 1 |" in (shell.directory / "one" / "FLOW.md").read_text()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda project: (project / "one").mkdir() or (project / "one" / "x").write_text("x"), "not empty"),
        (lambda project: (project / "data" / "evidence.db").unlink(), "evidence build"),
        (lambda project: (project / "queries" / "merges.yml").write_text("[]\n"), "evidence build"),
        (lambda project: (project / "metadata.yml").write_text("plugins: {evidence: {snapshot: maybe}}"), "snapshot"),
    ],
)
def test_what_cannot_be_a_snapshot_is_refused(shell: Shell, spoil, said: str) -> None:
    spoil(shell.directory)
    done = shell.run("snapshot", "--to", "one")
    assert done.returncode == 2 and said in done.stderr, done.stderr
    assert not (shell.directory / "one.new").exists()
