"""Words in a title that say what kind of document it is, and so keep it apart from the one it names.

The tables are the vocabulary; :data:`evidence.deduplicate.rules.VETOES` says which differences forbid a merge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from evidence.normal import plain

# kind → how a title announces it. Anchored where the words may also stand inside an ordinary title.
NOTICE_TITLES: dict[str, str] = {
    "erratum": (
        r"^\W*(?:(?:author|authors|publisher|editorial|author s|publishers?)\W+)?"
        r"(?:errat(?:um|a)|corrigend(?:um|a)|addend(?:um|a)|corrections?(?: notice| to| of| for)?\s*[:.\[(\-\u2013\u2014\"']"
        r"|corrections? to|notice of correction|fe de (?:errores|erratas)|rectificati(?:f|on)|berichtigung|errata corrige)"
        r"|[:.\-\u2013\u2014]\s*(?:erratum|corrigendum|correction|addendum)\W*$"
        r"|[\[(](?:erratum|corrigendum|correction|addendum)[\])]"
        r"|\((?:vol|v)\.? ?\w+, (?:pgs?|pp?|article|art)\.? .*\d{4}\)\W*$"
    ),
    "retraction": r"^\W*(?:notice of |statement of )?retraction(?: notice)?(?: (?:to|of|for|note)\b|\s*[:.\-\u2013\u2014\"'(\[])|\bretraction notice\b"
    r"|^\W*notice of (?:withdrawal|retraction)|[:.\-\u2013\u2014]\s*retraction(?: notice)?\W*$",
    "concern": r"^\W*(?:editorial |notice of |publisher'?s? )?(?:expression|statement|note) of (?:editorial )?concern|expression of concern\W*$",
    "reply": r"^\W*(?:the )?(?:author|authors|authors'|author's)\W+(?:reply|response|rebuttal)\b|^\W*(?:in |an? |the )?(?:reply|response|rebuttal)(?: to\b|\s*[:.])"
    r"|\b(?:authors?'?s?'?|author) (?:reply|response)\W*$|[:.\-\u2013\u2014]\s*(?:reply|author reply|response|the authors reply)\W*$|^\W*replies?\W*$",
    "comment": r"^\W*(?:a |an )?(?:invited |editorial |critical )?(?:commentary|comments?|critique)(?: on\b| to\b|\s*[:.])|^\W*(?:re|regarding|concerning)\s*[:.]"
    r"|^\W*letters?(?: to the editor)?(?: regarding| re| on| concerning|\s*[:.])|\bletter(?: to the editor)?\W*$|^\W*correspondence(?: on| to| re|\s*[:.])"
    r"|[:.\-\u2013\u2014]\s*(?:commentary|comment|correspondence|letter)\W*$|^\W*remarks? on\b|^\W*discussion (?:of|on)\b",
}
# The same document may be printed with and without these: they count only while no identifier is shared.
KIND_TITLES: dict[str, str] = {
    "protocol": r"\b(?:study|trial|research|review|analysis) protocol\b|\bprotocol (?:for|of) (?:a|an|the|two|three)\b|[:.\-\u2013\u2014(]\s*(?:an? )?(?:\w+ )?protocol\)?\W*$"
    r"|\bprotocol:|^\W*protocol\b|\brationale,? (?:and )?(?:study )?design\b|\bdesign and rationale\b|\bstatistical analysis plan\b|\bdesign and methods\b",
    "summary": r"\bexecutive summar|\b(?:short|abridged|condensed|pocket|brief) (?:version|form|summary)\b|\bsummary (?:version|of recommendations|for patients)\b"
    r"|\bplain language summar|^\W*(?:infographic|visual abstract|graphical abstract|summary)\s*[.:]|\bsynopsis\W*$|\bkey messages\b|\bhighlights (?:of|from)\b",
    "translation": r"^\W*(?:\[?translated article\]?|\[?articulo traducido\]?|translation\s*[:.])|\b(?:spanish|french|german|chinese|english|portuguese|italian|japanese) (?:translation|version)\W*$",
    "withdrawn": r"^\W*withdrawn\b",
    "retracted": r"^\W*(?:retracted)(?: article| paper)?\s*[:.\]]|[\[(]retracted\b",
}
_NOTICES = [(kind, re.compile(pattern)) for kind, pattern in NOTICE_TITLES.items()]
_KINDS = [(kind, re.compile(pattern)) for kind, pattern in KIND_TITLES.items()]
_ANY = re.compile(
    r"errat|fe de err|corrig|addend|correct|rectif|bericht|\(vol|\(v\b|retract|concern|reply|replies|response|rebuttal|comment"
    r"|letter|\bre\b|regarding|correspond|critique|remark|discussion|protocol|design|plan\b|summar|version|infographic"
    r"|abstract|synopsis|translat|traducido|withdraw|highlights|key messages"
)
TYPE_KINDS = {
    "Published Erratum": "erratum",
    "Retraction of Publication": "retraction",
    "Expression of Concern": "concern",
}
PREPRINT_JOURNALS = re.compile(r"\b(?:medrxiv|biorxiv|arxiv|psyarxiv|research square|preprints?|ssrn|osf|authorea|chemrxiv)\b", re.I)
PREPRINT_DOIS = (
    "10.1101/", "10.21203/", "10.2139/ssrn", "10.20944/preprints", "10.31234/", "10.31219/", "10.31235/", "10.48550/",
    "10.26434/", "10.22541/", "10.2196/preprints", "10.14293/", "10.31222/", "10.64898/",
)  # fmt: skip
# Cold Spring Harbor's journals share its prefix with its preprints, which are numbers or dates.
_CSHL_PREPRINT = re.compile(r"^10\.1101/(?:\d{4}\.\d\d\.\d\d\.|\d{6})")

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10"}
NUMBER_WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "eleven": "11", "twelve": "12", "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5",
}  # fmt: skip
_PART = re.compile(
    r"\b(?:part|parts|pt|paper|report|article|chapter|section|volume|phase|stage|episode|lesson|module|series|study|experiment|no|number)\.?\s+"
    r"(\d{1,2}|[ivx]{1,4}|one|two|three|four|five|six|[a-d])\b(?! \d)"
)
_TRAILING_PART = re.compile(r"[\s:.,\-\u2013\u2014(](\d{1,2}|i{1,3}|iv|vi{0,3})\)?\W*$")
_LEADING_PART = re.compile(r"(?:^|[:.]\s+)(\d{1,2}|i{1,3}|iv|vi{0,3})[.:]\s")


@dataclass(frozen=True, slots=True)
class Markers:
    """``notice``: erratum, retraction, concern, reply, comment or ``""``; ``kinds``: the weaker ones; ``parts``: numbers."""

    notice: str = ""
    kinds: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()


def markers(title: str, kind: str, types: frozenset[str], doi: str | None, journal: str) -> Markers:
    """What a title, PubMed's publication types, the DOI and the journal say of the kind of a document."""
    text = plain(title)
    notice = next((found for name, found in TYPE_KINDS.items() if name in types), "")
    kinds = {kind} if kind in ("protocol", "registration", "book") else set()
    if _ANY.search(text):
        if not notice:
            notice = next((name for name, pattern in _NOTICES if pattern.search(text)), "")
        kinds |= {name for name, pattern in _KINDS if pattern.search(text)}
    if kind == "preprint" or is_preprint(doi, journal) or "Preprint" in types:
        kinds.add("preprint")
    return Markers(notice, frozenset(kinds), _parts(text))


def is_preprint(doi: str | None, journal: str) -> bool:
    """Whether a journal's name, or where there is none a DOI's prefix, is a preprint server's.

    Indexes give conference papers the DOI of their preprint, so a DOI alone does not outweigh a named journal.
    """
    if doi and not journal and doi.startswith(PREPRINT_DOIS) and (not doi.startswith("10.1101/") or _CSHL_PREPRINT.match(doi)):
        return True
    return bool(journal and PREPRINT_JOURNALS.search(journal))


def _parts(text: str) -> frozenset[str]:
    found = set(_PART.findall(text))
    for pattern in (_TRAILING_PART, _LEADING_PART):
        match = pattern.search(text)
        if match:
            found.add(match.group(1))
    return frozenset(_ROMAN.get(part) or NUMBER_WORDS.get(part) or part for part in found)
