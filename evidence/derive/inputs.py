"""Everything in ``queries/`` that a build uses, read and checked before anything else is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evidence.cited_sources import load_sources
from evidence.deduplicate import NO_DECISIONS, Decisions, load_decisions
from evidence.devices import FILE as DEVICES
from evidence.devices import Device, load_devices
from evidence.ledger.ledger import Ledger, load_ledger, published
from evidence.ledger.log import load_log, settle
from evidence.profile import FILE, Profile, load_profile
from evidence.project import Project
from evidence.relate import Group, load_groups
from evidence.tagging import HandTags, Vocabulary, load_hand_tags, load_vocabulary
from evidence.topics import Topic, load_topics


@dataclass(frozen=True, slots=True)
class Inputs:
    """What maintainers wrote. ``settings`` are those of ``metadata.yml``."""

    topics: list[Topic]
    vocabulary: Vocabulary
    hand_tags: HandTags
    decisions: Decisions
    groups: list[Group]
    ledger: Ledger
    settings: dict[str, Any]
    profile: Profile
    devices: list[Device]


def read_inputs(project: Project) -> Inputs:
    """Read ``queries/`` and the settings.

    Raises :class:`~evidence.errors.InputError` with file, line and reason for any mistake.
    """
    queries = project.queries
    vocabulary = load_vocabulary(project.vocabulary)
    sources = load_sources(project.sources) if project.sources.exists() else []
    settings = project.settings()
    ledger = load_ledger(project.claims, vocabulary, sources)
    ledger = settle(ledger, load_log(project.readings, (claim.id for claim in ledger.claims)))
    merges, studies = queries / "merges.yml", queries / "studies.yml"
    return Inputs(
        topics=load_topics(project.topics, vocabulary.tags["modality"]),
        vocabulary=vocabulary,
        hand_tags=load_hand_tags(queries / "hand_tags.yml", vocabulary),
        decisions=load_decisions(merges) if merges.exists() else NO_DECISIONS,
        groups=load_groups(studies) if studies.exists() else [],
        ledger=published(ledger, settings),
        settings=settings,
        profile=load_profile(queries / FILE),
        devices=load_devices(queries / DEVICES, vocabulary.tags["modality"]),
    )
