"""Works as the interfaces of Europe PMC, OpenAlex, DataCite, Semantic Scholar, Zotero and PubMed's ESummary give them.

Crossref's are CSL-JSON with more keys: ``csl_json`` reads them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from evidence.exchange.fields import build_record
from evidence.exchange.json_text import Item, objects
from evidence.exchange.names import author_of, initials_of
from evidence.markup import decode_references
from evidence.record import Author, Correction, Mesh, Record

Fields = dict[str, list[str]]


def shape_of(item: Item) -> str:
    """Whose work an object is; ``""`` when it is none of these."""
    return next((name for name, has in _SHAPES.items() if has(item)), "")


def read(text: str, source: str) -> Iterator[tuple[int, Record | str]]:
    """Entries in the order of the file, each as its own keys tell; anything else is told."""
    for line, item in objects(text):
        if isinstance(item, str):
            yield line, item
            continue
        shape = shape_of(item)
        try:
            yield line, _READERS[shape](item, source) if shape else f"an object with the keys {_shown(item)}: no work"
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            yield line, f"a key does not hold what {shape} says it does ({error})"


def _shown(item: Item) -> str:
    return ", ".join(list(item)[:6]) or "none"


# -- values ----------------------------------------------------------------------------------------------------------


def texts(value: Any) -> list[str]:
    """The texts and numbers of a value, whether it is one or a list."""
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    return [] if isinstance(value, dict) or value in (None, "", False, True) else [str(value)]


def at(item: Any, path: str) -> Any:
    """What stands at ``a/b``; ``None`` where a key is missing. Of a list, the values of all its objects."""
    for name in path.split("/"):
        if isinstance(item, list):
            item = [part.get(name) for part in item if isinstance(part, dict)]
        elif isinstance(item, dict):
            item = item.get(name)
        else:
            return None
    return item


def _fields(item: Item, paths: Mapping[str, tuple[str, ...]]) -> Fields:
    return {key: [text for path in names for text in texts(at(item, path))] for key, names in paths.items()}


def _items(value: Any) -> list[Item]:
    """The objects of a list, or the one that stands there alone."""
    parts = value if isinstance(value, list) else [value]
    return [part for part in parts if isinstance(part, dict)]


def person(family: Any, given: Any = "", whole: Any = "", group: bool = False, orcid: Any = "") -> Author | None:
    """An author of the parts that an interface gives; ``None`` when it gives none."""
    family, given, whole = (decode_references(str(part or "")).strip() for part in (family, given, whole))
    if group or not (family or whole):
        return Author(collective=whole or family) if whole or family else None
    number = str(orcid or "").rstrip("/").rpartition("/")[2]
    if not family:
        author = author_of(whole)
        if author is not None:
            author.orcid = number
        return author
    return Author(family=family, given=given, initials=initials_of(given), orcid=number)


def _people(found: list[Author | None]) -> list[Author]:
    return [author for author in found if author is not None]


# -- Europe PMC ------------------------------------------------------------------------------------------------------

_EUROPEPMC = {
    "title": ("title",), "abstract": ("abstractText",), "doi": ("doi",), "pmid": ("pmid",), "pmcid": ("pmcid",),
    "year": ("journalInfo/yearOfPublication", "pubYear", "bookOrReportDetails/yearOfPublication"),
    "date": ("journalInfo/printPublicationDate",),
    "journal": ("journalInfo/journal/title", "bookOrReportDetails/publisher", "journalTitle"),
    "abbreviation": ("journalInfo/journal/medlineAbbreviation", "journalInfo/journal/isoabbreviation",
                     "journalInfo/journal/ISOAbbreviation"),
    "volume": ("journalInfo/volume", "journalVolume"), "issue": ("journalInfo/issue", "issue"), "pages": ("pageInfo",),
    "issn": ("journalInfo/journal/issn", "journalInfo/journal/ISSN", "journalInfo/journal/essn",
             "journalInfo/journal/ESSN", "journalIssn"),
    "language": ("language",), "keyword": ("keywordList/keyword",), "type": ("pubTypeList/pubType", "pubType"),
}  # fmt: skip
# Europe PMC's words for PubMed's CommentsCorrectionsList, whose types have no blanks.
_NOT_A_LETTER = re.compile(r"[^A-Za-z]")


def _europepmc(item: Item, source: str) -> Record:
    fields = _fields(item, _EUROPEPMC)
    fields["type"] = [name.strip() for text in fields["type"] for name in text.split(";")]
    month = at(item, "journalInfo/monthOfPublication")
    printed = "".join(fields["date"][:1])
    if printed.endswith("-01-01") and not month:  # the year is all that was printed
        fields["date"] = []
    elif printed.endswith("-01") and len(printed) == 10:
        fields["date"] = [printed[:7]]
    elif not printed and month and fields["year"]:
        fields["date"] = [f"{fields['year'][0]}-{int(month):02}"]
    if item.get("source") == "PPR":
        fields["accession"] = texts(item.get("id"))
    elif item.get("source") == "MED" and not fields["pmid"]:
        fields["pmid"] = texts(item.get("id"))
    record = build_record(fields, source)
    named = _items(at(item, "authorList/author"))
    record.authors = _people([_europepmc_author(author) for author in named]) or _listed(item.get("authorString"))
    record.mesh = [_europepmc_heading(heading) for heading in _items(at(item, "meshHeadingList/meshHeading"))]
    record.grants = ["/".join(texts([grant.get("grantId"), grant.get("acronym"), grant.get("agency")]))
                     for grant in _items(at(item, "grantsList/grant"))]  # fmt: skip
    record.electronic_date = "".join(texts(item.get("electronicPublicationDate"))[:1])
    record.corrections = [
        _europepmc_relation(one) for one in _items(at(item, "commentCorrectionList/commentCorrection"))
    ]
    return record


def _europepmc_relation(found: Item) -> Correction:
    """``"Erratum in"`` → NLM's ``ErratumIn``."""
    words = _NOT_A_LETTER.sub(" ", str(found.get("type") or "")).split()
    kind = "".join(word[:1].upper() + word[1:] for word in words)
    pmid = texts(found.get("id")) if found.get("source") == "MED" else []
    return Correction(kind, pmid[0] if pmid else None, str(found.get("reference") or ""), str(found.get("note") or ""))


