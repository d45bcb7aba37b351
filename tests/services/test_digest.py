"""What is new, told once: to each address, by each digest, also when a run is cut anywhere."""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from clocks import SetClock
from command_shell import Shell

from evidence.errors import InputError, UsageError
from evidence.project import Project
from evidence.services.digest import DigestSummary, outbox, preview, run
from evidence.services.digest.definitions import Definition, load_definitions
from evidence.services.digest.outbox import Message
from evidence.services.digest.run import Sender

TWO = """
- id: burst
  title: New on burst stimulation
  search: q=burst
  kinds: [reports]
  send: DIGEST_BURST
- id: every
  title: Everything
"""
RIS = "TY  - JOUR\nTI  - {} spinal cord stimulation in town {}\nPY  - 2020\nER  - \n"
FIRST, LATER = "2026-01-01T10:00:00Z", "2026-02-01T10:00:00Z"


class Cut(BaseException):
    """The process ends here."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two reports of January, three of February, two of these on burst stimulation."""
    shell = Shell(tmp_path_factory.mktemp("digests"))
    assert shell.run("init", "project", "--example", "neuromodulation").returncode == 0
    shell.directory = shell.directory / "project"
    for day, words in ((FIRST, ("Burst", "Tonic")), (LATER, ("Burst", "Tonic", "Burst"))):
        text = "".join(RIS.format(word, f"{day[:7]} {number}") for number, word in enumerate(words))
        (shell.directory / "some.ris").write_text(text)
        assert shell.run("import", "some.ris", now=SetClock(day)).returncode == 0
    assert shell.run("build", now=SetClock(LATER)).returncode == 0
    (shell.directory / "queries" / "digests.yml").write_text(TWO)
    return shell.directory


@pytest.fixture
def project(tmp_path: Path, built: Path) -> Project:
    return Project(shutil.copytree(built, tmp_path / "project"))


def followed_since(project: Project, day: str = "2026-01-15T00:00:00Z") -> None:
    with outbox.Outbox(project.data / "digests.db") as box:
        for name in ("burst", "every"):
            box.begin(name, day)


