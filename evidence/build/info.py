"""What a build is made of, as one hash: the same hash means that building again would change nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

from evidence.project import PACKAGE, Project

# Parts of the program that cannot change what a build holds.
_NOT_DERIVING = ("site", "cli", "refresh", "starter", "library")


def inputs_hash(project: Project, tracker_hash: str, as_of: str | None = None) -> str:
    """Hash of the tracker's content, ``queries/``, ``metadata.yml``, the deriving code and ``as_of``."""
    digest = hashlib.sha256(f"{tracker_hash}\n{as_of or ''}\n".encode())
    for path in (project.metadata_file, *sorted(p for p in project.queries.rglob("*") if p.is_file())):
        _add(digest, path, path.relative_to(project.root))
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.relative_to(PACKAGE).parts[0] not in _NOT_DERIVING:
            _add(digest, path, path.relative_to(PACKAGE))
    return digest.hexdigest()


def _add(digest: hashlib._Hash, path: Path, name: Path) -> None:
    content = path.read_bytes()
    digest.update(f"{name.as_posix()} {len(content)}\n".encode())
    digest.update(content)
