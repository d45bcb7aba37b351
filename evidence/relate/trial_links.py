"""What a report is to each trial whose number it names: its results, its protocol, or only a mention.

Precision before recall: a report that is not plainly of the trial counts for no result. Reviews, guidelines, letters
and notices name the trials of others; NLM's and a registry's own lists are read by :func:`registry_link`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from evidence.bibliography.markers import notice_of
from evidence.bibliography.normal import plain
from evidence.bibliography.registrations import databank_registrations, find_registrations
from evidence.record import Record
from evidence.relate.studies import ABOUT_TRIALS_TITLE, ABOUT_TRIALS_TYPES, own_registrations, role_of

RESULTS, SECONDARY, PROTOCOL, REVIEW, NOTICE, MENTION = (
    "results",
    "secondary",
    "protocol",
    "review",
    "notice",
    "mention",
)
REGISTRATION, EARLIER, DERIVED, BACKGROUND = "registration", "earlier", "derived", "background"
LINK_LABELS: dict[str, str] = {
    RESULTS: "report of results",
    SECONDARY: "secondary analysis",
    PROTOCOL: "protocol",
    REVIEW: "review or guideline that names it",
    NOTICE: "notice",
    MENTION: "names it",
    REGISTRATION: "registration",
    EARLIER: "names it, but appeared before it began",
    DERIVED: "joined by NLM because it names the number",
    BACKGROUND: "background, by the registry",
}
# Where a number stands → how that is said.
BASES: dict[str, str] = {
    "databank": "PubMed's list of databanks gives the number",
    "title": "its title gives the number",
    "abstract": "its abstract gives the number",
    "registry": "the registry lists it among the reports of results",
    "registry_derived": "the registry lists it as found by NLM",
    "registry_background": "the registry lists it as background",
}
# The sentence with the number says that somebody else's data are used, or a part of the participants.
_SECONDARY = re.compile(
    r"\b(?:data|samples?|specimens|images|recordings) (?:\w+ ){0,3}(?:from|of|in)\b"
    r"|\b(?:using|used|analy[sz]ed?|extracted|derived|taken|drawn|obtained|combined) (?:[\w-]+ ){0,4}"
    r"(?:data|samples?)\b"
    r"|\bpooled\b|\bpost[- ]?hoc\b|\b(?:secondary|ancillary|exploratory|integrated) (?:[\w-]+ ){0,2}analys[ei]s\b"
    r"|\bsub-?(?:study|analysis|group|set|sample)\b|\bnested (?:with)?in\b|\b(?:embedded|conducted) within\b"
    r"|\b(?:participants|patients|women|men|children|subjects|volunteers) (?:who (?:were|had) )?(?:\w+ )?"
    r"(?:enrol+ed|included|randomi[sz]ed|recruited|participating) in (?:the|a|an|two|three) (?:[\w-]+ ){0,5}"
    r"(?:trials?|stud(?:y|ies)|cohort)\b",
    re.I,
)
# Named beside the trial that is reported: what it extends, is compared with, or was before it.
_OTHER = re.compile(
    r"\b(?:extension|continuation|follow-?up|successor|replication) (?:study |trial )?(?:of|to)\b"
    r"|(?<![\[(])\b(?:previous|prior|earlier|preceding|parent|core|original|feeder|lead-?in|sister|companion|historical)\b"
    r"(?:[\s\w,-]{0,40}?)(?:stud(?:y|ies)|trials?|controls?)\b"
    r"|\b(?:compared|comparison|in contrast|contrary) (?:with|to) (?:the )?(?:[\w-]+ ){0,4}(?:stud(?:y|ies)|trials?)\b"
    r"|\b(?:(?:will|to|should|must) be|being|awaits?) (?:\w+ ){0,3}(?:confirm|test|address|evaluat|assess|investigat)"
    r"\w* (?:[\w-]+ ){0,3}in\b",
    re.I,
)
_SENTENCE_END = re.compile(r"(?<![A-Z]\.)(?<=[.;!?])\s+(?=[A-Z(\[\"])")


class Link(NamedTuple):
    """``relation``: what a report is to the trial of this number; ``basis``: where the number stands (``BASES``)."""

    number: str
    relation: str
    basis: str


def links_of(record: Record, protocol: bool = False) -> tuple[Link, ...]:
    """What a report is to each trial of ClinicalTrials.gov that it names. ``protocol``: its abstract tells of plans."""
    places = _places(record)
    if not places:
        return ()
    role = role_of(record)
    own = {number for _, number in own_registrations(record)}
    return tuple(
        Link(number, _relation(record, number, sentence, role, own, protocol), basis)
        for number, (basis, sentence) in places.items()
    )


def _relation(record: Record, number: str, sentence: str, role: str, own: set[str], protocol: bool) -> str:
    if role == "registration":
        return REGISTRATION if number in own else MENTION
    sort = sort_of(record)
    if sort in (NOTICE, REVIEW):
        return sort
    if number not in own or _OTHER.search(sentence):
        return MENTION
    if sort or protocol:
        return PROTOCOL
    return SECONDARY if role == "secondary" or _SECONDARY.search(sentence) else RESULTS


def sort_of(record: Record) -> str:
    """Whether a report is of a sort that has no results of a trial (notice, review, protocol); ``""`` for others."""
    types = record.type_names()
    if record.kind == "notice" or notice_of(record.title, types):
        return NOTICE
    if types & ABOUT_TRIALS_TYPES or ABOUT_TRIALS_TITLE.search(plain(record.title)):
        return REVIEW
    return PROTOCOL if role_of(record) == "protocol" else ""


def registry_link(kind: str, number: str, own: str | None, sort: str) -> Link | None:
    """A reference of a registration: RESULT is the sponsor's word, DERIVED and BACKGROUND are none of results.

    ``own`` is what the report itself says of the number; ``sort`` what :func:`sort_of` says: a protocol or a review
    that a sponsor lists as a result stays one.
    """
    if kind == "RESULT":
        return Link(number, sort or RESULTS, "registry") if own in (None, MENTION) else None
    if own:
        return None
    relation = {"DERIVED": DERIVED, "BACKGROUND": BACKGROUND}.get(kind)
    return Link(number, relation, f"registry_{relation}") if relation else None


def timely(relation: str, year: int | None, start: str) -> str:
    """A relation once the trial's start is known: results that appeared in a year before it are no results of it."""
    began = int(start[:4]) if start else None
    return EARLIER if relation in (RESULTS, SECONDARY) and year and began and year < began else relation


def _places(record: Record) -> dict[str, tuple[str, str]]:
    """Number → where it stands first, and the sentence around it where it stands in a text."""
    found: dict[str, tuple[str, str]] = {}
    for basis, text in (("title", record.title), ("abstract", record.abstract_text())):
        for registry, number, start, _ in find_registrations(text):
            if registry == "ClinicalTrials.gov":
                found.setdefault(number, (basis, _sentence(text, start)))
    for registry, number in databank_registrations(record.databanks):
        if registry == "ClinicalTrials.gov":
            found[number] = ("databank", found.get(number, ("", ""))[1])
    return found


def _sentence(text: str, at: int) -> str:
    """The sentence around a place; 400 characters before it at most."""
    begin = max(0, at - 400)
    for end in _SENTENCE_END.finditer(text, begin, at):
        begin = end.end()
    after = _SENTENCE_END.search(text, at, at + 300)
    return text[begin : after.start() if after else at + 100]
