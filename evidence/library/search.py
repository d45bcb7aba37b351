"""Searching ``evidence.db``: what may be filtered, and the reports that answer.

What may be typed is in :mod:`evidence.library.syntax`. Values of one facet are joined by OR, facets by AND.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from evidence.derive.facet_index import FacetIndex
from evidence.derive.schema import ABSTRACT_WEIGHT, TITLE_WEIGHT
from evidence.errors import UsageError
from evidence.library.matching import Plan, bits_of, plan
from evidence.library.query_tree import And, Query
from evidence.library.syntax import parse
from evidence.library.terms import Note
from evidence.model import LEVELS, NOT_EVIDENCE_STATUSES, NOT_LISTED_KINDS, SAMPLE_SIZES, Kind, Scope, Status
from evidence.trial import TrialState

FACETS = (
    "modality", "outcome", "condition", "design", "comparator", "blinding", "funding", "interests", "level", "year",
    "status", "kind", "scope", "topic", "trial", "size",
)  # fmt: skip
SORTS = ("relevance", "date", "level")
MAX_TEXT, MAX_VALUES = 1000, 50
# Above this many hits the facets count the best ones only: a bit a hit costs 0.1 microseconds, and 200,000 hits 20 ms.
COUNT_ALL_BELOW, COUNT_BEST = 20_000, 5_000
# What a search may have and still be looked up beside the pages; a title pasted whole has about twelve words.
ORDINARY_TERMS, ORDINARY_STARS = 16, 3

RANKED = f"""
    SELECT rowid FROM reports_fts WHERE reports_fts MATCH ?
    ORDER BY bm25(reports_fts, {TITLE_WEIGHT}, {ABSTRACT_WEIGHT}), rowid"""
# Where more match than a person looks through, those with every word in the title are ranked and the others follow by
# date: bm25 over 50,000 hits takes 80 ms, over those in the title 15.
IN_TITLE = "{{title}} : ({})"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which reports, in which order. ``everything`` adds off-topic, gone and notice reports; ``standing`` leaves out
    retracted and withdrawn ones, as the evidence map does."""

    text: str = ""
    modality: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    design: tuple[str, ...] = ()
    comparator: tuple[str, ...] = ()
    blinding: tuple[str, ...] = ()
    funding: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    trial: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    everything: bool = False
    standing: bool = False
    sort: str = ""

    @property
    def order(self) -> str:
        """The order asked for; by relevance when there is text to be relevant to, else by date."""
        if self.sort and not (self.sort == "relevance" and not self.has_words):
            return self.sort
        return "relevance" if self.has_words else "date"

    @property
    def has_words(self) -> bool:
        """Whether something wanted was typed. Raises :class:`UsageError` where the text cannot be understood."""
        return parse(self.text).has_words

    def pairs(self) -> list[tuple[str, str]]:
        """The selection as query-string pairs; ``from_pairs`` is its inverse."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(facet, value) for facet in FACETS for value in getattr(self, facet)]
        pairs += [("from", str(self.year_from))] if self.year_from is not None else []
        pairs += [("to", str(self.year_to))] if self.year_to is not None else []
        pairs += [("all", "1")] if self.everything else []
        pairs += [("retracted", "0")] if self.standing else []
        return pairs + ([("sort", self.sort)] if self.sort else [])

    def without(self, facet: str) -> Selection:
        cleared: dict[str, Any] = {facet: ()}
        return replace(self, **cleared)

    def toggled(self, facet: str, value: str) -> Selection:
        """The selection with one facet value switched on, or off when it was on."""
        values = getattr(self, facet)
        kept = tuple(v for v in values if v != value) if value in values else (*values, value)
        changed: dict[str, Any] = {facet: kept}
        return replace(self, **changed)


PARAMETERS = frozenset(("q", "from", "to", "all", "retracted", "sort", *FACETS))


def from_pairs(pairs: Iterable[tuple[str, str]], known: Mapping[str, Iterable[str]]) -> Selection:
    """The selection that query-string pairs ask for; pairs of other names are left to the caller.

    ``known`` maps the facets of tags and of what is stated, and topic, to their ids. Raises :class:`UsageError`
    naming the value when a facet does not have it, a year is no year, or a sort does not exist.
    """
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name == "q":
            if len(value) > MAX_TEXT:
                raise UsageError(f"the search text is longer than {MAX_TEXT} characters: shorten it")
            values["text"] = " ".join(value.split())
        elif name in ("from", "to"):
            if value.strip():
                values[f"year_{name}"] = _year(value, name)
        elif name == "all":
            values["everything"] = value not in ("", "0")
        elif name == "retracted":
            values["standing"] = value == "0"
        elif name == "sort":
            values["sort"] = _one_of("sort", value, SORTS) if value else ""
        elif name in FACETS and value:
            chosen = values.setdefault(name, [])
            if len(chosen) >= MAX_VALUES:
                raise UsageError(f"more than {MAX_VALUES} values for {name}: leave some out")
            chosen.append(_facet_value(name, value, known))
    for facet in FACETS:
        values[facet] = tuple(dict.fromkeys(values.get(facet, ())))
    return Selection(**values)


def _facet_value(facet: str, value: str, known: Mapping[str, Iterable[str]]) -> str:
    if facet == "year":
        return str(_year(value, facet))
    fixed = {
        "level": LEVELS,
        "status": tuple(Status),
        "kind": tuple(Kind),
        "scope": tuple(Scope),
        "trial": tuple(TrialState),
        "size": tuple(SAMPLE_SIZES),
    }
    return _one_of(facet, value, fixed.get(facet) or known.get(facet, ()))


def _one_of(name: str, value: str, allowed: Iterable[str]) -> str:
    if value in allowed:
        return value
    choices = ", ".join(sorted(allowed)[:40])
    raise UsageError(f"there is no {name} {value[:60]!r}; there is: {choices or 'none yet'}")


def _year(value: str, name: str) -> int:
    text = value.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise UsageError(f"{name} must be a year such as 2016, not {value[:20]!r}")
    return int(text)


@dataclass(slots=True)
class Hits:
    """The answer: how many, and the first rowids in order. ``text_bits`` match the text, ``bits`` the filters as well.

    ``counted`` are the bits that facet counts are taken from: all hits, or the best 5,000 of a very long list
    (``best_only``), because nobody narrows 20,000 hits by their tail. ``marks`` is an FTS5 expression for the words to
    mark, ``notes`` what to tell beside the answer.
    """

    total: int
    rowids: list[int]
    bits: int
    text_bits: int
    counted: int
    best_only: bool = False
    marks: str = ""
    notes: tuple[Note, ...] = ()


def filter_bits(index: FacetIndex, selection: Selection) -> int:
    """The reports that pass every filter, text aside."""
    bits = index.every
    if not selection.everything:
        hidden_kinds = [kind for kind in NOT_LISTED_KINDS if kind not in selection.kind]
        bits &= ~index.any_of("kind", hidden_kinds)
        if Scope.OFF_TOPIC not in selection.scope:
            bits &= ~index.get("scope", Scope.OFF_TOPIC)
        bits &= ~index.get("gone", "gone")
    if selection.standing:
        bits &= ~index.any_of("status", NOT_EVIDENCE_STATUSES)
    for facet in FACETS:
        values = getattr(selection, facet)
        if values:
            bits &= index.any_of(facet, values)
    if selection.year_from is not None or selection.year_to is not None:
        low, high = selection.year_from or 0, selection.year_to or 9999
        bits &= index.any_of("year", (year for year in index.values("year") if low <= int(year) <= high))
    return bits


class Expensive(Exception):
    """A search will take longer than the caller allows: it has many terms, or reads much of the index."""


def search(
    conn: sqlite3.Connection,
    index: FacetIndex,
    selection: Selection,
    limit: int | None = None,
    most_postings: int | None = None,
) -> Hits:
    """The reports of a selection, in its order; ``limit`` says how many rowids are wanted (all of them).

    Raises :class:`UsageError` for a text that cannot be understood, :class:`Expensive` above ``most_postings``.
    """
    planned, text_bits, bits = matching_reports(conn, index, selection, most_postings)
    total, many = index.count_reports(bits), index.count_reports(text_bits) > COUNT_ALL_BELOW
    best_only = bool(planned.ranking) and total > COUNT_ALL_BELOW
    if selection.order != "relevance":
        rowids = _ordered(index, bits, selection.order, limit)
        best = _ranked(conn, index, planned, bits, COUNT_BEST, many) if best_only else []
    else:
        rowids = best = _ranked(conn, index, planned, bits, max(limit or total, COUNT_BEST), many)
    counted = index.from_rowids(best[:COUNT_BEST]) if best_only else bits
    return Hits(total, rowids[:limit], bits, text_bits, counted, best_only, planned.marks, planned.notes)


def affordable_plan(
    conn: sqlite3.Connection, index: FacetIndex, query: Query, most_postings: int | None = None
) -> Plan:
    """The plan of a query. Raises :class:`QueryError`, and :class:`Expensive` above ``most_postings``.

    With ``most_postings`` a query of many terms or stars is called expensive before they are looked up: that alone
    would hold those who ask for less.
    """
    terms, stars = query.weight
    if most_postings is not None and (terms > ORDINARY_TERMS or stars > ORDINARY_STARS):
        raise Expensive
    planned = plan(conn, index, query)
    if most_postings is not None and planned.postings > most_postings:
        raise Expensive
    return planned


def matching_reports(
    conn: sqlite3.Connection, index: FacetIndex, selection: Selection, most_postings: int | None = None
) -> tuple[Plan, int, int]:
    """The plan of a selection's text, the reports that match it, and those of them that pass the filters."""
    planned, text_bits = matching_text(conn, index, parse(selection.text), most_postings)
    return planned, text_bits, text_bits & filter_bits(index, selection)


