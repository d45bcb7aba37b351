"""What counts as a loss, part by part, and what does not."""

from __future__ import annotations

import pytest

from evidence.exchange.pubmed import losses, revision

RECORD = """<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">1</PMID>
<DateRevised><Year>2026</Year><Month>03</Month><Day>05</Day></DateRevised>
<Article><Journal><ISSN IssnType="Print">0000-0000</ISSN><JournalIssue><Volume>3</Volume><Issue>2</Issue>
<PubDate><Year>2020</Year><Month>Mar</Month></PubDate></JournalIssue><Title>Invented research</Title>
<ISOAbbreviation>Inv Res</ISOAbbreviation></Journal><ArticleTitle>A needle in an <i>invented</i> place</ArticleTitle>
<Pagination><StartPage>1</StartPage><EndPage>9</EndPage><MedlinePgn>1-9</MedlinePgn></Pagination>
<ELocationID EIdType="doi">10.5555/x</ELocationID>
<Abstract>
<AbstractText Label="AIM">To find what nobody lost, at ten sites and in all seasons of a long year.</AbstractText>
<AbstractText Label="RESULTS">Nothing was found anywhere.</AbstractText></Abstract>
<AuthorList><Author><LastName>Example</LastName><Identifier Source="ORCID">0000-0001</Identifier>
<AffiliationInfo><Affiliation>Nowhere</Affiliation></AffiliationInfo></Author>
<Author><CollectiveName>An Invented Group</CollectiveName></Author></AuthorList><Language>eng</Language>
<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>
<AccessionNumber>NCT00000000</AccessionNumber></AccessionNumberList></DataBank></DataBankList>
<GrantList><Grant><GrantID>G1</GrantID></Grant></GrantList>
<PublicationTypeList><PublicationType>Journal Article</PublicationType><PublicationType>Letter</PublicationType>
</PublicationTypeList><VernacularTitle>Eine Nadel</VernacularTitle></Article>
<ChemicalList><Chemical><NameOfSubstance>Nothing</NameOfSubstance></Chemical></ChemicalList>
<SupplMeshList><SupplMeshName>Something</SupplMeshName></SupplMeshList>
<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>Inv Res</RefSource><PMID>2</PMID>
</CommentsCorrections></CommentsCorrectionsList>
<MeshHeadingList><MeshHeading><DescriptorName>Needles</DescriptorName><QualifierName>history</QualifierName></MeshHeading>
<MeshHeading><DescriptorName>Humans</DescriptorName></MeshHeading></MeshHeadingList>
<OtherAbstract Language="ger"><AbstractText>Nichts wurde gefunden.</AbstractText></OtherAbstract>
<KeywordList><Keyword>needle</Keyword><Keyword>place</Keyword></KeywordList>
<CoiStatement>None was declared by anybody.</CoiStatement>
<InvestigatorList><Investigator><LastName>Person</LastName></Investigator></InvestigatorList></MedlineCitation>
<PubmedData><History><PubMedPubDate PubStatus="pubmed"><Year>2020</Year><Hour>6</Hour></PubMedPubDate></History>
<ArticleIdList><ArticleId IdType="pubmed">1</ArticleId><ArticleId IdType="pmc">PMC1</ArticleId></ArticleIdList>
<ReferenceList><Reference><Citation>One. 2001.</Citation><ArticleIdList><ArticleId IdType="pubmed">7</ArticleId>
</ArticleIdList></Reference><Reference><Citation>Two. 2002.</Citation></Reference></ReferenceList>
</PubmedData></PubmedArticle>"""


def between(first: str, last: str) -> str:
    """The text of the record from the one to the end of the other."""
    start = RECORD.index(first)
    return RECORD[start : RECORD.index(last, start) + len(last)]


