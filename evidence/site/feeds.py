"""Feeds, as Atom and as JSON Feed 1.1: what is new, by the day this library first saw it, never by publication date.

A feed is paged as RFC 5005 has it (``?page=2``, links ``first``, ``previous``, ``next``): who comes back after a long
time finds all that was missed. Ids are ``tag:`` URIs and links are absolute from ``site_url``: neither depends on who
asks, or by which host name.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from datasette.utils.asgi import Response
from feedgen.feed import FeedGenerator

from evidence.derive.schema import FACET_TABLE
from evidence.errors import UsageError
from evidence.ledger.reading import Reading
from evidence.library.search import PARAMETERS, Selection, from_pairs
from evidence.site.state import Site, find_site
from evidence.site.web import CACHE_CONTROL, Context, PageNotFound, hash_of, is_held, read, read_pairs, read_path
from evidence.site.wording import NOTICE_LABELS, STATUS_LABELS, few_authors, source_label

ENTRIES = 50
# Pages beyond this are not made: whoever wants the whole library exports it.
MOST_PAGES = 200
# The year that the tag: ids were minted in; it must never change (RFC 4151).
MINTED = "2026"
REPORT = "r.id, r.title, r.authors, r.journal, r.year, r.design_label, r.status"
SELECTED = f"""
    SELECT {REPORT}, r.first_seen AS seen FROM json_each(?) chosen JOIN reports r ON r.rowid = chosen.value
    ORDER BY r.first_seen DESC, r.rowid DESC LIMIT ? OFFSET ?"""
NEWEST = "SELECT rowid FROM reports ORDER BY first_seen DESC, rowid DESC"
FEW = 2_000
OF_TOPIC = f"""
    SELECT {REPORT}, x.first_seen AS seen FROM topic_reports x JOIN reports r ON r.id = x.report
    WHERE x.topic = ? AND x.left_at IS NULL ORDER BY x.first_seen DESC, r.rowid DESC LIMIT ? OFFSET ?"""
NOTICES = """
    SELECT n.id, n.kind, n.source, n.notice_date, n.first_seen AS seen, r.id AS report, r.title
    FROM notices n JOIN reports r ON r.id = n.report
    WHERE NOT n.repeats ORDER BY n.first_seen DESC, n.id LIMIT ? OFFSET ?"""
TRIALS = """
    SELECT t.number, t.title, t.study, t.state_why, c.happened_at AS seen, c.text
    FROM trial_changes c JOIN trials t ON t.number = c.trial
    WHERE NOT EXISTS (SELECT 1 FROM trial_reports x JOIN reports r ON r.id = x.report
        WHERE x.trial = t.number AND x.relation = 'registration' AND r.scope = 'off_topic')
    ORDER BY c.happened_at DESC, t.number, c.text LIMIT ? OFFSET ?"""
REOPENED = """
    SELECT id, paraphrase, reopened_on AS seen, reopened_because FROM claims
    WHERE reopened_on IS NOT NULL ORDER BY reopened_on DESC, id LIMIT ? OFFSET ?"""
CLAIM = """
    SELECT id, paraphrase, fidelity, direction, status, reason, coalesce(reviewed_on, drafted_on) AS dated, reviewed_by
    FROM claims WHERE id = ?"""
CLAIM_EVENTS = """
    SELECT happened_on AS seen, kind, report, text FROM claim_events WHERE claim = ?
    ORDER BY happened_on DESC LIMIT ? OFFSET ?"""
CLAIM_TAGS = "SELECT {facet} FROM claim_{table} WHERE claim = ?"


@dataclass(slots=True)
class Entry:
    """One entry: ``name`` becomes the tag: id, ``path`` the link, ``seen`` the updated time."""

    name: str
    title: str
    path: str
    seen: str
    summary: str


@dataclass(slots=True)
class Feed:
    """``entries`` of one page; ``page`` is the address of the page that it is the feed of."""

    title: str
    page: str
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Window:
    """Which page of a feed (from 1). One entry more than a page holds is read: it says that there is another page."""

    number: int = 1

    @property
    def limits(self) -> list[int]:
        """For ``LIMIT ? OFFSET ?``."""
        return [ENTRIES + 1, (self.number - 1) * ENTRIES]

    @property
    def end(self) -> int:
        return self.number * ENTRIES + 1

    def of(self, entries: list[Entry]) -> list[Entry]:
        """The page's part, and one more where there is one, of entries that begin with the first page's."""
        return entries[self.end - ENTRIES - 1 : self.end]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a feed stands: below the site's address, without and with the page; the other pages that there are."""

    plain: str
    self: str
    links: dict[str, str]


