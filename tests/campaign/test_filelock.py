"""A file of one's own, while others clear up beside it."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from evidence import filelock
from evidence.errors import TryLater
from evidence.filelock import hold, hold_new


def test_who_clears_up_for_a_moment_stops_nobody(tmp_path: Path) -> None:
    path = tmp_path / ".evidence.db.1.tmp"
    clearing = hold(path)

    def removed() -> None:
        time.sleep(0.03)
        path.unlink()
        os.close(clearing)

    thread = threading.Thread(target=removed)
    thread.start()
    mine = hold_new(path)
    thread.join()
    assert path.exists() and os.path.samestat(os.fstat(mine), path.stat())
    os.close(mine)


def test_who_keeps_it_is_said_and_asked_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filelock, "_MOMENT", 0.001)
    path = tmp_path / "held"
    other = hold(path)
    with pytest.raises(TryLater, match="another process holds it"):
        hold_new(path)
    os.close(other)
    os.close(hold_new(path))
