"""Bytes of an exported file to text: gzip, byte order marks, UTF-16, Windows code pages, and what is no text at all."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO

from evidence import limits
from evidence.errors import InputError

# A compressed file that grows beyond this is an attack or a mistake; PubMed's largest real files are 250 MB.
LARGEST_TEXT = 1 << 30

CHUNK = 1 << 20
# Of a text in no known encoding: what its encoding is guessed from.
_MOST_GUESSED = 50_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an Office document: export the references as CSV or RIS"),
    (b"SQLite format 3", "a database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\xd0\xcf\x11\xe0", "an Office document: export the references as CSV or RIS"),
    (b"\x7fELF", "a program"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# Multi-byte code pages that databases in East Asia export; trusted only when the guess is clean.
_MULTIBYTE = frozenset(("gb18030", "gbk", "gb2312", "big5", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949"))


def text_of_file(data: bytes) -> tuple[str, str | None]:
    """The text, line ends as ``\\n``, and a reason when the compressed file is cut short (the text until there).

    Raises :class:`InputError` when it is no text.
    """
    cut = None
    if data[:2] == b"\x1f\x8b":
        data, cut = _gunzip(data)
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise InputError(f"this is {what}, not a file of references")
    text = _decode(data)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    start = text[:20000]
    if len(_CONTROL.findall(start)) > len(start) // 50:
        raise InputError("this is a binary file, not a file of references")
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text, cut


def checked_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks of a file as they come. Raises :class:`InputError` at a line beyond :data:`limits.IMPORT_LINE`."""
    length = line = 0
    for chunk in chunks:
        end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        length = len(chunk) - end - 1 if end >= 0 else length + len(chunk)
        line += chunk.count(b"\n")
        if length > limits.IMPORT_LINE:
            raise InputError(
                f"a line has more than {limits.IMPORT_LINE // 1_000_000} MB: this is no file of references, or one "
                "that must be given in parts",
                line=line + 1,
            )
        yield chunk


class _Damaged(Exception):
    """A compressed file that cannot be read further, after something that could."""


def _gunzip(data: bytes) -> tuple[bytes, str | None]:
    whole = BytesIO()
    try:
        for part in checked_lines(_unzipped(data)):
            if whole.tell() + len(part) > LARGEST_TEXT:
                raise InputError(f"the compressed file holds more than {LARGEST_TEXT >> 20} MB")
            whole.write(part)
    except _Damaged as damage:
        return whole.getvalue(), str(damage)
    return whole.getvalue(), None


def _unzipped(data: bytes) -> Iterator[bytes]:
    """What the members of a gzip file hold. Raises :class:`_Damaged`, or :class:`InputError` in the first of them."""
    members = 0
    while data:
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            try:
                part = member.decompress(data, CHUNK)
            except zlib.error as error:
                reason = f"the compressed file is damaged ({error})"
                raise _Damaged(reason) if members else InputError(reason) from error
            data = member.unconsumed_tail
            if part:
                yield part
            elif not data and not member.eof:
                raise _Damaged("the compressed file ends early: it was not copied whole")
        members += 1
        data = member.unused_data.lstrip(b"\x00")


def _decode(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    sample = data[:4000]
    if len(sample) > 8 and sample.count(0) > len(sample) // 4:
        encoding = "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
        text = data.decode(encoding, "replace")
        if text[:1000].isprintable() or "\n" in text[:4000]:
            return text
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(data)


def _decode_legacy(data: bytes) -> str:
    """Not UTF-8: line by line, as exports joined by hand mix encodings; Windows-1252 where a line is not UTF-8."""
    lines = data.split(b"\n")
    foreign = [line for line in lines if not line.isascii()]
    valid = sum(1 for line in foreign if _is_utf8(line))
    if valid * 2 < len(foreign):
        from charset_normalizer import from_bytes  # 40 ms to load, and hardly ever needed

        sample = b"\n".join(foreign[:200])
        if len(sample) > _MOST_GUESSED:  # to the end of a line or word, as half a character is none
            sample = sample[: max(sample.rfind(sign, 1, _MOST_GUESSED) for sign in (b"\n", b" ")) or _MOST_GUESSED]
        guess = from_bytes(sample).best()
        if guess is not None and guess.encoding in _MULTIBYTE and guess.percent_coherence > 20:
            return data.decode(guess.encoding, "replace")
    return "\n".join(line.decode("utf-8") if _is_utf8(line) else _windows(line) for line in lines)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _windows(line: bytes) -> str:
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")
