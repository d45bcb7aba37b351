"""The text of a .docx: paragraphs, then its footnotes and endnotes. Nothing of the archive is believed or resolved."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from xml.parsers import expat

from evidence import limits
from evidence.errors import InputError
from evidence.exchange.draft_marks import lowered, raised

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
# What is there a second time: a text box for old programs, and how words looked before a tracked change.
_HEIGHTS = {"superscript": raised, "subscript": lowered}
_COPIES = frozenset({
    "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback", f"{_WORD}rPrChange", f"{_WORD}pPrChange",
})  # fmt: skip
_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
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
    return [_Paragraphs(name).read(_bounded(archive, infos[part], name)) for part in _PARTS if part in infos]


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


class _Paragraphs:
    """One pass over a part, without a tree: a text box inside a paragraph is a paragraph of its own after it."""

    def __init__(self, name: str):
        self._name, self._elements = name, 0
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
        elif kind == "vertAlign":
            self._height = attributes.get(f"{_WORD}val", "")
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
        elif tag == f"{_WORD}t" and self._text:
            self._text = False
            if self._height in _HEIGHTS and self._open:
                line = self._open[-1]
                line[-1] = _HEIGHTS[self._height](line[-1], "".join(line[-3:-1]))

    def _data(self, text: str) -> None:
        if self._text and not self._skipped and self._open:
            self._open[-1][-1] += text
