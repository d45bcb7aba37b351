"""Search: bm25 with the title weighted, marked snippets, facets that count exactly."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from evidence.bibliography.normal import normal_doi
from evidence.library.query_tree import And, Node, Not, Term
from evidence.library.search import (
    COUNT_BEST,
    FACETS,
    PARAMETERS,
    SORTS,
    Hits,
    Selection,
    facet_counts,
    filter_bits,
    from_pairs,
)
from evidence.library.syntax import QueryError, parse
from evidence.library.terms import Note
from evidence.model import LEVELS, SAMPLE_SIZES
from evidence.site.citing import FORMATS
from evidence.site.pages.listing import PAGE_SIZE, entries, page_of, page_wanted, shown_abstracts
from evidence.site.pages.selection import pick_pairs, picked
from evidence.site.table_links import table_pairs
from evidence.site.web import Context, Page
from evidence.site.wording import FACET_LABELS, KIND_LABELS, LEVEL_LABELS, SIZE_LABELS, STATUS_LABELS, scope_labels
from evidence.trial import STATE_LABELS

SORT_LABELS = {"relevance": "Best match", "date": "Newest", "level": "Evidence level"}
SHOWN_FACETS = (
    "modality", "outcome", "condition", "design", "level", "comparator", "blinding", "funding", "interests", "scope",
    "year", "size", "status", "kind", "topic", "trial",
)  # fmt: skip
FIXED_LABELS = {
    "level": LEVEL_LABELS,
    "status": STATUS_LABELS,
    "kind": KIND_LABELS,
    "trial": STATE_LABELS,
    "size": SIZE_LABELS,
}
# Sentinels that no text holds; they are cut on after the text is safe, so a snippet is never HTML.
OPEN, CLOSE = "\x02", "\x03"
SNIPPETS = """
    SELECT rowid, highlight(reports_fts, 0, char(2), char(3)) AS title,
           snippet(reports_fts, 1, char(2), char(3), ' … ', 40) AS abstract
    FROM reports_fts WHERE reports_fts MATCH ? AND rowid = ?"""
BY_PMCID = "SELECT id FROM reports WHERE pmcid = ?"
BY_ID = "SELECT report FROM report_ids WHERE id = ?"
# Parts of a search that found nothing which are counted one by one.
MOST_PARTS = 8
NO_HITS = Hits(0, [], 0, 0, 0)


def search_page(context: Context) -> Page:
    """``/search``. A text that cannot be understood is a 400 that still shows the text and the filters.

    The id of one report leads to it (302); as JSON it stays a search.
    """
    context.allow(PARAMETERS | {"page", "pick"})
    selection = from_pairs(context.pairs, context.site.known)
    wanted = page_wanted(context)
    try:
        hits = context.search(selection, limit=wanted * PAGE_SIZE)
        understood = parse(selection.text)
    except QueryError as error:
        if context.as_json:
            raise
        return _page(context, selection, 1, NO_HITS, [], "", str(error))
    known = _known_item(context, selection.text) if is_id(understood.tree) else None
    if known and selection == Selection(text=selection.text) and not context.as_json and not context.get("pick"):
        return Page("search.html", "", {}, status=302, redirect=context.url("/reports", known))
    number, _ = page_of(wanted, hits.total)
    rowids = hits.rowids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    results = entries(context, rowids)
    _add_snippets(context, hits.marks, rowids, results)
    return _page(context, selection, number, hits, results, str(understood.tree) if understood.has_operators else "")


def _page(
    context: Context,
    selection: Selection,
    number: int,
    hits: Hits,
    results: list[dict[str, Any]],
    understood: str,
    error: str = "",
) -> Page:
    _, last = page_of(number, hits.total)
    picks = picked(context)
    data: dict[str, Any] = {
        "text": selection.text,
        "understood": understood,
        "notes": [_note(context, selection.text, note) for note in hits.notes],
        "total": hits.total,
        "studies": context.site.index.count_studies(hits.bits),
        "page_number": number,
        "pages": last,
        "sort": "" if error else selection.order,
        "filters": [[name, value] for name, value in selection.pairs() if name not in ("q", "sort")],
        "facets": [facet(context, hits, selection, name) for name in SHOWN_FACETS],
        "facets_count_best": COUNT_BEST if hits.best_only else None,
        "picked": list(picks),
        "known_item": _known_item(context, selection.text),
        "narrowed_by": [] if hits.total or error else narrowed_by(context, selection, hits),
        "found_by_part": [] if hits.text_bits or error else found_by_part(context, selection.text),
        "reports": results,
    }
    title = f"Search: {selection.text}" if selection.text else "Browse reports"
    here = {result["id"] for result in results}
    extra = {
        **_extra(context, selection),
        "pick_pairs": pick_pairs(picks),
        "picked_elsewhere": [pair for pair in pick_pairs(picks) if pair[1] not in here],
        "error": error,
        "has_text": not error and selection.has_words,
    }
    if error:
        return Page("search.html", title, data, status=400, extra=extra)
    feed = "/feeds/search.xml" + (f"?{urlencode(extra['base_pairs'])}" if extra["base_pairs"] else "")
    return Page("search.html", title, data, feed=feed, extra=extra)


def is_id(tree: Node | None) -> bool:
    """Whether a query is the identifier of one report and nothing else."""
    return isinstance(tree, Term) and tree.field == "id"


def _note(context: Context, text: str, note: Note) -> dict[str, Any]:
    """A note of the search: its words, a search to offer with it, the tag that it speaks of."""
    query = note.query or (quoted(text, note.typed) if note.typed else "")
    tag = {"facet": note.tag[0], "id": note.tag[1], "label": context.site.label(*note.tag)} if note.tag else None
    return {"text": note.text, "query": query, "tag": tag}


def quoted(text: str, typed: str) -> str:
    """A search with some of its words in quotation marks, so that they are looked for as they stand; ``""`` if it has
    not got them.

    >>> quoted("PENS back pain", "PENS"), quoted("pens in  pain", "in pain"), quoted("stopens", "pens")
    ('"PENS" back pain', 'pens "in pain"', '')
    """
    words = r"\s+".join(map(re.escape, typed.split()))
    changed, times = re.subn(rf'(?<![\w"]){words}(?![\w"*])', lambda _: f'"{typed}"', text, count=1, flags=re.I)
    return changed if times else ""


def narrowed_by(context: Context, selection: Selection, hits: Hits) -> list[dict[str, Any]]:
    """What empties a page: each filter without which there are reports, their number, the selection without it.

    Filters of which two or more are too many together are not found so; then the list is empty.
    """
    without = [(FACET_LABELS[name], selection.without(name)) for name in FACETS if getattr(selection, name)]
    if selection.year_from is not None or selection.year_to is not None:
        without.append(("Years", replace(selection, year_from=None, year_to=None)))
    if selection.standing:
        without.append(("Retracted left out", replace(selection, standing=False)))
    if not selection.everything:
        without.append(("Off-topic reports, notices and reports gone left out", replace(selection, everything=True)))
    index = context.site.index
    counted = [
        (label, other, index.count_reports(hits.text_bits & filter_bits(index, other))) for label, other in without
    ]
    return [{"filter": label, "count": count, "pairs": other.pairs()} for label, other, count in counted if count]


def found_by_part(context: Context, text: str) -> list[dict[str, Any]]:
    """How many reports each part of a search finds by itself, off-topic ones and all, where no report has all parts."""
    tree = parse(text).tree
    parts = [part for part in tree.parts if not isinstance(part, Not)] if isinstance(tree, And) else []
    found = []
    for part in parts[:MOST_PARTS] if len(parts) > 1 else []:
        count = context.site.index.count_reports(context.matching(Selection(text=str(part), everything=True)))
        found.append({"part": str(part), "count": count})
    return found


def _extra(context: Context, selection: Selection) -> dict[str, Any]:
    """What only the HTML needs: the links to selections beside this one."""
    base = [pair for pair in selection.pairs() if pair[0] != "sort"]
    return {
        "selection": selection,
        "chips": _chips(context, selection),
        "base_pairs": base,
        "filter_pairs": [pair for pair in base if pair[0] != "q"],
        "sort_pairs": [("sort", selection.sort)] if selection.sort else [],
        "without_all": [pair for pair in base if pair[0] != "all"],
        "sorts": SORTS,
        "sort_labels": SORT_LABELS,
        "formats": FORMATS,
        "table_pairs": table_pairs(selection),
        "database": context.site.database,
        "example_name": context.site.example_name,
    }


def facet(context: Context, hits: Hits, selection: Selection, name: str) -> dict[str, Any]:
    """One facet: its values with counts, the chosen ones first, each with the selection it leads to."""
    chosen = getattr(selection, name)
    counts = facet_counts(context.site.index, hits, selection, name)
    known = list(counts) + [value for value in chosen if value not in counts]
    values = [
        {
            "value": value,
            "label": _label(context, name, value),
            "count": counts.get(value, 0),
            "selected": value in chosen,
            "parent": getattr(context.site.tags.get(name, {}).get(value), "parent", None),
            "pairs": selection.toggled(name, value).pairs(),
        }
        for value in known
    ]
    return {"name": name, "values": _ordered(name, values), "chosen": len(chosen)}


def _ordered(name: str, values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Years newest first, levels strongest first, tags by count with children below their parents."""
    if name == "year":
        return sorted(values, key=lambda value: -int(value["value"]))
    if name == "size":
        return sorted(values, key=lambda value: list(SAMPLE_SIZES).index(value["value"]))
    if name == "level":
        return sorted(values, key=lambda value: LEVELS.index(value["value"]))
    ranked = sorted(values, key=lambda value: (not value["selected"], -value["count"], value["label"]))
    present = {value["value"] for value in ranked}
    ordered = []
    for value in ranked:
        if value["parent"] not in present:
            ordered.append(value)
            ordered.extend(child for child in ranked if child["parent"] == value["value"])
    return ordered


