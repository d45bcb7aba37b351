"""Cuts an efetch answer into its elements without reading them, and says when it is not one.

Works on bytes with a window of one record and one chunk, so an answer of any size costs the same memory.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from evidence.errors import TryLater

CHUNK = 1 << 18
# The largest real records (thousands of authors) are near 8 MB; beyond this it is no record.
LARGEST_RECORD = 24 << 20
_PROLOG_LIMIT = 64 << 10

# The first element, comments and declarations passed over; a comment that does not end takes the rest with it.
_ROOT = re.compile(rb"<!--(?:.*?-->|.*)|<(?![?!])([A-Za-z_][\w.:-]*)[^>]*?(/?)>", re.S)
_ROOTS = frozenset((b"PubmedArticleSet", b"PubmedBookArticleSet"))
_MARK = re.compile(
    rb"<(?:(PubmedArticle|PubmedBookArticle|DeleteCitation|DeleteDocument|ERROR)(?:\s[^>]*)?(/?)>"
    rb"|(/?)(PubmedArticleSet|PubmedBookArticleSet)(?:\s[^>]*)?(/?)>|(!--))"
)
_LONGEST_MARK = 256
_DECLARATIONS = re.compile(rb"<\?.*?\?>|<!DOCTYPE[^<>]*>|\xef\xbb\xbf", re.S)
_BEGUN = re.compile(rb"<\?xml|<!DOCTYPE")
_HALF_A_TAG = re.compile(rb"<[!?/A-Za-z]*")
_SHOWN = 2000
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)""")
_UTF8 = frozenset((b"utf-8", b"utf8", b"us-ascii", b"ascii"))


class AnswerError(TryLater):
    """What came is not the answer that was asked for; asking again may help."""


class TruncatedAnswer(AnswerError):
    """The answer ends before its root element does; what was read until then is whole."""


class _Window:
    """Bytes of a source from the last cut on, grown when more are needed."""

    def __init__(self, source: bytes | BinaryIO):
        self._stream = None if isinstance(source, bytes) else source
        self.data = source if isinstance(source, bytes) else b""

    @property
    def streams(self) -> bool:
        """Whether what was read may be dropped, as more comes from a stream."""
        return self._stream is not None

    def grow(self) -> bool:
        try:
            chunk = self._stream.read(CHUNK) if self._stream else b""
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:  # a compressed file that was cut or damaged
            raise TruncatedAnswer(f"the compressed answer is not whole ({error})") from error
        self.data += chunk
        return bool(chunk)

    def drop(self, count: int) -> None:
        if self._stream:
            self.data = self.data[count:]


def cut_answer(source: bytes | BinaryIO) -> Iterator[tuple[str, bytes]]:
    """``(element name, its bytes)`` for each record and deletion of an answer, of several sets one after another too.

    What stands in a comment is no record; what stands between two sets and is neither comes with the name ``""``.
    See ``read_article_set`` for errors.
    """
    window = _Window(source)
    position, empty = _enter_root(window)
    inside, between = not empty, b""
    while True:
        mark = _MARK.search(window.data, position)
        if mark is None:
            keep = max(position, len(window.data) - _LONGEST_MARK)
            between += b"" if inside else window.data[position:keep][:_SHOWN]
            dropped = keep if window.streams else 0
            window.drop(dropped)
            position = keep - dropped
            if window.grow():
                continue
            if inside:
                raise TruncatedAnswer("the answer ends before </PubmedArticleSet>")
            yield from _strays(between + window.data[position:], at_end=True)
            return
        if not inside:
            yield from _strays(between + window.data[position : mark.start()])
            between = b""
        name = mark.group(1)
        if mark.group(6):
            position = _find_end(window, b"-->", mark.start(), mark.end(), "a comment")
            continue
        if mark.group(4):
            inside = not (mark.group(3) or mark.group(5))
            position = mark.end()
            continue
        if name == b"ERROR":
            raise AnswerError(f"PubMed answered with an error: {_error_text(window.data[mark.start() :])}")
        if mark.group(2):
            position = mark.end()
            continue
        start = mark.start()
        end = _record_end(window, b"</" + name + b">", start, mark.end())
        yield name.decode(), window.data[start:end]
        if window.streams and end > CHUNK // 2:
            window.drop(end)
            end = 0
        position = end


