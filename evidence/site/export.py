"""Exports: any selection as RIS, BibTeX, CSL-JSON, .nbib or CSV, streamed up to 10,000 and never silently fewer."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from datasette.utils.asgi import Response

from evidence.errors import UsageError
from evidence.exchange.writing import write_records
from evidence.library.rows import records_of
from evidence.library.search import PARAMETERS, from_pairs
from evidence.site.citing import FORMATS
from evidence.site.state import Site, find_site
from evidence.site.web import Context, read, read_pairs

MOST = 10_000
MAX_IDS = 500
# Pieces sent at once: 64 kB keeps the event loop free and memory flat.
CHUNK = 65_536
# Seconds that an export rests at most between two pieces.
MOST_PAUSE = 0.05
FILES = {
    "ris": ("ris", "application/x-research-info-systems"),
    "bibtex": ("bib", "application/x-bibtex"),
    "csl-json": ("json", "application/vnd.citationstyles.csl+json"),
    "nbib": ("nbib", "application/nbib"),
    "csv": ("csv", "text/csv"),
}
BY_ID = "SELECT r.rowid FROM report_ids i JOIN reports r ON r.id = i.report WHERE i.id = ?"


async def export_view(request: Any, datasette: Any, send: Any) -> Response | None:
    """``/export?format=ris&...``: the parameters of the search page, or ``id`` once or more.

    With ``tags=1`` the labels of our tags are keywords as well.
    """
    site = find_site(datasette)
    assert site is not None
    pairs = read_pairs(request.scope.get("query_string") or b"")
    if not pairs:
        return Response.redirect(f"{site.prefix}/search")
    format_ = next((value for name, value in pairs if name == "format"), "ris")
    if format_ not in FILES:
        raise UsageError(f"there is no format {format_[:40]!r}; there is: {', '.join(FORMATS)}")

    async with site.readers.exports.turn():
        total, rowids = await read(site, selected_rowids, partial(Context, site, pairs=pairs))
        tags = ("tags", "1") in pairs
        await stream(site, total, rowids, format_, send, tags=tags, head_only=request.method == "HEAD")
    return None


def selected_rowids(context: Context) -> tuple[int, list[int]]:
    """How many reports are selected, and those to export, :data:`MOST` at most.

    Raises :class:`UsageError` for an id that the library does not hold.
    """
    context.allow(PARAMETERS | {"id", "format", "page", "tags"})
    ids = [value for name, value in context.pairs if name == "id"]
    if not ids:
        selection = from_pairs(context.pairs, context.site.known)
        hits = context.search(selection, limit=MOST)
        return hits.total, hits.rowids
    if len(ids) > MAX_IDS:
        raise UsageError(f"more than {MAX_IDS} ids: export a selection instead")
    rowids = []
    for name in ids:
        row = context.conn.execute(BY_ID, [name]).fetchone()
        if row is None:
            raise UsageError(f"the library holds no report {name[:60]!r}")
        rowids.append(row[0])
    rowids = list(dict.fromkeys(rowids))
    return len(rowids), rowids


def headers_of(total: int, format_: str, library: str) -> list[tuple[bytes, bytes]]:
    """Response headers; a cut export says so in its file name (``library`` begins it) and in ``X-Export-Cut``."""
    extension, content_type = FILES[format_]
    cut = total > MOST
    name = f"{library}-first-{MOST}-of-{total}" if cut else f"{library}-{total}"
    headers = [
        (b"content-type", f"{content_type}; charset=utf-8".encode()),
        (b"content-disposition", f'attachment; filename="{name}.{extension}"'.encode()),
        (b"x-export-count", str(min(total, MOST)).encode()),
        (b"cache-control", b"no-cache"),
    ]
    return headers + ([(b"x-export-cut", f"{MOST} of {total}".encode())] if cut else [])


async def stream(
    site: Site, total: int, rowids: list[int], format_: str, send: Any, tags: bool, head_only: bool
) -> None:
    """Send the export in pieces; each is read and written in a thread, so that other requests go on."""
    pieces: Iterator[str] = iter(())

    def first(conn: sqlite3.Connection) -> bytes:
        nonlocal pieces
        pieces = write_records(records_of(conn, rowids, abstracts=_shown(site), tags=tags), format_)
        return b"" if head_only else next_chunk(pieces)

    # The first piece is made before the headers are sent: what fails at once is still an error page.
    chunk = await site.readers.files.run(first)
    headers = headers_of(total, format_, site.profile["name"])
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    while chunk:
        began = time.monotonic()
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        chunk = await site.readers.files.run(lambda conn: next_chunk(pieces))
        # Half of the time belongs to the pages: Python's threads do not share it fairly by themselves.
        await asyncio.sleep(min(time.monotonic() - began, MOST_PAUSE))
    await send({"type": "http.response.body", "body": b""})


def next_chunk(pieces: Iterator[str]) -> bytes:
    """The next pieces joined, about :data:`CHUNK` bytes; empty at the end."""
    parts, size = [], 0
    for piece in islice(pieces, 2000):
        parts.append(piece)
        size += len(piece)
        if size >= CHUNK:
            break
    return "".join(parts).encode()


def _shown(site: Site) -> Any:
    return site.settings.shows_abstracts_of
