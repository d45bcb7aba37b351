"""One entry as a source gave it: :class:`Record` and its parts.

Every reader (PubMed XML, MEDLINE, RIS, BibTeX, CSV, ...) makes these, and every later stage
(de-duplication, tagging, claims, build) reads nothing else. Field names follow NLM's.
Absent text is ``""``, absent identifiers are ``None``, absent lists are empty; dates are strings as
precise as the source was: ``2014``, ``2014-07`` or ``2014-07-03``.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field, fields
from typing import Any

from evidence.bibliography.normal import first_author_key, normal_journal, normal_title

# OtherAbstract: its types that are no abstract, and the text of one that only the publisher has.
_NO_ABSTRACTS = frozenset(("plain-language-summary",))
_ELSEWHERE = re.compile(r"(?:publisher:\s*)?abstract available from the publisher", re.I)


@dataclass(slots=True)
class Author:
    """A person (``family`` and perhaps ``given``/``initials``) or a group (``collective``)."""

    family: str = ""
    given: str = ""
    initials: str = ""
    collective: str = ""
    suffix: str = ""
    orcid: str = ""
    affiliations: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """``Deer TR`` for a person, the group's name for a group."""
        if self.collective:
            return self.collective
        short = self.initials or "".join(part[0] for part in self.given.split() if part)
        return f"{self.family} {short}".strip()


@dataclass(slots=True)
class Section:
    """One part of an abstract. ``label`` as printed (``METHODS``), ``category`` NLM's (``METHODS``)."""

    text: str = ""
    label: str = ""
    category: str = ""


@dataclass(slots=True)
class Mesh:
    """A MeSH heading with its qualifiers, each ``(ui, name, major)``; ``major`` is the starred topic.

    ``automatic`` is NLM's AutoHM: the heading was given by a program and not reviewed.
    """

    ui: str = ""
    heading: str = ""
    major: bool = False
    qualifiers: list[tuple[str, str, bool]] = field(default_factory=list)
    automatic: bool = False

    @property
    def printed(self) -> str:
        """The heading with its qualifiers as MEDLINE prints it: ``*Pain/*therapy``."""
        qualifiers = (f"{'*' if major else ''}{name}" for _, name, major in self.qualifiers)
        return "/".join([f"{'*' if self.major else ''}{self.heading}", *qualifiers])


@dataclass(slots=True)
class Correction:
    """An entry of CommentsCorrectionsList: ``ref_type`` is NLM's (``ErratumFor``, ``RetractionIn``, ...)."""

    ref_type: str = ""
    pmid: str | None = None
    ref_source: str = ""
    note: str = ""


@dataclass(slots=True)
class Reference:
    """A cited work: the citation as printed, and its PMID/DOI where PubMed knows them."""

    citation: str = ""
    pmid: str | None = None
    doi: str | None = None


