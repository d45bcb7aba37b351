"""The commands as a person or a scheduler runs them: what they write, their exit codes."""

from __future__ import annotations

import csv
import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_shell import Shell
from eutils_server import Article, Corpus, EutilsServer

TOPIC = "title: Invented\nmodality: scs\nquery: |\n  alpha[tiab]\n"


def corpus() -> Corpus:
    made = Corpus.invented(12)
    made.add(
        Article(
            "2001",
            "Spinal cord stimulation alpha for failed back surgery syndrome: a randomized controlled trial",
            abstract="Invented. We randomized 60 patients. Pain intensity fell at 6 months.",
            types=["Randomized Controlled Trial"],
        )
    )
    return made


@pytest.fixture(scope="module")
def new_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("new")
    assert Shell(directory).run("init", "project", "--example", "neuromodulation").returncode == 0
    for path in (directory / "project" / "queries" / "topics").glob("*.yml"):
        path.unlink()
    (directory / "project" / "queries" / "topics" / "alpha.yml").write_text(TOPIC)
    return directory / "project"


@pytest.fixture
def shell(tmp_path: Path, new_project: Path) -> Iterator[Shell]:
    """A copy of a new project with one topic, and a server that has thirteen records for it."""
    with EutilsServer(corpus()) as server:
        yield Shell(shutil.copytree(new_project, tmp_path / "project"), server.url)


def test_from_pubmed_to_an_export(shell: Shell) -> None:
    refreshed = shell.run("refresh", "--json", process=True)
    assert refreshed.returncode == 0, refreshed.stderr
    assert json.loads(refreshed.stdout)
    assert shell.run("status").returncode == 0
    built = shell.run("build", "--json")
    assert built.returncode == 0, built.stderr
    assert json.loads(built.stdout)["reports"] == 13
    assert shell.run("verify").returncode == 0
    exported = shell.run("export", "--design", "rct", "--all", "--format", "ris")
    assert exported.returncode == 0, exported.stderr
    assert exported.stdout.count("\nER  -") == 1
    assert "randomized controlled trial" in exported.stdout
    with sqlite3.connect(shell.directory / "data" / "evidence.db") as db:
        assert db.execute("SELECT sample_size, evidence_level FROM reports WHERE id = '2001'").fetchone() == (60, 2)


def test_a_tracker_that_holds_less_than_an_older_one_is_1_and_says_what(shell: Shell, tmp_path: Path) -> None:
    assert shell.run("refresh").returncode == shell.run("build").returncode == 0
    tracker, old = shell.directory / "data" / "tracker.db", tmp_path / "old #1.db"
    shutil.copyfile(tracker, old)
    assert shell.run("verify", "--against", str(old)).returncode == 0
    tracker.unlink()
    assert shell.run("refresh").returncode == shell.run("build").returncode == 0
    done = shell.run("verify", "--against", str(old))
    assert done.returncode == 1 and "MISSING from the tracker: 1 of 1 refreshes" in done.stdout
    told = json.loads(shell.run("verify", "--json", "--against", str(old)).stdout)["missing"]
    assert {"what": "refreshes", "count": 1, "held": 1}.items() <= next(
        m for m in told if m["what"] == "refreshes"
    ).items()
    assert shell.run("verify", "--against", "nowhere.db").returncode == 2
    (tmp_path / "other.db").write_bytes(b"no database" * 900)
    assert shell.run("verify", "--against", str(tmp_path / "other.db")).returncode == 74


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("scs",)])
def test_an_unknown_modality_is_refused_before_anything_is_asked(shell: Shell, options: tuple[str, ...]) -> None:
    path = shell.directory / "queries/topics/other.yml"
    path.write_text(TOPIC.replace("modality: scs", "modality: scz"), encoding="utf-8")
    done = shell.run("refresh", *options, EVIDENCE_EUTILS_URL="http://127.0.0.1:9/")
    assert done.returncode == 2 and "other.yml:2: unknown modality 'scz'" in done.stderr
    assert "did you mean 'scs'" in done.stderr and "drg" in done.stderr
    assert not (shell.directory / "data/tracker.db").exists()


def test_a_second_refresh_changes_nothing(shell: Shell) -> None:
    shell.run("refresh")
    with sqlite3.connect(shell.directory / "data" / "tracker.db") as db:
        before = db.execute("SELECT count(*) FROM versions").fetchone()
    assert shell.run("refresh").returncode == 0
    with sqlite3.connect(shell.directory / "data" / "tracker.db") as db:
        assert db.execute("SELECT count(*) FROM versions").fetchone() == before


