"""The index of texts is made by a thread in a file of its own: the same as made in place, and nothing stays of it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from eutils_server.corpus import Article
from project_factory import make_project

from evidence.derive import build, publish, text_index
from evidence.derive.search_index import add_texts, add_words
from evidence.project import Project

PARTS = ("reports_fts_data", "reports_fts_idx", "reports_fts_docsize", "reports_fts_config", "search_words")
TITLES = ("Naïve pain¹ and co-stimulation", "Cortex (motor) 42", "痛みの治療", "Título", "")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Path]:
    made = make_project(tmp_path_factory.mktemp("texts") / "project", root)
    articles = [
        Article(str(33000000 + n), f"{TITLES[n % 5]} {n}", abstract=f"Invented words{n % 7} of stimulation. " * (n % 4))
        for n in range(40)
    ]
    made.fetch(articles, at="2026-01-01T08:00:00Z")
    build(made.project)
    yield made.project.evidence


def kept(database: Path) -> dict[str, list[tuple]]:
    with sqlite3.connect(database) as conn:
        return {table: conn.execute(f"SELECT * FROM {table}").fetchall() for table in PARTS}


def test_it_is_the_same_as_made_in_place(built: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.db"
    shutil.copy(built, again)
    with sqlite3.connect(again) as conn:
        conn.execute("DROP TABLE reports_fts")
        conn.execute("DELETE FROM search_words")
        add_texts(conn)
        add_words(conn)
    assert kept(again) == kept(built)
    with sqlite3.connect(built) as conn:
        found = conn.execute("SELECT count(*) FROM reports_fts WHERE reports_fts MATCH 'stimulating'").fetchone()[0]
        assert found == 32  # in an abstract of thirty, in the title of two more
        conn.execute("INSERT INTO reports_fts(reports_fts) VALUES ('integrity-check')")


def test_nothing_stays_beside_the_database(built: Path) -> None:
    assert not list(built.parent.glob("*.tmp")) and not list(built.parent.glob(".*.tmp"))


FAILING = {
    "beside": (text_index, "add_words"),
    "meanwhile": (publish, "fill_support"),
    "before the copy": (text_index, "_copy"),
}


@pytest.mark.parametrize("fails", FAILING)
def test_a_failure_ends_the_build_and_leaves_the_old_database(
    built: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    def fail(*given: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    before = built.read_bytes()
    monkeypatch.setattr(*FAILING[fails], fail)
    with pytest.raises(sqlite3.OperationalError, match="disk is full"):
        build(Project(built.parents[1]))
    assert built.read_bytes() == before
    assert not list(built.parent.glob(".*.tmp"))
