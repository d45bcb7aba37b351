"""What is set, missing or stale is said with what to do; a service that answers otherwise than assumed is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_shell import SECRET, Shell
from eutils_server import Article, Corpus, EutilsServer

KNOWN = Article("1", "Formate assay in body fluids: application in methanol poisoning.")
TOPIC = "title: Invented\nmodality: scs\nquery: alpha[tiab]\n"


def findings(shell: Shell, *options: str, **env: str) -> tuple[int, dict[str, dict[str, str]]]:
    done = shell.run("doctor", "--json", *options, **env)
    return done.returncode, {one["what"]: one for one in json.loads(done.stdout)}


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    assert shell.run("init", "project", "--example", "neuromodulation").returncode == 0
    shell.directory = tmp_path / "project"
    for path in (shell.directory / "queries" / "topics").glob("*.yml"):
        path.unlink()
    (shell.directory / "queries" / "topics" / "alpha.yml").write_text(TOPIC)
    return shell


def test_from_nothing_to_all_well(shell: Shell) -> None:
    code, found = findings(shell, NCBI_EMAIL="")
    assert code == 1
    assert [w for w, one in found.items() if one["state"] == "missing" and one["must"]] == [
        "NCBI_EMAIL",
        "tracker",
        "build",
    ]
    assert "evidence refresh" in found["tracker"]["do"] and "export NCBI_EMAIL" in found["NCBI_EMAIL"]["do"]
    with EutilsServer(Corpus.invented(3)) as server:
        shell.env["EVIDENCE_EUTILS_URL"] = server.url
        assert shell.run("refresh").returncode == 0
    _, found = findings(shell)
    assert found["tracker"]["state"] == found["refresh"]["state"] == "ok" and found["build"]["state"] == "missing"
    assert shell.run("build").returncode == 0
    code, found = findings(shell)
    assert code == 0, [one for one in found.values() if one["state"] != "ok"]
    assert SECRET not in json.dumps(found) and found["NCBI_API_KEY"]["state"] == "ok"
    (shell.directory / "queries" / "topics" / "beta.yml").write_text(TOPIC)
    code, found = findings(shell)
    assert code == 1 and found["build"]["state"] == found["refresh"]["state"] == "stale"


def test_mistakes_are_told_with_their_line_and_no_traceback(shell: Shell) -> None:
    (shell.directory / "queries" / "topics" / "alpha.yml").write_text("title: [\n")
    (shell.directory / "data").mkdir(exist_ok=True)
    (shell.directory / "data" / "tracker.db").write_bytes(b"no database" * 500)
    code, found = findings(shell)
    assert code == 1 and "alpha.yml" in found["queries/ and metadata.yml"]["said"]
    assert found["tracker"]["state"] == "differs" and "verify" in found["tracker"]["do"]


@pytest.mark.parametrize(
    ("article", "state"),
    [
        (KNOWN, "ok"),
        (Article("1", "Something else was printed first."), "differs"),
        (Article("2", "Not asked."), "differs"),
    ],
)
def test_pubmed_is_asked_three_known_questions(shell: Shell, article: Article, state: str) -> None:
    corpus = Corpus.invented(2)
    corpus.add(article)
    with EutilsServer(corpus) as server:
        _, found = findings(shell, "--online", "pubmed", EVIDENCE_EUTILS_URL=server.url)
    assert found["PubMed records (efetch)"]["state"] == state
    assert found["PubMed on a record that is not there (esummary)"]["state"] == "ok"


def test_a_service_that_is_not_reached_is_75(shell: Shell) -> None:
    done = shell.run("doctor", "--online", "pubmed", EVIDENCE_EUTILS_URL="http://127.0.0.1:9/")
    assert done.returncode == 75 and len(done.stderr.strip().splitlines()) == 1


def test_without_online_nothing_is_asked(shell: Shell) -> None:
    with EutilsServer(Corpus.invented(2)) as server:
        findings(shell, EVIDENCE_EUTILS_URL=server.url)
        assert not server.arrivals
