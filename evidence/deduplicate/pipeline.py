"""Items into clusters: block, match, cluster, and again over what was merged, until nothing changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations

from evidence.deduplicate.block import candidate_pairs, make_blocks, shared_dois
from evidence.deduplicate.cluster import Clusters, Edge, Judge, Verdict
from evidence.deduplicate.compare import Comparison
from evidence.deduplicate.prepare import Item
from evidence.deduplicate.rules import matched, vetoed
from evidence.deduplicate.types import NO_DECISIONS, Decisions, Deduplication

MAX_ROUNDS = 6

# Given the positions of a cluster, the item of its representative.
Represent = Callable[[Sequence[int]], Item]


def deduplicate_items(
    items: Sequence[Item], represent: Represent, decisions: Decisions = NO_DECISIONS
) -> Deduplication:
    """Clusters of the positions of ``items``.

    After a round the representatives, filled from their records, are compared again: a record without a DOI may have
    received one. So a second run over the output finds nothing more.
    """
    log: list[str] = []
    shared: set[str] = set()
    known: dict[tuple[int, int], Verdict] = {}
    made: list[Item] = []  # keeps every representative alive, as ``known`` goes by the identity of objects

    def judge(left: Item, right: Item) -> Verdict:
        key = (id(left), id(right)) if id(left) < id(right) else (id(right), id(left))
        if key not in known:
            comparison = Comparison(left, right, shared)
            veto = vetoed(comparison)
            rule = None if veto else matched(comparison)
            sole = rule is not None and comparison.unplaced_letter
            known[key] = Verdict(veto, rule, comparison.pages is True, sole)
        return known[key]

    clusters = Clusters(items, judge, log=log)
    _decide(clusters, decisions)
    nodes = list(items)  # the item that stands for each position's group
    active = _collapse(clusters, judge, log)
    for turn in range(MAX_ROUNDS):
        blocks = make_blocks(nodes, active)
        if turn == 0:
            shared |= shared_dois(nodes, blocks)
        edges: list[Edge] = []
        sole: list[Edge] = []
        for left, right in candidate_pairs(nodes, blocks, log if turn == 0 else []):
            verdict = judge(nodes[left], nodes[right])
            if verdict.rule:
                edges.append(Edge(left, right, verdict.rule.name, verdict.rule.score, verdict.rule.reason))
                sole += edges[-1:] if verdict.sole else []
        before = len(clusters.merges)
        torn = _torn(sole, edges, nodes, judge, log)
        clusters.join(edge for edge in edges if edge not in torn)
        if len(clusters.merges) == before:
            break
        active = _represent(clusters, nodes, active, represent)
        made += [nodes[position] for position in active if len(clusters.group[position]) > 1]
    clusters.log[:] = list(dict.fromkeys(clusters.log))
    return Deduplication(clusters.clusters(), clusters.merges, clusters.log)


def _torn(sole: list[Edge], edges: list[Edge], nodes: Sequence[Item], judge: Judge, log: list[str]) -> set[Edge]:
    """``sole`` edges at whose end a record matches two that must stay apart: nothing tells which of them it is."""
    matches: defaultdict[int, set[int]] = defaultdict(set)
    for edge in edges if sole else ():
        matches[edge.left].add(edge.right)
        matches[edge.right].add(edge.left)
    found = set()
    for edge in sole:
        for end in (edge.left, edge.right):
            others = sorted(matches[end])
            apart = next((p for p in combinations(others, 2) if judge(nodes[p[0]], nodes[p[1]]).veto), None)
            if apart:
                found.add(edge)
                names = ", ".join(nodes[position].id for position in apart)
                log.append(f"left apart: {nodes[end].id} may be either of {names}, which are two documents")
    return found


def _represent(clusters: Clusters, nodes: list[Item], active: list[int], represent: Represent) -> list[int]:
    """One position for each group, with the representative as its node."""
    kept = []
    done: dict[int, int] = {}
    for position in active:
        group = clusters.group[position]
        if id(group) in done:
            continue
        done[id(group)] = position
        kept.append(position)
        if len(group) > 1:
            nodes[position] = represent(sorted(group))
    return kept


def _collapse(clusters: Clusters, judge: Judge, log: list[str]) -> list[int]:
    """Entries that are equal in every field become one at once, or none: what cannot be told apart is one case.

    Ten thousand entries with nothing but the title "Editorial" cost one comparison; they stay apart.
    """
    twins: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for position, item in enumerate(clusters.items):
        twins[item.content()].append(position)
    kept_apart = {position for pair in clusters.apart for position in pair}
    active = []
    for positions in twins.values():
        first = positions[0]
        if len(positions) == 1:
            active.append(first)
            continue
        items = clusters.items
        rule = judge(items[first], items[positions[1]]).rule
        if rule and kept_apart.intersection(positions):
            active += positions
        elif rule:
            for other in positions[1:]:
                clusters.unite(Edge(first, other, "identical", 1.0, "every field is the same"))
            active.append(first)
        else:
            log.append(
                f"{len(positions)} entries say equally little (title {items[first].title[:60]!r}): left apart, "
                "there is nothing to tell whether they are one"
            )
    return active


def _decide(clusters: Clusters, decisions: Decisions) -> None:
    """Forced merges first, and the pairs that must stay apart."""
    if not decisions.decisions:
        return
    named: defaultdict[str, list[int]] = defaultdict(list)
    for position, item in enumerate(clusters.items):
        for name in (item.id, item.pmid, item.doi):
            if name:
                named[name].append(position)
    for decision in decisions.decisions:
        groups = [named[record] for record in decision.records]
        missing = [record for record, found in zip(decision.records, groups, strict=True) if not found]
        if missing:
            clusters.log.append(f"merges.yml names {', '.join(missing)}, which no record has")
        for at, one in enumerate(groups):
            for other in groups[at + 1 :]:
                for a in one:
                    for b in other:
                        if a != b and decision.merge:
                            clusters.unite(Edge(a, b, "decision", 1.0, decision.reason))
                        elif a != b:
                            clusters.apart.add((min(a, b), max(a, b)))
