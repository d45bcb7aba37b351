"""The headings of an abstract's sections: as authors print them, and what each says that its section is.

:func:`category_of` knows whole headings and NLM's five categories, to tell a heading from other words;
:func:`heading_category` takes any heading by the words in it, and knows more kinds of sections.
"""

from __future__ import annotations

import re
from functools import lru_cache

TITLE = "title"
BACKGROUND, OBJECTIVE, METHODS, RESULTS, CONCLUSIONS = "background", "objective", "methods", "results", "conclusions"
ELIGIBILITY, ADMINISTRATIVE, UNKNOWN = "eligibility", "administrative", "unknown"
CATEGORIES = (TITLE, BACKGROUND, OBJECTIVE, METHODS, RESULTS, CONCLUSIONS, ELIGIBILITY, ADMINISTRATIVE, UNKNOWN)

# A heading is the category of the first of these words that it holds, in this order: "Methods and results" is methods,
# "Conclusions and relevance" conclusions, "Study design" methods, "Purpose of review" objective.
_HEADING_WORDS: tuple[tuple[str, str], ...] = (
    ("inclusion criteri", ELIGIBILITY), ("exclusion criteri", ELIGIBILITY), ("eligib", ELIGIBILITY),
    ("selection criteri", METHODS),
    ("registration", ADMINISTRATIVE), ("registry", ADMINISTRATIVE), ("supplementa", ADMINISTRATIVE),
    ("funding", ADMINISTRATIVE), ("ethics and dissem", ADMINISTRATIVE), ("classification of evidence", ADMINISTRATIVE),
    ("level of evidence", ADMINISTRATIVE), ("abbreviation", ADMINISTRATIVE), ("disclosure", ADMINISTRATIVE),
    ("method", METHODS), ("outcome", METHODS), ("design", METHODS), ("setting", METHODS), ("participant", METHODS),
    ("subjects", METHODS), ("patient", METHODS), ("intervention", METHODS), ("procedure", METHODS),
    ("data source", METHODS), ("data collection", METHODS), ("data extraction", METHODS), ("search", METHODS),
    ("study selection", METHODS), ("measure", METHODS), ("statistic", METHODS), ("evidence acquisition", METHODS),
    ("sample", METHODS), ("material", METHODS), ("population", METHODS), ("technique", METHODS), ("case", RESULTS),
    ("results and", RESULTS), ("conclusion", CONCLUSIONS), ("discussion", CONCLUSIONS), ("interpretation", CONCLUSIONS),
    ("summary of back", BACKGROUND),
    ("summary", CONCLUSIONS), ("significance", CONCLUSIONS), ("implication", CONCLUSIONS), ("relevance", CONCLUSIONS),
    ("perspective", CONCLUSIONS), ("limitation", CONCLUSIONS), ("expert", CONCLUSIONS), ("in brief", CONCLUSIONS),
    ("result", RESULTS), ("finding", RESULTS), ("evidence synthesis", RESULTS), ("data synthesis", RESULTS),
    ("observation", RESULTS), ("areas covered", RESULTS),
    ("background and", BACKGROUND), ("objective", OBJECTIVE), ("aim", OBJECTIVE), ("purpose", OBJECTIVE),
    ("object", OBJECTIVE), ("goal", OBJECTIVE), ("hypothes", OBJECTIVE), ("question", OBJECTIVE),
    ("background", BACKGROUND), ("backround", BACKGROUND), ("introduction", BACKGROUND), ("context", BACKGROUND),
    ("rationale", BACKGROUND), ("importance", BACKGROUND), ("scope", BACKGROUND),
)  # fmt: skip
# Labels that authors print, by NLM's category. Plurals and case are folded.
LABELS: dict[str, str] = {
    "BACKGROUND": """
        background; introduction; context; importance; rationale; background and context; state of the art;
        summary of background data; summary of background; what is known; background data""",
    "OBJECTIVE": """
        objective; aim; purpose; goal; hypothesis; study objective; question; research question; background and
        purpose; background and aim; background and objective; background/aim; background/objective; aim and
        objective; introduction and objective; introduction and aim; purpose of review; purpose of the review;
        review question; aim of the study; objective of the study; introduction/aim""",
    "METHODS": """
        method; material and method; patient and method; subject and method; participant and method; methods and
        material; method and material; methods and analysis; method and analysis; methodology; design; study
        design; setting; design and setting; design, setting and participant; design, setting, and participant;
        design/setting/participant; setting and participant; participant; patient; subject; population; sample;
        intervention; exposure; main outcome measure; main outcome and measure; outcome measure; outcome;
        primary outcome measure; primary outcome; secondary outcome; measurement; measure; procedure; data
        source; data sources and study selection; search strategy; search method; selection criteria;
        eligibility criteria; study selection; data extraction; data collection and analysis; data extraction
        and synthesis; data synthesis; study eligibility criteria; study appraisal and synthesis method;
        statistical analysis; experimental design; study design and method; study design/setting; patient
        sample; literature search; material; materials & methods; methods/design; method/design; approach; trial
        design; randomization; patients and intervention; intervention and measurement; research design and
        method; evidence acquisition""",
    "RESULTS": """
        result; finding; main result; main finding; key result; key finding; results and discussion;
        observation; recent finding; evidence synthesis; results and limitation; major result; outcomes and
        result; case report; case presentation; case description; case""",
    "CONCLUSIONS": """
        conclusion; discussion; interpretation; implication; summary; limitation; significance; comment;
        conclusion and relevance; conclusions and implications; authors' conclusion; author's conclusion;
        discussion and conclusion; conclusion and significance; conclusions and clinical relevance; clinical
        implication; clinical relevance; conclusion and clinical implication; perspective; practical
        implication; summary and conclusion; reviewer's conclusion; reviewers' conclusion;
        conclusion/interpretation; conclusion/significance; key message""",
    "UNASSIGNED": """
        trial registration; trial registration number; clinical trial registration; registration; clinical trial
        number; funding; ethics and dissemination; keyword; key words; level of evidence; clinicaltrials.gov
        identifier; systematic review registration; registration number; source of funding; funding source;
        prospero registration; trial registry; clinical trials registration; database registration; trial
        registration date; patient or public contribution; type of study; copyright; unlabelled""",
}


def _fold(label: str) -> str:
    label = " ".join(label.lower().replace("\u2019", "'").replace(" & ", " and ").split()).strip(" .:-")
    return "/".join(
        " ".join(word.removesuffix("s") if len(word) > 3 else word for word in part.split())
        for part in label.split("/")
    )


CATEGORY: dict[str, str] = {
    _fold(label): category for category, labels in LABELS.items() for label in labels.split(";")
}

_JOINED = re.compile(r"(?<!\s)\s*+(?:/|,|&|\band\b|\bAND\b)\s*")


def category_of(label: str) -> str:
    """NLM's category of a printed label, ``""`` for one that is not known.

    ``METHODS/RESULTS`` goes by its first part.
    """
    found = CATEGORY.get(_fold(label))
    if found is None:
        parts = [CATEGORY.get(_fold(part), "") for part in _JOINED.split(label)]
        found = parts[0] if len(parts) > 1 and all(parts) else ""
    return found


@lru_cache(maxsize=4096)
def heading_category(label: str) -> str:
    """The category of a printed heading: ``Materials and Methods`` → methods; ``unknown`` when no word tells."""
    lower = label.lower()
    return next((category for word, category in _HEADING_WORDS if word in lower), UNKNOWN)
