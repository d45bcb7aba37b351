"""Every field of our reader against Bio.Entrez.read, on ten real efetch answers.

Bio.Entrez keeps inline markup as text and knows nothing of dates as strings: both are brought to our form here,
from its structures and not from ours.
"""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from Bio import Entrez

from evidence.exchange.pubmed import read_article_set
from evidence.record import Record

pytestmark = pytest.mark.shared

FILES = [f"chronic-pain-2026-04-06-{n}.xml.gz" for n in ("0400", *range(1600, 3201, 200))]
# Without tags, raised and lowered figures stand on the line; tests/test_markup.py says where they do in ours.
ON_LINE = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉₊₋\u2212\u2013", "0123456789+-0123456789+---")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def flat(value: Any) -> str:
    """Bio.Entrez's text without the tags it keeps, blanks single."""
    text = re.sub(r"</?(?:i|b|u|sup|sub|mml:[a-zA-Z]+|DispFormula)\b[^>]*>", "", str(value))
    return re.sub(r"[ \t\r\n]+", " ", text).strip()


def dated(value: Any) -> str:
    if not value:
        return ""
    if "MedlineDate" in value:
        year = re.search(r"\d{4}", value["MedlineDate"]).group()
        month = re.search(r"\b(" + "|".join(MONTHS) + r")", value["MedlineDate"])
        return f"{year}-{MONTHS.index(month.group()) + 1:02}" if month else year
    month = value.get("Month", "") or value.get("Season", "")[:3]
    if not month or (not month.isdigit() and month not in MONTHS):
        return value["Year"]
    number = int(month) if month.isdigit() else MONTHS.index(month) + 1
    return f"{value['Year']}-{number:02}" + (f"-{int(value['Day']):02}" if "Day" in value else "")


def titled(article: Any) -> str:
    title = flat(article["ArticleTitle"])
    return flat(article.get("VernacularTitle", title)) if title == "[Not Available]." else title


def people(value: Any) -> list[tuple[Any, ...]]:
    found = []
    for person in value:
        if person.attributes.get("ValidYN") == "N":
            continue
        orcids = [flat(i).rstrip("/").split("/")[-1] for i in person["Identifier"] if i.attributes["Source"] == "ORCID"]
        found.append(
            (
                flat(person.get("LastName", "")),
                flat(person.get("ForeName", "")),
                flat(person.get("Initials", "")),
                flat(person.get("CollectiveName", "")),
                flat(person.get("Suffix", "")),
                "".join(orcids[:1]),
                [flat(place["Affiliation"]) for place in person["AffiliationInfo"]],
            )
        )
    return found


def book_people(document: Any) -> list[tuple[Any, ...]]:
    """Authors of the chapter, else of the book, else its editors."""
    own, book = document["AuthorList"], document["Book"]["AuthorList"]
    lists = [one for one in own or book if one.attributes["Type"] == "authors"] or book
    return people([person for one in lists for person in one])


def parts(value: Any) -> list[tuple[str, str, str]]:
    found = []
    for text in value:
        attributes = getattr(text, "attributes", {})
        if flat(text):
            found.append((flat(text), attributes.get("Label", ""), attributes.get("NlmCategory", "")))
    return found


def identifier(value: Any, kind: str) -> str | None:
    return next((str(i).strip() for i in value if i.attributes["IdType"] == kind and str(i).strip()), None)


def doi(value: Any) -> str | None:
    """A DOI in our form; anything else in its place is none."""
    text = str(value or "").strip().rstrip(".").lower()
    return text if re.fullmatch(r"10\.\d{4,9}/\S+", text) else None


def doi_of(item: Any) -> str | None:
    locations = item["MedlineCitation"]["Article"]["ELocationID"]
    for location in locations:
        if location.attributes["EIdType"] == "doi" and location.attributes.get("ValidYN", "Y") == "Y" and doi(location):
            return doi(location)
    return doi(identifier(item["PubmedData"]["ArticleIdList"], "doi"))


def cited(lists: Any) -> Iterator[tuple[str, str | None, str | None]]:
    for one in lists:
        for reference in one.get("Reference", []):
            ids = reference.get("ArticleIdList", [])
            yield flat(reference.get("Citation", "")), identifier(ids, "pubmed"), doi(identifier(ids, "doi"))
        yield from cited(one.get("ReferenceList", []))


def pagination(article: Any) -> str:
    value = article.get("Pagination", {})
    return flat(value.get("MedlinePgn", "")) or "-".join(
        flat(value[name]) for name in ("StartPage", "EndPage") if name in value
    )


