"""The text of a .docx: paragraphs, then its notes. Nothing of the archive is believed, no address in it is asked.

A note's mark in the text is ``[1]`` and the note ``1. …`` behind the text, footnotes before endnotes, each in the order
of their marks; an address of a paper stands behind the words that link to it.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from io import BytesIO
from xml.parsers import expat

from evidence import limits
from evidence.errors import InputError
from evidence.exchange.draft_marks import LINK_TO_A_PAPER, lowered, raised

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
# What is there a second time: a text box for old programs, and how words looked before a tracked change.
_HEIGHTS = {"superscript": raised, "subscript": lowered}
_COPIES = frozenset({
    "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback", f"{_WORD}rPrChange", f"{_WORD}pPrChange",
})  # fmt: skip
_DOCUMENT, _LINKS = "word/document.xml", "word/_rels/document.xml.rels"
# Element that marks a note → where the notes are.
_NOTES = {"footnoteReference": "word/footnotes.xml", "endnoteReference": "word/endnotes.xml"}
_NOTE = frozenset({"footnote", "endnote"})
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
_FIELD_LINK = re.compile(r'HYPERLINK\s+"([^"]{1,2000})"')
# Where a text has numbers in brackets of its own, its notes are numbered from here.
_OWN_NUMBERS, _FROM = re.compile(r"\[\d{1,3}(?:[,\u2010-\u2015-]\s*\d{1,3})*\]"), 101
_DAMAGED = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, expat.ExpatError, EOFError, NotImplementedError,
    LookupError, OSError, RuntimeError, ValueError,
)  # fmt: skip


def docx_text(content: bytes, name: str) -> str:
    """The text of a .docx, a paragraph a line. Raises :class:`InputError` with ``name`` when it cannot be read."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return "\n".join(_parts(archive, name))
    except _DAMAGED as error:
        raise InputError(
            f"is a damaged .docx ({error}): open it in a word processor and save it again", name
        ) from error


def _parts(archive: zipfile.ZipFile, name: str) -> list[str]:
    infos = {info.filename: info for info in archive.infolist()}
    if any(info.flag_bits & 1 for info in infos.values()) or "EncryptedPackage" in infos:
        raise InputError("is password-protected: save it without a password", name)
    if "word/document.xml" not in infos or len(infos) > limits.DOCX_MEMBERS:
        raise InputError("is an archive, not a .docx: give plain text, Markdown, HTML or .docx", name)
    links = _links(_bounded(archive, infos[_LINKS], name)) if _LINKS in infos else {}
    main = _Paragraphs(name, links)
    text = main.read(_bounded(archive, infos[_DOCUMENT], name))
    first = _FROM if _OWN_NUMBERS.search(text) else 1
    parts, number, marks = [text], first, {}
    for mark, part in _NOTES.items():
        if part in infos:
            notes = _Paragraphs(name, {})
            whole = notes.read(_bounded(archive, infos[part], name))
            if not notes.notes:
                parts.append(whole)
            order = [note for kind, note in main.marks if kind == mark and note in notes.notes]
            order += [note for note in notes.notes if note not in order]  # a mark that was deleted
            for note in dict.fromkeys(order):
                marks[mark, note] = number
                parts.append(f"{number}. {notes.notes[note]}")
                number += 1
    parts[0] = _MARK.sub(lambda m: f"[{marks[m.group(1), m.group(2)]}]" if m.groups() in marks else "", text)
    return ["\n\n".join(part for part in parts if part)]


def _no_doctype(*_: object) -> None:
    raise ValueError("it has entity definitions")


def _links(data: bytes) -> dict[str, str]:
    """Relation → the address that it links to."""
    found: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("Relationship") and len(found) < limits.DOCX_ELEMENTS:
            found[attributes.get("Id", "")] = attributes.get("Target", "")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.Parse(data, True)
    return found


