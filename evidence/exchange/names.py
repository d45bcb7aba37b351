"""Personal names and author lists as reference files print them."""

from __future__ import annotations

import re

from evidence.record import Author

# "Deer TR", "van Kleef M", "Deer T.R.", "Deer T R": the last part is initials.
_TRAILING_INITIALS = re.compile(r"^(.*?[^\s.,])\s+((?:[A-Z]\.?[\s-]?){1,5})$")
_INITIALS = re.compile(r"^(?:[^\W\d_]\.?[\s-]?){1,5}$")
_SUFFIX = re.compile(r"^(?:jr|sr|ii|iii|iv|2nd|3rd)\.?$", re.I)
_GROUP = re.compile(
    r"\b(?:group|investigators?|committee|consortium|collaborati\w+|collaborators|society|network|association|trial"
    r"|team|panel|task\s*force|initiative|foundation|institute|centre|center|department|organi[sz]ation|federation)\b",
    re.I,
)
_NOT_LETTER = re.compile(r"[^\w]|\d", re.U)
_NOBODY = frozenset(("et al", "others", "anonymous", "[anonymous]", "n/a", "none", "null", "nan", "no authors listed"))
_PARTICLES = frozenset(
    ("van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "du", "la", "le", "ten", "ter", "bin", "al")
)


def initials_of(given: str) -> str:
    """``Timothy R.`` → ``TR``, ``J.-P.`` → ``JP``, ``TR`` → ``TR``."""
    if given.isupper() and given.isalpha() and len(given) <= 4:
        return given
    return "".join(part[0].upper() for part in re.split(r"[\s.\-]+", given) if part and part[0].isalpha())


def author_of(text: str) -> Author | None:
    """One name in any usual order; ``None`` for a blank or ``et al``."""
    text = text.strip()
    family, _, initials = text.rpartition(" ")
    if (
        family
        and len(initials) < 4
        and initials.isalpha()
        and initials.isupper()
        and "," not in family
        and family[-2:-1] != " "
    ):
        return Author(family, "", initials)  # "Deer TR": nine of ten names in most files
    if not text or text.lower().rstrip(".") in _NOBODY:
        return None
    if "," in text:
        return _inverted(text)
    found = _TRAILING_INITIALS.match(text)
    if found:
        return Author(family=found.group(1), initials=_NOT_LETTER.sub("", found.group(2)))
    if _GROUP.search(text):
        return Author(collective=text)
    return _natural(text)


def _inverted(text: str) -> Author:
    """``Deer, Timothy R.``, ``Smith, Jr., John``, ``Smith, John, Jr.``; a group may have commas too."""
    family, *rest = (part.strip() for part in text.split(","))
    if _GROUP.search(text) and (len(rest) > 1 or len(text) > 40 or _GROUP.search(family)):
        return Author(collective=text)
    suffix = ""
    for part in rest:
        if _SUFFIX.match(part):
            suffix = part
    given = " ".join(part for part in rest if part and part != suffix)
    if not family:
        return Author(family=given, suffix=suffix)
    return Author(family=family, given=given, initials=initials_of(given), suffix=suffix)


def _natural(text: str) -> Author:
    """``Timothy R. Deer``, ``Maarten van Kleef``; one word is a family name."""
    parts = text.split()
    if len(parts) == 1:
        return Author(family=text)
    start = len(parts) - 1
    while start > 1 and parts[start - 1].lower() in _PARTICLES:
        start -= 1
    given = " ".join(parts[:start])
    return Author(family=" ".join(parts[start:]), given=given, initials=initials_of(given))


def authors_of(text: str) -> list[Author]:
    """A whole author list in one field: parted by ``;``, by `` and ``, by ``|`` or by commas."""
    return [author for name in split_authors(text) if (author := author_of(name))]


def split_authors(text: str) -> list[str]:
    text = text.strip().rstrip(";")
    if not text:
        return []
    for separator in (";", "||", "|", "\n"):
        if separator in text:
            return text.split(separator)
    if " and " in text:
        parts = text.split(" and ")
        if "," not in text:
            return parts
        return [name for part in parts for name in _split_commas(part)]
    return _split_commas(text) if "," in text else [text]


def _split_commas(text: str) -> list[str]:
    """``Deer TR, Mekhail N`` are two; ``Deer, T.R., Mekhail, N.`` too; ``Deer, Timothy`` is one."""
    parts = [name for part in text.split(",") if (name := part.strip()) and name.rstrip(".") != "et al"]
    if all(_TRAILING_INITIALS.match(part) for part in parts):
        return parts
    if len(parts) > 1 and len(parts) % 2 == 0 and all(_INITIALS.match(part) for part in parts[1::2]):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    return parts if len(parts) > 2 else [", ".join(parts)]
