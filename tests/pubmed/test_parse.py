"""The XML reader on invented records: every habit of PubMed's XML that a reader can trip over, and hostile input."""

from __future__ import annotations

import gzip
import io
import random
import tracemalloc

import pytest

from evidence.errors import EXIT_TRY_LATER
from evidence.exchange.pubmed import (
    AnswerError,
    TruncatedAnswer,
    content_hash,
    parse_record,
    read_article_set,
    same_content,
)
from evidence.exchange.pubmed.kinds import kind_of_entry, kind_of_types
from evidence.exchange.pubmed.text import partial_date, printed_date
from evidence.record import Mesh, Reference, Section, from_json, to_json

DECLARATION = (
    b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://dtd.nlm.nih.gov/x.dtd">\n'
)


def article(pmid: str = "101", inside: str = "", journal: str = "", after: str = "", title: str = "A title.") -> bytes:
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM" IndexingMethod="Automated">'
        f'<PMID Version="1">{pmid}</PMID><DateRevised><Year>2026</Year><Month>01</Month><Day>02</Day></DateRevised>'
        f"<Article>{journal}<ArticleTitle>{title}</ArticleTitle>{inside}</Article></MedlineCitation>"
        f"<PubmedData>{after}</PubmedData></PubmedArticle>"
    ).encode()


def answer(*records: bytes) -> bytes:
    return DECLARATION + b"<PubmedArticleSet>" + b"".join(records) + b"</PubmedArticleSet>"


def pmids(data: bytes, size: int | None = None) -> list[str | None]:
    source = data if size is None else Trickle(data, size)
    return [received.record.pmid for received in read_article_set(source)]


class Trickle(io.RawIOBase):
    """A stream that gives a few bytes at a time, as a slow connection does."""

    def __init__(self, data: bytes, size: int):
        self.data, self.size, self.position = data, size, 0

    def read(self, _: int = -1) -> bytes:
        chunk = self.data[self.position : self.position + self.size]
        self.position += len(chunk)
        return chunk


# -- the fields ------------------------------------------------------------------------------------------------------


def test_inline_markup_never_cuts_a_text() -> None:
    title = (
        "Ca<sup>2+</sup> and <i>in vivo</i> <mml:math xmlns:mml='http://www.w3.org/1998/Math/MathML'>"
        "<mml:mi>p</mml:mi><mml:mo>&lt;</mml:mo><mml:mn>0.05</mml:mn></mml:math> after &amp; all"
    )
    assert parse_record(article(title=title)).title == "Ca2+ and in vivo p<0.05 after & all"


def test_blanks_and_line_breaks_are_single_but_other_spaces_stay() -> None:
    record = parse_record(article(title="One\n   two\t three four"))
    assert record.title == "One two three four"


def test_a_stray_less_than_sign_is_text() -> None:
    assert parse_record(article(title="responders (p <0.05) < 10")).title == "responders (p <0.05) < 10"


def test_comments_and_processing_instructions_are_not_text() -> None:
    assert parse_record(article(title="One<!-- no --> two<?no no?>")).title == "One two"


def test_labelled_sections_keep_label_category_and_order() -> None:
    inside = (
        '<Abstract><AbstractText Label="AIM" NlmCategory="OBJECTIVE">To <i>see</i>.</AbstractText>'
        '<AbstractText Label="METHODS" NlmCategory="METHODS">We looked.</AbstractText><AbstractText/>'
        "<CopyrightInformation>Nobody</CopyrightInformation></Abstract>"
    )
    assert parse_record(article(inside=inside)).abstract == [
        Section("To see.", "AIM", "OBJECTIVE"),
        Section("We looked.", "METHODS", "METHODS"),
    ]


def test_other_abstracts_and_vernacular_titles_are_kept_apart() -> None:
    xml = article(inside="<VernacularTitle>Ein Titel.</VernacularTitle>").replace(
        b"</Article>",
        b'</Article><OtherAbstract Type="Publisher" Language="spa"><AbstractText>Hola.</AbstractText></OtherAbstract>',
    )
    record = parse_record(xml)
    assert record.vernacular_title == "Ein Titel."
    assert record.other_abstracts == [("Publisher", "spa", [Section("Hola.")])]
    assert record.abstract == []


