"""``evidence resolve``: one printed reference a line in, one JSON object a line out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from evidence.errors import InputError
from evidence.library import Library
from evidence.project import Project
from evidence.references import OnlineMatcher, ReferenceLibrary, Resolution, resolve_all
from evidence.services.online import pubmed_matcher

# Lines resolved before the first is printed: enough for one question to PubMed, few enough to stream.
_CHUNK = 200


def resolve_lines(project: Project, content: bytes, online: bool = False) -> Iterator[str]:
    """JSON lines for the references of ``content`` (UTF-8, one a line; blank lines are skipped).

    Raises ``UsageError`` without a built library, ``InputError`` for content that is no text, ``TryLater`` when
    PubMed was to be asked and does not answer.
    """
    lines = _lines(content)
    with ExitStack() as stack:
        library = stack.enter_context(Library.open(project.evidence))
        matcher = stack.enter_context(pubmed_matcher()) if online else None
        for start in range(0, len(lines), _CHUNK):
            yield from _resolved(lines[start : start + _CHUNK], library, matcher)


def as_json(reference: str, resolution: Resolution) -> dict[str, Any]:
    """The documented keys of one answer; ``reference`` is the line as given."""
    return {
        "reference": reference,
        "report": resolution.report,
        "pmid": resolution.pmid,
        "level": resolution.level,
        "confidence": resolution.confidence,
        "fields": resolution.fields,
        "candidates": [
            {
                "report": candidate.report,
                "pmid": candidate.pmid,
                "title": candidate.title,
                "confidence": candidate.confidence,
                "fields": candidate.fields,
            }
            for candidate in resolution.candidates
        ],
        "source": resolution.source,
        "reason": resolution.reason,
    }


def _resolved(lines: Sequence[str], library: ReferenceLibrary, matcher: OnlineMatcher | None) -> Iterator[str]:
    for line, resolution in zip(lines, resolve_all(lines, library, matcher), strict=True):
        yield json.dumps(as_json(line, resolution), ensure_ascii=False)


def _lines(content: bytes) -> list[str]:
    if b"\x00" in content[:65536]:
        raise InputError("this is not text: 'evidence resolve' reads UTF-8 text with one printed reference a line")
    text = content.decode("utf-8-sig", errors="replace")
    return [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
