"""``/sitemap.xml``: what a search engine may read of a public site, absolute from ``site_url``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from datasette.utils.asgi import Response

from evidence.derive.schema import FACET_TABLE
from evidence.site.state import find_site
from evidence.site.web import CACHE_CONTROL, Context, PageNotFound, read

# The protocol's limit for one file; the newest reports come first, so that a larger library loses its oldest.
MOST = 50_000
PAGES = ("/", "/map", "/topics", "/trials", "/tags", "/claims", "/articles", "/changes", "/about")
LISTS = {"/topics": "topics", "/claims": "claims", "/articles": "articles", "/studies": "studies"} | {
    f"/tags/{facet}": table for facet, table in FACET_TABLE.items()
}
REPORTS = """
    SELECT id, substr(coalesce(last_revised, first_seen), 1, 10) FROM reports
    WHERE scope != 'off_topic' AND gone_since IS NULL ORDER BY first_seen DESC, rowid DESC LIMIT ?"""


async def sitemap(request: Any, datasette: Any) -> Response:
    """The sitemap; 404 where robots may not index anyway."""
    site = find_site(datasette)
    assert site is not None
    if not site.settings.public:
        raise PageNotFound

    body = await read(site, lambda context: "".join(lines(context)).encode(), partial(Context, site))
    return Response(body, 200, {"Cache-Control": CACHE_CONTROL}, "application/xml; charset=utf-8")


def lines(context: Context) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    addresses = [(path, "") for path in PAGES]
    for path, table in LISTS.items():
        addresses += [(f"{path}/{quote(row['id'], safe=':')}", "") for row in context.rows(f"SELECT id FROM {table}")]
    for report, changed in context.conn.execute(REPORTS, [max(0, MOST - len(addresses))]):
        addresses.append((f"/reports/{quote(report, safe=':')}", changed or ""))
    for path, changed in addresses[:MOST]:
        day = f"<lastmod>{escape(changed)}</lastmod>" if changed else ""
        yield f"<url><loc>{escape(context.site.address + path)}</loc>{day}</url>\n"
    yield "</urlset>\n"
