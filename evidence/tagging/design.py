"""Study design of one record: publication types where they can be trusted, then the title, then the text.

:func:`describe` collects what each of the three says, lets the more telling silence the less telling, and adds level,
flags, follow-up and sample size. Why in this order: the abstract of a consensus guideline names the randomised trials
that it searched, and is not one.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from evidence.record import Record
from evidence.tagging import design_rules as rules
from evidence.tagging import flags, level, sample_size
from evidence.tagging.design_rules import Rule
from evidence.tagging.text import ADMINISTRATIVE, BACKGROUND, ELIGIBILITY, Document
from evidence.tagging.types import DesignTags, Evidence, NearMiss

CASES_AT_MOST = 5  # up to here a series of cases is read as case reports, one by one
COHORTS = ("prospective", "retrospective", "observational")
PARENTS = {"meta_analysis": "systematic_review", "scoping_review": "systematic_review", "umbrella_review": "systematic_review"}
# Kinds of cohort: they stand beside the direction (prospective, retrospective, else observational).
KINDS_OF_COHORT = ("registry", "case_series", "case_control", "cross_sectional", "nonrandomised")
# The principal design is the first of these found.
PRECEDENCE = (
    "notice", "opinion", "guideline", "systematic_review", "animal", "economic", "case_report", "experimental_human", "rct", "survey",
    "qualitative", *COHORTS, "review", "laboratory",
)  # fmt: skip


class Found(NamedTuple):
    """A design and the words that say so; ``strength``: 4 publication type, 3 title, 2 text, 1 by default."""

    design: str
    rule: str
    strength: int
    phrase: str = ""
    field: str = "abstract"
    section: int | None = None
    start: int | None = None
    end: int | None = None


def describe(record: Record, document: Document) -> DesignTags:
    """Design, level, protocol and secondary marks, flags, follow-up and sample size of one record."""
    whole = document.lower
    found = _from_types(record) + _from_title(document) + _from_text(document, whole)
    people = sample_size.candidates(document)
    protocol = is_protocol(record, document, whole)
    kept, dropped = _resolve(found, people, document, protocol)
    tags = DesignTags(designs={f.design: f.rule for f in kept}, protocol=protocol)
    tags.design = principal(tags.designs)
    tags.secondary = "opinion" not in tags.designs and rules.SECONDARY.search(whole) is not None
    tags.flags = flags.flags(whole, tags.designs)
    tags.follow_up_months = flags.follow_up_months(document)
    tags.funding = flags.funding(record)
    tags.sample_size = sample_size.choose(people, document, tags)
    tags.level, tags.level_reason = level.starting_level(tags, whole)
    tags.evidence = [_evidence(f) for f in found if f.design in tags.designs and f.phrase]
    tags.near_misses = dropped
    return tags


def principal(designs: dict[str, str]) -> str | None:
    """The design that a reader is shown first."""
    return next((design for design in PRECEDENCE if design in designs), next(iter(designs), None))


def is_protocol(record: Record, document: Document, whole: str) -> bool:
    """Whether the record plans a study: a registration, a protocol by kind, type or title, or an abstract in the future."""
    if record.kind in ("registration", "protocol") or record.source_id.startswith("nct:"):
        return True
    if "Clinical Trial Protocol" in record.type_names() or rules.PROTOCOL_TITLE.search(document.title.lower):
        return True
    return len(rules.PROTOCOL_TEXT.findall(whole)) >= 2


def trusted_types(record: Record) -> bool:
    """NLM indexed it by hand. Records whose status a file does not give are taken at their word."""
    return record.status in ("", "MEDLINE") and record.indexing_method != "Automated"


def _from_types(record: Record) -> list[Found]:
    names = record.type_names()
    strength = 4 if trusted_types(record) else 1
    found = []
    for name, design in rules.PUBLICATION_TYPES.items():
        if name in names:
            found.append(Found(design, f"publication type: {name}", strength, name, "publication_type"))
    return found


def _from_title(document: Document) -> list[Found]:
    title = document.title.lower
    found = []
    for rule in rules.TITLE_RULES:
        match = _match(rule, title)
        if match:
            start, end = match.span()
            found.append(Found(rule.design, rule.name, 3, document.title.text[start:end], "title", None, start, end))
    return found


def _from_text(document: Document, whole: str) -> list[Found]:
    """The first sentence that satisfies each rule. Background, eligibility and registration numbers are not searched."""
    found = []
    sentences = [s for s in document.abstract_sentences if s.category not in (BACKGROUND, ELIGIBILITY, ADMINISTRATIVE)]
    for rule in rules.TEXT_RULES:
        if not any(anchor in whole for anchor in rule.anchors):
            continue
        for sentence in sentences:
            match = _match(rule, sentence.lower)
            if match:
                start, end = sentence.start + match.start(), sentence.start + match.end()
                phrase = document.part(sentence.part).text[start:end]
                found.append(Found(rule.design, rule.name, 2, phrase, "abstract", sentence.part, start, end))
                break
    if rules.DATABASE_SEARCH.search(whole) and rules.STUDY_SELECTION.search(whole):
        found.append(Found("systematic_review", "text: databases searched and studies selected", 2))
    return found


def _match(rule: Rule, text: str) -> re.Match[str] | None:
    if not any(anchor in text for anchor in rule.anchors):
        return None
    match = rule.pattern.search(text)
    return match if match and not (rule.unless and rule.unless.search(text)) else None


def _evidence(found: Found) -> Evidence:
    return Evidence("design", found.design, found.field, found.phrase, found.section, found.start, found.end, found.rule)


def _resolve(
    found: list[Found], people: list[sample_size.Candidate], document: Document, protocol: bool
) -> tuple[list[Found], list[NearMiss]]:
    """The designs to keep and, as near misses, those that something more telling silenced."""
    best: dict[str, Found] = {}
    for f in found:
        if f.design not in best or f.strength > best[f.design].strength:
            best[f.design] = f
    names, reason = _decide(best, people, document, protocol)
    kept = []
    for name in names:
        kept.append(best.get(name) or Found(name, reason, 1))
        if name in PARENTS and PARENTS[name] not in names:
            kept.append(Found(PARENTS[name], "parent", 1))
    dropped = [NearMiss("design", f.design, f.phrase, f"{f.rule}; silenced by: {reason}") for f in best.values() if f.design not in names]
    return kept, [miss for miss in dropped if miss.tag not in ("notice", "narrative") and miss.tag not in {f.design for f in kept}]


def _decide(
    best: dict[str, Found], people: list[sample_size.Candidate], document: Document, protocol: bool
) -> tuple[list[str], str]:
    """The names of the designs to keep and the reason: said by type or title, else by the text, else by default."""
    if "notice" in best and best["notice"].strength >= 3:
        return [], "a notice about another report"
    firm = {name: f for name, f in best.items() if f.strength >= 3}
    text = {name: f for name, f in best.items() if f.strength == 2}
    names = _firm(firm, text) if firm else []
    if names:
        return names, best[names[0]].rule
    names = _told(text, people, document)
    if names:
        return names, best[names[0]].rule if names[0] in best else "text: participants counted"
    weak = [name for name in PRECEDENCE if name in best and name != "laboratory"]
    if weak:
        return weak[:1], best[weak[0]].rule
    return _default(text, people, document, protocol)


def _firm(firm: dict[str, Found], text: dict[str, Found]) -> list[str]:
    """What publication types and the title say; ``[]`` when they say too little to leave the text aside."""
    types = {name for name, f in firm.items() if f.field == "publication_type"}
    if "review" in types:  # a review's title may name trials, cohorts or patients; it is still a review
        for name in ("rct", "experimental_human", "case_series", "survey", "economic", "animal", *COHORTS, *KINDS_OF_COHORT):
            if name not in types:
                firm.pop(name, None)
    if "opinion" in firm and len(firm) == 1:
        return ["opinion"]
    for name in ("guideline", "systematic_review", "meta_analysis", "scoping_review"):
        if name in firm:
            children = [c for c in PARENTS if c in firm] if PARENTS.get(name, name) == "systematic_review" else []
            return [name, *(c for c in children if c != name)]
    if "review" in firm and "systematic_review" in text and "narrative" not in text:
        return ["systematic_review"]
    if "review" in types and "guideline" in text and firm["review"].strength >= 3 and text["guideline"].phrase.lower().startswith("this guideline"):
        return ["guideline"]
    if "rct" in firm and "economic" in firm:
        return ["economic", "rct"]
    for name in ("animal", "case_report", "economic", "qualitative", "rct"):
        if name in firm:
            return [name]
    if "rct" in text and firm.keys() & {"prospective", "observational", "nonrandomised", "experimental_human"} and "randomly" not in firm:
        return [*(["experimental_human"] if "experimental_human" in firm else []), *([] if "experimental_human" in firm else ["rct"])]
    if "experimental_human" in firm:
        return ["experimental_human"]
    if "review" in firm and not firm.keys() & {*COHORTS, "survey"}:
        return ["review"]
    return _cohort(firm, text)


def _cohort(firm: dict[str, Found], text: dict[str, Found]) -> list[str]:
    """A survey, or a cohort: direction from the title, else from the text, with what kind of cohort it is."""
    kinds = [name for name in KINDS_OF_COHORT if name in firm]
    if "survey" in firm:
        return ["survey", *kinds]
    direction = [name for name in COHORTS if name in firm]
    if not direction and not kinds:
        return []
    if "retrospective" not in firm and "prospective" not in firm:
        direction = [name for name in ("retrospective", "prospective") if name in text][:1] or ["observational"]
    elif "retrospective" in firm:
        direction = ["retrospective"]
    return [*direction[:1], *kinds]


def _told(text: dict[str, Found], people: list[sample_size.Candidate], document: Document) -> list[str]:
    """What the abstract says when types and title say nothing."""
    humans = [c for c in people if c.noun not in sample_size.ANIMALS and c.sentence.category not in (BACKGROUND, ELIGIBILITY)]
    counted = any(c.value > 1 and sample_size.rate(c)[0] >= 1 for c in humans)
    if "guideline" in text and not counted and not text.keys() & {"rct", "survey", *COHORTS}:
        return ["guideline"]
    if "systematic_review" in text and "narrative" not in text:
        return ["systematic_review"]
    if "narrative" in text or "review" in text and not counted:
        return ["review"]
    if "animal" in text and not any(c.noun.startswith(("patient", "volunteer", "women", "participant")) for c in humans):
        return ["animal"]
    if "economic" in text and "rct" not in text:
        return ["economic"]
    if "experimental_human" in text and not any(c.noun.startswith(("patient", "outpatient", "children")) for c in humans):
        return ["experimental_human"]
    if "rct" in text:
        return ["rct"]
    if "case_report" in text and not any(c.value > 9 and sample_size.rate(c)[0] >= 1 for c in humans):
        return ["case_report"]
    if "qualitative" in text:
        return ["qualitative"]
    if "survey" in text:
        return ["survey"]
    kinds = [name for name in KINDS_OF_COHORT if name in text]
    direction = [name for name in ("retrospective", "prospective") if name in text][:1]
    if direction or kinds:
        return [*(direction or ["observational"]), *kinds]
    return ["observational"] if counted else []


def _default(
    text: dict[str, Found], people: list[sample_size.Candidate], document: Document, protocol: bool
) -> tuple[list[str], str]:
    """No design is named and nobody is counted: a planned study is prospective, an article that discusses a review."""
    if protocol:
        return ["prospective"], "planned study"
    if not document.sections:
        return [], "no abstract, and the title names no design"
    if "laboratory" in text:
        return ["laboratory"], text["laboratory"].rule
    body = " ".join(section.lower for section in document.sections)
    if rules.DISCUSSION.search(body):
        return ["review"], "text: discusses, and counts nobody"
    if len(body) > 200 and not rules.MEASURED.search(body):
        return ["review"], "text: reports no measurement, and counts nobody"
    return [], "no words that tell a design"
