"""The evidence level a report starts from: OCEBM 2011, treatment benefits, from its design alone; not an appraisal.

OCEBM Levels of Evidence Working Group, "The Oxford 2011 Levels of Evidence", Oxford Centre for Evidence-Based Medicine:
1 systematic review of randomised trials; 2 randomised trial; 3 non-randomised controlled cohort or follow-up study;
4 case series, case-control or historically controlled study; 5 mechanism-based reasoning. What is mechanism, opinion,
guidance or not yet done is left ungraded here: a number would say more than a design can.
"""

from __future__ import annotations

from evidence.tagging.design import rules
from evidence.tagging.text.document import Document
from evidence.tagging.types import DesignTags

CONTROLLED, UNCONTROLLED = 3, 4

NOT_GRADED: dict[str, str] = {
    "notice": "a notice about another report",
    "opinion": "letter, comment or editorial",
    "guideline": "guidance, not a study",
    "review": "narrative review",
    "economic": "economic evaluation: costs, not treatment benefit",
    "survey": "survey: what people answer, not treatment benefit",
    "qualitative": "qualitative study",
    "animal": "animal study: mechanism",
    "laboratory": "laboratory or model study: mechanism",
    "experimental_human": "experiment in healthy volunteers: mechanism",
}

# Kinds of systematic review that are no answer to "does this help?" themselves.
NO_ESTIMATE: dict[str, str] = {
    "scoping_review": "scoping review: maps what was studied, estimates no effect",
    "umbrella_review": "review of reviews: the level is that of the reviews it includes",
}


def starting_level(tags: DesignTags, document: Document) -> tuple[int | None, str]:
    """Level and reason of a record whose designs, flags and protocol mark are known."""
    designs = tags.designs
    if tags.design is None:
        return None, "design not determined"
    if tags.protocol:
        return None, "planned study: no results yet"
    if tags.design == "systematic_review":
        return _of_review(tags, document.lower)
    if tags.design in NOT_GRADED:
        return None, NOT_GRADED[tags.design]
    if "healthy_volunteers" in designs:
        return None, NOT_GRADED["experimental_human"]
    if tags.design == "rct":
        return 2, "randomised trial"
    if "case_report" in designs or "case_series" in designs:
        return UNCONTROLLED, "case report or case series"
    if "case_control" in designs:
        return UNCONTROLLED, "case-control study"
    if "cross_sectional" in designs:
        return None, "cross-sectional: prevalence, not treatment benefit"
    if "nonrandomised" in designs or tags.flags.get("controlled"):
        return CONTROLLED, "compared with a control group, not randomised"
    return UNCONTROLLED, "no comparison with another treatment stated"


def _of_review(tags: DesignTags, whole: str) -> tuple[int | None, str]:
    for design, reason in NO_ESTIMATE.items():
        if design in tags.designs:
            return None, reason
    if not rules.SIGNS["of randomised trials"].search(whole):
        return None, "systematic review: designs of the included studies not stated"
    if rules.SIGNS["other studies"].search(whole):
        return None, "systematic review: not of randomised trials alone"
    return 1, "systematic review of randomised trials"