def _europepmc_author(author: Item) -> Author | None:
    group = author.get("collectiveName")
    orcid = at(author, "authorId/value") if at(author, "authorId/type") == "ORCID" else ""
    found = person(author.get("lastName"), author.get("firstName"), group or author.get("fullName"), bool(group), orcid)
    if found is not None and author.get("initials"):
        found.initials = str(author["initials"])
    return found


def _listed(text: Any) -> list[Author]:
    """``Vogt P, Lind K, HARBOUR Study Group.``"""
    return _people([author_of(name.strip(" .")) for name in str(text or "").split(",")])


def _europepmc_heading(heading: Item) -> Mesh:
    qualifiers = _items(at(heading, "meshQualifierList/meshQualifier"))
    return Mesh(
        heading=str(heading.get("descriptorName") or ""),
        major=heading.get("majorTopic_YN") == "Y",
        qualifiers=[("", str(q.get("qualifierName") or ""), q.get("majorTopic_YN") == "Y") for q in qualifiers],
    )


# -- OpenAlex --------------------------------------------------------------------------------------------------------

_OPENALEX = {
    "title": ("title", "display_name"), "doi": ("doi", "ids/doi"), "pmid": ("ids/pmid",), "pmcid": ("ids/pmcid",),
    "year": ("publication_year",), "date": ("publication_date",),
    "journal": ("primary_location/source/display_name", "host_venue/display_name"),
    "volume": ("biblio/volume",), "issue": ("biblio/issue",), "start": ("biblio/first_page",),
    "end": ("biblio/last_page",), "issn": ("primary_location/source/issn_l", "host_venue/issn_l"),
    "language": ("language",), "keyword": ("keywords/display_name", "keywords/keyword"), "type": ("type",),
}  # fmt: skip
_OPENALEX_TYPES = {"article": "Journal Article", "erratum": "Erratum", "retraction": "Retraction Notice"}


def _openalex(item: Item, source: str) -> Record:
    fields = _fields(item, _OPENALEX)
    fields["type"] = [_OPENALEX_TYPES.get(name, name.replace("-", " ").title()) for name in fields["type"]]
    if "posted-content" in (item.get("type_crossref"), item.get("type")):
        fields["type"] = ["Preprint"]
    if item.get("is_retracted") is True:
        fields["type"].append("Retracted Publication")
    fields["pmid"] = [value.rstrip("/").rpartition("/")[2] for value in fields["pmid"]]
    fields["abstract"] = [_uninverted(item.get("abstract_inverted_index"))]
    fields["accession"] = [str(item.get("id") or "").rpartition("/")[2]]
    record = build_record(fields, source)
    people = _items(item.get("authorships"))
    record.authors = _people([
        person("", "", at(one, "author/display_name") or one.get("raw_author_name"), False, at(one, "author/orcid"))
        for one in people
    ])  # fmt: skip
    record.mesh = [
        Mesh(str(one.get("descriptor_ui") or ""), str(one.get("descriptor_name") or ""),
             one.get("is_major_topic") is True and not one.get("qualifier_name"),
             [(str(one.get("qualifier_ui") or ""), str(one["qualifier_name"]), one.get("is_major_topic") is True)]
             if one.get("qualifier_name") else [])
        for one in _items(item.get("mesh"))
    ]  # fmt: skip
    return record


