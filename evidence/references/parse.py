"""A printed reference taken apart: Vancouver, AMA, APA, MLA, Chicago, Elsevier, ACS, AIP and their relatives."""

from __future__ import annotations

import re
from functools import lru_cache

from evidence.bibliography.identifiers import Identifier, find_identifiers
from evidence.bibliography.normal import words
from evidence.references.names import split_authors
from evidence.references.numbers import Numbers, parse_numbers
from evidence.references.types import ParsedReference

_LABEL = re.compile(
    r"^\s*(?:[\[(]\s*\d{1,4}\s*[\])][.:]?|\d{1,3}\s*[.)](?=\s)|\d{1,3}\s*(?=[^\W\d_])|[\u2022*\u00b7\u2013-]\s+)\s*"
)
_QUOTED = re.compile(r"[\u201c\"\u00ab\u2018](?P<title>.{12,400}?)[,.]?[\u201d\"\u00bb\u2019](?=[\s,.:;]|$)")
# A full stop after a word, a number, a bracket or capitals; not after an initial ("J. Biol").
_SENTENCE_END = re.compile(
    r"(?<=[^\W\d_][^\W\d_A-Z])[.?!]{1,2}[\u201d\"']?\s+(?=\S)|(?<=[\d)\]\u201d])[.?!]{1,2}\s+(?=[A-Z])|(?<=[A-Z]{2})[.?!]\s+(?=[A-Z])"
)
_NOISE = re.compile(
    r"\b(?:et\s+al\b\.?,?|available (?:from|at|online)\b.*$|accessed\b.*$|epub\b.*$|"
    r"in press\b\.?|\[internet\]|doi\s*[:=]?\s*$)",
    re.I,
)
_ABBREVIATED = re.compile(r"(?:(?:[A-Z][a-z]{0,8}|[A-Z]{1,4}|of|and|&|in|for|the|de|et)\.?\s*){1,3}")
# "Spine (Phila Pa 1976). 1987 Sep;12(7):632-44": the journal and the place in it, as NLM prints a source.
_SOURCE_ONLY = re.compile(r"\s*(?P<journal>[^.,;:()]{2,70}(?:\s?\([^()]{2,30}\))?)\.\s+(?=\d{4}\b[^;]{0,16};)")
_NAME_ONLY = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?\s[A-Z]{1,3}")
# A reference with a hundred authors has some 2,500 characters; what is longer is no single reference.
_LONGEST = 4000
_BLANK = re.compile(r"\s+")


@lru_cache(maxsize=4096)
def parse_reference(text: str) -> ParsedReference:
    """The fields of one printed reference, any usual style. Never fails: what is not recognised is left empty."""
    text = _BLANK.sub(" ", text[:_LONGEST]).strip()
    identifiers = find_identifiers(text)
    body = _blanked(_LABEL.sub(lambda m: " " * len(m.group()), text, count=1), identifiers)
    numbers = parse_numbers(body)
    authors, title, journal = _in_words(body, numbers)
    known = {identifier.kind: identifier.value for identifier in reversed(identifiers)}
    return ParsedReference(
        text=text,
        authors=authors,
        year=numbers.year,
        title=title,
        journal=journal,
        volume=numbers.volume.lower(),
        issue=numbers.issue,
        first_page=numbers.first_page,
        last_page=numbers.last_page,
        doi=known.get("doi"),
        pmid=known.get("pmid"),
        pmcid=known.get("pmcid"),
        registration=known.get("registration"),
    )


def _in_words(body: str, numbers: Numbers) -> tuple[tuple[str, ...], str, str]:
    """Authors, title and journal."""
    source = _SOURCE_ONLY.match(body)
    if source and source.end() == numbers.start and not _NAME_ONLY.fullmatch(source.group("journal")):
        return (), "", _clean(source.group("journal"))
    authors, after_authors = split_authors(body, numbers.year_span)
    title, journal = _title_and_journal(body, after_authors, numbers)
    if set(words(journal)) <= {str(numbers.year), *words(" ".join(authors))}:
        journal = ""  # "Hartmann 2014": nothing but the author is left
    return authors, title, journal


def _blanked(text: str, identifiers: list[Identifier]) -> str:
    """The same length with identifiers as blanks, so that their digits are not taken for pages."""
    for identifier in identifiers:
        text = text[: identifier.start] + " " * (identifier.end - identifier.start) + text[identifier.end :]
    return text


def _title_and_journal(body: str, start: int, numbers: Numbers) -> tuple[str, str]:
    end = numbers.start if numbers.start is not None and numbers.start > start else len(body)
    if numbers.year_span and start < numbers.year_span[0] < end and body[numbers.year_span[1] :].strip(" ).,;:"):
        end = numbers.year_span[0] if numbers.year_span[0] - start > 20 else end
    middle = body[start:end]
    quoted = _QUOTED.search(middle)
    if quoted:
        return _clean(quoted.group("title")), _clean(_journal_part(middle[quoted.end() :]))
    pieces = _pieces(_NOISE.sub(" ", middle))
    if not pieces:
        return "", ""
    if len(pieces) == 1:
        return _one_part(pieces[0])
    cut = _journal_start(pieces)
    return " ".join(pieces[:cut]), _journal_part(" ".join(pieces[cut:]))


def _pieces(middle: str) -> list[str]:
    """What stands between full stops, each without punctuation at its ends."""
    return [piece for part in _SENTENCE_END.split(middle) if (piece := _clean(part))]


def _journal_start(pieces: list[str]) -> int:
    """The journal is the last piece, and the abbreviated words before it (``Proc. Natl. Acad. Sci``)."""
    cut = len(pieces) - 1
    while cut > 1 and len(pieces[cut].split()) <= 3 and _ABBREVIATED.fullmatch(pieces[cut - 1]):
        cut -= 1
    return cut


def _one_part(part: str) -> tuple[str, str]:
    """A lone part is a journal when short (Elsevier without titles, ACS, AIP), else a title and then its journal."""
    if len(part.split()) <= 7:
        return "", part
    head, comma, tail = part.rpartition(", ")
    if comma and 1 <= len(tail.split()) <= 8 and len(head.split()) >= 4:
        return _clean(head), _clean(tail)
    return part, ""


def _journal_part(text: str) -> str:
    text = re.sub(r"^[\s,.;:]*(?:in\s*:?\s+)?", "", text, flags=re.I)
    return _clean(re.sub(r"\b(?:vol|no|pp?|issue)\b\.?\s*$", "", text, flags=re.I))


def _clean(text: str) -> str:
    """Without punctuation at its ends; a bracket that closes one inside stays: ``Spine (Phila Pa 1976)``."""
    bare = _BLANK.sub(" ", text).strip(" ,.;:()[]\u201c\u201d\"'\u2018\u2019-\u2013")
    return f"{bare})" if bare.count("(") > bare.count(")") else bare
