"""The tree of a query: terms joined by AND, OR and NOT."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a tree ends in: a :class:`Term` as typed, and what it finds (:mod:`evidence.library.terms`)."""


@dataclass(frozen=True, slots=True)
class Term(Leaf):
    """A word, a phrase or an identifier. ``field`` ``""``: title and abstract, and names that stand in neither.

    ``literal``: looked for as it stands, without names and other spellings, as a quoted one is.
    """

    text: str
    field: str = ""
    prefix: bool = False
    quoted: bool = False
    near: int | None = None
    literal: bool = False

    @property
    def as_it_stands(self) -> bool:
        return self.quoted or self.literal

    def __str__(self) -> str:
        words = f'"{self.text}"' if self.quoted or " " in self.text else self.text
        place = f"{self.field}:" if self.field else ""
        return f"{place}{words}{'*' if self.prefix else ''}" + (f"~{self.near}" if self.near is not None else "")


@dataclass(frozen=True, slots=True)
class And:
    """Every part. ``side_by_side``: the parts were typed without an operator, so that two may be one name."""

    parts: tuple[Node, ...]
    side_by_side: bool = False

    def __str__(self) -> str:
        wanted = [part for part in self.parts if not isinstance(part, Not)]
        unwanted = [part.part for part in self.parts if isinstance(part, Not)]
        text = " AND ".join(map(_inner, wanted))
        return text + "".join(f" NOT {_inner(part)}" for part in unwanted) if text else f"NOT {_inner(unwanted[0])}"


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(map(_inner, self.parts))


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but the part."""

    part: Node

    def __str__(self) -> str:
        return f"NOT {_inner(self.part)}"


Node = Leaf | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """A typed query: ``tree`` is ``None`` when nothing is looked for; ``notes`` say what was left out or taken how."""

    tree: Node | None = None
    notes: tuple[str, ...] = ()

    @property
    def has_words(self) -> bool:
        """Whether anything is wanted, and not only left out."""
        return self.tree is not None and any(True for _ in wanted_leaves(self.tree))

    @property
    def weight(self) -> tuple[int, int]:
        """How many terms there are, and how many of them have a star: a first guess at what a search costs."""
        leaves = [leaf for leaf in all_leaves(self.tree) if isinstance(leaf, Term)] if self.tree else []
        return len(leaves), sum(leaf.prefix for leaf in leaves)

    @property
    def has_operators(self) -> bool:
        """Whether how it was understood is worth showing."""
        return not (self.tree is None or isinstance(self.tree, Term)) and not (
            isinstance(self.tree, And) and self.tree.side_by_side and all(isinstance(p, Term) for p in self.tree.parts)
        )


def _inner(node: Node) -> str:
    return f"({node})" if isinstance(node, And | Or) else str(node)


def all_leaves(node: Node) -> Iterator[Leaf]:
    """Every leaf of a tree."""
    if isinstance(node, Leaf):
        yield node
    else:
        for part in (node.part,) if isinstance(node, Not) else node.parts:
            yield from all_leaves(part)


def wanted_leaves(node: Node) -> Iterator[Leaf]:
    """The leaves that no NOT stands before."""
    if isinstance(node, Leaf):
        yield node
    elif not isinstance(node, Not):
        for part in node.parts:
            yield from wanted_leaves(part)


def all_of(parts: list[Node], side_by_side: bool = False) -> Node:
    """The parts joined by AND, flat."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, And) and not part.side_by_side and not side_by_side else (part,))
    return And(tuple(flat), side_by_side)


def any_of(parts: list[Node]) -> Node:
    """The parts joined by OR, flat."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Or) else (part,))
    return Or(tuple(flat))