def _uninverted(index: Any) -> str:
    """The text of an index of words to their positions."""
    if not isinstance(index, dict):
        return ""
    placed = [(place, word) for word, places in index.items() for place in places if isinstance(place, int)]
    return " ".join(word for _, word in sorted(placed))


# -- DataCite --------------------------------------------------------------------------------------------------------

_DATACITE = {
    "doi": ("doi", "id"), "year": ("publicationYear",), "journal": ("container/title",),
    "volume": ("container/volume",), "issue": ("container/issue",), "start": ("container/firstPage",),
    "end": ("container/lastPage",),
    "language": ("language",), "keyword": ("subjects/subject",), "url": ("url",), "type": ("types/resourceType",),
}  # fmt: skip
# The book or journal of a work, where "container" does not say it.
_DATACITE_PUBLISHED_IN: dict[str, tuple[str, ...]] = {
    "journal": ("titles/title",), "volume": ("volume",), "issue": ("issue",), "start": ("firstPage",),
    "end": ("lastPage",),
}  # fmt: skip
_SIZE_IN_PAGES = re.compile(
    r"(?:pp?\.\s?|S\.\s?)?(\d{1,5}\s?[-\u2010-\u2015]\s?\d{1,5})(?:\s?(?:pages|seiten|pp?\.?|S\.))?", re.I
)
_A_PAGE = re.compile(r"[A-Za-z]{0,4}\d[\w.]*")  # DataCite takes containers out of printed texts: "No 1" to "2 (2018)"


def _datacite(item: Item, source: str) -> Record:
    work = item["attributes"] if isinstance(item.get("attributes"), dict) else item
    fields = _fields(work, _DATACITE)
    related = [one for one in _items(work.get("relatedItems")) if one.get("relationType") == "IsPublishedIn"]
    for key, values in _fields(related[0], _DATACITE_PUBLISHED_IN).items() if related else ():
        fields[key] += values
    for key in ("start", "end"):
        fields[key] = [value for value in fields[key] if _A_PAGE.fullmatch(value.strip())]
    if not fields["start"]:  # "33-52 pages" is where, "20 pages" how many
        fields["pages"] = [m[1] for size in texts(work.get("sizes")) if (m := _SIZE_IN_PAGES.fullmatch(size.strip()))]
    titles = _items(work.get("titles"))
    main = [str(title.get("title") or "") for title in titles if not title.get("titleType")]
    subtitle = [str(title.get("title") or "") for title in titles if title.get("titleType") == "Subtitle"]
    fields["title"] = [": ".join([*main[:1], *subtitle[:1]])]
    fields["vernacular"] = [str(t.get("title") or "") for t in titles if t.get("titleType") == "TranslatedTitle"]
    fields["abstract"] = [str(one.get("description") or "") for one in _items(work.get("descriptions"))
                          if one.get("descriptionType") in ("Abstract", None)]  # fmt: skip
    dates = {str(one.get("dateType")): str(one.get("date") or "") for one in _items(work.get("dates"))}
    fields["date"] = [dates[name] for name in ("Issued", "Available", "Created") if dates.get(name)][:1]
    if fields["year"] and not "".join(fields["date"]).startswith(fields["year"][0]):
        fields["date"] = []
    general = str(at(work, "types/resourceTypeGeneral") or "")
    fields["type"] = ["Journal Article" if general == "JournalArticle" else general, *fields["type"]]
    record = build_record(fields, source)
    record.authors = _people([_datacite_author(one) for one in _items(work.get("creators"))])
    return record


def _datacite_author(creator: Item) -> Author | None:
    schemes = _items(creator.get("nameIdentifiers"))
    orcid = next((one.get("nameIdentifier") for one in schemes if one.get("nameIdentifierScheme") == "ORCID"), "")
    group = creator.get("nameType") == "Organizational"
    return person(creator.get("familyName"), creator.get("givenName"), creator.get("name"), group, orcid)


# -- Zotero ----------------------------------------------------------------------------------------------------------

_ZOTERO = {
    "title": ("title", "caseName", "nameOfAct"), "abstract": ("abstractNote",), "date": ("date",), "doi": ("DOI",),
    "journal": ("publicationTitle", "proceedingsTitle", "bookTitle", "repository"), "volume": ("volume",),
    "abbreviation": ("journalAbbreviation",), "issue": ("issue",), "pages": ("pages",), "issn": ("ISSN", "ISBN"),
    "pmid": ("PMID",), "pmcid": ("PMCID",), "language": ("language",), "url": ("url",), "note": ("extra", "notes/note"),
}  # fmt: skip
_ZOTERO_TYPES = {"journalArticle": "Journal Article", "preprint": "Preprint", "conferencePaper": "Conference Paper"}
_EXTRA_ID = re.compile(r"^(PMID|PMCID|DOI)\s*:\s*(\S+)", re.M | re.I)


