# ruff: noqa: E501
"""A row read without parsing is the parsed record's, or is not read: whatever is changed in the record, and in twos."""

from __future__ import annotations

import gzip
from itertools import combinations
from pathlib import Path

import pytest

from evidence.baseline.light import light_row
from evidence.baseline.plain import plain_row
from evidence.exchange.pubmed import parse_record
from evidence.pubmed_index import row_of

PLAIN = """<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">105</PMID>
<DateCompleted><Year>2013</Year><Month>01</Month><Day>02</Day></DateCompleted>
<DateRevised><Year>2014</Year></DateRevised><Article PubModel="Print-Electronic"><Journal>
<ISSN IssnType="Print">0000-0000</ISSN><JournalIssue CitedMedium="Print"><Volume>70</Volume><Issue>3</Issue>
<PubDate><Year>2012</Year><Month>Mar</Month></PubDate></JournalIssue><Title>Journal of  Coils</Title>
<ISOAbbreviation>J. Coils</ISOAbbreviation></Journal><ArticleTitle>Leg pain: a target?</ArticleTitle>
<Pagination><StartPage>574</StartPage><EndPage>584</EndPage><MedlinePgn>574-84</MedlinePgn></Pagination>
<ELocationID EIdType="pii" ValidYN="Y">e12</ELocationID><ELocationID EIdType="doi" ValidYN="Y">10.5555/Coil.105</ELocationID>
<Abstract><AbstractText Label="AIM">See 10.5555/other &lt; 5.</AbstractText></Abstract>
<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Müller</LastName><ForeName>Anna</ForeName></Author>
<Author ValidYN="Y"><LastName>Second</LastName></Author></AuthorList><Language>eng</Language>
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList>
<ArticleDate DateType="Electronic"><Year>2011</Year><Month>12</Month></ArticleDate></Article>
<MedlineJournalInfo><Country>Norway</Country><MedlineTA>J Coils</MedlineTA><NlmUniqueID>123</NlmUniqueID></MedlineJournalInfo>
<CommentsCorrectionsList><CommentsCorrections RefType="CommentIn"><PMID Version="1">7</PMID></CommentsCorrections>
</CommentsCorrectionsList></MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="pubmed">105</ArticleId>
<ArticleId IdType="doi">10.5555/listed</ArticleId></ArticleIdList><ReferenceList><Reference><ArticleIdList>
<ArticleId IdType="doi">10.5555/cited</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>"""
YEAR, DOI = (
    "<Year>2012</Year><Month>Mar</Month>",
    '<ELocationID EIdType="doi" ValidYN="Y">10.5555/Coil.105</ELocationID>',
)
AUTHOR = '<Author ValidYN="Y"><LastName>Müller</LastName>'
# What stands in the record, what stands there instead.
CHANGES = [
    ("a target?", "a <i>target</i>?"), ("a target?", "a target &amp; more"), ("a target?", "a\n  target? "),
    ("Leg pain: a target?", "[Not Available]."), ("Leg pain: a target?", " "), ("a target?", "a target <!-- not -->"),
    ("a target?", "p <0.05"), ("a target?", "a\r\ntarget"), ("<ArticleTitle>", '<ArticleTitle book="x">'),
    (YEAR, "<MedlineDate>2012 Mar-Apr</MedlineDate>"), (YEAR, "<MedlineDate>Spring</MedlineDate>"), (YEAR, ""),
    (YEAR, "<Year>20x2</Year>"), (YEAR, "<Year> 2012 </Year><Season>Fall</Season>"), (YEAR, "<Year>0212</Year>"),
    (YEAR, "<Year>2012</Year><MedlineDate>2010</MedlineDate>"), (f"<PubDate>{YEAR}</PubDate>", "<PubDate/>"),
    (DOI, ""), (DOI, DOI.replace('ValidYN="Y"', 'ValidYN="N"')), (DOI, DOI.replace('"', "'")), (DOI, DOI + DOI.replace("Coil", "x")),
    (DOI, DOI.replace("10.5555/Coil.105", "none")), (DOI, DOI.replace("Coil", "&lt;Coil")), (DOI, DOI.replace("doi", "other")),
    (DOI, DOI.replace('EIdType="doi" ValidYN="Y"', 'ValidYN="Y" EIdType="doi"')), ("10.5555/listed", "10.5555/a&amp;b"),
    ("10.5555/listed", " 10.5555/Listed "), ('<ArticleId IdType="doi">10.5555/listed</ArticleId>', ""),
    (AUTHOR, AUTHOR.replace('ValidYN="Y"', 'ValidYN="N"')), (AUTHOR, AUTHOR.replace(' ValidYN="Y"', "")),
    (AUTHOR, AUTHOR.replace('ValidYN="Y"', 'EqualContrib="Y" ValidYN="Y"')), (AUTHOR, AUTHOR.replace("Müller", " ")),
    (AUTHOR, AUTHOR.replace("LastName", "CollectiveName")), (AUTHOR, '<Author ValidYN="Y"><ForeName>x</ForeName>'),
    (AUTHOR, AUTHOR.replace("Müller", "M&#252;ller")), ('<AuthorList CompleteYN="Y">', '<AuthorList Type="editors">'),
    ("<MedlinePgn>574-84</MedlinePgn>", ""), ("<EndPage>584</EndPage><MedlinePgn>574-84</MedlinePgn>", ""),
    ("<MedlinePgn>574-84</MedlinePgn>", "<MedlinePgn> </MedlinePgn>"), ("<Pagination>", '<Pagination x="y">'),
    ("<MedlineTA>J Coils</MedlineTA>", "<MedlineTA/>"), ("<MedlineTA>J Coils</MedlineTA>", "<MedlineTA> </MedlineTA>"),
    ("<Country>Norway</Country>", ""), ("<NlmUniqueID>123</NlmUniqueID>", ""), ("Journal of  Coils", "Coils &amp; Springs"),
    ('RefType="CommentIn"', 'RefType="RetractionIn"'), ("Journal Article", "Retracted Publication"),
    ("</Article>", "<VernacularTitle>Beinschmerz</VernacularTitle></Article>"), ('<ISSN IssnType="Print">0000-0000</ISSN>', ""),
    ('DateType="Electronic"', 'DateType="Other"'), ("<ArticleDate ", "<ArticleDate x='1' "), ("<Year>2011</Year>", "<Year>0000</Year>"),
    ('<PMID Version="1">105</PMID>', '<PMID Version="1"> 105 </PMID>'), ("<Volume>70</Volume>", "<Volume>70 <sup>2</sup></Volume>"),
    ("<Volume>70</Volume>", "<Volume/>"), ("<DateRevised><Year>2014</Year></DateRevised>", "<DateCreated><Year>2</Year></DateCreated>"),
    ("<ArticleIdList><ArticleId IdType=\"pubmed\">", "<ReferenceList/><ArticleIdList><ArticleId IdType=\"pubmed\">"),
    ("<PubmedData>", '<PubmedData x="y">'), ("<Abstract>", "<Abstract ><AbstractText>&lt;/Article&gt;</AbstractText>"),
]  # fmt: skip


