"""Reports of one investigation: by registry number, and by what a maintainer groups."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from evidence.bibliography.markers import is_registration, kinds_of, notice_of
from evidence.bibliography.normal import plain
from evidence.bibliography.registrations import databank_registrations, registrations_in, registry_number
from evidence.record import Record
from evidence.relate.names import Names
from evidence.relate.titles import is_congress, is_early
from evidence.relate.types import Group, Relation, Study

# A report that names more trials than this is about them, not of them.
MOST_OWN_TRIALS = 3
ABOUT_TRIALS_TYPES = frozenset(
    {
        "Review", "Systematic Review", "Meta-Analysis", "Network Meta-Analysis", "Scoping Review", "Practice Guideline",
        "Guideline", "Editorial", "Comment", "Letter", "News", "Consensus Development Conference",
    }
)  # fmt: skip
ABOUT_TRIALS_TITLE = re.compile(
    r"\b(?:systematic|scoping|umbrella|narrative|literature|rapid|critical) (?:literature )?review\b"
    r"|\bmeta-?\s?analys[ie]s\b|\bguidelines?\b|\bconsensus\b|\boverview of\b"
    r"|\breview of (?:the )?(?:literature|evidence)\b|: a review\b"
)
# Words in a title → the report's part in its study, the first that applies.
_ROLES: dict[str, tuple[str, ...]] = {
    "interim": (r"\binterim\b", r"\bpreliminary (?:results|findings|report)\b", r"\bearly results\b"),
    "secondary": (
        r"(?<!primary and )(?<!primary & )\bsecondary (?:analys|outcome|data)",
        r"\bintegrated (?:[\w-]+ ){0,2}analys",
        r"\bpost[- ]?hoc\b",
        r"\bsub-?(?:group|study|analys|set)",
        r"\bancillary\b|\bexploratory\b|\bnested\b|\bpooled\b",
        r"\bmediat(?:ion|ors?)\b|\bmoderators?\b|\bpredictors?\b",
        r"\bcost[- ](?:effectiveness|utility|benefit)|\beconomic\b",
        r"\bqualitative\b|\bprocess evaluation\b",
        r"\bbaseline (?:characteristics|data)\b",
    ),
    "follow_up": (
        r"\bfollow[- ]?up\b|\blong[- ]term\b|\bextension\b|\bdurability\b",
        r"\b(?:two|three|five|[2-9]|10)[- ]years?\b",
        r"\b(?:18|24|36|48|60)[- ]months?\b",
    ),
}
ROLES = tuple((role, re.compile("|".join(patterns))) for role, patterns in _ROLES.items())
# Roles that point to the main report, as relations.
RELATED_ROLES = frozenset({"protocol", "interim", "secondary", "follow_up", "abstract", "preprint"})


# "An ongoing trial (NCT...) will tell" names the trial of others; "our ongoing trial" does not.
_OF_OTHERS = re.compile(
    r"(?<!\bthis )(?<!\bour )\b(?:ongoing|recruiting|included|eligible|forthcoming|future)\s+(?:[\w-]+\s+){0,3}"
    r"(?:trials?|stud(?:y|ies)|rcts?)\b[^.;]*",
    re.I,
)


def own_registrations(record: Record) -> list[tuple[str, str]]:
    """The numbers of the trial that a report reports; reviews, letters and notices name the trials of others."""
    if _is_registration(record):
        return _registered(record)
    types = record.type_names()
    if record.kind == "notice" or notice_of(record.title, types) or types & ABOUT_TRIALS_TYPES:
        return []
    if ABOUT_TRIALS_TITLE.search(plain(record.title)) and not record.databanks:
        return []
    found = databank_registrations(record.databanks)
    text = f"{record.title} {record.abstract_text()}"
    for registry, number in registrations_in(text if role_of(record) == "protocol" else _OF_OTHERS.sub(" ", text)):
        if number not in [known for _, known in found]:
            found.append((registry, number))
    per_registry: defaultdict[str, int] = defaultdict(int)
    for registry, _ in found:
        per_registry[registry] += 1
    return found if found and max(per_registry.values()) <= MOST_OWN_TRIALS else []


def _is_registration(record: Record) -> bool:
    placed = bool(record.volume or record.pages)
    return record.kind == "registration" or is_registration(record.journal, record.source_id, placed)


def _registered(record: Record) -> list[tuple[str, str]]:
    """The numbers of a registration: where a registry puts its own, else in the title, else in the text.

    A title or text names other trials too ("extension of NCT..."), so they are asked only where nothing else says.
    """
    found = databank_registrations(record.databanks)
    for place in (record.source_id, record.journal, record.url):
        number = registry_number(place)
        found += [number] if number else registrations_in(place)
    for text in (record.title, record.abstract_text()):
        found = found or registrations_in(text)[:1]
    return list(dict.fromkeys(found))


def role_of(record: Record) -> str:
    """The part of a report in its study, from its kind and title; ``report`` when nothing says more."""
    if _is_registration(record):
        return "registration"
    if is_early(record):
        return "preprint"
    if record.kind == "protocol" or "protocol" in kinds_of(record.title):
        return "protocol"
    if is_congress(record):
        return "abstract"
    title = plain(record.title)
    return next((role for role, pattern in ROLES if pattern.search(title)), "report")


def find_studies(
    names: Names, numbers: Mapping[str, Sequence[tuple[str, str]]], groups: Sequence[Group], log: list[str]
) -> list[Study]:
    """Studies by a maintainer's groups and by number, each with its reports; a report may belong to several.

    Numbers of different registries in one report are one trial registered twice; two numbers of one registry are two
    trials that it pools, and it belongs to both. ``numbers``: report → its own registrations, where it has any.
    """
    links = _linked(list(numbers.values()))
    groups_of = {_root(links, number): group for group in groups for _, number in group.registrations}
    apart = {number for group in groups for number in group.apart}
    members: defaultdict[str, dict[str, str]] = defaultdict(dict)
    registered: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for name, found in numbers.items():
        for registry, number in found:
            root = _root(links, number)
            group = groups_of.get(root)
            key = group.id if group else root
            registered[key][number] = registry
            if not _kept_apart(names.reports[name], name, apart):
                members[key][name] = ""
    for group in groups:
        registered[group.id].update({number: registry for registry, number in group.registrations})
        for wanted, role in group.reports:
            report = names.find(wanted)
            if report is None:
                log.append(f"studies.yml: {group.id} names {wanted}, which is not in the library")
            else:
                members[group.id][report] = role
    known = {group.id: group for group in groups}
    return [
        _study(key, known.get(key), members[key], registered[key], names.reports)
        for key in sorted(members)
        if members[key]
    ]


def _kept_apart(record: Record, name: str, apart: set[str]) -> bool:
    return bool(apart and apart.intersection((name, record.pmid or "", record.doi or "")))


def _linked(found: Sequence[Sequence[tuple[str, str]]]) -> dict[str, str]:
    """Numbers that a report gives as one trial's in several registries, as a forest of parents."""
    parents: dict[str, str] = {}
    for registrations in found:
        registries = [registry for registry, _ in registrations]
        for _, number in registrations:
            parents.setdefault(number, number)
        if len(set(registries)) == len(registries):
            for (_, first), (_, second) in pairwise(registrations):
                one, other = sorted((_root(parents, first), _root(parents, second)))
                parents[other] = one
    return parents


