"""Normal forms of what is printed differently each time: title, name, journal, pages, DOI.

Two values that mean the same should have the same normal form; none of these is for display.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from evidence.markup import decode_references, plain_markup

# Letters that NFKD leaves whole, as library catalogues transliterate them.
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "þ": "th",
        "ı": "i",
        "α": "alpha",
        "β": "beta",
        "γ": "gamma",
        "δ": "delta",
        "κ": "kappa",
        "λ": "lambda",
        "μ": "mu",
        "µ": "mu",
        "ω": "omega",
    }
)
_NOT_WORD = re.compile(r"[^\w]+")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_NO_PART_OF_DOI = re.compile(r"[\"\u201c\u201d]|</|<(?:br|sup|i|b|a|p)\b")
_AFTER_DOI = ".,;:>\"'*\u2019\u201d\u201c\u00bb\u2026"
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}
_RANGE = re.compile(r"^([a-z]*)(\d+)\s*[-\u2010-\u2015]+\s*([a-z]*)(\d+)")
_JOURNAL_STOP = frozenset("the of and for in on de la le les der die das und et y a an".split())


def plain(text: str) -> str:
    """Lower case without accents, inline markup or compatibility forms: ``Joëls`` → ``joels``."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)


def words(text: str) -> list[str]:
    """The words of a text in normal form, digits included, punctuation gone."""
    if "<" in text or "&" in text:
        text = plain_markup(text)
    return _NOT_WORD.sub(" ", plain(text).replace("'", "").replace("\u2019", "")).split()


@lru_cache(maxsize=65536)
def normal_title(title: str) -> str:
    """Words of a title joined by blanks; brackets around translated titles and full stops are gone."""
    return " ".join(words(title))


@lru_cache(maxsize=65536)
def first_author_key(name: str) -> str:
    """The family name of ``Deer TR`` / ``Deer, Timothy`` / ``van Kleef M``, particles and blanks gone."""
    family = name.split(",")[0] if "," in name else re.sub(r"\s+[A-Z][A-Z\-.\s]{0,5}$", "", name.strip())
    return "".join(words(family))


@lru_cache(maxsize=65536)
def normal_journal(journal: str) -> str:
    """A journal's words without articles and place names in brackets: ``Medicine (Baltimore)`` → ``medicine``."""
    bare = re.sub(r"\([^)]*\)", " ", journal).replace("&", " and ")
    return " ".join(w for w in words(bare) if w not in _JOURNAL_STOP)


def normal_pages(pages: str) -> tuple[str, str]:
    """First and last page, the last one written out: ``574-84`` → ``("574", "584")``; ``("", "")`` when absent.

    Prefixes stay: ``S417-29`` → ``("s417", "s429")``, ``e13267`` → ``("e13267", "")``.
    """
    text = plain(pages.strip()).removeprefix("pp.").removeprefix("p.").strip()
    match = _RANGE.match(text)
    if not match:
        single = re.match(r"[a-z]*\d+[a-z]*", text)
        return (single.group() if single else "", "")
    prefix, first, prefix_last, last = match.groups()
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return f"{prefix}{first}", f"{prefix_last or prefix}{last}"


def normal_doi(doi: str | None) -> str | None:
    """A DOI in lower case without resolver, prefix or trailing punctuation; ``None`` when it is not one.

    A closing bracket stays where the DOI opened it: ``10.1130/2009.2460(02)``, not ``(doi:10.5555/a)``.
    """
    if not doi:
        return None
    match = _DOI.search(decode_references(doi) if "&" in doi else doi)
    if match is None:
        return None
    found = match.group()
    found = _NO_PART_OF_DOI.split(found, maxsplit=1)[0]
    while found and (found[-1] in _AFTER_DOI or found[-1] in _BRACKETS):
        opening = _BRACKETS.get(found[-1])
        if opening and found.count(opening) >= found.count(found[-1]):
            break
        found = found[:-1]
    return found.lower() if _DOI.fullmatch(found) else None


def normal_pmid(pmid: str | int | None) -> str | None:
    """Digits without leading zeros; ``None`` when there are none or too many to be a PMID."""
    digits = re.sub(r"\D", "", str(pmid or "")).lstrip("0")
    return digits if 0 < len(digits) <= 9 else None