def address_of(plain: str, window: Window, more: bool) -> Address:
    """The addresses of one page of a feed; ``plain`` is that of its first page."""

    def page(number: int) -> str:
        return plain if number == 1 else f"{plain}{'&' if '?' in plain else '?'}page={number}"

    links = {"first": page(1), "previous": page(window.number - 1)} if window.number > 1 else {}
    if more and window.number < MOST_PAGES:
        links["next"] = page(window.number + 1)
    return Address(plain, page(window.number), links)


async def feed_view(request: Any, datasette: Any) -> Response:
    site = find_site(datasette)
    assert site is not None
    # Below the site's address, which has the prefix that Datasette may be mounted at.
    key = f"{site.local(request.path)}?{request.query_string}"
    etag = f'"{site.build}-{hash_of(key)}"'
    headers = {"ETag": etag, "Cache-Control": CACHE_CONTROL}
    if is_held(request, etag):
        return Response("", 304, headers)
    parts = read_path(request.url_vars)
    name, (content_type, write) = parts["name"], FORMS[parts["form"]]
    pairs = read_pairs(request.scope.get("query_string") or b"")

    window = read_window(pairs)
    pairs = [pair for pair in pairs if pair[0] != "page"]
    plain = site.local(request.path) + (f"?{urlencode(pairs)}" if pairs else "")

    def make(context: Context) -> bytes:
        feed = find_feed(context, name, window)
        more = len(feed.entries) > ENTRIES
        feed.entries = feed.entries[:ENTRIES]
        return write(site, address_of(plain, window, more), feed)

    async with site.readers.feeds.turn():
        body = await read(site, make, partial(Context, site, pairs=pairs))
    return Response(body, 200, headers, content_type)


def read_window(pairs: list[tuple[str, str]]) -> Window:
    """The page that is asked for. Raises :class:`UsageError` for what is no number from 1 to :data:`MOST_PAGES`."""
    number = next((value for name, value in pairs if name == "page"), "1")
    if not (number.isascii() and number.isdigit() and len(number) < 5 and 1 <= int(number) <= MOST_PAGES):
        raise UsageError(f"page must be a number from 1 to {MOST_PAGES}, not {number[:20]!r}")
    return Window(int(number))


def find_feed(context: Context, name: str, window: Window) -> Feed:
    """One page of the feed behind ``/feeds/NAME.xml`` and ``/feeds/NAME.json``. Raises :class:`PageNotFound`."""
    kind, _, rest = name.partition("/")
    context.allow(PARAMETERS if name == "search" else frozenset())
    if name in NAMED:
        return NAMED[name](context, window)
    if rest and kind in OF_ONE:
        return OF_ONE[kind](context, rest, window)
    raise PageNotFound(f"There is no feed {name[:80]!r}.")


def _new_reports(context: Context, window: Window) -> Feed:
    rowids = _newest_of(context, context.matching(Selection()), window)
    return Feed(
        "New reports", "/", [report_entry(row) for row in context.rows(SELECTED, [str(rowids), *window.limits])]
    )


def _selected(context: Context, window: Window) -> Feed:
    selection = from_pairs(context.pairs, context.site.known)
    words = [f'"{selection.text}"'] if selection.text else []
    words += [context.site.label(name, value) for name, value in selection.pairs() if name not in ("q", "sort", "all")]
    page = f"/search?{urlencode(selection.pairs())}"
    return Feed("Reports: " + (", ".join(words) or "all"), page, _entries_of(context, selection, window))


def _entries_of(context: Context, selection: Selection, window: Window) -> list[Entry]:
    rowids = _newest_of(context, context.matching(selection), window)
    return [report_entry(row) for row in context.rows(SELECTED, [str(rowids), *window.limits])]


