"""From a page function to an HTTP answer: arguments in, HTML or JSON out, one cache and one time limit for all.

A page is a plain function of a :class:`Context` that returns a :class:`Page`: data that JSON can hold and the
template that shows it. So every page exists as JSON too, and can be tested without a server.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote, unquote

from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Response

from evidence.errors import UsageError
from evidence.library.search import Expensive, Hits, Selection, matching_reports, search
from evidence.site.access import asked
from evidence.site.reading import Busy
from evidence.site.rendering import render
from evidence.site.state import Answer, Site, find_site

# No page needs more than a tenth of this; a search for every common word at 200,000 reports took 0.4 s.
TIME_LIMIT_MS = 3000
MAX_FIELDS = 200
# Added by mail programs and social networks to links; they mean nothing here.
IGNORED_PARAMETERS = ("utm_", "fbclid", "gclid", "mc_")
HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
CACHE_CONTROL = "public, max-age=60"


class PageNotFound(Exception):
    """Nothing is here (404); the message says what was looked for."""


@dataclass(slots=True)
class Context:
    """What a page function gets. ``path`` holds the decoded parts of the URL, ``pairs`` the query string."""

    site: Site
    conn: sqlite3.Connection
    path: dict[str, str] = field(default_factory=dict)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    as_json: bool = False
    most_postings: int | None = None

    def search(self, selection: Selection, limit: int | None = None) -> Hits:
        """The reports of a selection. Raises ``Expensive`` where the search belongs to the threads for long ones."""
        return search(self.conn, self.site.index, selection, limit, self.most_postings)

    def matching(self, selection: Selection) -> int:
        """The reports of a selection as bits, in no order. Raises as :meth:`search` does."""
        return matching_reports(self.conn, self.site.index, selection, self.most_postings)[2]

    def rows(self, sql: str, parameters: Mapping[str, Any] | list[Any] | tuple[Any, ...] = ()) -> list[dict[str, Any]]:
        cursor = self.conn.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def row(self, sql: str, parameters: Mapping[str, Any] | list[Any] | tuple[Any, ...] = ()) -> dict[str, Any] | None:
        rows = self.rows(sql, parameters)
        return rows[0] if rows else None

    def get(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.pairs if key == name), default)

    def url(self, path: str, *parts: str) -> str:
        """An address on this site, parts quoted, below the prefix that Datasette is mounted at."""
        return self.site.prefix + self.plain_url(path, *parts)

    def plain_url(self, path: str, *parts: str) -> str:
        return path + "".join(f"/{quote(part, safe=':')}" for part in parts)

    def allow(self, names: frozenset[str]) -> None:
        """Refuse parameters that this page does not have, so that a misspelt filter is not silently ignored."""
        for name, _ in self.pairs:
            if name not in names and not name.startswith(IGNORED_PARAMETERS):
                known = ", ".join(sorted(names)) or "none"
                raise UsageError(f"there is no parameter {name[:60]!r} here; there is: {known}")


@dataclass(slots=True)
class Page:
    """What a page function returns. ``data`` is the JSON; ``extra`` only the template sees."""

    template: str
    title: str
    data: dict[str, Any]
    status: int = 200
    canonical: str = ""
    feed: str = ""
    description: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    redirect: str = ""
    json_url: str = ""


T = TypeVar("T")
PageFunction = Callable[[Context], Page]


def read_pairs(query_string: bytes) -> list[tuple[str, str]]:
    """A query string as pairs. Raises :class:`UsageError` for NUL, invalid UTF-8 or very many fields."""
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except UnicodeDecodeError as error:
        raise UsageError("the address is not valid UTF-8") from error
    except ValueError as error:
        raise UsageError(f"the address has more than {MAX_FIELDS} parameters") from error
    if any("\0" in part for pair in pairs for part in pair):
        raise UsageError("the address holds a NUL character")
    return pairs


def read_path(variables: Mapping[str, str | None]) -> dict[str, str]:
    try:
        parts = {name: unquote(value, errors="strict") for name, value in variables.items() if value is not None}
    except UnicodeDecodeError as error:
        raise PageNotFound("the address is not valid UTF-8") from error
    if any(ord(character) < 32 for part in parts.values() for character in part):
        raise PageNotFound("the address holds a control character")
    return parts


def page_view(function: PageFunction) -> Callable[..., Awaitable[Response]]:
    """The Datasette view of a page function: cached, timed, as HTML or (``.json``) JSON."""

    async def view(request: Any, datasette: Any) -> Response:
        site = find_site(datasette)
        assert site is not None
        key = f"{request.path}?{request.query_string}"
        etag = f'"{site.build}-{hash_of(key)}"'
        if is_held(request, etag):
            return Response("", 304, {"ETag": etag, "Cache-Control": CACHE_CONTROL})
        cached = site.cache.get(key)
        if cached is None:
            parts = read_path(request.url_vars)
            pairs = read_pairs(request.scope.get("query_string") or b"")
            as_json = parts.pop("format", "") == ".json"
            context = partial(Context, site, path=parts, pairs=pairs, as_json=as_json)
            page, body = await read(site, partial(make_page, function, json_address(site, request)), context)
            if page.redirect:
                return Response("", page.status, {"Location": page.redirect})
            cached = await rendered(datasette, site, request, page, body)
            if page.status == 200:
                site.cache.put(key, cached)
        status, content_type, body = cached.status, cached.content_type, cached.body
        cached.allow()
        headers = {"ETag": etag, "Cache-Control": CACHE_CONTROL} if status == 200 else {"Cache-Control": "no-store"}
        return Response(body, status, headers, content_type)

    return view


def is_held(request: Any, etag: str) -> bool:
    """Whether the asker holds this answer (RFC 9110). A proxy that compresses makes the tag weak: ``W/"..."``."""
    held = (request.headers.get("if-none-match") or "").split(",")
    return any(name.strip().removeprefix("W/") in (etag, "*") for name in held)


def json_address(site: Site, request: Any) -> str:
    """Where the same page is as JSON."""
    path = site.local(request.path).rstrip("/") or "/index"
    return f"{site.prefix}{path}.json" + (f"?{request.query_string}" if request.query_string else "")


async def read(site: Site, answer: Callable[[Context], T], context: Callable[..., Context]) -> T:
    """``answer(context)`` in a thread of the site's: a long search goes to the threads that such searches have.

    ``context`` makes the context of a ``conn`` and ``most_postings``. Raises :class:`Busy`.
    """

    def within(most_postings: int | None, conn: sqlite3.Connection) -> T:
        with time_limit(conn):
            return answer(context(conn=conn, most_postings=most_postings))

    try:
        return await site.readers.pages.run(partial(within, site.readers.ORDINARY_POSTINGS))
    except Expensive:
        return await site.readers.searches.run(partial(within, None))


def make_page(function: PageFunction, json_url: str, context: Context) -> tuple[Page, bytes | None]:
    """A page, and its body as JSON where that was asked for."""
    page = function(context)
    page.json_url = json_url
    if page.redirect or not context.as_json:
        return page, None
    return page, json.dumps(page.data, ensure_ascii=False, indent=1).encode()


async def rendered(datasette: Any, site: Site, request: Any, page: Page, body: bytes | None) -> Answer:
    """A page as it is sent: the JSON as it was made, else HTML by Datasette's templates."""
    if body is not None:
        return Answer(page.status, JSON, body)
    html = await render(datasette, site, page, request)
    return Answer(page.status, HTML, html.encode(), tuple(asked().scripts), tuple(asked().styles))


@contextmanager
def time_limit(conn: sqlite3.Connection) -> Iterator[None]:
    """Stop SQL that runs too long; says so as :class:`Busy`."""
    started = time.monotonic()
    try:
        with sqlite_timelimit(conn, TIME_LIMIT_MS):
            yield
    except sqlite3.OperationalError as error:
        # Stopped while it opens a full-text table, SQLite says "vtable constructor failed" instead.
        if "interrupted" in str(error) or (time.monotonic() - started) * 1000 >= TIME_LIMIT_MS:
            raise Busy(
                "this took too long and was stopped: ask for less, such as rarer words or fewer years"
            ) from error
        raise


def hash_of(text: str) -> str:
    """A short stable name for a text (``hash()`` differs from process to process)."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]
