"""What readers are given to see whether they are slow: units to repeat, and the files that they stand in."""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

NUMBER, PLACE = "\ue001", "\ue002"  # private characters, which no pattern has
PATTERNS: tuple[str, ...] = (
    # letters, digits, blanks
    "a", "a ", "A", "A ", "Aa ", "é", "e\u0301", "\u0301", "的", "。", "1", "1 ", " ", "\t", "\n", "\n\n", "a\n", " \n",
    "\u00a0", "\u200b", "\ufeff", "\u2028", "\x0b", "\x1b", "I", "and ", "the ", "a and b, ",
    # punctuation
    ".", ". ", "..", "a.", "a.a.", "A. ", "A.B. ", ",", ", ", ";", ":", ": ", "!", "? ", "-", "- ", "\u2013", "/",
    "\\", "\\\\", "\"", "'", "\u201c", "\u201d", "\u2018", "\u201ca", "*", "**", "**a", "*a ", "_", "_a ", "__a", "`",
    "~", "#", "# ", "> ", "|", "%", "$", "&", "&amp;", "&#", "@", "=", "+", "^", "a-", "a'", "a.b", "a/", "1.", "1)",
    "(1", "a:",
    # brackets
    "(", ")", "()", "(a", "[", "]", "[]", "[[", "[a]", "{", "}", "{}", "{a}", "{{", "<", ">", "< ", "<>", "<a", "</",
    "(a) ", "((a))", "[a](", "[a](http://", "[a](http://b) ", "![a](", "![", "[^1]", "[^1]: a\n", "](", "(http://",
    # addresses and identifiers
    "http://", "https://a.b/", "www.", "www.a ", "doi:", "doi: ", "10.", "10.1000/", "10.1000/a", "10.1000/a ",
    "10.1000/(", "doi.org/10.1000/a;", "PMID ", "PMID: 1 ", "PMID 12345678, ", "PMC1 ", "NCT0", "NCT01234567 ",
    "ISRCTN1 ", "pubmed/",
    # citations
    "(1)", "(1) ", "[1]", "[1] ", "[1,", "[1, 2]", "1, 2, 3, ", "1-", "1-2,", "\u00b9", "\u00b2\u207b", "2012",
    "2012 ", "(2012)", "(2012) ", "2012;", "2012;1(1):1-2. ", "1(1):", "vol. ", "vol. 1, no. ", "pp. ",
    "Smith (2012) ", "(Smith, 2012; ", "Smith, J. ", "Smith J, ", "Smith JA, Jones B. ", "et al. ", "et al., ",
    "Smith et al. 2012. ", "Smith and Jones (2012), ", "the Smith Group ", "van der ", "Committee ", "in their 2012 ",
    "Spine. ", "J. Biol. ", "References\n", "1. a\n", "1. Smith J. A title. Spine 2012;1(1):1-2.\n", "[1] a\n",
    "- a\n", "\u2022 a\n", "Sources:\n\n",
    # numbers
    "1,", "1,0", "1,000", "1,000,", "0.", "1.5.", "1%", "1% ", "50% of ", "1/", "1/2 ", "1 in ", "1 to ", "1-2-",
    "n=", "n = 1 ", "p < 0.05 ", "\u00b1", "1 \u00b1 ", "100 patients ", "50 of 100 ", "5 years ", "two ",
    "two hundred and ", "twenty-", "half ", "one in ", "1 000 ", "12 months, ", "mg ", "$1 ",
    # markup
    "<li>", "<sup>", "<sup>1</sup>", "<sup>1", "<p>", "<p>a", "<b>", "<div>", "<br>", "<table><tr><td>",
    "<ol><li>a</li>", "<a href=\"https://doi.org/1\">a</a>", "<a>", "<!--", "<!-- a -->", "<![CDATA[", "<?",
    "<!DOCTYPE ", "<script>", "<i>a</i>", "<ul><li>", "<h1>a", "<svg>", "<p a=", "<form>", "```\n", "~~~\n", "# a\n",
    "> a\n", "| a | b |\n", "***", "* * ",
    # tagged files, tables, JSON, BibTeX
    "TY  - ", "TY  - JOUR\n", "ER  - \n", "AU  - a\n", "TY  - JOUR\nER  - \n", "N1  - a\n", "PMID- 1\n", "AB  - ",
    "      a\n", "FAU - a\n", "%0 J\n", "%A a\n", "%T a\n\n", "PT J\n", "PT J\nTI a\nER\n\n", "AU a\n", "   a\n",
    "Record #1 of 1\n", "a,b\n", "a;b;", "\"a\",", "\"\"", "\"\n", "\"a", "a\tb\n", ",\n", "{\"a\":", "{\"a\": 1},",
    "{\"title\": \"a\"}\n", "[1,", "\\u0041", "\\ud800", "@a{", "@article{a,", "@article{a, title={b}}\n",
    "@string{a = \"b\"}\n", "@comment{", "title = {", "a = {b}, ", "{a} # ", "\\textbf{", "\\\"", "\\\"{a}", "{\\'e}",
    "\\alpha ", "$x$ ", "\\begin{a}", "author = {A and ", " and ", "<sup>1</sup>a", "<ol>", "<script>a</script>b",
    "**a ", "# # ", "<record>", "<record><titles><title>a</title></titles></record>", "<style>", "<PubmedArticle>",
    "<PubmedArticle></PubmedArticle>",
    # words that rules begin with
    "study ", "of the study ", "patients were ", "randomized ", "a randomized ", "were randomly assigned to ",
    "placebo ", "spinal cord stimulation ", "scs ", "pain ", "back pain. ", "pain relief in patients with ", "no ",
    "not ", "without ", "METHODS: ", "Results: We ", "healthy ", "trials ", "group ", "1 group ", "in ", "of ",
    "were ", "was reviewed ", "search ", "SCS (", "spinal cord stimulation (SCS) ", "(SCS", "SCS) ", "percent ",
    "case 1 ", "a 50-year-old ", "non-invasive ", "Pain fell in 40 of 80 patients. ",
    "It is a non-invasive treatment with needles. ", "This lasts 30 minutes. ",
    # found by looking at expressions and loops
    "jr, ", "no ", "pt ", "a, jr, ", "Group and a and ", "Mc McA ", "pubmed", "ovid?D=med&", "AN=1&", "?", "?a",
    "\\ifmmode\\else", "{ ", " {", "a [doi]", "[pii]", "\n ", ";\n", "a\n\n", "a  ", ",  ", ".  ", " [note]", "[note]",
    " MD", "https://pubmed.ncbi.nlm.nih.gov/12345678,", "10.1000/a,https://", "pmid 1234 ", "Copyright of ",
    " is the property of ", "METHODS:", "A B C: ", "{\"title\": \"a\"},\n", "title = \"a\" \"", "a \" b", "} , a = ",
    "@comment{a", "@string{a = a # a}", "crossref = {a},", "<math>", "<mml:math></mml:math>",
    "<PubmedArticle><!--</PubmedArticle>-->", "</PubmedArticle>",
    # another number each time
    f"Registration: NCT{NUMBER}\n", f"Grant: {NUMBER}\n", f"Publication type: {NUMBER}\n", f"NCT{NUMBER}; ",
    f"Erratum in: Pain. 2020;1:9. PMID: {NUMBER}\n", f"{NUMBER}; ", f"Oak{NUMBER} A, ", f"a{NUMBER}, ",
    f"<PubmedArticle><PMID>{NUMBER}</PMID></PubmedArticle>", f"{{\"a\": {NUMBER}}},\n",
    f"@article{{a{NUMBER}, xdata={{b}}}}\n", f"TY  - JOUR\nTI  - {NUMBER}\nER  - \n", f"PMID- {NUMBER}\n\n",
    f"{{\"a\":\n{{\"a{NUMBER}\":\n",
)  # fmt: skip


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(text: str) -> bytes:
    """A .docx of one paragraph for each line of the text; what XML cannot hold is left out."""
    fit = "".join(c for c in text if c in "\t\n" or ("\x20" <= c < "\ud800") or ("\ue000" <= c < "\ufffe"))
    lines = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in fit.split("\n"))
    xml = f'<w:document xmlns:w="{_WORD}"><w:body>{lines}</w:body></w:document>'
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", xml)
    return out.getvalue()


