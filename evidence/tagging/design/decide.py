"""Which of the designs that types, title and text name is the report's own.

Types and the title come first, the text only where they say nothing: the abstract of a consensus guideline names the
randomised trials that it searched, and is not one. :func:`decide` gives each design with the rule that earned it.
"""

from __future__ import annotations

from collections.abc import Container

from evidence.tagging.design import default, rules
from evidence.tagging.design.reading import TYPE, UNCHECKED_TYPE, Found, Reading, Told
from evidence.tagging.sample_size.choose import People

COHORTS = ("prospective", "retrospective", "observational")
# Kinds of cohort stand beside its direction; they are no children, since each can look forward or back.
KINDS_OF_COHORT = ("registry", "case_series", "case_control", "cross_sectional", "nonrandomised")
PARENTS = {
    "meta_analysis": "systematic_review",
    "scoping_review": "systematic_review",
    "umbrella_review": "systematic_review",
}
# The principal design is the first of these found.
PRECEDENCE = (
    "notice", "opinion", "guideline", "systematic_review", "animal", "economic", "case_report", "experimental_human",
    "rct", "survey", "qualitative", *COHORTS, "review", "laboratory",
)  # fmt: skip
# A series of up to so many, described one by one, is a case report; the guideline says "about five".
CASES_AT_MOST = 5
# An abstract that tells one of these is none of a guideline, though it names the one that was followed.
_STUDIES = ("rct", "survey", "case_report", "animal", "experimental_human", "economic", "qualitative", *COHORTS)
# Words of the rule of retrospective studies that a prospective one may name of its own papers.
_FILES = ("medical notes", "patient notes", "clinical notes", "hospital notes", " files")
# An abstract shorter than this (characters) says too little to be called a review for what it does not say.
SHORT = 150


def principal(designs: dict[str, str]) -> str | None:
    """The design that a reader is shown first."""
    if len(designs) > 1:
        for design in PRECEDENCE:
            if design in designs:
                return design
    return next(iter(designs), None)


def decide(reading: Reading) -> tuple[dict[str, str], str]:
    """Designs with the rule of each, parents included, and the rule that decided."""
    names, reason = _names(reading)
    designs = {}
    for name in names:
        found = reading.found(name)
        designs[name] = found.rule if found else reason
        if name in PARENTS and PARENTS[name] not in names:
            designs[PARENTS[name]] = "parent"
    return designs, reason


def _names(reading: Reading) -> tuple[list[str], str]:
    best, told = reading.best, reading.told
    firm = {name: f for name, f in best.items() if f.strength > UNCHECKED_TYPE}
    if "notice" in firm and (firm["notice"].strength == TYPE or all(f.strength != TYPE for f in firm.values())):
        return [], "a notice about another report"
    if "proceedings" in told:
        return [], "conference proceedings"
    names = (_firm(firm, reading) if firm else []) or _told(reading)
    if not names:
        names = [name for name in PRECEDENCE if name in best and name not in firm and name not in told][:1]
    if not names:
        default_found = default.by_default(reading)
        if default_found is None:
            return [], "no words that tell a design"
        names = [default_found.design]
        best[default_found.design] = default_found
    found = reading.found(names[0])
    return names, found.rule if found else default.COUNTED


def _firm(firm: dict[str, Found], reading: Reading) -> list[str]:
    """What publication types and the title say; ``[]`` when that is too little to leave the text aside."""
    text = reading.told
    types = {name for name, f in firm.items() if f.field == "publication_type"}
    if "review" in types:  # a review's title may name trials, cohorts or patients; it is still a review
        firm = {name: f for name, f in firm.items() if name in types or name in _WRITINGS}
    if "guideline" in firm and "guideline" not in types and "guideline" not in text and reading.people.studied():
        firm = {name: f for name, f in firm.items() if name != "guideline"}  # "technique and guidelines", with a series
    for name in ("guideline", *PARENTS, "systematic_review"):
        if name in firm:
            return [name] if name == "guideline" else ["systematic_review", *(c for c in PARENTS if c in firm)]
    if firm.keys() == {"opinion"}:
        return ["opinion"]
    if "review" in firm and "narrative" not in text:
        if "systematic_review" in text:
            return ["systematic_review"]
        if "guideline" in text and text["guideline"].phrase.lower().startswith("this guideline"):
            return ["guideline"]
    if "review" in types and "case_report" in reading.best:  # typed both, which the text decides
        if reading.people.most() > CASES_AT_MOST:
            return [_direction(firm) or _told_direction(text) or "observational", "case_series"]
        if "case_report" in text:
            return ["case_report"]
    if {"rct", "economic"} <= firm.keys() or ("economic" in firm and _beside_a_trial(reading)):
        return ["economic", "rct"]
    if "case_report" in types and reading.people.most() > CASES_AT_MOST:
        return [_direction(firm) or _told_direction(text) or "observational", "case_series"]
    for name in ("animal", "case_report", "economic", "qualitative", "rct"):
        if name in firm:
            return [name]
    if "experimental_human" in firm:
        return ["rct", "healthy_volunteers"] if _at_random(text) else ["experimental_human"]
    if "review" in firm and not firm.keys() & {*COHORTS, "survey"}:
        return ["review"]
    return _cohort(firm, text, reading.people)