@dataclass(slots=True)
class Record:
    """One record. ``source`` is how it arrived (``pubmed``, ``starter``, a file's format or ``--source``).

    ``kind`` is one of article, notice, preprint, protocol, registration, abstract, book. ``year`` is the
    issue's, as cited. ``issn`` is the journal's (a book's ISBN), ``issns`` all that were given, ``(number, kind)``:
    Print, Electronic, Linking or ``""``. ``pages`` stay as printed (``574-84``, ``e13267``), ``electronic_id`` is the
    publisher's own (a PII or an article number) where PubMed gives one. ``publication_types`` are
    ``(ui, name)``, ``databanks`` ``(bank, accession)``, ``history`` ``(status, date)``.
    """

    source: str
    source_id: str = ""
    pmid: str | None = None
    doi: str | None = None
    pmcid: str | None = None
    kind: str = "article"
    title: str = ""
    vernacular_title: str = ""
    abstract: list[Section] = field(default_factory=list)
    other_abstracts: list[tuple[str, str, list[Section]]] = field(default_factory=list)
    authors: list[Author] = field(default_factory=list)
    journal: str = ""
    journal_abbreviation: str = ""
    nlm_id: str = ""
    issn: str = ""
    issns: list[tuple[str, str]] = field(default_factory=list)
    year: int | None = None
    publication_date: str = ""
    electronic_date: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    electronic_id: str = ""
    languages: list[str] = field(default_factory=list)
    publication_types: list[tuple[str, str]] = field(default_factory=list)
    mesh: list[Mesh] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    databanks: list[tuple[str, str]] = field(default_factory=list)
    grants: list[str] = field(default_factory=list)
    conflict_statement: str = ""
    corrections: list[Correction] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    status: str = ""
    indexing_method: str = ""
    date_revised: str = ""
    date_completed: str = ""
    history: list[tuple[str, str]] = field(default_factory=list)
    merged_pmids: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def id(self) -> str:
        """``<source>:<accession>``; without an accession, a hash of what a person would cite.

        The hash is over the normal title, first author, year and journal, so that a corrected
        re-import of the same entry is the same record.
        """
        accession = self.source_id or (self.pmid if self.source in ("pubmed", "starter") else None)
        return f"{self.source}:{accession or self.citation_hash()}"

    def citation_hash(self) -> str:
        first = self.authors[0].name if self.authors else ""
        key = [normal_title(self.title), first_author_key(first), str(self.year or ""), normal_journal(self.journal)]
        key += [self.kind] if self.kind == "notice" else []  # the erratum under its article's title is another entry
        return hashlib.sha256("\x1f".join(key).encode()).hexdigest()[:16]

    def abstract_text(self) -> str:
        """The abstract as one string, sections joined by a blank."""
        return " ".join(section.text for section in self.abstract)

    def shown_abstract(self) -> tuple[list[Section], str]:
        """The abstract, else the one there is in another language, with NLM's code of it (``""`` for English).

        A summary in plain language is no abstract, and neither is a remark that the publisher has one.
        """
        if self.abstract:
            return self.abstract, ""
        others = [
            (sections, language)
            for kind, language, sections in self.other_abstracts
            if kind not in _NO_ABSTRACTS and any(not _ELSEWHERE.match(section.text) for section in sections)
        ]
        sections, language = min(others, key=lambda other: other[1] != "eng", default=([], ""))
        return sections, "" if language == "eng" else language

    def type_names(self) -> set[str]:
        return {name for _, name in self.publication_types}


_PARTS: dict[str, Any] = {
    "abstract": Section,
    "authors": Author,
    "mesh": Mesh,
    "corrections": Correction,
    "references": Reference,
}
_TUPLES = ("issns", "publication_types", "databanks", "history")


def to_json(record: Record) -> str:
    """A record as one JSON line; empty fields are left out. :func:`from_json` is its inverse."""
    data = {f.name: value for f in fields(record) if (value := getattr(record, f.name)) not in (None, "", [])}
    return json.dumps(data, ensure_ascii=False, sort_keys=True, default=_as_dict)


def _as_dict(part: Any) -> dict[str, Any]:
    return {f.name: value for f in fields(part) if (value := getattr(part, f.name)) not in (None, "", [], False)}


def from_json(text: str | bytes) -> Record:
    """The record that :func:`to_json` wrote. Raises ``ValueError`` or ``TypeError`` on anything else."""
    data = json.loads(text)
    for name, part in _PARTS.items():
        if name in data:
            data[name] = [part(**item) for item in data[name]]
    for heading in data.get("mesh", ()):
        heading.qualifiers = [tuple(q) for q in heading.qualifiers]
    for name in _TUPLES:
        if name in data:
            data[name] = [tuple(item) for item in data[name]]
    if "other_abstracts" in data:
        data["other_abstracts"] = [
            (kind, lang, [Section(**s) for s in parts]) for kind, lang, parts in data["other_abstracts"]
        ]
    return Record(**data)
