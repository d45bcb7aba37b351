"""BibTeX as Better BibTeX, JabRef, biber and BibTeX itself read it: UTF-8 text, LaTeX's own signs escaped."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

from evidence.bibliography.dates import SHORT_MONTHS
from evidence.bibliography.normal import plain
from evidence.exchange.text_out import (
    PUBLICATION_TYPE,
    abstract_of,
    form_of,
    inverted,
    isbn_of,
    issn_numbers,
    link_of,
    notes_of,
    one_line,
    types_of,
)
from evidence.record import Author, Record

# Braces are written out, as BibTeX counts even escaped ones.
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "&": r"\&", "%": r"\%", "$": r"\$",
    "<": r"\textless{}", ">": r"\textgreater{}",  # in LaTeX's old default font, "<" is an inverted "!"
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_ESCAPE = str.maketrans(_ESCAPES)
# What LaTeX makes one sign of: dashes, quotation marks, inverted marks.
_LIGATURE = re.compile(r"(?<=-)-|(?<=`)`|(?<=')'|(?<=[!?])`")


def write(records: Iterable[Record]) -> Iterator[str]:
    used: set[str] = set()
    for record in records:
        key = citation_key(record)
        while key in used:
            key += "x"
        used.add(key)
        fields = ",\n".join(f"  {name} = {value}" for name, value in _fields(record))
        yield f"@{form_of(record).bibtex}{{{key},\n{fields}\n}}\n\n"


def citation_key(record: Record) -> str:
    """``deer2014_25112889``: the same whatever else is exported, as it ends with the PMID or a hash of the id."""
    name = record.authors[0].family or record.authors[0].collective if record.authors else ""
    word = re.sub(r"[^a-z]", "", plain(name))[:20] or "anonymous"
    number = record.pmid or hashlib.sha256(record.id.encode()).hexdigest()[:8]
    return f"{word}{record.year or ''}_{number}"


def _fields(record: Record) -> Iterator[tuple[str, str]]:
    month = record.publication_date[5:7]
    texts = {
        form_of(record).host: record.journal or record.journal_abbreviation,
        "origtitle": record.vernacular_title if record.title else "",
        "shortjournal": record.journal_abbreviation,
        "volume": record.volume,
        "number": record.issue,
        "pages": record.pages,
        "issn": ", ".join(issn_numbers(record)),
        "isbn": isbn_of(record),
        "language": ", ".join(record.languages),
        "abstract": abstract_of(record),
        "note": f"PMID: {record.pmid}" if record.pmid else "",
        "annote": "; ".join(_notes(record)),  # read by reference managers, printed by no style
    }
    verbatim = {"doi": record.doi, "pmid": record.pmid, "pmcid": record.pmcid, "url": link_of(record)}
    yield "title", f"{{{{{escape(record.title or record.vernacular_title)}}}}}"
    if record.authors:
        yield "author", f"{{{' and '.join(_name(author) for author in record.authors)}}}"
    if record.year:
        yield "year", f"{{{record.year}}}"
    if month:
        yield "month", SHORT_MONTHS[int(month) - 1].lower()
    for name, text in texts.items():
        if text:
            escaped = escape(text)
            yield name, f"{{{escaped.replace('-', '--') if name == 'pages' else escaped}}}"
    if record.keywords:
        yield "keywords", f"{{{', '.join(_keyword(word) for word in record.keywords)}}}"
    for name, value in verbatim.items():
        if value:
            yield name, f"{{{value.replace('{', '%7B').replace('}', '%7D')}}}"


def _notes(record: Record) -> list[str]:
    types = types_of(record)
    return [*([f"{PUBLICATION_TYPE}: {'; '.join(types)}"] if types else []), *notes_of(record)]


def _keyword(word: str) -> str:
    """A keyword with a comma in braces, as biblatex wants it, so that it stays one."""
    text = escape(word)
    return f"{{{text}}}" if "," in text or ";" in text else text


def _name(author: Author) -> str:
    text = escape(inverted(author, suffix_last=False))
    return f"{{{text}}}" if author.collective or re.search(r"\band\b", text) else text


def escape(text: str) -> str:
    return _LIGATURE.sub(r"{}\g<0>", one_line(text).translate(_ESCAPE))
