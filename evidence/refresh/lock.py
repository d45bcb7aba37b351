"""One refresh at a time: a lock file that names its owner, and outlives nobody.

The lock itself is the operating system's (``flock``), which a killed process cannot keep; the owner's process id in
the file says whom to wait for, and holds where ``flock`` does not reach (another container, a network disk).
"""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evidence.errors import StorageError, TryLater

_ATTEMPTS = 5


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
        descriptor = _open_locked(path)
    try:
        before = _read(descriptor)
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


def _open_locked(path: Path) -> int:
    for _ in range(_ATTEMPTS):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The owner removes the file when done: a lock on a removed file keeps nobody out.
            if path.exists() and os.fstat(descriptor).st_ino == path.stat().st_ino:
                return descriptor
        except BlockingIOError:
            owner = _read(descriptor)
            os.close(descriptor)
            raise _busy(path, owner) from None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
    raise _busy(path, None)


def _busy(path: Path, owner: Owner | None) -> TryLater:
    who = f" (process {owner.pid}{f' on {owner.host}' if owner.host else ''})" if owner else ""
    return TryLater(f"another refresh{who} is at work; try again when it has finished. Its lock is {path}")


def _read(descriptor: int) -> Owner | None:
    words = os.pread(descriptor, 500, 0).decode("utf-8", "replace").split()
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
