"""The outermost layer: what is refused before any page runs, and the headers every answer carries."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from evidence.errors import UsageError
from evidence.site.access import Asked, begin
from evidence.site.errors import plain_error
from evidence.site.reading import Busy, Turns
from evidence.site.state import Site, find_site
from evidence.site.web import read_pairs

Asgi = Callable[[Any, Any, Any], Awaitable[None]]

# Longer addresses come back in an oversized header from Datasette's redirects; a full facet selection is under 2 kB.
MAX_URL = 16_000
# 200,000 bytes of text are at most three times as long when form-encoded, and some for the other fields.
MAX_BODY = 610_000
POLICY = (
    "default-src 'none'; style-src {styles}; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"strict-origin-when-cross-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    b"cross-origin-opener-policy": b"same-origin",
}
# Datasette's diagnostics: JSON on one's own machine, nothing in public. Its HTML tools need scripts: never served.
OPEN_TOOLS = re.compile(r"/-/(openapi\.json|static/.*|static-plugins/.*)$")
LOCAL_TOOLS = re.compile(r"/-/(versions|plugins|settings|metadata|databases)\.json$")
# The table whose ?_search= is answered with the site's search (site/table_search.py), and what it takes.
SEARCHED = "reports"
SEARCH_PARAMETERS = ("_search", "_search_title", "_search_abstract")
CLOSED = "{what} is for the machine that this site runs on. The data is open as JSON and as files: see About."
CLOSED_PARAMETERS = (
    (re.compile("sql|_where"), "SQL"),
    (re.compile("_facet(_(?!size$).*)?"), "A facet of one's own choice"),
    (re.compile("_stream"), "A CSV of all rows at once"),
)
# Parameters of a table page that make it read no more than the rows that it shows.
PAGING = frozenset(("_size", "_next", "_shape", "_labels", "_ttl", "_json", "_trace"))
POST_PATHS = re.compile(r"/(check|readings)(\.json)?$")
_SUSPICIOUS = re.compile(rb"//|\\|[\x00-\x1f\x7f]|/\.\.?(/|$)")


class Refusal(Exception):
    """An answer in place of a page."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status, self.message = status, message


def guard(app: Asgi, datasette: Any) -> Asgi:
    """Wrap Datasette. Without an ``evidence.db``, and for foreign databases, requests pass untouched."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        site = find_site(datasette) if scope["type"] == "http" else None
        if site is None or site.is_foreign(scope["path"]):
            await app(scope, receive, send)
            return
        asked = begin(scope, site.settings)
        send = _with_headers(send, asked)
        scope = _with_plain_key(site, _without_prefix(site, _without_strangers_headers(site, scope)))
        try:
            check_request(site, scope, asked.own_machine)
            if scope["method"] == "POST":
                receive = _replay(await _read_body(receive))
        except Refusal as refusal:
            as_json = scope["path"].endswith(".json")
            answer = await plain_error(datasette, site, refusal.status, refusal.message, as_json)
            await answer.asgi_send(send)
            return
        if not is_table_page(site, scope["path"]):
            await app(scope, receive, send)
            return
        try:
            async with turns_of(site, scope).turn():
                await app(scope, receive, send)
        except Busy as busy:
            answer = await plain_error(datasette, site, 503, str(busy), scope["path"].endswith(".json"))
            await answer.asgi_send(send)

    return guarded


def turns_of(site: Site, scope: Any) -> Turns:
    """Whose turn a table page waits for: one that only turns pages or shows a row reads no more than it shows."""
    names = {name for name, value in read_pairs(scope["query_string"]) if value}
    return site.readers.tables if names <= PAGING else site.readers.scans


def is_table_page(site: Site, path: str) -> bool:
    """Whether Datasette itself answers: its pages take SQL of a stranger's making, and a scan takes a second."""
    return path.startswith((f"/{site.database}/", f"/{site.database}.")) or path == f"/{site.database}"


