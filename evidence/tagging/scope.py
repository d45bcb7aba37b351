"""Whether a record is about neuromodulation for chronic pain (core), beside it (neighbour), or about something else.

The labelling guideline: ``core`` is a modality studied or reviewed for chronic pain; ``neighbour`` a modality, but for
acute pain, spasticity, epilepsy, in animals and so on; ``off_topic`` no modality at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from evidence.tagging.text import BACKGROUND, Document

CORE, NEIGHBOUR, OFF_TOPIC = "core", "neighbour", "off_topic"

CHRONIC_PAIN = frozenset({
    "chronic_pain", "fbss", "clbp", "crps", "pdn", "phn", "neuropathic", "phantom", "cancer_pain", "fibromyalgia",
    "pelvic_pain", "headache", "knee", "shoulder", "angina_ischemia",
})  # fmt: skip
# What these are used for, where a record names no condition, is pain.
_FOR_PAIN = frozenset({"scs", "drg", "ons", "pnfs", "itdd_ziconotide"})
_ACUTE = re.compile(
    r"\b(?:acute|post-?operative(?:ly)?|post-?surgical|procedural|perioperative|labou?r|dental|menstrual"
    r"|dysmenorrh\w*)\b"
)
_CHRONIC = re.compile(r"\b(?:chronic|persistent|intractable|refractory|neuropathic|long[- ]?(?:term|standing))\b")
_PAIN = re.compile(r"\bpain|\banalges|\bneuralgi|\bheadache|\bmigraine")
_OTHER_DISEASE = re.compile(
    r"\b(?:tremor|consciousness|parkinson|(?:post)?stroke|heart failure|motor (?:function|recovery|control)|gait"
    r"|walking|locomot\w*|epilep\w*|"
    r"dystoni\w*|spastic\w*|bladder|incontinence|gastr\w*|hypertension|depress\w*|autis\w*|dementia|tinnitus|apn[o]?ea"
    r"|ischemi\w*|paralys\w*)"
)


def scope(modalities: Collection[str], conditions: Collection[str], document: Document, animal: bool = False) -> str:
    """``core``, ``neighbour`` or ``off_topic`` from the modalities and conditions tagged, and the text."""
    if not modalities:
        return OFF_TOPIC
    if animal:
        return NEIGHBOUR
    title = document.title.lower
    if CHRONIC_PAIN.intersection(conditions):
        only_acute = "acute_pain" in conditions and not _CHRONIC.search(title + " " + _opening(document))
        return NEIGHBOUR if only_acute else CORE
    if conditions:
        return NEIGHBOUR
    if _PAIN.search(title):
        return NEIGHBOUR if _ACUTE.search(title) and not _CHRONIC.search(title) else CORE
    for_pain = any(modality in _FOR_PAIN or modality.startswith("scs_") for modality in modalities)
    return CORE if for_pain and not _OTHER_DISEASE.search(title) else NEIGHBOUR


def _opening(document: Document) -> str:
    """What the abstract says of the study, background left out."""
    return " ".join(s.lower for s in document.abstract_sentences if s.category != BACKGROUND)
