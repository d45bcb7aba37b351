"""``evidence audit``: what became of the sentences that a text quotes by their handles.

Whether a handle was ever issued, and what its sentence says now, is worked out from the versions in the tracker and
from the build; see :mod:`evidence.bibliography.handles`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any

from evidence.bibliography.handles import HANDLE, Quoted, Sentence, by_handle, quoted, same_words, sentences_of
from evidence.derive.held import decode
from evidence.errors import InputError
from evidence.exchange.draft import read_draft
from evidence.project import Project
from evidence.readonly import open_readonly
from evidence.tracker import Tracker

VERBATIM, MISQUOTED, CHANGED, GONE, NEVER = "verbatim", "misquoted", "changed", "gone", "never-issued"
_REPORT = "SELECT report FROM report_ids WHERE id = ?"
_TITLE = "SELECT title FROM reports WHERE id = ?"
_SECTIONS = "SELECT text FROM abstracts WHERE report = ? ORDER BY position"
_RECORDS = "SELECT id FROM records WHERE report = ? ORDER BY first_seen, id"


@dataclass(frozen=True, slots=True)
class Audited:
    """What was found of a handle: the sentence it stands for and, where it changed, the one of now.

    ``since`` is when the version without the sentence arrived.
    """

    handle: str
    finding: str
    words: str
    sentence: str = ""
    now: str = ""
    since: str = ""

    def line(self) -> str:
        """The finding in words."""
        said = {
            VERBATIM: "verbatim" if self.words else "issued, and its sentence stands; no words are quoted beside it",
            MISQUOTED: f"misquoted: the sentence is “{self.sentence}”",
            CHANGED: f"changed on {self.since[:10]}: “{self.sentence}” is now “{self.now}”",
            GONE: f"gone since {self.since[:10]}: “{self.sentence}”",
            NEVER: "never issued: no version of that report has such a sentence there",
        }[self.finding]
        if self.finding in (CHANGED, GONE) and self.words and not same_words(self.words, self.sentence):
            said += f"; and quoted otherwise: “{self.words}”"
        return f"{self.handle}: {said}"


class Auditor:
    """Looks handles up in a project's build and in its tracker."""

    def __init__(self, project: Project):
        self._project = project
        self._known: dict[str, tuple[dict[str, Sentence], dict[str, tuple[Sentence, str]]]] = {}

    def audit(self, text: str) -> list[Audited]:
        """Every handle of a text, in order."""
        return [self._one(one) for one in quoted(text)]

    def _one(self, one: Quoted) -> Audited:
        current, earlier = self._of_report(one.report)
        if (sentence := current.get(one.handle)) is not None:
            right = not one.words or same_words(one.words, sentence.text)
            return Audited(one.handle, VERBATIM if right else MISQUOTED, one.words, sentence.text)
        if one.handle in earlier:
            old, since = earlier[one.handle]
            now = next((s.text for s in current.values() if s.place == one.place), "")
            return Audited(one.handle, CHANGED if now else GONE, one.words, old.text, now, since)
        return Audited(one.handle, NEVER, one.words)

    def _of_report(self, report: str) -> tuple[dict[str, Sentence], dict[str, tuple[Sentence, str]]]:
        if report not in self._known:
            self._known[report] = self._looked_up(report)
        return self._known[report]

    def _looked_up(self, report: str) -> tuple[dict[str, Sentence], dict[str, tuple[Sentence, str]]]:
        with closing(open_readonly(self._project.evidence)) as conn:
            current = by_handle(report_sentences(conn, report))
            row = conn.execute(_REPORT, [report]).fetchone()
            records = [r[0] for r in conn.execute(_RECORDS, [row[0] if row else report])]
        earlier: dict[str, tuple[Sentence, str]] = {}
        with closing(Tracker.open(self._project.tracker, create=False)) as tracker:
            for record in records:
                versions = [(v.received_at, decode(v.content, v.format)) for v in tracker.versions(record)]
                for place, (_, version) in enumerate(versions):
                    since = versions[place + 1][0] if place + 1 < len(versions) else ""
                    texts = [section.text for section in version.shown_abstract()[0]]
                    for sentence in sentences_of(report, version.title, texts):
                        if since:
                            earlier[sentence.handle] = (sentence, since)
                        else:  # it stands, though the build may leave the abstract out
                            current.setdefault(sentence.handle, sentence)
        return current, earlier


def report_sentences(conn: sqlite3.Connection, report: str) -> list[Sentence]:
    """The sentences of a report as the build has them; ``[]`` for an unknown report."""
    row = conn.execute(_TITLE, [report]).fetchone()
    if row is None:
        return []
    return sentences_of(report, row[0] or "", [text for (text,) in conn.execute(_SECTIONS, [report])])


def text_of(content: bytes, name: str) -> str:
    """The text of a file: a draft, or JSON whose objects have a ``handle`` and a ``text``, one line each.

    Raises :class:`InputError` for a file that cannot be read or has no handle.
    """
    if name.lower().endswith(".json"):
        try:
            text = "\n".join(_pairs(json.loads(content)))
        except (ValueError, RecursionError) as error:
            raise InputError(f"is no JSON: {error}", name) from error
    else:
        text = read_draft(content, name).text
    if not HANDLE.search(text):
        raise InputError("has no handle of a sentence (report/section.n~hash)", name)
    return text


def _pairs(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("handle"), str):
            words = " ".join(str(value.get("text") or "").replace('"', "'").split())
            yield f"“{words}” {value['handle']}" if words else value["handle"]
        for name, inner in value.items():
            if name not in ("handle", "text"):
                yield from _pairs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _pairs(inner)
    elif isinstance(value, str) and HANDLE.search(value):
        yield value


def plain(found: list[Audited]) -> list[dict[str, Any]]:
    """The findings as plain data."""
    return [asdict(one) for one in found]
