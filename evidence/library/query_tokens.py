"""A typed query cut into words, phrases, brackets, tags and identifiers.

Curly quotes and the quotes of other languages are quotes; a bracket inside a DOI is part of it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from evidence.bibliography.normal import normal_doi

# Quotation marks of word processors and other languages, brackets of East Asian keyboards, hyphens for a minus.
_QUOTES = dict.fromkeys(map(ord, "“”„‟«»″＂〝〞❝❞「」『』"), '"')
_BRACKETS = {ord("（"): "(", ord("）"): ")", ord("［"): "[", ord("］"): "]", ord("＊"): "*"}
_SINGLE = re.compile(r"(?:^|(?<=[\s(\-]))[‘‚‛‹›`]([^\"‘’‚‛‹›`]{1,300})[‘’‛‹›](?=$|[\s)\[*.,;])")
_MINUS = re.compile(r"(?:^|(?<=[\s(]))[‐‑–−](?=[^\W\d_])")
# An abbreviation's plural and a trade mark are part of their word, not brackets of the search.
_ATTACHED = re.compile(r"(?<=\w)\((?:s|es|ies|r|tm|®|™)\)", re.I)
_DOI = re.compile(r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/[^\s\"\[\]]+)", re.I)
_LINK = re.compile(
    r"(?:https?://)?(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/(\d{1,8})(?!\d)[^\s()\[\]]*",
    re.I,
)
_PMC_LINK = re.compile(r"https?://[\w./-]+/(PMC\d+)(?!\d)[^\s()\[\]]*", re.I)
_TOKEN = re.compile(
    r"""(?P<space>\s+) | (?P<open>\() | (?P<close>\)) | (?P<tag>\[[^\[\]"()]{0,80}\]) | (?P<bracket>[\[\]])
      | (?P<minus>-(?=[\w"(])) | "(?P<phrase>[^"]*)(?P<end>"?) | (?P<word>[^\s"()\[\]]+)""",
    re.X,
)


@dataclass(frozen=True, slots=True)
class Token:
    """``glued``: nothing stands between it and the one before."""

    kind: str
    text: str
    glued: bool = False


def plain_signs(text: str) -> str:
    """The text with plain quotes, brackets and minus signs."""
    text = unicodedata.normalize("NFC", text).translate(_QUOTES).translate(_BRACKETS)
    return _MINUS.sub("-", _ATTACHED.sub("", _SINGLE.sub(r'"\1"', text)))


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text whose signs are plain."""
    found: list[Token] = []
    position, spaced = 0, True
    while position < len(text):
        special = _identifier(text, position)
        if special:
            length, name = special
            found.append(Token("id", name, not spaced))
            position, spaced = position + length, False
            continue
        match = _TOKEN.match(text, position)
        assert match is not None  # every character but a quote's inside belongs to one of the kinds
        kind = match.lastgroup or ""
        position = match.end()
        if kind in ("space", "bracket"):
            spaced = True
            continue
        if kind == "minus" and not spaced and not (found and found[-1].kind == "open"):
            kind = "word"
        if kind == "end":
            found.append(Token("phrase" if match["end"] else "unclosed", match["phrase"], not spaced))
        else:
            found.append(Token(kind, match[0], not spaced))
        spaced = False
    return found


def _identifier(text: str, position: int) -> tuple[int, str] | None:
    """The length and the name of a DOI or a link to a report at this place; brackets inside a DOI are part of it."""
    if position and text[position - 1].isalnum():
        return None
    for pattern in (_LINK, _PMC_LINK):
        link = pattern.match(text, position)
        if link:
            return link.end() - position, link[1].upper()
    match = _DOI.match(text, position)
    if not match:
        return None
    doi = match[1]
    while doi and (doi[-1] in ".,;:'" or (doi[-1] == ")" and doi.count("(") < doi.count(")"))):
        doi = doi[:-1]
    return match.start(1) - position + len(doi), normal_doi(doi) or doi.lower()
