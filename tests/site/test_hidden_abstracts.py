"""A public build holds no abstract that its settings hide: not in a table, not in the index, not on a page."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import site_factory as factory

from evidence.derive.hidden import leave_out_hidden_abstracts
from evidence.site.server import make_datasette

POLICY = {"public": True, "site_url": "https://example.org", "abstracts": {"pubmed": "show", "*": "hide"}}


def test_a_public_build_leaves_hidden_abstracts_out(tmp_path: Path) -> None:
    db = factory.new_database(tmp_path / "evidence.db")
    factory.add_report(db, "1", "A shown title", abstract=(("", "Shown words of an invented abstract."),))
    factory.add_report(
        db,
        "2",
        "A hidden title",
        source="ris",
        abstract=(("", "Concealed zygote words."),),
        sample_size=9,
        sample_size_sentence="Concealed zygote words.",
    )
    for report, text in (("1", "Gezeigte Worte."), ("2", "Oncealed zygotes in another language.")):
        factory.insert(db, "other_abstracts", report=report, number=0, position=0, language="ger", text=text)
    leave_out_hidden_abstracts(db.conn, POLICY)
    factory.finish(db)
    content = (tmp_path / "evidence.db").read_bytes()
    assert (
        b"oncealed" not in content
        and b"zygot" not in content
        and b"Shown words" in content
        and b"Gezeigte Worte" in content
    )
    conn = sqlite3.connect(tmp_path / "evidence.db")
    states = dict(conn.execute("SELECT id, abstract_state FROM reports"))
    assert states == {"1": "present", "2": "hidden"}
    datasette = make_datasette(evidence_db=tmp_path / "evidence.db", metadata={"plugins": {"evidence": POLICY}})
    assert "settings hide abstracts" in asyncio.run(datasette.client.get("/reports/2")).text
    assert asyncio.run(datasette.client.get("/search.json?q=zygote")).json()["total"] == 0


def test_ones_own_machine_keeps_them(tmp_path: Path) -> None:
    db = factory.new_database(tmp_path / "evidence.db")
    factory.add_report(db, "2", "A title", source="ris", abstract=(("", "Kept words."),))
    leave_out_hidden_abstracts(db.conn, {**POLICY, "public": False})
    assert db.conn.execute("SELECT count(*) FROM abstracts").fetchone()[0] == 1
