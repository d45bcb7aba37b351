"""Whether an index that stands is whole, and as new as what it was made from."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from evidence.pubmed_index.manifest import Manifest

# NLM publishes a new baseline each December.
OLDEST_DAYS = 400


def staleness(manifest: Manifest, records: str | None, now: datetime) -> str:
    """Why an index is to be made anew, ``""`` where nothing says so.

    ``records``: the fingerprint of the tracker's records now, ``None`` where there is no tracker; ``now``: with a zone.
    """
    made = manifest.built_at[:10]
    if manifest.tracker is not None:
        if records is not None and records != manifest.tracker:
            changed = f"made on {made} of the tracker's records, which have changed since"
            return f"{changed}: 'evidence build' makes it anew"
        return ""
    days = (now - datetime.fromisoformat(manifest.built_at)).days
    if days > OLDEST_DAYS:
        return f"made on {made}, {days} days ago: newer files of NLM are read by 'evidence baseline'"
    return ""


def damaged_files(directory: Path, manifest: Manifest) -> list[str]:
    """The files of an index whose bytes are others than were written, or cannot be read."""
    damaged = []
    for name, said in manifest.sha256.items():
        path = directory / manifest.generation / name
        try:
            if sha256_of(path) != said:
                damaged.append(f"{path} has other bytes than were written")
        except OSError as error:
            damaged.append(f"{path} cannot be read ({error.strerror or error})")
    return damaged


def sha256_of(path: Path) -> str:
    """Raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
