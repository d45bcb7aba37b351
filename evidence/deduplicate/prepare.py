"""Records and rows into items: what is compared, in normal form, and nothing more.

An :class:`Item` is made for every record, so making one is cheap; the rest (names, places, markers) is worked out
by :func:`details` only for those that some block brings together, under one in ten of a PubMed search.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evidence.bibliography.markers import Markers, bare_title, markers
from evidence.bibliography.normal import normal_doi, normal_pmid, words
from evidence.deduplicate.names import Name, parse_names
from evidence.deduplicate.places import Pages, normal_volume, parse_pages
from evidence.markup import decode_references, plain_markup
from evidence.record import Author, Record

# Kept of a title and an abstract: enough to tell two apart, so that a 1 MB abstract costs no more than another.
TITLE_LENGTH = 600
ABSTRACT_LENGTH = 600

# What databases add to a title in brackets: "[Review] [57 refs]", "[Erratum appears in Pain. 2004 Jan;107(1)]".
_LANGUAGES = (
    "chinese russian spanish german french italian portuguese japanese korean polish turkish dutch danish swedish"
    " norwegian finnish czech hungarian hebrew persian arabic ukrainian croatian serbian greek romanian bulgarian"
)
_ANNOTATIONS = (
    r"\((?:provisional abstract|brief record|structured abstract|abstract only|conference abstract)\)",
    rf"(?<=\S)\s*\[(?:{'|'.join(_LANGUAGES.split())})\]\W*$",
    r"\[(?:(?:systematic )?review|see comments?|comments?|corrected|abstract|letter|editorial|references)\]",
    r"\[(?:internet|electronic resource|preprint|miscellaneous|article in [^\]]*|in \w+|\d+ refs?|\d+)\]",
    r"\[(?:published |an )?(?:erratum|retraction|correction) appears[^\]]*\]|\[retraction in[^\]]*\]",
    r"\.{3}\s*\[(?:corrected|published)[^\]]*\]",
    r"\[published erratum[^\]]*\]?|\[erratum appears[^\]]*$",
    r"\[(?:summary for patients|corrected and republished)[^\]]*\]",
)
_ANNOTATION = re.compile("|".join(_ANNOTATIONS), re.I)
_TRANSLATION = re.compile(r"^(.*?)\s*\[([^\[\]]{12,})\]\.?$", re.S)
# What follows a DOI that was copied from an address or a citation: "?via=ihub", "#sec1", "/full", "[doi]", "</a>".
_DOI_TAIL = re.compile(
    r"[?#\u200b].*$|&(?:domain|amp|utm)\b.*$|\[(?:doi|pii)\]|</[a-z]*>?.*$|/(?:full|e?pdf|abstract|meta|html)/?$|\.e?pdf$"
)
_DOI_BLANK = re.compile(r"(10\.)\s+(?=\d{4})|(10\.\d{4,9})\s*/\s+")
_SCRAMBLED = re.compile(r"[\u00c2-\u00c5\u00ce][\u0080-\u00bf\u0152-\u0178\u2018-\u2122]|\u00e2\u20ac")
_PERCENT = re.compile(r"%([2-7][0-9A-Fa-f])")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")


@dataclass(slots=True, eq=False)
class Details:
    """What only a comparison needs. ``variants``: the normal forms under which the title may appear elsewhere."""

    volume: str
    pages: Pages
    markers: Markers
    variants: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Item:
    """One record, ready to be blocked. ``words`` is the title's normal form, ``squeezed`` the same without blanks."""

    id: str
    title: str
    words: str
    squeezed: str
    authors: str | Sequence[Author]
    year: int | None
    journal: str
    volume: str
    issue: str
    pages: str
    doi: str | None
    pmid: str | None
    abstract: str
    kind: str = "article"
    other_journal: str = ""
    vernacular_title: str = ""
    types: frozenset[str] = frozenset()
    corrected: frozenset[str] = frozenset()
    details: Details | None = None
    names: list[Name] | None = None
    normal_abstract: str | None = None
    keys: frozenset[str] | None = None

    def content(self) -> tuple[object, ...]:
        """Everything but the id: items with equal content are the same entry twice, and orders sort by it."""
        authors = self.authors if isinstance(self.authors, str) else ";".join(a.name for a in self.authors)
        return (
            self.words, authors, self.year or 0, self.journal, self.volume, self.issue, self.pages,
            self.doi or "", self.pmid or "", self.abstract, self.title, self.kind, self.vernacular_title,
        )  # fmt: skip