def test_authors_persons_groups_suffixes_and_corrected_names() -> None:
    inside = """<AuthorList CompleteYN="Y">
      <Author ValidYN="Y"><LastName>Müller</LastName><ForeName>Ana B</ForeName><Initials>AB</Initials>
        <Suffix>Jr</Suffix>
        <Identifier Source="ORCID">https://orcid.org/0000-0001-0000-0002</Identifier>
        <AffiliationInfo><Affiliation>Here.</Affiliation></AffiliationInfo>
        <AffiliationInfo><Affiliation>There.</Affiliation></AffiliationInfo></Author>
      <Author ValidYN="N"><LastName>Mueler</LastName></Author>
      <Author ValidYN="Y"><CollectiveName>The Invented Study Group</CollectiveName></Author></AuthorList>"""
    first, second = parse_record(article(inside=inside)).authors
    assert (first.name, first.suffix, first.orcid) == ("Müller AB", "Jr", "0000-0001-0000-0002")
    assert first.affiliations == ["Here.", "There."]
    assert second.name == "The Invented Study Group"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("<Year>2014</Year><Month>Jul</Month><Day>3</Day>", "2014-07-03"),
        ("<Year>2014</Year><Month>07</Month>", "2014-07"),
        ("<Year>2014</Year><Season>Summer</Season>", "2014"),
        ("<MedlineDate>2014 Jul-Aug</MedlineDate>", "2014-07"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998-12"),
        ("<MedlineDate>Summer 1979</MedlineDate>", "1979"),
        ("<MedlineDate>no date</MedlineDate>", ""),
    ],
)
def test_dates_are_as_precise_as_printed(date: str, expected: str) -> None:
    journal = f"<Journal><JournalIssue><PubDate>{date}</PubDate></JournalIssue></Journal>"
    record = parse_record(article(journal=journal))
    assert record.publication_date == expected
    assert record.year == (int(expected[:4]) if expected else None)


def test_impossible_dates_lose_only_what_is_impossible() -> None:
    assert partial_date("2014", "13", "3") == "2014"
    assert partial_date("2014", "2", "45") == "2014-02"
    assert partial_date("14", "2", "4") == ""
    assert printed_date("2001 1st Quart") == "2001"


def test_the_year_is_the_issues_and_the_electronic_date_stands_in() -> None:
    issue = "<Journal><JournalIssue><PubDate><Year>2015</Year></PubDate></JournalIssue></Journal>"
    online = "<ArticleDate DateType='Electronic'><Year>2014</Year><Month>12</Month><Day>30</Day></ArticleDate>"
    both, only = parse_record(article(journal=issue, inside=online)), parse_record(article(inside=online))
    assert (both.year, both.electronic_date) == (2015, "2014-12-30")
    assert (only.year, only.publication_date) == (2014, "")


def test_a_doi_comes_from_the_location_then_from_the_records_own_ids_never_from_a_reference() -> None:
    own = (
        '<ArticleIdList><ArticleId IdType="doi">10.1000/OWN</ArticleId>'
        '<ArticleId IdType="pmc">PMC7</ArticleId></ArticleIdList>'
    )
    cited = (
        "<ReferenceList><Reference><Citation>Somebody. 2001.</Citation><ArticleIdList>"
        '<ArticleId IdType="pubmed">55</ArticleId><ArticleId IdType="doi">10.1000/cited</ArticleId></ArticleIdList>'
        "</Reference><ReferenceList><Reference><Citation>Nested.</Citation></Reference></ReferenceList></ReferenceList>"
    )
    invalid = '<ELocationID EIdType="doi" ValidYN="N">10.1000/wrong</ELocationID>'
    valid = '<ELocationID EIdType="doi" ValidYN="Y">10.1000/Right</ELocationID>'
    assert parse_record(article(inside=valid, after=own + cited)).doi == "10.1000/right"
    assert parse_record(article(inside=invalid, after=own + cited)).doi == "10.1000/own"
    only_cited = parse_record(article(after=cited))
    assert only_cited.doi is None and only_cited.pmcid is None
    assert only_cited.references == [Reference("Somebody. 2001.", "55", "10.1000/cited"), Reference("Nested.")]
    assert parse_record(article(after=cited), references=False).references == []