# What a text whose type is Review may still be: the forms of secondary literature.
_WRITINGS = frozenset({"guideline", "systematic_review", "review", "case_report", "opinion", *PARENTS})


def _cohort(firm: dict[str, Found], text: Told, people: People) -> list[str]:
    """A survey or a cohort by its title: direction from the title, else from the text, and what kind of cohort."""
    kinds = [name for name in KINDS_OF_COHORT if name in firm]
    if "survey" in firm:
        return ["survey", *kinds]
    if not kinds and not firm.keys() & set(COHORTS):
        return []
    if "rct" in text and "retrospective" not in firm:
        return ["rct"]
    if "case_series" in kinds and 0 < people.most() <= 5:
        return ["case_report", "case_series"]
    return [_direction(firm) or _told_direction(text) or "observational", *kinds]


def _direction(found: Container[str]) -> str | None:
    return next((name for name in ("retrospective", "prospective") if name in found), None)


def _told_direction(text: Told) -> str | None:
    """The direction that the abstract tells: a prospective study that also names case files stays one."""
    direction = _direction(text)
    only_files = direction == "retrospective" and text[direction].phrase.lower().endswith(_FILES)
    return "prospective" if only_files and "prospective" in text else direction


def _told(reading: Reading) -> list[str]:
    """What the abstract says, when types and title say nothing."""
    text, people = reading.told, reading.people
    counted = people.most() > 1 or people.arms is not None
    if "guideline" in text and not counted and not text.any(*_STUDIES):
        return ["guideline"]
    if "systematic_review" in text and "narrative" not in text and not reading.protocol:
        return ["systematic_review", *(kind for kind in PARENTS if kind in text)]
    if "narrative" in text or ("review" in text and not counted):
        return ["review"]
    if (
        "animal" in text
        and not reading.protocol
        and not people.speaks_of("patient", "volunteer", "women", "participant")
    ):
        # "Animal models of" may be those that a review speaks of.
        of_others = " model" in text["animal"].phrase.lower() and default.only_discusses(reading)
        return [] if of_others else ["animal"]
    if "economic" in text and ("rct" not in text or _beside_a_trial(reading)):
        return ["economic", "rct"] if "rct" in text else ["economic"]
    if "experimental_human" in text and _healthy(reading, counted):
        return ["rct", "healthy_volunteers"] if _at_random(text) else ["experimental_human"]
    if "case_report" in text and not counted and not _at_random(text):
        return ["case_report"]
    if "rct" in text and (counted or reading.protocol or not default.only_discusses(reading)):
        return ["rct"]
    if ("case_report" in text or "case_series" in text) and people.most() <= CASES_AT_MOST:
        return ["case_report"]
    if "sham_arm" in text and reading.protocol:
        reading.best["rct"] = text["sham_arm"]._replace(design="rct")
        return ["rct"]
    # An article that discusses names surveys, records and prospective studies of others.
    own = counted or reading.protocol or not default.only_discusses(reading)
    for name in ("qualitative", "survey"):
        if own and name in text:
            return [name]
    kinds = [name for name in KINDS_OF_COHORT if own and name in text]
    direction = _told_direction(text) or ("prospective" if reading.protocol else "observational")
    if kinds or counted or (own and direction in text):
        if direction not in text and counted:
            reading.best[direction] = default.counted(reading, direction)
        return [direction, *kinds]
    case = None if reading.protocol or "laboratory" in text else default.one_case(reading)
    if case:
        reading.best["case_report"] = case
    return ["case_report"] if case else []


def _healthy(reading: Reading, counted: bool) -> bool:
    """Whether those studied are healthy: counted, called volunteers, or named in the aim of a plan; and no patients."""
    if reading.people.speaks_of("patient", "outpatient", "children"):
        return False
    if counted or "volunteer" in reading.told["experimental_human"].phrase.lower():
        return True
    return reading.protocol and reading.search("healthy aim") is not None


def _beside_a_trial(reading: Reading) -> bool:
    """Whether costs were counted in a trial, and not in a model with its results."""
    sign = rules.SIGNS["beside a trial"]
    return sign.search(reading.document.title.lower) is not None or reading.search("beside a trial") is not None


def _at_random(text: Told) -> bool:
    """An experiment in volunteers is a randomised trial when it says so; "double-blind, crossover" alone does not."""
    return "rct" in text and "random" in text["rct"].phrase.lower()
