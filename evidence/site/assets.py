"""Files that are no pages: the stylesheet, robots.txt, an icon, the description of the JSON."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Response

from evidence.site.openapi import document
from evidence.site.rendering import STATIC
from evidence.site.state import find_site

FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#0b5563"/>'
    '<path d="M4 17h6l3-9 5 17 4-11 2 3h4" fill="none" stroke="#fff" stroke-width="2.5" stroke-linejoin="round"/></svg>'
)
ROBOTS_PUBLIC = (
    "User-agent: *\nDisallow: /check\nDisallow: /export\nDisallow: /search\nDisallow: /map?\nDisallow: /evidence\n"
)
ROBOTS_PRIVATE = "User-agent: *\nDisallow: /\n"


async def stylesheet(request: Any) -> Response:
    return Response((STATIC / "site.css").read_text(encoding="utf-8"), 200, FOREVER, "text/css; charset=utf-8")


async def robots(request: Any, datasette: Any) -> Response:
    site = find_site(datasette)
    assert site is not None
    public = f"{ROBOTS_PUBLIC}Sitemap: {site.address}/sitemap.xml\n"
    return Response.text(public if site.settings.public else ROBOTS_PRIVATE)


async def favicon(request: Any) -> Response:
    return Response(ICON, 200, FOREVER, "image/svg+xml")


async def openapi(request: Any, datasette: Any) -> Response:
    site = find_site(datasette)
    assert site is not None
    return Response.json(document(site.settings.title, site.address))
