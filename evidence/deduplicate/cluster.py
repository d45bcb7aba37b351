"""Matched pairs into clusters, the surest first; no cluster may hold a forbidden pair or hang on one weak link."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from evidence.deduplicate.prepare import Item
from evidence.deduplicate.rules import STRONG
from evidence.deduplicate.types import Merge
from evidence.deduplicate.vetoes import Rule

# Members of each side that are compared when two clusters meet: 12 x 12 pairs say as much as 1,000 x 1,000.
CROSS_LIMIT = 12

# A place is mistyped more often than a DOI is: where an identifier or title and place join two groups, these give way.
PLACE_VETOES = frozenset({"pages", "volume", "issue", "journal", "year", "numbers"})
CERTAIN = 0.98
MOST_YEARS = 2  # between one document's records, with a third between them


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of two items: the veto, or else the merge rule, and whether they begin on one page.

    ``sole``: the match counts only where neither item matches another document as well.
    """

    veto: Rule | None = None
    rule: Rule | None = None
    same_page: bool = False
    sole: bool = False


# Of two items, by their positions.
Judge = Callable[[int, int], Verdict]


@dataclass(frozen=True, slots=True)
class Edge:
    """A matched pair of positions."""

    left: int
    right: int
    rule: str
    score: float
    why: str


@dataclass(slots=True)
class Clusters:
    """Groups of positions that grow by :meth:`join`. ``group`` has those of several: each member → all of them."""

    items: Sequence[Item]
    judge: Judge
    apart: set[tuple[int, int]] = field(default_factory=set)
    log: list[str] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    group: dict[int, list[int]] = field(default_factory=dict)

    def join(self, edges: Iterable[Edge]) -> None:
        """Join the groups of each edge, the surest first, equal ones in the order of what they say."""
        refused: list[tuple[Edge, str]] = []
        for part in self._independent(edges):
            for edge in sorted(part, key=self._order) if len(part) > 1 else part:
                one, other = self.of(edge.left), self.of(edge.right)
                if one is other:
                    continue
                if reason := self._refusal(one, other, edge):
                    refused.append((edge, reason))
                else:
                    self.unite(edge)
        self.log += [reason for _, reason in sorted(refused, key=lambda pair: self._order(pair[0]))]

    def _independent(self, edges: Iterable[Edge]) -> Iterable[list[Edge]]:
        """Edges that hang together by their groups, apart from all others: their order among themselves is all that
        counts, and to sort a few at a time needs the texts of a few."""
        roots: dict[int, int] = {}

        def root(position: int) -> int:
            here = min(self.of(position))
            while (above := roots.get(here, here)) != here:
                roots[here] = roots.get(above, above)
                here = above
            return here

        found = list(edges)
        for edge in found:
            one, other = root(edge.left), root(edge.right)
            roots[max(one, other)] = min(one, other)
        parts: dict[int, list[Edge]] = {}
        for edge in found:
            parts.setdefault(root(edge.left), []).append(edge)
        return parts.values()

    def unite(self, edge: Edge) -> None:
        """Join two groups without asking."""
        one, other = self.of(edge.left), self.of(edge.right)
        if one is other:
            return
        small, large = (one, other) if len(one) <= len(other) else (other, one)
        large += small
        for position in (*small, large[0]):
            self.group[position] = large
        left, right = sorted((edge.left, edge.right))
        self.merges.append(Merge(left, right, edge.rule, edge.score, edge.why))

    def of(self, position: int) -> list[int]:
        """The group of a position: the same list for all of its members, a new one for a position that has no other."""
        return self.group.get(position) or [position]

    def joined(self) -> list[list[int]]:
        """Every group of several once, sorted at both levels."""
        return sorted(sorted(group) for group in {id(group): group for group in self.group.values()}.values())

    def _order(self, edge: Edge) -> tuple[object, ...]:
        one, other = self.items[edge.left], self.items[edge.right]
        ends = sorted(((*one.content(), one.id), (*other.content(), other.id)))
        return (-edge.score, *ends)

    def _refusal(self, one: list[int], other: list[int], edge: Edge) -> str:
        """Why two groups may not be one; ``""`` when they may."""
        if self.apart and any((min(a, b), max(a, b)) in self.apart for a in one for b in other):
            return self._line(edge, "a maintainer keeps two of their records apart")
        if len(one) == len(other) == 1:
            return ""
        support = 0
        verdicts = {(a, b): self.judge(a, b) for a in self._some(one) for b in self._some(other)}
        settled = {end for ends, verdict in verdicts.items() if verdict.rule and verdict.same_page for end in ends}
        for (a, b), verdict in verdicts.items():
            support += verdict.rule is not None
            if verdict.veto and not self._gives_way(verdict.veto, edge, settled.intersection((a, b)), (a, b)):
                return self._line(edge, f"{self.items[a].id} and {self.items[b].id}: {verdict.veto.reason}")
        if edge.score < STRONG and support < 2:
            return self._line(edge, "one weak link between two groups is not enough")
        return ""

    def _gives_way(self, veto: Rule, edge: Edge, settled: set[int], pair: tuple[int, int]) -> bool:
        """A place's veto gives way to an identifier, and where the other group has a record on the very same page.

        Two years give way to any strong link: online in 2013, indexed as 2014, printed in 2015.
        """
        if veto.name == "year" and edge.score >= STRONG:
            one, other = (self.items[position].year or 0 for position in pair)
            if abs(one - other) <= MOST_YEARS:
                return True
        return veto.name in PLACE_VETOES and (edge.score >= CERTAIN or bool(settled))

    def _some(self, group: list[int]) -> list[int]:
        if len(group) <= CROSS_LIMIT:
            return group
        return sorted(group, key=lambda position: (*self.items[position].content(), self.items[position].id))[
            :CROSS_LIMIT
        ]

    def _line(self, edge: Edge, reason: str) -> str:
        one, other = self.items[edge.left], self.items[edge.right]
        return f"left apart: {one.id} and {other.id} ({edge.rule}): {reason}"