# (what is taken out of the record, what is put there instead, what that is a loss of)
LOSSES = [
    (between("<Abstract>", "</Abstract>"), "", ("abstract", "labels of the abstract")),
    (between("<Abstract>", "</Abstract>"), "<Abstract/>", ("abstract", "labels of the abstract")),
    (between("<Abstract>", "</Abstract>"), "<Abstract><AbstractText> </AbstractText></Abstract>",
     ("abstract", "labels of the abstract")),
    (between('<AbstractText Label="RESULTS">', "</AbstractText>"), "", ("abstract", "labels of the abstract")),
    (' Label="AIM"', "", ("labels of the abstract",)),
    (", at ten sites and in all seasons of a long year.", "", ("abstract",)),
    (between("<OtherAbstract", "</OtherAbstract>"), "", ("abstract in another language",)),
    (" in an <i>invented</i> place", "", ("title",)),
    (between("<VernacularTitle>", "</VernacularTitle>"), "", ("title in the original language",)),
    (between("<AuthorList>", "</AuthorList>"), "", ("authors", "affiliations", "author identifiers")),
    (between("<Author><Collective", "</Author>"), "", ("authors",)),
    (between("<AffiliationInfo>", "</AffiliationInfo>"), "", ("affiliations",)),
    (between("<Identifier", "</Identifier>"), "", ("author identifiers",)),
    (between("<InvestigatorList>", "</InvestigatorList>"), "", ("investigators",)),
    (between("<MeshHeadingList>", "</MeshHeadingList>"), "", ("MeSH headings", "MeSH qualifiers")),
    ("<MeshHeading><DescriptorName>Humans</DescriptorName></MeshHeading>", "", ("MeSH headings",)),
    ("<QualifierName>history</QualifierName>", "", ("MeSH qualifiers",)),
    (between("<SupplMeshList>", "</SupplMeshList>"), "", ("supplementary concepts",)),
    (between("<ChemicalList>", "</ChemicalList>"), "", ("substances",)),
    ("<Keyword>place</Keyword>", "", ("keywords",)),
    ("<PublicationType>Letter</PublicationType>", "", ("publication types",)),
    ('<ArticleId IdType="pmc">PMC1</ArticleId>', "", ("identifiers",)),
    (between("<ELocationID", "</ELocationID>"), "", ("identifiers",)),
    (between("<DataBankList>", "</DataBankList>"), "", ("registrations and data sets",)),
    (between("<CommentsCorrectionsList>", "</CommentsCorrectionsList>"), "", ("corrections and comments",)),
    (between("<ReferenceList>", "</ReferenceList>"), "", ("references",)),
    ("<Reference><Citation>Two. 2002.</Citation></Reference>", "", ("references",)),
    (between("<GrantList>", "</GrantList>"), "", ("grants",)),
    (between("<CoiStatement>", "</CoiStatement>"), "", ("conflict of interest statement",)),
    ("<Volume>3</Volume>", "", ("place and date of publication",)),
    ("<Month>Mar</Month>", "", ("place and date of publication",)),
    ("<MedlinePgn>1-9</MedlinePgn>", "", ("pages",)),
    ("<ISOAbbreviation>Inv Res</ISOAbbreviation>", "", ("journal",)),
    ("<Language>eng</Language>", "", ("languages",)),
]  # fmt: skip
KEPT = [
    ("Nothing was found anywhere.", "Nothing was found, and nowhere."),
    ("Nothing was found anywhere.", "Nothing was found anywhere. We went home."),
    ("long year", "year"),
    ("<Keyword>place</Keyword>", "<Keyword>places</Keyword>"),
    ("<Keyword>place</Keyword>", "<Keyword>place</Keyword><Keyword>more</Keyword>"),
    ("<DescriptorName>Humans</DescriptorName>", "<DescriptorName>Adult</DescriptorName>"),
    (between("<History>", "</History>"), ""),  # when it passed through whose hands
    ("<StartPage>1</StartPage><EndPage>9</EndPage>", ""),  # the pages stand once more
    ('<ArticleId IdType="pubmed">7</ArticleId>', '<ArticleId IdType="pubmed">8</ArticleId>'),
    ("<i>invented</i>", "invented"),
    ('Status="MEDLINE"', 'Status="PubMed-not-MEDLINE"'),
    ("<LastName>Example</LastName>", "<LastName>Examples</LastName>"),
    ("", ""),
]
NO_ABSTRACT = between("<Abstract>", "</Abstract>")
DATES = [
    ("<Day>05</Day>", "<Day>06</Day>", True),
    ("<Day>05</Day>", "<Day>5</Day>", False),
    ("<Month>03</Month><Day>05</Day>", "<Month>04</Month><Day>01</Day>", True),
    ("<Year>2026</Year><Month>03</Month>", "<Year>2027</Year><Month>01</Month>", True),
    ("<Year>2026</Year><Month>03</Month>", "<Year>2025</Year><Month>12</Month>", False),
    (between("<DateRevised>", "</DateRevised>"), "", False),
    ('<PMID Version="1">1', '<PMID Version="2">1', True),
    ('<PMID Version="1">1', "<PMID>1", False),
]