def repeated(pattern: str, size: int) -> str:
    """The pattern over and over up to that many characters; ``NUMBER`` in it is another number each time."""
    if NUMBER not in pattern:
        return pattern * (size // len(pattern) + 1)
    before, after = pattern.split(NUMBER, 1)
    return "".join(f"{before}{number:08}{after}" for number in range(size // (len(pattern) + 7) + 1))


def filled(template: str, text: str) -> str:
    """The text in the places of a template, parted among them, so that the file is as long as the text."""
    places = template.count(PLACE)
    return template.replace(PLACE, text[: len(text) // places] if places > 1 else text)


def _tagged(tags: str, form: str, before: str, after: str) -> str:
    return before + "".join(form.format(tag) + PLACE + "\n" for tag in tags.split()) + after


_BIBTEX_FIELDS = (
    "title author journal year volume number pages doi pmid url note keywords abstract eprint xdata crossref month issn"
)
_COLUMNS = "Title,Abstract,Authors,Journal,Year,Volume,Issue,Pages,DOI,PMID,Source,Keywords,Language,URL,Notes,Citation"
_XML = (
    "titles/title abstract contributors/authors/author periodical/full-title volume pages urls/related-urls/url notes"
)


def _nested(path: str) -> str:
    names = path.split("/")
    return "".join(f"<{n}>" for n in names) + PLACE + "".join(f"</{n}>" for n in reversed(names))


# Reader → a file of its format with the places where the pattern stands; ``-fields``: in every field.
IMPORTS: dict[str, str] = {
    "raw-import": PLACE,
    "ris": f"TY  - JOUR\nTI  - A title\nAB  - {PLACE}\nER  - \n",
    "ris-authors": f"TY  - JOUR\nTI  - A title\nAU  - {PLACE}\nER  - \n",
    "ris-fields": _tagged(
        "TI AU A1 JO JF PY DA VL IS CP SP EP DO UR N1 M1 M3 C2 C3 C7 AN KW LA SN DB TT", "{}  - ", "TY  - JOUR\n",
        "ER  - \n",
    ),
    "nbib": f"PMID- 1\nTI  - A title\nAB  - {PLACE}\nFAU - Oak, A\n\n",
    "nbib-authors": f"PMID- 1\nTI  - A title\nDP  - 2001 Jan\nFAU - {PLACE}\nAB  - One.\n\n",
    "nbib-fields": _tagged(
        "TI FAU AU AD AUID CN JT TA DP VI IP PG LID AID PMC LA PT OT MH IS SI GR SO EIN COIS PHST", "{:4}- ",
        "PMID- 1\n", "\n",
    ),
    "enw": f"%0 Journal Article\n%T A title\n%X {PLACE}\n%A Oak, A\n\n",
    "enw-fields": _tagged("T A J D V N P R M @ G K U Z 2 7 8 9 ~", "%{} ", "%0 Journal Article\n", "\n"),
    "wos": f"FN Clarivate\nVR 1.0\nPT J\nTI A title\nAB {PLACE}\nER\n\nEF\n",
    "wos-fields": _tagged(
        "TI AU AF CA SO JI PY VL IS BP EP AR DI PM UT SN LA DT PD DE ID SU", "{} ", "FN Clarivate\nVR 1.0\nPT J\n",
        "ER\n\nEF\n",
    ),
    "cochrane": f"Record #1 of 1\nID: CN-1\nTI: A title\nAB: {PLACE}\n\n",
    "cochrane-fields": _tagged("TI AU YR SO VL NO PG DOI PM PT US KY", "{}: ", "Record #1 of 1\nID: CN-1\n", "\n"),
    "ovid-fields": _tagged("TI AU JN YR SO VO IP PG DO PM AN IS LG DT KW MH", "{}  - ", "<1>\nVN  - Ovid\n", "\n"),
    "ovid-words": _tagged("Title Author Source Journal Abstract Keywords", "{}\n  ", "<1>\n", "\n"),
    "bibtex": f"@article{{a,\n title = {{{PLACE}}},\n year = 2001\n}}\n",
    "bibtex-authors": f"@article{{a,\n title = {{A title}},\n author = {{{PLACE}}},\n year = 2001\n}}\n",
    "bibtex-fields": "@article{a" + "".join(f",\n {n} = {{{PLACE}}}" for n in _BIBTEX_FIELDS.split()) + "\n}\n",
    "bibtex-raw": f"@article{{a, title = {{A title}}}}\n{PLACE}\n",
    "csv": f"Title,Abstract,Authors\nA title,\"{PLACE}\",Oak A\n",
    "csv-fields": f"{_COLUMNS}\n" + ",".join(f"\"{PLACE}\"" for _ in _COLUMNS.split(",")) + "\n",
    "csv-raw": f"Title,Abstract,Authors,Year,DOI\n{PLACE}\n",
    "csv-registry": f"NCT Number,Study Title,Conditions,Other IDs\nNCT00000001,{PLACE},{PLACE},{PLACE}\n",
    "csl-json": f'[{{"type": "article-journal", "title": "A title", "abstract": "{PLACE}"}}]',
    "csl-json-fields": '[{"type": "article-journal"'
    + "".join(f', "{name}": "{PLACE}"' for name in "title container-title DOI page URL note keyword genre".split())
    + f', "author": [{{"family": "{PLACE}", "given": "{PLACE}"}}, {{"literal": "{PLACE}"}}]}}]',
    "json-raw": f'[{{"type": "article-journal", "title": "A title"}},{PLACE}]',
    "jsonl": f'{{"id": "1", "title": "A title", "abstract": "{PLACE}"}}\n',
    "jsonl-authors": f'{{"id": "1", "title": "A title", "authors": "{PLACE}"}}\n',
    "europepmc": f'[{{"source": "MED", "id": "1", "title": "{PLACE}", "authorString": "{PLACE}", '
    f'"abstractText": "{PLACE}", "pubTypeList": {{"pubType": ["{PLACE}"]}}}}]',
    "zotero": f'[{{"itemType": "journalArticle", "title": "{PLACE}", "extra": "{PLACE}", "pages": "{PLACE}", '
    f'"date": "{PLACE}", "creators": [{{"creatorType": "author", "name": "{PLACE}"}}]}}]',
    "openalex": f'[{{"id": "https://openalex.org/W1", "title": "{PLACE}", "authorships": [{{"author": '
    f'{{"display_name": "{PLACE}"}}}}], "type": "{PLACE}"}}]',
    "endnote-xml": "<xml><records><record><titles><title>A title</title></titles><abstract>"
    f"{PLACE}</abstract></record></records></xml>",
    "endnote-xml-fields": f"<xml><records><record>{''.join(map(_nested, _XML.split()))}</record></records></xml>",
    "ictrp": "<Trials_downloaded_from_ICTRP><Trial><TrialID>NCT00000001</TrialID><Public_title>"
    f"{PLACE}</Public_title><Condition>{PLACE}</Condition></Trial></Trials_downloaded_from_ICTRP>",
    "pubmed-xml": "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>"
    f"<ArticleTitle>A title</ArticleTitle><Abstract><AbstractText>{PLACE}"
    "</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>",
    "pubmed-xml-raw": f"<PubmedArticleSet>{PLACE}</PubmedArticleSet>",
}  # fmt: skip
