"""A manuscript's references: what became of them is told once, and what is not known is said."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from command_shell import Shell

NBIB = """PMID- 80000001
TI  - Burst stimulation of the spinal cord in an invented town: a randomized trial.
AU  - Moe A
TA  - Invent J
DP  - 2019 May
VI  - 4
PG  - 11-19
PT  - Journal Article

PMID- 80000002
TI  - Tonic stimulation for pain in an invented village.
AU  - Noe B
TA  - Invent J
DP  - 2020
VI  - 5
PG  - 21-29
PT  - Journal Article

"""
RETRACTION = """PMID- 80000009
TI  - Retraction: Burst stimulation of the spinal cord in an invented town: a randomized trial.
AU  - Moe A
TA  - Invent J
DP  - 2026 Jan
VI  - 11
PG  - 1
PT  - Retraction of Publication
ROF - Invent J. 2019;4:11-19. PMID: 80000001

"""
BIB = """@article{moe, author={Moe, A.}, journal={Invent J}, year={2019}, volume={4}, pages={11--19},
  title={Burst stimulation of the spinal cord in an invented town: a randomized trial}}
@article{noe, author={Noe, B.}, journal={Invent J}, year={2020}, volume={5}, pages={21--29},
  title={Tonic stimulation for pain in an invented village}}
@book{poe, author={Poe, C.}, title={A handbook that no library holds}, year={1999}}
"""
DRAFT = """Burst stimulation helped [1].

References

1. Moe A. Burst stimulation of the spinal cord in an invented town: a randomized trial. Invent J. 2019;4:11-19.
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shell = Shell(tmp_path_factory.mktemp("watched"))
    assert shell.run("init", "project", "--example", "neuromodulation").returncode == 0
    shell.directory = shell.directory / "project"
    (shell.directory / "refs.bib").write_text(BIB)
    (shell.directory / "draft.md").write_text(DRAFT)
    (shell.directory / "one.nbib").write_text(NBIB)
    assert shell.run("import", "one.nbib").returncode == 0
    assert shell.run("build").returncode == 0
    return shell.directory


@pytest.fixture
def shell(tmp_path: Path, built: Path) -> Shell:
    return Shell(shutil.copytree(built, tmp_path / "project"))


def retract(shell: Shell) -> None:
    (shell.directory / "two.nbib").write_text(RETRACTION)
    assert shell.run("import", "two.nbib").returncode == 0
    assert shell.run("build").returncode == 0


@pytest.mark.parametrize(("name", "many"), [("refs.bib", 3), ("draft.md", 1)])
def test_a_retraction_is_told_once(shell: Shell, name: str, many: int) -> None:
    before = shell.run("watch", name, "--json")
    (found,) = json.loads(before.stdout)
    assert before.returncode == 0 and found["references"] == many and not found["changes"]
    retract(shell)
    told = shell.run("watch", name)
    assert told.returncode == 1
    assert "retraction of 2026" in told.stdout and "1 new" in told.stdout
    again = shell.run("watch", name)
    assert again.returncode == 0 and "0 new" in again.stdout and "retraction" not in again.stdout
    assert "retraction of 2026" in shell.run("watch", "--all", name).stdout


def test_each_file_is_told_for_itself(shell: Shell) -> None:
    retract(shell)
    assert shell.run("watch", "refs.bib").returncode == 1
    assert shell.run("watch", "refs.bib", "draft.md").returncode == 1
    assert shell.run("watch", "refs.bib", "draft.md").returncode == 0


def test_what_is_not_known_is_said(shell: Shell) -> None:
    said = shell.run("watch", "--all", "refs.bib").stdout
    assert "3 references, 2 in the library" in said and "not in the library, so nothing is known of them: 1" in said
    assert "handbook" in said and "never refreshed" in said


@pytest.mark.parametrize(
    ("content", "said"), [("Nothing is cited here.\n", "no references"), (b"\x00\x01\x02" * 99, "")]
)
def test_a_file_without_references_is_refused(shell: Shell, content: str | bytes, said: str) -> None:
    path = shell.directory / "other.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = shell.run("watch", "other.txt")
    assert done.returncode == 2 and said in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_without_a_library_it_says_what_to_do(shell: Shell) -> None:
    (shell.directory / "data" / "evidence.db").unlink()
    done = shell.run("watch", "refs.bib")
    assert done.returncode == 2 and "evidence build" in done.stderr


@pytest.mark.parametrize(
    ("report", "related", "kind", "said"),
    [
        ("80000001", "80000002", "preprint", "is the published article of it"),
        ("80000002", "80000001", "update", "updates and supersedes it"),
        ("80000002", "80000001", "follow_up", "is a later follow-up of it"),
        ("80000002", "80000001", "republication", "is the corrected republication of it"),
        ("80000002", "80000001", "comment", ""),
        ("80000002", "80000001", "protocol", ""),
        ("80000001", "80000002", "update", ""),  # what is cited is itself the later one
    ],
)
def test_later_documents_are_told_and_others_are_not(
    shell: Shell, report: str, related: str, kind: str, said: str
) -> None:
    with sqlite3.connect(shell.directory / "data" / "evidence.db") as db:
        db.execute("INSERT INTO relations VALUES (?, ?, ?, 'pubmed', 'invented')", [report, related, kind])
    done = shell.run("watch", "draft.md")  # cites 80000001
    assert (done.returncode, "1 new" in done.stdout) == ((1, True) if said else (0, False))
    assert said in done.stdout
