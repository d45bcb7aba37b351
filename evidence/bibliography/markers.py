"""Words in a title that say what kind of document it is, and so keep it apart from the one it names.

The tables are the vocabulary; :data:`evidence.deduplicate.vetoes.VETOES` says which differences forbid a merge, and
:mod:`evidence.relate` links by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from evidence.bibliography.normal import plain
from evidence.bibliography.registrations import is_registry, registrations_in, registry_number

# kind → how a title (lower case, without accents) announces it. ``^`` and ``$`` keep to its two ends where the words
# may also stand inside an ordinary title, brackets and quotes aside; ``~`` is any mark that sets a subtitle off.
NOTICE_TITLES: dict[str, tuple[str, ...]] = {
    "erratum": (
        "^(?:(?:(?:author|publisher)\\W?s?\\W?|editorial) )?(?:errat|corrigend|addend)(?:um|a)|^korrektur",
        "^(?:(?:(?:author|publisher)\\W?s?\\W?|editorial) )?corrections?(?: notice)?(?: (?:to|of|for))?\\s*[~(\\[\"']",
        "^(?:(?:author|publisher)\\W?s?\\W? )corrections? (?:to|of|for)\\b",
        "^corrections? for .* et al\\b",
        # JAMA's: "Incorrect Data in Table 2", "Error in Byline", "Correction in the Results"
        "^(?:(?:data )?errors?|corrections?|(?:incorrect|missing|wrong|omitted) [\\w ]{3,40}|omissions?)"
        " in (?:the )?(?:\\w+ ){0,3}"
        "(?:title|byline|figures?|tables?|text|abstract|affiliations?|names?|box|supplement|references?)\\b",
        "^department of error",
        "^(?:clarification|amendment)s?(?: to)?\\s*[:.]",
        "^corrections? to",
        "^notice of correction",
        "\\. (?:correction|corrigendum|erratum): ",  # after the name of a group
        "^(?:fe de (?:errores|erratas)|rectificati(?:f|on)|berichtigung|errata corrige)",
        "[~] ?(?:erratum|corrigendum|correction|addendum)$",
        "[\\[(](?:erratum|corrigendum|correction|addendum)[\\])]",
        # Web of Science: "(vol 156, pg 311, 2015)", "(Correction of vol 7, 12345, 2017)"
        "[\\[(](?:(?:correct|corrigend|errat|addend)\\w+(?: of| to| for)? )?v(?:ol)?\\.? ?\\w+, "
        "(?:(?:pgs?|pp?|article|art)\\.? .*|[a-z]{0,3}\\d{4,}, )\\d{4}[\\])]$",
        "[\\[(](?:correction|corrigendum|erratum|addendum) (?:of|to|for) vol\\b",
    ),
    "partial_retraction": (
        "^(?:notice of )?partial retraction(?: notice| statement)?(?: (?:to|of|for|note)\\b|\\s*[~\"'(\\[])",
        "[\\[(]partial retraction\\b",
    ),
    "retraction": (
        "^(?:(?:notice|statement) of |(?:editorial|journal|author|publisher|article|paper)\\W?s? )?retraction"
        "(?: notice| statement)?(?: (?:to|for|note|(?:and|with) (?:replacement|republication))\\b|\\s*[~\"'(\\[])",
        # "Retraction of TITLE" is a notice, "Retraction of published articles: a survey" is about notices
        "^retraction(?: notice| statement)? of\\b"
        "(?! (?:[\\w-]+ ){0,4}(?:articles|papers|publications|studies|literature)\\b)",
        "^nota de retractacion",
        "\\bretraction notice\\b",
        "^notice of retraction",
        "[~] ?retraction(?: notice)?$",
        "\\. retraction: ",
        # Web of Science: "(Retraction of vol 4, pg 1, 2019)"
        "[\\[(]retraction (?:notice|note|statement|(?:of|to|for) (?:vol\\b|v\\.|pgs?\\b|art\\b|the article|\\d))",
        "[\\[(]retraction(?: notice)?[\\])]$",
    ),
    "withdrawal": (
        "^withdrawal(?: notice)?(?: to)?\\s*[:.]|^(?:statement|notice) of withdrawal",
        "^(?:article )?withdrawal notice\\b|^withdrawal (?:of|to)\\s*[:\"'(\\[]",
        "^(?:temporary )?removal(?: to)?\\s*[:.]|^removal notice",
        "[\\[(]withdrawal (?:notice|(?:of|to|for) (?:vol\\b|v\\.|pgs?\\b|art\\b|the article|\\d))",
    ),
    "concern": (
        "^notice of (?:duplicate|redundant) publication",
        "^(?:editorial |notice of |publisher'?s? )?(?:expression|statement|note) of (?:editorial )?concern",
        "^notice of concern",
        "(?<!publication with )expression of concern$",
        # Web of Science: "(Expression of concern for vol 4, pg 1, 2019)"
        "[\\[(](?:editorial )?expression of (?:editorial )?concern\\b",
    ),
    "reply": (
        "^(?:the )?(?:author|editor)\\W?s?\\W?\\W+(?:reply|respon[sd]e?s?|rebuttal)\\b",
        "^(?:in |an? |the )?(?:reply|response|rebuttal)(?: to)?\\s*[~]",
        "^(?:in |an? |the )?(?:reply|rebuttal) (?:to|from|by)\\b|^in (?:reply|response)$",
        "^response (?:by|from) .* (?:to|on|regarding) ",
        "\\bet al\\W* respond$|^(?:dr|prof)\\w*\\W+[\\w -]{2,30} (?:replies|responds)$",
        "^[\\w -]{3,40} responds?(?: to \\W.*)?$",
        "[\\[(](?:(?:the )?authors?\\W?s?\\W? )?(?:reply|response)(?: to [^\\])]*)?[\\])]$",
        "^(?:respuesta|reponse|replica) (?:de los|des|del|de l|a la|al|a l|aux)\\b",
        # A response to stimulation is a patient's, a response to a letter an author's.
        "^(?:in |an? |the )?response to (?:[\"'(\\[]|dr\\b|re\\b)",
        "^(?:in |an? |the )?response to (?:the )?(?:letter|comment|correspond|reply|editor|author)",
        "^(?:in |an? |the )?response to (?:.* et al\\b|.{1,60}\\bre: )",
        "\\bauthors?'?s?'? (?:reply|response)$",
        "[~] ?(?:(?:an? |in )?reply|author reply|the authors reply)$",
        # "a dose-response" is no answer
        "(?:[:.\u2013\u2014]| -) ?(?:an? )?response$",
        "^(?:the authors? )?repl(?:y|ies)$",
    ),
    "comment": (
        "^(?:an? )?(?:invited |editorial |critical |further )?(?:commentary|comments?|critique)"
        "(?: on\\b| to\\b|\\s*[~]|$)",
        "^critique of\\b|^counterpoint\\s*:|^(?:reader|reviewer)\\W?s?\\W? comments?\\b",
        "^(?:an? )?invited (?:commentary|perspective|discussion)\\b",
        "[~] ?an? (?:critical )?(?:commentary|comment) on\\b|[~] ?commentary on (?:an? |the )?article\\b",
        "^(?:re|regarding|concerning)\\s*[:.]|^regarding\\b",
        "^(?:an? )?letters?(?: to (?:the )?editors?)?(?: regarding| re| on| concerning|\\s*[~])",
        "^letters? by .* regarding\\b",
        "\\bletter(?: to the editor)?$",
        "^correspondence(?: on| to| re|\\s*[~])",
        "[~] ?(?:an? )?(?:commentary|comment|correspondence|letter)$",
        "^remarks? on\\b",
        "^discussion (?:of|on)\\b|^discussion$",
    ),
}
# The same document may be printed with and without these: they count only while no identifier is shared.
KIND_TITLES: dict[str, tuple[str, ...]] = {
    "protocol": (
        "\\b(?:study|trial|research|review|analysis) protocol\\b",
        "\\bprotocol (?:for|of) (?:a|an|the|two|three)\\b",
        "[~(] ?(?:an? )?(?:\\w+ )?protocol\\)?$",
        "\\bprotocol:",
        "^protocol\\b",
        "\\brationale,? (?:and )?(?:study )?design\\b",
        "\\bdesign and (?:rationale|methods)\\b",
        "\\bstatistical analysis plan\\b",
    ),
    "summary": (
        "\\bexecutive summar",
        "\\b(?:short|abridged|condensed|pocket|brief) (?:version|form|summary)\\b",
        "\\bsummary (?:version|of recommendations|for patients)\\b",
        "\\bplain language summar",
        "^(?:\\w{2,6} )?(?:infographic|visual abstract|graphical abstract)\\s*[.:]|^summary\\s*[.:]",
        "\\bsynopsis$",
        "\\bkey messages\\b",
        "\\bhighlights (?:of|from)\\b",
    ),
    "translation": (
        "^(?:translated article|articulo traducido|translation\\s*[:.])",
        "\\b(?:spanish|french|german|chinese|english|portuguese|italian|japanese) (?:translation|version)$",
    ),
    # Of the article itself. Elsevier: "WITHDRAWN: TITLE"; Web of Science: "TITLE (Retracted article. See vol. 9)"
    "withdrawn": (
        "^withdrawn(?: article| paper| publication)?(?:\\s*[~\\])]|$)",
        "[\\[(]withdrawn(?: article| paper| publication)?(?:[\\])]|[.,;:] )",
        "^removed\\s*:",
    ),
    "retracted": (
        "^retracted(?: article| paper| publication| chapter| manuscript)?\\s*[~\\])]",
        "[\\[(]retracted(?: article| paper| publication| chapter)?(?:[\\])]|[.,;:] | in\\b)",
        "[~] ?retracted(?: article| paper)?$",
    ),
    "of_concern": ("[\\[(]publication with expression of concern",),
}
# Publication types in lower case, as PubMed and other databases print them → the notice that a record of it is.
NOTICE_TYPES: dict[str, str] = {
    "published erratum": "erratum",  # PubMed
    "erratum": "erratum",  # Scopus, Embase
    "errata": "erratum",
    "erratum/correction": "erratum",  # PsycINFO
    "correction": "erratum",  # Web of Science
    "corrections": "erratum",
    "correction, addition": "erratum",
    "corrigendum": "erratum",
    "addendum": "erratum",
    "author correction": "erratum",  # Springer Nature
    "publisher correction": "erratum",
    "retraction of publication": "retraction",  # PubMed until 2024
    "retraction notice": "retraction",  # PubMed from 2025
    "notice of retraction": "retraction",
    "retraction note": "retraction",  # Springer Nature
    "retraction": "retraction",  # Web of Science, Crossref
    "partial retraction": "partial_retraction",
    "expression of concern": "concern",
    "editorial expression of concern": "concern",
    "withdrawal": "withdrawal",  # Crossref
    "withdrawal notice": "withdrawal",
}
# Publication types of the article itself, where no notice is named.
OWN_TYPES: dict[str, str] = {
    "retracted publication": "retraction",  # PubMed, Web of Science
    "retracted article": "retraction",
    "retracted": "retraction",  # Scopus
    "withdrawn publication": "withdrawal",  # Web of Science
    "withdrawn article": "withdrawal",
    "withdrawn": "withdrawal",
    "tombstone": "withdrawal",  # Embase
    "publication with expression of concern": "concern",  # Web of Science
}
# What the title says of the article itself → the notice that there must have been.
OWN_TITLES = {"retracted": "retraction", "withdrawn": "withdrawal", "of_concern": "concern"}
# The graver word holds where type and title differ: Scopus types "Retraction notice to ..." as Erratum.
GRAVITY = ("", "comment", "reply", "erratum", "concern", "partial_retraction", "retraction", "withdrawal")


def _compiled(table: dict[str, tuple[str, ...]]) -> list[tuple[str, re.Pattern[str]]]:
    marks = ":.\\-\u2013\u2014"
    found = []
    for kind, patterns in table.items():
        texts = [p.replace("~", marks).replace("\"'", "\"'\u201c\u2018\u00ab") for p in patterns]
        texts = [r"^\W*" + p[1:] if p.startswith("^") else p for p in texts]
        texts = [p[:-1] + r"\W*$" if p.endswith("$") else p for p in texts]
        found.append((kind, re.compile("|".join(texts))))
    return found


_NOTICES, _KINDS = _compiled(NOTICE_TITLES), _compiled(KIND_TITLES)
# What a publisher or database writes to the title of an article that it retracts: "RETRACTED ARTICLE: TITLE",
# "TITLE (Retracted article. See vol. 9, pg 77, 2021)", "TITLE - RETRACTED".
_OWN = re.compile(r"retracted|withdrawn|removed|expression of concern", re.I)
_OWN_BEFORE = re.compile(
    r"^\W*(?:retracted|withdrawn|removed)(?: article| paper| publication| chapter| manuscript)?"
    r"\s*[:.\-\u2013\u2014\])]\W*",
    re.I,
)
_OWN_AFTER = re.compile(
    r"\s*[\[(](?:retracted|withdrawn|publication with expression of concern)\b[^)\]]*[)\]]?\W*$"
    r"|\s*[:.\-\u2013\u2014] ?retracted(?: article| paper)?\W*$",
    re.I,
)
# A title without any of these letters has no marker: one search instead of ten for nine titles in ten.
_ANY = re.compile(
    r"errat|fe de err|corrig|addend|correct|rectif|bericht|\(vol|\(v\b|retract|concern|repl(?:y|ies|ica)|respon"
    r"|rebuttal|comment|letter|\bre\b|regarding|correspond|critique|remark|discussion|protocol|design|plan\b|summar|version"
    r"|error|clarif|amend|remov|duplicate|redundant|counterpoint|invited|respuesta|korrektur|retractacion"
    r"|infographic|abstract|synopsis|translat|traducido|withdraw|highlights|key messages"
)
PREPRINT_JOURNALS = re.compile(
    r"\b(?:medrxiv|biorxiv|arxiv|psyarxiv|research square|preprints?|ssrn|osf|authorea|chemrxiv)\b", re.I
)
PREPRINT_DOIS = (
    "10.1101/", "10.21203/", "10.2139/ssrn", "10.20944/preprints", "10.31234/", "10.31219/", "10.31235/", "10.48550/",
    "10.26434/", "10.22541/", "10.2196/preprints", "10.14293/", "10.31222/", "10.64898/",
)  # fmt: skip
# Cold Spring Harbor's journals share its prefix with its preprints, which are numbers or dates.
_CSHL_PREPRINT = re.compile(r"^10\.1101/(?:\d{4}\.\d\d\.\d\d\.|\d{6})")

_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
NUMBER_WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "eleven": "11", "twelve": "12", "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5",
}  # fmt: skip
_PART = re.compile(
    r"\b(?:parts?|pt|paper|report|article|chapter|section|volume|phase|stage|episode|lesson|module|series|study"
    r"|experiment|no|number)\.?\s+"
    r"(\d{1,2}|[ivx]{1,4}|one|two|three|four|five|six|[a-d])\b(?! \d)"
)
_TRAILING_PART = re.compile(r"[\s:.,\-\u2013\u2014(](\d{1,2}|i{1,3}|iv|vi{0,3})\)?\W*$")
_LEADING_PART = re.compile(r"(?:^|[:.]\s+)(\d{1,2}|i{1,3}|iv|vi{0,3})[.:]\s")


@dataclass(frozen=True, slots=True)
class Markers:
    """``notice``: a key of :data:`NOTICE_TITLES` or ``""``; ``kinds``: weaker ones; ``parts``: their numbers.

    ``registration`` is a registration's number, ``""`` where it is not known and for everything else.
    """

    notice: str = ""
    kinds: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    registration: str = ""


def notice_of(title: str, types: Iterable[str] = ()) -> str:
    """The kind of notice or letter that a title and publication types announce; ``""`` for an ordinary document."""
    return _notice(plain(title), types)


def _notice(text: str, types: Iterable[str]) -> str:
    typed = next((kind for name in types if (kind := NOTICE_TYPES.get(plain_type(name)))), "") if types else ""
    if not _ANY.search(text):
        return typed
    said = next((name for name, pattern in _NOTICES if pattern.search(text)), "")
    if not typed:
        return said
    # "Retracted: TITLE" typed Erratum is the notice, not the article
    own = next((OWN_TITLES[name] for name, pattern in _KINDS if name in OWN_TITLES and pattern.search(text)), "")
    return max(typed, said, own, key=GRAVITY.index)


def plain_type(name: str) -> str:
    """A publication type as the tables have it: ``Journal: Erratum`` → ``erratum``."""
    return name.rpartition(":")[2].strip().replace("_", " ").replace("-", " ").lower()


def kinds_of(title: str) -> frozenset[str]:
    """The weaker markers in a title: protocol, summary, translation, withdrawn, retracted, of_concern."""
    return _kinds_in(plain(title))


def _kinds_in(text: str) -> frozenset[str]:
    if not _ANY.search(text):
        return frozenset()
    return frozenset(name for name, pattern in _KINDS if pattern.search(text))


def own_notice(title: str, types: Iterable[str]) -> tuple[str, str]:
    """The notice that an article's own type or title tells of, and which of the two; ``("", "")`` for none.

    ``("retraction", "type Retracted")``, ``("withdrawal", "title")``.
    """
    for name in sorted(types):
        if kind := OWN_TYPES.get(plain_type(name)):
            return kind, f"type {name}"
    found = max((OWN_TITLES[kind] for kind in kinds_of(title) if kind in OWN_TITLES), key=GRAVITY.index, default="")
    return found, "title" if found else ""


def bare_title(title: str) -> str:
    """A title without what was written to it when the article was retracted or withdrawn; any other unchanged."""
    if not _OWN.search(title):
        return title
    return _OWN_BEFORE.sub("", _OWN_AFTER.sub("", title))


def markers(
    title: str,
    kind: str,
    types: frozenset[str],
    doi: str | None,
    journal: str,
    accession: str = "",
    placed: bool = True,
) -> Markers:
    """What a title, publication types, the DOI, the journal and the accession say of the kind of a document.

    ``placed``: it has a volume or pages.
    """
    text = plain(title)
    kinds = {kind} if kind in ("protocol", "registration", "book") else set()
    kinds |= _kinds_in(text)
    kinds.discard("of_concern")
    number = ""
    if kind == "registration" or is_registration(journal, accession, placed):
        kinds.add("registration")
        number = registration_number(journal, accession)
    if kind == "preprint" or is_preprint(doi, journal) or "Preprint" in types:
        kinds.add("preprint")
    return Markers(_notice(text, types), frozenset(kinds), _parts(text), number)


def is_registration(journal: str, accession: str, placed: bool) -> bool:
    """Whether an entry is a trial's registration: a registry stands as its journal, or its accession is a registry's
    number and it has neither volume nor pages (``placed``)."""
    return is_registry(journal) or (not placed and registry_number(accession) is not None)


def registration_number(journal: str, accession: str) -> str:
    """The number under which a registration's journal or accession says that it is registered; ``""`` for none."""
    found = registry_number(accession) or next(iter(registrations_in(journal)), ("", ""))
    return found[1]


def is_preprint(doi: str | None, journal: str) -> bool:
    """Whether a journal's name, or where there is none a DOI's prefix, is a preprint server's.

    Indexes give conference papers the DOI of their preprint, so a DOI alone does not outweigh a named journal.
    """
    if (
        doi
        and not journal
        and doi.startswith(PREPRINT_DOIS)
        and (not doi.startswith("10.1101/") or _CSHL_PREPRINT.match(doi))
    ):
        return True
    return bool(journal and PREPRINT_JOURNALS.search(journal))


def _parts(text: str) -> frozenset[str]:
    found: set[str] = set(_PART.findall(text))
    for pattern in (_TRAILING_PART, _LEADING_PART):
        match = pattern.search(text)
        if match:
            found.add(match.group(1))
    return frozenset(_ROMAN.get(part) or NUMBER_WORDS.get(part) or part for part in found)