def _strays(between: bytes, at_end: bool = False) -> Iterator[tuple[str, bytes]]:
    """What stands between two sets and is no declaration. Raises :class:`TruncatedAnswer` where a set was to follow."""
    rest = _DECLARATIONS.sub(b"", between).strip()
    if at_end and (_BEGUN.match(between.strip()) or _HALF_A_TAG.fullmatch(rest)):
        raise TruncatedAnswer("the answer ends before its next PubmedArticleSet")
    if rest:
        yield "", rest


def _record_end(window: _Window, closing: bytes, start: int, position: int) -> int:
    """After the closing tag of the record at ``start``; one in a comment does not close it."""
    while True:
        end = _find_end(window, closing, start, position, "a record")
        if window.data.find(b"<!--", start, end) < 0:
            return end
        if window.data.find(b"-->", window.data.rfind(b"<!--", start, end), end) >= 0:
            return end
        position = _find_end(window, b"-->", start, end, "a comment")


def _find_end(window: _Window, closing: bytes, start: int, position: int, what: str) -> int:
    while (found := window.data.find(closing, position)) < 0:
        if len(window.data) - start > LARGEST_RECORD:
            raise AnswerError(f"{what} in the answer is longer than {LARGEST_RECORD >> 20} MB")
        position = max(position, len(window.data) - len(closing))
        if not window.grow():
            raise TruncatedAnswer(f"the answer ends in the middle of {what}")
    return found + len(closing)


def _enter_root(window: _Window) -> tuple[int, bool]:
    """Position after the root's opening tag, and whether the root is empty. Refuses whatever is not an article set."""
    if not window.data:
        window.grow()
    while (root := _find_root(window.data)) is None and len(window.data) < _PROLOG_LIMIT and window.grow():
        pass
    head = window.data[:_PROLOG_LIMIT].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        raise TruncatedAnswer("the answer is empty")
    _check_prolog(head, root)
    assert root is not None
    return root.end(), bool(root.group(2))


def _find_root(data: bytes) -> re.Match[bytes] | None:
    return next((found for found in _ROOT.finditer(data, 0, _PROLOG_LIMIT) if found.group(1)), None)


def _check_prolog(head: bytes, root: re.Match[bytes] | None) -> None:
    if not head.startswith(b"<"):
        raise AnswerError(f"the answer is not XML; it begins {shown(head)}")
    encoding = _ENCODING.match(head)
    if encoding and encoding.group(1).lower() not in _UTF8:
        raise AnswerError(f"the answer declares the encoding {encoding.group(1).decode()}, not UTF-8")
    if b"<!ENTITY" in head[: root.start() if root else None]:
        raise AnswerError("the answer declares entities, which PubMed's never do")
    if root is None:
        raise TruncatedAnswer("the answer ends before its root element")
    if root.group(1) not in _ROOTS:
        if b"<ERROR>" in head:
            raise AnswerError(f"PubMed answered with an error: {_error_text(head[head.index(b'<ERROR>') :])}")
        name = root.group(1).decode()
        what = "an HTML page" if name.lower() == "html" else f"<{name}>"
        raise AnswerError(f"the answer is {what}, not a PubmedArticleSet")


def _error_text(data: bytes) -> str:
    return shown(re.sub(rb"<[^>]*>", b" ", data[:500].split(b"</ERROR>")[0]))


def shown(data: bytes) -> str:
    """The beginning of what came, on one line."""
    return " ".join(data[:200].decode("utf-8", "replace").split())[:120]