def _root(parents: Mapping[str, str], number: str) -> str:
    while parents.get(number, number) != number:
        number = parents[number]
    return number


def _study(
    key: str, group: Group | None, members: Mapping[str, str], numbers: Mapping[str, str], reports: Mapping[str, Record]
) -> Study:
    ordered = sorted(members, key=lambda name: (reports[name].publication_date or str(reports[name].year or "9"), name))
    roles = {name: members[name] or role_of(reports[name]) for name in ordered}
    if "main" not in roles.values():
        first = next((name for name in ordered if roles[name] == "report" and not members[name]), None)
        if first:
            roles[first] = "main"
    main = next((name for name in ordered if roles[name] == "main"), ordered[0])
    registrations = sorted((registry, number) for number, registry in numbers.items())
    given = ", ".join(number for _, number in registrations)
    reason = group.reason if group else f"its reports give the registration {given}"
    title = group.title if group else reports[main].title
    return Study(key, title, reason, registrations, [(name, roles[name]) for name in ordered])


def study_relations(studies: Sequence[Study], groups: Sequence[Group]) -> Iterator[Relation]:
    """Protocol, interim, secondary and later reports point to the main report of their study."""
    by_hand = {group.id for group in groups}
    for study in studies:
        main = next((name for name, role in study.reports if role == "main"), None)
        for name, role in study.reports:
            if main and name != main and role in RELATED_ROLES:
                source = "maintainer" if study.id in by_hand else "registration"
                yield Relation(name, main, role, source, study.reason)
