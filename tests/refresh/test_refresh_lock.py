"""Two refreshes are kept apart; a lock outlives nobody."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from refresh_conftest import Small

from evidence.errors import StorageError, TryLater
from evidence.refresh.lock import Owner, lock


def dead_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_second_refresh_is_sent_away(tmp_path: Path) -> None:
    path = tmp_path / "data" / "refresh.lock"
    with lock(path) as taken_over:
        assert not taken_over and path.read_text().split()[0] == str(os.getpid())
        with pytest.raises(TryLater, match=f"another refresh .process {os.getpid()} ") as caught, lock(path):
            pass
        assert caught.value.exit_code == 75
        assert path.exists()  # the loser leaves the winner's lock alone
    assert not path.exists()


def test_two_processes(small: Small) -> None:
    small.server._state.latency = 0.4
    first = threading.Thread(target=small.refresh)
    first.start()
    while not small.project.lock.exists() or not small.server.arrivals:
        time.sleep(0.01)
    with pytest.raises(TryLater):
        small.refresh()
    first.join()
    assert small.refresh().exit_code == 0


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "refresh.lock"
    path.write_text(f"{dead_pid()} {socket.gethostname()} 1\n")
    with lock(path) as taken_over:
        assert taken_over
    for rubbish in ("", "not a pid\n", "\x00\x00"):
        path.write_text(rubbish)
        with lock(path):
            pass


def test_a_living_owner_is_believed_even_without_flock(tmp_path: Path) -> None:
    path = tmp_path / "refresh.lock"
    path.write_text(f"{os.getppid()}\n")
    with pytest.raises(TryLater, match=str(os.getppid())), lock(path):
        pass
    path.write_text(f"{os.getppid()} {socket.gethostname()} 1\n")  # the id was given to another process since
    with lock(path) as taken_over:
        assert taken_over


def test_an_owner_on_another_machine_is_believed() -> None:
    assert Owner(dead_pid(), "another-machine").lives()
    assert not Owner(dead_pid(), socket.gethostname()).lives()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_directory_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StorageError, match="writable"), lock(tmp_path / "data" / "refresh.lock"):
            pass
    finally:
        tmp_path.chmod(0o700)


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a directory should be")
    with pytest.raises(StorageError, match="must be writable"), lock(tmp_path / "data" / "refresh.lock"):
        pass
