"""What tables of references call their columns: a name's normal form → the field that it holds.

The normal form is a name's letters and digits in lower case, without accents: ``Journal/Book`` → ``journalbook``.
Of several columns for one field, the one named first below is read, and the next where its cell is empty.
"""

from __future__ import annotations

from evidence.bibliography.normal import plain

# PubMed, Embase, Scopus, Web of Science, CINAHL, ProQuest, CENTRAL, Ovid, Zotero, EndNote, Mendeley, JabRef, Rayyan,
# Covidence, DistillerSR, ASReview, Dimensions, Lens, SpringerLink, IEEE Xplore, OpenAlex, Europe PMC, Crossref, Google
# Scholar, Publish or Perish; then German, French, Spanish, Italian, Portuguese, Dutch.
_COLUMNS: dict[str, str] = {
    "id": "recordid id key refid referenceid",
    "title": """
        title articletitle documenttitle itemtitle atitle primarytitle ti t1 maintitle papertitle
        bookchaptertitle displayname titel titre titulo titolo
        referencetitle recordtitle worktitle titleenglish titleinenglish englishtitle
        artikeltitel titredelarticle titulodelarticulo titulodoartigo
        titolodellarticolo""",
    "vernacular": "originaltitle originalnonenglishtitle vernaculartitle titleoriginal tt originaltitel",
    "abstract": """
        abstract abstractnote notesabstract ab n2 abstracttext abstracts summary
        zusammenfassung kurzfassung resume resumen riassunto resumo samenvatting""",
    "author_list": """
        authors author authornames authornamesfull authorfullnames authorlist authorstring au creator creators a1
        contributors contributor authorshipsauthordisplayname authorshipsrawauthorname af firstauthors firstauthor
        bookauthors
        autoren autor autorin autorinnen autoreninnen verfasser verfasserin verfasserinnen
        auteurs auteur autores autori autore""",
    "collective": "groupauthors groupauthor collectiveauthor corporateauthors corporateauthor bookgroupauthors",
    "year": """
        year publicationyear publishedyear pubyear py yearpublished yearofpublication yr publyear pubdateyear
        jahr erscheinungsjahr publikationsjahr veroffentlichungsjahr annee anneedepublication ano anodepublicacion
        anodepublicacao anno annodipubblicazione jaar publicatiejaar jaarvanpublicatie""",
    "month": "month publishedmonth pubmonth monat veroffentlichungsmonat mois mes mese maand",
    "day": "day publishedday jour dia",
    "date": """
        date publicationdate dateofpublication datepublished pubdate publisheddate coverdate y1 dp issued dateissued
        firstpublicationdate firstpubdate publicationdateprint da datum datedepublication fechadepublicacion fecha
        erscheinungsdatum publikationsdatum veroffentlichungsdatum datadipubblicazione datadepublicacao
        publicatiedatum""",
    "journal": """
        journal sourcetitle publicationtitle secondarytitle jtitle journaltitle journalbook journalname journalfull
        venue parenttitle journalsource publicationname fulljournalname containertitle publication pubtitle t2 jf jt so
        stitle
        primarylocationsourcedisplayname hostvenuedisplayname journalinfojournaltitle alternatetitle3 jo
        zeitschrift zeitschriftentitel fachzeitschrift revue periodique titredelarevue revista titulodelarevista
        titulodarevista periodico rivista titolodellarivista tijdschrift""",
    "abbreviation": """
        abbreviation journalabbreviation abbreviatedsourcetitle journalisoabbreviation abbreviatedjournaltitle
        alternatetitle2 ta j2 iso4 isoabbreviation""",
    "volume": """
        volume volumenumber vol vl vi journalvolume bibliovolume journalinfovolume
        band jahrgang volumen tomo jaargang""",
    "issue": """
        issue issuenumber issueno journalissue no number is ip num biblioissue journalinfoissue issuenr
        heft heftnummer ausgabe nummer numero fascicule fascicolo aflevering""",
    "pages": """
        pages page pagination pg pp pagerange pagenumbers pageinfo startpageendpage
        seiten seite seitenzahlen seitenbereich paginas pagine pagina paginanummers""",
    "start": """
        startpage pagestart firstpage beginningpage sp spage bp bibliofirstpage
        ersteseite anfangsseite startseite premierepage primerapagina paginainicial beginpagina""",
    "end": """
        endpage pageend lastpage endingpage ep epage bibliolastpage
        letzteseite endseite dernierepage ultimapagina paginafinal eindpagina""",
    "article_number": "articlenumber artno articleno elocationid elocator",
    "doi": "doi doinumber digitalobjectidentifier itemdoi do di doilink electronicresourcenumber",
    "pmid": "pmid pubmedid medlinepmid pubmed pubmedpmid medlineid pm pubmedidentifier pubmeduid idspmid",
    "pmcid": "pmcid pmc pubmedcentralid idspmcid",
    "accession": """
        accession accessionnumber eid utuniquewosid ut uniqueid embaseaccessionid cochraneid centralid an pui
        uniqueidentifier lensid""",
    "issn": "issn eissn issns sn issnprint issnisbn isbnissn isbn isbns",
    "language": """
        language languages la languageoforiginaldocument languageofarticle articlelanguage lang
        sprache langue idioma lingua taal""",
    "type": """
        documenttype publicationtype itemtype typeofwork pt pubtype pubtypes articletype contenttype doctype doctypes
        referencetype typeofreference type ty dokumenttyp publikationstyp typededocument tipodedocumento""",
    "keyword": """
        keywords authorkeywords manualtags keyword de kw subjects subjectterms descriptors
        schlagworter schlagworte schlusselworter motscles palabrasclave parolechiave palavraschave trefwoorden
        emtreeterms indexkeywords keywordsplus ieeeterms emtreemedicalindexterms emtreedrugindexterms""",
    "mesh": "mesh meshterms meshheadings mh",
    "url": """
        url fulltexturl link urls links ur fulltextlink articleurl pdflink documenturl sourcelinkout externalurl
        weblink plink
        primarylocationlandingpageurl""",
    "note": "extra notes note corrections",
    "grant": "grants",
    "citation": "citation citationstring",
    "databank": """
        clinicaltrialnumbers clinicaltrialnumber trialregistrationnumber trialregistrationnumbers clinicaltrialsid
        registrationnumber registrations""",
    "database": "database db nameofdatabase databasename sourcedatabase databaseprovider source",
}
# A column that holds a journal in one program's tables, a whole citation in another's, and a database in a third's.
SOURCE_NAMES = frozenset("source quelle fuente fonte bron".split())
# Row numbers, when they stand in the first column.
COUNTS = frozenset("no nr num number numero nummer".split())
# The tables of trial registries: ClinicalTrials.gov (both forms), WHO ICTRP, ISRCTN, EU CTR and CTIS, DRKS, ANZCTR,
# ChiCTR, jRCT, UMIN, CTRI. The first of "number" is the registration's own.
_REGISTRY: dict[str, str] = {
    "number": """
        nctnumber nctid trialid isrctn isrctnnumber isrctnid drksid ctisnumber eucttrialnumber trialnumber actrn
        actrnnumber trialregistrationnumber mainid jrctid umintrialid ctrinumber chictrnumber registrationnumber
        eudractnumber eudractno eudract""",
    "other_numbers": """
        otherids otherstudyids secondaryid secondaryids secondaryidentifyingnumbers clinicaltrialsgovnumber
        eudractnumber eudractctisnumber protocolserialnumber otherrecords iristnumber""",
    "title": """
        title studytitle publictitle brieftitle titleofthetrial titleofthestudy titleoftrial fulltitle
        fulltitleofthetrial scientifictitle officialtitle titel""",
    "abstract": "briefsummary summary plainenglishsummary studyhypothesis abstract laysummary",
    "date": """
        firstposted dateregistration3 dateregistration dateofregistration registrationdate dateassigned dateapplied
        firstreceived firstsubmitted startdate overallstudystartdate recruitmentstart dateenrollement dateenrollment
        decisiondate""",
    "keyword": """
        conditions condition healthconditions healthconditionsorproblemsstudied healthconditionorproblemstudied
        medicalcondition interventions intervention keywords""",
    "url": "studyurl url webaddress weblink link trialurl",
}


def _names(table: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(names.split()) for key, names in table.items() if names}


COLUMNS = _names(_COLUMNS)
REGISTRY_COLUMNS = _names(_REGISTRY)


def normal_name(name: str) -> str:
    """``Journal/Book`` → ``journalbook``, ``Année`` → ``annee``, ``biblio.first_page`` → ``bibliofirstpage``."""
    return "".join(char for char in plain(name) if char.isalnum())
