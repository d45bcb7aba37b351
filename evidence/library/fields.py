"""The fields that a search may name: PubMed's tags behind a term, ``author:`` and its like before one.

Tags are compared without case, blanks and signs: ``[Title/Abstract]`` and ``[titleabstract]`` are one.
"""

from __future__ import annotations

import re

from evidence.topics.query import FIELD_TAGS

# Fields whose words belong together: a name, a journal, a heading.
JOINED = ("author", "journal", "mesh", "type")
# PubMed's fields that this library holds, by their long names, and where they are looked for; "" is title and abstract.
PLACES: dict[str, str] = {
    "all fields": "",
    "text word": "",
    "title/abstract": "",
    "title": "title",
    "author": "author",
    "author - first": "author",
    "author - last": "author",
    "author - full": "author",
    "author - corporate": "author",
    "journal": "journal",
    "mesh terms": "mesh",
    "mesh major topic": "mesh",
    "publication type": "type",
    "language": "language",
    "date - publication": "year",
    "pmid": "id",
    "pmc id": "id",
    "article identifier": "id",
    "location id": "id",
    "secondary source id": "id",
}
# Tags that people write and PubMed's list has not got.
ALSO: dict[str, str] = {"ab": "abstract", "abstract": "abstract", "doi": "id", "text": "", "so": "journal"}
# Where a tag means less here than in PubMed, told beside the answer.
_NO_CHILDREN = "MeSH headings are matched as they stand, without the narrower headings below them."
_NO_ORDER = "First and last authors are not told from the others."
TOLD: dict[str, str] = {
    "mesh terms": _NO_CHILDREN,
    "mesh major topic": f"{_NO_CHILDREN} Major topics are not told from the others.",
    "author - first": _NO_ORDER,
    "author - last": _NO_ORDER,
}
PREFIXES: dict[str, str] = {
    "author": "author",
    "au": "author",
    "journal": "journal",
    "ta": "journal",
    "title": "title",
    "ti": "title",
    "abstract": "abstract",
    "ab": "abstract",
    "mesh": "mesh",
    "mh": "mesh",
    "type": "type",
    "pt": "type",
    "language": "language",
    "year": "year",
    "dp": "year",
    "pmid": "id",
    "doi": "id",
    "pmcid": "id",
    "pmc": "id",
}
_NEAR = re.compile(r"^(.*?):?~(\d{1,3})$")
_NO_EXPLOSION = re.compile(r":\s*no\s*exp$", re.I)
_DATE = r"(\d{4})(?:[/-]\d{1,2}){0,2}"
_YEARS = re.compile(rf"{_DATE}(?:\s*[:–-]\s*{_DATE})?")


def _squeezed(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


_LONG_NAMES = {_squeezed(name): long for long, shorts in FIELD_TAGS.items() for name in (long, *shorts)}


class Tag:
    """A field tag as typed between square brackets. ``known`` is false for what is no tag of PubMed's.

    ``place``: the field here, ``None`` where the library does not hold PubMed's; ``near``: the N of ``[tiab:~N]``;
    ``told``: what to say where the tag means less here.
    """

    def __init__(self, inside: str):
        near = _NEAR.match(inside.strip())
        bare = near[1] if near else inside.strip()
        self.near = int(near[2]) if near else None
        name = _squeezed(_NO_EXPLOSION.sub("", bare))
        self.long = _LONG_NAMES.get(name, name)
        self.place = ALSO.get(name, PLACES.get(self.long))
        self.known = name in ALSO or name in _LONG_NAMES
        told = TOLD.get(self.long, "")
        self.told = told.removeprefix(_NO_CHILDREN).strip() if _NO_EXPLOSION.search(bare) else told


def years_of(text: str) -> str | None:
    """``first:last`` of a year, a date or a range of them, ``None`` for anything else; months and days say nothing.

    >>> years_of("2015"), years_of("2015/03:2019/12"), years_of("2015-2019")
    ('2015:2015', '2015:2019', '2015:2019')
    """
    match = _YEARS.fullmatch(text.strip())
    return f"{match[1]}:{match[2] or match[1]}" if match else None
