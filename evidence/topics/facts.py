"""A record as a search sees it: each field as lines of words, made when first asked for."""

from __future__ import annotations

from functools import cached_property

from evidence.record import Author, Mesh, Record
from evidence.topics.words import line_of, words_of

# Between two texts of one field: no phrase goes across.
APART = "\n"


class Facts:
    """The searchable fields of one record. A ``str`` is words between single blanks, texts parted by :data:`APART`."""

    def __init__(self, record: Record):
        self.record = record

    @cached_property
    def title(self) -> str:
        """The title; of a chapter, its book's too."""
        return _joined([self.record.title, *([self.record.journal] if self.record.kind == "book" else [])])

    @cached_property
    def texts(self) -> list[str]:
        """Title, abstract, abstracts in other languages and keywords: what [tiab] means, a text each."""
        record = self.record
        abstracts = [record.abstract, *(sections for _, _, sections in record.other_abstracts)]
        whole = [" ".join(f"{part.label} {part.text}" for part in sections) for sections in abstracts if sections]
        return [*self.title.split(APART), *map(line_of, whole), *map(line_of, record.keywords)]

    @cached_property
    def title_abstract(self) -> str:
        return APART.join(self.texts)

    @cached_property
    def keywords(self) -> str:
        return _joined(self.record.keywords)

    @cached_property
    def vernacular(self) -> str:
        return _joined([self.record.vernacular_title])

    @cached_property
    def mesh(self) -> dict[str, Mesh]:
        """Headings by their words."""
        return {line_of(mesh.heading): mesh for mesh in self.record.mesh}

    @cached_property
    def types(self) -> frozenset[str]:
        return frozenset(line_of(name) for name in self.record.type_names())

    @cached_property
    def journals(self) -> frozenset[str]:
        record = self.record
        numbers = [number for number, _ in record.issns]
        return frozenset(map(line_of, (record.journal_abbreviation, record.journal, record.issn, *numbers)))

    @cached_property
    def authors(self) -> list[tuple[list[str], str]]:
        """Family name as words, initials as one word; groups are no persons."""
        return [name_words(author) for author in self.record.authors if not author.collective]

    @cached_property
    def groups(self) -> str:
        return _joined([author.collective for author in self.record.authors if author.collective])

    @cached_property
    def affiliations(self) -> str:
        return _joined([place for author in self.record.authors for place in author.affiliations])


def _joined(texts: list[str]) -> str:
    return APART.join(map(line_of, texts))


def name_words(author: Author) -> tuple[list[str], str]:
    initials = author.initials or "".join(part[0] for part in author.given.split() if part)
    return words_of(author.family), "".join(words_of(initials))
