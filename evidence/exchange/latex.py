"""LaTeX as it stands in reference files, to plain text: never an error, whatever it holds, in one pass.

Exports mix LaTeX with plain text, so a bare ``%`` is a percent sign, ``&`` an ampersand and ``$20`` money. A command
without a known meaning gives the text of its arguments; one without arguments stays as printed (``\\aap``), to be seen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from pylatexenc.latex2text import get_default_latex_context_db

from evidence.markup.scripts import LOWERED, RAISED, Piece, join_pieces

_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z@]+)\*?(?P<blank>\s*)|\\(?P<sign>[\s\S]|$)|(?P<special>[{}$^_~])"
    r"|(?P<ligature>``|''|---?|!`|\?`)|(?P<text>[^\\{}$^_~`'\-!?]+|[\s\S])"
)
_OPTION = re.compile(r"\s*\[[^\[\]{}]{0,200}\]")
_BLANKS = re.compile(r"\s*")
_COMMAND = re.compile(r"\\[A-Za-z]")
_DEEPEST = 60  # groups in groups; braces below this are dropped, their text stays

_LIGATURES = {"``": "“", "''": "”", "---": "—", "--": "–", "!`": "¡", "?`": "¿"}
_ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323", "b": "\u0331", "r": "\u030a",
    "k": "\u0328", "h": "\u0309", "G": "\u030f", "U": "\u030e", "f": "\u0311", "t": "", "newtie": "",
    "bar": "\u0304", "overline": "\u0305", "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303",
    "widetilde": "\u0303", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308", "acute": "\u0301", "grave": "\u0300",
    "check": "\u030c", "breve": "\u0306", "mathring": "\u030a", "underline": "", "ring": "\u030a",
}  # fmt: skip
_WITHOUT_LETTER = {"'": "'", "`": "`", "^": "^", '"': '"', "~": "~", "=": "", ".": ""}
_SIGNS = {sign: sign for sign in "{}$&%#_"} | {
    ",": " ", ";": " ", ":": " ", ">": " ", " ": " ", "\n": " ", "\t": " ", "\\": " ",
    "!": "", "-": "", "/": "", "@": "", "(": "", ")": "", "[": "", "]": "", "": "\\", "|": "‖", "+": "",
}  # fmt: skip
# Commands that are a character, beyond pylatexenc's table.
_CHARACTERS = {
    "euro": "€", "EUR": "€", "EURtm": "€", "pounds": "£", "copyright": "©", "degree": "°", "celsius": "°C",
    "degreeCelsius": "°C", "micro": "µ", "permil": "‰", "ohm": "Ω", "No": "№", "lt": "<", "gt": ">",
    "textless": "<", "textgreater": ">", "textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^",
    "textasciitilde": "~", "textbackslash": "\\", "textunderscore": "_", "textbar": "|", "slash": "/",
    "textquotedbl": '"', "textquotesingle": "'", "textquoteright": "’", "textquoteleft": "‘", "glqq": "„",
    "grqq": "“", "glq": "‚", "grq": "‘", "flqq": "«", "frqq": "»", "flq": "‹", "frq": "›", "nobreakspace": " ",
    "textvisiblespace": " ", "textperiodcentered": "·", "space": " ", "enspace": " ", "quad": " ", "qquad": " ",
    "thinspace": " ", "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "par": " ", "newline": " ", "item": " • ",
    "circ": "°", "prime": "′", "dprime": "″", "ast": "*", "mid": "|", "vert": "|", "colon": ":", "SS": "SS",
    "lbrack": "[", "rbrack": "]", "textsection": "§", "S": "§", "P": "¶", "percent": "%", "textdollar": "$",
    "i": "ı", "j": "ȷ", "and": "and", "textcelsius": "°C", "textordfeminine": "ª", "textordmasculine": "º",
    "textasteriskcentered": "*", "textbullet": "•", "leqslant": "≤", "geqslant": "≥", "lesssim": "≲", "gtrsim": "≳",
    "log": "log", "ln": "ln", "exp": "exp", "min": "min", "max": "max", "sin": "sin", "cos": "cos", "lim": "lim",
    # siunitx
    "kilo": "k", "milli": "m", "mega": "M", "centi": "c", "nano": "n", "deci": "d", "hertz": "Hz", "ampere": "A",
    "volt": "V", "second": "s", "gram": "g", "metre": "m", "meter": "m", "per": "/", "minute": "min", "hour": "h",
    "day": "d", "litre": "L", "liter": "L", "watt": "W", "pascal": "Pa", "joule": "J", "tesla": "T", "newton": "N",
}  # fmt: skip
# Commands that change how text looks and are none themselves; what follows is read as it stands.
_NOTHING = frozenset(
    "bf it rm sf tt sc sl em bfseries itshape rmfamily sffamily ttfamily scshape slshape upshape mdseries normalfont"
    " tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge centering raggedright raggedleft"
    " noindent sloppy displaystyle textstyle scriptstyle left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr"
    " limits nolimits relax protect unskip ignorespaces boldmath unboldmath fi else mathstrut strut xspace allowbreak"
    " nobreak linebreak newblock smallskip medskip bigskip nonumber hfill vfill leavevmode null maketitle break mathop"
    " mathrel mathbin mathord mathopen mathclose mathpunct nonumber bgroup egroup begingroup endgroup".split()
)
# How many first arguments of a command are no text: an address, a colour, a length.
_DROPPED = {
    "href": 1, "textcolor": 1, "color": 1, "colorbox": 1, "hspace": 1, "vspace": 1, "label": 1, "begin": 1, "end": 1,
    "phantom": 1, "hphantom": 1, "vphantom": 1, "noopsort": 1, "includegraphics": 1, "texorpdfstring": 1,
    "foreignlanguage": 1, "selectlanguage": 1, "bibinfo": 1, "bibfield": 1, "raisebox": 1, "scalebox": 1,
    "fontsize": 2, "rule": 2, "hyperlink": 1, "hypertarget": 1, "fontencoding": 1, "fontfamily": 1, "parbox": 1,
    "setlength": 2, "index": 1, "SortNoop": 1, "sortnoop": 1, "switchargs": 0, "pagestyle": 1, "bibnamefont": 0,
}  # fmt: skip
_AROUND = {
    "footnote": (" (", ")"), "thanks": (" (", ")"), "enquote": ("“", "”"), "mkbibquote": ("“", "”"),
    "mkbibparens": ("(", ")"), "mkbibbrackets": ("[", "]"), "sqrt": ("√", ""), "binom": ("", ""),
}  # fmt: skip
_SCRIPTS = {
    "textsuperscript": RAISED, "textsubscript": LOWERED, "textsu": LOWERED, "sp": RAISED, "sb": LOWERED,
    "up": RAISED, "mkbibsuperscript": RAISED, "textinferior": LOWERED, "fup": RAISED,
}  # fmt: skip
_FRACTIONS = frozenset(("frac", "nicefrac", "sfrac", "tfrac", "dfrac", "textfrac", "cfrac"))
_TWO_ARGUMENTS = frozenset(("SI", "qty"))
_CITATION = re.compile(r"(?:[a-zA-Z]{0,6})?[cC]ite[a-zA-Z]{0,12}$")
_VERBATIM = frozenset(("url", "path", "nolinkurl", "doi", "verb"))


def plain_text(value: str) -> str:
    """A field's text without LaTeX, blanks single."""
    if not re.search(r"[\\{}$~`'\-!?]", value):
        return " ".join(value.split())
    return " ".join(_Reader(value).text().split())


