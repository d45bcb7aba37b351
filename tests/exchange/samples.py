"""One invented article as the exports of many programs print it."""

from __future__ import annotations

NBIB = """
PMID- 90000001
OWN - NLM
STAT- MEDLINE
DCOM- 20150101
IS  - 1525-1403 (Electronic)
IS  - 1094-7159 (Linking)
VI  - 17
IP  - 6
DP  - 2014 Aug
TI  - Invented stimulation for invented pain: a randomized trial of
      nobody.
PG  - 515-50; discussion 550
LID - 10.1000/inv.1001 [doi]
AB  - OBJECTIVES: To see whether nothing works. METHODS: Nobody was asked. RESULTS: Of
      11 patients none came. CONCLUSIONS: More is needed.
CI  - (c) Nobody.
FAU - Müller, Ana B
AU  - Müller AB
AUID- ORCID: 0000-0001-0000-0002
AD  - Department of Invention, Nowhere,
      Land.
FAU - van der Berg, Jan
AU  - van der Berg J
CN  - Invented Study Group
LA  - eng
SI  - ClinicalTrials.gov/NCT00000001
GR  - G1/AN/An agency/Nowhere
PT  - Journal Article
PT  - Randomized Controlled Trial
PL  - United States
TA  - Neuromodulation
JT  - Neuromodulation : journal of the International Neuromodulation Society
JID - 9804159
CIN - Neuromodulation. 2015 Jan;18(1):1-2. PMID: 90000002
EIN - Neuromodulation. 2015;18(2):99. PMID: 90000003
MH  - Humans
MH  - *Pain/*drug therapy/psychology
MH  - Spinal Cord Stimulation/
      methods
OT  - invention
OT  - nothing
COIS- None declared.
AID - S1094-7159(21)00001-1 [pii]
AID - 10.1000/inv.1001 [doi]
PMC - PMC9000001
SO  - Neuromodulation. 2014 Aug;17(6):515-50. doi: 10.1000/inv.1001.
"""

RIS_ZOTERO = """TY  - JOUR
TI  - Invented stimulation for invented pain: a randomized trial of nobody.
AU  - Müller, Ana B
AU  - van der Berg, Jan
AU  - Invented Study Group
T2  - Neuromodulation
AB  - OBJECTIVES: To see whether nothing works. METHODS: Nobody was asked. RESULTS: Of 11 patients none came. CONCLUSIONS: More is needed.
DA  - 2014/08//
PY  - 2014
DO  - 10.1000/inv.1001
VL  - 17
IS  - 6
SP  - 515
EP  - 50
J2  - Neuromodulation
SN  - 1525-1403
LA  - eng
KW  - invention
KW  - nothing
N1  - PMID: 90000001
ER  -
"""

RIS_OVID = """1.
TY  - JOUR
ID  - 2014123456
A1  - Muller, A.B.
A1  - van der Berg, J.
Y1  - 2014//
N2  - Objectives: To see whether nothing works. Methods: Nobody was asked. Results: Of 11 patients none came.
T1  - Invented stimulation for invented pain: a randomized trial of nobody
JF  - Neuromodulation
JA  - Neuromodulation
VL  - 17
IS  - 6
SP  - 515
EP  - 550
CY  - United States
PB  - Invented Press
SN  - 1094-7159
AD  - Nowhere
M1  - 6
UR  - https://dx.doi.org/10.1000/inv.1001
DO  - https://dx.doi.org/10.1000/INV.1001
DB  - Embase
AN  - 2014123456
M3  - Article
ER  -

"""

BIBTEX = r"""
@comment{nothing}
@string{neuro = "Neuromodulation"}
@article{muller2014,
  title = {{Invented stimulation for invented pain: a randomized trial of nobody.}},
  author = {M{\"u}ller, Ana B and van der Berg, Jan and {Invented Study Group}},
  journal = neuro,
  year = 2014,
  month = aug,
  volume = {17},
  number = {6},
  pages = {515--50},
  doi = {10.1000/inv.1001},
  pmid = {90000001},
  abstract = {OBJECTIVES: To see whether nothing works in 50% of cases. METHODS: Nobody \& nothing.},
  keywords = {invention, nothing},
}
"""