def test_import_resolve_and_check_on_a_library_of_ones_own(shell: Shell) -> None:
    (shell.directory / "own.csv").write_text(
        "title,authors,year,journal,volume,pages,abstract,pmid\n"
        '"Invented tripolar leads for back pain","Rigolo P and Delta A",2012,Neurosurg Invent,70,574-84,'
        '"Eleven patients had spinal cord stimulation. Pain relief was 70% at 6 months.",77000001\n'
    )
    assert shell.run("import", "own.csv").returncode == 0
    assert shell.run("import", "own.csv").stdout.count("1 unchanged") == 1
    assert shell.run("build").returncode == 0
    line = "Rigolo P, Delta A. Invented tripolar leads for back pain. Neurosurg Invent. 2012;70:574-84."
    answer = json.loads(shell.run("resolve", "-", stdin=line + "\n").stdout)
    assert (answer["report"], answer["level"]) == ("77000001", "certain")
    draft = f"Rigolo et al. (2012) treated 11 patients with spinal cord stimulators.\n\nReferences\n\n1. {line}\n"
    checked = shell.run("check", "-", "--format", "json", stdin=draft)
    assert checked.returncode == 0, checked.stderr
    found = json.loads(checked.stdout)
    assert found["references"][0]["report"] == "77000001"
    failing = shell.run("check", "-", "--fail-on", "not-checked", stdin=draft)
    assert failing.returncode == (
        1 if any(w["code"] == "not-checked" for w in found["warnings"]) else failing.returncode
    )


def test_dedupe_and_tag_need_no_project(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    (tmp_path / "two.csv").write_text(
        "record_id,title,authors,year,journal,volume,pages,doi\n"
        "a,Spinal cord stimulation for angina,Smith J and Doe K,2001,Pain,12,33-40,10.5555/x1\n"
        "b,Spinal cord stimulation for angina.,Smith John and Doe Karl,2001,Pain,12,33-40,10.5555/x1\n"
        "c,Spinal cord stimulation for angina: erratum,Smith J,2001,Pain,13,1,\n"
    )
    assert shell.run("dedupe", "two.csv", "--output", "clusters.csv").returncode == 0
    with (tmp_path / "clusters.csv").open() as file:
        cluster = {row["record_id"]: row["cluster_id"] for row in csv.DictReader(file)}
    assert cluster["a"] == cluster["b"] != cluster["c"]
    (tmp_path / "in.jsonl").write_text(
        json.dumps({"id": "x", "title": "Spinal cord stimulation for angina pectoris"}) + "\n"
    )
    assert shell.run("tag", "in.jsonl", "--output", "out.jsonl").returncode == 0
    tags = json.loads((tmp_path / "out.jsonl").read_text())
    assert tags["id"] == "x"
    assert tags["modalities"] == ["scs"]


def test_up_begins_with_the_starter_library_and_says_so(shell: Shell) -> None:
    with shell.start("up", "--port", "18431") as process:
        try:
            page = _wait_for("http://127.0.0.1:18431/", process)
        finally:
            process.terminate()
            said = process.communicate(timeout=20)[1]
    assert "starter library" in page
    assert "starter library" in said
    assert "evidence refresh" in said
    assert process.returncode in (0, 143)


def _wait_for(url: str, process: subprocess.Popen[str]) -> str:
    for _ in range(1200):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer within two minutes")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["refresh", "nope"], "nope"),
        (["import", "missing.ris"], "missing.ris"),
        (["build", "--as-of", "someday"], "someday"),
        (["check", "-", "--fail-on", "nonsense"], "nonsense"),
        (["export", "--modality", "nope"], "nope"),
        (["serve", "--port", "99999999"], "99999999"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_wrong_usage_is_2_and_says_what(shell: Shell, args: list[str], words: str) -> None:
    if args[0] in ("build", "check", "export"):
        shell.run("refresh")
        shell.run("build")
    done = shell.run(*args)
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_no_project_here_names_init(tmp_path: Path) -> None:
    done = Shell(tmp_path).run("build")
    assert done.returncode == 2
    assert "evidence init" in done.stderr


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("topics/alpha.yml", "title: A\nmodality: scs\nquery: |\n  alpha[tiabb]\n", ":4:"),
        ("topics/alpha.yml", "title: A\nmodality: [scs\n", ":"),
        ("sources.yml", "sources:\n  x:\n    year: soon\n", ":"),
        ("hand_tags.yml", "- report: '1'\n  modality: {add: [nope]}\n  who: me\n  why: so\n", ":2:"),
    ],
)
def test_a_mistake_in_queries_is_2_with_file_and_line(shell: Shell, file: str, text: str, line: str) -> None:
    shell.run("refresh")
    (shell.directory / "queries" / file).write_text(text)
    done = shell.run("build")
    assert done.returncode == 2
    assert f"{Path(file).name}{line}" in done.stderr


