"""``evidence readings``: two readers, each blind to the other, and a build that confirms what they agree on."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from eutils_server.corpus import Article
from project_factory import TestProject, make_project

from evidence.cli import main
from evidence.derive import build


@pytest.fixture
def made(tmp_path: Path, root: Path) -> TestProject:
    made = make_project(tmp_path / "project", root)
    made.fetch([Article("31000001", title="Spinal cord stimulation for pain")])
    return made


def run(made: TestProject, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["readings", *words, "--project", str(made.project.root)])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


def read(made: TestProject, capsys: pytest.CaptureFixture[str], reader: str, fidelity: str = "overstated") -> int:
    words = ["--reader", reader, "--fidelity", fidelity, "--basis", "abstract", "--reason", f"{reader} says so."]
    return run(made, capsys, "vw-07", *words)[0]


def test_two_readers_confirm_and_the_first_line_stands(made: TestProject, capsys) -> None:
    code, out, _ = run(made, capsys)
    assert code == 0 and "0 of 84 claims have a confirmed reading; 84 wait" in out
    assert read(made, capsys, "Ada Byron") == 0
    log = made.project.readings / "ada-byron.yml"
    first = log.read_text("utf-8")
    shown = run(made, capsys, "vw-07", "--reader", "Carl Oak")[1]
    assert "Deer" in shown and "Ada" not in shown and "overstated" not in shown and "relatively" not in shown
    assert "relatively" in run(made, capsys, "vw-07", "--draft")[1]
    assert read(made, capsys, "Ada Byron") == 0
    assert log.read_text("utf-8").startswith(first) and len(log.read_text("utf-8")) > len(first)
    assert read(made, capsys, "0000-0002-1825-0097") == 0
    state = json.loads(run(made, capsys, "--json")[1])
    assert state["confirmed"] == 1 and len(state["waiting"]) == 83
    assert state["agreement"] == [
        {"readers": ["0000-0002-1825-0097", "Ada Byron"], "claims": 1, "raw": 1.0, "kappa": None}
    ]
    build(made.project)
    with closing(sqlite3.connect(made.project.evidence)) as conn:
        row = conn.execute("SELECT status, fidelity, basis, reviewed_by FROM claims WHERE id = 'vw-07'").fetchone()
    assert row == ("confirmed", "overstated", "abstract", "0000-0002-1825-0097; Ada Byron")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["vw-99"], "there is no claim 'vw-99'"),
        (["--reader", "maintainers"], "names no person"),
        (["vw-07", "--fidelity", "faithful", "--reason", "So."], "needs a CLAIM and --reader"),
        (["vw-07", "--reader", "Ada Byron", "--fidelity", "faithful"], "needs --reason"),
        (["vw-99", "--reader", "Ada Byron", "--fidelity", "faithful", "--reason", "So."], "there is no claim"),
    ],
)
def test_wrong_usage_writes_nothing(made: TestProject, capsys, words: list[str], said: str) -> None:
    code, _, err = run(made, capsys, *words)
    assert code == 2 and said in err and "Traceback" not in err
    assert not made.project.readings.exists()


def test_a_mistake_in_the_log_is_named_with_its_line(made: TestProject, capsys) -> None:
    assert read(made, capsys, "Ada Byron") == 0
    log = made.project.readings / "ada-byron.yml"
    log.write_text(log.read_text("utf-8").replace("overstated", "exaggerated"), encoding="utf-8")
    code, _, err = run(made, capsys)
    assert code == 2 and "ada-byron.yml:5" in err and "exaggerated" in err


def test_a_new_project_and_its_migration_as_json(tmp_path: Path, capsys) -> None:
    place = str(tmp_path / "new")
    for words, expected in (
        (["init", place, "--json"], {"project": place, "example": None}),
        (["migrate", "--json", "--project", place], {"files": [], "written": False}),
    ):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert not ended.value.code and json.loads(capsys.readouterr().out) == expected