ENDNOTE_XML = """<?xml version="1.0" encoding="UTF-8"?><xml><records><record><database name="x.enl" path="x">x.enl</database>
<ref-type name="Journal Article">17</ref-type><contributors><authors><author><style face="normal">Müller, Ana B</style></author>
<author><style>van der Berg, Jan</style></author></authors></contributors><titles><title><style face="normal">Invented </style>
<style face="italic">stimulation</style><style> for invented pain: a randomized trial of nobody.</style></title>
<secondary-title>Neuromodulation</secondary-title></titles><periodical><full-title>Neuromodulation</full-title></periodical>
<pages>515-50</pages><volume>17</volume><number>6</number><keywords><keyword>invention</keyword></keywords>
<dates><year>2014</year><pub-dates><date>Aug</date></pub-dates></dates><isbn>1525-1403</isbn>
<accession-num>90000001</accession-num><abstract>OBJECTIVES: To see. METHODS: Nobody was asked.</abstract>
<electronic-resource-num>10.1000/inv.1001</electronic-resource-num><custom2>PMC9000001</custom2>
<remote-database-name>Medline</remote-database-name></record></records></xml>
"""

ENW = """%0 Journal Article
%T Invented stimulation for invented pain: a randomized trial of nobody.
%A Müller, Ana B
%A van der Berg, Jan
%J Neuromodulation
%D 2014
%V 17
%N 6
%P 515-50
%@ 1525-1403
%R 10.1000/inv.1001
%M 90000001
%W PubMed
%K invention
nothing
%X OBJECTIVES: To see. METHODS: Nobody was asked.

"""

CSL_JSON = """[{"id": "http://zotero.org/items/1", "type": "article-journal",
"title": "Invented stimulation for invented pain: a randomized trial of nobody.",
"container-title": "Neuromodulation", "container-title-short": "Neuromodulation",
"author": [{"family": "Müller", "given": "Ana B"}, {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
{"literal": "Invented Study Group"}],
"issued": {"date-parts": [["2014", 8]]}, "volume": "17", "issue": "6", "page": "515-50", "DOI": "10.1000/inv.1001",
"ISSN": "1525-1403", "language": "eng", "abstract": "OBJECTIVES: To see. METHODS: Nobody was asked.", "note": "PMID: 90000001"}]
"""

WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Muller, AB
   van der Berg, J
AF Mueller, Ana B.
   van der Berg, Jan
CA Invented Study Grp
TI Invented stimulation for invented pain: a randomized trial
   of nobody.
SO NEUROMODULATION
LA English
DT Article
DE invention; nothing
AB OBJECTIVES: To see. METHODS: Nobody was asked.
SN 1094-7159
EI 1525-1403
J9 NEUROMODULATION
JI Neuromodulation
PD AUG
PY 2014
VL 17
IS 6
BP 515
EP 50
DI 10.1000/inv.1001
UT WOS:000000000000001
PM 90000001
ER

