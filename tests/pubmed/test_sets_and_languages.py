"""PubMed XML beyond one clean answer: several sets, comments, issues dated by a season, titles in other languages."""

from __future__ import annotations

import io

import pytest

from evidence.exchange.pubmed import AnswerError, TruncatedAnswer, parse_record, read_article_set
from evidence.exchange.pubmed.text import printed_date
from evidence.exchange.reading import read_records

DECLARATION = (
    b'<?xml version="1.0"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://dtd.nlm.nih.gov/x.dtd">\n'
)
OPEN, CLOSE = b"<PubmedArticleSet>", b"</PubmedArticleSet>"


def article(pmid: str, inside: str = "", title: str = "<ArticleTitle>T</ArticleTitle>", after: str = "") -> bytes:
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article>{title}{inside}</Article>{after}"
        "</MedlineCitation></PubmedArticle>"
    ).encode()


ONE, TWO = article("1"), article("2")
BOTH = OPEN + ONE + TWO + CLOSE
HIDDEN = b"<!-- " + article("9") + b" -->"
SETS = {
    "two sets": DECLARATION + OPEN + ONE + CLOSE + b"\n" + OPEN + TWO + CLOSE,
    "two files": DECLARATION + OPEN + ONE + CLOSE + DECLARATION + OPEN + TWO + CLOSE,
    "an empty set between": OPEN + ONE + CLOSE + OPEN + CLOSE + b"<PubmedArticleSet/>" + OPEN + TWO + CLOSE,
    "books after articles": OPEN + ONE + CLOSE + b"<PubmedBookArticleSet></PubmedBookArticleSet>" + OPEN + TWO + CLOSE,
    "a comment with a tag before the root": DECLARATION + b"<!-- made by <tool> -->" + OPEN + ONE + TWO + CLOSE,
    "a comment with a root before the root": b"<!-- <html> -->" + OPEN + ONE + TWO + CLOSE,
    "a record in a comment": OPEN + ONE + HIDDEN + TWO + CLOSE,
    "a comment between the declarations": b'<?xml version="1.0"?><!-- <b> -->' + DECLARATION[22:] + BOTH,
    "a record in a comment in a record": OPEN + ONE[:15] + HIDDEN + ONE[15:] + TWO + CLOSE,
    "a comment after the root": OPEN + ONE + TWO + CLOSE + HIDDEN,
}  # fmt: skip


class Trickle(io.RawIOBase):
    """Seven bytes at a time."""

    def __init__(self, data: bytes):
        self.data, self.position = data, 0

    def read(self, _: int = -1) -> bytes:
        self.position += 7
        return self.data[self.position - 7 : self.position]


@pytest.mark.parametrize("name", SETS)
def test_every_record_of_every_set_and_none_of_a_comment(name: str) -> None:
    for source in (SETS[name], Trickle(SETS[name])):
        articles = read_article_set(source)
        assert [received.record.pmid for received in articles] == ["1", "2"]
        assert articles.failures == []


@pytest.mark.parametrize("name", SETS)
def test_the_same_from_a_file_with_its_lines(name: str) -> None:
    found = read_records(SETS[name].replace(b"<PubmedArticle>", b"\n<PubmedArticle>"))
    assert [record.pmid for record, _ in found.records] == ["1", "2"] and found.problems == []


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        (OPEN + TWO[:40], "in the middle of a record"),
        (OPEN + TWO, "ends before </PubmedArticleSet>"),
        (DECLARATION, "before its next"),
        (DECLARATION[:40], "before its next"),
        (b"\n<Pubmed", "before its next"),
        (b"<!-- never closed", "in the middle of a comment"),
    ],
)
def test_a_second_set_that_is_cut_is_told(rest: bytes, reason: str) -> None:
    data = OPEN + ONE + CLOSE + rest
    for source in (data, Trickle(data)):
        seen = []
        with pytest.raises(TruncatedAnswer, match=reason):
            for received in read_article_set(source):
                seen.append(received.record.pmid)
        assert seen[0] == "1"
    found = read_records(data)
    assert found.records[0][0].pmid == "1" and len(found.problems) == 1


def test_what_stands_between_two_sets_is_told() -> None:
    data = OPEN + ONE + CLOSE + b"<html><p>429 Too Many Requests</p></html>" + OPEN + TWO + CLOSE + b"\n \n"
    articles = read_article_set(data)
    assert [received.record.pmid for received in articles] == ["1", "2"]
    assert len(articles.failures) == 1 and "429" in articles.failures[0].reason
    assert len(read_records(data).problems) == 1


def test_bare_records_after_a_comment() -> None:
    assert [r.pmid for r, _ in read_records(b"<!-- <x> -->\n" + ONE + b"\n" + TWO).records] == ["1", "2"]


@pytest.mark.parametrize("head", [b"<!-- never closed <PubmedArticleSet>", b"<!-- <PubmedArticleSet> --><html></html>"])
def test_a_root_in_a_comment_is_none(head: bytes) -> None:
    with pytest.raises(AnswerError):
        list(read_article_set(head + ONE))


@pytest.mark.parametrize(
    ("season", "date"),
    [
        ("Sep-Oct", "2020-09"), ("Sept-Oct", "2020-09"), ("September-October", "2020-09"), ("SEP-OCT", "2020-09"),
        ("Sep/Oct", "2020-09"), ("Sep. - Oct.", "2020-09"), ("Jan-Dec", "2020-01"), ("Mar–Apr", "2020-03"),
        ("Spring", "2020"), ("Winter", "2020"), ("Fall", "2020"), ("Autumn", "2020"), ("Spring-Summer", "2020"),
        ("2nd Quart", "2020"), ("1st Half", "2020"), ("", "2020"),
    ],
)  # fmt: skip
def test_an_issue_of_months_has_the_first_a_season_none(season: str, date: str) -> None:
    issue = (
        f"<Journal><JournalIssue><PubDate><Year>2020</Year><Season>{season}</Season></PubDate></JournalIssue></Journal>"
    )
    record = parse_record(article("1", issue))
    assert (record.publication_date, record.year) == (date, 2020)
    assert printed_date(f"2020 {season}") == date


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("<ArticleTitle>[Not Available].</ArticleTitle>", "Schmerz und Reiz."),
        ("<ArticleTitle>[Not available]</ArticleTitle>", "Schmerz und Reiz."),
        ("<ArticleTitle>[In Process Citation]</ArticleTitle>", "Schmerz und Reiz."),
        ("<ArticleTitle></ArticleTitle>", "Schmerz und Reiz."),
        ("<ArticleTitle/>", "Schmerz und Reiz."),
        ("", "Schmerz und Reiz."),
        # a translated title is one
        ("<ArticleTitle>[Pain and stimulus].</ArticleTitle>", "[Pain and stimulus]."),
        ("<ArticleTitle>Not available drugs.</ArticleTitle>", "Not available drugs."),
    ],
)
def test_the_title_as_printed_stands_in_for_one_that_pubmed_has_not(title: str, shown: str) -> None:
    own = "<VernacularTitle>Schmerz und Reiz.</VernacularTitle>"
    record = parse_record(article("1", own, title))
    assert (record.title, record.vernacular_title) == (shown, "Schmerz und Reiz.")
    assert parse_record(article("1", "", "<ArticleTitle>[Not Available].</ArticleTitle>")).title == "[Not Available]."


def test_the_same_in_a_medline_file() -> None:
    nbib = b"PMID- 81234567\nTI  - [Not Available].\nTT  - Schmerz und Reiz.\nDP  - 2020\n"
    assert read_records(nbib).records[0][0].title == "Schmerz und Reiz."