def changed(*changes: tuple[str, str]) -> bytes:
    text = PLAIN
    for old, new in changes:
        text = text.replace(old, new, 1)
    return text.encode()


def holds(xml: bytes) -> bool:
    """Whether it was read as a plain one; and in both ways the row is that of the whole record."""
    try:
        whole = row_of(parse_record(xml))
    except ValueError:
        return False
    plain = plain_row(xml)
    assert plain in (None, whole) and light_row(xml) == whole, xml.decode()
    return plain is not None


def test_the_plain_record_is_read() -> None:
    assert holds(changed())


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change[0][:18]}-{change[1][:25]}")
def test_one_change(change: tuple[str, str]) -> None:
    assert change[0] in PLAIN
    holds(changed(change))


def test_changes_in_twos() -> None:
    read = [holds(changed(one, other)) for one, other in combinations(CHANGES, 2)]
    assert 100 < sum(read) < len(read)


def test_no_attribute_of_the_authors_list_or_none_at_all() -> None:
    start, end = PLAIN.index("<AuthorList"), PLAIN.index("</AuthorList>") + len("</AuthorList>")
    assert holds((PLAIN[:start] + PLAIN[end:]).encode())
    assert holds(changed(('<AuthorList CompleteYN="Y">', "<AuthorList>")))


def test_bytes_that_are_no_text() -> None:
    assert plain_row(changed().replace(b"Leg pain", b"Leg \xff pain")) is None


@pytest.mark.shared
def test_real_records(shared_dir: Path) -> None:
    from evidence.exchange.pubmed.stream import cut_answer

    read = [
        holds(xml)
        for path in sorted((shared_dir / "pubmed").glob("*.gz"))[:4]
        for _, xml in cut_answer(gzip.decompress(path.read_bytes()))
    ]
    assert sum(read) > 0.6 * len(read)
