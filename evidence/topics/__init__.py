"""Topics: saved PubMed searches, one YAML file each in ``queries/topics/``; the file's name is the id.

A query is written over several lines with ``#`` comment lines, and checked before anything is sent:
PubMed ignores a field tag that it does not know *in silence* and searches all fields instead, so a
slip like ``[tiabb]`` would fill a topic with strangers.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence import yamlfile
from evidence.errors import InputError
from evidence.topics.evaluate import Selector, compile_query
from evidence.topics.mesh import Mesh
from evidence.topics.query import Flaw, check_query
from evidence.topics.registry import check_registry_search
from evidence.yamlfile import YamlFile

REQUIRED = ("title", "modality", "query")
OPTIONAL = ("articles", "notes", "tag_only", "trials")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Topic:
    """One saved search. ``query`` is what PubMed is sent; ``written`` is what stands in the file.

    ``modalities`` are tag ids of the vocabulary, ``articles`` ids of the health articles that name the topic.
    ``trials`` is a search of ClinicalTrials.gov in its own language, ``""`` where there is none.
    ``tag_only`` marks a neighbour: its reports are fetched so that they can be told apart, not to be covered.
    """

    id: str
    title: str
    modalities: tuple[str, ...]
    query: str
    written: str = ""
    articles: tuple[str, ...] = ()
    notes: str = ""
    tag_only: bool = False
    trials: str = ""
    path: Path | None = None


def load_topics(directory: str | Path, modalities: Collection[str] | None = None) -> list[Topic]:
    """Every topic of a directory, by id. Raises :class:`InputError` naming file, line and reason.

    ``modalities``: the ids that the vocabulary knows; when given, any other is refused.
    """
    directory = Path(directory)
    if not directory.is_dir():
        raise InputError("there is no such directory of topic files", directory)
    topics: dict[str, Topic] = {}
    for path in sorted(p for p in directory.rglob("*") if p.suffix in (".yml", ".yaml") and not p.name.startswith(".")):
        topic = load_topic(path, modalities)
        twin = topics.get(topic.id.casefold())
        if twin is not None:
            raise InputError(f"topic id {topic.id!r} is taken by {twin.path}: rename one of the two", path, 1)
        topics[topic.id.casefold()] = topic
    return [topics[key] for key in sorted(topics)]


def load_topic(path: Path, modalities: Collection[str] | None = None) -> Topic:
    """One topic file. Raises :class:`InputError`."""
    if not _ID.fullmatch(path.stem):
        raise InputError("a topic's id is its file's name: use letters, digits, '-' and '_'", path, 1)
    document = yamlfile.load(path)
    data = _mapping(document)
    ids = _names(document, "modality")
    for modality in ids:
        if modalities is not None and modality not in modalities:
            known = ", ".join(sorted(modalities)) or "none yet: add one there first"
            close = difflib.get_close_matches(modality, sorted(modalities), n=1)
            hint = f"did you mean {close[0]!r}? " if close else ""
            raise document.error(
                f"unknown modality {modality!r}: {hint}the ids of queries/vocabulary/modality.yml are {known}",
                "modality",
            )
    tag_only = data.get("tag_only", False)
    if not isinstance(tag_only, bool):
        raise document.error("tag_only must be true or false", "tag_only")
    return Topic(
        id=path.stem,
        title=_text(document, "title"),
        modalities=tuple(ids),
        query=_query(document),
        written=data["query"],
        articles=tuple(_names(document, "articles")) if data.get("articles") is not None else (),
        notes=_text(document, "notes") if data.get("notes") is not None else "",
        tag_only=tag_only,
        trials=_registry_search(document) if data.get("trials") is not None else "",
        path=path,
    )


def _mapping(document: YamlFile) -> dict[str, Any]:
    if not isinstance(document.data, dict):
        raise document.error(f"a topic file is a mapping with the keys {', '.join(REQUIRED)}")
    for key in document.data:
        if key not in REQUIRED + OPTIONAL:
            raise document.error(f"unknown key {key!r}: a topic has {', '.join(REQUIRED + OPTIONAL)}", key)
    for key in REQUIRED:
        if document.data.get(key) is None:
            raise document.error(f"{key!r} is missing or empty", key)
    return document.data


def _text(document: YamlFile, key: str) -> str:
    value = document.data[key]
    if not isinstance(value, str) or not value.strip():
        raise document.error(f"{key!r} must be text", key)
    return value.strip()


def _names(document: YamlFile, key: str) -> list[str]:
    """An id or a list of ids."""
    value = document.data[key]
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names or not all(isinstance(n, str) and n.strip() for n in names):
        raise document.error(f"{key!r} must be an id or a list of ids", key)
    return [name.strip() for name in names]


def _registry_search(document: YamlFile) -> str:
    """The search of the registry as it is sent: comments gone, white space folded."""
    written = document.data["trials"]
    if not isinstance(written, str) or not written.strip():
        raise document.error("'trials' must be text: a search of ClinicalTrials.gov", "trials")
    block = document.is_block("trials")
    start = document.line("trials") or 1
    try:
        return check_registry_search(written, comments=block)
    except Flaw as flaw:
        raise InputError(flaw.reason, document.path, start + flaw.line if block else start) from None


def _query(document: YamlFile) -> str:
    """The query as it is sent: comments gone, white space folded."""
    written = document.data["query"]
    if not isinstance(written, str):
        raise document.error("'query' must be text", "query")
    try:
        return check_query(written, comments=document.is_block("query"))
    except Flaw as flaw:
        raise InputError(flaw.reason, document.path, _line_in_file(document, flaw.line)) from None


def _line_in_file(document: YamlFile, line: int) -> int:
    """In a block (``query: |``) the text begins on the line below its key; other styles have no lines of their own."""
    start = document.line("query") or 1
    return start + line if document.is_block("query") else start


def compile_topic(topic: Topic, mesh: Mesh | None = None) -> tuple[Selector, list[str]]:
    """A topic as a function of a record, and what is taken otherwise than PubMed takes it (``file:line: what``).

    Raises :class:`InputError` with file and line of what cannot be evaluated without PubMed.
    """
    document = yamlfile.load(topic.path) if topic.path else None
    try:
        block = document is None or document.is_block("query")
        selector = compile_query(topic.written or topic.query, mesh, comments=block and bool(topic.written))
    except Flaw as flaw:
        line = _line_in_file(document, flaw.line) if document else flaw.line
        raise InputError(flaw.reason, topic.path or topic.id, line) from None
    where = topic.path.name if topic.path else topic.id
    return selector, [
        f"{where}:{_line_in_file(document, line) if document else line}: {said}" for line, said in selector.notes
    ]
