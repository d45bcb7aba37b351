"""Faults at the n-th call: of files, renames, locks, SQLite's statements, and of every function first entered.

``POINTS`` is the list of what is patched and how each can fail. An :class:`Injector` counts the calls that touch
``root`` and lets the planned ones fail; without a plan it only counts.
"""

from __future__ import annotations

import builtins
import errno
import fcntl
import io
import os
import resource
import signal
import sqlite3
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

PACKAGE = str(Path(__file__).resolve().parents[2] / "evidence") + os.sep
# Point → the ways in which it fails. "…_stays": from the n-th call on. "short": half is written, then the disk is full.
# "…_after": it was done, and the failure is told all the same. "kill": SIGKILL at this call, for a process of its own.
POINTS: dict[str, tuple[str, ...]] = {
    "open": ("enospc", "eio", "emfile", "memory", "kill"),
    "write": ("enospc", "eio", "short", "enospc_stays", "kill"),
    "copy": ("enospc", "eio", "short", "kill"),
    "rename": ("eio", "enospc", "kill", "kill_after"),
    "unlink": ("eio", "kill", "kill_after"),
    "fsync": ("eio", "enospc", "kill"),
    "lock": ("busy", "enolck", "kill"),
    "statement": (
        "sql_ioerr", "sql_full", "sql_full_stays", "sql_busy", "sql_ioerr_after", "memory", "kill", "kill_after",
    ),
    "frame": ("memory",),
}  # fmt: skip
_ERRNO = {"enospc": errno.ENOSPC, "eio": errno.EIO, "emfile": errno.EMFILE, "enolck": errno.ENOLCK}
_SQL = {
    "sql_ioerr": ("SQLITE_IOERR_WRITE", "disk I/O error"),
    "sql_full": ("SQLITE_FULL", "database or disk is full"),
    "sql_busy": ("SQLITE_BUSY", "database is locked"),
}
_open, real_connect = builtins.open, sqlite3.connect


@dataclass(frozen=True, slots=True)
class Fault:
    point: str
    nth: int
    kind: str

    def __str__(self) -> str:
        return f"{self.kind} at {self.point} {self.nth}"


def error_of(kind: str) -> BaseException:
    name = kind.removesuffix("_stays").removesuffix("_after")
    if name == "memory":
        return MemoryError()
    if name == "busy":
        return BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    if name in _SQL:
        error = sqlite3.OperationalError(_SQL[name][1])
        error.sqlite_errorname = _SQL[name][0]
        return error
    number = _ERRNO["enospc" if name == "short" else name]
    return OSError(number, os.strerror(number))


class Injector:
    """Counts calls by point, and fails those of the plan. ``acted``: the faults that were reached."""

    def __init__(self, root: Path, plan: Sequence[Fault] = (), frames: bool = False):
        self.root, self.plan, self.counts = str(root.resolve()), list(plan), Counter[str]()
        self.frames = frames or any(fault.point == "frame" for fault in plan)
        self.acted: list[Fault] = []
        self._lock, self._entered = threading.Lock(), set[object]()

    def touches(self, path: object) -> bool:
        if not isinstance(path, (str, bytes, os.PathLike)):
            return False
        return str(Path(os.fsdecode(path)).absolute()).startswith(self.root)

    def due(self, point: str) -> str:
        """The kind of the fault that this call meets, or ``""``."""
        with self._lock:
            self.counts[point] += 1
            number = self.counts[point]
            for fault in self.plan:
                stays = fault.kind.endswith("_stays") and number >= fault.nth
                if fault.point == point and (number == fault.nth or stays):
                    self.acted.append(fault)
                    return fault.kind
        return ""

    def call(self, point: str, real: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        kind = self.due(point)
        if kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if not kind or kind.endswith("_after"):
            result = real(*arguments, **options)
            if kind == "kill_after":
                os.kill(os.getpid(), signal.SIGKILL)
            if not kind:
                return result
        raise error_of(kind)

    @contextmanager
    def active(self) -> Iterator[None]:
        with ExitStack() as stack:
            for module, name, wrapped in self._patches():
                stack.enter_context(patch.object(module, name, wrapped))
            if self.frames:
                threading.setprofile(self._profile)
                sys.setprofile(self._profile)
                stack.callback(threading.setprofile, None)
                stack.callback(sys.setprofile, None)
            yield

    def _patches(self) -> Iterator[tuple[Any, str, Callable[..., Any]]]:
        for module in (builtins, io):
            yield module, "open", self._opened
        for name, point in (("replace", "rename"), ("rename", "rename"), ("unlink", "unlink"), ("remove", "unlink")):
            yield os, name, self._of_a_path(point, getattr(os, name))
        yield os, "open", self._of_a_path("open", os.open)
        for name, point in (("pwrite", "write"), ("ftruncate", "write"), ("fsync", "fsync")):
            yield os, name, self._always(point, getattr(os, name))
        yield os, "sendfile", self._copied(os.sendfile)
        yield fcntl, "flock", self._always("lock", fcntl.flock)
        yield sqlite3, "connect", self._connected

    def _of_a_path(self, point: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def replaced(path: Any, *arguments: Any, **options: Any) -> Any:
            if not self.touches(path):
                return real(path, *arguments, **options)
            return self.call(point, real, path, *arguments, **options)

        return replaced

    def _always(self, point: str, real: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *arguments, **options: self.call(point, real, *arguments, **options)

    def _copied(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def sendfile(out: int, into: int, offset: int, count: int) -> int:
            if self.counts["copy"] and any(f.kind == "short" and f in self.acted for f in self.plan):
                raise error_of("short")
            kind = self.due("copy")
            if kind == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            if kind == "short":
                return int(real(out, into, offset, max(os.fstat(into).st_size // 2, 1)))
            if kind:
                raise error_of(kind)
            return int(real(out, into, offset, count))

        return sendfile

    def _opened(self, file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if not self.touches(file):
            return _open(file, mode, *arguments, **options)
        opened = self.call("open", _open, file, mode, *arguments, **options)
        if set(mode) & set("wax+"):
            self._watch(opened)
        return opened

    def _watch(self, opened: Any) -> None:
        """Lets ``write`` of this file fail; the object stays the file that it is."""
        real = opened.write

        def write(data: Any) -> Any:
            kind = self.due("write")
            if kind == "kill":
                opened.flush()
                os.kill(os.getpid(), signal.SIGKILL)
            if kind == "short":
                real(data[: len(data) // 2])
                opened.flush()
            if kind:
                raise error_of(kind)
            return real(data)

        opened.write = write

    def _connected(self, *arguments: Any, **options: Any) -> sqlite3.Connection:
        return real_connect(*arguments, **{"factory": _connection(self), **options})

    def _profile(self, frame: FrameType, event: str, _argument: object) -> None:
        code = frame.f_code
        if event == "call" and code not in self._entered and code.co_filename.startswith(PACKAGE):
            self._entered.add(code)
            if code.co_name != "<module>" and self.due("frame"):
                raise MemoryError


def _connection(injector: Injector) -> type[sqlite3.Connection]:
    class Connection(sqlite3.Connection):
        def execute(self, *arguments: Any) -> Any:
            return injector.call("statement", super().execute, *arguments)

        def executemany(self, *arguments: Any) -> Any:
            return injector.call("statement", super().executemany, *arguments)

        def commit(self) -> None:
            injector.call("statement", super().commit)

    return Connection


@contextmanager
def full_disk(largest: int | None) -> Iterator[None]:
    """No file of this process grows beyond ``largest`` bytes: the system's own refusal, in the midst of a write."""
    if largest is None:
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