@pytest.mark.parametrize(
    ("pagination", "expected"),
    [
        ("<StartPage>574</StartPage><EndPage>584</EndPage><MedlinePgn>574-84</MedlinePgn>", "574-84"),
        ("<StartPage>574</StartPage><EndPage>584</EndPage>", "574-584"),
        ("<StartPage>e13267</StartPage>", "e13267"),
        ("<MedlinePgn>S417-29; discussion S430</MedlinePgn>", "S417-29; discussion S430"),
    ],
)
def test_pages_stay_as_printed(pagination: str, expected: str) -> None:
    assert parse_record(article(inside=f"<Pagination>{pagination}</Pagination>")).pages == expected


def test_mesh_with_major_topics_qualifiers_and_automatic_headings() -> None:
    xml = article().replace(
        b"</Article>",
        b"</Article><MeshHeadingList><MeshHeading>"
        b'<DescriptorName UI="D062187" MajorTopicYN="N" AutoHM="Y">Spinal Cord Stimulation</DescriptorName>'
        b'<QualifierName UI="Q000379" MajorTopicYN="Y">methods</QualifierName></MeshHeading></MeshHeadingList>',
    )
    record = parse_record(xml)
    assert record.mesh == [Mesh("D062187", "Spinal Cord Stimulation", False, [("Q000379", "methods", True)], True)]
    assert (record.status, record.indexing_method) == ("MEDLINE", "Automated")


def test_corrections_databanks_grants_keywords_and_conflicts() -> None:
    inside = (
        "<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>"
        "<AccessionNumber>NCT00000001</AccessionNumber></AccessionNumberList></DataBank></DataBankList>"
        "<GrantList><Grant><GrantID>G1</GrantID><Agency>An agency</Agency>"
        "<Country>Nowhere</Country></Grant></GrantList>"
    )
    xml = article(inside=inside).replace(
        b"</Article>",
        b'</Article><CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn">'
        b"<RefSource>J. 2020;1:1</RefSource>"
        b'<PMID Version="1">77</PMID><Note>why</Note></CommentsCorrections></CommentsCorrectionsList>'
        b"<KeywordList><Keyword>pain</Keyword><Keyword> </Keyword></KeywordList><CoiStatement>None.</CoiStatement>",
    )
    record = parse_record(xml)
    [correction] = record.corrections
    assert (correction.ref_type, correction.pmid, correction.note) == ("RetractionIn", "77", "why")
    assert record.databanks == [("ClinicalTrials.gov", "NCT00000001")]
    assert record.grants == ["G1/An agency/Nowhere"]
    assert record.keywords == ["pain"] and record.conflict_statement == "None."


def test_a_book_chapter() -> None:
    xml = b"""<PubmedBookArticle><BookDocument><PMID Version="1">303</PMID><ArticleIdList>
      <ArticleId IdType="bookaccession">NBK1</ArticleId></ArticleIdList><Book><BookTitle>The Book</BookTitle>
      <PubDate><Year>2019</Year></PubDate>
      <AuthorList Type="editors"><Author><LastName>Ed</LastName></Author></AuthorList>
      </Book><ArticleTitle>The Chapter</ArticleTitle><AuthorList Type="authors"><Author><LastName>Au</LastName></Author>
      </AuthorList><Abstract><AbstractText>Text.</AbstractText></Abstract></BookDocument>
      <PubmedBookData><History><PubMedPubDate PubStatus="pubmed"><Year>2019</Year><Month>4</Month><Day>1</Day>
      </PubMedPubDate></History></PubmedBookData></PubmedBookArticle>"""
    record = parse_record(xml)
    assert (record.kind, record.title, record.journal, record.year) == ("book", "The Chapter", "The Book", 2019)
    assert [author.name for author in record.authors] == ["Au"]
    assert record.url.endswith("/NBK1/") and record.history == [("pubmed", "2019-04-01")]


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (["Journal Article"], "article"),
        (["Published Erratum"], "notice"),
        (["Retraction of Publication", "Letter"], "notice"),
        (["Expression of Concern"], "notice"),
        (["Retracted Publication", "Journal Article"], "article"),
        (["Preprint"], "preprint"),
        (["Clinical Trial Protocol", "Journal Article"], "protocol"),
        (["Meeting Abstract"], "abstract"),
    ],
)
def test_kinds(types: list[str], kind: str) -> None:
    assert kind_of_types(types) == kind


