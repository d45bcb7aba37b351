"""What stands between reports: notices, relations and studies. They are linked, never merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from evidence.record import Record
from evidence.relate.announced import announced_relations, issued_notices
from evidence.relate.cards import card_of
from evidence.relate.groups import load_groups
from evidence.relate.names import Names
from evidence.relate.notices import find_notices, find_statuses, pubmed_relations
from evidence.relate.shelf import Shelf
from evidence.relate.studies import find_studies, study_relations
from evidence.relate.titles import title_relations
from evidence.relate.types import Card, Group, Notice, Related, Relation, Study
from evidence.relate.versions import cochrane_updates

__all__ = ["Card", "Group", "Notice", "Related", "Relation", "Study", "card_of", "load_groups", "relate"]

# Which source is kept when two say the same: the one that a reader can check soonest.
SOURCES = ("pubmed", "maintainer", "registration", "doi", "title")


def relate(
    reports: Mapping[str, Record],
    aliases: Mapping[str, str],
    groups: Sequence[Group] = (),
    cards: Iterable[Card] | None = None,
    registered: Mapping[str, Sequence[tuple[str, str]]] | None = None,
) -> Related:
    """Relations, notices, studies and the status of reports.

    ``aliases`` maps PMIDs, DOIs and record ids to report ids; a report may name others by any of them. ``cards`` are
    the reports' own (:func:`card_of`), in their order, where they were made already; then ``reports`` is asked only for
    those that a card tells something of, and their records need neither abstract nor headings. ``registered``: the
    ``(registry, number)`` of trials whose registries say that a report gives their results.
    """
    log: list[str] = []
    names = Names(reports, aliases)
    shelf = Shelf(reports, map(card_of, reports.values()) if cards is None else cards)
    for report, numbers in (registered or {}).items():
        shelf.numbers[report] = tuple(dict.fromkeys((*shelf.numbers.get(report, ()), *numbers)))
    studies = find_studies(names, shelf.numbers, groups, log)
    found = (
        pubmed_relations(names, shelf),
        study_relations(studies, groups),
        cochrane_updates(shelf),
        announced_relations(names, shelf),
        title_relations(shelf),
    )
    relations = _distinct(chain.from_iterable(found))
    issued = issued_notices(shelf, relations)
    notices = find_notices(names, shelf, relations, issued)
    return Related(relations, notices, studies, find_statuses(notices), issued, log)


def _distinct(relations: Iterable[Relation]) -> list[Relation]:
    """One relation for each pair and kind, from the best source; a pair that PubMed relates is not guessed at again."""
    ordered = sorted(relations, key=lambda r: (SOURCES.index(r.source), r.report, r.related, r.kind))
    kept: dict[tuple[str, str, str], Relation] = {}
    sourced: dict[frozenset[str], str] = {}
    for relation in ordered:
        pair = frozenset((relation.report, relation.related))
        if relation.source == "title" and sourced.get(pair, "title") != "title":
            continue
        sourced.setdefault(pair, relation.source)
        kept.setdefault((relation.report, relation.related, relation.kind), relation)
    return sorted(kept.values(), key=lambda r: (r.report, r.related, r.kind))