def test_a_failed_topic_is_1_and_the_others_go_through(tmp_path: Path, shell: Shell) -> None:
    (shell.directory / "queries" / "topics" / "beta.yml").write_text("title: B\nmodality: scs\nquery: beta[tiab]\n")
    with EutilsServer(corpus()) as server:
        server.fail("error", program="esearch", holding="beta", probability=1)
        done = shell.run("refresh", EVIDENCE_EUTILS_URL=server.url)
    assert done.returncode == 1, done.stderr + done.stdout
    assert shell.run("status").returncode == 1


def test_nothing_reached_is_75(shell: Shell) -> None:
    done = shell.run("refresh", EVIDENCE_EUTILS_URL="http://127.0.0.1:9/")
    assert done.returncode == 75
    assert len(done.stderr.strip().splitlines()) >= 1


def test_a_damaged_tracker_is_74(shell: Shell) -> None:
    shell.run("refresh")
    tracker = shell.directory / "data" / "tracker.db"
    tracker.write_bytes(b"this is no database" * 500)
    for command in ("build", "refresh", "verify"):
        done = shell.run(command)
        assert done.returncode == 74, (command, done.stderr)


def break_it(monkeypatch: pytest.MonkeyPatch, target: str, error: BaseException) -> None:
    """Stands for a bug, or for a machine that has nothing left: the function breaks when it is called."""

    def broken(*_given: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(target, broken)


def test_a_bug_is_70_with_its_log(shell: Shell, tmp_path: Path) -> None:
    """In a process of its own: no traceback of Python's comes after what was said."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "sitecustomize.py").write_text(
        "import evidence.scaffold\n"
        "def broken(*a, **k):\n    raise ZeroDivisionError('invented')\n"
        "evidence.scaffold.create_project = broken\n"
    )
    done = shell.run("init", "other", process=True, PYTHONPATH=str(tmp_path / "broken"))
    assert done.returncode == 70
    log = shell.directory / "data" / "evidence.log"
    assert str(log) in done.stderr
    assert "ZeroDivisionError" in log.read_text()


def test_the_log_of_a_bug_goes_to_the_project_that_was_named(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_it(monkeypatch, "evidence.refresh.status", ZeroDivisionError("invented"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = shell.run("status", "--project", str(shell.directory), cwd=elsewhere)
    assert done.returncode == 70
    assert "ZeroDivisionError" in (shell.directory / "data" / "evidence.log").read_text()
    assert not list(elsewhere.iterdir())


def test_without_a_project_the_log_of_a_bug_goes_to_the_users_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_it(monkeypatch, "evidence.cli.commands.building.create_project", ZeroDivisionError("invented"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = Shell(elsewhere).run("init", "new", XDG_STATE_HOME=str(tmp_path / "state"))
    assert done.returncode == 70
    log = tmp_path / "state" / "evidence" / "bug.log"
    assert str(log) in done.stderr and "ZeroDivisionError" in log.read_text()
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("can't start new thread")], ids=repr)
def test_a_machine_with_nothing_left_is_75_in_one_line(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    break_it(monkeypatch, "evidence.refresh.status", error)
    done = shell.run("status")
    assert done.returncode == 75
    assert len(done.stderr.strip().splitlines()) == 1 and "run the command again" in done.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_and_terminated(shell: Shell, number: signal.Signals, code: int) -> None:
    with EutilsServer(corpus(), latency=30.0) as server:
        shell.env["EVIDENCE_EUTILS_URL"] = server.url
        shell.env["EVIDENCE_HTTP_TIMEOUT"] = "60"
        process = shell.start("refresh")
        time.sleep(2.5)
        process.send_signal(number)
        said = process.communicate(timeout=20)[1]
    assert process.returncode == code
    assert "Traceback" not in said


@pytest.mark.parametrize(("command", "code"), [("up", 75), ("serve", 75)])
def test_a_port_in_use_is_75_in_one_line_before_anything_is_built(shell: Shell, command: str, code: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = shell.run(command, "--port", port)
    assert done.returncode == code
    assert port in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (shell.directory / "data" / "evidence.db").exists()


def test_an_address_of_another_machine_is_2(shell: Shell) -> None:
    done = shell.run("serve", "--host", "nowhere.invalid")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("redirect", ["| true", ">&-", "2>&-", ">&- 2>&-"])
def test_nobody_listening_is_no_failure(shell: Shell, redirect: str) -> None:
    line = f"{sys.executable} -m evidence refresh {redirect}; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["/bin/bash", "-c", line], cwd=shell.directory, env=shell.env, timeout=60, check=False)
    assert done.returncode == 0


def test_a_command_is_missing(shell: Shell) -> None:
    done = shell.run()
    assert done.returncode == 2
    assert "COMMAND [ARGS]" in done.stderr
