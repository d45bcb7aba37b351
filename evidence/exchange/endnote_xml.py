"""EndNote XML: a ``<record>`` an entry, values wrapped in ``<style>``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.exchange.fields import build_record
from evidence.exchange.pubmed.element import element_of
from evidence.exchange.pubmed.text import Element
from evidence.markup.scripts import LOWERED, ON_LINE, RAISED, Piece, join_pieces
from evidence.record import Record

_OPENING = re.compile(r"<record(?=[\s>])")
_CLOSING = re.compile(r"</record\s*>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_HEIGHTS = {"superscript": RAISED, "subscript": LOWERED}
# Paths inside a record, in order of preference.
PATHS: dict[str, tuple[str, ...]] = {
    "title": ("titles/title",),
    "vernacular": ("titles/translated-title",),
    "abstract": ("abstract",),
    "authors": ("contributors/authors/author",),
    "year": ("dates/year",),
    "date": ("dates/pub-dates/date",),
    "journal": ("periodical/full-title", "titles/secondary-title", "titles/full-title"),
    "abbreviation": ("periodical/abbr-1", "titles/alt-title", "titles/short-title"),
    "volume": ("volume",),
    "issue": ("number",),
    "pages": ("pages",),
    "doi": ("electronic-resource-num",),
    "pmid": ("custom-pmid",),
    "pmcid": ("custom2",),
    "accession": ("accession-num",),
    "issn": ("isbn",),
    "language": ("language",),
    "type": ("work-type",),
    "keyword": ("keywords/keyword",),
    "url": ("urls/related-urls/url", "urls/web-urls/url"),
    "note": ("notes", "research-notes", "urls/related-urls/url"),
    "database": ("remote-database-name", "remote-database-provider"),
    "article_number": ("custom7",),
}


def read(text: str, source: str) -> Iterator[tuple[int, Record | str]]:
    """Records one by one, so that a damaged or cut one costs only itself. What stands in a comment is none."""
    text = _without_comments(text)
    line, counted, position = 1, 0, 0
    while opening := _OPENING.search(text, position):
        line += text.count("\n", counted, opening.start())
        counted = opening.start()
        closing = _CLOSING.search(text, opening.end())
        if closing is None:
            yield line, "the file ends in the middle of this record"
            return
        position = closing.end()
        try:
            yield line, _record(text[opening.start() : position], source)
        except ValueError as error:
            yield line, str(error)


def _without_comments(text: str) -> str:
    """The text with only the line ends of its comments."""
    parts, end = [], 0
    while (start := text.find("<!--", end)) >= 0 and (close := text.find("-->", start + 4)) >= 0:
        parts += [text[end:start], "\n" * text.count("\n", start, close)]
        end = close + 3
    return "".join([*parts, text[end:]])


def _record(xml: str, source: str) -> Record:
    element = element_of(_CONTROL.sub("", xml).encode())
    fields = {key: _texts(element, paths) for key, paths in PATHS.items()}
    fields["keyword"] = [word for value in fields["keyword"] for word in re.split(r"[;\n]", value)]
    kind = element.find("ref-type")
    if kind is not None and kind.get("name"):
        fields["type"] = [*fields["type"], kind.get("name")]
    database = " ".join(fields["database"]).lower()
    fields["pmid"] = [
        value for value in fields["accession"] if re.fullmatch(r"\d{4,8}", value) and "embase" not in database
    ]
    if not ("medline" in database or "pubmed" in database or "nlm" in database.split()):
        fields["pmid"] = [value for value in fields["pmid"] if any("pubmed" in url for url in fields["url"])]
    return build_record(fields, source)


def _texts(element: Element, paths: tuple[str, ...]) -> list[str]:
    for path in paths:
        values = [_text(found).replace("\r", "\n").strip() for found in element.iterfind(path)]
        values = [value for value in values if value]
        if values:
            return values
    return []


def _text(element: Element) -> str:
    """The text of a value; each ``<style>`` says in ``face`` whether its part is raised or lowered."""
    if not len(element):
        return element.text or ""
    pieces = [Piece(element.text or "")]
    for child in element:
        level = next((_HEIGHTS[face] for face in child.get("face", "").split() if face in _HEIGHTS), ON_LINE)
        pieces += [Piece("".join(child.itertext()), level), Piece(child.tail or "")]
    return join_pieces(pieces)
