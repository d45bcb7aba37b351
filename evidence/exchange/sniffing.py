"""Which format a text is in, by what it says."""

from __future__ import annotations

import json
import re

from evidence.errors import InputError
from evidence.exchange.csv_table import is_table
from evidence.exchange.json_lines import first_object

KNOWN = (
    "nbib, PubMed XML, RIS, BibTeX, EndNote (.enw or XML), CSL-JSON, JSON lines, CSV, Web of Science or Cochrane text"
)
_HEAD = 200_000
_CSL_KEYS = frozenset(("container-title", "issued", "citation-key", "container-title-short"))
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
    )
)

# Line patterns of the tagged formats, tried in this order.
_LINES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("bibtex", re.compile(r"^\s*@[A-Za-z]+\s*[{(]", re.M)),
    ("ris", re.compile(r"^TY {1,2}- ?[A-Z]", re.M)),
    ("cochrane", re.compile(r"^Record #\d+ of \d+", re.M)),
    ("wos", re.compile(r"\A(?:FN .+\nVR |PT [A-Z]\n)", re.M)),
    ("enw", re.compile(r"^%[0TA] \S", re.M)),
    ("nbib", re.compile(r"^(?:PMID|OWN |STAT|TI  |AU  |DB  |VN  |UI  ) ?- ", re.M)),
)


def format_of(text: str) -> str:
    """The format's name. Raises :class:`InputError` when it is none that is known."""
    head = text[:_HEAD].lstrip()
    if not head:
        raise InputError("the file is empty")
    if head[0] == "<" and not head[1:2].isdigit():  # Ovid's text begins with "<1>"
        return _xml_format(head)
    if head[0] in "[{":
        found = _json_format(head)
        if found:
            return found
    for name, pattern in _LINES:
        if pattern.search(head):
            return name
    if is_table(head):
        return "csv"
    raise InputError(f"this is none of the formats that can be read ({KNOWN}); it begins {head[:40]!r}")


def _xml_format(head: str) -> str:
    lower = head[:20_000].lower()
    if "<pubmedarticle" in lower or "<pubmedbookarticle" in lower:
        return "pubmed-xml"
    if "<html" in lower:
        raise InputError("this is an HTML page, not a file of references: was the download a login or error page?")
    if "<records" in lower or "<record>" in lower or "<ref-type" in lower:
        return "endnote-xml"
    raise InputError("this XML is neither PubMed's nor EndNote's")


def _json_format(head: str) -> str | None:
    try:
        item = first_object(head)
    except json.JSONDecodeError:
        return None
    if item is None or _CSL_KEYS & item.keys() or item.get("type") in _CSL_TYPES:
        return "csl-json"
    return "jsonl"
