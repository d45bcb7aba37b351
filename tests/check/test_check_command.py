"""``evidence check`` as a command: formats, exit codes, and files that are no drafts."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from check_desk import ROOT, make_check_library

from evidence.cli import main
from evidence.cli.check import run_check
from evidence.errors import UsageError
from evidence.project import Project

DRAFT = "Spinal cord stimulation improved sleep in 61% of patients (PMID 90000001). Pumps are safe (PMID 90000003)."


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("project")
    (root / "metadata.yml").write_text("title: T\n", encoding="utf-8")
    (root / "queries").symlink_to(ROOT / "queries")
    (root / "data").mkdir()
    make_check_library("2026-11-19T06:00:00Z", root / "data" / "evidence.db").close()
    return Project(root)


def run(project: Project, tmp_path: Path, content: bytes, *options: str) -> int:
    path = tmp_path / "draft.txt"
    path.write_bytes(content)
    with pytest.raises(SystemExit) as stopped:
        main(["check", str(path), "--project", str(project.root), *options])
    return int(stopped.value.code or 0)


def test_json_goes_to_standard_output(project, tmp_path, capsys) -> None:
    assert run(project, tmp_path, DRAFT.encode(), "--format", "json") == 0
    result = json.loads(capsys.readouterr().out)
    assert result["format"] == "text" and result["references"][0]["report"] == "90000001"


@pytest.mark.parametrize(
    ("codes", "code"), [("retracted", 1), ("contradicts-itself", 0), ("concern,retracted", 1), ("made-up", 2)]
)
def test_fail_on(project, tmp_path, capsys, codes: str, code: int) -> None:
    assert run(project, tmp_path, DRAFT.encode(), "--fail-on", codes) == code
    if code == 2:
        assert "unknown code 'made-up'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"", 0, "the draft is empty"),
        (b"\0\1\2 binary", 2, "zero bytes"),
        (b"%PDF-1.4", 2, "a PDF"),
        (b"Pain fell. " * 950_000, 2, "10.4 MB"),
        (
            b"References\n\n1. Oak A. Roots. J Trees. 2019;1:2-9.\n2. Ash B. Leaves. J Trees. 2018;2:3-8.\n",
            0,
            "no sentence makes a claim",
        ),
        ("هذا آمن بنسبة 40%.".encode(), 0, "1 claim in 1 sentence"),
    ],
)
def test_bad_input_has_a_clear_answer(project, tmp_path, capsys, content: bytes, code: int, said: str) -> None:
    assert run(project, tmp_path, content) == code
    output = capsys.readouterr()
    assert said in " ".join((output.out + output.err).split()) and "Traceback" not in output.err


def test_nothing_is_flagged_that_was_not_checked(project, tmp_path, capsys) -> None:
    """No notice, number or design warning for a reference that nothing is known of."""
    run(project, tmp_path, b"It helped 40% of patients (Nobody et al., 1987).", "--format", "json")
    result = json.loads(capsys.readouterr().out)
    given = {w["code"] for row in result["sentences"] for w in row["warnings"]}
    assert given <= {"reference-not-found", "not-checked", "absolute-claim", "reviewed-claim"}
    assert result["references"][0]["notices_checked"] == "not checked"
    assert result["sentences"][0]["numbers"][0]["finding"] == "not checked"


def test_standard_input(project, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(DRAFT.encode())))
    output, found = run_check(project, Path("-"), "markdown", False, "retracted")
    assert found and "".join(output).startswith("# Check of a draft")


def test_without_a_library(tmp_path) -> None:
    (tmp_path / "queries").symlink_to(ROOT / "queries")
    with pytest.raises(UsageError, match="evidence build"):
        run_check(Project(tmp_path), ROOT / "LICENSE", "text", False, "")
