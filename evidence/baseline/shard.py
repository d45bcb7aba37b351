"""What a worker makes of one file: a folder, put in place whole.

records.parquet   pmid, xml, topics (a list) of every record that a search finds
seen.npy          PMIDs of all records, in the order of the file (not of a baseline file read for topics only)
index/            a shard of the reference index (not where topics only are asked for)
summary.json      :class:`Summary`; a folder without it is none
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from evidence.errors import StorageError, UsageError


@dataclass(slots=True)
class Summary:
    """``work``: a fingerprint of what was asked of the file. ``seconds``: CPU of the worker."""

    file: str
    sha256: str
    work: str
    records: int = 0
    selected: int = 0
    parsed: int = 0
    deleted: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(slots=True)
class Shard:
    """An opened shard; ``records`` are ``(pmid, xml, topics)``, ``seen`` is ``None`` where it was not noted."""

    folder: Path
    summary: Summary

    def records(self) -> list[tuple[str, bytes, list[str]]]:
        rows = _parquet().read_table(self.folder / "records.parquet").to_pylist()
        return [(row["pmid"], row["xml"], row["topics"]) for row in rows]

    def seen(self) -> Any:
        path = self.folder / "seen.npy"
        return np.load(path) if path.is_file() else None

    @property
    def index(self) -> Path | None:
        path = self.folder / "index"
        return path if path.is_dir() else None


def open_shard(folder: Path, work: str) -> Shard | None:
    """The shard of a folder, ``None`` when there is none, or one of other work."""
    try:
        said = Summary(**json.loads((folder / "summary.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return Shard(folder, said) if said.work == work else None


class Making:
    """A shard that is being made: ``with Making(folder) as making: ...; making.done(summary)``."""

    def __init__(self, folder: Path):
        self._folder = folder
        self.records: list[tuple[str, bytes, list[str]]] = []
        self.seen: list[int] | None = None

    def __enter__(self) -> Making:
        try:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            self.path = Path(tempfile.mkdtemp(prefix=f".{self._folder.name}.", dir=self._folder.parent))
        except OSError as error:
            raise StorageError(f"{self._folder.parent} cannot be written: {error.strerror or error}") from error
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def done(self, summary: Summary) -> None:
        import pyarrow

        pmids, xml, topics = zip(*self.records, strict=True) if self.records else ((), (), ())
        columns = {
            "pmid": pyarrow.array(pmids, pyarrow.string()),
            "xml": pyarrow.array(xml, pyarrow.large_binary()),
            "topics": pyarrow.array(topics, pyarrow.list_(pyarrow.string())),
        }
        try:
            _parquet().write_table(pyarrow.table(columns), self.path / "records.parquet", compression="zstd")
            if self.seen is not None:
                np.save(self.path / "seen.npy", np.array(self.seen, np.uint32))
            (self.path / "summary.json").write_text(json.dumps(asdict(summary)), encoding="utf-8")
            if self._folder.exists():
                shutil.rmtree(self._folder)
            self.path.replace(self._folder)
        except OSError as error:
            raise StorageError(f"{self._folder} cannot be written: {error.strerror or error}") from error


def _parquet() -> Any:
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise UsageError("this needs pyarrow: pip install 'neuromodulation-evidence[baseline]'") from error
    return parquet
