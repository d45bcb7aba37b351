"""The fields of one ``<PubmedBookArticle>``: a chapter or a whole book of NCBI Bookshelf."""

from __future__ import annotations

from evidence.bibliography.normal import normal_doi
from evidence.exchange.pubmed.article import (
    authors,
    grants,
    pages,
    read_ids,
    read_pubmed_data,
    reference_list,
    sections,
)
from evidence.exchange.pubmed.text import Element, child_text, date_of, has_no_title, text_of, year_of
from evidence.record import Record


def book_record(element: Element, references: bool = True) -> Record:
    """A ``PubmedBookArticle`` as a record of kind ``book``; ``journal`` is the book. Raises ``ValueError``."""
    document = element.find("BookDocument")
    if document is None:
        raise ValueError("PubmedBookArticle without BookDocument")
    record = Record(source="pubmed", kind="book")
    _read_document(document, record, references)
    data = element.find("PubmedBookData")
    if data is not None:
        read_pubmed_data(data, record, references)
    if not record.pmid:
        raise ValueError("PubmedBookArticle without PMID")
    record.source_id = record.pmid
    if has_no_title(record.title):
        record.title = record.vernacular_title or record.journal
    return record


def _read_document(document: Element, record: Record, references: bool) -> None:
    for child in document:
        tag = child.tag
        if tag == "PMID":
            record.pmid = text_of(child) or None
        elif tag == "ArticleIdList":
            read_ids(child, record)
            record.url = record.url or _bookshelf(child)
        elif tag == "Book":
            _read_book(child, record)
        elif tag == "ArticleTitle":
            record.title = text_of(child)
        elif tag == "VernacularTitle":
            record.vernacular_title = text_of(child)
        elif tag == "Pagination":
            record.pages = pages(child)
        elif tag == "Language":
            record.languages.append(text_of(child))
        elif tag == "AuthorList" and child.get("Type") == "authors":
            record.authors = authors(child) or record.authors  # of the chapter, before those of the book
        elif tag == "PublicationType":
            record.publication_types.append((child.get("UI", ""), text_of(child)))
        elif tag == "Abstract":
            record.abstract = sections(child)
        elif tag == "KeywordList":
            record.keywords += [word for keyword in child if (word := text_of(keyword))]
        elif tag == "DateRevised":
            record.date_revised = date_of(child)
        elif tag == "ContributionDate":
            record.electronic_date = date_of(child)
        elif tag == "GrantList":
            record.grants = grants(child)
        elif tag == "ReferenceList" and references:
            record.references += reference_list(child)


def _read_book(book: Element, record: Record) -> None:
    record.journal = child_text(book, "BookTitle")
    record.publication_date = date_of(book.find("PubDate"))
    record.year = year_of(record.publication_date)
    record.volume = child_text(book, "Volume")
    record.issn = child_text(book, "Isbn")
    for child in book:
        if child.tag == "AuthorList" and (child.get("Type") == "authors" or not record.authors):
            record.authors = authors(child)
        elif child.tag == "ELocationID" and child.get("EIdType") == "doi" and child.get("ValidYN") != "N":
            record.doi = record.doi or normal_doi(child.text)


def _bookshelf(ids: Element) -> str:
    number = next((text_of(child) for child in ids if child.get("IdType") == "bookaccession"), "")
    return f"https://www.ncbi.nlm.nih.gov/books/{number}/" if number else ""
