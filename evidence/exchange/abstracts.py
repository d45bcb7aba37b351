"""Abstracts that came as one text, back into their labelled sections."""

from __future__ import annotations

import re

from evidence.markup import headed_parts, is_only_abstract
from evidence.record import Section

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
# A label stands at the start or after the end of a sentence, and a colon (or a blank line) follows it.
_CAPITALS = re.compile(
    r"(?:(?<=^)|(?<=[.!?)\]\"%;:]\s)|(?<=\n))([A-Z][A-Z0-9 &/,'\u2019()\-]{1,70}[A-Z0-9)])\s?:(?=\s|[A-Z0-9])"
)
_TITLE_CASE = re.compile(
    r"(?:(?<=^)|(?<=[.!?)\]\"%;:]\s)|(?<=\n))([A-Z][A-Za-z&/,'\u2019 \-]{2,60}?)\s?:(?=\s|[A-Z0-9])"
)


def category_of(label: str) -> str:
    """NLM's category of a printed label, ``""`` for one that is not known.

    ``METHODS/RESULTS`` goes by its first part.
    """
    found = CATEGORY.get(_fold(label))
    if found is None:
        parts = [CATEGORY.get(_fold(part), "") for part in _JOINED.split(label)]
        found = parts[0] if len(parts) > 1 and all(parts) else ""
    return found


def sections_of(text: str) -> list[Section]:
    """Sections of an abstract as a file has it: with the headings of JATS or HTML, or labels in its text."""
    if "<" not in text and "&" not in text:
        return split_abstract(text)
    parts = [("" if is_only_abstract(heading) else heading, body) for heading, body in headed_parts(text)]
    if not any(heading for heading, _ in parts):
        return split_abstract("\n".join(body for _, body in parts))
    parts = [(heading.strip(" .:"), " ".join(body.split())) for heading, body in parts]
    return [Section(body, heading, category_of(heading)) for heading, body in parts if heading or body]


def split_abstract(text: str) -> list[Section]:
    """Sections of an abstract; one without label when none is found. No word of the text is lost.

    A label counts when it is printed in capitals, or is a known one (``Methods:``) and another label is found
    too: a single ``Results:`` inside running text is a phrase.
    """
    text = text.strip()
    if not text:
        return []
    if ":" not in text:
        return [Section(text)]
    found = [m for m in _CAPITALS.finditer(text) if _looks_like_label(m.group(1))]
    if not found:
        found = [m for m in _TITLE_CASE.finditer(text) if category_of(m.group(1))]
        if len(found) < 2 and text[: found[0].start(1) if found else 0]:
            found = []
    if not found:
        return [Section(text)]
    ends = [match.start(1) for match in found[1:]] + [len(text)]
    sections = [Section(text[: found[0].start(1)].strip())] if found[0].start(1) else []
    for match, end in zip(found, ends, strict=True):
        body = text[match.end() : end].strip()
        sections.append(Section(body, match.group(1).strip(), category_of(match.group(1))))
    return [section for section in sections if section.text or section.label]


def _looks_like_label(label: str) -> bool:
    """A known label, or two words and more in capitals: ``TENS:`` and ``NCT01:`` are neither."""
    return bool(category_of(label)) or (" " in label and not any(c.isdigit() for c in label) and len(label) <= 50)
