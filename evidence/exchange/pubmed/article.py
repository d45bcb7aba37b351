"""The fields of one ``<PubmedArticle>``. Each part is read by one pass over its children: half the time of ``find``."""

from __future__ import annotations

from evidence.bibliography.normal import normal_doi
from evidence.exchange.pubmed.kinds import kind_of_types
from evidence.exchange.pubmed.text import Element, child_text, date_of, has_no_title, text_of, year_of
from evidence.record import Author, Correction, Mesh, Record, Reference, Section


def article_record(element: Element, references: bool = True) -> Record:
    """A ``PubmedArticle`` as a record. Raises ``ValueError`` without a PMID."""
    record = Record(source="pubmed")
    citation = element.find("MedlineCitation")
    if citation is None:
        raise ValueError("PubmedArticle without MedlineCitation")
    if citation.find("Article") is None:
        raise ValueError("PubmedArticle without Article: PubMed's own always have one")
    read_citation(citation, record)
    data = element.find("PubmedData")
    if data is not None:
        read_pubmed_data(data, record, references)
    if not record.pmid:
        raise ValueError("PubmedArticle without PMID")
    record.source_id = record.pmid
    record.kind = kind_of_types(record.type_names())
    if record.vernacular_title and has_no_title(record.title):
        record.title = record.vernacular_title
    if record.year is None:
        record.year = year_of(record.electronic_date)
    return record


def read_citation(citation: Element, record: Record) -> None:
    record.status = citation.get("Status", "")
    record.indexing_method = citation.get("IndexingMethod", "")
    for child in citation:
        tag = child.tag
        if tag == "Article":
            read_article(child, record)
        elif tag == "MeshHeadingList":
            record.mesh = [mesh_heading(heading) for heading in child]
        elif tag == "KeywordList":
            record.keywords += [word for keyword in child if (word := text_of(keyword))]
        elif tag == "CommentsCorrectionsList":
            record.corrections = [correction(item) for item in child]
        elif tag == "PMID":
            record.pmid = text_of(child) or None
        elif tag == "DateRevised":
            record.date_revised = date_of(child)
        elif tag == "DateCompleted":
            record.date_completed = date_of(child)
        elif tag == "MedlineJournalInfo":
            read_journal_info(child, record)
        elif tag == "OtherAbstract":
            record.other_abstracts.append((child.get("Type", ""), child.get("Language", ""), sections(child)))
        elif tag == "CoiStatement":
            record.conflict_statement = text_of(child)


def read_article(article: Element, record: Record) -> None:
    for child in article:
        tag = child.tag
        if tag == "AuthorList":
            record.authors = authors(child)
        elif tag == "Abstract":
            record.abstract = sections(child)
        elif tag == "ArticleTitle":
            record.title = text_of(child)
        elif tag == "Journal":
            read_journal(child, record)
        elif tag == "ELocationID":
            if record.doi is None and child.get("EIdType") == "doi" and child.get("ValidYN") != "N":
                record.doi = normal_doi(child.text)
            elif child.get("EIdType") == "pii":
                record.electronic_id = text_of(child)
        elif tag == "Pagination":
            record.pages = pages(child)
        elif tag == "PublicationTypeList":
            record.publication_types = [(item.get("UI", ""), text_of(item)) for item in child]
        elif tag == "Language":
            record.languages.append(text_of(child))
        elif tag == "DataBankList":
            record.databanks = databanks(child)
        elif tag == "GrantList":
            record.grants = grants(child)
        elif tag == "ArticleDate":
            record.electronic_date = date_of(child)
        elif tag == "VernacularTitle":
            record.vernacular_title = text_of(child)


def read_journal(journal: Element, record: Record) -> None:
    for child in journal:
        tag = child.tag
        if tag == "JournalIssue":
            record.volume = child_text(child, "Volume")
            record.issue = child_text(child, "Issue")
            record.publication_date = date_of(child.find("PubDate"))
            record.year = year_of(record.publication_date)
        elif tag == "Title":
            record.journal = text_of(child)
        elif tag == "ISSN":
            record.issn = text_of(child)
            record.issns.append((record.issn, child.get("IssnType", "")))
        elif tag == "ISOAbbreviation":
            record.journal_abbreviation = text_of(child)


def read_journal_info(info: Element, record: Record) -> None:
    """MedlineTA is the abbreviation PubMed cites by; ISOAbbreviation stands in where it is missing."""
    for child in info:
        if child.tag == "MedlineTA":
            record.journal_abbreviation = text_of(child) or record.journal_abbreviation
        elif child.tag == "NlmUniqueID":
            record.nlm_id = text_of(child)
        elif child.tag == "ISSNLinking":
            linking = text_of(child)
            record.issn = record.issn or linking
            record.issns.append((linking, "Linking"))