def _bounded(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """One member, read no further than the limit: what an archive declares is not believed."""
    data = b""
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError("packed in a way that no word processor uses")
    if info.file_size <= limits.DOCX_PART:
        with archive.open(info) as member:
            data = member.read(limits.DOCX_PART + 1)
    if info.file_size > limits.DOCX_PART or len(data) > limits.DOCX_PART:
        raise InputError(
            f"unpacks to more than {limits.DOCX_PART // 1_000_000} MB, far more than a text would (a damaged or "
            "hostile .docx): copy its text into a new file",
            name,
        )
    return data


# A note's mark while the text is read: signs that no file can hold.
_MARK = re.compile("\x01(\\w+)\x02([^\x03]*)\x03")
_LONGEST_CODE = 4_000


def _mark(element: str, note: str) -> str:
    return f"\x01{element}\x02{note}\x03"


class _Paragraphs:
    """One pass over a part, without a tree: a text box inside a paragraph is a paragraph of its own after it.

    ``marks`` are the notes that are marked in it, in order, as ``(element, id)``; ``notes`` its notes' texts by id.
    """

    def __init__(self, name: str, links: dict[str, str]):
        self._name, self._elements, self._links = name, 0, links
        self.marks: list[tuple[str, str]] = []
        self.notes: dict[str, str] = {}
        self._note: tuple[str, int] | None = None  # the note that is read: its id, and where its lines begin
        self._address, self._code, self._is_code = "", "", False
        self._lines: list[list[str]] = []
        self._open: list[list[str]] = []  # the paragraphs that are being read, the innermost last
        self._text, self._height = False, ""
        self._skipped = 0  # how deep in a copy
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text, self._parser.buffer_size = True, 1 << 18
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data
        self._parser.StartDoctypeDeclHandler = self._doctype

    def read(self, data: bytes) -> str:
        self._parser.Parse(data, True)
        return "\n\n".join("".join(line) for line in self._lines)

    def _doctype(self, *_: object) -> None:
        raise InputError(
            "is a .docx with entity definitions, which no word processor writes: save it again", self._name
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > limits.DOCX_ELEMENTS:
            raise InputError(
                f"has more than {limits.DOCX_ELEMENTS:,} pieces, far more than a text would: copy its text into a new "
                "file",
                self._name,
            )
        if self._skipped or tag in _COPIES:
            self._skipped += 1
            return
        if not tag.startswith(_WORD):
            return
        kind = tag[len(_WORD) :]
        if kind == "p":
            line: list[str] = []
            self._lines.append(line)
            self._open.append(line)
        elif kind == "r":
            self._height = ""
        elif kind in _NOTE:
            self._note = (attributes.get(f"{_WORD}id", ""), len(self._lines))
        elif kind == "hyperlink":
            self._address = self._links.get(attributes.get(_RELATION, ""), "")
        elif kind == "vertAlign":
            self._height = attributes.get(f"{_WORD}val", "")
        elif kind == "instrText":
            self._is_code = True
        elif kind == "fldChar" and attributes.get(f"{_WORD}fldCharType") == "end":
            link = _FIELD_LINK.search(self._code)
            self._code = ""
            self._link(link.group(1) if link else "")
        elif kind in _NOTES and self._open:
            note = (kind, attributes.get(f"{_WORD}id", ""))
            self.marks.append(note)
            self._open[-1].append(_mark(*note))
        elif self._open:
            if kind == "t":
                self._text = True
                self._open[-1].append("")
            elif kind == "tab":
                self._open[-1].append(" ")
            elif kind in ("br", "cr"):
                self._open[-1].append("\n")

    def _end(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif tag == f"{_WORD}p":
            self._open.pop()
        elif tag == f"{_WORD}hyperlink":
            self._link(self._address)
            self._address = ""
        elif tag == f"{_WORD}instrText":
            self._is_code = False
        elif self._note and tag in (f"{_WORD}footnote", f"{_WORD}endnote"):
            text = " ".join("".join(line) for line in self._lines[self._note[1] :]).strip()
            if text:
                self.notes[self._note[0]] = text
            self._note = None
        elif tag == f"{_WORD}t" and self._text:
            self._text = False
            if self._height in _HEIGHTS and self._open:
                line = self._open[-1]
                line[-1] = _HEIGHTS[self._height](line[-1], "".join(line[-3:-1]))

    def _link(self, address: str) -> None:
        """Put the address of a paper behind the words that link to it, unless they are that address."""
        if self._open and LINK_TO_A_PAPER.search(address) and address not in "".join(self._open[-1][-40:]):
            self._open[-1].append(f" ({address})")

    def _data(self, text: str) -> None:
        if self._is_code:
            self._code = (self._code + text)[:_LONGEST_CODE]
        elif self._text and not self._skipped and self._open:
            self._open[-1][-1] += text
