"""One refresh at a time: a lock file that names its owner, and outlives nobody.

The lock itself is the operating system's (``flock``), which a killed process cannot keep; the owner's process id in
the file says whom to wait for, and holds where ``flock`` does not reach (another container, a network disk).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evidence.errors import StorageError, TryLater
from evidence.filelock import Held, hold, read_held


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a lock. ``born`` is the process's start time, so that a reused id is not taken for the owner."""

    pid: int
    host: str = ""
    born: str = ""

    def lives(self) -> bool:
        """Whether the owner may still be at work; on another machine that cannot be seen, and is believed."""
        if self.host and self.host != socket.gethostname():
            return True
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except (PermissionError, OverflowError):
            pass
        return not self.born or _born(self.pid) in ("", self.born)


@contextmanager
def lock(path: Path) -> Iterator[bool]:
    """Holds the lock. Yields whether it was taken over from a refresh that died.

    Raises :class:`TryLater` when another refresh holds it, :class:`StorageError` when the file cannot be written.
    """
    with _storage(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = hold(path)
        except Held as held:
            raise _busy(path, _owner(held.content)) from None
    try:
        before = _owner(read_held(descriptor))
        if before is not None and before.pid != os.getpid() and before.lives():
            raise _busy(path, before)
        try:
            with _storage(path):
                _write(descriptor)
            yield before is not None
        finally:
            path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


@contextmanager
def _storage(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror or error}; this directory must be writable to refresh") from error


def _busy(path: Path, owner: Owner | None) -> TryLater:
    who = f" (process {owner.pid}{f' on {owner.host}' if owner.host else ''})" if owner else ""
    return TryLater(f"another refresh{who} is at work; try again when it has finished. Its lock is {path}")


def _owner(content: str) -> Owner | None:
    words = content.split()
    if not words or not words[0].isdecimal():
        return None
    return Owner(int(words[0]), *words[1:3])


def _write(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()} {socket.gethostname()} {_born(os.getpid())}\n".encode(), 0)


def _born(pid: int) -> str:
    """When a process started, in clock ticks since boot; ``""`` where the system does not say."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
