"""Text with inline markup (HTML, JATS, MathML, character references) to plain text; bottom layer, pure.

plain_markup("Ca<sup>2+</sup> at 10<sup>3</sup> Hz, p&lt;0.05")   -> "Ca2+ at 10³ Hz, p<0.05"
headed_parts("<jats:title>Methods</jats:title><jats:p>We …</jats:p>") -> [("Methods", "We …")]
element_text(element)                                             -> the same for an lxml element
"""

from evidence.markup.elements import element_text
from evidence.markup.scripts import LOWERED, RAISED, SCRIPT_FIGURES, Piece, join_pieces, script_text
from evidence.markup.tags import decode_references, headed_parts, is_only_abstract, plain_markup

__all__ = [
    "LOWERED",
    "RAISED",
    "SCRIPT_FIGURES",
    "Piece",
    "decode_references",
    "element_text",
    "headed_parts",
    "is_only_abstract",
    "join_pieces",
    "plain_markup",
    "script_text",
]
