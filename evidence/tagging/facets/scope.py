"""Whether a record is about neuromodulation for chronic pain (core), beside it (neighbour), or about something else.

The labelling guideline: ``core`` is a modality studied or reviewed for chronic pain; ``neighbour`` a modality, but for
acute pain, spasticity, epilepsy, in animals and so on; ``off_topic`` no modality at all. Where a record has a modality
and names nothing that it was used for, it is ``unstated``: a silent title is no ground for "not for chronic pain".
"""

from __future__ import annotations

import re
from collections.abc import Collection

from evidence.model import Scope
from evidence.tagging.text.document import BACKGROUND, Document

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
    r"|walk(?:ing)?|locomot\w*|epilep\w*|"
    r"dystoni\w*|spastic\w*|bladder|incontinence|gastr\w*|hypertension|depress\w*|autis\w*|dementia|tinnitus|apn[o]?ea"
    r"|ischemi\w*|paralys\w*)"
)
# What else a stimulator, a coil or a pump is used for, by field; the beginnings of words.
_USES = {
    "nervous system": "aphasi|dysphagi|swallow|cerebral palsy|multiple sclerosis|amyotrophic|huntington|tourette"
    "|tics\\b|chorea|ataxi|hemipar|parapar|tetrap|paraple|neglect|alzheimer|vegetative state|brain injur|cord injur"
    "|tetanus|restless leg|vertigo|hearing loss|visual (?:field|loss|impair)|amblyop|dyslexi|hydroceph|facial pals"
    "|(?:language|speech) (?:disorder|mapping|impair|therap)|myoclon",
    "mind": "schizophren|psychos|psychot|psychiatr|obsessive|ocd\\b|anxi|ptsd|post-?traumatic stress|mania|bipolar"
    "|addict|craving|smoking|alcohol|cocaine|substance use|anorexi|bulimi|obes|suicid|attention deficit|adhd"
    "|insomnia|sleep|hallucinat|catatoni",
    "people without a disease": "healthy (?:volunteer|subject|adult|participant|individual|people|men|women|human"
    "|male|female)",
    "physiology": "working memory|cogniti|memory|motor cortex|motor learning|motor performance|plasticity"
    "|evoked potential|cortical (?:excitab|activ|map)|reaction time|inhibitory control|response inhibition"
    "|muscle (?:strength|force|fatigue)|fatigue resistance|rubber hand",
    "organs": "cardiac|heart|arrhythm|atrial|asthma|pulmonary disease|respirat|diaphragm|bowel|constipat|gastropar"
    "|nausea|vomit|enuresis|voiding|urinary incont|overactive|detrusor|erectile|sexual (?:dys)?function|preeclamp"
    "|menopaus|polycystic|infertil|diabetes control|insulin|saliva|xerostom|dry mouth|wound|ulcer|burn(?:s|ed)\\b"
    "|anal fissure|lymphedema|edema of|sj.gren|psoria|rheumatoid|idiopathic arthritis|scoliosis|bruxis|osteopor|sepsis",
}  # fmt: skip
_OTHER_USE = re.compile(rf"\b(?:{'|'.join(_USES.values())})")
# Stimulation around an operation; not the operation that implants the device itself.
_OPERATION = re.compile(
    r"\b(?:after|following|undergoing|during|for) (?!(?:\S+ ){0,3}?(?:implant|stimulator|electrode|pump|lead))"
    r"(?:\S+ ){0,3}?"
    r"(?:surgery|operations?|repair|an[a]?esthesia|\w{3,}(?:ectomy|otomy|ostomy|oscopy|oplasty)|bypass|c[a]?esarean"
    r"|childbirth|vaginal delivery)\b"
)


def scope(modalities: Collection[str], conditions: Collection[str], document: Document, animal: bool = False) -> Scope:
    """From the modalities and conditions tagged, and the text."""
    if not modalities:
        return Scope.OFF_TOPIC
    if animal:
        return Scope.NEIGHBOUR
    title = document.title.lower
    if CHRONIC_PAIN.intersection(conditions):
        only_acute = "acute_pain" in conditions and not _CHRONIC.search(title + " " + _opening(document))
        return Scope.NEIGHBOUR if only_acute else Scope.CORE
    if conditions:
        return Scope.NEIGHBOUR
    if _PAIN.search(title):
        return Scope.NEIGHBOUR if _ACUTE.search(title) and not _CHRONIC.search(title) else Scope.CORE
    for_pain = any(modality in _FOR_PAIN or modality.startswith("scs_") for modality in modalities)
    if for_pain and not _OTHER_DISEASE.search(title):
        return Scope.CORE
    return Scope.NEIGHBOUR if _names_another_use(document) else Scope.UNSTATED


def _names_another_use(document: Document) -> bool:
    """Whether the title, or an abstract that speaks of no pain, says what else the modality was used for."""
    opening = _opening(document)
    texts = [document.title.lower] if _PAIN.search(opening) else [document.title.lower, opening]
    return any(found.search(text) for text in texts for found in (_OTHER_DISEASE, _ACUTE, _OTHER_USE, _OPERATION))


def _opening(document: Document) -> str:
    """What the abstract says of the study, background left out."""
    return " ".join(s.lower for s in document.abstract_sentences if s.category != BACKGROUND)
