"""Tags: modality, outcome, condition, design, sample size, each with the words that earned it."""

from evidence.tagging.hand_tags import HandTags, load_hand_tags
from evidence.tagging.matching.vocabulary import Vocabulary, load_vocabulary
from evidence.tagging.tagger import Tagger
from evidence.tagging.types import DesignTags, Evidence, NearMiss, SampleSize, Tags

__all__ = [
    "DesignTags",
    "Evidence",
    "HandTags",
    "NearMiss",
    "SampleSize",
    "Tagger",
    "Tags",
    "Vocabulary",
    "load_hand_tags",
    "load_vocabulary",
]
