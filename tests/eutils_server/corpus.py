"""Invented articles that can be revised (with and without DateRevised), deleted, merged and added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from html import escape

from evidence.clock import Clock, system_clock

EXAMPLE = "Invented for a test: no such trial was done."


@dataclass
class Article:
    """``revised`` is what [lr] searches; ``created`` what [crdt] does (``2026/04/01``)."""

    pmid: str
    title: str
    abstract: str = EXAMPLE
    mesh: list[str] = field(default_factory=list)
    author: str = "Example"
    journal: str = "J Invented Res"
    year: int = 2020
    volume: str = "1"
    issue: str = "1"
    pages: str = "1-9"
    doi: str = ""
    created: str = "2020/01/01"
    revised: str = "2020/01/01"
    types: list[str] = field(default_factory=lambda: ["Journal Article"])
    book: bool = False
    more_authors: list[str] = field(default_factory=list)
    # (RefType, PMID or "", citation), as CommentsCorrectionsList has them.
    corrections: list[tuple[str, str, str]] = field(default_factory=list)
    # (citation, PMID or "", DOI or "") of what it cites.
    references: list[tuple[str, str, str]] = field(default_factory=list)

    def text(self) -> str:
        return f"{self.title} {self.abstract} {' '.join(self.mesh)}".casefold()

    def xml(self, without: Iterable[str] = ()) -> str:
        """``without``: fields that an answer on a bad day lacks."""
        shown = replace(self, **{name: type(getattr(self, name))() for name in without})
        return shown._book_xml() if self.book else shown._article_xml()

    def _article_xml(self) -> str:
        revised = "<Year>{}</Year><Month>{}</Month><Day>{}</Day>".format(*self.revised.split("/"))
        mesh = "".join(
            f'<MeshHeading><DescriptorName UI="D{i:06}" MajorTopicYN="N">{escape(h)}</DescriptorName></MeshHeading>'
            for i, h in enumerate(self.mesh, 1)
        )
        types = "".join(f'<PublicationType UI="D016428">{escape(name)}</PublicationType>' for name in self.types)
        authors = "".join(
            f"<Author><LastName>{escape(name)}</LastName><Initials>A</Initials></Author>"
            for name in (self.author, *self.more_authors)
            if name
        )
        authors = f"<AuthorList>{authors}</AuthorList>" if authors else ""
        corrections = "".join(
            f'<CommentsCorrections RefType="{kind}"><RefSource>{escape(cited)}</RefSource>'
            + (f'<PMID Version="1">{pmid}</PMID>' if pmid else "")
            + "</CommentsCorrections>"
            for kind, pmid, cited in self.corrections
        )
        corrections = f"<CommentsCorrectionsList>{corrections}</CommentsCorrectionsList>" if corrections else ""
        references = "".join(
            f"<Reference><Citation>{escape(cited)}</Citation><ArticleIdList>"
            + (f'<ArticleId IdType="pubmed">{pmid}</ArticleId>' if pmid else "")
            + (f'<ArticleId IdType="doi">{escape(other)}</ArticleId>' if other else "")
            + "</ArticleIdList></Reference>"
            for cited, pmid, other in self.references
        )
        references = f"<ReferenceList>{references}</ReferenceList>" if references else ""
        doi = f'<ArticleId IdType="doi">{escape(self.doi)}</ArticleId>' if self.doi else ""
        return (
            f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{self.pmid}</PMID>'
            f'<DateRevised>{revised}</DateRevised><Article PubModel="Print"><Journal><JournalIssue>'
            f"<Volume>{self.volume}</Volume><Issue>{self.issue}</Issue><PubDate><Year>{self.year}</Year></PubDate>"
            f"</JournalIssue><Title>{escape(self.journal)}</Title><ISOAbbreviation>{escape(self.journal)}</ISOAbbreviation>"
            f"</Journal><ArticleTitle>{escape(self.title)}</ArticleTitle><Pagination><MedlinePgn>{self.pages}</MedlinePgn>"
            f"</Pagination><Abstract><AbstractText>{escape(self.abstract)}</AbstractText></Abstract>{authors}"
            f"<Language>eng</Language><PublicationTypeList>{types}</PublicationTypeList></Article>{corrections}"
            f"<MeshHeadingList>{mesh}</MeshHeadingList></MedlineCitation><PubmedData><ArticleIdList>"
            f'<ArticleId IdType="pubmed">{self.pmid}</ArticleId>{doi}</ArticleIdList>{references}'
            "</PubmedData></PubmedArticle>"
        )

    def _book_xml(self) -> str:
        return (
            f'<PubmedBookArticle><BookDocument><PMID Version="1">{self.pmid}</PMID><Book><Publisher>'
            f"<PublisherName>Invented Press</PublisherName></Publisher><BookTitle>{escape(self.title)}</BookTitle>"
            f"<PubDate><Year>{self.year}</Year></PubDate></Book><ArticleTitle>{escape(self.title)}</ArticleTitle>"
            f"<Abstract><AbstractText>{escape(self.abstract)}</AbstractText></Abstract></BookDocument>"
            f'<PubmedBookData><ArticleIdList><ArticleId IdType="pubmed">{self.pmid}</ArticleId></ArticleIdList>'
            f"</PubmedBookData></PubmedBookArticle>"
        )


class Corpus:
    """What the server holds. Changes take effect at once, and are dated by ``now``: the server's own clock."""

    def __init__(self, articles: Iterable[Article] = (), now: Clock = system_clock):
        self.now = now
        # PMID → the fields that answers lack though the article has them.
        self.withheld: dict[str, tuple[str, ...]] = {}
        self.articles = {article.pmid: article for article in articles}

    @classmethod
    def invented(cls, count: int, first: int = 1001, step: int = 1, words: str = "alpha stimulation") -> Corpus:
        """``count`` articles whose titles hold ``words`` and a number; every 50th is a book chapter."""
        return cls(
            Article(str(pmid), f"{words} in invented report {number}", book=number % 50 == 49)
            for number, pmid in enumerate(range(first, first + count * step, step))
        )

    def add(self, *articles: Article) -> None:
        self.articles.update((article.pmid, article) for article in articles)

    def revise(self, pmid: str, dated: bool = True, **changes: object) -> None:
        """Change fields; today becomes DateRevised, unless it is not to be ``dated``."""
        for name, value in changes.items():
            setattr(self.articles[pmid], name, value)
        if dated:
            self.articles[pmid].revised = self.now().strftime("%Y/%m/%d")

    def delete(self, pmid: str) -> None:
        del self.articles[pmid]

    def merge(self, pmid: str, into: str) -> None:
        """A merged PMID looks like a deleted one; only the surviving record changes a little."""
        self.delete(pmid)
        self.revise(into, abstract=f"{EXAMPLE} Joined with {pmid}.")
