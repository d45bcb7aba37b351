"""Files that one process holds: the operating system's own lock (``flock``), which a killed process cannot keep.

No file's time is asked: clocks jump, and a file that was copied back keeps an old one.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

_ATTEMPTS = 5


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


def read_held(descriptor: int) -> str:
    """The beginning of what is written in the file."""
    return os.pread(descriptor, 500, 0).decode("utf-8", "replace")
