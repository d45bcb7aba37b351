"""From a parsed query to the reports that match it: full-text search where FTS5 can say it, bits of reports elsewhere.

FTS5 has no NOT without a left side and knows nothing of authors; so the largest parts of a tree that it can say are one
expression each, and what they find is joined as bits. Both ways give the same reports.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from evidence.derive.facet_index import FacetIndex
from evidence.library.query_tree import And, Leaf, Node, Not, Or, Query, Term, wanted_leaves
from evidence.library.terms import Match, Note, Resolver, Rows

# As JSON: 50,000 rows one by one take twice as long.
UNRANKED = "SELECT json_group_array(rowid) FROM reports_fts WHERE reports_fts MATCH ?"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a query will ask: ``tree`` ends in :class:`Match` and :class:`Rows`.

    ``ranking`` is the expression that bm25 orders by and ``marks`` the one whose words are marked, ``""`` without text;
    ``loose`` is one for those that ``ranking`` leaves out because they were found by a name. ``first`` are the reports
    that the query names, as bits; ``postings`` is about how many entries of the index will be read.
    """

    tree: Node | None
    ranking: str
    marks: str
    postings: int
    notes: tuple[Note, ...]
    loose: str = ""
    first: int = 0


def plan(conn: sqlite3.Connection, index: FacetIndex, query: Query, generous: bool = False) -> Plan:
    """Look the terms of a query up; ``generous`` takes words of texts for family names as well.

    Raises :class:`UsageError` where a star stands for too many words.
    """
    notes = tuple(Note(text) for text in query.notes)
    if query.tree is None:
        return Plan(None, "", "", 0, notes)
    resolver = Resolver(conn, index, generous=generous)
    tree = resolver.resolve(query.tree)
    resolver.offer_tag(plain_text(query.tree))
    texts = [leaf.expression for leaf in wanted_leaves(tree) if isinstance(leaf, Match)]
    marks = " OR ".join(dict.fromkeys(texts))
    ranking = (expression_of(tree) or ranking_of(tree) or marks) if texts else ""
    loose = (ranking_of(tree, loose=True) or marks) if texts and expression_of(tree) is None else ""
    told = notes + tuple(dict.fromkeys(resolver.notes))
    return Plan(tree, ranking, marks, resolver.postings, told, "" if loose == ranking else loose, resolver.first)


def plain_text(node: Node) -> str:
    """The words of a query that is a word, a phrase, or words side by side; ``""`` for any other."""
    parts = node.parts if isinstance(node, And) and node.side_by_side else (node,)
    terms = [part for part in parts if isinstance(part, Term) and not (part.field or part.prefix or part.literal)]
    return " ".join(term.text for term in terms) if len(terms) == len(parts) else ""


def ranking_of(node: Node, loose: bool = False) -> str | None:
    """An expression for bm25: what a tree asks of texts, without what is found another way.

    ``loose``: of parts that may be found another way nothing is asked.
    """
    if isinstance(node, Match):
        return node.expression
    if isinstance(node, Leaf | Not):
        return None
    kept = [part for part in node.parts if not loose or isinstance(node, Or) or expression_of(part) is not None]
    parts = [text for text in (ranking_of(part, loose) for part in kept) if text]
    return f"({(' OR ' if isinstance(node, Or) else ' AND ').join(parts)})" if parts else None


def expression_of(node: Node) -> str | None:
    """The FTS5 expression of a tree; ``None`` where FTS5 cannot say it."""
    if isinstance(node, Match):
        return node.expression
    if isinstance(node, Leaf | Not):
        return None
    if isinstance(node, Or):
        parts = [expression_of(part) for part in node.parts]
        return None if None in parts else f"({' OR '.join(part for part in parts if part)})"
    wanted = [expression_of(part) for part in node.parts if not isinstance(part, Not)]
    unwanted = [expression_of(part.part) for part in node.parts if isinstance(part, Not)]
    if not wanted or None in wanted or None in unwanted:
        return None
    text = f"({' AND '.join(part for part in wanted if part)})"
    return f"({text} NOT ({' OR '.join(part for part in unwanted if part)}))" if unwanted else text


def bits_of(conn: sqlite3.Connection, index: FacetIndex, node: Node) -> int:
    """The reports of a resolved tree as bits of the facet index."""
    expression = expression_of(node)
    if expression is not None:
        return index.from_rowids(matching(conn, expression))
    if isinstance(node, Rows):
        return node.bits
    if isinstance(node, Not):
        return index.every & ~bits_of(conn, index, node.part)
    assert isinstance(node, And | Or)
    text = [part for part in node.parts if expression_of(part) is not None]
    rest = [part for part in node.parts if expression_of(part) is None]
    together = And if isinstance(node, And) else Or
    found = [bits_of(conn, index, part) for part in rest]
    if text:
        found.append(bits_of(conn, index, text[0] if len(text) == 1 else together(tuple(text))))
    bits = found[0]
    for other in found[1:]:
        bits = bits & other if isinstance(node, And) else bits | other
    return bits


def matching(conn: sqlite3.Connection, expression: str) -> list[int]:
    """The rowids of the reports whose title or abstract matches an FTS5 expression."""
    return list(json.loads(conn.execute(UNRANKED, [expression]).fetchone()[0]))
