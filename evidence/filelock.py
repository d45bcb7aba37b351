"""Files that one process holds: the operating system's own lock (``flock``), which a killed process cannot keep.

No file's time is asked: clocks jump, and a file that was copied back keeps an old one.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from evidence.errors import TryLater

_ATTEMPTS = 5
_MOMENT = 0.02  # seconds


class Held(Exception):
    """Another process holds the file. ``content`` is what is written in it."""

    def __init__(self, content: str = ""):
        super().__init__(content)
        self.content = content


def hold(path: Path, create: bool = True) -> int:
    """A descriptor of a file that is now this process's alone, until it closes it or dies.

    Raises :class:`Held` when another has it, ``OSError`` when it cannot be opened.
    """
    for _ in range(_ATTEMPTS):
        descriptor = os.open(path, os.O_RDWR | (os.O_CREAT if create else 0), 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Its owner may have removed the file meanwhile: a lock on a removed file keeps nobody out.
            if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        except BlockingIOError:
            content = read_held(descriptor)
            os.close(descriptor)
            raise Held(content) from None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
    raise Held


def hold_new(path: Path) -> int:
    """:func:`hold` for a name of one's own, beside which others clear up what the dead left.

    Who clears up may meet the file between its making and its lock, hold it and remove it: it is made again a moment
    later. Raises :class:`TryLater` when it is held for longer, ``OSError`` when it cannot be opened.
    """
    for _ in range(_ATTEMPTS):
        try:
            return hold(path)
        except Held:
            time.sleep(_MOMENT)
    raise TryLater(f"{path}: another process holds it; run the command again when that has ended")


def read_held(descriptor: int) -> str:
    """The beginning of what is written in the file."""
    return os.pread(descriptor, 500, 0).decode("utf-8", "replace")
