"""What tells a study's design: publication types here, the words of titles and of sentences in YAML beside this module.

``titles.yml`` and ``sentences.yml`` hold a rule for each way to name a design, ``signs.yml`` the words that help to
decide between them and those of the marks beside a design. The designs and what each means for a reader:
``queries/vocabulary/design.yml``.
"""

from __future__ import annotations

from pathlib import Path

from evidence.rules import load_rules
from evidence.tagging.text.document import ADMINISTRATIVE, BACKGROUND, CATEGORIES, CONCLUSIONS, ELIGIBILITY, TITLE

HERE = Path(__file__).parent
TITLE_RULES = load_rules(HERE / "titles.yml").parts["titles"]
TEXT_RULES = load_rules(HERE / "sentences.yml").parts["sentences"]
SIGNS = {rule.name: rule for rule in load_rules(HERE / "signs.yml").parts["signs"]}
# What few records are asked for is looked for when it is.
ON_DEMAND = frozenset({
    "computed", "figures", "measured", "studied", "general", "bench", "healthy aim", "one case", "of randomised trials",
    "other studies",
})  # fmt: skip
MARKS = {rule.name: rule for rule in load_rules(HERE / "signs.yml").parts["marks"]}

# PubMed's publication types, most telling first. "Review" and "Clinical Trial" say less than a title does.
PUBLICATION_TYPES: dict[str, str] = {
    "Retraction of Publication": "notice",
    "Published Erratum": "notice",
    "Expression of Concern": "notice",
    "Practice Guideline": "guideline",
    "Guideline": "guideline",
    "Consensus Statement": "guideline",
    "Consensus Development Conference": "guideline",
    "Consensus Development Conference, NIH": "guideline",
    "Network Meta-Analysis": "meta_analysis",
    "Meta-Analysis": "meta_analysis",
    "Scoping Review": "scoping_review",
    "Systematic Review": "systematic_review",
    "Randomized Controlled Trial": "rct",
    "Pragmatic Clinical Trial": "rct",
    "Equivalence Trial": "rct",
    "Adaptive Clinical Trial": "rct",
    "Randomized Controlled Trial, Veterinary": "animal",
    "Observational Study, Veterinary": "animal",
    "Clinical Trial, Veterinary": "animal",
    "Case Reports": "case_report",
    "Controlled Clinical Trial": "nonrandomised",
    "Observational Study": "observational",
    "Clinical Trial": "prospective",
    "Clinical Trial, Phase I": "prospective",
    "Clinical Trial, Phase II": "prospective",
    "Clinical Trial, Phase III": "prospective",
    "Clinical Trial, Phase IV": "prospective",
    "Clinical Study": "observational",
    "Review": "review",
    "Editorial": "opinion",
    "Comment": "opinion",
    "Letter": "opinion",
    "News": "opinion",
}

# The title is read by rules of its own, and these sentences speak of other studies, or of who may take part.
NOT_THE_STUDY = frozenset({TITLE, BACKGROUND, ELIGIBILITY, ADMINISTRATIVE})
# What was known before and what follows from it say nothing of how the study was done, nor does who could take part of
# how long they were followed.
LEFT_OUT: dict[str, frozenset[str]] = {
    **dict.fromkeys((rule.label for rule in TEXT_RULES), NOT_THE_STUDY),
    **dict.fromkeys(SIGNS.keys() - {"protocol", "secondary"}, NOT_THE_STUDY),
    "protocol title": frozenset(CATEGORIES) - {TITLE},
    **dict.fromkeys(MARKS, frozenset({BACKGROUND, CONCLUSIONS})),
    "follow-up": frozenset({BACKGROUND, ELIGIBILITY}),
    "time points": frozenset({TITLE, BACKGROUND, ELIGIBILITY, CONCLUSIONS}),
}
