"""Items into clusters: block, match, cluster, and again over what was merged, until nothing changes."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from evidence.deduplicate.block import Cut, candidate_pairs, doi_blocks, make_blocks, shared_dois
from evidence.deduplicate.cluster import Clusters, Edge, Verdict
from evidence.deduplicate.columns import Columns, row_of
from evidence.deduplicate.compare import Comparison
from evidence.deduplicate.prepare import Item
from evidence.deduplicate.rules import matched, vetoed
from evidence.deduplicate.types import NO_DECISIONS, Decisions, Deduplication
from evidence.packed import KeyIndex

MAX_ROUNDS = 6

# Given the positions of a cluster, the item of its representative.
Represent = Callable[[Sequence[int]], Item]
# Asks for what each of so many parts gives, in any order; this process or others may find it out.
Over = Callable[[Callable[[int], "Matched"], int], Iterable["Matched"]]


class Nodes:
    """The item that stands for each position: its own, or the representative of its group once there is one."""

    def __init__(self, items: Sequence[Item], columns: Columns):
        self.items, self.columns = items, columns
        self._size = len(items)
        self._made: list[Item] = []
        self._number: dict[int, int] = {}

    def number(self, position: int) -> int:
        """The number of a position's item: another one whenever another item stands for it."""
        return self._number.get(position, position)

    def at(self, position: int) -> Item:
        return self.by_number(self.number(position))

    def by_number(self, number: int) -> Item:
        return self.items[number] if number < self._size else self._made[number - self._size]

    def represent(self, position: int, item: Item) -> None:
        self._number[position] = self._size + len(self._made)
        self._made.append(item)
        self.columns.replace(position, row_of(item))


class Judgement:
    """What the rules say of two items, by their numbers, remembered."""

    def __init__(self, nodes: Nodes, shared: set[str]):
        self._nodes, self._shared = nodes, shared
        self._known: dict[int, Verdict] = {}
        self._same: dict[Verdict, Verdict] = {}  # there are few: each is kept once

    def numbers(self, left: int, right: int) -> Verdict:
        code = min(left, right) << 32 | max(left, right)
        if code not in self._known:
            comparison = Comparison(self._nodes.by_number(left), self._nodes.by_number(right), self._shared)
            veto = vetoed(comparison)
            rule = None if veto else matched(comparison)
            verdict = Verdict(veto, rule, comparison.pages is True, rule is not None and comparison.unplaced_letter)
            self._known[code] = self._same.setdefault(verdict, verdict)
        return self._known[code]

    def forget(self) -> None:
        """What was said is found out again where it is asked for again."""
        self._known.clear()

    def nodes(self, left: int, right: int) -> Verdict:
        """Of what stands for two positions."""
        return self.numbers(self._nodes.number(left), self._nodes.number(right))


@dataclass(slots=True)
class Matched:
    """What one part of the blocks gave: matched pairs, whether each counts only alone, and what was cut."""

    edges: dict[Edge, bool] = field(default_factory=dict)
    cut: Cut = field(default_factory=Cut)


def _one_after_the_other(find: Callable[[int], Matched], parts: int) -> Iterable[Matched]:
    return map(find, range(parts))


def deduplicate_items(
    items: Sequence[Item], represent: Represent, decisions: Decisions = NO_DECISIONS, columns: Columns | None = None,
    parts: int = 1, over: Over = _one_after_the_other,
) -> Deduplication:  # fmt: skip
    """Clusters of the positions of ``items``, which are asked for when some block brings them together.

    ``columns`` has the row of every item (and is changed), where they are known already. After a round the
    representatives, filled from their records, are compared again: a record without a DOI may have received one. So a
    second run over the output finds nothing more.

    Blocks are compared in ``parts``, by their keys, which changes nothing but memory: in each part's stand a share of
    the blocks and of the pairs. ``over`` may do that in other processes that began as copies of this one.
    """
    log: list[str] = []
    shared: set[str] = set()
    columns = columns or Columns(row_of(item) for item in items)
    nodes = Nodes(items, columns)
    judge = Judgement(nodes, shared)
    clusters = Clusters(items, judge.numbers, log=log)
    _decide(clusters, decisions)
    active = _collapse(clusters, columns, log)
    for turn in range(MAX_ROUNDS):
        if turn == 0:
            shared |= shared_dois(columns, doi_blocks(columns, active), nodes.at)
        matched = _matched(nodes, judge, active, parts, over)
        log += matched.cut.log() if turn == 0 else []
        edges = sorted(matched.edges, key=lambda edge: (edge.left, edge.right))
        sole = [edge for edge in edges if matched.edges[edge]]
        before = len(clusters.merges)
        torn = _torn(sole, edges, nodes, judge, log)
        clusters.join(edge for edge in edges if edge not in torn)
        if len(clusters.merges) == before:
            break
        active = _represent(clusters, nodes, active, represent)
    clusters.log[:] = list(dict.fromkeys(clusters.log))
    return Deduplication(len(items), clusters.joined(), clusters.merges, clusters.log)


