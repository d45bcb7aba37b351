"""BibTeX in and out. Blocks are found by bibtexparser; LaTeX is undone here, as exports mix it with plain text."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator

import bibtexparser
from bibtexparser.model import DuplicateBlockKeyBlock, Entry, ParsingFailedBlock
from pylatexenc.latex2text import LatexNodes2Text

from evidence.exchange.fields import build_record
from evidence.exchange.names import author_of
from evidence.exchange.text_out import abstract_of, inverted, link_of, one_line
from evidence.normal import plain
from evidence.pubmed.parse.text import MONTH_NAMES
from evidence.record import Author, Record

# Its complaints are told as problems, with their lines; they need not stand on stderr too.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title",), "abstract": ("abstract",), "year": ("year", "date"), "date": ("date",),
    "journal": ("journal", "journaltitle", "booktitle"), "abbreviation": ("shortjournal", "journal-iso",
        "abbrev_source_title"),
    "volume": ("volume",), "issue": ("number", "issue"), "pages": ("pages",), "doi": ("doi",), "pmid": ("pmid",
        "pubmed-id", "pubmed_id"),
    "pmcid": ("pmcid", "pmc"), "issn": ("issn", "isbn"), "language": ("language", "langid"),
    "type": ("document_type", "type"), "url": ("url", "howpublished"), "note": ("note", "annote", "annotation"),
    "accession": ("unique-id", "eid", "accession-number"), "article_number": ("article-number", "art_number", "eid"),
    "vernacular": ("origtitle",),
}  # fmt: skip
_VERBATIM = frozenset(("doi", "pmid", "pmcid", "url", "issn", "accession"))
_UNESCAPED_PERCENT = re.compile(r"(?<!\\)%")
_TYPES = {"article": "Journal Article", "inproceedings": "Conference Paper", "conference": "Conference Paper"}
_MONTHS = re.compile(r"^(?:\{|\")?([A-Za-z]{3,9}|\d{1,2})\b")
# Signs that pylatexenc would take for markup again: private characters hold their place.
_SIGNS = {
    "less": "<",
    "greater": ">",
    "braceleft": "{",
    "braceright": "}",
    "asciicircum": "^",
    "asciitilde": "~",
    "backslash": "\\",
}
_MARKS = {name: chr(0xE000 + position) for position, name in enumerate(_SIGNS)}
_LITERALS = {ord(_MARKS[name]): sign for name, sign in _SIGNS.items()}
_LITERAL = re.compile(r"\\text(" + "|".join(_SIGNS) + r")(?:\{\}|\b)")
_LATEX = LatexNodes2Text(math_mode="verbatim", keep_comments=True, strict_latex_spaces=False)


def read(text: str, source: str) -> Iterator[tuple[int, Record | str]]:
    """Entries in the order of the file; a key used twice costs nothing, an unclosed brace its entry."""
    for found in bibtexparser.parse_string(text).blocks:
        line = (found.start_line or 0) + 1
        block = found.ignore_error_block if isinstance(found, DuplicateBlockKeyBlock) else found
        if isinstance(block, Entry):
            try:
                yield line, _record(block, source)
            except ValueError as error:
                yield line, str(error)
        elif isinstance(block, ParsingFailedBlock):
            reason = " ".join(str(block.error).split())
            yield line, f"not a BibTeX entry ({reason}): a brace or quote is missing, or the file is cut"


def _record(entry: Entry, source: str) -> Record:
    raw = {field.key.lower(): str(field.value) for field in entry.fields}
    fields = {
        key: [raw[name] if key in _VERBATIM else plain_text(raw[name]) for name in names if name in raw]
        for key, names in NAMES.items()
    }
    fields["pages"] = [value.replace("--", "-") for value in fields["pages"]]
    month = _MONTHS.match(raw.get("month", ""))
    if month and not fields["date"] and fields["year"]:
        text = month.group(1)
        fields["date"] = [
            f"{fields['year'][0]}-{int(text):02}" if text.isdigit() else f"{fields['year'][0]} {text[:3]}"
        ]
    words = [
        word
        for name in ("keywords", "keywords-plus", "author_keywords", "mesh")
        for word in re.split(r"[;,]", raw.get(name, ""))
    ]
    fields["keyword"] = [plain_text(word) for word in words]
    fields["type"] = [_TYPES.get(entry.entry_type.lower(), entry.entry_type.title()), *fields["type"]]
    if raw.get("archiveprefix", raw.get("eprinttype", "")).lower() in ("pubmed", "pmid"):
        fields["pmid"].append(raw.get("eprint", ""))
    record = build_record(fields, source)
    record.authors = [author for name in _split_names(raw.get("author", "")) if (author := _author(name))]
    return record


def plain_text(value: str) -> str:
    """Without LaTeX commands and braces. A bare ``%`` is a percent sign, as exports forget to escape it."""
    if "\\" in value or "$" in value:
        value = _LITERAL.sub(lambda found: _MARKS[found.group(1)], _UNESCAPED_PERCENT.sub(r"\\%", value))
        value = _LATEX.latex_to_text(value).translate(_LITERALS)
    else:
        value = value.replace("{", "").replace("}", "").replace("~", " ")
    return " ".join(value.split())


def _split_names(value: str) -> list[str]:
    """Names parted by "and" outside braces."""
    depth, start, names = 0, 0, []
    for match in re.finditer(r"[{}]|\s+and\s+", value):
        if match.group() == "{":
            depth += 1
        elif match.group() == "}":
            depth -= 1
        elif depth == 0:
            names.append(value[start : match.start()])
            start = match.end()
    return [*names, value[start:]]


def _author(name: str) -> Author | None:
    name = name.strip()
    whole = name.startswith("{") and name.endswith("}") and name.count("{") == 1
    return Author(collective=plain_text(name)) if whole else author_of(plain_text(name))


# -- writing -------------------------------------------------------------------------------------------------------

# Braces are written out, as BibTeX counts even escaped ones.
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "&": r"\&", "%": r"\%", "$": r"\$",
    "<": r"\textless{}", ">": r"\textgreater{}",  # in LaTeX's old default font, "<" is an inverted "!"
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_ESCAPE = str.maketrans(_ESCAPES)
_ENTRY_TYPES = {"book": "incollection", "preprint": "misc"}


def write(records: Iterable[Record]) -> Iterator[str]:
    used: set[str] = set()
    for record in records:
        key = citation_key(record)
        while key in used:
            key += "x"
        used.add(key)
        fields = ",\n".join(f"  {name} = {value}" for name, value in _fields(record))
        yield f"@{_ENTRY_TYPES.get(record.kind, 'article')}{{{key},\n{fields}\n}}\n\n"


def citation_key(record: Record) -> str:
    """``deer2014_25112889``: the same whatever else is exported, as it ends with the PMID or a hash of the id."""
    name = record.authors[0].family or record.authors[0].collective if record.authors else ""
    word = re.sub(r"[^a-z]", "", plain(name))[:20] or "anonymous"
    number = record.pmid or hashlib.sha256(record.id.encode()).hexdigest()[:8]
    return f"{word}{record.year or ''}_{number}"


def _fields(record: Record) -> Iterator[tuple[str, str]]:
    month = record.publication_date[5:7]
    texts = {
        "journal": record.journal or record.journal_abbreviation,
        "shortjournal": record.journal_abbreviation,
        "volume": record.volume,
        "number": record.issue,
        "pages": record.pages.replace("-", "--"),
        "issn": record.issn,
        "language": ", ".join(record.languages),
        "keywords": ", ".join(record.keywords),
        "abstract": abstract_of(record),
        "note": f"PMID: {record.pmid}" if record.pmid else "",
    }
    verbatim = {"doi": record.doi, "pmid": record.pmid, "pmcid": record.pmcid, "url": link_of(record)}
    yield "title", f"{{{{{escape(record.title or record.vernacular_title)}}}}}"
    if record.authors:
        yield "author", f"{{{' and '.join(_name(author) for author in record.authors)}}}"
    if record.year:
        yield "year", f"{{{record.year}}}"
    if month:
        yield "month", MONTH_NAMES[int(month) - 1]
    for name, text in texts.items():
        if text:
            yield name, f"{{{escape(text)}}}"
    for name, value in verbatim.items():
        if value:
            yield name, f"{{{value.replace('{', '%7B').replace('}', '%7D')}}}"


def _name(author: Author) -> str:
    text = escape(inverted(author))
    return f"{{{text}}}" if author.collective or re.search(r"\band\b", text) else text


def escape(text: str) -> str:
    return one_line(text).translate(_ESCAPE)