def test_the_record_of_these_cases_loses_nothing_against_itself() -> None:
    assert losses(RECORD.encode(), RECORD.encode()) == ()


@pytest.mark.parametrize(("part", "instead", "lost"), LOSSES)
def test_losses(part: str, instead: str, lost: tuple[str, ...]) -> None:
    assert RECORD.count(part) == 1
    poorer = RECORD.replace(part, instead)
    assert set(losses(RECORD.encode(), poorer.encode())) == set(lost)
    assert losses(poorer.encode(), RECORD.encode()) == ()  # what it gains is no loss


@pytest.mark.parametrize(("part", "instead"), KEPT)
def test_changes_that_are_none(part: str, instead: str) -> None:
    assert part in RECORD
    assert losses(RECORD.encode(), RECORD.replace(part, instead, 1).encode()) == ()


@pytest.mark.parametrize(("date", "other", "revised"), DATES)
def test_only_a_later_revision_may_lose_something(date: str, other: str, revised: bool) -> None:
    assert date in RECORD
    poorer = RECORD.replace(NO_ABSTRACT, "").replace(date, other, 1)
    assert (losses(RECORD.encode(), poorer.encode()) == ()) is revised


@pytest.mark.parametrize(("seen", "lost"), [("", False), ("000001 2026-03-05", False), ("000001 2026-03-09", True)])
def test_a_revision_that_was_seen_since_is_no_later_one(seen: str, lost: bool) -> None:
    poorer = RECORD.replace(NO_ABSTRACT, "").replace("<Day>05</Day>", "<Day>08</Day>")
    assert bool(losses(RECORD.encode(), poorer.encode(), seen)) is lost


@pytest.mark.parametrize(
    ("xml", "sorts_as"),
    [
        (RECORD, "000001 2026-03-05"),
        ("<PubmedArticle/>", "000000 0000-00-00"),
        ('<A><PMID Version = "12">1</PMID><DateRevised>\n<Year>2026</Year>\n</DateRevised></A>', "000012 2026-00-00"),
        ("<A><PMID>1</PMID><DateRevised><Year>2026</Year><Month>Mar</Month></DateRevised></A>", "000000 2026-00-00"),
        ("<A><DateCompleted><Year>2026</Year></DateCompleted></A>", "000000 0000-00-00"),
    ],
)
def test_revisions_sort(xml: str, sorts_as: str) -> None:
    assert revision(xml.encode()) == sorts_as


def test_books_have_parts_too() -> None:
    book = (
        "<PubmedBookArticle><BookDocument><PMID Version='1'>3</PMID><Book><BookTitle>An invented book</BookTitle>"
        "<AuthorList><Author><LastName>Example</LastName></Author></AuthorList></Book><ArticleTitle>A chapter of it"
        "</ArticleTitle><Abstract><AbstractText>Nothing happens in it.</AbstractText></Abstract></BookDocument>"
        "</PubmedBookArticle>"
    )
    poorer = book.replace("<Abstract><AbstractText>Nothing happens in it.</AbstractText></Abstract>", "")
    assert losses(book.encode(), poorer.encode()) == ("abstract",)
    without = book.replace("<AuthorList><Author><LastName>Example</LastName></Author></AuthorList>", "")
    assert losses(book.encode(), without.encode()) == ("authors",)
