"""ClinicalTrials.gov: what a trial's registration says. https://clinicaltrials.gov/data-api/api

Asked by number, fifty a request (``filter.ids`` looks at present and earlier numbers, and passes over what it does not
have), and by the searches of topics. Of a study only what is used is asked for: one with results may be megabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from evidence.bibliography.registrations import registrations_in, registry_number
from evidence.http import Fault, Request, Service, read_json
from evidence.record import Record, Section
from evidence.sources.source import Item, Page, Registry, Reported, Source, cut
from evidence.trial import Trial

NAME, REGISTRY = "clinicaltrials", "ClinicalTrials.gov"
# robots.txt asks for a second between requests; the API's answers have no headers about a pace.
SERVICE = Service(REGISTRY, "https://clinicaltrials.gov/api/v2", "EVIDENCE_CLINICALTRIALS_URL", per_second=1)
BATCH, PAGE = 50, 1000
# Pieces of the study's structure; one with parts brings all of them. hasResults comes only when asked for.
FIELDS = (
    "IdentificationModule", "StatusModule", "SponsorCollaboratorsModule", "BriefSummary", "ConditionsModule",
    "DesignModule", "ArmsInterventionsModule", "PrimaryOutcome", "ReferencesModule", "HasResults",
)  # fmt: skip
# A number of noughts is refused, and with it the whole request.
_NUMBER = re.compile(r"NCT(?!0{8})\d{8}")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>^~|&$\"'/:=])")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
LONGEST = 4_000


def subject(dois: Iterable[str], pmid: str | None) -> str | None:
    """Neither DOI nor PMID is asked about here."""
    return None


def batches(subjects: Sequence[str]) -> Iterator[list[str]]:
    yield from cut(subjects, BATCH)


def request(subjects: Sequence[str]) -> Request:
    asked = {"filter.ids": ",".join(map(_number, subjects)), "fields": "|".join(FIELDS)}
    return Request("studies", {**asked, "format": "json", "pageSize": str(2 * BATCH)}, kind="studies")


def read(body: bytes, asked: Sequence[str]) -> dict[str, Item]:
    """Subject → its study; a number given up for another finds that one. Raises ``Fault`` on any other shape."""
    answer = read_json(body)
    wanted, studies = {_number(one): one for one in asked}, _studies(answer)
    found = {wanted[name]: study for study in studies for name in _numbers_of(study) if name in wanted}
    if studies and not found:
        raise Fault("studies that were not asked for")
    if answer.get("nextPageToken"):
        raise Fault("more studies than were asked for")
    return found


def search_request(expression: str, token: str = "") -> Request:
    """A page of a search (Essie's language): numbers only. All is said again with a token, or another answers."""
    asked = {"query.term": expression, "fields": "NCTId", "format": "json", "countTotal": "true", "pageSize": str(PAGE)}
    return Request("studies", {**asked, **({"pageToken": token} if token else {})}, kind="search")


def read_page(body: bytes) -> Page:
    """A page of a search; only the first says how many there are in all."""
    answer = read_json(body)
    numbers = [name for study in _studies(answer) for name in _numbers_of(study)[:1]]
    total, token = answer.get("totalCount"), answer.get("nextPageToken", "")
    if not isinstance(token, str) or not (total is None or (isinstance(total, int) and total >= 0)):
        raise Fault("a page without a count or token that can be read")
    return Page(numbers, total, token)


def reported(subject: str, study: Item, studies: Mapping[str, Item]) -> Iterator[Reported]:
    """A registry publishes no notices on reports."""
    yield from ()


def trial_of(study: Item) -> Trial:
    """What is used of a study. What is missing, or of another shape than documented, stays empty."""
    part = _modules(study)
    named, status, design = part("identification"), part("status"), part("design")
    sponsors, arms = part("sponsorCollaborators"), part("armsInterventions")
    lead, info = _mapping(sponsors.get("leadSponsor")), _mapping(design.get("designInfo"))
    masking, enrolment = _mapping(info.get("maskingInfo")), _mapping(design.get("enrollmentInfo"))
    count = enrolment.get("count")
    others = [_text(one.get("id")) for one in _list(named.get("secondaryIdInfos"))]
    return Trial(
        number=_numbers_of(study)[0],
        title=_text(named.get("officialTitle")) or _text(named.get("briefTitle")),
        summary=_text(part("description").get("briefSummary")),
        aliases=tuple(_numbers_of(study)[1:]),
        other_numbers=tuple(dict.fromkeys(number for one in others if (number := _registered(one)))),
        status=_text(status.get("overallStatus")),
        last_known_status=_text(status.get("lastKnownStatus")),
        why_stopped=_text(status.get("whyStopped")),
        verified=_date(status.get("statusVerifiedDate")),
        start=_date(status.get("startDateStruct")),
        primary_completion=_date(status.get("primaryCompletionDateStruct")),
        completion=_date(status.get("completionDateStruct")),
        first_posted=_date(status.get("studyFirstPostDateStruct")),
        updated=_date(status.get("lastUpdatePostDateStruct")),
        results_posted=study.get("hasResults") if isinstance(study.get("hasResults"), bool) else None,
        results_posted_on=_date(status.get("resultsFirstPostDateStruct")),
        enrolment=count if isinstance(count, int) and not isinstance(count, bool) and 0 <= count < 10**9 else None,
        enrolment_type=_text(enrolment.get("type")),
        study_type=_text(design.get("studyType")),
        phases=_words(design.get("phases")),
        allocation=_text(info.get("allocation")),
        model=_text(info.get("interventionModel")),
        masking=_text(masking.get("masking")),
        who_masked=_words(masking.get("whoMasked")),
        arms=tuple((_text(a.get("label")), _text(a.get("type"))) for a in _list(arms.get("armGroups"))),
        primary_outcomes=tuple(
            (_text(o.get("measure")), _text(o.get("timeFrame"))) for o in _list(part("outcomes").get("primaryOutcomes"))
        ),
        sponsor=_text(lead.get("name")),
        sponsor_class=_text(lead.get("class")),
        collaborators=tuple(
            (_text(c.get("name")), _text(c.get("class"))) for c in _list(sponsors.get("collaborators"))
        ),
        conditions=_words(part("conditions").get("conditions")),
        interventions=tuple(name for i in _list(arms.get("interventions")) if (name := _text(i.get("name")))),
        references=tuple(
            (_text(r.get("type")).upper(), pmid)
            for r in _list(part("references").get("references"))
            if re.fullmatch(r"[1-9]\d{0,8}", pmid := _text(r.get("pmid")), re.ASCII)
        ),
    )


def record_of(trial: Trial) -> Record:
    """The record of a registration, as one that came in a file."""
    numbers = [(REGISTRY, trial.number)]
    numbers += [known for other in trial.other_numbers if (known := registry_number(other))]
    return Record(
        source=NAME,
        source_id=trial.number,
        kind="registration",
        title=trial.title,
        abstract=[Section(trial.summary)] if trial.summary else [],
        publication_date=trial.first_posted,
        year=int(trial.first_posted[:4]) if trial.first_posted else None,
        publication_types=[("", "Trial registration")],
        keywords=list(dict.fromkeys((*trial.conditions, *trial.interventions))),
        databanks=list(dict.fromkeys(numbers)),
        url=f"https://clinicaltrials.gov/study/{trial.number}",
    )


def _studies(answer: Item) -> list[Item]:
    studies = answer.get("studies")
    if not isinstance(studies, list) or not all(isinstance(one, dict) and _numbers_of(one) for one in studies):
        raise Fault("JSON without studies")
    return studies


def _numbers_of(study: Item) -> list[str]:
    """The study's number, then those that it had before; none where it has no number."""
    named = _modules(study)("identification")
    numbers = [named.get("nctId"), *_words(named.get("nctIdAliases"))]
    valid = [one.upper() for one in numbers if isinstance(one, str) and re.fullmatch(r"NCT\d{8}", one.upper())]
    return valid if isinstance(named.get("nctId"), str) and valid[:1] == [named["nctId"].upper()] else []


def _modules(study: Item) -> Any:
    """``module("status")`` → the study's ``statusModule``, empty where it has none: empty modules are left out."""
    section = _mapping(study.get("protocolSection"))
    return lambda name: _mapping(section.get(f"{name}Module"))


def _registered(text: str) -> str:
    known = registry_number(text) or next(iter(registrations_in(text)), None)
    return known[1] if known and known[0] != REGISTRY else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _words(value: Any) -> tuple[str, ...]:
    return tuple(text for one in value if (text := _text(one))) if isinstance(value, list) else ()


def _text(value: Any) -> str:
    """One line of text; the registry's are Markdown, with a backslash before signs that mean something there."""
    return " ".join(_ESCAPED.sub(r"\1", value[:LONGEST]).split()) if isinstance(value, str) else ""


def _date(value: Any) -> str:
    written = value.get("date") if isinstance(value, dict) else value
    return written if isinstance(written, str) and _DATE.fullmatch(written) else ""


def _number(subject: str) -> str:
    return subject.removeprefix("nct:")


def subjects_of(numbers: Iterable[tuple[str, str]]) -> Iterator[str]:
    """``(registry, number)`` → what is asked here."""
    for registry, number in numbers:
        if registry == REGISTRY and _NUMBER.fullmatch(number):
            yield f"nct:{number}"


SOURCE = Source(
    NAME,
    REGISTRY,
    SERVICE,
    subject,
    batches,
    request,
    read,
    reported,
    registry=Registry(subjects_of, search_request, read_page),
)