def address_text(value: str) -> str:
    """An identifier or address without LaTeX's escapes: ``10.5555/ps\\_2019{\\_}1`` → ``10.5555/ps_2019_1``."""
    if not re.search(r"[\\{}$]", value):
        return value.strip()
    return " ".join(_Reader(value, verbatim=True).text().split())


class _Reader:
    """Reads tokens one by one; a group or an argument is read by the same reader, one level down."""

    def __init__(self, source: str, verbatim: bool = False):
        self.source, self.position, self.depth, self.verbatim = source, 0, 0, verbatim
        self.math = False
        self._closing_dollar = -1
        self._found: dict[str, tuple[int, int]] = {}

    def text(self) -> str:
        pieces: list[Piece] = []
        while self.position < len(self.source):
            pieces += self._group()  # a closing brace without its opening one ends nothing
        return join_pieces(pieces)

    # -- groups and arguments ------------------------------------------------------------------------------------

    def _group(self) -> list[Piece]:
        """Pieces until the brace that closes this group, or the end."""
        pieces: list[Piece] = []
        while self.position < len(self.source):
            found = _TOKEN.match(self.source, self.position)
            assert found is not None
            self.position = found.end()
            if found["special"] == "}":
                break
            pieces += self._token(found)
        return pieces

    def _token(self, found: re.Match[str]) -> list[Piece]:
        kind = found.lastgroup
        if kind == "text":
            return [Piece(found.group())]
        if kind == "blank":
            return self._command(found["word"], found["blank"])
        if kind == "sign":
            return self._sign(found["sign"])
        if kind == "special":
            return self._special(found.group(), found.start())
        ligature = found.group()
        return [Piece(ligature if self.verbatim or self.math else _LIGATURES[ligature])]

    def _special(self, special: str, start: int) -> list[Piece]:
        if special == "{":
            if self.depth >= _DEEPEST:
                return []
            self.depth += 1
            pieces = self._group()
            self.depth -= 1
            return pieces
        if special == "$":
            return self._dollar(start)
        if special in "^_":
            if not self.math or self.verbatim:
                return [Piece(special)]
            text = join_pieces(self._argument()).strip()
            return [Piece("°" if text == "°" else text, RAISED if special == "^" else LOWERED)]
        return [Piece(special if self.verbatim or self._is_about(start) else " ")]

    def _is_about(self, start: int) -> bool:
        """Whether ``~`` stands for "about" (``~50%``), not for a blank that ties two words."""
        return (start == 0 or self.source[start - 1] in " (\n") and self.source[start + 1 : start + 2].isdigit()

    def _argument(self) -> list[Piece]:
        """A group in braces, or the next sign or command."""
        blank = _BLANKS.match(self.source, self.position)
        self.position = blank.end() if blank else self.position
        found = _TOKEN.match(self.source, self.position)
        if found is None or found["special"] == "}" or self.depth >= _DEEPEST:
            return []
        if found["text"] or found["ligature"]:
            self.position += 1
            return [Piece(found.group()[0])]
        self.position = found.end()
        self.depth += 1
        pieces = self._token(found)
        self.depth -= 1
        return pieces

    def _argument_text(self) -> str:
        return join_pieces(self._argument()).strip()

    def _find(self, what: str, start: int) -> int:
        """Where ``what`` stands next, -1 when it does not; looked up once for all places before it."""
        known = self._found.get(what)
        if known is None or start < known[0] or 0 <= known[1] < start:
            known = self._found[what] = (start, self.source.find(what, start))
        return known[1]

    # -- commands ------------------------------------------------------------------------------------------------

    def _sign(self, sign: str) -> list[Piece]:
        if sign in _ACCENTS:
            return self._accent(sign)
        if sign in "([":
            self.math = True
        elif sign in ")]":
            self.math = False
        return [Piece(_SIGNS.get(sign, sign))]

    def _accent(self, name: str) -> list[Piece]:
        pieces = self._argument()
        letters = join_pieces(pieces).lstrip()
        if not letters:
            return [Piece(_WITHOUT_LETTER.get(name, ""))]
        base = {"ı": "i", "ȷ": "j"}.get(letters[0], letters[0])
        return [Piece(unicodedata.normalize("NFC", base + _ACCENTS[name]) + letters[1:])]

    def _command(self, name: str, blank: str) -> list[Piece]:
        special = _HANDLERS.get(name)
        if special is not None:
            return special(self, name)
        if name in _ACCENTS:
            return self._accent(name)
        if name in _NOTHING:
            if name in ("left", "right") and self.source.startswith(".", self.position):
                self.position += 1
            return []
        if _CITATION.match(name):
            self._options()
            return [Piece(f"[{self._argument_text()}]")]
        character = character_of(name)
        if character is not None:
            return [Piece(character + (blank if self.math and not character[-1:].isalpha() else ""))]
        self._options()
        if self.source.startswith("{", self.position):
            return []  # its arguments are groups, and give their text
        return [Piece(f"\\{name}{blank}")]

    def _options(self) -> None:
        while option := _OPTION.match(self.source, self.position):
            self.position = option.end()

    def _dropping(self, name: str) -> list[Piece]:
        self._options()
        for _ in range(_DROPPED[name]):
            self._argument()
        self._options()
        return []

    def _around(self, name: str) -> list[Piece]:
        self._options()
        before, after = _AROUND[name]
        return [Piece(before), *self._argument(), Piece(after)]

    def _script(self, name: str) -> list[Piece]:
        return [Piece(self._argument_text(), _SCRIPTS[name])]

    def _fraction(self, name: str) -> list[Piece]:
        return [Piece(f"{self._argument_text()}/{self._argument_text()}")]

    def _quantity(self, name: str) -> list[Piece]:
        self._options()
        return [Piece(f"{self._argument_text()} {self._argument_text()}")]

    def _ensure_math(self, name: str) -> list[Piece]:
        before, self.math = self.math, True
        pieces = self._argument()
        self.math = before
        return pieces

    def _as_printed(self, name: str) -> list[Piece]:
        """``\\url{…}`` and ``\\verb|…|``: the text, no sign in it a command."""
        opening = self.source[self.position : self.position + 1]
        end = self._find("}" if opening == "{" else opening, self.position + 1) if opening else -1
        if end < 0:
            return []
        text = self.source[self.position + 1 : end]
        self.position = end + 1
        return [Piece(text.replace("\\_", "_").replace("\\%", "%").replace("\\&", "&").replace("\\#", "#"))]

    def _if_math(self, name: str) -> list[Piece]:
        """``\\ifmmode … \\else … \\fi``: what stands outside mathematics."""
        end = self._find("\\fi", self.position)
        if end >= 0:
            other = self.source.find("\\else", self.position, end)
            self.position = other + len("\\else") if other >= 0 else end
        return []

    # -- mathematics ---------------------------------------------------------------------------------------------

    def _dollar(self, start: int) -> list[Piece]:
        """A sign of money stays; around mathematics it goes."""
        if self.math and start == self._closing_dollar:
            self.math = False
            return []
        begin = start + 1
        double = self.source.startswith("$", begin)
        if double and self._find("$$", begin + 1) >= 0:
            self.position = begin + 1
            return []
        end = self._find("$", begin)
        while end > 0 and self.source[end - 1] == "\\":
            end = self._find("$", end + 1)
        if end < 0 or not self._is_math(self.source[begin:end], self.source[end + 1 : end + 2]):
            return [Piece("$")]
        self.math, self._closing_dollar = True, end
        return []

    @staticmethod
    def _is_math(inside: str, after: str) -> bool:
        """Not the text between two prices: ``$20 to $30``, ``US$5/US$6``."""
        if not inside.strip():
            return False
        if _COMMAND.search(inside) or not any(c.isalnum() for c in inside):
            return not (inside[0].isdigit() and inside[-1].isspace())
        return not (inside[0].isspace() or inside[-1].isspace() or after.isdigit())


