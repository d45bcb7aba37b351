"""What readers are given to see whether they are slow: units to repeat, and the files that they stand in."""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

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


def wrapped_imports() -> dict[str, tuple[str, str]]:
    """Reader → what stands before and after the pattern in a file of its format."""
    return {
        "raw-import": ("", ""),
        "ris": ("TY  - JOUR\nTI  - A title\nAB  - ", "\nER  - \n"),
        "ris-authors": ("TY  - JOUR\nTI  - A title\nAU  - ", "\nER  - \n"),
        "nbib": ("PMID- 1\nTI  - A title\nAB  - ", "\nFAU - Oak, A\n\n"),
        "nbib-authors": ("PMID- 1\nTI  - A title\nDP  - 2001 Jan\nFAU - ", "\nAB  - One.\n\n"),
        "enw": ("%0 Journal Article\n%T A title\n%X ", "\n%A Oak, A\n\n"),
        "wos": ("FN Clarivate\nVR 1.0\nPT J\nTI A title\nAB ", "\nER\n\nEF\n"),
        "cochrane": ("Record #1 of 1\nID: CN-1\nTI: A title\nAB: ", "\n\n"),
        "bibtex": ("@article{a,\n title = {", "},\n year = 2001\n}\n"),
        "bibtex-authors": ("@article{a,\n title = {A title},\n author = {", "},\n year = 2001\n}\n"),
        "bibtex-raw": ("@article{a, title = {A title}}\n", "\n"),
        "csv": ("Title,Abstract,Authors\nA title,\"", "\",Oak A\n"),
        "csv-raw": ("Title,Abstract,Authors,Year,DOI\n", "\n"),
        "csl-json": ('[{"type": "article-journal", "title": "A title", "abstract": "', '"}]'),
        "json-raw": ('[{"type": "article-journal", "title": "A title"},', "]"),
        "jsonl": ('{"id": "1", "title": "A title", "abstract": "', '"}\n'),
        "jsonl-authors": ('{"id": "1", "title": "A title", "authors": "', '"}\n'),
        "endnote-xml": (
            "<xml><records><record><titles><title>A title</title></titles><abstract>",
            "</abstract></record></records></xml>",
        ),
        "pubmed-xml": (
            "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>"
            "<ArticleTitle>A title</ArticleTitle><Abstract><AbstractText>",
            "</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>",
        ),
    }  # fmt: skip
