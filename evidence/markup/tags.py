"""HTML and JATS tags and character references inside a text, undone."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from html.entities import html5

from evidence.markup.elements import math_pieces
from evidence.markup.scripts import APART, LOWERED, ON_LINE, RAISED, Piece, join_pieces

_REFERENCE = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_INLINE = frozenset(
    "i b u em strong italic bold underline underlined sc scp small big span font tt roman monospace strike overline"
    " xref ext-link inline-formula named-content styled-content sans-serif a abbr ins cite".split()
)
_BLOCK = frozenset("p br div h1 h2 h3 h4 h5 h6 li ul ol tr td sec title list list-item disp-formula".split())
_LEVELS = {"sup": RAISED, "sub": LOWERED, "inf": LOWERED}
_HEADINGS = frozenset(("title", "h1", "h2", "h3", "h4", "h5", "h6"))
# Tags only where a text has JATS: a sentence may have these words between "<" and ">".
_OF_JATS = frozenset(("sec", "title", "list", "list-item"))
_JATS = re.compile(r"<jats:|</(?:sec|title)>")
_ATTRIBUTE = r"\s{1,9}[\w:.-]{1,60}\s?=\s?(?:\"[^\"<>]{0,500}\"|'[^'<>]{0,500}'|[^\s\"'<>]{1,200})"
_TAG = re.compile(
    rf"<(/?)(?:(jats|mml|m|ovid|html|xhtml|ce|sb):)?([A-Za-z][A-Za-z0-9-]{{0,20}})(?:{_ATTRIBUTE}){{0,12}}\s?/?>"
)
_MATH = re.compile(r"<(?:mml:|m:)?math\b[^<>]{0,300}>")
_MATH_END = re.compile(r"</(?:mml:|m:)?math\s?>")
_MATH_NAMESPACE = re.compile(r"\sxmlns(?::\w{1,20})?\s?=\s?(?:\"[^\"<>]*\"|'[^'<>]*')")
_MATH_PREFIX = re.compile(r"(</?)(?:mml|m):")
_ANY_TAG = re.compile(r"<[^<>]{0,300}>")
_APART = "<mml:apart/>"
_LEVEL_TAGS = {ON_LINE: "{}", APART: _APART + "{}", RAISED: "<sup>{}</sup>", LOWERED: "<sub>{}</sub>"}
_ONLY_ABSTRACT = frozenset(
    ("abstract", "abstracts", "summary", "zusammenfassung", "résumé", "resumen", "riassunto", "resumo")
)


def decode_references(text: str) -> str:
    """Character references (``&amp;``, ``&#945;``, ``&#x3b1;``) as their characters, also where they were made twice.

    Only those that end with a semicolon: ``R&D`` and ``a&notable`` stay. Unknown names stay too.
    """
    for _ in range(2):
        if "&" not in text:
            return text
        text = _REFERENCE.sub(_character, text)
    return text


def _character(found: re.Match[str]) -> str:
    name = found.group(1)
    character = html.unescape(found.group()) if name[0] == "#" else html5.get(name, found.group())
    return " " if character == "\xa0" else character


def plain_markup(text: str) -> str:
    """The text without character references and tags, on one line with single blanks.

    ``<`` and ``>`` that are no tag of HTML, JATS or MathML stay: ``x<3 and y>7``.
    """
    return " ".join(" ".join(part for parts in headed_parts(text) for part in parts).split())


def headed_parts(text: str) -> list[tuple[str, str]]:
    """``(heading, text)`` of each part that a JATS ``<title>`` or an HTML heading begins.

    Blanks are single, a line ends where a paragraph or a line of the source does. Without headings it is one part,
    ``("", text)``; an empty text has none.
    """
    text = decode_references(text)
    parts: list[tuple[str, list[Piece]]] = [("", [])]
    heading: list[Piece] | None = None
    for name, closing, piece in _scan(text) if "<" in text else [("", False, Piece(text))]:
        if not name:
            (parts[-1][1] if heading is None else heading).append(piece)
        elif not closing:
            heading = []
        elif heading is not None:
            parts.append((_folded(heading), []))
            heading = None
    if heading is not None:  # it never ended: it is text
        parts[-1][1].extend(heading)
    return [part for label, pieces in parts if any(part := (label, _folded(pieces)))]


def is_only_abstract(heading: str) -> bool:
    """Whether a heading says no more than that this is an abstract."""
    return heading.casefold().strip(" .:") in _ONLY_ABSTRACT


def _folded(pieces: Sequence[Piece]) -> str:
    lines = (" ".join(line.split()) for line in join_pieces(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _scan(text: str) -> Iterator[tuple[str, bool, Piece]]:
    """A heading's tag as ``(name, whether it closes, …)``, everything else as ``("", False, piece)``."""
    level, end = ON_LINE, 0
    text = _without_math(text) if "math" in text else text
    of_jats = bool(_JATS.search(text))
    for found in _TAG.finditer(text):
        closing, prefix, name = bool(found.group(1)), found.group(2), found.group(3).lower()
        known = name in _INLINE or name in _BLOCK or name in _LEVELS
        if not (prefix or known) or (name in _OF_JATS and not (prefix or of_jats)):
            continue
        yield "", False, Piece(text[end : found.start()], level)
        end = found.end()
        if found.group() == _APART:
            level = APART if level == ON_LINE else level
        elif name in _LEVELS:
            level = ON_LINE if closing else _LEVELS[name]
        elif level == APART:
            level = ON_LINE
        if name in _BLOCK:
            yield "", False, Piece("\n")
        if name in _HEADINGS:
            yield name, closing, Piece("")
    yield "", False, Piece(text[end:], level)


def _without_math(text: str) -> str:
    parts, end = [], 0
    while (start := _MATH.search(text, end)) and (closing := _MATH_END.search(text, start.end())):
        parts += [text[end : start.start()], _math(text[start.start() : closing.end()])]
        end = closing.end()
    return "".join([*parts, text[end:]])


def _math(source: str) -> str:
    """MathML as text with ``<sup>`` and ``<sub>``; what is not well-formed loses its tags only."""
    from lxml import etree  # 30 ms to load, and seldom needed here

    bare = _MATH_PREFIX.sub(r"\1", _MATH_NAMESPACE.sub("", source))
    try:
        root = etree.fromstring(bare.replace("&", "&amp;"), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return _ANY_TAG.sub("", source)
    return "".join(_LEVEL_TAGS[piece.level].format(piece.text) for piece in (*math_pieces(root), Piece("", APART)))
