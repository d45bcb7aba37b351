"""Elements of HTML and MathML, as lxml has them, to text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from evidence.markup.scripts import APART, LOWERED, ON_LINE, RAISED, Piece, join_pieces

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_LEVELS = {"sup": RAISED, "sub": LOWERED, "inf": LOWERED}
_SPECIAL = (*_LEVELS, f"{_MATHML}math", "math")
_SKIPPED = frozenset(("annotation", "annotation-xml", "mphantom", "none", "mprescripts"))
_TOKENS = frozenset(("mi", "mn", "mo", "mtext", "ms"))
# Operators that are not printed; times and separators between two numbers leave a blank.
_INVISIBLE = str.maketrans({"\u2061": "", "\u2062": "", "\u2063": "", "\u2064": ""})
_SEVERAL = re.compile(r"[\s+\-\u2212\u00b1=/*\u00d7\u00b7<>]")
_WORDLIKE = re.compile(r"[^\W_]")


def element_text(element: Any) -> str:
    """All text of an element in order, inline markup gone, raised and lowered figures kept apart; blanks as they are.

    ``element`` is lxml's. MathML becomes a line: ``1/2``, ``10²``, ``√(a+b)``; its annotations are left out.
    """
    if next(element.iter(_SPECIAL), None) is None:
        return "".join(element.itertext())
    return join_pieces(list(_pieces(element, ON_LINE)))


def _pieces(element: Any, level: int) -> Iterator[Piece]:
    if element.text:
        yield Piece(element.text, level)
    for child in element:
        tag, level_of_tail = child.tag, level
        if isinstance(tag, str):  # no comment
            if tag.rpartition("}")[2] == "math":
                yield from math_pieces(child)
                level_of_tail = APART if level == ON_LINE else level
            else:
                yield from _pieces(child, _LEVELS.get(tag, level))
        if child.tail:
            yield Piece(child.tail, level_of_tail)


def math_pieces(element: Any) -> list[Piece]:
    """A MathML element as pieces. The parser bounds how deep elements nest, and so how deep this goes."""
    name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    if name in _TOKENS:
        return [Piece(" ".join("".join(element.itertext()).translate(_INVISIBLE).split()), APART)]
    if not name or name in _SKIPPED:
        return []
    if name == "mspace":
        return [Piece(" ")]
    children = [child for child in element if isinstance(child.tag, str)]
    read = _CONSTRUCTS.get(name)
    if read is not None and children:
        return read(children, element)
    if not children:
        return [Piece((element.text or element.get("alttext", "")).strip())]
    return _row(children)


def _row(children: list[Any]) -> list[Piece]:
    return [piece for child in children for piece in math_pieces(child)]


def _text(element: Any) -> str:
    return join_pieces(math_pieces(element)).strip()


def _grouped(text: str) -> str:
    """In brackets, where an operator would else bind wrongly."""
    return f"({text})" if _SEVERAL.search(text.lstrip("-\u2212+")) and not _is_bracketed(text) else text


def _is_bracketed(text: str) -> bool:
    return text.startswith("(") and text.find(")") == len(text) - 1


def _fraction(children: list[Any], element: Any) -> list[Piece]:
    parts = [_grouped(_text(child)) for child in children[:2]]
    if element.get("linethickness", "1")[:1] == "0":  # a binomial coefficient
        return [Piece(f"({' '.join(parts)})")]
    return [Piece("/".join(parts), APART)]


def _exponent(base: list[Piece], text: str) -> Piece:
    """A raised text; letters on a base of their own are an exponent, which ``x^n`` keeps apart."""
    has_base = any(piece.text.strip() for piece in base)
    if has_base and _WORDLIKE.search(text) and not any(c.isdigit() for c in text):
        return Piece("^" + _grouped(text))
    return Piece(text, RAISED)


def _raised(children: list[Any], element: Any) -> list[Piece]:
    base = math_pieces(children[0])
    return [*base, *(_exponent(base, _text(child)) for child in children[1:2])]


def _lowered(children: list[Any], element: Any) -> list[Piece]:
    return [*math_pieces(children[0]), *(Piece(_text(child), LOWERED) for child in children[1:2])]


def _both(children: list[Any], element: Any) -> list[Piece]:
    base = math_pieces(children[0])
    lowered = [Piece(_text(child), LOWERED) for child in children[1:2]]
    return [*base, *lowered, *(_exponent(base, _text(child)) for child in children[2:3])]


def _before_and_after(children: list[Any], element: Any) -> list[Piece]:
    """``mmultiscripts``: the base, pairs of scripts, and after ``mprescripts`` the pairs that stand before it."""
    names = [child.tag.rpartition("}")[2] for child in children]
    cut = names.index("mprescripts") if "mprescripts" in names else len(children)
    scripts = [[Piece(_text(child), LOWERED if n % 2 == 0 else RAISED) for n, child in enumerate(part)]
               for part in (children[cut + 1 :], children[1:cut])]  # fmt: skip
    return [*scripts[0], *math_pieces(children[0]), *scripts[1]]


def _root(children: list[Any], element: Any) -> list[Piece]:
    return [Piece("√" + _grouped(join_pieces(_row(children)).strip()))]


def _nth_root(children: list[Any], element: Any) -> list[Piece]:
    return [*(Piece(_text(child), RAISED) for child in children[1:2]), Piece("√" + _grouped(_text(children[0])))]


def _fenced(children: list[Any], element: Any) -> list[Piece]:
    separator = (element.get("separators", ",").strip() or " ")[0]
    inside = separator.join(_text(child) for child in children)
    return [Piece(element.get("open", "(") + inside + element.get("close", ")"))]


def _first(children: list[Any], element: Any) -> list[Piece]:
    """``semantics`` and ``maction``: the others say the same again."""
    return math_pieces(children[0])


def _table(children: list[Any], element: Any) -> list[Piece]:
    return [Piece("; ".join(_text(child) for child in children))]


def _cells(children: list[Any], element: Any) -> list[Piece]:
    return [Piece(", ".join(_text(child) for child in children))]


_CONSTRUCTS = {
    "mfrac": _fraction, "msup": _raised, "mover": _raised, "msub": _lowered, "munder": _lowered, "msubsup": _both,
    "munderover": _both, "mmultiscripts": _before_and_after, "msqrt": _root, "mroot": _nth_root, "mfenced": _fenced,
    "semantics": _first, "maction": _first, "mtable": _table, "mtr": _cells, "mlabeledtr": _cells,
}  # fmt: skip