def _matched(nodes: Nodes, judge: Judgement, active: Sequence[int], parts: int, over: Over) -> Matched:
    """The matched pairs of all parts."""
    columns = nodes.columns
    frequency = columns.word_frequency(active)

    def find(part: int) -> Matched:
        found = Matched()
        blocks = make_blocks(columns, active, frequency, part, parts)
        for left, right in candidate_pairs(columns, blocks, nodes.at, found.cut):
            verdict = judge.nodes(left, right)
            if verdict.rule:
                edge = Edge(left, right, verdict.rule.name, verdict.rule.score, verdict.rule.reason)
                found.edges[edge] = verdict.sole
        if parts > 1:
            judge.forget()
        return found

    every = Matched()
    for one in over(find, parts):
        every.edges |= one.edges
        every.cut.add(one.cut)
    return every


def _torn(sole: list[Edge], edges: list[Edge], nodes: Nodes, judge: Judgement, log: list[str]) -> set[Edge]:
    """``sole`` edges at whose end a record matches two that must stay apart: nothing tells which of them it is."""
    matches: defaultdict[int, set[int]] = defaultdict(set)
    for edge in edges if sole else ():
        matches[edge.left].add(edge.right)
        matches[edge.right].add(edge.left)
    found = set()
    for edge in sole:
        for end in (edge.left, edge.right):
            others = sorted(matches[end])
            apart = next((pair for pair in combinations(others, 2) if judge.nodes(*pair).veto), None)
            if apart:
                found.add(edge)
                names = ", ".join(nodes.at(position).id for position in apart)
                log.append(f"left apart: {nodes.at(end).id} may be either of {names}, which are two documents")
    return found


def _represent(clusters: Clusters, nodes: Nodes, active: array[int], represent: Represent) -> array[int]:
    """One position for each group, with the representative as its node."""
    kept = array("I")
    done: set[int] = set()
    for position in active:
        group = clusters.group.get(position)
        if group is None:
            kept.append(position)
        elif id(group) not in done:
            done.add(id(group))
            kept.append(position)
            nodes.represent(position, represent(sorted(group)))
    return kept


def _collapse(clusters: Clusters, columns: Columns, log: list[str]) -> array[int]:
    """Entries that are equal in every field become one at once, or none: what cannot be told apart is one case.

    Ten thousand entries with nothing but the title "Editorial" cost one comparison; they stay apart.
    """
    index = KeyIndex()
    for position, content in enumerate(columns.content):
        index.add(content, position)
    kept_apart = {position for pair in clusters.apart for position in pair}
    left_out: set[int] = set()
    for positions in sorted(positions for _, positions in index.shared()):
        first, second = positions[:2]
        rule = clusters.judge(first, second).rule
        if rule and kept_apart.intersection(positions):
            continue
        if rule:
            for other in positions[1:]:
                clusters.unite(Edge(first, other, "identical", 1.0, "every field is the same"))
            left_out.update(positions[1:])
        else:
            left_out.update(positions)
            title = clusters.items[first].title[:60]
            log.append(
                f"{len(positions)} entries say equally little (title {title!r}): left apart, there is nothing to tell "
                "whether they are one"
            )
    return array("I", (position for position in range(len(columns)) if position not in left_out))


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
