"""The visible text of a page, a block a line: read in one pass, without a tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import lxml.etree

from evidence import limits
from evidence.errors import InputError
from evidence.exchange.draft_marks import BEFORE, LINK_TO_A_PAPER, LONGEST, lowered, power, raised

_DROP = frozenset(
    "script style noscript template svg iframe object head nav form button annotation annotation-xml".split()
)
_BLOCK = frozenset(
    "p div li ul ol h1 h2 h3 h4 h5 h6 table tr section article header footer aside main blockquote pre dl dt dd"
    " figure figcaption br hr address body html".split()
)
_HEIGHTS = {"sup": raised, "sub": lowered}
# MathML: how its second part is read.
_MATH = {"mfrac": None, "msup": power, "msub": lowered}
# An XML declaration and document types say nothing here; the pictures that a saved page carries are no text.
_NO_TEXT = re.compile(r"^\s*<\?xml[^<>]*\?>|<!doctype[^<>]*>?", re.I)
INLINE_DATA = re.compile(r"data:[\w/+.-]{1,80};base64,[\w+/=%-]*+", re.I)
_TAG = re.compile(r"<[^<>]*>")
_BLANKS, _CELL = re.compile(r" {2,}"), re.compile(r"\s*\x1f\s*")
_CELLS = frozenset({"td", "th"})  # what stands beside something in its line


def html_text(text: str, name: str) -> str:
    """The visible text of a page; items of numbered lists keep their numbers, links to papers their addresses.

    Raises :class:`InputError` with ``name`` for a page of more elements than :data:`limits.HTML_ELEMENTS`.
    """
    text = INLINE_DATA.sub("", _NO_TEXT.sub(" ", text))
    page = _Page(name)
    parser = lxml.etree.HTMLParser(target=page, remove_comments=True, remove_pis=True, no_network=True)
    try:
        printed = str(lxml.etree.fromstring(text, parser))
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return _TAG.sub(" ", text)
    printed = printed.replace("\t", " ")
    lines = (_BLANKS.sub(" ", _CELL.sub("\t", line.strip(" \x1f"))).strip() for line in printed.split("\n"))
    return "\n\n".join(line for line in lines if line)


@dataclass(slots=True)
class _Element:
    """An element that is being read. ``ends``: the end of its text, ``size`` its length; ``after``: the text since its
    last child, ``child`` the end of that child's text; ``items``: how many ``li``, or parts of mathematics, it has;
    ``starts``: the piece that its own text begins with; ``linked``: it holds the address of a paper."""

    tag: str
    address: str
    starts: int
    before: str
    ends: str = ""
    size: int = 0
    after: str = ""
    child: str = ""
    items: int = 0
    linked: bool = False


class _Page:
    """What the parser calls; ``close`` gives the text with a line end around every block."""

    def __init__(self, name: str):
        self._name, self._elements, self._dropped, self._cells = name, 0, 0, 0
        self._pieces: list[str] = []
        self._open = [_Element("", "", 0, "")]

    def start(self, tag: Any, attributes: Any) -> None:
        self._elements += 1
        if self._elements > limits.HTML_ELEMENTS:
            raise InputError(
                f"has more than {limits.HTML_ELEMENTS:,} elements, far more than a page would: copy its text into a "
                "new file",
                self._name,
            )
        if self._dropped or tag in _DROP:
            self._dropped += 1
            return
        parent = self._open[-1]
        address = attributes.get("href", "") if tag == "a" else ""
        if parent.tag in _MATH:
            parent.items += 1
            if parent.items == 2 and parent.tag == "mfrac":
                self._pieces.append("/")
        before = (parent.after or parent.child) if tag in _HEIGHTS or parent.tag in _MATH else ""
        element = _Element(tag, address, len(self._pieces), before)
        self._open.append(element)
        if tag in _CELLS:
            self._cells += 1
            self._pieces.append("\x1f")
        elif tag in _BLOCK:
            self._pieces.append(self._line_end())
            if tag == "li":
                parent.items += 1
                self._pieces.append(f"{parent.items}. " if parent.tag == "ol" else "\u2022 ")

    def data(self, data: Any) -> None:
        if self._dropped:
            return
        element = self._open[-1]
        text = str(data)
        self._pieces.append(text.replace("\n", " "))
        element.after = text if not element.after else element.after[-BEFORE:] + text
        element.ends = (element.ends + text)[-LONGEST:]
        element.size += len(text)

    def end(self, tag: Any) -> None:
        if self._dropped:
            self._dropped -= 1
            return
        element = self._open.pop()
        parent = self._open[-1]
        if element.address and (address := _link(element)):
            self._pieces.append(address)
            element.linked = True
        height = _HEIGHTS.get(element.tag) or (_MATH.get(parent.tag) if parent.items == 2 else None)
        if height and not element.linked and element.size <= LONGEST:
            marked = height(element.ends, element.before)
            if marked != element.ends:
                self._pieces[element.starts :] = [marked]
                element.ends = marked
        if element.tag in _CELLS:
            self._cells -= 1
        elif element.tag in _BLOCK:
            self._pieces.append(self._line_end())
        parent.linked = parent.linked or element.linked
        parent.child, parent.after = element.ends, ""
        parent.ends = (parent.ends + element.ends)[-LONGEST:]
        parent.size += element.size

    def _line_end(self) -> str:
        """A paragraph in a cell ends no row."""
        return " " if self._cells else "\n"

    def comment(self, data: Any) -> None:
        """A comment is no text."""

    def close(self) -> str:
        return "".join(self._pieces)


def _link(element: _Element) -> str:
    """The address of a link to a paper: it may be all that says which."""
    if element.address in element.ends or not LINK_TO_A_PAPER.search(element.address):
        return ""
    return f" ({element.address})"
