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
# The largest real records (thousands of authors) are near 5 MB; beyond this it is no record.
LARGEST_RECORD = 32 << 20
_PROLOG_LIMIT = 64 << 10

_ROOT = re.compile(rb"<(?![?!])([A-Za-z_][\w.:-]*)[^>]*?(/?)>")
_ROOTS = frozenset((b"PubmedArticleSet", b"PubmedBookArticleSet"))
_MARK = re.compile(
    rb"<(PubmedArticle|PubmedBookArticle|DeleteCitation|DeleteDocument|ERROR)(?:\s[^>]*)?(/?)>"
    rb"|</(PubmedArticleSet|PubmedBookArticleSet)\s*>"
)
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
    """``(element name, its bytes)`` for each record and deletion of an answer. See ``read_article_set`` for errors."""
    window = _Window(source)
    position, empty = _enter_root(window)
    if empty:
        return
    while True:
        mark = _MARK.search(window.data, position)
        if mark is None:
            keep = max(position, len(window.data) - 256)
            dropped = keep if window._stream else 0
            window.drop(dropped)
            position = keep - dropped
            if not window.grow():
                raise TruncatedAnswer("the answer ends before </PubmedArticleSet>")
            continue
        if mark.group(3):
            return
        name = mark.group(1)
        if name == b"ERROR":
            raise AnswerError(f"PubMed answered with an error: {_error_text(window.data[mark.start() :])}")
        if mark.group(2):
            position = mark.end()
            continue
        start = mark.start()
        end = _find_end(window, b"</" + name + b">", start, mark.end())
        yield name.decode(), window.data[start:end]
        if window._stream and end > CHUNK // 2:
            window.drop(end)
            end = 0
        position = end


def _find_end(window: _Window, closing: bytes, start: int, position: int) -> int:
    while (found := window.data.find(closing, position)) < 0:
        if len(window.data) - start > LARGEST_RECORD:
            raise AnswerError(f"a record in the answer is longer than {LARGEST_RECORD >> 20} MB")
        position = max(position, len(window.data) - len(closing))
        if not window.grow():
            raise TruncatedAnswer("the answer ends in the middle of a record")
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
    return _ROOT.search(data, 0, _PROLOG_LIMIT)


def _check_prolog(head: bytes, root: re.Match[bytes] | None) -> None:
    if not head.startswith(b"<"):
        raise AnswerError(f"the answer is not XML; it begins {_shown(head)}")
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
    return _shown(re.sub(rb"<[^>]*>", b" ", data[:500].split(b"</ERROR>")[0]))


def _shown(data: bytes) -> str:
    return " ".join(data[:200].decode("utf-8", "replace").split())[:120]
