"""Personal names and author lists as reference files print them."""

from __future__ import annotations

import re

from evidence.bibliography.names import PARTICLES
from evidence.bibliography.normal import plain
from evidence.markup import plain_markup
from evidence.record import Author

# "Deer TR", "van Kleef M", "Deer T.R.", "Deer T R": the last part is initials.
_CAPITAL = "[A-Z\u00c0-\u00d6\u00d8-\u00de\u0100-\u017f\u0391-\u03a9\u0410-\u042f]"
# "IaS", "AIu": a Cyrillic letter that takes two Latin ones.
_TRANSLITERATED = rf"(?:I[aeu]|[ZKCS]h|Ts){_CAPITAL}|{_CAPITAL}(?:I[aeu]|[ZKCS]h|Ts)"
_TRAILING_INITIALS = re.compile(rf"^(.*?[^\s.,])\s+((?:{_CAPITAL}\.?[\s-]?){{1,5}}|{_TRANSLITERATED})$")
_INITIALS = re.compile(rf"^(.*?[^\s.,])\s+((?:{_CAPITAL}\.?[\s-]?){{1,5}})$")
_INITIALS = re.compile(rf"^(?:{_CAPITAL}\.?[\s-]?){{1,5}}$")
# "P Vogt", "K.-J. Lind"
_LEADING_INITIALS = re.compile(rf"^(?:{_CAPITAL}{{1,3}}\s+|(?:{_CAPITAL}\.[\s-]?){{1,4}})[^\W\d_]{{2}}")
# Family names of two letters and more, each with its initials: "Adeli K.Lewis G. F.", "Vogt P. Lind KJ."
_NAME = (
    rf"[^\W\d_][^\W\d_'\u2019-]+(?:[ '\u2019-][^\W\d_]{{2,}}){{0,3}} "
    rf"(?:(?:{_CAPITAL}\. ?){{1,4}}|{_CAPITAL}{{2,4}}\. ?)"
)
_RUN, _RUN_NAME = re.compile(rf"(?:{_NAME}){{2,}}"), re.compile(_NAME)
_SUFFIX = re.compile(r"^(?:jr|sr|ii|iii|iv|2nd|3rd|4th|5th)\.?$", re.I)
# Words in the name of a group or an organisation, without accents; in languages of which there are exports.
_GROUP_WORDS = frozenset(
    """
    group groups grp investigator investigators committee committees consortium collaboration collaborations
    collaborative collaborators society societies network trial association associations team panel taskforce
    initiative foundation institute institutes institution center centers centre centres department departments dept
    federation organization organizations organisation organisations university universities hospital hospitals
    clinic clinics ministry agency administration commission council college academy academies alliance coalition
    company companies corporation corp laboratory laboratories registry program programme faculty faculties division
    forum board inc ltd gmbh llc plc grupo groupe gruppo arbeitsgruppe arbeitsgemeinschaft gesellschaft verband
    sociedad societe societa asociacion comite consorcio ministerio instituto fundacion universidad universite
    universitat universita universiteit
    """.split()
)
_GROUP_PHRASES = re.compile(r"task force|en nombre d|on behalf of", re.I)
_WORD = re.compile(r"[^\W\d_]+")
# Words that stand in the name of an organisation and never in a person's.
_FUNCTION_WORDS = re.compile(r"\s(?:and|of|for|the|on|in|&)\s")
_AND = re.compile(r",?(?<!\s)\s++(?:and|&)\s+")
_RAISED = re.compile(r"<sup>[^<>]{0,40}</sup>", re.I)
_SCOPUS_ID = re.compile(r"(?<!\s)\s*+\(\d+\)\s*$")
_NOT_LETTER = re.compile(r"[^\w]|\d", re.U)
_NOBODY = frozenset(
    ("et al", "others", "anonymous", "[anonymous]", "anon", "n/a", "none", "null", "nan", "no authors listed",
     "[no authors listed]", "[no author name available]", "not available", "no author", "unknown", "-")
)  # fmt: skip
_ABBREVIATIONS = ("inc.", "ltd.", "co.", "corp.", "jr.", "sr.", "dept.", "univ.")
_INNER_CAPITALS = frozenset("Mc Mac De Di Da Du La Le Van Von Fitz Del Della Des Ben El Al Abu O".split())
_SEPARATORS = ("||", ";", "|", "//", "\n")


