"""BibTeX. Blocks are found by bibtexparser; LaTeX is undone here, as exports mix it with plain text."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import bibtexparser
from bibtexparser.model import DuplicateBlockKeyBlock, Entry, ParsingFailedBlock
from pylatexenc.latex2text import LatexNodes2Text

from evidence.exchange.fields import build_record
from evidence.exchange.names import author_of
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
