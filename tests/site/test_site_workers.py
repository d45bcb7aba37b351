"""Several processes at one address: each answers, one that dies is replaced, none outlives the command."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from test_site_live import make_project, one_report

from evidence.site import server

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="children are found in /proc")
PATIENCE = 90.0


def test_settings_are_made_in_the_process_and_share_what_signs_forms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project(tmp_path / "p")
    one_report(project.evidence, "A title")
    monkeypatch.setattr(server, "_end_with_parent", lambda parent: None)
    sent = pickle.dumps(server.WorkerConfig(project.root, "127.0.0.1", 1, 2))
    first, second = pickle.loads(sent), pickle.loads(sent)
    assert first.app is not second.app
    assert first.app.secret == second.app.secret and len(first.app.secret) >= 32


def test_a_process_that_dies_is_replaced_and_a_signal_ends_all(tmp_path: Path) -> None:
    with serving(tmp_path) as (command, address):
        until(lambda: len(children(command.pid)) == 2)
        killed = children(command.pid)[0]
        os.kill(killed, signal.SIGKILL)
        until(lambda: killed not in children(command.pid) and len(children(command.pid)) == 2)
        until(lambda: answers(address))
        left = children(command.pid)
        command.terminate()
        assert command.wait(PATIENCE) == 143
        until(lambda: not any(runs(pid) for pid in left))
        assert not answers(address)


def test_a_process_ends_when_its_supervisor_was_killed() -> None:
    watched = (
        "import os; from evidence.site.server import _end_with_parent; parent = os.getppid(); "
        "print(os.getpid(), flush=True); _end_with_parent(parent)"
    )
    started = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {watched!r}])"
    supervisor = subprocess.Popen([sys.executable, "-c", started], stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout is not None
    process = int(supervisor.stdout.readline())
    assert runs(process)
    supervisor.kill()
    supervisor.wait()
    until(lambda: not runs(process))


@contextmanager
def serving(directory: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    project = make_project(directory / "p")
    one_report(project.evidence, "A title")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["serve", "--workers", "2", "--port", str(port), "--project", str(project.root)]
    command = subprocess.Popen([sys.executable, "-m", "evidence", *options], stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/reports/1"
    try:
        until(lambda: answers(address))
        yield command, address
    finally:
        command.kill()
        command.wait()


def answers(address: str) -> bool:
    try:
        return "A title" in httpx.get(address, timeout=10).text
    except httpx.TransportError:
        return False


def children(pid: int) -> list[int]:
    """The serving processes: the children that are not multiprocessing's own tracker and not a dead one."""
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        command = Path(f"/proc/{child}/cmdline")
        if command.exists() and b"spawn_main" in command.read_bytes():
            found.append(int(child))
    return found


def runs(pid: int) -> bool:
    """Whether a process is at work; a dead one that nobody asked about yet is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.1)