def _is_group(text: str) -> bool:
    """Whether a word of a group's or an organisation's name stands in the text."""
    return not _GROUP_WORDS.isdisjoint(_WORD.findall(plain(text))) or _GROUP_PHRASES.search(text) is not None


def initials_of(given: str) -> str:
    """``Timothy R.`` → ``TR``, ``J.-P.`` → ``JP``, ``TR`` → ``TR``."""
    if given.isupper() and given.isalpha() and len(given) <= 4:
        return given
    return "".join(part[0].upper() for part in re.split(r"[\s.\-]+", given) if part and part[0].isalpha())


def _without_markup(names: str) -> str:
    """Names without character references and tags; a raised number is that of an affiliation."""
    if "&" not in names and "<" not in names:
        return names
    return "\n".join(plain_markup(line) for line in _RAISED.sub("", names).split("\n"))


def author_of(text: str) -> Author | None:
    """One name in any usual order; ``None`` for a blank or ``et al``."""
    text = _without_markup(text).strip()
    family, _, initials = text.rpartition(" ")
    if (
        family
        and len(initials) < 4
        and initials.isalpha()
        and initials.isupper()
        and "," not in family
        and family[-2:-1] != " "
        and not (" " in family and (_is_group(family) or _SUFFIX.match(initials)))
    ):
        return Author(family, "", initials)  # "Deer TR": nine of ten names in most files
    if text.endswith(")"):
        text = _SCOPUS_ID.sub("", text)
    if not text or text == "NA" or text.lower().rstrip(".") in _NOBODY:
        return None
    if "," in text:
        return _inverted(text)
    return _direct(text)


def people_of(text: str) -> list[Author]:
    """The people of a field that should hold one name.

    ``A, B. and C, D.`` are two; the "and" in a department's name parts nobody.
    """
    found = []
    text = _without_markup(text)
    parts = text.split(";") if ";" in text else [text]
    if len(parts) > 1 and _is_group(text) and not any(map(_is_person, parts)):
        return [Author(collective=_closed(text.strip()))]
    for part in parts:
        names = _parted_by_and(part) if " and " in part or " & " in part else [part]
        found += [author for name in names if (author := author_of(name))]
    return found


def printed_group(name: str) -> str:
    """A group's name for a field of names: with EndNote's comma at its end where it would be taken apart without."""
    found = people_of(name)
    return name if len(found) == 1 and found[0].collective == name else f"{name},"


def _direct(text: str) -> Author:
    """A name without a comma."""
    bare, suffix = _without_suffix(text)
    found = _TRAILING_INITIALS.match(bare)
    if found and not (_is_group(found.group(1)) and " " in found.group(1)):
        return Author(family=found.group(1), initials=_NOT_LETTER.sub("", found.group(2)), suffix=suffix)
    if _is_group(text) or _FUNCTION_WORDS.search(text):
        return Author(collective=_closed(text))
    return _natural(bare, suffix)


def _closed(name: str) -> str:
    """A group's name without the full stop of the list that it ends."""
    if name.endswith(".") and not name.lower().endswith(_ABBREVIATIONS):
        name = name[:-1]
    return name.strip(" ,;")


