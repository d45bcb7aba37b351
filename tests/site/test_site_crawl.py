"""Every page and link of a built site: no 404, no 500, nothing unescaped."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import site_factory as factory

LINK = re.compile(r'(?:href|src|action)="([^"]*)"')
# Combinations of filters are endless: this many searches, and every other page, are visited.
MOST_SEARCHES = 120


def test_every_link_leads_somewhere(get: Callable[..., httpx.Response]) -> None:
    waiting, seen, broken, searches, pages = ["/"], {"/"}, [], 0, 0
    while waiting:
        path = waiting.pop()
        response = get(path)
        if response.status_code in (301, 302):
            response = get(response.headers["location"])
        if response.status_code != 200:
            broken.append((path, response.status_code))
            continue
        pages += 1
        if not response.headers["content-type"].startswith("text/html"):
            continue
        assert factory.SCRIPT not in response.text and "<img src=x" not in response.text, path
        for raw in LINK.findall(response.text):
            link = html.unescape(raw).split("#")[0]
            if not link or urlsplit(link).netloc or link in seen:
                continue
            if link.startswith(("/search?", "/map?", "/evidence/", "/export?", "/feeds/search", "/search.json")):
                searches += 1
                if searches > MOST_SEARCHES and not re.fullmatch(r"/evidence/\w+", link):
                    continue
            seen.add(link)
            waiting.append(link)
    assert not broken
    assert pages > 150
