"""Parts of personal names that every reader of names must know."""

from __future__ import annotations

# Written small before a family name, and left out by many: "van der Laan" and "Laan" are printed for one person.
PARTICLES = frozenset(
    "van von der den de del della di da dos du la le el al ter ten zu bin ben af st".split()
)  # fmt: skip
