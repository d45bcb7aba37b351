"""``evidence tag``: a file's records tagged by the same code as the build, and the reasons behind one report's tags."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidence.collection import without_collection
from evidence.errors import StorageError, UsageError
from evidence.exchange.reading import read_records
from evidence.library import Library
from evidence.library.rows import records_of
from evidence.model import Facet, StatedFacet
from evidence.project import Project
from evidence.record import Record
from evidence.tagging import Evidence, Tagger, Tags, Vocabulary, load_hand_tags, load_vocabulary
from evidence.tagging.statements.values import NOT_STATED


def tag_file(path: Path, output: Path | None, vocabulary: Path) -> str:
    """Tag every record of ``path`` (JSON lines or any importable format) into JSON lines; returns what to say of it.

    ``output`` ``None`` or ``-`` is standard output. Ids are those given. Raises :class:`InputError` for a file that
    cannot be read, :class:`StorageError` when the output cannot be written.
    """
    tagger = Tagger(load_vocabulary(vocabulary))
    imported = read_records(path, uncited=True)
    lines = (json.dumps(tagged(record, tagger.tag(record)), ensure_ascii=False) for record, _ in imported.records)
    with without_collection():
        _write(lines, output)
    problems = "".join(f"\nline {problem.line}: {problem.reason}" for problem in imported.problems)
    return f"{len(imported.records):,} records tagged, {len(imported.problems):,} entries could not be read{problems}"


def tagged(record: Record, tags: Tags) -> dict[str, Any]:
    """The documented JSON object of a record's tags."""
    sample = tags.design.sample_size
    return {
        "id": record.source_id or record.pmid or record.id,
        "modalities": list(tags.modalities),
        "modalities_mentioned": list(tags.modalities_mentioned),
        "outcomes": list(tags.outcomes),
        "conditions": list(tags.conditions),
        "design": list(tags.design.designs),
        "n": sample.value if sample else None,
        "level": tags.design.level,
        "scope": tags.scope,
        "protocol": tags.design.protocol,
        "comparators": list(tags.stated.comparators),
        "blinding": next(iter(tags.stated.blinding), NOT_STATED),
        "funding": list(tags.stated.funding),
        "interests": next(iter(tags.stated.interests), NOT_STATED),
    }


def _write(lines: Iterator[str], output: Path | None) -> None:
    if output is None or str(output) == "-":
        for line in lines:
            sys.stdout.write(line + "\n")
        return
    try:
        with output.open("w", encoding="utf-8") as out:
            out.writelines(line + "\n" for line in lines)
    except OSError as error:
        raise StorageError(f"{output} could not be written: {error.strerror or error}") from error


def explain_tags(project: Project, identifier: str) -> str:
    """Why a report of the project has its tags, and why not others. Raises :class:`UsageError` when it is not there."""
    vocabulary = load_vocabulary(project.vocabulary)
    with Library.open(project.evidence) as library:
        ids, record = _report(library.connection, identifier)
    tags = Tagger(vocabulary).tag(record, explain=True)
    entries = load_hand_tags(project.queries / "hand_tags.yml", vocabulary).apply(ids, tags)
    by_hand = [f"  {entry.who}: {entry.why} (line {entry.line})" for entry in entries]
    lines = explain(record, tags, vocabulary)
    return "\n".join([*lines, "", "Changed by hand", *by_hand] if by_hand else lines)


def _report(connection: sqlite3.Connection, identifier: str) -> tuple[list[str], Record]:
    row = connection.execute(
        "SELECT reports.rowid, reports.id FROM report_ids JOIN reports ON reports.id = report_ids.report "
        "WHERE report_ids.id = ?",
        (identifier.strip(),),
    ).fetchone()
    if row is None:
        raise UsageError(
            f"no report {identifier!r} in the library: give a PMID, a DOI or a record id as the site shows it"
        )
    ids = [i for (i,) in connection.execute("SELECT id FROM report_ids WHERE report = ?", (row[1],))]
    return ids, next(records_of(connection, [row[0]]))


def explain(record: Record, tags: Tags, vocabulary: Vocabulary) -> list[str]:
    """Lines that say, tag by tag, which rule gave it and which words earned it, then what was stopped and by what."""
    lines = [f"{record.pmid or record.id}  {record.title}", f"vocabulary {vocabulary.hash}", ""]
    given = tags.by_facet()
    for facet in (*Facet, *StatedFacet):
        lines.append(facet.capitalize())
        for tag, rule in given[facet].items():
            lines.append(f"  {tag}: {rule}" if rule else f"  {tag}")
            lines += [f"      {_place(e)} {e.phrase!r}" for e in tags.evidence if (e.facet, e.tag) == (facet, tag)]
        if facet == "modality":
            lines += [f"  only mentioned: {tag}: {rule}" for tag, rule in tags.modalities_mentioned.items()]
    sample = tags.design.sample_size
    lines += ["", f"Scope: {tags.scope}. Level: {tags.design.level or 'not graded'} ({tags.design.level_reason})"]
    lines.append(
        f"Sample size: {sample.value} ({sample.rule}): {sample.sentence!r}" if sample else "Sample size: none stated"
    )
    missed = [m for m in tags.near_misses if m.tag not in given.get(m.facet, {})]
    if missed:
        lines += ["", "Near misses"]
        lines += dict.fromkeys(f"  {m.facet} {m.tag}: {f'{m.phrase!r}: ' if m.phrase else ''}{m.rule}" for m in missed)
    return lines


def _place(evidence: Evidence) -> str:
    if evidence.field != "abstract":
        return f"[{evidence.field}]"
    return f"[abstract, section {(evidence.section or 0) + 1}, {evidence.start}-{evidence.end}]"
