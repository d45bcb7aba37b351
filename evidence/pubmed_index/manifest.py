"""What an index says of itself, and what its files hold.

DIR/index.json             the manifest: which folder is the index. Replaced at once, last of all
DIR/GENERATION/rows.npy    COLUMNS for each record, sorted by PMID
DIR/GENERATION/blocks.bin  texts of BLOCK records each: a zstandard frame with a dictionary (rows.dict)
DIR/GENERATION/blocks.npy  where each block ends
DIR/GENERATION/buckets.npy, keys.npy, starts.npy, postings.npy
                           a term's key → the records with it: see :mod:`.postings`
DIR/GENERATION/journals.txt    id, abbreviation and name of each journal
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from evidence.errors import InputError, StorageError, UsageError
from evidence.project import INDEX_MANIFEST as MANIFEST

FORMAT = 1
COLUMNS = np.dtype([("pmid", "<u4"), ("year", "<u2"), ("electronic_year", "<u2"), ("journal", "<u4"), ("flags", "u1")])
# Records in a compressed block: 16 take 10% more bytes, 64 twice as long to read one of.
BLOCK = 32


@dataclass(frozen=True, slots=True)
class Covers:
    """The years of which the index holds every PubMed record, and what says so (``NLM's baseline of 2026``)."""

    first: int
    last: int
    what: str = ""

    def holds(self, year: int | None) -> bool:
        return year is not None and self.first <= year <= self.last

    def in_words(self) -> str:
        """``1950 to 2026 (NLM's baseline of 2026)``."""
        return f"{self.first} to {self.last}" + (f" ({self.what})" if self.what else "")


def covers(text: str, what: str = "") -> Covers:
    """``1950-2026`` as years. Raises :class:`InputError` for anything else."""
    match = re.fullmatch(r"\s*(\d{4})\s*[-\u2013]\s*(\d{4})\s*", text)
    if not match or int(match[1]) > int(match[2]):
        raise InputError(f"{text!r} are no years: write the first and the last, such as 1950-2026")
    return Covers(int(match[1]), int(match[2]), what)


@dataclass(frozen=True, slots=True)
class Manifest:
    """``generation``: the folder. ``files``: name → bytes. ``built_at``: UTC; ``covers``: ``None`` says nothing.

    ``tracker``: the fingerprint of the tracker's records that it was made of, ``None`` where it was made of others.
    ``sha256``: name → checksum; empty in an index made before these were kept.
    """

    generation: str
    records: int
    built_at: str
    covers: Covers | None
    files: dict[str, int]
    format: int = FORMAT
    tracker: str | None = None
    sha256: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def has_index(directory: Path) -> bool:
    return (directory / MANIFEST).is_file()


def read_manifest(directory: Path) -> Manifest:
    """The manifest of the index in ``directory``, its files checked for their sizes.

    Raises :class:`UsageError` where there is none, :class:`StorageError` where it is of another version or damaged.
    """
    path = directory / MANIFEST
    if not path.is_file():
        raise UsageError(f"{directory} holds no index of PubMed: make one with 'evidence index'")
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said["format"] != FORMAT:
            raise StorageError(
                f"{path} is of version {said['format']}, and this program reads version {FORMAT}: make it anew"
            )
        known = Covers(**said["covers"]) if said["covers"] else None
        manifest = Manifest(
            said["generation"], said["records"], said["built_at"], known, said["files"],
            tracker=said.get("tracker"), sha256=said.get("sha256") or {},
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageError(f"{path} cannot be read ({error}): make the index anew") from error
    for name, size in manifest.files.items():
        file = directory / manifest.generation / name
        if not file.is_file() or file.stat().st_size != size:
            raise StorageError(f"{file} is not whole: make the index anew")
    return manifest
