"""``evidence export``: a selection of reports in the format of a reference manager."""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from evidence.derive.facet_index import FacetIndex
from evidence.derive.schema import FACET_TABLE
from evidence.errors import UsageError
from evidence.exchange.writing import write_records
from evidence.library import Library
from evidence.library.rows import records_of
from evidence.library.search import from_pairs, search
from evidence.project import Project

_YEARS = re.compile(r"(\d{4})?(-)?(\d{4})?")


def export_selection(
    project: Project,
    format: str,
    output: Path | None,
    query: str,
    years: str | None,
    filters: Mapping[str, tuple[str, ...]],
    everything: bool = False,
    tags: bool = False,
) -> str:
    """Write the reports that pass every filter to ``output`` or standard output; returns what to say about it.

    ``filters`` maps a facet to its values, joined by OR; with ``tags`` the labels of our tags are keywords as well.
    Raises :class:`UsageError` for a value that a facet lacks.
    """
    pairs = [("q", query)] if query else []
    pairs += [(facet, value) for facet, values in filters.items() for value in values]
    pairs += _year_pairs(years)
    pairs += [("all", "1")] if everything else []
    with Library.open(project.evidence) as library:
        conn = library.connection
        known = {facet: _ids(conn, table) for facet, table in FACET_TABLE.items()} | {"topic": _ids(conn, "topics")}
        hits = search(conn, FacetIndex.load(conn), from_pairs(pairs, known))
        _write(write_records(records_of(conn, hits.rowids, tags=tags), format), output)
    said = f"{hits.total:,} reports as {format}" + (f" in {output}" if output and str(output) != "-" else "")
    return "\n".join([said, *(note.text for note in hits.notes)])


def _ids(conn: sqlite3.Connection, table: str) -> list[str]:
    return [row[0] for row in conn.execute(f"SELECT id FROM {table}")]


def _year_pairs(years: str | None) -> list[tuple[str, str]]:
    if not years:
        return []
    match = _YEARS.fullmatch(years.replace(" ", ""))
    if not match or not (match[1] or match[3]):
        raise UsageError(f"--year {years!r}: write a year (2014) or a range (2014-2020, 2014-, -2020)")
    first, dash, last = match.groups()
    if not dash:
        return [("year", first)]
    return [pair for pair in (("from", first), ("to", last)) if pair[1]]


def _write(pieces: Iterator[str], output: Path | None) -> None:
    if output is None or str(output) == "-":
        for piece in pieces:
            sys.stdout.write(piece)
        return
    temporary = output.with_name(f".{output.name}.tmp")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
        temporary.replace(output)
    finally:
        temporary.unlink(missing_ok=True)
