"""What the writers share: one line of text, authors, pages, links."""

from __future__ import annotations

import re

from evidence.record import Author, Record

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def one_line(text: str) -> str:
    """Without line breaks and control characters, which end a field in most formats."""
    return _CONTROL.sub(" ", text).strip()


def inverted(author: Author) -> str:
    """``Deer, Timothy R`` or ``Deer, TR``; a group's name as it is."""
    if author.collective:
        return one_line(author.collective)
    parts = [author.family, author.given or author.initials]
    if author.suffix:
        parts.insert(1, author.suffix)
    return one_line(", ".join(part for part in parts if part))


def abstract_of(record: Record) -> str:
    """``BACKGROUND: ... METHODS: ...``, as PubMed prints it."""
    parts = (f"{s.label}: {s.text}" if s.label else s.text for s in record.abstract)
    return one_line(" ".join(part for part in parts if part))


def first_and_last_page(pages: str) -> tuple[str, str]:
    """``574-84; discussion 84`` → ``("574", "84")``, ``e13267`` → ``("e13267", "")``."""
    first, dash, last = re.split(r"[;,]", pages, maxsplit=1)[0].partition("-")
    return (first.strip(), last.strip()) if dash else (pages.strip(), "")


def link_of(record: Record) -> str:
    if record.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/"
    return f"https://doi.org/{record.doi}" if record.doi else record.url


def mesh_terms(record: Record) -> list[str]:
    """Headings with their qualifiers as MEDLINE prints them: ``*Pain/*therapy``."""
    return [
        "/".join([f"{'*' if m.major else ''}{m.heading}", *(f"{'*' if q[2] else ''}{q[1]}" for q in m.qualifiers)])
        for m in record.mesh
    ]
