"""The public tables of a build as one SQLite file and as Parquet, the same bytes each time."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence.derive.schema import TABLES
from evidence.errors import UsageError
from evidence.readonly import open_readonly

# Made for the site's own speed, or a copy of what another table says.
NOT_DATA = frozenset({"fragments", "search_words", "facet_bits", "map_cells", "trends"})
TEXTS = frozenset({"abstracts", "other_abstracts"})
# What else holds words of an abstract.
BLANKED = {
    "reports": {"sample_size_sentence": "NULL"},
    "tag_evidence": {
        "phrase": "CASE WHEN field = 'abstract' THEN '' ELSE phrase END",
        "start": "CASE WHEN field = 'abstract' THEN NULL ELSE start END",
        "end": "CASE WHEN field = 'abstract' THEN NULL ELSE \"end\" END",
    },
}
LEFT_OUT_ROWS = {"revisions": "field != 'abstract'"}
# Readings of claims that nobody has confirmed, and notes on sources that nobody has: drafts are not given away.
_READING = (
    "fidelity", "direction", "support", "support_studies", "support_level", "basis", "status", "reason", "drafted_on",
    "flags", "reopened_on", "reopened_because",
)  # fmt: skip
DRAFTS_BLANKED = {
    "claims": {name: f"CASE WHEN coalesce(reviewed_by, '') = '' THEN NULL ELSE \"{name}\" END" for name in _READING},
    "sources": dict.fromkeys(("design", "sample_size", "note"), "NULL"),
}
DRAFT_ROWS = {
    "claim_events": "claim IN (SELECT id FROM claims WHERE coalesce(reviewed_by, '') != '')",
    "source_facts": "0",
    "source_numbers": "0",
}
_COLUMN = re.compile(r'^\s*"?(\w+)"? (TEXT|INTEGER|REAL|BLOB)\b(.*)$', re.S)
_REFERENCE = re.compile(r"REFERENCES (\w+)\((\w+)\)")
_KEY = re.compile(r"PRIMARY KEY\s*\(([^)]*)\)")
_BATCH = 50_000


@dataclass(frozen=True, slots=True)
class Holds:
    """What a snapshot may hold besides facts: abstracts, and readings of claims that nobody has confirmed."""

    abstracts: bool = False
    drafts: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """``type`` is SQLite's: TEXT, INTEGER or REAL. ``refers``: the table and column that it names a row of."""

    name: str
    type: str
    required: bool
    refers: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    statement: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    def select(self, holds: Holds) -> str:
        """Rows in the order of the key, so that the order of building does not show."""
        blanked: dict[str, str] = {}
        conditions: list[str] = []
        for held, values, rows in (
            (holds.abstracts, BLANKED, LEFT_OUT_ROWS),
            (holds.drafts, DRAFTS_BLANKED, DRAFT_ROWS),
        ):
            if not held:
                blanked |= values.get(self.name, {})
                conditions += [rows[self.name]] if self.name in rows else []
        columns = [f'{blanked[c.name]} AS "{c.name}"' if c.name in blanked else f'"{c.name}"' for c in self.columns]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        order = ", ".join(f'"{name}"' for name in self.key or tuple(c.name for c in self.columns))
        return f'SELECT {", ".join(columns)} FROM "{self.name}"{where} ORDER BY {order}'


def tables_of(holds: Holds, schema: Mapping[str, str] = TABLES) -> list[Table]:
    """The tables that a snapshot holds, parents first."""
    left_out = NOT_DATA if holds.abstracts else NOT_DATA | TEXTS
    return [_table(name, body) for name, body in schema.items() if name not in left_out]


def _table(name: str, body: str) -> Table:
    columns, stated = [], _KEY.search(body)
    key = tuple(part.strip().strip('"') for part in stated.group(1).split(",")) if stated else ()
    for part in _parts(body):
        found = _COLUMN.match(part)
        if found:
            refers = _REFERENCE.search(found.group(3))
            own_key = "PRIMARY KEY" in found.group(3)
            key = (found.group(1),) if own_key else key
            required = own_key or "NOT NULL" in found.group(3)
            target = (refers.group(1), refers.group(2)) if refers else None
            columns.append(Column(found.group(1), found.group(2), required, target))
    return Table(name, f'CREATE TABLE "{name}" ({" ".join(body.split())})', tuple(columns), key)


def _parts(body: str) -> Iterator[str]:
    """The definitions of a table, cut at the commas that are not in brackets."""
    depth, start = 0, 0
    for at, sign in enumerate(body):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            yield body[start:at]
            start = at + 1
    yield body[start:]


def write_sqlite(build: Path, target: Path, tables: list[Table], holds: Holds) -> dict[str, int]:
    """Copy the tables into a new file; returns rows by table. The same build gives the same bytes."""
    counts = {}
    with closing(open_readonly(build)) as source, closing(sqlite3.connect(target)) as new:
        new.executescript("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA foreign_keys = OFF;")
        with new:
            for table in tables:
                new.execute(table.statement)
                marks = ", ".join("?" * len(table.columns))
                insert = f'INSERT INTO "{table.name}" VALUES ({marks})'
                counts[table.name] = new.executemany(insert, source.execute(table.select(holds))).rowcount
                counts[table.name] = max(0, counts[table.name])
        new.execute("VACUUM")
    return counts


def write_parquet(build: Path, directory: Path, tables: list[Table], holds: Holds) -> None:
    """One Parquet file a table. Raises :class:`UsageError` where pyarrow, which the extra brings, is not installed."""
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError as error:
        raise UsageError(
            "Parquet needs pyarrow: pip install 'neuromodulation-evidence[snapshot]', or use --without-parquet"
        ) from error
    kinds: dict[str, Any] = {"TEXT": arrow.string(), "INTEGER": arrow.int64(), "REAL": arrow.float64()}
    directory.mkdir(exist_ok=True)
    with closing(open_readonly(build)) as source:
        for table in tables:
            schema = arrow.schema([arrow.field(c.name, kinds[c.type], nullable=not c.required) for c in table.columns])
            rows = source.execute(table.select(holds))
            with parquet.ParquetWriter(directory / f"{table.name}.parquet", schema, compression="zstd") as writer:
                while batch := rows.fetchmany(_BATCH):
                    columns = zip(*batch, strict=True)
                    arrays = [arrow.array(v, type=f.type) for v, f in zip(columns, schema, strict=True)]
                    writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
