"""How much is read: every size beyond which a reader refuses, in one place, with what it is taken from.

Sizes are of bytes for files and of characters for texts. docs/files.md prints them.
"""

from __future__ import annotations

# Drafts. A book chapter of 25,000 words is 150,000 characters; more than a million cannot be checked in minutes.
DRAFT_TEXT = 1_000_000
# Pages saved with their pictures inside have up to 30 MB, manuscripts with figures 60 MB.
DRAFT_FILE = 50_000_000
DOCX_FILE = 100_000_000
# A check reads so many references and claims of a draft, and so many references and numbers of one sentence; the
# rest are said not to be checked. A review of 150 pages has 600 references and 3,000 claims.
CHECK_REFERENCES = 2_000
CHECK_CLAIMS = 4_000
CHECK_REFERENCES_OF_A_SENTENCE = 30
CHECK_NUMBERS_OF_A_SENTENCE = 60
# Printed references, one a line: 50 MB are 200,000 of them.
RESOLVED_FILE = 50_000_000
# word/document.xml of a long article is 2 MB; a zip bomb declares (or hides) far more.
DOCX_PART = 20_000_000
DOCX_MEMBERS = 5_000
# Files of references: 100,000 records in JSON without line ends are 300 MB, and no interface gives so many at once. A
# file of many lines may be as large as it likes (compressed ones: ``exchange.encoding.LARGEST_TEXT``).
IMPORT_LINE = 50_000_000
# The first entries of a file without any that can be read: then nobody goes through the rest.
IMPORT_PROBLEMS = 1_000
# The project's own YAML; the vocabulary has 60 kB, 100,000 hand tags 10 MB.
YAML_FILE = 20_000_000
# Elements of an HTML page, and of the parts of a .docx together: a long web page has 10,000, a manuscript of 200,000
# characters with every change tracked 300,000.
HTML_ELEMENTS = 500_000
DOCX_ELEMENTS = 600_000
# Answers of services. A record of PubMed has 12 kB as a rule, 8 MB at most; 200 of them are asked for at once. A head
# of an answer has 1 kB.
HTTP_ANSWER = 48 << 20
HTTP_HEAD = 256 << 10
# JSON takes up to 72 bytes of memory a value, XML some 100 an element: an esummary answer of 200 records has 20,000
# values, the longest record of PubMed 300,000 tags and attributes.
JSON_VALUES = 500_000
XML_MARKS = 600_000