def _inverted(text: str) -> Author:
    """``Deer, Timothy R.``, ``Smith, Jr., John``, ``Smith, John, Jr.``; a group may have commas too.

    EndNote ends the name of an organisation with a comma, so that it is not taken apart.
    """
    whole = text.rstrip(" ,")
    if text.endswith(",") and ("," not in whole or not _is_person(whole)):
        return Author(collective=_closed(whole))
    family, *rest = (part.strip() for part in whole.split(","))
    if _is_group(whole) and not all(map(_INITIALS.match, rest)):
        return Author(collective=_closed(text))
    suffix = next((part for part in rest if _SUFFIX.match(part)), "")
    given = " ".join(part for part in rest if part and part != suffix)
    if not suffix:
        given, suffix = _without_suffix(given)
    if not suffix:
        family, suffix = _without_suffix(family, inverted=True)
    suffix = suffix.rstrip(".")
    if not given:
        author = _direct(family)  # "Smith AB, Jr."
        author.suffix = suffix
        return author
    if not family:
        return Author(family=given, suffix=suffix)
    return Author(family=family, given=given, initials=initials_of(given), suffix=suffix)


def _without_suffix(name: str, inverted: bool = False) -> tuple[str, str]:
    """``Philipp S 3rd`` → ``Philipp S``, ``3rd``. ``Kim II`` has two initials, unless a given name follows."""
    rest, _, last = name.rpartition(" ")
    if rest and _SUFFIX.match(last) and (inverted or not last.isupper() or " " in rest):
        return rest.rstrip(" ,"), last.rstrip(".")
    return name, ""


def _natural(text: str, suffix: str = "") -> Author:
    """``Timothy R. Deer``, ``Maarten van Kleef``; one word is a family name."""
    parts = text.split()
    if len(parts) == 1:
        return Author(family=text, suffix=suffix)
    start = len(parts) - 1
    while start > 1 and parts[start - 1].lower() in PARTICLES:
        start -= 1
    given = " ".join(parts[:start])
    return Author(family=" ".join(parts[start:]), given=given, initials=initials_of(given), suffix=suffix)


def _is_person(text: str) -> bool:
    """Whether a text is one person's name, family and given name told apart: ``Vogt, Petra A.``, ``Vogt PA``."""
    text = text.strip()
    if _is_group(text) or _FUNCTION_WORDS.search(f" {text} "):
        return False
    bare, _ = _without_suffix(text)
    if "," not in bare:
        return bool(_TRAILING_INITIALS.match(bare)) and len(bare.split()) <= 6
    family, given, *rest = (part.strip() for part in bare.split(","))
    words = given.split()
    capitals = all(word[:1].isupper() or word.lower() in PARTICLES for word in words)
    return bool(words) and len(words) <= 4 and len(family.split()) <= 4 and capitals and all(map(_SUFFIX.match, rest))


def _parted_by_and(text: str) -> list[str]:
    """Names parted by "and" when each of them is a person's (or a list of people); else the text as it is."""
    parts = [part.strip(" ,") for part in _AND.split(text)]
    names = [name for part in parts for name in (_split_commas(part) if "," in part else [part])]
    return names if all(_is_person(name) for name in names) else [text]


def authors_of(text: str, comma: bool | None = None) -> list[Author]:
    """A whole author list in one field: parted by ``;``, by `` and ``, by ``|`` or by commas.

    ``comma``: what the other rows of the table tell, whether a comma parts people (``Petra Vogt, Karl Lind``) or a
    family name from its given name; ``None`` where nothing does.
    """
    return [author for name in split_authors(text, comma) if (author := author_of(name))]


def split_authors(text: str, comma: bool | None = None) -> list[str]:
    """The names of a list, each as printed."""
    text = _without_markup(text).strip().rstrip(";")
    if not text:
        return []
    pieces = _parted_after_initials(text)
    if len(pieces) > 1:
        return pieces
    for separator in _SEPARATORS:
        if separator in text:
            return [name for part in text.split(separator) for name in _persons_of_list(part.strip())]
    if " and " in text or " & " in text:
        parts = _AND.split(text)
        if "," not in text:
            return _rejoined(parts)
        return [name for part in _rejoined(parts) for name in _split_commas(part, comma)]
    return _split_commas(text, comma) if "," in text else [text]