# Field → (from Bio.Entrez's structure, from our record).
ARTICLE_FIELDS: dict[str, tuple[Callable[[Any], Any], Callable[[Record], Any]]] = {
    "pmid": (lambda x: str(x["MedlineCitation"]["PMID"]), lambda r: r.pmid),
    "doi": (doi_of, lambda r: r.doi),
    "pmcid": (lambda x: identifier(x["PubmedData"]["ArticleIdList"], "pmc"), lambda r: r.pmcid),
    "title": (lambda x: titled(x["MedlineCitation"]["Article"]), lambda r: r.title),
    "vernacular_title": (
        lambda x: flat(x["MedlineCitation"]["Article"].get("VernacularTitle", "")),
        lambda r: r.vernacular_title,
    ),
    "abstract": (
        lambda x: parts(x["MedlineCitation"]["Article"].get("Abstract", {}).get("AbstractText", [])),
        lambda r: [(s.text, s.label, s.category) for s in r.abstract],
    ),
    "other_abstracts": (
        lambda x: [
            (a.attributes.get("Type", ""), a.attributes.get("Language", ""), parts(a["AbstractText"]))
            for a in x["MedlineCitation"]["OtherAbstract"]
        ],
        lambda r: [(kind, lang, [(s.text, s.label, s.category) for s in ss]) for kind, lang, ss in r.other_abstracts],
    ),
    "authors": (
        lambda x: people(x["MedlineCitation"]["Article"].get("AuthorList", [])),
        lambda r: [(a.family, a.given, a.initials, a.collective, a.suffix, a.orcid, a.affiliations) for a in r.authors],
    ),
    "journal": (lambda x: flat(x["MedlineCitation"]["Article"]["Journal"].get("Title", "")), lambda r: r.journal),
    "journal_abbreviation": (
        lambda x: flat(x["MedlineCitation"]["MedlineJournalInfo"]["MedlineTA"]),
        lambda r: r.journal_abbreviation,
    ),
    "nlm_id": (lambda x: str(x["MedlineCitation"]["MedlineJournalInfo"]["NlmUniqueID"]), lambda r: r.nlm_id),
    "issn": (
        lambda x: str(
            x["MedlineCitation"]["Article"]["Journal"].get("ISSN")
            or x["MedlineCitation"]["MedlineJournalInfo"].get("ISSNLinking", "")
        ),
        lambda r: r.issn,
    ),
    "publication_date": (
        lambda x: dated(x["MedlineCitation"]["Article"]["Journal"]["JournalIssue"]["PubDate"]),
        lambda r: r.publication_date,
    ),
    "year": (
        lambda x: int(dated(x["MedlineCitation"]["Article"]["Journal"]["JournalIssue"]["PubDate"])[:4]),
        lambda r: r.year,
    ),
    "electronic_date": (
        lambda x: dated((x["MedlineCitation"]["Article"]["ArticleDate"] or [None])[-1]),
        lambda r: r.electronic_date,
    ),
    "volume": (
        lambda x: flat(x["MedlineCitation"]["Article"]["Journal"]["JournalIssue"].get("Volume", "")),
        lambda r: r.volume,
    ),
    "issue": (
        lambda x: flat(x["MedlineCitation"]["Article"]["Journal"]["JournalIssue"].get("Issue", "")),
        lambda r: r.issue,
    ),
    "pages": (lambda x: pagination(x["MedlineCitation"]["Article"]), lambda r: r.pages),
    "languages": (lambda x: [str(lang) for lang in x["MedlineCitation"]["Article"]["Language"]], lambda r: r.languages),
    "publication_types": (
        lambda x: [(t.attributes["UI"], flat(t)) for t in x["MedlineCitation"]["Article"]["PublicationTypeList"]],
        lambda r: r.publication_types,
    ),
    "mesh": (
        lambda x: [
            (
                h["DescriptorName"].attributes["UI"],
                flat(h["DescriptorName"]),
                h["DescriptorName"].attributes["MajorTopicYN"] == "Y",
                [(q.attributes["UI"], flat(q), q.attributes["MajorTopicYN"] == "Y") for q in h["QualifierName"]],
                h["DescriptorName"].attributes.get("AutoHM") == "Y",
            )
            for h in x["MedlineCitation"].get("MeshHeadingList", [])
        ],
        lambda r: [(m.ui, m.heading, m.major, m.qualifiers, m.automatic) for m in r.mesh],
    ),
    "keywords": (
        lambda x: [flat(k) for ks in x["MedlineCitation"]["KeywordList"] for k in ks if flat(k)],
        lambda r: r.keywords,
    ),
    "databanks": (
        lambda x: [
            (flat(bank["DataBankName"]), flat(number))
            for bank in x["MedlineCitation"]["Article"].get("DataBankList", [])
            for number in bank.get("AccessionNumberList", [])
        ],
        lambda r: r.databanks,
    ),
    "grants": (
        lambda x: [
            "/".join(flat(g[k]) for k in ("GrantID", "Acronym", "Agency", "Country") if flat(g.get(k, "")))
            for g in x["MedlineCitation"]["Article"].get("GrantList", [])
        ],
        lambda r: r.grants,
    ),
    "conflict_statement": (
        lambda x: flat(x["MedlineCitation"].get("CoiStatement", "")),
        lambda r: r.conflict_statement,
    ),
    "corrections": (
        lambda x: [
            (
                c.attributes["RefType"],
                str(c["PMID"]) if "PMID" in c else None,
                flat(c["RefSource"]),
                flat(c.get("Note", "")),
            )
            for c in x["MedlineCitation"].get("CommentsCorrectionsList", [])
        ],
        lambda r: [(c.ref_type, c.pmid, c.ref_source, c.note) for c in r.corrections],
    ),
    "references": (
        lambda x: list(cited(x["PubmedData"]["ReferenceList"])),
        lambda r: [(flat(c.citation), c.pmid, c.doi) for c in r.references],
    ),
    "status": (lambda x: x["MedlineCitation"].attributes["Status"], lambda r: r.status),
    "indexing_method": (
        lambda x: x["MedlineCitation"].attributes.get("IndexingMethod", ""),
        lambda r: r.indexing_method,
    ),
    "date_revised": (lambda x: dated(x["MedlineCitation"].get("DateRevised")), lambda r: r.date_revised),
    "date_completed": (lambda x: dated(x["MedlineCitation"].get("DateCompleted")), lambda r: r.date_completed),
    "history": (
        lambda x: [(d.attributes["PubStatus"], dated(d)) for d in x["PubmedData"]["History"]],
        lambda r: r.history,
    ),
}

