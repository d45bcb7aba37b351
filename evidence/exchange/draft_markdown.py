"""Markdown without its marks: for drafts. Every pattern stops at what ends it, so that none looks twice at a text."""

from __future__ import annotations

import re

from evidence.exchange.draft_marks import raised_marks

_FENCE = re.compile(r"^(?:```|~~~).*$", re.M)
_IMAGE = re.compile(r"!\[[^\[\]]*+\]\([^)\[]*+\)")
_LINK = re.compile(r"\[([^\[\]]++)\]\((https?://[^\s)\[]++)[^)\[]*+\)")
_FOOTNOTE = re.compile(r"^\[\^(\w++)\]:\s*+", re.M)
_FOOTNOTE_MARK = re.compile(r"\[\^(\w++)\]")
_ESCAPED = re.compile(r"\\([\[\]()#*_.>~|-])")
# A table: its rows between bars, and the line under its head.
_ROW, _RULE_OF_TABLE = (
    re.compile(r"^\|(.*)\|[ \t]*$", re.M),
    re.compile(r"^\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*$\n?", re.M),
)
_HEADING = re.compile(r"^#{1,6}+ ++(.*+)$", re.M)
_QUOTE = re.compile(r"^> ?", re.M)
_EMPHASIS = re.compile(r"(?<![\w*\\])([*_])(?=[^\s*_])([^*_\n]+?)(?<=\S)\1(?![\w*])")
_BOLD = re.compile(r"(\*\*|__)(?=\S)((?:(?!\1).)+)(?<=\S)\1")


def plain_markdown(text: str) -> str:
    """The words of a Markdown text; the address of a link stays behind its words, a footnote keeps its number."""
    text = _FENCE.sub("", text)
    text = _IMAGE.sub("", text)
    text = _LINK.sub(r"\1 (\2)", text)
    text = raised_marks(text)
    text = _RULE_OF_TABLE.sub("", text)
    text = _ROW.sub(lambda row: "\t".join(cell.strip() for cell in row.group(1).split("|")), text)
    text = _FOOTNOTE.sub(r"\1. ", text)
    text = _FOOTNOTE_MARK.sub(r"[\1]", text)
    text = _HEADING.sub(lambda match: match.group(1).rstrip(" ").rstrip("#"), text)
    text = _QUOTE.sub("", text)
    text = _EMPHASIS.sub(r"\2", text)
    return _ESCAPED.sub(r"\1", _BOLD.sub(r"\2", text))