def _newest_of(context: Context, bits: int, window: Window) -> list[int]:
    """The reports first seen last. Of many all reports are gone through from the newest until there are enough: to
    sort 150,000 hits takes a second."""
    index = context.site.index
    if index.count_reports(bits) <= FEW:
        return index.rowids(bits)
    found: list[int] = []
    newest = context.conn.execute(NEWEST)
    while len(found) < window.end and (rows := newest.fetchmany(1000)):
        found += index.only([row for (row,) in rows], bits)
    return found[: window.end]


def _notices(context: Context, window: Window) -> Feed:
    entries = [
        Entry(
            f"notice/{row['id']}",
            f"{NOTICE_LABELS.get(row['kind'], row['kind'])}: {row['title']}",
            f"/reports/{quote(row['report'])}",
            row["seen"],
            f"Source: {source_label(row['source'])}. Date of the notice: {row['notice_date'] or 'not given'}.",
        )
        for row in context.rows(NOTICES, window.limits)
    ]
    return Feed("Retractions, corrections and expressions of concern", "/changes", entries)


def _trials(context: Context, window: Window) -> Feed:
    entries = [
        Entry(
            f"trial/{row['number']}/{row['seen']}/{hash_of(row['text'])}",
            f"{row['number']}, {row['text']}: {row['title']}",
            f"/studies/{quote(row['study'])}" if row["study"] else "/trials",
            row["seen"],
            row["state_why"],
        )
        for row in context.rows(TRIALS, window.limits)
    ]
    return Feed("Registered trials: what changed in the registry", "/trials", entries)


def _reopened(context: Context, window: Window) -> Feed:
    entries = [
        Entry(
            f"claim/{row['id']}/{row['seen']}",
            f"Open again: {row['paraphrase']}",
            f"/claims/{quote(row['id'])}",
            row["seen"],
            row["reopened_because"] or "",
        )
        for row in context.rows(REOPENED, window.limits)
    ]
    return Feed("Claims whose reading is open again", "/claims?reopened=1", entries)


def _of_topic(context: Context, topic: str, window: Window) -> Feed:
    if topic not in context.site.topics:
        raise PageNotFound(f"There is no topic {topic[:60]!r}.")
    entries = [report_entry(row) for row in context.rows(OF_TOPIC, [topic, *window.limits])]
    return Feed(f"Topic: {context.site.topics[topic]}", f"/topics/{quote(topic)}", entries)


def _of_tag(context: Context, rest: str, window: Window) -> Feed:
    facet, _, tag = rest.partition("/")
    if tag not in context.site.tags.get(facet, {}):
        raise PageNotFound(f"There is no tag {rest[:60]!r}.")
    selection = Selection().toggled(facet, tag)
    return Feed(
        f"Tag: {context.site.label(facet, tag)}", f"/tags/{facet}/{quote(tag)}", _entries_of(context, selection, window)
    )


def _of_claim(context: Context, claim_id: str, window: Window) -> Feed:
    """What happened to a claim, and the new reports on its modality and outcome."""
    claim = context.row(CLAIM, [claim_id])
    if claim is None:
        raise PageNotFound(f"There is no claim {claim_id[:60]!r}.")
    path = f"/claims/{quote(claim_id)}"
    events = [
        Entry(
            f"claim/{claim_id}/{row['kind']}/{row['seen']}/{row['report'] or ''}",
            f"{row['kind'].replace('_', ' ').capitalize()}: {row['text']}",
            f"/reports/{quote(row['report'])}" if row["report"] else path,
            row["seen"],
            row["text"],
        )
        for row in context.rows(CLAIM_EVENTS, [claim_id, window.end, 0])
    ]
    if claim["fidelity"] and claim["dated"]:
        events.append(_reading(claim, path))
    tags = {
        facet: tuple(
            row[facet] for row in context.rows(CLAIM_TAGS.format(facet=facet, table=FACET_TABLE[facet]), [claim_id])
        )
        for facet in ("modality", "outcome", "condition")
    }
    reports = []
    if tags["modality"]:
        rowids = _newest_of(context, context.matching(Selection(**tags)), window)  # type: ignore[arg-type]
        reports = [report_entry(row) for row in context.rows(SELECTED, [str(rowids), window.end, 0])]
    entries = sorted(events + reports, key=lambda entry: entry.seen, reverse=True)
    return Feed(f"Claim: {claim['paraphrase']}", path, window.of(entries))