BOOK_FIELDS: dict[str, tuple[Callable[[Any], Any], Callable[[Record], Any]]] = {
    "pmid": (lambda x: str(x["BookDocument"]["PMID"]), lambda r: r.pmid),
    "title": (
        lambda x: flat(x["BookDocument"].get("ArticleTitle") or x["BookDocument"]["Book"]["BookTitle"]),
        lambda r: r.title,
    ),
    "journal": (lambda x: flat(x["BookDocument"]["Book"]["BookTitle"]), lambda r: r.journal),
    "publication_date": (lambda x: dated(x["BookDocument"]["Book"]["PubDate"]), lambda r: r.publication_date),
    "abstract": (
        lambda x: parts(x["BookDocument"].get("Abstract", {}).get("AbstractText", [])),
        lambda r: [(s.text, s.label, s.category) for s in r.abstract],
    ),
    "authors": (
        lambda x: book_people(x["BookDocument"]),
        lambda r: [(a.family, a.given, a.initials, a.collective, a.suffix, a.orcid, a.affiliations) for a in r.authors],
    ),
    "publication_types": (
        lambda x: [(t.attributes["UI"], flat(t)) for t in x["BookDocument"]["PublicationType"]],
        lambda r: r.publication_types,
    ),
    "keywords": (lambda x: [flat(k) for ks in x["BookDocument"]["KeywordList"] for k in ks], lambda r: r.keywords),
    "date_revised": (lambda x: dated(x["BookDocument"].get("DateRevised")), lambda r: r.date_revised),
    "electronic_date": (lambda x: dated(x["BookDocument"].get("ContributionDate")), lambda r: r.electronic_date),
    "references": (
        lambda x: list(cited(x["BookDocument"]["ReferenceList"])),
        lambda r: [(flat(c.citation), c.pmid, c.doi) for c in r.references],
    ),
    "history": (
        lambda x: [(d.attributes["PubStatus"], dated(d)) for d in x["PubmedBookData"]["History"]],
        lambda r: r.history,
    ),
    "kind": (lambda x: "book", lambda r: r.kind),
}


def on_line(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [on_line(part) for part in value]
    return value.translate(ON_LINE) if isinstance(value, str) else value


def differences(expected: Any, record: Record, fields: dict[str, tuple[Callable, Callable]]) -> Iterator[str]:
    for name, (theirs, ours) in fields.items():
        if on_line(theirs(expected)) != on_line(ours(record)):
            yield f"{record.pmid} {name}: {theirs(expected)!r} != {ours(record)!r}"


@pytest.mark.parametrize("name", FILES)
def test_every_field_is_what_bio_entrez_reads(shared_dir: Path, name: str) -> None:
    data = gzip.decompress((shared_dir / "pubmed" / name).read_bytes())
    expected = Entrez.read(io.BytesIO(data))
    records = {received.record.pmid: received.record for received in read_article_set(data)}
    assert len(records) >= 100
    seen = 0
    found: list[str] = []
    for item in expected["PubmedArticle"]:
        found += differences(item, records[str(item["MedlineCitation"]["PMID"])], ARTICLE_FIELDS)
        seen += 1
    for item in expected["PubmedBookArticle"]:
        found += differences(item, records[str(item["BookDocument"]["PMID"])], BOOK_FIELDS)
        seen += 1
    assert seen == len(records) and found == []