def _label(context: Context, facet_name: str, value: str) -> str:
    labels = scope_labels(context.site.profile) if facet_name == "scope" else FIXED_LABELS.get(facet_name, {})
    return labels.get(value) or context.site.label(facet_name, value)


def _chips(context: Context, selection: Selection) -> list[dict[str, Any]]:
    """What is switched on, each with the selection without it."""
    chips = []
    for name in FACETS:
        for value in getattr(selection, name):
            pairs = selection.toggled(name, value).pairs()
            chips.append({"facet": FACET_LABELS[name], "label": _label(context, name, value), "pairs": pairs})
    for names, label in (
        (("from", "to"), _years(selection)),
        (("retracted",), "retracted left out" if selection.standing else ""),
        (("all",), "off-topic and gone included" if selection.everything else ""),
    ):
        if label:
            pairs = [pair for pair in selection.pairs() if pair[0] not in names]
            chips.append({"facet": "Years" if "to" in names else "Reports", "label": label, "pairs": pairs})
    return chips


def _years(selection: Selection) -> str:
    first, last = selection.year_from, selection.year_to
    return "" if first is None and last is None else f"{first or ''}–{last or ''}"


def _add_snippets(context: Context, marks: str, rowids: list[int], results: list[dict[str, Any]]) -> None:
    """Titles with the found words marked, and the best piece of each abstract that may be shown."""
    shown = shown_abstracts(context, [result["id"] for result in results]) if marks else set()
    for rowid, result in zip(rowids, results, strict=True):
        row = context.conn.execute(SNIPPETS, [marks, rowid]).fetchone() if marks else None
        result["title_marked"] = segments(row[1] or "") if row else [{"text": result["title"], "mark": False}]
        result["snippet"] = segments(row[2]) if row and OPEN in (row[2] or "") and result["id"] in shown else []


