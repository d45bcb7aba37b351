"""What changed since a day: new reports, notices, registered trials, revisions, reports gone, readings reopened."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from evidence.errors import UsageError
from evidence.site.pages.listing import COLUMNS
from evidence.site.web import Context, Page

MOST = 100
DEFAULT_DAYS = 30
SECTIONS = {
    "new": (
        "FROM reports WHERE first_seen >= :since AND scope != 'off_topic' AND kind != 'registration'",
        f"SELECT {COLUMNS} {{}} ORDER BY first_seen DESC, publication_date DESC",
    ),
    "notices": (
        "FROM notices n JOIN reports r ON r.id = n.report WHERE n.first_seen >= :since AND NOT n.repeats",
        "SELECT n.id, n.kind, n.notice_date, n.source, n.first_seen, r.id AS report, r.title {} "
        "ORDER BY n.first_seen DESC",
    ),
    "trials": (
        "FROM trial_changes c JOIN trials t ON t.number = c.trial WHERE c.happened_at >= :since AND NOT EXISTS "
        "(SELECT 1 FROM trial_reports x JOIN reports r ON r.id = x.report "
        "WHERE x.trial = t.number AND x.relation = 'registration' AND r.scope = 'off_topic')",
        "SELECT t.number, t.title, t.study, c.happened_at, c.text {} ORDER BY c.happened_at DESC, t.number, c.text",
    ),
    "revisions": (
        "FROM revisions v JOIN reports r ON r.id = v.report WHERE v.received_at >= :since",
        "SELECT v.field, v.received_at, r.id AS report, r.title {} ORDER BY v.received_at DESC",
    ),
    "gone": (
        "FROM reports WHERE gone_since >= :since",
        f"SELECT {COLUMNS} {{}} ORDER BY gone_since DESC",
    ),
    "claims": (
        "FROM claims WHERE reopened_on >= :since",
        "SELECT id, paraphrase, fidelity, direction, status, reviewed_by, reopened_on, reopened_because {} "
        "ORDER BY reopened_on DESC",
    ),
}


def changes_page(context: Context) -> Page:
    context.allow(frozenset(("since",)))
    asked, began = _day(context.get("since")), _began(context)
    since = asked or _default_day(context)
    # What the library began with is no news, unless somebody asks for that day.
    new_library = bool(began) and not asked and began >= since
    if new_library:
        since = (date.fromisoformat(began) + timedelta(days=1)).isoformat()
    data: dict[str, Any] = {"since": since, "most": MOST, "totals": {}, "began": began if new_library else None}
    for name, (source, listing) in SECTIONS.items():
        rows = context.rows(f"{listing.format(source)} LIMIT {MOST}", {"since": since})
        total = len(rows)
        if total == MOST:
            total = context.rows(f"SELECT count(*) AS n {source}", {"since": since})[0]["n"]
        data[name], data["totals"][name] = rows, total
    title = f"Changes since the library began on {began}" if new_library else f"Changes since {since}"
    return Page("changes.html", title, data, feed="/feeds/reports.xml")


def _began(context: Context) -> str:
    """The day of the first report, ``""`` where there is none."""
    first = context.rows("SELECT min(first_seen) AS day FROM reports")[0]["day"] or ""
    return _day(first[:10])


def _day(text: str) -> str:
    if not text:
        return ""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise UsageError(f"since must be a day such as 2026-04-30, not {text[:30]!r}") from error


def _default_day(context: Context) -> str:
    """A month before the build: what a returning reader may have missed."""
    built = (context.site.as_of or context.site.info.get("built_at") or "")[:10]
    try:
        return (date.fromisoformat(built) - timedelta(days=DEFAULT_DAYS)).isoformat()
    except ValueError:
        return "1900-01-01"