def test_kinds_of_other_databases() -> None:
    assert kind_of_entry(["Journal: Conference Abstract"], "Pain") == "abstract"
    assert kind_of_entry(["trial_registration"], "") == "registration"
    assert kind_of_entry([], "medRxiv : the preprint server") == "preprint"
    assert kind_of_entry([], "") == "article"


def test_a_record_survives_its_json() -> None:
    inside = "<Abstract><AbstractText Label='A'>b</AbstractText></Abstract>"
    record = parse_record(article(inside=inside, after="<ReferenceList><Reference/></ReferenceList>"))
    assert from_json(to_json(record)) == record


# -- the answer ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 7, 64, 4096, None])
def test_records_are_cut_exactly_whatever_the_chunks(size: int | None) -> None:
    records = [article(str(n), title="Ünï " * n) for n in range(1, 9)]
    data = answer(*records)
    received = list(read_article_set(data if size is None else Trickle(data, size)))
    assert [r.xml for r in received] == records
    assert [r.record.pmid for r in received] == [str(n) for n in range(1, 9)]
    assert all(parse_record(r.xml) == r.record for r in received)


def test_deleted_pmids_are_listed() -> None:
    data = answer(
        article("5"), b'<DeleteCitation><PMID Version="1">6</PMID><PMID Version="1">7</PMID></DeleteCitation>'
    )
    articles = read_article_set(data)
    assert [r.record.pmid for r in articles] == ["5"]
    assert articles.deleted == ["6", "7"]


def test_one_bad_record_costs_only_itself() -> None:
    bad = article("13").replace(b"</ArticleTitle>", b"</Wrong>")
    without_pmid = article("14").replace(b'<PMID Version="1">14</PMID>', b"")
    articles = read_article_set(answer(article("12"), bad, without_pmid, article("15")))
    assert [r.record.pmid for r in articles] == ["12", "15"]
    assert [(f.pmid, "well-formed" in f.reason) for f in articles.failures] == [("13", True), (None, False)]
    assert "PMID" in articles.failures[1].reason


@pytest.mark.parametrize("empty", [b"<PubmedArticleSet></PubmedArticleSet>", b"<PubmedArticleSet/>"])
def test_an_empty_set_is_an_answer(empty: bytes) -> None:
    assert pmids(DECLARATION + empty) == []


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("size", [50, None])
def test_truncation_is_told_after_the_whole_records(cut: float, size: int | None) -> None:
    data = answer(*(article(str(n)) for n in range(1, 6)))
    data = data[: int(len(data) * cut)]
    whole = []
    with pytest.raises(TruncatedAnswer):
        for received in read_article_set(data if size is None else Trickle(data, size)):
            whole.append(received.record.pmid)
    assert whole == [str(n) for n in range(1, data.count(b"</PubmedArticle>") + 1)]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<html><head><title>Sorry</title></head></html>", "HTML"),
        (b"<!DOCTYPE html><html><body>Blocked</body></html>", "HTML"),
        (b'{"error":"API rate limit exceeded","count":"5"}', "API rate limit exceeded"),
        (b'<?xml version="1.0"?><eFetchResult><ERROR>Empty result</ERROR></eFetchResult>', "Empty result"),
        (b"<PubmedArticleSet><ERROR>Search Backend failed</ERROR></PubmedArticleSet>", "Search Backend failed"),
        (b'<?xml version="1.0"?><eSearchResult><Count>1</Count></eSearchResult>', "eSearchResult"),
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"<?xml version='1.0' encoding='ISO-8859-1'?><PubmedArticleSet/>", "ISO-8859-1"),
    ],
)
def test_what_is_not_an_article_set_is_refused_with_its_reason(body: bytes, says: str) -> None:
    with pytest.raises(AnswerError, match=says) as caught:
        pmids(body)
    assert caught.value.exit_code == EXIT_TRY_LATER
    assert "\n" not in str(caught.value)


