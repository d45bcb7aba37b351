"""PubMed's query language, as far as a mistake in it can be seen without asking PubMed.

Fields and tags: https://pubmed.ncbi.nlm.nih.gov/help/#using-search-field-tags and ``einfo.fcgi?db=pubmed``.
"""

from __future__ import annotations

import difflib
import re

from evidence.topics.foreign import foreign_syntax, lower_operator

# Long form: every short form that PubMed takes. Tags are compared without regard to case and blanks around them.
FIELD_TAGS: dict[str, tuple[str, ...]] = {
    "affiliation": ("ad", "affl"),
    "all fields": ("all",),
    "article identifier": ("aid", "doi"),
    "author": ("au", "auth"),
    "author - corporate": ("cn", "coln", "corporate author", "author, corporate"),
    "author - first": ("1au", "faut", "first author", "first author name"),
    "author - full": ("fau", "full", "full author name"),
    "author - identifier": ("auid", "author identifier"),
    "author - last": ("lastau", "laut", "last author", "last author name"),
    "author cluster id": ("aucl",),
    "book": (),
    "conflict of interest statements": ("cois", "conflict of interest statement"),
    "date - completion": ("dcom", "cdat", "completion date", "date - completed"),
    "date - create": ("crdt", "create date"),
    "date - entry": ("edat", "entry date", "entrez date", "date - entrez"),
    "date - mesh": ("mhda", "mesh date"),
    "date - modification": ("lr", "mdat", "modification date"),
    "date - publication": ("dp", "pdat", "publication date"),
    "dso": (),
    "ec/rn number": ("rn", "ecno"),
    "editor": ("ed",),
    "electronic publication date": ("epdt",),
    "extended pmid": ("eid",),
    "filter": ("filt",),
    "grant number": ("gr", "grnt", "grants and funding", "grant list"),
    "investigator": ("ir", "invr"),
    "investigator - full": ("fir", "finv", "full investigator name"),
    "isbn": (),
    "issn": ("is",),
    "issue": ("ip", "iss"),
    "journal": ("ta", "jour", "journal title", "title abbreviation", "jt"),
    "language": ("la", "lang"),
    "location id": ("lid",),
    "manuscript id": ("mid",),
    "mesh major topic": ("majr",),
    "mesh subheading": ("sh", "subh", "mesh subheadings", "subheading", "subheadings"),
    "mesh terms": ("mh", "mesh", "mesh term"),
    "nlm unique id": ("jid",),
    "other term": ("ot", "otrm", "other terms"),
    "owner": (),
    "pagination": ("pg", "page"),
    "personal name as subject": ("ps", "subject - personal name"),
    "pharmacological action": ("pa", "papx", "pharmacologic action"),
    "place of publication": ("pl", "cnty"),
    "pmc id": ("pmc", "pmcid"),
    "pmid": ("uid", "pid"),
    "print publication date": ("ppdt", "print dates"),
    "publication type": ("pt", "ptyp"),
    "publisher": ("pubn",),
    "secondary source id": ("si", "secondary source identifier"),
    "subset": ("sb",),
    "supplementary concept": ("nm", "subs", "substance name"),
    "text word": ("tw", "word", "text words"),
    "title": ("ti", "titl"),
    "title/abstract": ("tiab",),
    "transliterated title": ("tt",),
    "version": ("ver",),
    "volume": ("vi", "vol"),
}
KNOWN_TAGS = frozenset(FIELD_TAGS) | {short for shorts in FIELD_TAGS.values() for short in shorts}


def _family(*names: str) -> frozenset[str]:
    return frozenset(name for long in names for name in (long, *FIELD_TAGS[long]))


# "[mh:noexp]" leaves out narrower headings; "[tiab:~3]" finds words at most three apart.
_NO_EXPLOSION = _family(
    "mesh terms",
    "mesh major topic",
    "mesh subheading",
    "pharmacological action",
    "publication type",
    "supplementary concept",
)
_PROXIMITY = _family("title", "title/abstract", "affiliation")
_DISTANCE = re.compile(r"~\d{1,4}")
# Marks that a word processor writes; an apostrophe within or after a word is none.
_CURLY = re.compile(
    "[\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u201a\u201b\u2039\u203a\uff02\u301d\u301e\u2033]|(?<!\\w)\u2019"
)
_DANGLING = re.compile(
    r"^(?:AND|OR)\b|\b(?:AND|OR|NOT)$|\b(?:AND|OR|NOT)\s+(?:AND|OR)\b"
    r"|\(\s*(?:AND|OR)\b|\b(?:AND|OR|NOT)\s*\)"
)