def _reading(claim: dict[str, Any], path: str) -> Entry:
    """What people made of a claim, with whether a named person has confirmed it."""
    by = tuple(filter(None, str(claim["reviewed_by"] or "").split("; ")))
    reading = Reading(claim["fidelity"], claim["direction"] or "", dated=claim["dated"], reviewed_by=by)
    title = f"{reading.standing()}: {reading.in_words()}"
    return Entry(
        f"claim/{claim['id']}/{claim['status']}/{claim['dated']}",
        title[:1].upper() + title[1:],
        path,
        claim["dated"],
        claim["reason"] or "",
    )


NAMED: dict[str, Callable[[Context, Window], Feed]] = {
    "reports": _new_reports,
    "search": _selected,
    "notices": _notices,
    "claims": _reopened,
    "trials": _trials,
}
OF_ONE: dict[str, Callable[[Context, str, Window], Feed]] = {"topics": _of_topic, "tags": _of_tag, "claims": _of_claim}


def report_entry(row: dict[str, Any]) -> Entry:
    facts = [few_authors(row["authors"]), row["journal"], row["year"], row["design_label"]]
    if row["status"] not in ("unchecked", "no_notice"):
        facts.append(STATUS_LABELS[row["status"]].upper())
    summary = ". ".join(str(fact) for fact in facts if fact)
    return Entry(f"report/{row['id']}", row["title"], f"/reports/{quote(row['id'])}", row["seen"], summary)


def render(site: Site, address: Address, feed: Feed) -> bytes:
    """A feed as Atom."""
    base, authority = site.address, urlsplit(site.settings.site_url).hostname
    generator = FeedGenerator()
    generator.id(f"tag:{authority},{MINTED}:{address.plain}")
    generator.title(clean(f"{feed.title} - {site.settings.title}"))
    generator.author({"name": site.settings.title})
    generator.link(href=base + feed.page, rel="alternate")
    generator.link(href=base + address.self, rel="self")
    for relation, path in address.links.items():
        generator.link(href=base + path, rel=relation)
    built = moment(site.info.get("built_at") or "")
    generator.updated(max((moment(entry.seen) for entry in feed.entries), default=built))
    for entry in feed.entries:
        item = generator.add_entry(order="append")
        item.id(f"tag:{authority},{MINTED}:{quote(entry.name, safe='/:')}")
        item.title(clean(entry.title))
        item.link(href=base + entry.path)
        item.updated(moment(entry.seen))
        item.summary(clean(entry.summary))
    return bytes(generator.atom_str(pretty=True))


def render_json(site: Site, address: Address, feed: Feed) -> bytes:
    """A feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), with the ids of the Atom feed."""
    base, authority = site.address, urlsplit(site.settings.site_url).hostname
    items = [
        {
            "id": f"tag:{authority},{MINTED}:{quote(entry.name, safe='/:')}",
            "url": base + entry.path,
            "title": clean(entry.title),
            "content_text": clean(entry.summary),
            "date_published": moment(entry.seen).isoformat(),
        }
        for entry in feed.entries
    ]
    described = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean(f"{feed.title} - {site.settings.title}"),
        "home_page_url": base + feed.page,
        "feed_url": base + address.self,
        **({"next_url": base + address.links["next"]} if "next" in address.links else {}),
        "authors": [{"name": site.settings.title}],
        "language": "en",
        "items": items,
    }
    return json.dumps(described, ensure_ascii=False, indent=1).encode()


FORMS: dict[str, tuple[str, Callable[[Site, Address, Feed], bytes]]] = {
    "xml": ("application/atom+xml; charset=utf-8", render),
    "json": ("application/feed+json; charset=utf-8", render_json),
}


def clean(text: str) -> str:
    """Text without the control characters that XML cannot hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n") or "(no title)"


def moment(text: str) -> datetime:
    """A stored time, as precise as it was: ``2026``, ``2026-04``, ``2026-04-30`` or a full ISO time, always UTC."""
    for form in (text.replace("Z", "+00:00"), f"{text[:10]}", f"{text[:7]}-01", f"{text[:4]}-01-01"):
        try:
            found = datetime.fromisoformat(form)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return datetime(1970, 1, 1, tzinfo=UTC)
