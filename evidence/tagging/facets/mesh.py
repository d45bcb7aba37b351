"""MeSH headings as evidence: indexers read the whole paper.

A heading with the role ``exact`` gives its tag when it is a major topic (starred) of the record; a ``pair`` gives its
tag when all its headings are there and one of them is a major topic. A ``weak`` heading gives nothing by itself.
Headings of another tag's words never count: "Transcutaneous Electric Nerve Stimulation" is how NLM indexes
percutaneous stimulation too, so it does not add ``tens`` where the text names ``pens``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from evidence.model import WORD_FACETS
from evidence.record import Record
from evidence.tagging.matching.vocabulary import Tag, Vocabulary
from evidence.tagging.types import Evidence, Tags

OUTCOMES_BY_HEADING = frozenset({"cost", "qol", "satisfaction", "device_comp", "work"})


class MeshRules:
    """The headings of a vocabulary, by unique id."""

    def __init__(self, vocabulary: Vocabulary):
        self._exact: dict[str, list[tuple[str, Tag]]] = defaultdict(list)
        self._pairs: dict[str, list[tuple[tuple[str, ...], str, Tag]]] = defaultdict(list)
        self._ids: dict[str, str] = {}  # for files that print headings without their unique ids
        self._rivals: dict[str, set[str]] = defaultdict(set)
        for facet in WORD_FACETS:
            for tag in vocabulary.tags[facet].values():
                for term in tag.mesh:
                    self._ids[term.heading.lower()] = term.ui
                    if term.role == "exact":
                        self._exact[term.ui].append((facet, tag))
                    elif facet == "modality":
                        self._rivals[term.ui].add(tag.id)
                for pair in tag.pairs:
                    self._pairs[pair[0]].append((pair, facet, tag))

    def apply(
        self, record: Record, hits: Mapping[str, Mapping[str, Any]], given: dict[str, dict[str, str]], tags: Tags
    ) -> None:
        """Add the tags that a record's headings justify; without headings, nothing."""
        if not record.mesh:
            return
        headings = {m.ui or self._ids.get(m.heading.lower(), ""): m for m in record.mesh}
        major = {ui for ui, m in headings.items() if m.major or any(q[2] for q in m.qualifiers)}
        for ui in headings:
            for facet, tag in self._exact.get(ui, ()):
                rivals = self._rivals[ui] & set(hits["modality"]) if facet == "modality" else ()
                if (
                    ui in major
                    and not rivals
                    and _in_place(tag, hits, given)
                    and (facet != "outcome" or tag.id in OUTCOMES_BY_HEADING)
                ):
                    _give(facet, tag.id, headings[ui].heading, "MeSH major topic", given, tags)
            for pair, facet, tag in self._pairs.get(ui, ()):
                if all(other in headings for other in pair) and any(other in major for other in pair):
                    names = " + ".join(headings[other].heading for other in pair)
                    _give(facet, tag.id, names, "MeSH headings together", given, tags)


def _in_place(tag: Tag, hits: Mapping[str, Mapping[str, Any]], given: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether one of the tags that a tag needs is there."""
    return not tag.requires or any(other in hits[f] or other in given[f] for other in tag.requires for f in WORD_FACETS)


def _give(facet: str, tag: str, heading: str, rule: str, given: dict[str, dict[str, str]], tags: Tags) -> None:
    given[facet].setdefault(tag, rule)
    tags.evidence.append(Evidence(facet, tag, "mesh", heading, rule=rule))
