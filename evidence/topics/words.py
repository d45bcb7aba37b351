"""Words of a text as a search compares them: no case, no accents, every other sign a blank.

Greek letters are read as their names (``TNF-α`` → ``tnf alpha``), as PubMed's index has them. One table serves the
texts of records and their raw bytes alike, so that what is looked for in bytes can miss no word of a text.
"""

from __future__ import annotations

import codecs
import unicodedata

from evidence.bibliography.normal import plain

# Signs that stand inside a word without parting it: soft hyphen, joiners, invisible operators of MathML.
_JOINERS = frozenset("\u00ad\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff")


class _Fold(dict[int, str]):
    """For ``str.translate``: each character as letters and figures in lower case, or a blank; filled as asked."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character in _JOINERS or unicodedata.category(character) in ("Mn", "Me"):
            folded = ""
        else:
            folded = "".join(sign if sign.isalnum() else " " for sign in plain(character)) or " "
        self[code] = folded
        return folded


FOLD = _Fold()


def words_of(text: str) -> list[str]:
    """``Closed-loop SCS (β)`` → ``["closed", "loop", "scs", "beta"]``."""
    return text.translate(FOLD).split()


def line_of(text: str) -> str:
    """The words of a text between single blanks, one at each end: `` closed loop ``; a blank when there are none."""
    return f" {' '.join(words_of(text))} "


def _fold_run(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    folded = "".join([FOLD[ord(sign)] for sign in error.object[error.start : error.end]])
    return (folded if folded.isascii() else "".join(s if s.isascii() else " " for s in folded)), error.end


codecs.register_error("evidence.topics.fold", _fold_run)


def folded_bytes(text: str) -> bytes:
    """A text with each sign beyond ASCII as :data:`FOLD` has it, ASCII as it is; letters that have none are blanks.

    A codec's error handler: it is called for what is not ASCII only, and costs 3 µs for a record.
    """
    return text.encode("ascii", "evidence.topics.fold")