def _zotero(item: Item, source: str) -> Record:
    work = item["data"] if isinstance(item.get("data"), dict) else item
    if work.get("itemType") in ("attachment", "note", "annotation"):
        raise ValueError(f"{work['itemType']}, no work")
    fields = _fields(work, _ZOTERO)
    for name, value in _EXTRA_ID.findall("\n".join(fields["note"])):
        fields[name.lower()].append(value)
    fields["keyword"] = [str(tag.get("tag") if isinstance(tag, dict) else tag) for tag in work.get("tags") or []]
    kind = str(work.get("itemType") or "")
    fields["type"] = [_ZOTERO_TYPES.get(kind, re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).title())]
    record = build_record(fields, source)
    creators = [one for one in _items(work.get("creators")) if one.get("creatorType", "author") == "author"]
    record.authors = _people([_zotero_author(one) for one in creators])
    return record


def _zotero_author(creator: Item) -> Author | None:
    whole = creator.get("name")
    return person(creator.get("lastName"), creator.get("firstName"), whole, bool(whole or creator.get("fieldMode")))


# -- Semantic Scholar ------------------------------------------------------------------------------------------------

_SEMANTIC_SCHOLAR = {
    "title": ("title",), "abstract": ("abstract",), "year": ("year",), "date": ("publicationDate",),
    "journal": ("journal/name", "venue"), "volume": ("journal/volume",), "pages": ("journal/pages",),
    "doi": ("externalIds/DOI",), "pmid": ("externalIds/PubMed",), "pmcid": ("externalIds/PubMedCentral",),
    "type": ("publicationTypes",),
}  # fmt: skip


def _semantic_scholar(item: Item, source: str) -> Record:
    fields = _fields(item, _SEMANTIC_SCHOLAR)
    fields["pmcid"] = [value if value.upper().startswith("PMC") else f"PMC{value}" for value in fields["pmcid"]]
    fields["type"] = [re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name) for name in fields["type"]]
    record = build_record(fields, source)
    record.authors = _people([person("", "", one.get("name")) for one in _items(item.get("authors"))])
    return record


# -- PubMed's ESummary -----------------------------------------------------------------------------------------------

_ESUMMARY = {
    "title": ("title",), "vernacular": ("vernaculartitle",), "date": ("pubdate",), "journal": ("fulljournalname",),
    "abbreviation": ("source",), "volume": ("volume",), "issue": ("issue",), "pages": ("pages",),
    "issn": ("issn", "essn"), "language": ("lang",), "type": ("pubtype",), "pmid": ("uid",),
}  # fmt: skip


def _esummary(item: Item, source: str) -> Record:
    fields = _fields(item, _ESUMMARY)
    ids = {str(one.get("idtype")): str(one.get("value") or "") for one in _items(item.get("articleids"))}
    fields["doi"] = [ids.get("doi", ""), *texts(item.get("elocationid"))]
    fields["pmcid"] = [ids.get("pmc", "")]
    record = build_record(fields, source)
    record.authors = _people([
        person("", "", one.get("name"), one.get("authtype") == "CollectiveName") for one in _items(item.get("authors"))
    ])  # fmt: skip
    return record


_READERS: dict[str, Callable[[Item, str], Record]] = {
    "europepmc": _europepmc, "openalex": _openalex, "datacite": _datacite, "zotero": _zotero,
    "semantic-scholar": _semantic_scholar, "esummary": _esummary,
}  # fmt: skip
_EUROPEPMC_KEYS = frozenset(
    ("authorString", "authorList", "pubTypeList", "journalInfo", "pubYear", "firstPublicationDate", "abstractText")
)
_SHAPES: dict[str, Callable[[Item], bool]] = {
    "europepmc": lambda item: "source" in item and bool(_EUROPEPMC_KEYS & item.keys()),
    "openalex": lambda item: str(item.get("id", "")).startswith("https://openalex.org/W") or "authorships" in item,
    "datacite": lambda item: (
        "attributes" in item if item.get("type") == "dois" else {"creators", "titles"} <= item.keys()
    ),
    "zotero": lambda item: "itemType" in item or (isinstance(item.get("data"), dict) and "itemType" in item["data"]),
    "semantic-scholar": lambda item: "paperId" in item or "externalIds" in item,
    "esummary": lambda item: "uid" in item and "pubdate" in item,
}
