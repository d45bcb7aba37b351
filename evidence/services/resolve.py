"""``evidence resolve``: one printed reference a line in, one JSON object a line out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from evidence.check.reference_facts import standing_row
from evidence.clock import Clock, system_clock
from evidence.errors import InputError
from evidence.library import Library
from evidence.library.pubmed import index_of
from evidence.project import Project
from evidence.references import Resolution, resolve_all
from evidence.references.standing import Standing, stand
from evidence.services.online import pubmed_matcher

# Lines resolved before the first is printed: enough for one question to PubMed, few enough to stream.
_CHUNK = 200


def resolve_lines(project: Project, content: bytes, online: bool = False, now: Clock = system_clock) -> Iterator[str]:
    """JSON lines for the references of ``content`` (UTF-8, one a line; blank lines are skipped).

    Raises ``UsageError`` without a built library, ``InputError`` for content that is no text, ``TryLater`` when
    PubMed was to be asked and does not answer.
    """
    lines = _lines(content)
    with ExitStack() as stack:
        library = stack.enter_context(Library.open(project.evidence))
        index = index_of(project)
        matcher = stack.enter_context(pubmed_matcher()) if online else None
        for start in range(0, len(lines), _CHUNK):
            chunk = lines[start : start + _CHUNK]
            for line, resolution in zip(chunk, resolve_all(chunk, library, matcher), strict=True):
                standing = stand(resolution, library, index, now().year)
                yield json.dumps(as_json(line, resolution, standing), ensure_ascii=False)


def as_json(reference: str, resolution: Resolution, standing: Standing) -> dict[str, Any]:
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
        "standing": standing_row(standing),
    }


def _lines(content: bytes) -> list[str]:
    if b"\x00" in content[:65536]:
        raise InputError("this is not text: 'evidence resolve' reads UTF-8 text with one printed reference a line")
    text = content.decode("utf-8-sig", errors="replace")
    return [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
