"""Which format a text is in, by what it says."""

from __future__ import annotations

import re

from evidence.errors import InputError
from evidence.exchange.csv_table import looks_like_table, table_start
from evidence.exchange.json_text import first_object
from evidence.exchange.ovid import COUNTER as OVID_COUNTER
from evidence.exchange.works_json import shape_of

KNOWN = (
    "nbib, PubMed XML, RIS, BibTeX, EndNote (.enw or XML), CSL-JSON, JSON lines, JSON of Crossref, Europe PMC, "
    "OpenAlex, DataCite, Semantic Scholar, Zotero or ESummary, CSV, Web of Science, Ovid or Cochrane text, ICTRP XML"
)
_HEAD = 200_000
_CSL_KEYS = frozenset(("container-title", "issued", "citation-key", "container-title-short", "short-container-title"))
_CSL_TYPES = frozenset(
    (
        "article-journal",
        "article",
        "chapter",
        "book",
        "paper-conference",
        "report",
        "thesis",
        "webpage",
        "posted-content",
        "journal-article",
        "book-chapter",
        "proceedings-article",
    )
)

# What a format's entries look like; the format whose entry stands first in the text is taken.
_LINES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("bibtex", re.compile(r"^[^\S\n]*@[A-Za-z]+\s*[{(]", re.M)),
    ("ris", re.compile(r"^TY[ \u00a0]{1,3}- ?[A-Z]", re.M)),
    ("cochrane", re.compile(r"^Record #\d+ of \d+", re.M)),
    ("wos", re.compile(r"^(?:FN .+\nVR |PT [A-Z]\n)", re.M)),
    ("enw", re.compile(r"^%[0TA] \S", re.M)),
    (
        "ovid",
        re.compile(
            rf"^{OVID_COUNTER}[^\S\n]*\n(?=\s*+(?:VN|[A-Z]{{2}} {{1,2}}- |[A-Z][\w /()-]+\n[ \t]))|^VN {{1,2}}- Ovid",
            re.M,
        ),
    ),
    ("nbib", re.compile(r"^(?:PMID ?- ?\d|(?:OWN |STAT|TI  |AU  |DB  |VN  |UI  )- |(?:TI|AU|DB|VN|UI) - )", re.M)),
)
# Tags that RIS has and MEDLINE text has not: a text with more of these is RIS without TY lines.
_RIS_TAG = re.compile(r"^(?:ER|PY|JO|JF|JA|VL|SP|EP|SN|DO|UR|T1|T2|A1|Y1|KW|N1|N2|J2)[ \u00a0]{1,3}-(?: |$)", re.M)
_RIS_END = re.compile(r"^ER[ \u00a0]{1,3}-\s*$", re.M)
_MEDLINE_TAG = re.compile(
    r"^(?:PMID|OWN |STAT|FAU |DP  |JT  |TA  |VI  |IP  |PG  |LID |MH  |VN  |UI  |SO  |YR  )- ?", re.M
)


def format_of(text: str) -> str:
    """The format's name. Raises :class:`InputError` when it is none that is known."""
    head = text.lstrip("\n\r\t \ufeff")[:_HEAD]
    if not head:
        raise InputError("the file is empty")
    if head[0] == "<" and not head[1:2].isdigit():  # Ovid's text begins with "<1>"
        return _xml_format(head)
    if head[0] in "[{":
        found = _json_format(text)
        if found:
            return found
    found = _line_format(head)
    if found:
        return found
    columns = looks_like_table(head)
    if columns:
        columns = f"; as a table it has no column for a title, DOI or PMID: its columns are {columns}"
    raise InputError(f"this is none of the formats that can be read ({KNOWN}); it begins {head[:40]!r}{columns}")


def _line_format(head: str) -> str:
    """Tagged text or a table, whichever begins first: an abstract in a table may quote a tag."""
    found = {name: match.start() for name, pattern in _LINES if (match := pattern.search(head))}
    name = min(found, key=lambda name: found[name]) if found else ""
    before = head.count("\n", 0, found[name]) if found else 0
    header = table_start(head)
    if header is not None and (not name or header <= before):
        return "csv"
    if name in ("", "nbib") and _is_ris(head):
        return "ris"
    return name


def _is_ris(head: str) -> bool:
    """RIS whose first line is no TY: it has ER lines, or more of RIS's tags than of MEDLINE's."""
    ris = _RIS_TAG.findall(head[:20_000])
    medline = _MEDLINE_TAG.findall(head[:20_000])
    return len(ris) > 3 and (_RIS_END.search(head) is not None or len(ris) > len(medline))


def _xml_format(head: str) -> str:
    lower = head[:20_000].lower()
    if "<pubmedarticle" in lower or "<pubmedbookarticle" in lower:
        return "pubmed-xml"
    if "<html" in lower:
        raise InputError("this is an HTML page, not a file of references: was the download a login or error page?")
    if "<records" in lower or "<record>" in lower or "<ref-type" in lower:
        return "endnote-xml"
    if "<trials_downloaded_from_ictrp" in lower or "<trialid>" in lower:
        return "ictrp"
    raise InputError("this XML is neither PubMed's nor EndNote's, nor WHO ICTRP's")


def _json_format(text: str) -> str | None:
    try:
        item = first_object(text)
    except ValueError:
        return None
    if item is None:
        return "csl-json"
    shape = shape_of(item)
    if shape:
        return shape
    return "csl-json" if _CSL_KEYS & item.keys() or item.get("type") in _CSL_TYPES else "jsonl"
