"""``evidence migrate``: files that an older version's keys stand in, written as they are written now.

Older keys are read all the same, except in ``metadata.yml``, whose queries and facets are Datasette's and name columns
of ``evidence.db``. Lines are replaced one by one, so that comments, order and quotes stay; what does not stand on a
line of its own is told and left.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence import yamlfile
from evidence.errors import InputError, StorageError
from evidence.ledger.reading import OLD_VERDICTS, person
from evidence.project import Project
from evidence.yamlfile import YamlFile

# What the column that is gone was: the columns that say it now.
_COLUMN, _COLUMNS = "verdict", "fidelity, direction, status"
_IN_A_LIST = re.compile(rf"\b{_COLUMN}\b(?=\s*[,\]]|\s+FROM\b)", re.I)
_LISTS = re.compile(r"\bSELECT\b|\bfacets:", re.I)
_ITEM = re.compile(rf"^(\s*- ){_COLUMN}\s*$")
_WORDS = re.compile(r"^\s*(?:#|(?:title|description|about):)")


@dataclass(frozen=True, slots=True)
class Change:
    """A file, its text and the text that it should have. ``left``: ``(line, why)`` of what must be done by hand."""

    path: Path
    before: str
    after: str
    left: tuple[tuple[int, str], ...] = ()

    def diff(self, root: Path) -> str:
        """A unified diff with the path from the project's root."""
        name = self.path.relative_to(root).as_posix()
        lines = difflib.unified_diff(
            self.before.splitlines(), self.after.splitlines(), name, f"{name} (now)", lineterm="", n=1
        )
        return "\n".join(lines)


@dataclass(slots=True)
class _Edits:
    """Lines (1-based) and what stands there instead: none, one or several."""

    lines: list[str]
    new: dict[int, list[str]] = field(default_factory=dict)
    left: list[tuple[int, str]] = field(default_factory=list)

    def replace(self, line: int | None, pattern: str, *instead: str, what: str) -> None:
        """Put lines in the place of one that the pattern fits as a whole; ``instead`` may name its groups."""
        found = re.fullmatch(pattern, self.lines[line - 1]) if line else None
        if line is None or found is None:
            self.left.append((line or 1, f"{what} does not stand on a line of its own: write it anew by hand"))
        else:
            self.new[line] = [found.expand(text) for text in instead]

    def text(self, end: str) -> str:
        return end.join(out for number, line in enumerate(self.lines, 1) for out in self.new.get(number, [line]))


def pending(project: Project) -> list[Change]:
    """The files that would be written anew, or hold what must be. Raises :class:`InputError` where one is no YAML."""
    found = [_changed(path, _claims) for path in sorted(project.claims.glob("*.yml"))]
    found += [_changed(project.sources, _sources), _changed(project.metadata_file, _metadata)]
    return [change for change in found if change is not None]


