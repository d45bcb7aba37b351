"""Quoted sentences and their handles: verbatim, misquoted, changed since, gone, never issued."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from command_shell import Shell

from evidence.bibliography.handles import Sentence
from evidence.project import Project
from evidence.readonly import open_readonly
from evidence.services.audit import Auditor, report_sentences

NBIB = """PMID- 80000001
TI  - Burst stimulation of the spinal cord in an invented town: a randomized trial.
AU  - Moe A
TA  - Invent J
DP  - 2019 May
VI  - 4
PG  - 11-19
PT  - Journal Article
AB  - We randomised 40 people to burst or tonic stimulation. Pain fell from 7.4 to 3.1 with
      burst stimulation. {last}

"""
FIRST = "Two leads moved."


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shell = Shell(tmp_path_factory.mktemp("audited"))
    assert shell.run("init", "project", "--example", "neuromodulation").returncode == 0
    shell.directory = shell.directory / "project"
    renew(shell, FIRST)
    return shell.directory


@pytest.fixture
def shell(tmp_path: Path, built: Path) -> Shell:
    return Shell(shutil.copytree(built, tmp_path / "project"))


def renew(shell: Shell, last: str) -> None:
    (shell.directory / "one.nbib").write_text(NBIB.format(last=last))
    assert shell.run("import", "one.nbib").returncode == 0
    assert shell.run("build").returncode == 0


def sentences(shell: Shell) -> list[Sentence]:
    with open_readonly(Project(shell.directory).evidence) as conn:
        return report_sentences(conn, "80000001")


def findings(shell: Shell, text: str) -> list[tuple[str, str]]:
    (shell.directory / "answer.md").write_text(text)
    ran = shell.run("audit", "answer.md", "--json")
    found = [(one["finding"], one["now"]) for one in json.loads(ran.stdout)]
    assert ran.returncode == (0 if {finding for finding, _ in found} == {"verbatim"} else 1)
    return found


def test_words_as_they_stand_and_words_that_differ(shell: Shell) -> None:
    pain = next(s for s in sentences(shell) if "Pain" in s.text)
    assert findings(shell, f"“{pain.text}” {pain.handle}") == [("verbatim", "")]
    assert findings(shell, f"“{pain.text.replace('7.4', '7.1')}” {pain.handle}") == [("misquoted", "")]
    assert findings(shell, f"As {pain.handle} says.") == [("verbatim", "")]


def test_a_sentence_that_a_later_version_changed_or_lost(shell: Shell) -> None:
    moved = next(s for s in sentences(shell) if s.text == FIRST)
    renew(shell, "Three leads moved.")
    assert findings(shell, f"“{moved.text}” {moved.handle}") == [("changed", "Three leads moved.")]
    renew(shell, "")
    assert findings(shell, f"“{moved.text}” {moved.handle}") == [("gone", "")]
    assert "gone since" in shell.run("audit", "answer.md").stdout


def test_a_build_that_leaves_abstracts_out_makes_no_sentence_gone(shell: Shell) -> None:
    pain = next(s for s in sentences(shell) if "Pain" in s.text)
    with closing(sqlite3.connect(Project(shell.directory).evidence)) as conn:
        conn.execute("DELETE FROM abstracts")
        conn.commit()
    assert findings(shell, f"“{pain.text}” {pain.handle}") == [("verbatim", "")]
    assert findings(shell, f"“{pain.text.replace('7.4', '7.1')}” {pain.handle}") == [("misquoted", "")]


def test_a_handle_that_nobody_issued(shell: Shell) -> None:
    moved = next(s for s in sentences(shell) if s.text == FIRST)
    forged = (moved.handle[:-1] + ("0" if moved.handle[-1] != "0" else "1"), f"80000009/{moved.handle.split('/')[1]}")
    for name in forged:
        assert findings(shell, f"“{moved.text}” {name}") == [("never-issued", "")]


def test_json_that_carries_handles_and_texts(shell: Shell) -> None:
    one = sentences(shell)[1]
    answer = {"claims": [{"handle": one.handle, "text": one.text}, {"handle": one.handle, "text": "Something else."}]}
    (shell.directory / "answer.json").write_text(json.dumps(answer))
    ran = shell.run("audit", "answer.json", "--json")
    assert [found["finding"] for found in json.loads(ran.stdout)] == ["verbatim", "misquoted"]


@pytest.mark.parametrize("text", ["No handle here.", "{not json"])
def test_a_file_without_a_handle(shell: Shell, text: str) -> None:
    name = "answer.json" if text.startswith("{") else "answer.md"
    (shell.directory / name).write_text(text)
    ran = shell.run("audit", name)
    assert ran.returncode == 2 and name in ran.stderr and "Traceback" not in ran.stderr


def test_every_word_changed_is_told(shell: Shell) -> None:
    auditor = Auditor(Project(shell.directory))
    for sentence in sentences(shell):
        for match in re.finditer(r"\w+", sentence.text):
            words = sentence.text[: match.start()] + "otherwise" + sentence.text[match.end() :]
            (found,) = auditor.audit(f"“{words}” {sentence.handle}")
            assert found.finding == "misquoted", words
