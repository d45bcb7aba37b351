"""The text of a record as every tagging rule reads it: parts, sentences, what each sentence is for.

:class:`Document` holds the title and the abstract's sections. ``Part.lower`` is the same text in lower case with
typographic variants made plain; it keeps the length, so that an offset into it is an offset into the text as received.
At most :data:`MAX_CHARACTERS` of an abstract are read (the longest of 1,420 development abstracts has 4,334): what lies
beyond is not tagged, and ``Document.truncated`` says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from evidence.bibliography.headings import (
    ADMINISTRATIVE,
    BACKGROUND,
    CATEGORIES,
    CONCLUSIONS,
    ELIGIBILITY,
    METHODS,
    OBJECTIVE,
    RESULTS,
    TITLE,
    UNKNOWN,
    heading_category,
)
from evidence.bibliography.sentences import breaks
from evidence.record import Record

# The kinds of sections are named here too, for the rules that read a document.
__all__ = [
    "ADMINISTRATIVE",
    "BACKGROUND",
    "CATEGORIES",
    "CONCLUSIONS",
    "ELIGIBILITY",
    "MAX_CHARACTERS",
    "METHODS",
    "OBJECTIVE",
    "RESULTS",
    "TITLE",
    "UNKNOWN",
    "Document",
    "Part",
    "Sentence",
    "heading_category",
    "plain_lower",
    "read",
]

MAX_CHARACTERS = 20_000

_NLM = {category.upper(): category for category in (BACKGROUND, OBJECTIVE, METHODS, RESULTS, CONCLUSIONS)}

# Same length each: dashes, quotation marks and spaces as printed, to those of a keyboard.
_PLAIN: tuple[tuple[str, str], ...] = (
    *((dash, "-") for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"),
    *((mark, "'") for mark in "\u2018\u2019\u02bc\u00b4\u2032"),
    *((mark, '"') for mark in "\u201c\u201d"),
    *((space, " ") for space in "\u00a0\u2002\u2003\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u200b\u3000"),
    ("\u0130", "i"),  # the one letter whose lower case is longer
    ("\u00b5", "\u03bc"),
)  # fmt: skip
_MARKUP = re.compile(r"</?(?:i|b|u|p|br|sup|sub|em|strong|mml:[a-z]{1,12})\b[^<>]{0,200}>", re.I)
_ENTITIES = (("&lt;", "<   "), ("&gt;", ">   "), ("&amp;", "&    "), ("&nbsp;", "      "))

_HEADING = re.compile(
    r"\s*(?:([A-Za-z][A-Za-z &/,()-]{1,48}?)\s?:(?=\s|[A-Z0-9])|([A-Z][A-Z &/]{3,40}[A-Z])(?:\.|\s*$|(?=\s[A-Z][a-z])))"
)
_BRACKETED_HEADING = re.compile(r"\[([A-Z][A-Za-z &]{3,40})\](?=\s)")  # "[Results] Pain fell"
# Headings that a text holds as a sentence of their own ("Methods. Adults with ...") ...
_ALONE = frozenset(
    "aim|aims|aims and objectives|areas covered|background|background and aim|background and aims"
    "|background and objective|background and objectives|background and purpose|case description|case presentation"
    "|case report|clinical relevance|conclusion|conclusions|conclusions and relevance|context|data collection"
    "|data collection and analysis|data extraction|data sources|design|discussion|ethics and dissemination"
    "|expert opinion|finding|findings|funding|goal|goals|hypothesis|implications|importance|interpretation"
    "|intervention|interventions|introduction|introduction and objectives|key findings|level of evidence|limitations"
    "|main outcome measure|main outcome measures|main results|material and methods|materials and methods"
    "|measurements|method|methods|methods and analysis|methods and materials|methods and results|objective|objectives"
    "|outcome measures|outcomes|participants|patients|patients and methods|perspective|population|purpose"
    "|purpose of review|question|rationale|recent findings|registration|result|results|results and discussion"
    "|search methods|selection criteria|setting|settings|significance|study design|study selection"
    "|study selection and analysis|subjects|subjects and methods|summary|trial registration"
    "|trial registration number".split("|")
)
# ... and those that also stand before a sentence with nothing between ("Results The rate was ...").
_BEFORE_A_SENTENCE = (
    r"Aims?|Background(?: and (?:aims?|objectives?|purpose))?|Introduction|Objectives?|Purpose|Methods?"
    r"|(?:Materials?|Patients|Subjects) and methods|Methods and (?:analysis|materials|results)|Results?"
    r"|Findings|Conclusions?|Discussion|Interpretation|Ethics and dissemination|Trial registration(?: number)?"
    r"|Study design|Design|Setting|Participants|Main outcome measures?|Limitations"
)
_UNPUNCTUATED = re.compile(rf"({_BEFORE_A_SENTENCE}) (?=[A-Z][a-z'\u2019]|(?:A|I) |\d+ [a-z])")
_LONGEST_ALONE = 1 + max(map(len, _ALONE))
_FIRST_WORDS = frozenset(
    "Aim Aims Background Introduction Objective Objectives Purpose Method Methods Material Materials Patients Subjects"
    " Result Results Findings Conclusion Conclusions Discussion Interpretation Ethics Trial Study Design Setting"
    " Participants Main Limitations".split()
)

# In a section called background, the study itself begins here.
_OWN_STUDY = re.compile(
    r"\b(?:aims?|objectives?|purpose|goal) (?:of|was|were|is)\b|\b(?:this|the present|our|the current"
    r"|present) (?:[\w-]+,? ){0,6}"
    r"(?:study|trial|investigation|analysis|report|review|article|paper)\b|\bwe (?:\w+ ){0,2}(?:sought|aim|hypothes"
    r"|investigat|"
    r"compar|evaluat|assess|report|present|describe|stud|examin|review|conduct|perform|test|set out|ask|explor"
    r"|determin)"
)


class Sentence(NamedTuple):
    """A sentence: ``part`` is the section's position or ``None`` for the title, offsets are into that part's text.

    ``lower`` is the sentence in plain lower case (same length), ``category`` one of :data:`CATEGORIES`.
    """

    part: int | None
    start: int
    end: int
    category: str
    lower: str


@dataclass(slots=True)
class Part:
    """The title (``position`` is ``None``) or a section of the abstract; ``lower`` has the length of ``text``."""

    position: int | None
    text: str
    lower: str
    label: str
    category: str


@dataclass(slots=True)
class Document:
    """Title, sections and their sentences, the title's first, in reading order."""

    title: Part
    sections: list[Part]
    sentences: list[Sentence]
    truncated: bool = False

    def part(self, position: int | None) -> Part:
        return self.title if position is None else self.sections[position]

    def text(self, sentence: Sentence) -> str:
        """The sentence as received."""
        return self.part(sentence.part).text[sentence.start : sentence.end]

    @property
    def abstract_sentences(self) -> list[Sentence]:
        return [sentence for sentence in self.sentences if sentence.part is not None]

    @property
    def lower(self) -> str:
        """Title and abstract in plain lower case, for cheap "does it occur at all" tests; offsets mean nothing here."""
        return "\n".join((self.title.lower, *(section.lower for section in self.sections)))


