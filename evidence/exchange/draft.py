"""A draft as a writer has it (plain text, Markdown, HTML, .docx, PDF) to plain text with paragraphs.

The content decides the format, not the name. Whatever cannot be read is refused with a sentence that says what it is
and what to do: nothing here trusts the file (archives are read by the byte, entities are not resolved, scripts go).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from evidence import limits
from evidence.errors import InputError
from evidence.exchange.draft_docx import docx_text
from evidence.exchange.draft_html import INLINE_DATA, html_text
from evidence.exchange.draft_markdown import plain_markdown
from evidence.exchange.draft_marks import raised_marks
from evidence.exchange.draft_pdf import pdf_text

_SPLIT_HINT = "check it in parts"
# The addresses and marks of a Markdown text that go, as a multiple of what stays.
_MARKED = 4

_FROM_PDF = "The text layer of the PDF was read; columns, tables and raised numbers may have lost their place."
_OLE = b"\xd0\xcf\x11\xe0"
# First bytes → what the file is, for a clear refusal.
_REFUSED = (
    (b"{\\rtf", "an RTF file", "save it as .docx or plain text"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
    (b"\x89PNG", "an image", "give the text itself"),
    (b"\xff\xd8\xff", "an image", "give the text itself"),
    (b"GIF8", "an image", "give the text itself"),
    (b"SQLite format 3", "a database", "give the text itself"),
)
_HTML = re.compile(r"<!doctype html|<html[\s>]|<body[\s>]|<(?:p|div|article|li|h[1-6]|br|table)\b[^<>]*>", re.I)
_PIECE = re.compile(
    r"\s*(?:<!--[^>]{0,400}-->\s*){0,9}<(p|div|article|section|ul|ol|table|h[1-6]|blockquote|figure|span|strong|em|"
    r"b|i)\b[^<>]{0,999}>",
    re.I,
)
_MARKDOWN = re.compile(r"^#{1,6} \S|\\\[\d|^\|.*\|\s*$|\]\((?:https?:|#)|^\[\^?\w+\]: |^(?:```|~~~)|\*\*\S", re.M)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_STRANGE = re.compile(r"[\ufffd\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Draft:
    """``text``: a paragraph a line; ``format``: text, markdown, html, docx or pdf; ``notes`` are for the writer."""

    text: str
    format: str
    notes: tuple[str, ...] = ()


def read_draft(content: bytes, name: str = "the draft") -> Draft:
    """The text of a draft. Raises :class:`InputError` with ``name`` when it is too large or cannot be read."""
    packed = content.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    most = limits.DOCX_FILE if packed else limits.DRAFT_FILE
    if len(content) > most:
        said = (
            f"is larger than {most // 1_000_000} MB, and a draft may have {limits.DRAFT_TEXT // 1_000_000} MB of text"
        )
        raise InputError(f"{said}: {_SPLIT_HINT}", name)
    for magic, what, hint in _REFUSED:
        if content.startswith(magic):
            raise InputError(f"is {what}, which is not read here: {hint}", name)
    if content.startswith(b"%PDF"):
        draft = Draft(_tidy(_CONTROL.sub(" ", pdf_text(content, name))), "pdf", (_FROM_PDF,))
        if len(draft.text) > limits.DRAFT_TEXT:
            raise _too_large(name, len(draft.text))
        return draft
    if content.startswith(_OLE):
        raise InputError("is a password-protected .docx or an old .doc: save it as .docx without a password", name)
    if packed:
        draft = Draft(_tidy(docx_text(content, name)), "docx")
    else:
        text, notes = _decode(content, name)
        draft = _from_text(_CONTROL.sub(" ", text), notes, name)
    if len(draft.text) > limits.DRAFT_TEXT:
        raise _too_large(name, len(draft.text))
    return draft


def _too_large(name: str, size: int) -> InputError:
    return InputError(
        f"is {size / 1e6:.1f} MB: a draft may have {limits.DRAFT_TEXT / 1e6:.0f} MB of text (about 150,000 words); "
        f"{_SPLIT_HINT}",
        name,
    )


def _from_text(text: str, notes: tuple[str, ...], name: str) -> Draft:
    head = text[:20_000]
    if len(_HTML.findall(head)) >= 2 or re.match(r"\s*<(?:!doctype|html)", text, re.I) or _is_piece(head):
        return Draft(_tidy(html_text(text, name)), "html", notes)
    text = INLINE_DATA.sub("", text)
    if len(text) > _MARKED * limits.DRAFT_TEXT:
        raise _too_large(name, len(text))
    if len(_MARKDOWN.findall(head)) >= 2:
        return Draft(_tidy(plain_markdown(text)), "markdown", notes)
    return Draft(_tidy(raised_marks(text)), "text", notes)


def _is_piece(head: str) -> bool:
    """A piece of HTML without a page around it: it begins with a block that is closed again."""
    first = _PIECE.match(head)
    return first is not None and f"</{first.group(1).lower()}" in head.lower()


def _decode(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Text from bytes: UTF-8, UTF-16 with its mark, else Windows-1252 with a note."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace"), ()
    if b"\x00" in content[:8192] or b"\x00" in content:
        raise InputError("is not text (it holds zero bytes): give plain text, Markdown, HTML or .docx", name)
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    text = content.decode("cp1252", errors="replace")
    if len(_STRANGE.findall(text)) > 0.02 * len(text):
        raise InputError("is not text: give plain text, Markdown, HTML or .docx", name)
    return text, ("The file is not UTF-8; it was read as Windows-1252.",)


def _tidy(text: str) -> str:
    """Line ends are ``\\n``, control characters blanks, never more than one empty line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = _CONTROL.sub(" ", text).replace("\xa0", " ").replace("\u202f", " ")
    return re.sub(r"\n{3,}", "\n\n", text).strip()
