"""JSON as the interfaces of Crossref, Europe PMC, OpenAlex and others answer, and as reference managers keep it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from evidence.errors import InputError
from evidence.exchange.json_text import objects
from evidence.exchange.reading import read_records
from evidence.record import Record

Item = dict[str, Any]

CROSSREF: Item = {
    "DOI": "10.5555/s1", "type": "journal-article", "title": ["Burst in the <scp>HARBOUR</scp> cohort"],
    "container-title": ["Pain Studies"], "short-container-title": ["Pain Stud"], "reference-count": 3,
    "issued": {"date-parts": [[2019, 7]]}, "page": "152-160", "volume": "17", "issue": "3", "ISSN": ["1234-5678"],
    "author": [{"given": "Petra", "family": "Vogt", "sequence": "first",
                "ORCID": "http://orcid.org/0000-0000-0000-0001", "affiliation": [{"name": "Harbour clinic"}]},
               {"name": "HARBOUR Study Group", "sequence": "additional"}],
    "abstract": "<jats:title>Abstract</jats:title><jats:p>Burst is <jats:italic>new</jats:italic>.</jats:p>",
}  # fmt: skip
EUROPEPMC: Item = {
    "id": "81234567", "source": "MED", "pmid": "81234567", "pmcid": "PMC8123456", "doi": "10.5555/s1",
    "title": "Burst in the HARBOUR cohort", "authorString": "Vogt P, HARBOUR Study Group.",
    "authorList": {"author": [
        {"fullName": "Vogt P", "firstName": "Petra", "lastName": "Vogt", "initials": "P",
         "authorId": {"type": "ORCID", "value": "0000-0000-0000-0001"}}, {"collectiveName": "HARBOUR Study Group"}]},
    "journalInfo": {"issue": "3", "volume": "17", "monthOfPublication": 7, "yearOfPublication": 2019,
                    "printPublicationDate": "2019-07-01", "journal": {"title": "Pain Studies", "issn": "1234-5678",
                                                                      "medlineAbbreviation": "Pain Stud"}},
    "pubYear": "2019", "pageInfo": "152-160", "abstractText": "<h4>Background</h4>Burst is new.<h4>Aims</h4>To ask.",
    "pubTypeList": {"pubType": ["Journal Article", "Review"]}, "keywordList": {"keyword": ["Burst"]},
    "meshHeadingList": {"meshHeading": [{"majorTopic_YN": "Y", "descriptorName": "Pain", "meshQualifierList": {
        "meshQualifier": [{"abbreviation": "TH", "qualifierName": "therapy", "majorTopic_YN": "N"}]}}]},
    "commentCorrectionList": {"commentCorrection": [
        {"id": "81234568", "source": "MED", "reference": "Pain Stud. 2020;18:1", "type": "Erratum in"}]},
}  # fmt: skip
OPENALEX: Item = {
    "id": "https://openalex.org/W8123456789", "doi": "https://doi.org/10.5555/s1",
    "title": "Burst in the HARBOUR cohort", "display_name": "Burst in the HARBOUR cohort", "publication_year": 2019,
    "publication_date": "2019-07-03", "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/81234567"}, "type": "article",
    "primary_location": {"source": {"display_name": "Pain Studies", "issn_l": "1234-5678"}},
    "authorships": [{"author": {"display_name": "Petra Vogt", "orcid": None}}],
    "biblio": {"volume": "17", "issue": "3", "first_page": "152", "last_page": "160"},
    "abstract_inverted_index": {"is": [1], "Burst": [0], "new.": [2]}, "is_retracted": True,
    "keywords": [{"display_name": "Burst"}],
    "mesh": [{"descriptor_ui": "D000001", "descriptor_name": "Pain", "qualifier_name": "therapy",
              "is_major_topic": True}],
}  # fmt: skip
DATACITE: Item = {
    "id": "10.5555/s1", "type": "dois", "attributes": {
        "doi": "10.5555/s1", "titles": [{"title": "Burst"}, {"title": "A cohort", "titleType": "Subtitle"}],
        "creators": [{"name": "Vogt, Petra", "nameType": "Personal", "givenName": "Petra", "familyName": "Vogt"},
                     {"name": "HARBOUR Study Group", "nameType": "Organizational"}],
        "publicationYear": 2019, "dates": [{"date": "2019-07-03", "dateType": "Issued"}],
        "container": {"title": "Pain Studies", "volume": "17", "issue": "3", "firstPage": "152", "lastPage": "160"},
        "descriptions": [{"description": "Burst is new.", "descriptionType": "Abstract"}],
        "subjects": [{"subject": "Burst"}], "types": {"resourceTypeGeneral": "JournalArticle"}}}  # fmt: skip
ZOTERO: Item = {
    "itemType": "journalArticle", "title": "Burst", "abstractNote": "Burst is new.", "publicationTitle": "Pain Studies",
    "volume": "17", "issue": "3", "pages": "152-160", "date": "2019-07-03", "DOI": "10.5555/s1",
    "extra": "PMID: 81234567\nPMCID: PMC8123456", "tags": [{"tag": "Burst"}],
    "creators": [{"creatorType": "author", "firstName": "Petra", "lastName": "Vogt"},
                 {"creatorType": "author", "name": "HARBOUR Study Group"},
                 {"creatorType": "editor", "firstName": "Karl", "lastName": "Lind"}]}  # fmt: skip
ESUMMARY: Item = {
    "uid": "81234567", "pubdate": "2019 Jul 3", "source": "Pain Stud", "title": "Burst in the HARBOUR cohort.",
    "authors": [{"name": "Vogt P", "authtype": "Author"},
                {"name": "HARBOUR Study Group", "authtype": "CollectiveName"}],
    "volume": "17", "issue": "3", "pages": "152-160", "lang": ["eng"], "issn": "1234-5678",
    "pubtype": ["Journal Article"], "fulljournalname": "Pain Studies",
    "articleids": [{"idtype": "pubmed", "value": "81234567"}, {"idtype": "doi", "value": "10.5555/s1"}]}  # fmt: skip
SEMANTIC_SCHOLAR: Item = {
    "paperId": "a" * 40, "externalIds": {"DOI": "10.5555/s1", "PubMed": "81234567", "PubMedCentral": "8123456"},
    "title": "Burst in the HARBOUR cohort", "year": 2019, "publicationDate": "2019-07-03", "venue": "Pain",
    "journal": {"name": "Pain Studies", "volume": "17", "pages": "152-160"}, "publicationTypes": ["JournalArticle"],
    "authors": [{"authorId": "1", "name": "Petra Vogt"}]}  # fmt: skip


def read(value: Any) -> list[Record]:
    text = value if isinstance(value, str) else json.dumps(value)
    return [record for record, _ in read_records(text.encode()).records]


def one(value: Any) -> Record:
    [record] = read(value)
    return record


WRAPPED: dict[str, tuple[Any, str]] = {
    "a list of Crossref works": ({"status": "ok", "message-type": "work-list", "message": {
        "facets": {}, "total-results": 1, "items": [CROSSREF], "items-per-page": 20, "query": {}}}, "csl-json"),
    "one Crossref work": ({"status": "ok", "message-type": "work", "message": CROSSREF}, "csl-json"),
    "Crossref works one a line": (json.dumps(CROSSREF), "csl-json"),
    "a search of Europe PMC": ({"version": "6.9", "hitCount": 1, "request": {"queryString": "x"},
                                "resultList": {"result": [EUROPEPMC]}}, "europepmc"),
    "one article of Europe PMC": ({"version": "6.9", "result": EUROPEPMC}, "europepmc"),
    "a list of OpenAlex works": ({"meta": {"count": 1}, "results": [OPENALEX], "group_by": []}, "openalex"),
    "one OpenAlex work": (OPENALEX, "openalex"),
    "a list of DataCite DOIs": ({"data": [DATACITE], "meta": {"total": 1}}, "datacite"),
    "one DataCite DOI": ({"data": DATACITE}, "datacite"),
    "DataCite's own JSON": (DATACITE["attributes"], "datacite"),
    "an export of Zotero": ({"config": {"label": "BetterBibTeX JSON"}, "items": [ZOTERO]}, "zotero"),
    "items of Zotero's interface": ([{"key": "A", "version": 1, "data": ZOTERO}], "zotero"),
    "ESummary": ({"header": {}, "result": {"uids": ["81234567"], "81234567": ESUMMARY}}, "esummary"),
    "Semantic Scholar": ({"total": 1, "offset": 0, "data": [SEMANTIC_SCHOLAR]}, "semantic-scholar"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRAPPED)
def test_every_answer_gives_its_work(name: str) -> None:
    answer, kind = WRAPPED[name]
    text = answer if isinstance(answer, str) else json.dumps(answer, indent=1)
    found = read_records(text.encode())
    assert found.format == kind and not found.problems
    [(record, _)] = found.records
    assert record.title.startswith("Burst") and "<" not in record.title
    assert (record.doi, record.journal, record.volume) == ("10.5555/s1", "Pain Studies", "17")
    assert record.pages == "152-160" and record.publication_date.startswith("2019-07") and record.year == 2019
    assert record.authors[0].name == "Vogt P"
    if len(record.authors) > 1:
        assert record.authors[1].collective == "HARBOUR Study Group"
    if record.abstract:
        assert record.abstract[0].text == "Burst is new."


PUBLISHED_IN: Item = {
    "relationType": "IsPublishedIn", "titles": [{"title": "A book on pain"}, {"titleType": "TranslatedTitle"}],
    "volume": "3", "firstPage": "179", "lastPage": "196"}  # fmt: skip


@pytest.mark.parametrize(
    ("container", "more", "place"),
    [
        (None, {"relatedItems": [{"relationType": "Cites"}, PUBLISHED_IN]}, ("A book on pain", "3", "179-196")),
        ({"title": "Pain"}, {"relatedItems": [PUBLISHED_IN]}, ("Pain", "3", "179-196")),
        (
            {"title": "Pain", "firstPage": "No 1", "lastPage": "2 (2018)"},
            {"sizes": ["33\u201352 Pages"]},
            ("Pain", "", "33-52"),
        ),
        ({"title": "Pain", "firstPage": "e1042"}, {"sizes": ["20 pages"]}, ("Pain", "", "e1042")),
        ({"title": "Pain"}, {"sizes": ["20 pages", "1.2 MB"]}, ("Pain", "", "")),
    ],
)
def test_where_datacite_says_that_a_work_was_published(
    container: Item | None, more: Item, place: tuple[str, str, str]
) -> None:
    record = one(DATACITE["attributes"] | {"container": container} | more)
    assert (record.journal, record.volume, record.pages) == place


def test_what_crossref_has_beyond_csl() -> None:
    record = one({"message": CROSSREF | {"subtitle": ["A register study"], "article-number": "e5", "page": None}})
    assert record.title == "Burst in the HARBOUR cohort: A register study" and record.pages == "e5"
    assert record.journal_abbreviation == "Pain Stud" and record.issn == "1234-5678"
    assert record.authors[0].orcid == "0000-0000-0000-0001" and record.authors[0].affiliations == ["Harbour clinic"]
    assert record.type_names() == {"Journal Article"} and record.kind == "article"
    funded = one(CROSSREF | {"funder": [{"name": "A fund", "award": ["A-1"]}],
                             "clinical-trial-number": [{"clinical-trial-number": "nct81234567"}]})  # fmt: skip
    assert funded.grants == ["A-1/A fund"] and [number for _, number in funded.databanks] == ["NCT81234567"]


@pytest.mark.parametrize(
    ("kind", "relation"),
    [("retraction", "RetractionOf"), ("erratum", "ErratumFor"), ("expression_of_concern", "ExpressionOfConcernFor")],
)
def test_a_notice_of_crossref_names_its_article(kind: str, relation: str) -> None:
    record = one(CROSSREF | {"update-to": [{"DOI": "10.5555/s0", "type": kind, "label": "x"}]})
    assert record.kind == "notice"
    assert [(c.ref_type, c.ref_source) for c in record.corrections] == [(relation, "doi: 10.5555/s0")]


def test_an_update_of_another_kind_is_no_notice() -> None:
    record = one(CROSSREF | {"update-to": [{"DOI": "10.5555/s0", "type": "new_version", "label": "x"}]})
    assert record.kind == "article" and record.corrections == []


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ({"issued": {"date-parts": [[2019, 7]]}}, "2019-07"),
        ({"issued": {"date-parts": [["2019", "7", "3"]]}}, "2019-07-03"),
        ({"issued": {"date-parts": [2019, 7]}}, "2019-07"),
        ({"issued": {"date-parts": [[None]]}, "published-online": {"date-parts": [[2018, 2]]}}, "2018-02"),
        ({"issued": {"date-parts": [[2018, 12]]}, "published-print": {"date-parts": [[2019, 2]]}}, "2019-02"),
        ({"issued": {"raw": "2019-07-03"}}, "2019-07-03"),
        ({"issued": {"literal": "July 2019"}}, "2019-07"),
        ({"issued": [{"year": 2019, "month": 7}]}, "2019-07"),
        ({"issued": "2019"}, "2019"),
        ({"issued": {}}, ""),
    ],
)
def test_dates_of_csl(date: Item, expected: str) -> None:
    bare = {key: value for key, value in CROSSREF.items() if key != "issued"}
    assert one([bare | date]).publication_date == expected


def test_names_of_csl() -> None:
    names = [
        {"family": "Berg", "given": "Jan-Piet", "non-dropping-particle": "van den"},
        {"family": "Vogt", "given": "Petra", "suffix": "Jr"},
        {"literal": "Pain &amp; Nerve Group"},
        {"family": "Lind", "given": None},
        {},
    ]
    record = one([{"type": "article-journal", "title": "T", "author": names}])
    assert [author.name for author in record.authors] == ["van den Berg JP", "Vogt P", "Pain & Nerve Group", "Lind"]
    assert record.authors[1].suffix == "Jr"


def test_what_europe_pmc_has() -> None:
    record = one({"resultList": {"result": [EUROPEPMC]}})
    assert (record.pmid, record.pmcid, record.journal_abbreviation) == ("81234567", "PMC8123456", "Pain Stud")
    assert [(s.label, s.text) for s in record.abstract] == [("Background", "Burst is new."), ("Aims", "To ask.")]
    assert record.type_names() == {"Journal Article", "Review"} and record.keywords == ["Burst"]
    assert record.mesh[0].heading == "Pain" and record.mesh[0].major and record.mesh[0].qualifiers[0][1] == "therapy"
    assert [(c.ref_type, c.pmid) for c in record.corrections] == [("ErratumIn", "81234568")]
    lite = {"id": "1", "source": "MED", "title": "T", "pubYear": "2019", "journalTitle": "Pain Stud",
            "authorString": "Vogt P, Lind K.", "pubType": "review-article; journal article", "pmid": "1"}  # fmt: skip
    assert [author.name for author in one({"resultList": {"result": [lite]}}).authors] == ["Vogt P", "Lind K"]
    preprint = lite | {"id": "PPR123456", "source": "PPR", "pubType": "preprint", "pmid": None}
    assert (one([preprint]).kind, one([preprint]).source_id) == ("preprint", "PPR123456")


def test_what_openalex_has() -> None:
    record = one({"results": [OPENALEX]})
    assert record.pmid == "81234567" and record.abstract[0].text == "Burst is new."
    assert "Retracted Publication" in record.type_names() and record.keywords == ["Burst"]
    assert record.mesh[0].qualifiers == [("", "therapy", True)]
    assert one(OPENALEX | {"is_retracted": False}).type_names() == {"Journal Article"}
    assert one(OPENALEX | {"type": "preprint"}).kind == "preprint"


def test_a_zotero_attachment_is_told() -> None:
    found = read_records(json.dumps({"items": [ZOTERO, {"itemType": "attachment", "title": "PDF"}]}).encode())
    assert len(found.records) == 1 and "attachment" in found.problems[0].reason


# -- JSON itself -----------------------------------------------------------------------------------------------------


def test_a_record_with_a_list_of_its_own_is_no_wrapper() -> None:
    plain = {"id": "a", "title": "T", "references": [{"title": "Cited"}], "data": [{"title": "Other"}]}
    assert [record.title for record in read(plain)] == ["T"]


@pytest.mark.parametrize(
    ("text", "titles", "told"),
    [
        ('{"message": {"total-results": 2, "items": [{"DOI": "10.5555/a", "title": ["A"]}, {"DOI": "10.55', ["A"], 1),
        ('{"items": [{"title": "A", "itemType": "x"}]}\n{"items": [{"title": "B", "itemType": "x"}]}', ["A", "B"], 0),
        ('[{"title": "A", "type": "book"}, 5, {"title": "B", "type": "book"}]', ["A", "B"], 1),
        ('[{"title": "A", "type": "book"}][{"title": "B", "type": "book"}]', ["A", "B"], 0),
        ('{"title": "A", "type": "book", "author": 5}\n{"title": "B", "type": "book"}', ["B"], 1),
    ],
)  # fmt: skip
def test_json_that_is_not_whole(text: str, titles: list[str], told: int) -> None:
    found = read_records(text.encode())
    assert [record.title for record, _ in found.records] == titles
    assert len(found.problems) == told


@pytest.mark.parametrize("empty", ["[]", '{"message": {"items": []}}', '{"resultList": {"result": []}}'])
def test_an_empty_answer_is_told(empty: str) -> None:
    with pytest.raises(InputError, match="no entry"):
        read_records(empty.encode())


def test_deep_nesting_is_told() -> None:
    found = read_records(('[{"title": "A", "type": "book"},\n' + '{"a":' * 50_000).encode())
    assert len(found.records) == 1 and "nested too deep" in found.problems[0].reason


def test_lines_in_a_wrapped_list() -> None:
    text = json.dumps({"resultList": {"result": [EUROPEPMC, EUROPEPMC | {"title": "Second", "id": "2"}]}}, indent=1)
    lines = [line for line, _ in objects(text)]
    rows = text.split("\n")
    assert len(lines) == 2 and '"81234567"' in rows[lines[0]] and '"2"' in rows[lines[1]]