def segments(marked: str) -> list[dict[str, Any]]:
    """Text with sentinels as pieces, marked or not.

    >>> segments("for \\x02pain\\x03 relief")
    [{'text': 'for ', 'mark': False}, {'text': 'pain', 'mark': True}, {'text': ' relief', 'mark': False}]
    """
    pieces: list[dict[str, Any]] = []
    for part in re.split(f"({OPEN}[^{CLOSE}]*{CLOSE}?)", marked):
        text = part.replace(OPEN, "").replace(CLOSE, "")
        if text:
            pieces.append({"text": text, "mark": part.startswith(OPEN)})
    return pieces


def _known_item(context: Context, text: str) -> str | None:
    """The report whose PMID, PMC number, DOI or record id was typed into the search box."""
    bare = text.strip()
    for name in (bare, bare.lower().removeprefix("pmid").strip(" :"), bare.upper(), normal_doi(text)):
        row = context.conn.execute(BY_ID, [name]).fetchone() if name else None
        if row:
            return str(row[0])
    pmcid = bare.upper().removeprefix("PMCID").strip(" :")
    # Asked only of what looks like one: where no report has any, SQLite reads every row instead of the index.
    row = context.conn.execute(BY_PMCID, [pmcid]).fetchone() if pmcid.startswith("PMC") else None
    return str(row[0]) if row else None
