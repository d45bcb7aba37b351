"""What the writers share: one line of text, authors, pages, links, and notes for what a format has no field for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from evidence.record import Author, Correction, Record, Section


@dataclass(frozen=True, slots=True)
class Form:
    """A document to a reference manager: its types in RIS, BibTeX and CSL-JSON, and BibTeX's field for its host."""

    ris: str
    bibtex: str
    csl: str
    host: str = "journal"


ARTICLE = Form("JOUR", "article", "article-journal")
_CHAPTER = Form("CHAP", "incollection", "chapter", "booktitle")
# What a file called its entry, as the readers keep it among the publication types.
_FORMS = {
    "Book Chapter": _CHAPTER,
    "Book": Form("BOOK", "book", "book", "booktitle"),
    "Thesis": Form("THES", "phdthesis", "thesis", "school"),
    "Report": Form("RPRT", "techreport", "report", "institution"),
}
_FORM_OF_KIND = {"book": _CHAPTER, "preprint": Form("UNPB", "misc", "article")}
_ISBN = re.compile(r"(?:97[89])?\d{9}[\dX]", re.I)
# The labels of notes that say what a format has no field for; ``exchange.notes`` reads them.
REGISTRATION, GRANT, CONFLICTS = "Registration", "Grant", "Conflicts of interest"
PUBLICATION_TYPE = "Publication type"
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
# The type that says nothing of an article beside the others.
_PLAIN_TYPE = "Journal Article"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def one_line(text: str) -> str:
    """Without line breaks and control characters, which end a field in most formats."""
    return _CONTROL.sub(" ", text).strip()


def inverted(author: Author, suffix_last: bool = True) -> str:
    """``Deer, Timothy R, Jr``, or as BibTeX wants it ``Deer, Jr, Timothy R``; a group's name as it is."""
    if author.collective:
        return one_line(author.collective)
    parts = [author.family, author.given or author.initials]
    parts.insert(2 if suffix_last else 1, author.suffix)
    return one_line(", ".join(part for part in parts if part))


def cited_name(author: Author) -> str:
    """``Deer TR``, with a suffix as MEDLINE prints it: ``Deer TR Jr``; a group's name as it is."""
    return author.name if author.collective else f"{author.name} {author.suffix}".strip()


def abstract_of(record: Record) -> str:
    """``BACKGROUND: ... METHODS: ...``, as PubMed prints it."""
    return printed_abstract(record.abstract)


def printed_abstract(sections: Iterable[Section]) -> str:
    parts = (f"{s.label}: {s.text}" if s.label else s.text for s in sections)
    return one_line(" ".join(part for part in parts if part))


def types_of(record: Record) -> list[str]:
    """The publication types that say more than that it is an article, a book or the like."""
    return [name for _, name in record.publication_types if name and name != _PLAIN_TYPE and name not in _FORMS]


def is_isbn(text: str) -> bool:
    """Whether a serial number is a book's: ten or thirteen digits.

    >>> is_isbn("978-3-16-148410-0"), is_isbn("1525-1403")
    (True, False)
    """
    return bool(_ISBN.fullmatch(re.sub(r"[\s-]", "", text)))


def issns_of(record: Record) -> list[tuple[str, str]]:
    """The journal's ``(ISSN, kind)``; one number may be of two kinds, and has ``""`` where the source did not say."""
    found = list(dict.fromkeys(pair for pair in record.issns if pair[0]))
    if record.issn and not is_isbn(record.issn) and record.issn not in (number for number, _ in found):
        found.insert(0, (record.issn, ""))
    return found


def issn_numbers(record: Record) -> list[str]:
    """The journal's ISSNs, each once."""
    return list(dict.fromkeys(number for number, _ in issns_of(record)))


def form_of(record: Record) -> Form:
    """The form of a document, by what it was called, else by its kind."""
    named = record.type_names()
    return next((form for name, form in _FORMS.items() if name in named), _FORM_OF_KIND.get(record.kind, ARTICLE))


def isbn_of(record: Record) -> str:
    return record.issn if is_isbn(record.issn) else ""


def correction_words(ref_type: str) -> str:
    """NLM's words for an entry of CommentsCorrectionsList.

    >>> correction_words("ExpressionOfConcernIn"), correction_words("CorrectedandRepublishedFrom")
    ('Expression of concern in', 'Corrected and republished from')
    """
    return _WORD.sub(" ", ref_type).replace("edand ", "ed and ").capitalize()


def correction_source(correction: Correction) -> str:
    """``Neuromodulation. 2014 Aug;17(6):551. PMID: 25112890``: where a correction stands, as MEDLINE prints it."""
    parts = [correction.ref_source, correction.note, f"PMID: {correction.pmid}" if correction.pmid else ""]
    return one_line(". ".join(stripped for part in parts if (stripped := part.strip().rstrip("."))))


def notes_of(record: Record) -> list[str]:
    """What most formats have no field for, a line each: registrations, corrections, grants, conflicts of interest."""
    notes = [f"{REGISTRATION}: {'/'.join(part for part in pair if part)}" for pair in record.databanks]
    notes += [f"{correction_words(c.ref_type)}: {correction_source(c)}" for c in record.corrections]
    notes += [f"{GRANT}: {grant}" for grant in record.grants]
    if record.conflict_statement:
        notes.append(f"{CONFLICTS}: {record.conflict_statement}")
    return [one_line(note) for note in notes]


def affiliations_of(record: Record) -> list[str]:
    """Each affiliation once, in the order of the authors."""
    return list(dict.fromkeys(one_line(text) for author in record.authors for text in author.affiliations))


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
    return [mesh.printed for mesh in record.mesh]