def matching_text(
    conn: sqlite3.Connection, index: FacetIndex, query: Query, most_postings: int | None = None
) -> tuple[Plan, int]:
    """The plan of a query and the reports that match it. Raises as :func:`affordable_plan` does."""
    planned = affordable_plan(conn, index, query, most_postings)
    text_bits = index.every if planned.tree is None else bits_of(conn, index, planned.tree)
    if not text_bits and query.tree is not None and isinstance(query.tree, And):
        # No report has all the words in its text: some may be names, as in "North reoperation".
        generous = plan(conn, index, query, generous=True)
        assert generous.tree is not None
        bits = bits_of(conn, index, generous.tree)
        planned, text_bits = (generous, bits) if bits else (planned, text_bits)
    return planned, text_bits


def _ranked(conn: sqlite3.Connection, index: FacetIndex, planned: Plan, bits: int, limit: int, many: bool) -> list[int]:
    """The hits by bm25, title words weighing more, then those that were found by no word of a text.

    Of very many hits those with every word in the title come first, and the others by date.
    """
    best = index.rowids(planned.first & bits)
    for expression in (planned.ranking, planned.loose):
        rest = bits & ~index.from_rowids(sorted(best))
        if expression and rest and len(best) < limit:
            sql_match = IN_TITLE.format(expression) if many else expression
            best += index.only([rowid for (rowid,) in conn.execute(RANKED, [sql_match])], rest)
    if len(best) < limit:
        best += index.rowids(bits & ~index.from_rowids(best), limit - len(best))
    return best


def _ordered(index: FacetIndex, bits: int, order: str, limit: int | None) -> list[int]:
    """By date, or by evidence level and then date. Without text there is no relevance: date stands in."""
    if order != "level":
        return index.rowids(bits, limit)
    found: list[int] = []
    for level in LEVELS:
        if limit is None or len(found) < limit:
            found += index.rowids(bits & index.get("level", level), limit)
    return found[:limit]


def facet_counts(index: FacetIndex, hits: Hits, selection: Selection, facet: str) -> dict[str, int]:
    """``{value: reports}`` of a facet among the hits; values without any are left out.

    Values of one facet are joined by OR, so where some are chosen the others count what choosing them would add.
    """
    counted = hits.counted
    if getattr(selection, facet) and not hits.best_only:
        counted = hits.text_bits & filter_bits(index, selection.without(facet))
    counts = ((value, index.count_reports(counted & index.get(facet, value))) for value in index.values(facet))
    return {value: count for value, count in counts if count}
