"""How values read on a page. "Not checked" is always said; nothing is ever called "ok"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from evidence.bibliography.dates import SHORT_MONTHS
from evidence.bibliography.languages import language_name
from evidence.bibliography.registrations import registration_page
from evidence.check.wording import label
from evidence.ledger.reading import BASES, DIRECTIONS, FIDELITIES, NO_BASIS
from evidence.model import SAMPLE_SIZES
from evidence.relate.trial_links import LINK_LABELS
from evidence.site.citing import coins

STATUS_LABELS = {
    "unchecked": "Not checked",
    "no_notice": "No notice found",
    "reinstated": "Reinstated after a retraction",
    "corrected": "Corrected",
    "concern": "Expression of concern",
    "retracted": "Retracted",
    "withdrawn": "Withdrawn",
}
NOTICE_LABELS = {
    "retraction": "Retraction",
    "withdrawal": "Withdrawal",
    "concern": "Expression of concern",
    "erratum": "Erratum",
    "correction": "Correction",
    "republication": "Republication",
    "retracted_republication": "Retraction and replacement",
    "partial_retraction": "Retraction in part",
    "reinstatement": "Reinstatement",
    "addendum": "Addendum or clarification",
    "unread_retraction": "Retraction reported, its notice not read",
    "unknown_update": "Update of a kind not known here",
    "flagged_retracted": "Flagged as retracted, to be confirmed",
}
LEVEL_LABELS = {
    "1": "Level 1: systematic review of trials",
    "2": "Level 2: randomised trial",
    "3": "Level 3: controlled, not randomised",
    "4": "Level 4: case series, historical control",
    "5": "Level 5: reasoning, opinion",
    "none": "Not graded",
}
KIND_LABELS = {
    "article": "Article",
    "notice": "Notice",
    "preprint": "Preprint",
    "protocol": "Protocol",
    "registration": "Registration",
    "abstract": "Congress abstract",
    "book": "Book",
}
# The scopes whose words are the same in every field; the others are the profile's.
SCOPE_LABELS = {"unstated": "Condition not stated", "off_topic": "Off topic: no modality studied"}
# What stands beside a report that is not said to be on the subject in people, and its explanation.
SCOPE_NOTES = {
    "animal": ("in animals", "Its modality was used in animals"),
    "unstated": ("condition not stated", "The record names nothing that its modality was used for"),
    "off_topic": ("off topic", "It studies no modality that is followed here"),
}
FACET_LABELS = {
    "modality": "Modality",
    "outcome": "Outcome",
    "condition": "Condition",
    "design": "Study design",
    "comparator": "Comparator",
    "blinding": "Blinding",
    "funding": "Funding",
    "interests": "Authors' interests",
    "level": "Evidence level",
    "year": "Year",
    "status": "Notices",
    "kind": "Kind",
    "scope": "Use",
    "topic": "Topic",
    "trial": "Registered trial",
    "size": "Participants",
}
SIZE_LABELS = {
    name: f"{low:,} to {high:,}" if high else f"{low:,} or more" for name, (low, high) in SAMPLE_SIZES.items()
}
ABSTRACT_WORDS = {
    "none": "PubMed has no abstract for this report.",
    "starter": "Abstract not in the starter library.",
    "not supplied": "The imported file had no abstract.",
    "hidden": "The abstract is not shown: this site's settings hide abstracts of its source.",
}
# What a claim is about.
CLAIM_KINDS = {
    "efficacy": "whether it works",
    "safety": "harms",
    "mechanism": "how it works",
    "procedure": "how it is done",
    "indication": "for whom",
    "regulatory": "approval",
    "cost": "cost",
    "citation": "a reference",
}
SOURCE_LABELS = {
    "pubmed": "PubMed", "starter": "starter library", "type": "publication type", "crossref": "Crossref",
    "retraction_watch": "Retraction Watch, through Crossref", "europepmc": "Europe PMC", "openalex": "OpenAlex",
    "clinicaltrials": "ClinicalTrials.gov",
    "icite": "iCite", "openfda": "openFDA",
    "retraction_watch_file": "Retraction Watch, its own list", "retractionwatch": "Retraction Watch's list",
}  # fmt: skip
NUMBER_FINDINGS = {
    "differs": "differs",
    "other-role": "there, but of something else",
    "absent": "not in the source",
    "not checked": "not checked",
}
# ClinicalTrials.gov's classes of sponsors; UNKNOWN and AMBIG are its own words for not knowing.
SPONSOR_CLASSES = {
    "INDUSTRY": "industry", "NIH": "NIH", "FED": "US federal agency", "OTHER_GOV": "other government",
    "INDIV": "individual", "NETWORK": "network", "OTHER": "other: university, hospital, charity",
    "AMBIG": "ambiguous", "UNKNOWN": "unknown",
}  # fmt: skip
FINDING_LABELS = {
    "bears": "These sentences bear on it",
    "nothing bears": "Found, but nothing in the abstract bears on it",
    "not found": "Not found in the library",
    "no reference": "No reference given",
    "not checked": "Not checked",
}


def day(value: Any) -> str:
    """The date part of a time: ``2026-04-02T11:00:00Z`` → ``2026-04-02``; ``""`` when there is none."""
    return str(value or "")[:10]


def number(value: Any) -> str:
    """``12345`` → ``12,345``."""
    return f"{value:,}" if isinstance(value, int) else str(value if value is not None else "")


def plain_number(value: Any) -> str:
    """A number as a person writes it: ``40.0`` → ``40``, ``58.50`` → ``58.5``."""
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value or "")


def quantity(number: Mapping[str, Any]) -> str:
    """A number of a claim with its unit: a year is no amount, and one of a thing is singular.

    >>> quantity({"value": 2012.0, "low": None, "high": None, "unit": "year", "what": "publication"})
    '2012 (publication)'
    >>> quantity({"value": 1.0, "low": None, "high": None, "unit": "patients", "what": "implanted"})
    '1 patient (implanted)'
    """
    ends = (number["low"], number["high"]) if number["value"] is None else (number["value"],)
    known = [end for end in ends if end is not None]
    unit = number["unit"] or ""
    if unit == "year":
        said = " to ".join(f"{end:.0f}" for end in known)
    else:
        said = " to ".join(plain_number(end) for end in known)
        unit = unit[:-1] if known == [1] and unit.endswith("s") else unit
        said += unit if unit == "%" else f" {unit}" if unit else ""
    return f"{said} ({number['what']})" if number["what"] and said else said or number["what"] or ""


def counted(value: int, singular: str, plural: str = "") -> str:
    """``1 report``, ``1,234 reports``."""
    return f"{number(value)} {singular if value == 1 else plural or singular + 's'}"


def status_words(status: str, checks: Sequence[Mapping[str, Any]] = (), notices: Sequence[Any] = ()) -> str:
    """What may honestly be said of a report's notices. ``checks`` are its rows of ``checks``.

    >>> pubmed = {"source": "pubmed", "checked_at": "2026-04-02T11:00:00Z", "outcome": "no notice found"}
    >>> status_words("no_notice", [pubmed])
    'No notice found in PubMed, 2026-04-02'
    >>> status_words("no_notice", [pubmed, pubmed | {"source": "crossref"}])
    'No notice found in PubMed and Crossref, 2026-04-02'
    >>> status_words("no_notice", [pubmed, pubmed | {"source": "crossref", "outcome": "not found there"}])
    'No notice found in PubMed, 2026-04-02; the report is not in Crossref'
    >>> status_words("unchecked")
    'Not checked for notices'
    """
    if status == "unchecked":
        return "Not checked for notices"
    if status != "no_notice":
        return STATUS_LABELS.get(status, status)
    asked = [check for check in checks if check["outcome"] != "not found there"]
    absent = [source_label(check["source"]) for check in checks if check["outcome"] == "not found there"]
    days = {day(check["checked_at"]) for check in asked}
    labels = [source_label(c["source"]) + (f" ({day(c['checked_at'])})" if len(days) > 1 else "") for c in asked]
    what = "No retraction, concern or correction" if notices else "No notice"
    said = f"{what} found in {listed(labels or ['PubMed'])}" + (f", {days.pop()}" if len(days) == 1 else "")
    return said + (f"; the report is not in {listed(absent, 'or')}" if absent else "")


def listed(words: Sequence[str], joint: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return f" {joint} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def source_label(source: Any) -> str:
    return SOURCE_LABELS.get(str(source), str(source))


def scope_labels(profile: Mapping[str, str]) -> dict[str, str]:
    """Scope → its label, with the words of the field."""
    return {"core": profile["core"], "neighbour": profile["neighbour"], **SCOPE_LABELS}


def scope_note(report: Mapping[str, Any], profile: Mapping[str, str]) -> tuple[str, str] | None:
    """What to say of a report's use, and why; ``None`` where it is the subject. ``report`` has scope and design.

    >>> scope_note({"scope": "unstated", "design": None}, {})[0]
    'condition not stated'
    >>> scope_note({"scope": "neighbour", "design": "animal"}, {})[0]
    'in animals'
    """
    scope = report["scope"]
    if scope == "neighbour" and report["design"] != "animal":
        return profile["not_core"], profile["not_core_why"]
    return SCOPE_NOTES.get("animal" if scope == "neighbour" else scope)


def evidence_level(level: Any) -> str:
    return LEVEL_LABELS.get(str(level or "none"), str(level))


def short(label: str) -> str:
    """A label without its bracketed explanation, for table heads: ``Pain relief (50%)`` → ``Pain relief``."""
    return label.split(" (")[0]


def local(url: Any) -> str:
    """An absolute address of this site without scheme and host, so that it works wherever the site is read."""
    return urlunsplit(("", "", *urlsplit(str(url))[2:]))


def cited_date(value: Any) -> str:
    """A date as NLM prints it in citations: ``2018-04`` → ``2018 Apr``; anything else stays as it is.

    >>> cited_date("2018-04-09")
    '2018 Apr 9'
    """
    year, *rest = str(value or "").split("-")
    if not rest or not all(part.isdigit() for part in rest) or not 1 <= int(rest[0]) <= 12:
        return str(value or "")
    return " ".join([year, SHORT_MONTHS[int(rest[0]) - 1], *(str(int(part)) for part in rest[1:2])])


def months(value: float) -> str:
    """A length of time stored in months, as a person says it.

    >>> months(78.0), months(24.0), months(1.0), months(0.5)
    ('78 months (6.5 years)', '24 months (2 years)', '1 month', '2 weeks')
    """
    if value < 1:
        weeks = round(value * 365.25 / 12 / 7)
        return counted(weeks, "week") if weeks else counted(round(value * 365.25 / 12), "day")
    text = plain_number(round(value, 1)) + (" month" if value == 1 else " months")
    return text + (f" ({plain_number(round(value / 12, 1))} years)" if value >= 24 else "")


def by_field(phrases: Iterable[tuple[str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """``(phrase, field)`` pairs by field, the title first."""
    pairs = list(phrases)
    fields = sorted({field for _, field in pairs}, key=lambda field: (field != "title", field))
    return [(field, [pair for pair in pairs if pair[1] == field]) for field in fields]


def few_authors(authors: Any, most: int = 3) -> str:
    names = [name for name in str(authors or "").split(", ") if name]
    return ", ".join(names[:most]) + (", et al" if len(names) > most else "")


FILTERS = {
    "coins": coins,
    "day": day,
    "number": number,
    "counted": counted,
    "local": local,
    "plain_number": plain_number,
    "quantity": quantity,
    "registry_url": registration_page,
    "short": short,
    "few_authors": few_authors,
    "status_label": lambda value: STATUS_LABELS.get(str(value), str(value)),
    "notice_label": lambda value: NOTICE_LABELS.get(str(value), str(value).replace("_", " ").capitalize()),
    "facet_label": lambda value: FACET_LABELS.get(str(value), str(value)),
    "kind_label": lambda value: KIND_LABELS.get(str(value), str(value)),
    "fidelity_label": lambda value: FIDELITIES.get(str(value), "not read yet"),
    "direction_label": lambda value: DIRECTIONS.get(str(value), ""),
    "basis_label": lambda value: BASES.get(str(value), NO_BASIS),
    "kind_of_claim": lambda value: CLAIM_KINDS.get(str(value), str(value or "")),
    "number_finding": lambda value: NUMBER_FINDINGS.get(str(value), str(value)),
    "warning_label": lambda value: label(str(value)),
    "source_label": source_label,
    "cited_date": cited_date,
    "months": months,
    "by_field": by_field,
    "trial_relation": lambda value: LINK_LABELS.get(str(value), str(value)),
    "sponsor_class": lambda value: SPONSOR_CLASSES.get(str(value), str(value).lower()),
    "finding_label": lambda value: FINDING_LABELS.get(str(value), str(value)),
    "language_name": language_name,
    "abstract_words": lambda value: ABSTRACT_WORDS.get(str(value), "No abstract."),
}
