"""Reports picked one by one. The picks stand in the address: nothing is stored, no script runs, a link can be sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from evidence.errors import UsageError
from evidence.site.citing import FORMATS
from evidence.site.pages.listing import entries
from evidence.site.web import Context, Page

# What an address holds with room for a search beside it (site/web.py reads 200 parameters).
MOST_PICKED = 100
BY_ID = "SELECT r.rowid, r.id FROM report_ids i JOIN reports r ON r.id = i.report WHERE i.id = ?"


def picked(context: Context) -> dict[str, int]:
    """``{report id: rowid}`` of the picks in the address, in their order; any id of a report names it.

    Raises :class:`UsageError` for an id that the library does not hold and for more than :data:`MOST_PICKED`.
    """
    names = [value for name, value in context.pairs if name == "pick" and value]
    if len(names) > MOST_PICKED:
        raise UsageError(f"no more than {MOST_PICKED} reports can be picked: export the search instead")
    found: dict[str, int] = {}
    for name in names:
        row = context.conn.execute(BY_ID, [name]).fetchone()
        if row is None:
            raise UsageError(f"the library holds no report {name[:60]!r}")
        found.setdefault(row[1], row[0])
    return found


def pick_pairs(picks: dict[str, int]) -> list[tuple[str, str]]:
    return [("pick", report) for report in picks]


def selection_page(context: Context) -> Page:
    """``/selection?pick=ID&pick=ID``: the picked reports, each with a link to the page without it, and exports."""
    context.allow(frozenset(("pick",)))
    picks = picked(context)
    pairs = pick_pairs(picks)
    data: dict[str, Any] = {"picked": list(picks), "reports": entries(context, list(picks.values()))}
    extra = {
        "pairs": pairs,
        "exports": [(label, f"/export?{exported(picks, name)}") for name, label in FORMATS.items()],
        "without": {report: [pair for pair in pairs if pair[1] != report] for report in picks},
    }
    canonical = "/selection" + "".join(f"{'&' if n else '?'}pick={quote(name)}" for n, name in enumerate(picks))
    return Page("selection.html", "Picked reports", data, canonical=canonical, extra=extra)


def exported(picks: dict[str, int], format_: str) -> str:
    """The query string of ``/export`` for the picks."""
    return urlencode([("id", report) for report in picks] + [("format", format_), ("tags", "1")])
