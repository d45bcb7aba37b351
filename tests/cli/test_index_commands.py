"""``evidence index`` and ``evidence fetch`` as a person runs them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_shell import Shell
from eutils_server import Article, Corpus, EutilsServer

NOBODY = "Zeller Q. Magnetic socks for sleepless nights in space: a cohort study. Nature. 2015;3:1-9.\n"


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    corpus = Corpus.invented(3)
    corpus.add(Article("7001", "Warm coils for the cold knees of skaters (invented)"))
    with EutilsServer(corpus) as server:
        assert Shell(tmp_path).run("init", "project", "--example", "neuromodulation").returncode == 0
        yield Shell(tmp_path / "project", server.url)
        shutil.rmtree(tmp_path / "project")


def test_from_a_pmid_to_what_resolve_says(shell: Shell, tmp_path: Path) -> None:
    missing = shell.run("index")
    assert missing.returncode == 2 and "evidence refresh" in missing.stderr
    fetched = shell.run("fetch", "7001", "--json")
    assert fetched.returncode == 0, fetched.stderr
    assert json.loads(fetched.stdout)["stored"] == ["7001"]
    made = shell.run("index", "--covers", "1950-2026", "--json")
    assert made.returncode == 0, made.stderr
    said = json.loads(made.stdout)
    assert (said["records"], said["covers"]) == (1, "1950 to 2026 (as --covers says)")
    assert shell.run("build").returncode == 0
    file = tmp_path / "references.txt"
    file.write_text(NOBODY, encoding="utf-8")
    resolved = shell.run("resolve", str(file))
    assert json.loads(resolved.stdout)["standing"]["answer"] == "no such work in PubMed"
    file.write_text(f"Sentence on socks [1].\n\nReferences\n\n1. {NOBODY}", encoding="utf-8")
    assert shell.run("check", str(file), "--fail-on", "no-such-work").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(("fetch", "x"), "is no PMID"), (("fetch",), "PMID"), (("index", "--covers", "some"), "are no years")],
)
def test_wrong_usage(shell: Shell, arguments: tuple[str, ...], says: str) -> None:
    found = shell.run(*arguments)
    assert found.returncode == 2 and says in found.stderr, found


def test_what_pubmed_has_not(shell: Shell) -> None:
    found = shell.run("fetch", "99999")
    assert found.returncode == 1 and "PubMed has no such record" in found.stdout