def _parted_after_initials(text: str) -> list[str]:
    """``Adeli K.Lewis G. F.`` and ``Vogt P. Lind KJ.``: nothing but initials and full stops part the names."""
    if "." not in text or not _RUN.fullmatch(text):
        return [text]
    return [match.group() for match in _RUN_NAME.finditer(text)]


def _persons_of_list(part: str) -> list[str]:
    """PubMed's CSV parts groups by semicolons and the people between them by commas."""
    return _split_commas(part) if "," in part and _has_short_names(part) else [part]


def _has_short_names(text: str) -> bool:
    parts = [part.strip() for part in text.split(",")]
    short = [bool(_TRAILING_INITIALS.match(_without_suffix(part)[0])) for part in parts]
    bare = any(_INITIALS.match(part) and not _SUFFIX.match(part) for part in parts)
    return sum(short) * 2 > len(parts) and not bare and not _is_group(text)


def _rejoined(parts: list[str]) -> list[str]:
    """Parts of a list by "and", those of one organisation's name together again."""
    names: list[list[str]] = []
    of_group = False
    for part in parts:
        group = _is_group(part)
        if of_group and "," not in part and not group and not _is_person(part):
            names[-1].append(part)
        else:
            names.append([part])
            of_group = group
    return [" and ".join(name) for name in names]


def _split_commas(text: str, comma: bool | None = None) -> list[str]:
    """``Deer TR, Mekhail N`` are two; ``Deer, T.R., Mekhail, N.`` too; ``Deer, Timothy`` is one."""
    parts: list[str] = []
    for name in map(str.strip, text.split(",")):
        if parts and "," not in parts[-1] and _SUFFIX.match(name.rstrip(".")):
            parts[-1] += f", {name}"
        elif name and name.rstrip(".").lower() != "et al":
            parts.append(name)
    if len(parts) == 1 and text.endswith(","):
        return [text]  # a group
    bare = [part.partition(",")[0] for part in parts]
    if comma and all(" " in part for part in parts) and not any(map(_INITIALS.match, parts)):
        return parts
    if all(_TRAILING_INITIALS.match(_without_suffix(part.rstrip("."))[0]) for part in bare):
        return parts
    if len(parts) > 1 and len(parts) % 2 == 0 and all(_INITIALS.match(part) for part in bare[1::2]):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    if _has_short_names(text):
        return parts
    if len(parts) == 2 and comma is None and all(map(_LEADING_INITIALS.match, parts)):
        return parts  # "P Vogt, K Lind"
    return parts if len(parts) > 2 and comma is not False else [", ".join(parts)]


def names_part_by_commas(cells: list[str]) -> bool | None:
    """What the author lists of a table tell together: ``True`` where commas part people, ``False`` where something else
    does, ``None`` where nothing tells."""
    if any(separator in cell for cell in cells for separator in _SEPARATORS):
        return False
    lists = [[part.strip() for part in cell.split(",")] for cell in cells]
    many = [parts for parts in lists if len(parts) > 2 and all(" " in part for part in parts)]
    return True if any(not any(map(_INITIALS.match, parts)) for parts in many) else None


def parted_people(text: str, comma: bool | None, run_together: bool = False) -> list[Author]:
    """The people of a table's cell; ``run_together``: SpringerLink prints ``Petra VogtKarl LindIna Roth``."""
    return authors_of(";".join(_parted_at_capitals(text)), False) if run_together else authors_of(text, comma)


def _parted_at_capitals(text: str) -> list[str]:
    """A capital after a small letter begins the next name, but not in McCoy, DeWitt and the like."""
    names, start, word = [], 0, 0
    for at in range(1, len(text)):
        if text[at - 1].isspace() or text[at - 1] == "-":
            word = at
        if text[at].isupper() and text[at - 1].islower() and text[max(start, word) : at] not in _INNER_CAPITALS:
            names.append(text[start:at])
            start = at
    return [*names, text[start:]]