EF
"""

COCHRANE = """Record #1 of 1
ID: CN-09999999
AU: Müller AB
AU: van der Berg J
TI: Invented stimulation for invented pain: a randomized trial of nobody.
SO: Neuromodulation
YR: 2014
VL: 17
NO: 6
PG: 515-50
PM: PUBMED 90000001
PT: Journal article
KY: invention; nothing
DOI: 10.1000/inv.1001
AB: OBJECTIVES: To see. METHODS: Nobody was asked.
US: https://www.cochranelibrary.com/x
"""

CSV_OURS = """record_id,title,abstract,authors,year,journal,volume,number,pages,doi,pmid,source
a1,Invented stimulation for invented pain: a randomized trial of nobody.,"OBJECTIVES: To see. METHODS: Nobody, ""really"", was asked.",Müller AB and van der Berg J,2014,Neuromodulation,17,6,515-50,10.1000/inv.1001,90000001,pubmed
"""

CSV_SCOPUS = """"Authors","Author full names","Author(s) ID","Title","Year","Source title","Volume","Issue","Art. No.","Page start","Page end","Page count","DOI","Link","Abstract","Author Keywords","Document Type","Source","EID","PubMed ID"
"Müller A.B.; van der Berg J.","Müller, Ana B. (1); van der Berg, Jan (2)","1; 2","Invented stimulation for invented pain: a randomized trial of nobody.","2014","Neuromodulation","17","6","","515","50","35","10.1000/inv.1001","https://www.scopus.com/x","To see.","invention; nothing","Article","Scopus","2-s2.0-84900000001","90000001"
"""

CSV_WOS = """Publication Type\tAuthors\tArticle Title\tSource Title\tPublication Year\tVolume\tIssue\tStart Page\tEnd Page\tDOI\tPubmed Id\tUT (Unique WOS ID)\tAbstract
J\tMuller, AB; van der Berg, J\tInvented stimulation for invented pain: a randomized trial of nobody.\tNEUROMODULATION\t2014\t17\t6\t515\t50\t10.1000/inv.1001\t90000001\tWOS:000000000000001\tTo see.
"""

CSV_ZOTERO = """"Key","Item Type","Publication Year","Author","Title","Publication Title","ISSN","DOI","Url","Abstract Note","Date","Pages","Issue","Volume","Journal Abbreviation","Extra","Manual Tags"
"ABCD1234","journalArticle","2014","Müller, Ana B; van der Berg, Jan","Invented stimulation for invented pain: a randomized trial of nobody.","Neuromodulation","1525-1403","10.1000/inv.1001","","To see.","2014-08","515-50","6","17","Neuromodulation","PMID: 90000001","invention; nothing"
"""

CSV_PUBMED = """PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI
90000001,Invented stimulation for invented pain: a randomized trial of nobody.,"Müller AB, van der Berg J.",Neuromodulation. 2014.,Müller AB,Neuromodulation,2014,2014/08/01,PMC9000001,,10.1000/inv.1001
"""

CSV_EMBASE = """"Title";"Author Names";"Source title";"Publication Year";"Volume";"Issue";"First Page";"Last Page";"DOI";"Medline PMID";"Embase Accession ID"
"Invented stimulation for invented pain: a randomized trial of nobody.";"Müller A.B., van der Berg J.";"Neuromodulation";"2014";"17";"6";"515";"50";"10.1000/inv.1001";"90000001";"L600000001"
"""

JSONL = """{"id": "pmid:90000001", "pmid": "90000001", "doi": "10.1000/inv.1001", "title": "Invented stimulation for invented pain: a randomized trial of nobody.", "abstract": "OBJECTIVES: To see. METHODS: Nobody was asked.", "mesh": ["Humans", "Pain"], "pub_types": ["Journal Article"], "journal": "Neuromodulation", "year": 2014, "keywords": ["invention"], "authors": ["Müller AB", "van der Berg J"], "volume": "17", "issue": "6", "pages": "515-50"}
"""

SAMPLES = {
    "nbib": ("nbib", NBIB),
    "ris zotero": ("ris", RIS_ZOTERO),
    "ris ovid": ("ris", RIS_OVID),
    "bibtex": ("bibtex", BIBTEX),
    "endnote xml": ("endnote-xml", ENDNOTE_XML),
    "enw": ("enw", ENW),
    "csl-json": ("csl-json", CSL_JSON),
    "wos": ("wos", WOS),
    "cochrane": ("cochrane", COCHRANE),
    "csv": ("csv", CSV_OURS),
    "csv scopus": ("csv", CSV_SCOPUS),
    "csv wos": ("csv", CSV_WOS),
    "csv zotero": ("csv", CSV_ZOTERO),
    "csv pubmed": ("csv", CSV_PUBMED),
    "csv embase": ("csv", CSV_EMBASE),
    "jsonl": ("jsonl", JSONL),
}
