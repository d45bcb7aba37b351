"""Reports by year as bars and as dots, ready for SVG: one printed scale each, and the numbers for a table behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from evidence.derive.facet_index import FacetIndex
from evidence.library.search import Selection, filter_bits
from evidence.site.web import Context
from evidence.site.wording import SIZE_LABELS

# Later charts lose what came before; with 1967, the first implanted stimulator, bars were too thin to press.
FIRST_YEAR = 1985
BAR, BAR_HEIGHT = 4, 31
# A dot's column and its largest and smallest radius, in the same units: neighbours never overlap.
DOT, LARGEST_DOT, SMALLEST_DOT = 10, 4.8, 1.4


def latest_year(context: Context) -> int:
    """The year after the build's: later dates are slips (imports have 2051) that squeeze the bars."""
    return int((context.site.info.get("built_at") or "9998")[:4]) + 1


def year_bars(counts: Mapping[int, int], last: int, highest: int) -> dict[str, Any]:
    """Bars of reports per year, :data:`BAR` wide, as high as their share of ``highest``.

    Returns ``{bars: [{year, reports, x, height}], most, highest, total, earlier, last, width}``.
    """
    bars = [
        {
            "year": year,
            "reports": counts[year],
            "x": (year - FIRST_YEAR) * BAR,
            "height": round(1 + BAR_HEIGHT * counts[year] / highest, 1),
        }
        for year in sorted(counts)
        if year >= FIRST_YEAR
    ]
    return {
        "bars": bars,
        "most": max(counts.values(), default=0),
        "highest": highest,
        "total": sum(counts.values()),
        "earlier": sum(reports for year, reports in counts.items() if year < FIRST_YEAR),
        "last": last,
        "width": (last - FIRST_YEAR + 1) * BAR,
    }


def charts(context: Context, selection: Selection) -> dict[str, Any] | None:
    """Bars by year, and dots by year and design and by year and sample size, of the listed reports of a selection.

    Retracted and withdrawn reports are left out, so that each number is what ``/search`` with ``pairs``, the year and
    the row's value finds. ``{"pairs", "years", "design", "size"}``; ``design`` and ``size`` are ``None`` where no
    report has any. ``None`` for fewer than two reports with a year, which are no trend.
    """
    index, selection = context.site.index, replace(selection, standing=True)
    bits, latest = filter_bits(index, selection), latest_year(context)
    by_year = {int(year): bits & index.get("year", year) for year in index.values("year") if int(year) <= latest}
    counts = {year: count for year, held in by_year.items() if (count := index.count_reports(held))}
    if sum(counts.values()) < 2 or max(counts) < FIRST_YEAR:
        return None
    years = {year: by_year[year] for year in sorted(counts)}
    designs = [(tag.id, tag.label) for tag in context.site.tags["design"].values()]
    sizes = [(name, label) for name, label in SIZE_LABELS.items()]
    return {
        "pairs": selection.pairs(),
        "years": year_bars(counts, max(counts), max(counts.values())),
        "design": dots(index, years, "design", designs),
        "size": dots(index, years, "size", sizes),
    }


def dots(
    index: FacetIndex, years: Mapping[int, int], facet: str, values: Sequence[tuple[str, str]]
) -> dict[str, Any] | None:
    """A row for each ``(value, label)`` that has reports, a dot for each year, its area the share of the largest.

    ``years``: year → bits. Returns ``{facet, rows: [{id, label, total, dots, earlier}], highest, last, width}``.
    """
    rows: list[dict[str, Any]] = []
    for value, label in values:
        held = index.get(facet, value)
        counts = {year: count for year, bits in years.items() if (count := index.count_reports(bits & held))}
        if counts:
            shown = [{"year": year, "reports": count} for year, count in counts.items() if year >= FIRST_YEAR]
            total = sum(counts.values())
            earlier = total - sum(dot["reports"] for dot in shown)
            rows.append({"id": value, "label": label, "total": total, "dots": shown, "earlier": earlier})
    highest = max((dot["reports"] for row in rows for dot in row["dots"]), default=0)
    if not highest:
        return None
    for row in rows:
        for dot in row["dots"]:
            dot["x"] = (dot["year"] - FIRST_YEAR) * DOT + DOT // 2
            dot["r"] = round(max(SMALLEST_DOT, LARGEST_DOT * (dot["reports"] / highest) ** 0.5), 1)
    last = max(years)
    return {"facet": facet, "rows": rows, "highest": highest, "last": last, "width": (last - FIRST_YEAR + 1) * DOT}
