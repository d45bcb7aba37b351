"""What other databases' search languages look like, and how PubMed says it.

PubMed takes no notice of a sign that it does not know: ``stimulat$``, ``exp Pain/`` or ``pain.ti,ab.`` would search for
something else in silence. Each row of :data:`FOREIGN` is looked for in a query's line.
"""

from __future__ import annotations

import re

# Ovid's and Embase's names of fields. Not a list of two letters: "U.S.", "e.g." and 1:20 are none.
_OVID = r"(?:ti|ab|kw|kf|tw|mp|sh|hw|pt|au|jn|jw|ot|nm|rn|af|fs|in|so|id|dm|dv|tn|ui|gn|sb|st|px|tx)"
_EMBASE = r"(?:ti|ab|kw|de|au|jt|ta|it|ff|py|la|tn|mn|dn|cl|oa|lnk|exp|id|dtype|tt)"

_FIELD = "the field stands behind each term"
_NUMBERED = "the searches themselves: a topic has no numbered lines"

# (where it comes from, PubMed's form, how it looks). A text in quotes is "xxx" here, so that only signs match.
_ROWS: tuple[tuple[str, str, str], ...] = (
    ("Ovid's", '"Pain"[mh], which brings narrower headings along',
     r"\b[Ee][Xx][Pp]\s+\*?[A-Za-z\"][^\[\]()/]{0,100}/"),
    ("Ovid's", '"Pain"[mh] for Pain/, "Pain"[majr] for *Pain/',
     r"(?<![\w/])\*?[A-Za-z\"][\w ,\"-]{0,100}/(?=\s*$|\s*\)|\s+(?:OR|AND|NOT|or|and|not)\b)"),
    ("Ovid's", "[tiab] for .ti,ab., [ti] for .ti., [tw] for .mp., [pt] for .pt.",
     rf"\.(?:{_OVID})(?:,\s?{_OVID})*(?:\.|(?=\s*(?:$|\))))"),
    ("Ovid's", '"hip pain"[tiab:~3] for hip adj4 pain', r"\b[Aa][Dd][Jj]\d{0,2}\b"),
    ("Ovid's", _NUMBERED, r"\b(?:[Oo][Rr]|[Aa][Nn][Dd])/\d+-\d+|\blimit\s+\d+\s+to\b"),
    ("Ovid's", "stimulat* for stimulat$", r"\w\$\d?(?!\w)"),
    ("Ovid's", "(woman OR women) for wom?n", r"\w\?(?=\w|\s|[)\"\]]|$)"),
    ("Embase's", "[tiab] for :ti,ab", rf"(?<=[\w\"')*]):\s?{_EMBASE}(?:,\s?{_EMBASE})*(?![\w:~-])"),
    ("Embase's", "\"Pain\"[mh] for 'pain'/exp", r"/\s?(?:exp|de|mj|lim|br|dm_\w+|lnk)\b"),
    ("Embase's", '"hip pain"[tiab:~2] for hip NEXT/2 pain', r"\b[Nn][Ee][Xx][Tt]/\d+"),
    ("Scopus'", f'"hip pain"[tiab]: {_FIELD}',
     r"\b(?:TITLE-ABS-KEY(?:-AUTH)?|TITLE-ABS|TITLE|ABS|KEY|AUTHKEY|INDEXTERMS|SRCTITLE|LIMIT-TO|EXCLUDE|DOCTYPE|ALL"
     r"|title-abs-key)\s?\("),
    ("Scopus'", "2019:2024[dp]", r"\bPUBYEAR\b"),
    ("Scopus'", '"hip pain"[tiab:~3] for hip W/3 pain', r"\b(?:W|PRE|w|pre)/\d+"),
    ("Web of Science's", '"hip pain"[tiab] for TS=("hip pain")',
     r"\b(?:TS|TI|AB|AK|KP|AU|SO|DO|PY|WC|SU|KY|TP|ALL|FT|IS|OG|ts|ti|ab)\s?="),
    ("Web of Science's", '"hip pain"[tiab:~3] for hip NEAR/3 pain', r"\b[Nn][Ee][Aa][Rr]/\d+|\b(?:NEAR|SAME)\b"),
    ("EBSCO's", '"hip pain"[tiab], or "Pain"[mh] for (MH "Pain+")', r"\b(?:MH|MM|TX|TI|AB|SU|KW)\s+\(?\""),
    ("ProQuest's", f'"hip pain"[tiab]: {_FIELD}',
     r"\b(?:noft|tiab|ti|ab|su|mesh|MESH\.EXACT(?:\.EXPLODE)?|MAINSUBJECT\.EXACT)\("),
    ("the Cochrane Library's", '"Pain"[mh]', r"\bMeSH descriptor:"),
    ("Embase's", 'straight double quotes, "hip pain"[tiab]', r"(?<![\w'])'[^'\s][^']{0,200}'(?![\w'])"),
)  # fmt: skip
FOREIGN = tuple((origin, re.compile(pattern), right) for origin, right, pattern in _ROWS)
_QUOTED = re.compile(r'"[^"]*"')
_TRUNCATED_IN_QUOTES = re.compile(r"\w[$?](?=[\s\"]|\w)")

# Where "and" may be a word of a name: PubMed's operators are in capitals for that reason (Wit and Humor[mh]).
_NAMES = re.compile(
    r"^(?:mh|mesh|mesh terms?|majr|mesh major topic|sh|subh|(?:mesh )?subheadings?|ta|jour|journal(?: title)?|jt|nm"
    r"|substance name|supplementary concept|ad|affl|affiliation|pl|place of publication|pubn|publisher|book|gr|grnt"
    r"|grant number|grants and funding|cn|coln|corporate author|pa|pharmacological action|pt|ptyp|publication type)"
    r"(?:\s*:.*)?$"
)
_OPERATOR = re.compile(r"\b(?:and|or|not)\b", re.I)
_TAG_AFTER = re.compile(r"[^\[\]()\"]*\[([^\[\]]*)\]")


def _without_words(line: str) -> str:
    """The line with its quoted words as "xxx", of the same length."""
    return _QUOTED.sub(lambda found: '"' + "x" * (len(found.group()) - 2) + '"', line)


def foreign_syntax(line: str) -> str:
    """What a line has of another database's language, and PubMed's form; ``""`` when it has nothing of it."""
    bare = _without_words(line)
    for origin, pattern, right in FOREIGN:
        found = pattern.search(bare)
        if found:
            shown = line[found.start() : found.end()].strip()
            return f"{shown!r} is {origin} syntax, which PubMed misreads: write {right}"
    for quoted in _QUOTED.findall(line):
        cut = _TRUNCATED_IN_QUOTES.search(quoted)
        if cut:
            return f"{quoted} has {cut.group()[1]!r}, which PubMed takes no notice of: its only wildcard is *"
    return ""


def lower_operator(line: str) -> str:
    """A lower-case operator of a line, as written; ``""`` when there is none.

    ``and`` inside an unquoted name (``Wounds and Injuries[mh]``) is none.
    """
    bare = _without_words(line)
    for found in _OPERATOR.finditer(bare):
        if found.group().isupper():
            continue
        before, after = bare[: found.start()].rstrip(), bare[found.end() :]
        if before.count("[") > before.count("]"):
            continue  # inside a field tag
        tag = _TAG_AFTER.match(after)
        inside_a_name = before[-1:].isalpha() and tag and _NAMES.match(" ".join(tag.group(1).casefold().split()))
        if found.group().lower() == "and" and inside_a_name:
            continue
        return found.group()
    return ""