class Post:
    """Services that take messages, all but those that refuse."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, Message]] = []
        self.refuse: set[str] = set()

    def __call__(self, address: str, message: Message) -> bool:
        if address in self.refuse:
            return False
        self.taken.append((address, message))
        return True


ADDRESSES = {"DIGEST_BURST": "json://one json://two"}


def go(
    project: Project, post: Post, environ: dict[str, str] = ADDRESSES, resend: tuple[int, ...] = ()
) -> DigestSummary:
    return run(project, SetClock("2026-02-02T00:00:00Z"), resend=resend, environ=environ, send=post)


def test_the_first_run_begins_and_tells_nothing(project: Project) -> None:
    post = Post()
    summary = go(project, post)
    assert not post.taken and not summary.sent and summary.exit_code == 0
    assert all("begins now" in line for line in summary.lines)


def test_what_is_new_is_told_to_each_address_once(project: Project) -> None:
    followed_since(project)
    post = Post()
    assert go(project, post).exit_code == 0
    assert [address for address, _ in post.taken] == ["json://one", "json://two"]
    message = post.taken[0][1]
    assert message.subject == "New on burst stimulation: 2 new reports"
    assert message.text.count("Burst spinal cord stimulation in town 2026-02") == 2 and "Tonic" not in message.text
    assert "nobody should change a treatment" in message.text and "<a href=" in message.html
    (written,) = (project.data / "outbox").glob("*-every.txt")
    assert written.read_text().count("spinal cord stimulation in town 2026-02") == 3
    again = go(project, post)
    assert len(post.taken) == 2 and not again.sent and all("nothing new" in line for line in again.lines)


def test_one_address_that_refuses_does_not_make_the_others_get_it_twice(project: Project) -> None:
    followed_since(project)
    post = Post()
    post.refuse = {"json://two"}
    summary = go(project, post)
    assert summary.exit_code == 75 and summary.failed
    assert "json://" not in " ".join(summary.lines)
    post.refuse = set()
    assert go(project, post).exit_code == 0
    assert Counter(address for address, _ in post.taken) == {"json://one": 1, "json://two": 1}


def test_a_variable_that_is_not_set_stops_only_its_own_digest(project: Project) -> None:
    followed_since(project)
    post = Post()
    summary = go(project, post, {})
    assert summary.exit_code == 2 and "DIGEST_BURST is not set" in " ".join(summary.lines)
    assert list((project.data / "outbox").glob("*-every.txt"))
    assert go(project, post).exit_code == 0 and len(post.taken) == 2


def cut_at_step(patch: pytest.MonkeyPatch, post: Post, cut_at: int) -> tuple[Sender, list[int]]:
    """End at the n-th step: before a statement that writes, before a message is taken, after it; and the steps made."""
    made: list[int] = []

    def step() -> None:
        made.append(1)
        if len(made) == cut_at:
            raise Cut

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *values):  # type: ignore[override]
            if sql.split()[0] in ("INSERT", "UPDATE", "DELETE", "COMMIT"):
                step()
            return super().execute(sql, *values)

    def send(address: str, message: Message) -> bool:
        step()
        taken = post(address, message)
        step()
        return taken

    connect = sqlite3.connect
    patch.setattr(outbox.sqlite3, "connect", lambda *a, **k: connect(*a, factory=Connection, **k))
    return send, made


def test_a_run_that_is_cut_anywhere_tells_each_event_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = {path: path.read_bytes() for path in project.data.iterdir()}
    cuts = doubts = 0
    for cut_at in itertools.count(1):
        shutil.rmtree(project.data)
        project.data.mkdir()
        for path, content in fresh.items():
            path.write_bytes(content)
        followed_since(project)
        post = Post()
        with monkeypatch.context() as patch:
            send, made = cut_at_step(patch, post, cut_at)
            with contextlib.suppress(Cut):
                run(project, SetClock(LATER), environ=ADDRESSES, send=send)
        if len(made) < cut_at:
            break
        cuts += 1
        summary = go(project, post)
        got = Counter(address for address, _ in post.taken)
        assert max(got.values(), default=0) == 1, f"a message came twice after a cut at step {cut_at}"
        missing = {"json://one", "json://two"} - got.keys()
        if missing:
            assert summary.in_doubt and summary.exit_code == 1 and "--resend" in " ".join(summary.lines)
        doubts += bool(summary.in_doubt)
        with sqlite3.connect(project.data / "digests.db") as db:
            told = dict(db.execute("SELECT digest, count(*) FROM told GROUP BY 1"))
            assert told == {"burst": 2, "every": 3}
            assert db.execute("SELECT count(*) FROM messages").fetchone() == (2,)
        assert len(list((project.data / "outbox").glob("*.txt"))) == 1
    assert cuts > 20 and 0 < doubts < cuts / 2


def test_what_is_in_doubt_is_sent_again_when_somebody_says_so(project: Project) -> None:
    followed_since(project)

    def cut(address: str, message: Message) -> bool:
        raise Cut

    with pytest.raises(Cut):
        run(project, SetClock(LATER), environ=ADDRESSES, send=cut)
    post = Post()
    summary = go(project, post)
    (number,) = summary.in_doubt
    assert [address for address, _ in post.taken] == ["json://two"]
    assert not go(project, post, resend=(number,)).in_doubt
    assert Counter(address for address, _ in post.taken) == {"json://one": 1, "json://two": 1}
    with pytest.raises(UsageError, match="no message 99"):
        go(project, post, resend=(99,))


def test_a_preview_remembers_nothing(project: Project) -> None:
    text, page = preview(project, Definition("all", "Since then"), "2026-01-15")
    assert text.startswith("Since then: 3 new reports\n") and page.count("<li>") == 3
    assert not (project.data / "digests.db").exists()
    nothing, _ = preview(project, Definition("all", "Since then"), "2027-01-01")
    assert nothing.startswith("Since then: nothing new\n")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("id: a", 1, "list"),
        ("- id: a\n", 1, "title"),
        ("- id: a b\n  title: t\n", 1, "letters"),
        ("- id: a\n  title: t\n  send: mailto://me:secret@example.org\n", 3, "environment variable"),
        ("- id: a\n  title: t\n  kinds: [news]\n", 3, "reports, notices, claims"),
        ("- id: a\n  title: t\n  colour: red\n", 3, "unknown key"),
        ("- id: a\n  title: t\n- id: a\n  title: t\n", 3, "two digests"),
    ],
)
def test_a_mistake_in_the_file_has_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = tmp_path / "digests.yml"
    path.write_text(text)
    with pytest.raises(InputError, match=said) as error:
        load_definitions(path)
    assert f"digests.yml:{line}" in str(error.value)
    assert "secret" not in str(error.value)


def test_the_command(project: Project) -> None:
    shell = Shell(project.root)
    printed = shell.run("digest", "--since", "2026-01-15")
    assert printed.returncode == 0 and "3 new reports" in printed.stdout
    assert shell.run("digest", "--since", "soon").returncode == 2
    assert shell.run("digest", "nope").returncode == 2
    assert shell.run("digest").returncode == 0
    assert json.loads(shell.run("digest", "--json").stdout)["sent"] == []
    (project.queries / "digests.yml").write_text("- {id: a, title: A, search: modality=nope}\n")
    shell.run("digest")
    done = shell.run("digest")
    assert done.returncode == 2 and "nope" in done.stderr


def test_messages_go_through_apprise(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    apprise = pytest.importorskip("apprise", reason="needs the extra [digest]")
    followed_since(project)
    sent: list[tuple[str, str]] = []

    def notify(self: object, title: str, body: str, **_: object) -> bool:
        sent.append((title, body))
        return True

    monkeypatch.setattr(apprise.Apprise, "notify", notify)
    summary = run(project, SetClock(LATER), environ={"DIGEST_BURST": "json://localhost nonsense"})
    assert [title for title, _ in sent] == ["New on burst stimulation: 2 new reports"]
    assert summary.exit_code == 75 and "1 of the 2 addresses" in " ".join(summary.lines)