def test_a_compressed_answer_that_was_cut_is_told_after_its_whole_records() -> None:
    data = gzip.compress(
        answer(*(article(str(n), title=random.Random(n).randbytes(2000).hex()) for n in range(1, 400)))
    )
    whole = []
    with pytest.raises(TruncatedAnswer, match="compressed"):
        for received in read_article_set(gzip.GzipFile(fileobj=io.BytesIO(data[: len(data) - 40]))):
            whole.append(received.record.pmid)
    assert len(whole) > 50 and whole == [str(n) for n in range(1, len(whole) + 1)]


def test_an_error_between_records_is_not_overlooked() -> None:
    with pytest.raises(AnswerError, match="Timeout"):
        pmids(answer(article("1"), b"<ERROR>Status: Timeout</ERROR>"))


# -- hostile input ---------------------------------------------------------------------------------------------------


def test_entities_are_refused_before_anything_is_expanded() -> None:
    bomb = b'<!DOCTYPE PubmedArticleSet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>'
    with pytest.raises(AnswerError, match="entities"):
        pmids(bomb + b"<PubmedArticleSet>" + article(title="&b;") + b"</PubmedArticleSet>")


def test_an_external_entity_is_not_read() -> None:
    record = article(title="&file;")
    articles = read_article_set(answer(record))
    assert list(articles) == [] and len(articles.failures) == 1
    with pytest.raises(ValueError, match="DOCTYPE"):
        parse_record(b'<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/hostname">]>' + record)


def test_deep_nesting_is_refused_and_a_wide_record_is_not() -> None:
    deep = article(title="<i>" * 5000 + "x" + "</i>" * 5000)
    wide = article("2", inside="<Abstract>" + "<AbstractText>word </AbstractText>" * 20000 + "</Abstract>")
    articles = read_article_set(answer(deep, wide))
    assert [len(r.record.abstract) for r in articles] == [20000]
    assert len(articles.failures) == 1


def test_a_record_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.exchange.pubmed.stream.LARGEST_RECORD", 10_000)
    endless = DECLARATION + b"<PubmedArticleSet><PubmedArticle>" + b"<a/>" * 100_000
    with pytest.raises(AnswerError, match="longer than"):
        pmids(endless, size=1000)


def test_memory_does_not_grow_with_the_answer() -> None:
    record = article(inside="<Abstract><AbstractText>" + "word " * 2000 + "</AbstractText></Abstract>")

    class Endless(io.RawIOBase):
        left = 3000

        def read(self, _: int = -1) -> bytes:
            self.left -= 1
            return (
                answer()[:-19]
                if self.left == 2999
                else record
                if self.left > 0
                else b"</PubmedArticleSet>"
                if self.left == 0
                else b""
            )

    tracemalloc.start()
    count = sum(1 for _ in read_article_set(Endless()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 2998 and peak < 4 << 20  # of 30 MB read


# -- what is a revision ----------------------------------------------------------------------------------------------


def test_only_date_revised_differs() -> None:
    one, other = article(), article().replace(b"<Day>02</Day>", b"<Day>03</Day>")
    assert one != other and content_hash(one) == content_hash(other)
    assert same_content(one, other)


def test_a_changed_word_is_a_revision_with_and_without_date_revised() -> None:
    one, other = article(title="Old"), article(title="New")
    assert content_hash(one) != content_hash(other) and not same_content(one, other)


def test_the_spelling_of_xml_is_not_a_revision() -> None:
    one = article(title="caf&#xe9; &amp; more")
    other = article(title="café &#38; more").replace(b'Status="MEDLINE" Owner="NLM"', b"Owner='NLM' Status='MEDLINE'")
    assert content_hash(one) != content_hash(other) and same_content(one, other)
    indented = one.replace(b"><", b">\n  <")
    assert content_hash(indented) == content_hash(one)