_HANDLERS: dict[str, Callable[[_Reader, str], list[Piece]]] = {
    **dict.fromkeys(_DROPPED, _Reader._dropping),
    **dict.fromkeys(_AROUND, _Reader._around),
    **dict.fromkeys(_SCRIPTS, _Reader._script),
    **dict.fromkeys(_FRACTIONS, _Reader._fraction),
    **dict.fromkeys(_TWO_ARGUMENTS, _Reader._quantity),
    **dict.fromkeys(_VERBATIM, _Reader._as_printed),
    "ensuremath": _Reader._ensure_math,
    "ifmmode": _Reader._if_math,
}


@lru_cache(maxsize=4096)
def character_of(name: str) -> str | None:
    """The characters that a command without arguments prints, ``None`` for any other."""
    if name in _CHARACTERS:
        return _CHARACTERS[name]
    for bare in (name, name.removeprefix("text"), name.removeprefix("up"), name.removeprefix("math")):
        spec = _TABLE.get_macro_spec(bare)
        found = getattr(spec, "simplify_repl", None) if spec is not None else None
        if isinstance(found, str) and found and not re.search("[%<]|20", found):  # no pattern, "<ref>" or date of today
            return " " if not found.strip() else found
    return None


_TABLE = get_default_latex_context_db()
