"""Which sentences hold which anchor words: one pass of one automaton, so that a pattern runs only where it can match.

An anchor belongs to one or more *groups*: a design rule, the words for people, or a small pattern such as follow-up.
Trying every pattern on every sentence was measured at 730 µs a record, this at a seventh of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import ahocorasick

from evidence.tagging.text import Document, Sentence


class Hits(NamedTuple):
    """Where anchors were found.

    ``sentences``: group → the sentences with one of its anchors, the title's first; ``title``: the groups of the title;
    ``places``: each sentence with the offsets, in it, of the placed group's anchors.
    """

    sentences: dict[str, list[Sentence]]
    title: set[str]
    places: list[tuple[Sentence, list[int]]]


class Anchors:
    """Automata over anchors: one for titles, one for abstracts. ``placed`` names the group given with its positions."""

    def __init__(self, title: Mapping[str, Iterable[str]], abstract: Mapping[str, Iterable[str]], placed: str):
        self._title = _automaton(title, placed)
        self._abstract = _automaton(abstract, placed)

    def scan(self, document: Document) -> Hits:
        sentences: dict[str, list[Sentence]] = {}
        title: set[str] = set()
        places: list[tuple[Sentence, list[int]]] = []
        for sentence in document.sentences:
            seen: set[tuple[str, ...]] = set()
            here: list[int] = []
            automaton = self._title if sentence.part is None else self._abstract
            for end, (names, length) in automaton.iter(sentence.lower):
                if length:
                    here.append(end - length + 1)
                if names:
                    seen.add(names)
            groups = {name for names in seen for name in names}
            for name in groups:
                sentences.setdefault(name, []).append(sentence)
            if sentence.part is None:
                title |= groups
            if here:
                places.append((sentence, here))
        return Hits(sentences, title, places)


def _automaton(groups: Mapping[str, Iterable[str]], placed: str) -> ahocorasick.Automaton:
    """Each anchor with the groups it belongs to and, when it is of the placed group, its length (else 0)."""
    by_anchor: dict[str, list[str]] = {}
    for group, anchors in groups.items():
        for anchor in anchors:
            by_anchor.setdefault(anchor, []).append(group)
    automaton = ahocorasick.Automaton()
    for anchor, names in by_anchor.items():
        automaton.add_word(
            anchor, (tuple(name for name in names if name != placed), len(anchor) if placed in names else 0)
        )
    automaton.make_automaton()
    return automaton
