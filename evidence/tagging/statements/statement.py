"""The places where a record may state something, as sentences, and what is quoted from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from evidence.record import Record, Section
from evidence.tagging.text.document import Document, Sentence, read
from evidence.tagging.types import Evidence

# The field of evidence where the conflict statement is quoted, and where a grant is.
CONFLICT_STATEMENT, GRANT, PUBLICATION_TYPE, MESH = "conflict_statement", "grant", "publication_type", "mesh"


class Statement(NamedTuple):
    """A sentence that may state something: ``field`` as in :class:`Evidence`, offsets into the text of its field."""

    field: str
    section: int | None
    start: int
    text: str
    lower: str

    def quote(self, facet: str, value: str, start: int, end: int, rule: str) -> Evidence:
        """The words from ``start`` to ``end`` of this sentence as evidence of a value."""
        while start < end and not (self.lower[start].isalnum() or self.lower[start] in "("):
            start += 1
        end = start + len(self.text[start:end].rstrip(" ,;:.-("))
        return Evidence(
            facet, value, self.field, self.text[start:end], self.section, self.start + start, self.start + end, rule
        )


def of_conflicts(record: Record) -> list[Statement]:
    """The sentences of the conflict statement; offsets into it, and no section."""
    if not record.conflict_statement:
        return []
    document = read(Record(source="", abstract=[Section(text=record.conflict_statement)]))
    return [
        Statement(CONFLICT_STATEMENT, None, s.start, document.text(s), s.lower) for s in document.abstract_sentences
    ]


def of_abstract(document: Document, anchors: re.Pattern[str]) -> Iterator[Statement]:
    """The sentences of the abstract in which one of ``anchors`` stands."""
    for sentence in document.sentences:
        if sentence.part is not None and anchors.search(sentence.lower):
            yield of_sentence(document, sentence)


def of_sentence(document: Document, sentence: Sentence) -> Statement:
    """A sentence of title or abstract."""
    field = "title" if sentence.part is None else "abstract"
    return Statement(field, sentence.part, sentence.start, document.text(sentence), sentence.lower)