def check_request(site: Site, scope: Any, own_machine: bool) -> None:
    """Raise :class:`Refusal` for an address or a method that no page can answer."""
    raw = (scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")).partition(b"?")[0]
    if len(raw) + len(scope["query_string"]) > MAX_URL:
        raise Refusal(414, f"The address is longer than {MAX_URL:,} characters.")
    decoded = unquote_to_bytes(raw)
    if _SUSPICIOUS.search(decoded) or _SUSPICIOUS.search(raw) or not _is_utf8(decoded):
        raise Refusal(404, "There is nothing at this address.")
    path = site.local(decoded.decode())
    if scope["method"] not in ("GET", "HEAD") and not (scope["method"] == "POST" and POST_PATHS.match(path)):
        raise Refusal(405, "Only reading is possible here.")
    if path.startswith("/-/") and not OPEN_TOOLS.match(path) and (site.settings.public or not LOCAL_TOOLS.match(path)):
        raise Refusal(404, "There is nothing at this address.")
    try:
        pairs = read_pairs(scope["query_string"])
    except UsageError as error:
        raise Refusal(400, str(error)) from error
    if not own_machine:
        check_closed(site, path, pairs)
    check_table_request(site, path, pairs)


def check_closed(site: Site, path: str, pairs: list[tuple[str, str]]) -> None:
    """Refuse strangers what is for one's own machine, whatever Datasette's settings say (see :mod:`.access`)."""
    if not is_table_page(site, path):
        return
    if path.startswith(f"/{site.database}.db"):
        raise Refusal(403, CLOSED.format(what="The download of the database"))
    for parameter, value in pairs:
        what = next((what for pattern, what in CLOSED_PARAMETERS if pattern.fullmatch(parameter)), None)
        if what and value and not (site.settings.allow_sql and parameter in ("sql", "_where")):
            raise Refusal(403, CLOSED.format(what=what))


def check_table_request(site: Site, path: str, pairs: list[tuple[str, str]]) -> None:
    """Refuse what Datasette's table and row pages would answer with a traceback, or with a line in the log."""
    database, _, rest = path.strip("/").partition("/")
    table, _, key = rest.partition("/")
    if database != site.database or not table:
        return
    parts = site.key_parts.get(table)
    if key and parts is not None and len(key.split(",")) != parts:
        needed = f"{parts} parts with commas between" if parts > 1 else "one part"
        raise Refusal(
            404, f"There is no such row: the key of {table} has {needed}." if parts else "A view has no rows."
        )
    name = table.partition(".")[0]
    for parameter, _ in pairs:
        if parameter.startswith("_fts") or parameter == "_searchmode":
            raise Refusal(400, f"{parameter} is not read here: _search on the table reports has the site's own syntax.")
        if parameter.startswith("_search") and (name != SEARCHED or parameter not in SEARCH_PARAMETERS):
            known = ", ".join(SEARCH_PARAMETERS)
            raise Refusal(400, f"{parameter[:60]} is not read on {name[:60]}: the table {SEARCHED} takes {known}.")


def _without_prefix(site: Site, scope: Any) -> Any:
    """The request as a proxy hands it on that takes the prefix off: with it Datasette's links get the prefix twice."""
    raw = scope.get("raw_path")
    changed = {"raw_path": site.local(raw.decode("latin-1")).encode("latin-1")} if raw else {}
    return {**scope, "path": site.local(scope["path"]), **changed}


def _with_plain_key(site: Site, scope: Any) -> Any:
    """A comma or tilde that a client escaped, plain in the address of a row; a comma inside a value is ``~2C``."""
    raw = scope.get("raw_path")
    if not raw or b"%" not in raw or not scope["path"].startswith(f"/{site.database}/"):
        return scope
    path, mark, query = raw.partition(b"?")
    for escaped, plain in ((rb"%2[cC]", b","), (rb"%7[eE]", b"~")):
        path = re.sub(escaped, plain, path)
    return {**scope, "raw_path": path + mark + query}


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _without_strangers_headers(site: Site, scope: Any) -> Any:
    """Datasette makes absolute links from the Host header, which anybody may set: give it the configured one.

    Cookies mean something to the form of ``/check`` only; elsewhere they would keep pages out of caches.
    """
    address = urlsplit(site.settings.site_url)
    form = POST_PATHS.match(site.local(scope["path"]))
    dropped = (b"host",) if form else (b"host", b"cookie", b"authorization")
    headers = [(name, value) for name, value in scope["headers"] if name.lower() not in dropped]
    return {**scope, "headers": [*headers, (b"host", address.netloc.encode())], "scheme": address.scheme}


def policy_of(asked: Asked) -> bytes:
    """The Content-Security-Policy of an answer: the site's, with what the additions of other plugins need."""
    policy = POLICY.format(styles=" ".join(dict.fromkeys(["'self'", *asked.styles])))
    scripts = " ".join(dict.fromkeys(asked.scripts))
    return (f"{policy}; script-src {scripts}; connect-src 'self'" if scripts else policy).encode("ascii", "ignore")


def _with_headers(send: Any, asked: Asked) -> Any:
    async def send_with_headers(message: Any) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message.get("headers", [])}
            headers = {b"content-security-policy": policy_of(asked), **SECURITY_HEADERS}
            added = [(name, value) for name, value in headers.items() if name not in present]
            message = {**message, "headers": [*message.get("headers", []), *added]}
        await send(message)

    return send_with_headers


async def _read_body(receive: Any) -> bytes:
    """A request's body. Raises :class:`Refusal` as soon as it is longer than :data:`MAX_BODY`."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            raise Refusal(413, "The text is longer than 200 kB: check a part of it.")
        if not message.get("more_body"):
            return b"".join(parts)


def _replay(body: bytes) -> Any:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
