"""Study design of one record: publication types where they can be trusted, then the title, then the text.

:func:`describe` collects what each of the three says, lets the more telling silence the less telling
(:mod:`evidence.tagging.design.decide`), and adds level, flags, follow-up and sample size.
"""

from __future__ import annotations

from evidence.record import Record
from evidence.tagging.design import flags, level, rules
from evidence.tagging.design.decide import decide, principal
from evidence.tagging.design.reading import TITLE, TYPE, UNCHECKED_TYPE, Found, Reading, Told
from evidence.tagging.matching.prefilter import Hits, Sieve
from evidence.tagging.sample_size import choose as sample_size
from evidence.tagging.sample_size import counts as people
from evidence.tagging.text.document import Document
from evidence.tagging.types import DesignTags, Evidence, NearMiss

# What the rules find on the way to a design, and is none.
_NO_TAGS = frozenset({"notice", "narrative", "sham_arm", "proceedings"})
_TITLE_RULES = {rule.label: rule for rule in rules.TITLE_RULES}
_TITLE_ORDER = {name: position for position, name in enumerate(_TITLE_RULES)}
_TYPE_ORDER = {name: position for position, name in enumerate(rules.PUBLICATION_TYPES)}
_EVERYWHERE = {
    **{name: rule.pattern for name, rule in (rules.SIGNS | rules.MARKS).items() if name not in rules.ON_DEMAND},
    **people.PATTERNS,
}
SIEVE = Sieve(
    title={**{rule.label: rule.pattern for rule in rules.TITLE_RULES}, **_EVERYWHERE},
    abstract={**{rule.label: rule.pattern for rule in rules.TEXT_RULES}, **_EVERYWHERE},
    left_out=rules.LEFT_OUT | people.LEFT_OUT,
)


def describe(record: Record, document: Document, explain: bool = False) -> DesignTags:
    """Design, level, protocol and secondary marks, flags, follow-up, sample size and funding of one record.

    ``explain`` adds the near misses: it asks for every design, where a decision asks for few.
    """
    hits = SIEVE.scan(document)
    found = [*_from_types(record), *_from_title(document, hits)]
    best = _best(found)
    everybody = sample_size.People(document, hits)
    told = Told(document, hits, {f.design for f in found if f.strength > UNCHECKED_TYPE} if found else ())
    reading = Reading(document, hits, _plans_a_study(record, hits), best, told, everybody)
    designs, reason = decide(reading)
    tags = DesignTags(designs=designs, design=principal(designs), protocol=reading.protocol)
    if designs and "secondary" in hits.sentences:
        tags.secondary = any(rules.SIGNS["secondary"].search(s.lower) for s in hits.sentences["secondary"])
    tags.flags = flags.flags(hits, designs)
    tags.follow_up_months = flags.follow_up_months(hits, designs)
    tags.funding = flags.funding(record)
    tags.sample_size = sample_size.choose(everybody, document, tags)
    tags.level, tags.level_reason = level.starting_level(tags, document)
    in_text = [f for design in designs for f in told.every(design)]
    tags.evidence = [
        Evidence("design", f.design, f.field, f.phrase, f.section, f.start, f.end, f.rule)
        for f in {id(f): f for f in (*found, *in_text, *best.values())}.values()
        if f.phrase and f.design in designs
    ]
    if explain:
        tags.near_misses = _silenced(reading, designs, reason)
    return tags


def trusted_types(record: Record) -> bool:
    """NLM indexed it by hand. A record whose file does not tell its status is taken at its word.

    Trialstreamer trusts types under the same condition: MEDLINE, and not indexed automatically.
    """
    return record.status in ("", "MEDLINE") and record.indexing_method != "Automated"


def _from_types(record: Record) -> list[Found]:
    if not record.publication_types:
        return []
    names = record.type_names()
    trusted = trusted_types(record)
    found = []
    for name in sorted(rules.PUBLICATION_TYPES.keys() & names, key=_TYPE_ORDER.__getitem__):
        # A review with a vignette is typed Case Reports too; whether it is one, title and abstract tell.
        told_elsewhere = name == "Case Reports" and "Review" in names
        strength = TYPE if trusted and not told_elsewhere else UNCHECKED_TYPE
        design = rules.PUBLICATION_TYPES[name]
        found.append(Found(design, f"publication type: {name}", strength, name, "publication_type"))
    if record.kind == "notice":
        found.append(Found("notice", "kind of record: notice", TYPE))
    return found


def _from_title(document: Document, hits: Hits) -> list[Found]:
    title = document.title
    found: list[Found] = []
    if hits.title.isdisjoint(_TITLE_RULES):
        return found
    for name in sorted(_TITLE_RULES.keys() & hits.title, key=_TITLE_ORDER.__getitem__):
        rule = _TITLE_RULES[name]
        match = rule.search(title.lower)
        if match:
            start, end = match.span()
            found.append(Found(rule.name, rule.label, TITLE, title.text[start:end], "title", None, start, end))
    return found


def _plans_a_study(record: Record, hits: Hits) -> bool:
    """A registration; a protocol by kind, type or title; or an abstract that speaks of what will be done, twice."""
    if record.kind in ("registration", "protocol") or record.source_id.startswith("nct:"):
        return True
    if record.publication_types and "Clinical Trial Protocol" in record.type_names():
        return True
    said = hits.sentences
    if any(rules.SIGNS["protocol title"].search(s.lower) for s in said.get("protocol title", ())):
        return True
    return sum(len(rules.SIGNS["protocol"].pattern.findall(s.lower)) for s in said.get("protocol", ())) >= 2


def _best(found: list[Found]) -> dict[str, Found]:
    best: dict[str, Found] = {}
    for f in found:
        if f.design not in best or f.strength > best[f.design].strength:
            best[f.design] = f
    return best


def _silenced(reading: Reading, designs: dict[str, str], reason: str) -> list[NearMiss]:
    every = dict.fromkeys((*reading.best, *(rule.name for rule in rules.TEXT_RULES)))
    named = [f for design in every if design not in designs and (f := reading.found(design))]
    return [
        NearMiss("design", f.design, f.phrase, f"{f.rule}; silenced by {reason}")
        for f in named
        if f.design not in _NO_TAGS
    ]
