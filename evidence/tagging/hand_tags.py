"""``queries/hand_tags.yml``: what a maintainer knows better than the rules, and why.

    - report: "12345678"          # any id ever shown of the report: PMID, DOI or record id
      modality: {add: [scs], remove: [tens]}
      outcome: {set: [qol]}       # these and no others
      design: rct                 # likewise level (1 to 5, or none), sample_size (a number, or none), scope
      who: A. Reader
      why: the full text says that the stimulator was implanted

An entry survives every rebuild, is shown as given by hand, and wins over every rule. ``add``, ``remove`` and ``set``
speak of one report's tags of one facet; parents come with their children.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence import yamlfile
from evidence.bibliography.normal import normal_doi, normal_pmid
from evidence.model import WORD_FACETS, Scope
from evidence.tagging.matching.vocabulary import Vocabulary
from evidence.tagging.types import DesignTags, SampleSize, Tags
from evidence.yamlfile import YamlFile

HAND = "hand"
ACTIONS = ("add", "remove", "set")
KEYS = frozenset({"report", "design", "level", "sample_size", "scope", "who", "why", *WORD_FACETS})


@dataclass(frozen=True, slots=True)
class HandTag:
    """One entry. ``changes`` maps a facet to ``{action: tags}``; ``values`` holds design, level, sample_size, scope."""

    report: str
    who: str
    why: str
    changes: Mapping[str, Mapping[str, tuple[str, ...]]]
    values: Mapping[str, Any]
    line: int | None = None


@dataclass(slots=True)
class HandTags:
    """The entries of a file, by the id that each names."""

    entries: list[HandTag] = field(default_factory=list)
    parents: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def of(self, ids: Iterable[str]) -> list[HandTag]:
        """The entries about a report, in the order of the file; ``ids`` are all it is known by."""
        known = {_key(i) for i in ids}
        return [entry for entry in self.entries if _key(entry.report) in known]

    def apply(self, ids: Iterable[str], tags: Tags) -> list[HandTag]:
        """Change the tags of a report as its entries say; returns the entries, for who and why."""
        entries = self.of(ids)
        for entry in entries:
            for facet, actions in entry.changes.items():
                self._change(facet, actions, tags)
            _set_values(entry, tags)
        return entries

    def unmatched(self, ids: Iterable[str]) -> list[HandTag]:
        """The entries that name none of these ids: a report that is not in the library."""
        wanted = {_key(entry.report) for entry in self.entries}
        found = {key for i in ids if (key := _key(i)) in wanted}
        return [entry for entry in self.entries if _key(entry.report) not in found]

    def _change(self, facet: str, actions: Mapping[str, tuple[str, ...]], tags: Tags) -> None:
        given = {"modality": tags.modalities, "outcome": tags.outcomes, "condition": tags.conditions}[facet]
        if "set" in actions:
            given.clear()
        for tag in actions.get("remove", ()):
            given.pop(tag, None)
            for child in [c for c in given if tag in self.parents.get((facet, c), ())]:
                del given[child]
        for tag in (*actions.get("set", ()), *actions.get("add", ())):
            given[tag] = HAND
            for parent in self.parents.get((facet, tag), ()):
                given.setdefault(parent, "parent")
        if facet == "modality":
            for tag in given:
                tags.modalities_mentioned.pop(tag, None)
        tags.evidence = [e for e in tags.evidence if e.facet != facet or e.tag in given]


def _key(identifier: str) -> str:
    text = str(identifier).strip()
    return normal_doi(text) or (normal_pmid(text) if text.isdigit() else None) or text.lower()


def _set_values(entry: HandTag, tags: Tags) -> None:
    design: DesignTags = tags.design
    if "design" in entry.values:
        design.design = entry.values["design"]
        design.designs = {design.design: HAND}
    if "level" in entry.values:
        design.level, design.level_reason = entry.values["level"], f"given by hand: {entry.why}"
    if "sample_size" in entry.values:
        value = entry.values["sample_size"]
        design.sample_size = None if value is None else SampleSize(value, entry.why, HAND)
    if "scope" in entry.values:
        tags.scope = entry.values["scope"]


def load_hand_tags(path: Path | str, vocabulary: Vocabulary) -> HandTags:
    """Read and check a file of hand tags; a missing file holds none. Raises :class:`InputError` with the line."""
    parents = {
        (f, tag): tuple(vocabulary.with_parents(f, tag)) for f, known in vocabulary.tags.items() for tag in known
    }
    if not Path(path).exists():
        return HandTags([], parents)
    document = yamlfile.load(path)
    if document.data is None:
        return HandTags([], parents)
    if not isinstance(document.data, list):
        raise document.error("must be a list of entries, each with 'report', 'who' and 'why'")
    return HandTags([_entry(document, i, vocabulary) for i in range(len(document.data))], parents)


def _entry(document: YamlFile, index: int, vocabulary: Vocabulary) -> HandTag:
    entry = document.data[index]
    if not isinstance(entry, dict):
        raise document.error("an entry must be a mapping", index)
    for key in entry:
        if key not in KEYS:
            raise document.error(f"unknown key {key!r} (known: {', '.join(sorted(KEYS))})", index, str(key))
    for key in ("report", "who", "why"):
        if not str(entry.get(key) or "").strip():
            raise document.error(f"an entry needs {key!r}", index)
    changes = {str(facet): _actions(document, index, facet, vocabulary) for facet in WORD_FACETS if facet in entry}
    values = _values(document, index, vocabulary)
    if not changes and not values:
        raise document.error("the entry changes nothing: give a facet, design, level, sample_size or scope", index)
    return HandTag(
        str(entry["report"]), str(entry["who"]), str(entry["why"]).strip(), changes, values, document.line(index)
    )


def _actions(document: YamlFile, index: int, facet: str, vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    actions = document.data[index][facet]
    if not isinstance(actions, dict) or not actions or not set(actions) <= set(ACTIONS):
        raise document.error(f"{facet} needs a mapping of {', '.join(ACTIONS)} to tags", index, facet)
    found = {}
    for action, tags in actions.items():
        tags = [tags] if isinstance(tags, str) else tags or []
        if not isinstance(tags, list):
            raise document.error(f"{facet}: {action} must be a tag or a list of tags", index, facet, action)
        for tag in tags:
            if not isinstance(tag, str) or tag not in vocabulary.tags[facet]:
                raise document.error(f"unknown {facet} {tag!r}", index, facet, action)
        found[action] = tuple(tags)
    return found


def _values(document: YamlFile, index: int, vocabulary: Vocabulary) -> dict[str, Any]:
    entry = document.data[index]
    values: dict[str, Any] = {}
    if "design" in entry:
        if not isinstance(entry["design"], str) or entry["design"] not in vocabulary.tags["design"]:
            raise document.error(f"unknown design {entry['design']!r}", index, "design")
        values["design"] = entry["design"]
    for key, allowed, asked in (
        ("level", range(1, 6), "1 to 5"),
        ("sample_size", range(0, 10**9), "a number of people"),
    ):
        if key in entry:
            value = None if entry[key] in (None, "none") else entry[key]
            if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value not in allowed):
                raise document.error(f"{key} must be {asked}, or none", index, key)
            values[key] = value
    if "scope" in entry:
        if entry["scope"] not in tuple(Scope):
            raise document.error(f"scope must be one of {', '.join(Scope)}", index, "scope")
        values["scope"] = entry["scope"]
    return values