def unscramble(text: str) -> str:
    """UTF-8 that a program read as Windows-1252 (``KÃ¶ster``), as it was; any other text unchanged."""
    if not _SCRAMBLED.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def clean_title(title: str) -> str:
    """A title without markup, character references and what a database wrote into it."""
    title = unscramble(title[:TITLE_LENGTH])
    if "&" in title or "<" in title:
        title = plain_markup(title)
    if "[" in title or title.endswith((")", ").")):
        title = _ANNOTATION.sub(" ", title)
    return title


def clean_doi(doi: str | None) -> str | None:
    """The normal DOI without what came with it: entities, percent signs (``%2813%29``), an address's tail."""
    if not doi:
        return None
    if "&" in doi:
        doi = html.unescape(doi)
    doi = doi.replace("[doi]", " ")
    if "%" in doi:
        doi = _PERCENT.sub(lambda code: chr(int(code.group(1), 16)), doi)
    if " " in doi:
        doi = _DOI_BLANK.sub(lambda found: found.group(1) or f"{found.group(2)}/", doi)
    normal = normal_doi(doi)
    return normal_doi(_DOI_TAIL.sub("", normal)) if normal else None


def parse_year(year: str) -> int | None:
    """The first four-digit year in a text; ``None`` for ``n.d.``, ``in press`` and the like."""
    if len(year) == 4 and year.isdecimal():
        return int(year)
    found = _YEAR.search(year[:40])
    return int(found.group()) if found else None


def prepare_row(row: Mapping[str, str]) -> Item:
    """An item from a CSV row with the columns of ``evidence dedupe``, any of them absent."""
    get = row.get

    def text(name: str) -> str:
        value = get(name) or ""
        return decode_references(value) if "&" in value else value

    title = clean_title(get("title") or "")
    normal = words(title)
    return Item(
        id=get("record_id") or "", title=title, words=" ".join(normal), squeezed="".join(normal),
        authors=unscramble(text("authors")), year=parse_year(get("year") or ""), journal=text("journal"),
        volume=get("volume") or "", issue=get("number") or "", pages=text("pages"),
        doi=clean_doi(get("doi")), pmid=normal_pmid(get("pmid")) if get("pmid") else None,
        abstract=(get("abstract") or "")[:ABSTRACT_LENGTH],
    )  # fmt: skip


def prepare_record(record: Record) -> Item:
    """An item from a :class:`Record`; PubMed's publication types and relations come with it."""
    title = clean_title(record.title)
    normal = words(title)
    abstract = ""
    for section in record.abstract:
        abstract += section.text[:ABSTRACT_LENGTH] + " "
        if len(abstract) > ABSTRACT_LENGTH:
            break
    return Item(
        id=record.id, title=title, words=" ".join(normal), squeezed="".join(normal), authors=record.authors,
        year=record.year, journal=record.journal, volume=record.volume, issue=record.issue, pages=record.pages,
        doi=clean_doi(record.doi), pmid=normal_pmid(record.pmid), abstract=abstract[:ABSTRACT_LENGTH], kind=record.kind,
        other_journal=record.journal_abbreviation, vernacular_title=record.vernacular_title[:TITLE_LENGTH],
        types=frozenset(record.type_names()),
        corrected=frozenset(c.pmid for c in record.corrections if c.pmid and c.ref_type != "Cites"),
    )  # fmt: skip


def details(item: Item) -> Details:
    """The item's details, worked out at the first call."""
    if item.details is None:
        item.details = Details(
            volume=normal_volume(item.volume),
            pages=parse_pages(item.pages),
            markers=markers(
                item.title, item.kind, item.types, item.doi, item.journal, item.id, bool(item.volume or item.pages)
            ),
            variants=_variants(item),
        )
    return item.details


def names(item: Item) -> list[Name]:
    """The item's authors, read at the first call."""
    if item.names is None:
        item.names = parse_names(item.authors)
    return item.names


def abstract(item: Item) -> str:
    """The beginning of the item's abstract in normal form."""
    if item.normal_abstract is None:
        item.normal_abstract = " ".join(words(item.abstract))
    return item.normal_abstract


def _variants(item: Item) -> tuple[str, ...]:
    """The title, without a remark of its retraction, the halves of ``Titre [Title]``, and the vernacular title."""
    found = [item.words]
    if item.title.endswith(")") and (bare := bare_title(item.title)) != item.title:
        found.append(" ".join(words(bare)))
    match = _TRANSLATION.match(item.title.strip()) if "[" in item.title else None
    if match:
        found += [" ".join(words(part)) for part in match.groups()]
    if item.vernacular_title:
        found.append(" ".join(words(item.vernacular_title)))
    return tuple(dict.fromkeys(text for text in found if len(text) > 8 or text == item.words))
