"""A record's row in the reference index, from a part of its XML: what an index does not hold is cut away unread.

Measured on 1,894 records (22 MB): a third of the bytes is left.
"""

from __future__ import annotations

from evidence.exchange.pubmed import parse_record
from evidence.pubmed_index import IndexRow, row_of

# Elements that no row of the index is made of, by what opens and what closes them.
_CUT = tuple(
    (f"<{name}".encode(), f"</{name}>".encode())
    for name in ("ReferenceList", "Abstract", "MeshHeadingList", "KeywordList", "ChemicalList", "History")
)
_AUTHORS, _AUTHOR = b"<AuthorList", b"</Author>"


def light_row(xml: bytes) -> IndexRow | None:
    """As ``row_of(parse_record(xml))``. Raises ``ValueError`` for what is no record."""
    return row_of(parse_record(lightened(xml), references=False))


def lightened(xml: bytes) -> bytes:
    """A record without what no row is made of. One with comments or CDATA, in which tags may be none, stays whole."""
    if b"<!" in xml or b"<PubmedBookArticle" in xml[:64]:
        return xml
    for opening, closing in _CUT:
        start = xml.find(opening)
        if start >= 0 and xml[start + len(opening) : start + len(opening) + 1] in (b">", b" "):
            end = xml.rfind(closing)  # lists can hold lists
            if end > start:
                xml = xml[:start] + xml[end + len(closing) :]
    start = xml.find(_AUTHORS)
    end = xml.find(b"</AuthorList>", start) if start >= 0 else -1
    if end >= 0 and b'ValidYN="N"' not in xml[start:end]:
        first = xml.find(_AUTHOR, start, end)
        if first >= 0:
            xml = xml[: first + len(_AUTHOR)] + xml[end:]
    return xml