def read_pubmed_data(data: Element, record: Record, references: bool) -> None:
    """Only the ArticleIdList directly below PubmedData is the record's own; the others are its references'."""
    for child in data:
        tag = child.tag
        if tag == "History":
            record.history = [(item.get("PubStatus", ""), date_of(item)) for item in child]
        elif tag == "ArticleIdList":
            read_ids(child, record)
        elif tag == "ReferenceList" and references:
            record.references += reference_list(child)


def read_ids(ids: Element, record: Record) -> None:
    for child in ids:
        kind, value = child.get("IdType"), (child.text or "").strip()
        if kind == "doi":
            record.doi = record.doi or normal_doi(value)
        elif kind == "pmc":
            record.pmcid = value or None
        elif kind == "pubmed":
            record.pmid = record.pmid or value or None


def sections(abstract: Element) -> list[Section]:
    return [
        Section(text, child.get("Label", ""), child.get("NlmCategory", ""))
        for child in abstract
        if child.tag == "AbstractText" and (text := text_of(child))
    ]


def authors(author_list: Element) -> list[Author]:
    """The authors in order; those marked ValidYN="N" were corrected by another entry and are left out."""
    return [author(child) for child in author_list if child.get("ValidYN") != "N"]


def author(element: Element) -> Author:
    person = Author()
    for child in element:
        tag = child.tag
        if tag == "LastName":
            person.family = text_of(child)
        elif tag == "ForeName":
            person.given = text_of(child)
        elif tag == "Initials":
            person.initials = text_of(child)
        elif tag == "AffiliationInfo":
            person.affiliations += [text for item in child if item.tag == "Affiliation" and (text := text_of(item))]
        elif tag == "Suffix":
            person.suffix = text_of(child)
        elif tag == "CollectiveName":
            person.collective = text_of(child)
        elif tag == "Identifier" and child.get("Source") == "ORCID":
            person.orcid = text_of(child).rstrip("/").rpartition("/")[2]
    return person


def pages(pagination: Element) -> str:
    """MedlinePgn as printed, else StartPage-EndPage."""
    parts = {child.tag: text_of(child) for child in pagination}
    printed = parts.get("MedlinePgn", "")
    return printed or "-".join(part for part in (parts.get("StartPage", ""), parts.get("EndPage", "")) if part)


def mesh_heading(heading: Element) -> Mesh:
    """Names of headings have no markup, so their text is taken as it is: they are a fifth of all elements."""
    mesh = Mesh()
    for child in heading:
        major = child.get("MajorTopicYN") == "Y"
        if child.tag == "DescriptorName":
            mesh.ui, mesh.heading, mesh.major = child.get("UI", ""), child.text or "", major
            mesh.automatic = child.get("AutoHM") == "Y"
        else:
            mesh.qualifiers.append((child.get("UI", ""), child.text or "", major))
    return mesh


def correction(item: Element) -> Correction:
    found = Correction(item.get("RefType", ""))
    for child in item:
        if child.tag == "PMID":
            found.pmid = text_of(child) or None
        elif child.tag == "RefSource":
            found.ref_source = text_of(child)
        elif child.tag == "Note":
            found.note = text_of(child)
    return found


def databanks(bank_list: Element) -> list[tuple[str, str]]:
    return [
        (child_text(bank, "DataBankName"), text_of(number))
        for bank in bank_list
        for number in bank.iterfind("AccessionNumberList/AccessionNumber")
    ]


def grants(grant_list: Element) -> list[str]:
    """``K23 AR063228/AR/NIAMS NIH HHS/United States``: number, acronym, agency, country, as MEDLINE prints them."""
    order = ("GrantID", "Acronym", "Agency", "Country")
    return ["/".join(text for tag in order if (text := child_text(grant, tag))) for grant in grant_list]


def reference_list(element: Element) -> list[Reference]:
    """The cited works; lists can hold lists."""
    found: list[Reference] = []
    for child in element:
        if child.tag == "Reference":
            found.append(reference(child))
        elif child.tag == "ReferenceList":
            found += reference_list(child)
    return found


def reference(element: Element) -> Reference:
    cited = Reference("")
    for child in element:
        if child.tag == "Citation":
            cited.citation = text_of(child)
        elif child.tag == "ArticleIdList":
            for identifier in child:
                kind, value = identifier.get("IdType"), (identifier.text or "").strip()
                if kind == "pubmed":
                    cited.pmid = value or None
                elif kind == "doi":
                    cited.doi = normal_doi(value)
    return cited