def read(record: Record) -> Document:
    """The document of a record. Sections keep their positions in ``record.abstract``, empty ones included."""
    title = _part(None, record.title[:MAX_CHARACTERS], "", TITLE)
    sections, left = [], MAX_CHARACTERS
    for position, section in enumerate(record.abstract):
        category = _NLM.get(section.category) or heading_category(section.label)
        sections.append(_part(position, section.text[:left], section.label, category))
        left -= len(sections[-1].text)
    sentences = _sentences(title)
    for part in sections:
        sentences += _sentences(part)
    truncated = len(record.title) > MAX_CHARACTERS or sum(len(s.text) for s in record.abstract) > MAX_CHARACTERS
    return Document(title, sections, sentences, truncated)


def plain_lower(text: str) -> str:
    """Lower case with plain dashes, quotation marks and blanks, markup blanked out; the same length as ``text``."""
    if "<" in text:
        text = _MARKUP.sub(lambda match: " " * len(match.group()), text)
    if "&" in text:
        for entity, character in _ENTITIES:
            text = text.replace(entity, character)
    if not text.isascii():
        for printed, typed in _PLAIN:
            text = text.replace(printed, typed)
    return text.lower()


def _part(position: int | None, text: str, label: str, category: str) -> Part:
    return Part(position, text, plain_lower(text), label, category)


def _sentences(part: Part) -> list[Sentence]:
    text, lower, category = part.text, part.lower, part.category
    found: list[Sentence] = []
    printed_headings = part.position is not None
    start = 0
    for end, following in breaks(text):
        if end > start and (text[start].isalnum() or not text[start:end].isspace()):
            if printed_headings:
                category = _category_at(text, start, end, category)
            if category == BACKGROUND and _OWN_STUDY.search(lower, start, end):
                category = OBJECTIVE
            found.append(_new_sentence(Sentence, (part.position, start, end, category, lower[start:end])))
        start = following
    return found


_new_sentence = tuple.__new__  # half the time of the named constructor, twelve times a record


def _category_at(text: str, start: int, end: int, current: str) -> str:
    """The category from a heading printed in the running text at ``start``, else the current one."""
    if end - start <= _LONGEST_ALONE and text[end - 1] == "." and text[start : end - 1].lower() in _ALONE:
        return _known_category(text[start : end - 1], current)
    if text[start : start + 1] == "[":
        match = _BRACKETED_HEADING.match(text, start, start + 48)
        category = heading_category(match.group(1)) if match else UNKNOWN
        return current if category == UNKNOWN else category
    if text.find(":", start, start + 52) < 0 and not text[start : start + 4].isupper():
        if text[start : text.find(" ", start)] not in _FIRST_WORDS:
            return current
        plain = _UNPUNCTUATED.match(text, start, end)
        return _known_category(plain.group(1), current) if plain else current
    match = _HEADING.match(text, start, start + 60)
    if not match:
        return current
    heading = match.group(1) or match.group(2)
    if len(heading.split()) > 5:
        return current
    return _known_category(heading, current)


def _known_category(heading: str, current: str) -> str:
    category = heading_category(heading)
    return current if category == UNKNOWN else category
