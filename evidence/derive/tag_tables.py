"""The vocabulary, its measured accuracy, and the tags of reports with the words that earned them, as rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidence.derive.held import Report
from evidence.derive.rows import Row
from evidence.derive.schema import FACET_TABLE
from evidence.errors import InputError
from evidence.tagging import Evidence, Vocabulary
from evidence.tagging.hand_tags import HAND, HandTag
from evidence.tagging.statements.values import accuracy as stated_accuracy
from evidence.tagging.statements.values import values as stated_values


def vocabulary_rows(vocabulary: Vocabulary) -> Iterator[Row]:
    """A row for every tag, parents before their children, for every value of what is stated, and for every concept."""
    for facet, values in stated_values().items():
        for position, value in enumerate(values.values()):
            row = {"id": value.id, "label": value.label, "definition": value.definition, "kind": "tag"}
            yield FACET_TABLE[facet], {**row, "position": position}
    for facet, tags in vocabulary.tags.items():
        for position, tag in enumerate(tags.values()):
            yield (
                FACET_TABLE[facet],
                {
                    "id": tag.id,
                    "label": tag.label,
                    "definition": tag.definition or None,
                    "mesh": "; ".join(f"{m.heading} ({m.ui})" if m.ui else m.heading for m in tag.mesh) or None,
                    "parent": tag.parent,
                    "level": tag.level,
                    "synonyms": "; ".join(tag.synonyms) or None,
                    "kind": "tag",
                    "articles": ", ".join(tag.articles) or None,
                    "position": position,
                },
            )
    for concept in vocabulary.concepts.values():
        yield (
            "concepts",
            {
                "id": concept.id,
                "label": concept.label,
                "kind": concept.kind,
                "definition": concept.definition or None,
                "articles": ", ".join(concept.articles) or None,
            },
        )


def accuracy_rows(directory: Path, vocabulary: Vocabulary) -> Iterator[Row]:
    """Rows of ``tag_accuracy`` from ``accuracy.json``, which ``benchmarks/unseen.py`` writes, and of what is stated.

    None of tags where the file is absent. Raises :class:`InputError` when it is not what the benchmark writes.
    """
    stated = stated_accuracy()
    for facet, values in stated["tags"].items():
        for value, row in values.items():
            about = {"measured_on": stated["measured_on"], "vocabulary_hash": vocabulary.hash}
            yield "tag_accuracy", {"facet": facet, "tag": value, **row, **about}
    path = directory / "accuracy.json"
    if not path.exists():
        return
    try:
        measured: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        facets = {facet: dict(tags) for facet, tags in measured["tags"].items()}
        about = {"measured_on": measured["measured_on"], "vocabulary_hash": measured["vocabulary_hash"]}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"is not what benchmarks/unseen.py writes ({error!r}); run it again", path) from error
    for facet, tags in facets.items():
        for tag, row in tags.items():
            if tag in vocabulary.tags.get(facet, {}):
                values = {name: row.get(name) for name in ("precision", "recall", "support")}
                yield "tag_accuracy", {"facet": facet, "tag": tag, **values, **about}


def tag_rows(report: Report, known: dict[str, set[str]]) -> Iterator[Row]:
    """Tags of a report and their evidence. ``known`` maps each facet to its tag ids; hand tags say who and why."""
    tags = report.tags
    given = tags.by_facet()
    for facet, rules in given.items():
        for tag, rule in rules.items():
            if tag in known[facet]:
                source = rule if rule in (HAND, "parent") else "rule"
                who, why = _who(report.hand, facet, tag) if source == HAND else (None, None)
                row = {"report": report.id, facet: tag, "rule": rule, "source": source, "who": who, "why": why}
                yield f"report_{FACET_TABLE[facet]}", row
    for tag, rule in tags.modalities_mentioned.items():
        if tag in known["modality"]:
            yield "report_modalities_mentioned", {"report": report.id, "modality": tag, "rule": rule}
    for evidence in tags.evidence:
        yield "tag_evidence", _evidence_row(report.id, evidence)


def _who(entries: list[HandTag], facet: str, tag: str) -> tuple[str | None, str | None]:
    """Who gave a tag by hand, and why: the last entry that speaks of it."""
    for entry in reversed(entries):
        actions = entry.changes.get(facet, {})
        if tag in (*actions.get("add", ()), *actions.get("set", ())) or entry.values.get(facet) == tag:
            return entry.who, entry.why
    return None, None


def _evidence_row(report: str, evidence: Evidence) -> dict[str, Any]:
    return {
        "report": report,
        "facet": evidence.facet,
        "tag": evidence.tag,
        "section": evidence.section,
        "field": evidence.field,
        "phrase": evidence.phrase,
        "start": evidence.start,
        "end": evidence.end,
        "rule": evidence.rule,
    }