class Flaw(ValueError):
    """What is wrong with a query, and on which of its lines (1-based)."""

    def __init__(self, reason: str, line: int):
        super().__init__(reason)
        self.reason, self.line = reason, line


def check_query(written: str, comments: bool = True) -> str:
    """The query as sent: comments stripped, white space folded. Raises :class:`Flaw` when PubMed would misread it.

    ``comments``: whether the text still has the lines that a ``#`` comment ends with.
    """
    lines = lines_without_comments(written, comments)
    opened: list[int] = []
    for number, line in enumerate(lines, 1):
        _check_line(line, number, opened)
    if opened:
        raise Flaw("unbalanced parentheses: this '(' is never closed", opened[-1])
    sent = " ".join(" ".join(lines).split())
    if not sent:
        raise Flaw("the query is empty", 1)
    bare = " ".join(re.sub(r'"[^"]*"', " x ", sent).split())
    if re.search(r"\(\s*\)", bare):
        raise Flaw("the query has an empty pair of parentheses", _line_of(lines, r"\(\s*\)"))
    if dangling := _DANGLING.search(bare):
        raise Flaw(f"an operator has nothing on one side: {dangling.group().strip()!r}", 1)
    return sent


def lines_without_comments(written: str, comments: bool = True) -> list[str]:
    """The lines of a query, each without its comment. Raises :class:`Flaw` for one that may have none."""
    return [_strip_comment(line, number, comments) for number, line in enumerate(written.split("\n"), 1)]


def _line_of(lines: list[str], pattern: str) -> int:
    return next((number for number, line in enumerate(lines, 1) if re.search(pattern, line)), 1)


def _strip_comment(line: str, number: int, comments: bool) -> str:
    """The line without its comment; a ``#`` within quotes is no comment."""
    quoted = False
    for position, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif character == "#" and not quoted:
            if not comments:
                raise Flaw("a comment ends with its line: write the query as a block ('query: |')", number)
            return line[:position]
    return line


def _check_line(line: str, number: int, opened: list[int]) -> None:
    """Quotes, brackets and tags of one line; ``opened`` holds the lines of the parentheses still open."""
    if curly := _CURLY.search(line):
        raise Flaw(f'write straight quotes (") instead of {curly.group()}', number)
    if foreign := foreign_syntax(line):
        raise Flaw(foreign, number)
    if operator := lower_operator(line):
        raise Flaw(
            f"{operator!r}: write {operator.upper()} (PubMed's operators are in capitals), or the words in quotes",
            number,
        )
    if line.count('"') % 2:
        raise Flaw("unbalanced quotes: a quoted phrase ends on the line on which it begins", number)
    outside = re.sub(r'"[^"]*"', lambda match: " " * len(match.group()), line)
    if any(not phrase.strip() for phrase in re.findall(r'"([^"]*)"', line)):
        raise Flaw("a quoted phrase is empty", number)
    for match in re.finditer(r"\[([^\[\]]*)\]|[()\[\]]", outside):
        if match.group(1) is not None:
            _check_tag(match.group(1), number)
            _check_proximity(match.group(1), line[: match.start()].rstrip(), number)
        elif match.group() == "(":
            opened.append(number)
        elif match.group() == ")":
            if not opened:
                raise Flaw("unbalanced parentheses: this ')' was never opened", number)
            opened.pop()
        else:
            raise Flaw("unbalanced square brackets around a field tag", number)


def _check_proximity(tag: str, before: str, number: int) -> None:
    """Words near each other are a phrase in quotes, and whole."""
    if "~" not in tag:
        return
    phrase = re.search(r'"([^"]*)"$', before)
    if phrase is None:
        raise Flaw(f'proximity takes a phrase in quotes: "hip pain"[{tag}], not hip pain[{tag}]', number)
    if "*" in phrase.group(1):
        raise Flaw(
            f'PubMed knows no wildcard in a search by proximity: write each word out, ("hip pain"[{tag}] OR '
            f'"hip pains"[{tag}])',
            number,
        )


def _check_tag(tag: str, number: int) -> None:
    name, _, modifier = (" ".join(part.split()) for part in tag.casefold().partition(":"))
    if name in KNOWN_TAGS:
        if not modifier or (modifier == "noexp" and name in _NO_EXPLOSION):
            return
        if _DISTANCE.fullmatch(modifier) and name in _PROXIMITY:
            return
        raise Flaw(f"PubMed has no modifier ':{modifier}' for [{name}]", number)
    close = difflib.get_close_matches(name, sorted(KNOWN_TAGS), n=1)
    hint = f"; did you mean [{close[0]}]?" if close else ""
    raise Flaw(f"unknown field tag [{tag}]: PubMed would ignore it and search all fields{hint}", number)
