"""The outermost layer: what is refused before any page runs, and the headers every answer carries."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from evidence.errors import UsageError
from evidence.site.errors import plain_error
from evidence.site.state import Site, find_site
from evidence.site.web import read_pairs

Asgi = Callable[[Any, Any, Any], Awaitable[None]]

# Longer addresses come back in an oversized header from Datasette's redirects; a full facet selection is under 2 kB.
MAX_URL = 16_000
# 200,000 bytes of text are at most three times as long when form-encoded, and some for the other fields.
MAX_BODY = 610_000
SECURITY_HEADERS = {
    b"content-security-policy": b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    b"base-uri 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"strict-origin-when-cross-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    b"cross-origin-opener-policy": b"same-origin",
}
# Datasette's diagnostics: JSON on one's own machine, nothing in public. Its HTML tools need scripts: never served.
OPEN_TOOLS = re.compile(r"/-/(openapi\.json|static/.*|static-plugins/.*)$")
LOCAL_TOOLS = re.compile(r"/-/(versions|plugins|settings|metadata|databases)\.json$")
POST_PATHS = re.compile(r"/check(\.json)?$")
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
        send = _with_headers(send)
        scope = _without_strangers_headers(site, scope)
        try:
            check_request(site, scope)
            if scope["method"] == "POST":
                receive = _replay(await _read_body(receive))
        except Refusal as refusal:
            as_json = scope["path"].endswith(".json")
            await plain_error(site, refusal.status, refusal.message, as_json).asgi_send(send)
            return
        await app(scope, receive, send)

    return guarded


def check_request(site: Site, scope: Any) -> None:
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
        read_pairs(scope["query_string"])
    except UsageError as error:
        raise Refusal(400, str(error)) from error


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


def _with_headers(send: Any) -> Any:
    async def send_with_headers(message: Any) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message.get("headers", [])}
            added = [(name, value) for name, value in SECURITY_HEADERS.items() if name not in present]
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
