"""Abstracts that came as one text, back into their labelled sections."""

from __future__ import annotations

import re

from evidence.bibliography.headings import category_of
from evidence.markup import headed_parts, is_only_abstract
from evidence.record import Section

# A label stands at the start or after the end of a sentence, and a colon (or a blank line) follows it.
_CAPITALS = re.compile(
    r"(?:(?<=^)|(?<=[.!?)\]\"%;:]\s)|(?<=\n))([A-Z][A-Z0-9 &/,'\u2019()\-]{1,70}[A-Z0-9)])\s?:(?=\s|[A-Z0-9])"
)
_TITLE_CASE = re.compile(
    r"(?:(?<=^)|(?<=[.!?)\]\"%;:]\s)|(?<=\n))([A-Z][A-Za-z&/,'\u2019 \-]{2,60}?)\s?:(?=\s|[A-Z0-9])"
)


def sections_of(text: str) -> list[Section]:
    """Sections of an abstract as a file has it: with the headings of JATS or HTML, or labels in its text."""
    if "<" not in text and "&" not in text:
        return split_abstract(text)
    parts = [("" if is_only_abstract(heading) else heading, body) for heading, body in headed_parts(text)]
    if not any(heading for heading, _ in parts):
        return split_abstract("\n".join(body for _, body in parts))
    parts = [(heading.strip(" .:"), " ".join(body.split())) for heading, body in parts]
    return [Section(body, heading, category_of(heading)) for heading, body in parts if heading or body]


def split_abstract(text: str) -> list[Section]:
    """Sections of an abstract; one without label when none is found. No word of the text is lost.

    A label counts when it is printed in capitals, or is a known one (``Methods:``) and another label is found
    too: a single ``Results:`` inside running text is a phrase.
    """
    text = text.strip()
    if not text:
        return []
    if ":" not in text:
        return [Section(text)]
    found = [m for m in _CAPITALS.finditer(text) if _looks_like_label(m.group(1))]
    if not found:
        found = [m for m in _TITLE_CASE.finditer(text) if category_of(m.group(1))]
        if len(found) < 2 and text[: found[0].start(1) if found else 0]:
            found = []
    if not found:
        return [Section(text)]
    ends = [match.start(1) for match in found[1:]] + [len(text)]
    sections = [Section(text[: found[0].start(1)].strip())] if found[0].start(1) else []
    for match, end in zip(found, ends, strict=True):
        body = text[match.end() : end].strip()
        sections.append(Section(body, match.group(1).strip(), category_of(match.group(1))))
    return [section for section in sections if section.text or section.label]


def _looks_like_label(label: str) -> bool:
    """A known label, or two words and more in capitals: ``TENS:`` and ``NCT01:`` are neither."""
    return bool(category_of(label)) or (" " in label and not any(c.isdigit() for c in label) and len(label) <= 50)
