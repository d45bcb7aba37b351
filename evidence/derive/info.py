"""What a build is made of, as one hash, and whether a build is current: made of what there is now.

The same hash means that building again would change nothing.

Everything in a room that derives is hashed, whatever its name: a weights file, a word list or a table of rules that
somebody adds is covered on the day it is added. Python is hashed as it is compiled, without comments and docstrings
(0.25 s of CPU for 184 files), so that only what runs counts.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from functools import cache
from importlib.metadata import packages_distributions, version
from pathlib import Path
from types import CodeType
from typing import Any

from evidence.project import PACKAGE, Project
from evidence.readonly import open_readonly
from evidence.tracker import Tracker

# Rooms that no build reaches: they bring records in, or read what was built. A test holds the imports to it.
NOT_DERIVING = frozenset(
    ("baseline", "cli", "exchange", "library", "refresh", "services", "site", "starter", "_project")
)
# But for this part of one: the reader of what PubMed answered, which the tracker stores as it came.
DERIVING_PART = ("exchange", "pubmed")
# Settings that only say where the site is and whom to write to. Any other may decide what is built.
_SHOWN_ONLY = frozenset(("site_url", "contact"))
# What editors and file managers leave beside the files they are used on.
_LEFTOVER = re.compile(r"\..*|.*~|#.*#|.*\.(?:swp|swo|bak|orig|rej|tmp)|__pycache__|.*\.pyc|Thumbs\.db|desktop\.ini")
_IMPORT = re.compile(r"^\s*(?:from|import)\s+([A-Za-z_]\w*)", re.M)


def inputs_hash(project: Project, tracker_hash: str, as_of: str | None = None) -> str:
    """Hash of all that decides what a build holds: the tracker's content, ``queries/``, settings, program, ``as_of``.

    Raises :class:`~evidence.errors.InputError` when ``metadata.yml`` cannot be read.
    """
    digest = hashlib.sha256(f"{tracker_hash}\n{as_of or ''}\n{_running_program()}\n".encode())
    deciding = {key: value for key, value in project.settings().items() if key not in _SHOWN_ONLY}
    digest.update(json.dumps(deciding, sort_keys=True, default=str).encode())
    for path in _files(project.queries):
        _add(digest, path.relative_to(project.root).as_posix(), path.read_bytes())
    return digest.hexdigest()


def read_info(path: Path) -> dict[str, str]:
    """What a built database says of itself (table ``build_info``), but for what it leaves empty.

    Raises ``sqlite3.Error`` when it cannot be read.
    """
    with closing(open_readonly(path)) as db:
        return {key: value for key, value in db.execute("SELECT key, value FROM build_info") if value is not None}


def is_current(project: Project, info: Mapping[str, str], tracker: Tracker | None = None) -> bool:
    """Whether what says ``info`` of itself was built of all that there is now: building again would change nothing.

    ``tracker``: the project's, where it stands open. Raises :class:`~evidence.errors.StorageError` without one, and
    :class:`~evidence.errors.InputError` when ``metadata.yml`` cannot be read.
    """
    if tracker is None:
        with closing(Tracker.open(project.tracker, create=False)) as opened:
            return is_current(project, info, opened)
    return info.get("inputs_hash") == inputs_hash(project, tracker.input_hash())


@cache
def _running_program() -> str:
    """The program's hash, once a process: what runs does not change with the files that it was read from."""
    return program_hash()


def program_hash(package: Path = PACKAGE) -> str:
    """Hash of the deriving rooms, and of the versions of what they import, of Python, its Unicode, and SQLite."""
    digest = hashlib.sha256()
    imported: set[str] = set()
    for path in _files(package, NOT_DERIVING):
        content = path.read_bytes()
        if path.suffix == ".py":
            imported.update(_IMPORT.findall(content.decode("utf-8")))
            content = "\n".join(_compiled(compile(content, path.name, "exec", dont_inherit=True, optimize=2))).encode()
        _add(digest, path.relative_to(package).as_posix(), content)
    digest.update(json.dumps([*_versions(imported)]).encode())
    return digest.hexdigest()


def _files(directory: Path, left_out: frozenset[str] = frozenset()) -> list[Path]:
    """Every file below a directory, sorted, but for leftovers and the rooms left out."""
    return sorted(
        path
        for path in directory.rglob("*")
        if path.is_file()
        and ((parts := path.relative_to(directory).parts)[0] not in left_out or parts[:2] == DERIVING_PART)
        and not any(_LEFTOVER.fullmatch(part) for part in parts)
    )


def _add(digest: hashlib._Hash, name: str, content: bytes) -> None:
    digest.update(f"{name} {len(content)}\n".encode())
    digest.update(content)


def _compiled(code: CodeType) -> Iterator[str]:
    """What a compiled piece of Python does, without where it stands in its file."""
    yield repr((code.co_name, code.co_flags, code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount))
    yield repr((code.co_code, code.co_exceptiontable, code.co_names, code.co_varnames))
    yield repr((code.co_freevars, code.co_cellvars))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _compiled(constant)
        else:
            yield _constant(constant)


def _constant(value: Any) -> str:
    """``repr``, in an order of its own for the sets whose order changes from run to run."""
    if isinstance(value, frozenset):
        return f"{{{', '.join(sorted(map(_constant, value)))}}}"
    if isinstance(value, tuple):
        return f"({', '.join(map(_constant, value))})"
    return repr(value)


def _versions(imported: Iterable[str]) -> Iterator[tuple[str, str]]:
    distributions = packages_distributions()
    names = {name for module in imported for name in distributions.get(module, ())}
    yield from sorted((name, version(name)) for name in names if name != "neuromodulation-evidence")
    yield "python", ".".join(map(str, sys.version_info[:2]))
    yield "unicode", unicodedata.unidata_version
    yield "sqlite", ".".join(map(str, sqlite3.sqlite_version_info[:2]))