def write(changes: list[Change]) -> None:
    """Write the files. Raises :class:`InputError` when one has changed since, before any is written."""
    for change in changes:
        if _text(change.path) != change.before:
            raise InputError("has changed meanwhile: run 'evidence migrate' again", change.path)
    for change in changes:
        beside = change.path.with_name(f".{change.path.name}.{os.getpid()}")
        try:
            beside.write_text(change.after, encoding="utf-8", newline="")
            beside.chmod(change.path.stat().st_mode)
            beside.replace(change.path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise StorageError(f"{change.path} could not be written: {error.strerror or error}") from error


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _changed(path: Path, rewrite: Any) -> Change | None:
    if not path.is_file():
        return None
    document = yamlfile.load(path)
    before = _text(path)
    end = "\r\n" if "\r\n" in before else "\n"
    edits = _Edits(before.split(end))
    if isinstance(document.data, dict):
        rewrite(document, edits)
    after = edits.text(end)
    yamlfile.parse(after, path)
    return Change(path, before, after, tuple(sorted(edits.left))) if after != before or edits.left else None


# -- what each file has ----------------------------------------------------------------------------------------------


def _claims(document: YamlFile, edits: _Edits) -> None:
    _comment_out(document, edits, "review_note")
    for here, entry in _readings(document.data):
        if "verdict" in entry:
            _verdict(document, edits, here, entry)
        if "reviewed_by" in entry and not _people(entry["reviewed_by"]):
            _nobody(document, edits, here, entry)


def _readings(data: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """Claims and the entries of their logs, with where they stand."""
    claims = data.get("claims")
    for number, claim in enumerate(claims if isinstance(claims, list) else []):
        if isinstance(claim, dict):
            yield ("claims", number), claim
            log = claim.get("log")
            for at, entry in enumerate(log if isinstance(log, list) else []):
                if isinstance(entry, dict):
                    yield ("claims", number, "log", at), entry


def _verdict(document: YamlFile, edits: _Edits, here: tuple[str | int, ...], entry: dict[str, Any]) -> None:
    """As :func:`evidence.ledger.reading.read_reading` reads it: the verdict was about the evidence that was found."""
    direction = OLD_VERDICTS.get(str(entry["verdict"]))
    if direction is None:
        return  # a build refuses it, and says which there are
    lines = [] if entry.get("fidelity") else [f"fidelity: {'not_checked' if entry.get('cites') else 'no_source_named'}"]
    lines += [] if entry.get("direction") else [f"direction: {direction}"]
    instead = [rf"\1{line}" if at == 0 else rf"\3{line}" for at, line in enumerate(lines)]
    line = document.line(*here, "verdict")
    indent = " " * (len(edits.lines[line - 1]) - len(edits.lines[line - 1].lstrip(" -"))) if line else ""
    instead = [text.replace(r"\3", indent) for text in instead]
    if instead:
        instead[0] += r"\2"
    edits.replace(
        line, r"(\s*(?:- )?)verdict:\s+(?:\"[^\"]*\"|'[^']*'|[\w ]*\w)(\s+#.*|\s*)", *instead, what="'verdict'"
    )


def _people(named: Any) -> bool:
    """Whether anybody is named: "maintainers" are nobody."""
    return any(person(str(name)) for name in (named if isinstance(named, list) else str(named or "").split(",")))


def _nobody(document: YamlFile, edits: _Edits, here: tuple[str | int, ...], entry: dict[str, Any]) -> None:
    edits.replace(document.line(*here, "reviewed_by"), r"\s+reviewed_by:.*\S.*", what="'reviewed_by'")
    if entry.get("reviewed_on") and not entry.get("drafted_on"):
        pattern = r"(\s+(?:- )?)reviewed_on(:.*)"
        edits.replace(document.line(*here, "reviewed_on"), pattern, r"\1drafted_on\2", what="'reviewed_on'")


def _sources(document: YamlFile, edits: _Edits) -> None:
    _comment_out(document, edits, "review_note")
    sources = document.data.get("sources")
    for name, entry in (sources if isinstance(sources, dict) else {}).items():
        if isinstance(entry, dict) and "reviewed_on" in entry and "noted_on" not in entry:
            line = document.line("sources", name, "reviewed_on")
            edits.replace(line, r"(.*[\s{,])reviewed_on(:.*)", r"\1noted_on\2", what="'reviewed_on'")


def _metadata(document: YamlFile, edits: _Edits) -> None:
    """Queries and facets of the table ``claims``."""
    start = document.line("databases") if "databases" in document.data else None
    for number in range(start or len(edits.lines) + 1, len(edits.lines) + 1):
        line = edits.lines[number - 1]
        if _WORDS.match(line) or not re.search(rf"\b{_COLUMN}\b", line):
            continue
        if item := _ITEM.match(line):
            edits.new[number] = [f"{item.group(1)}{column}" for column in _COLUMNS.split(", ")]
        elif _LISTS.search(line) and not re.search(rf"\b{_COLUMN}\b", _IN_A_LIST.sub("", line)):
            edits.new[number] = [_IN_A_LIST.sub(_COLUMNS, line)]
        else:
            edits.left.append((number, f"the column {_COLUMN!r} is gone: {_COLUMNS} say it now (docs/claims.md)"))


def _comment_out(document: YamlFile, edits: _Edits, key: str) -> None:
    """A key at the left edge that is none any more: a comment, with all its lines."""
    line = document.line(key) if key in document.data else None
    if line is None:
        return
    edits.new[line] = [f"# {edits.lines[line - 1]}"]
    for number in range(line + 1, len(edits.lines) + 1):
        text = edits.lines[number - 1]
        if not text.startswith((" ", "\t")):
            break
        edits.new[number] = [f"# {text}"]
