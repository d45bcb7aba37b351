"""What tells a study's design: publication types here, titles and sentences in tables of their own.

The designs and what each means for a reader: ``queries/vocabulary/design.yml``.
"""

from __future__ import annotations

import re

from evidence.tagging.design.sentences import TEXT_RULES
from evidence.tagging.design.titles import TITLE_RULES
from evidence.tagging.matching.needed_words import Guarded
from evidence.tagging.text.document import ADMINISTRATIVE, BACKGROUND, CATEGORIES, ELIGIBILITY, TITLE

__all__ = ["OTHER_ANCHORS", "PUBLICATION_TYPES", "TEXT_RULES", "TITLE_RULES"]

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

# A search for studies and what was done with them: both together are a systematic review even when not called one.
DATABASE_SEARCH = Guarded(
    r"\b(?:electronic (?:bibliographic )?databases?|search(?:es)? of the (?:\w+ )?literature"
    r"|(?:comprehensive|literature) search|medline|pubmed|embase|cochrane (?:library|central|database|controlled)"
    r"|cinahl|web of science|scopus|psycinfo)\b"
)
STUDY_SELECTION = Guarded(
    r"\b(?:risk of bias|methodological quality|quality (?:assessment|of the (?:studies|evidence|trials))"
    r"|data (?:were |was )?(?:\w+ )?extract|inclusion criteria|(?:studies|trials|articles|papers"
    r"|rcts) (?:\S+ ){0,3}?(?:were|was|met|meeting|fulfilled) (?:\w+ )?(?:included|selected|eligible"
    r"|identified|inclusion|retrieved)|included (?:studies|trials)|eligible (?:studies|trials)"
    r"|data were pooled)"
)
# What an article that only discusses says, when no rule was satisfied and no participants are counted.
DISCUSSION = re.compile(
    r"\b(?:article|paper|chapter|manuscript|authors?|we|text) (?:\w+ ){0,2}(?:discuss(?:es)?|summari[sz]es?"
    r"|outlines?|describes?|provides?|highlights?|explores?|considers?|addresses|covers?|focus(?:es)?"
    r"|present(?:s)? (?:an|the) (?:overview|current))|\b(?:is|are|will be) (?:\w+ )?(?:discussed"
    r"|summari[sz]ed|outlined|presented|considered|described)\b|\bareas covered|\bexpert (?:opinion"
    r"|commentary)|\brecent findings|\bthis (?:article|paper|chapter|manuscript|overview|essay|synopsis)\b"
)
# A finding of one's own: a probability, a spread, a count; or a measurement.
COMPUTED = Guarded(
    r"\bp ?[<=>] ?0?\.\d|\+/-|±|\bn ?= ?\d|\bsignificantly (?:\w+ )?(?:higher|lower|increas|decreas|reduc"
    r"|improv|differ|more|less|great|better|worse|correlat|affect|prolong|shorten)",
    words=("significantly ", "=", "<", ">", "\u00b1", "+/-"),
)
MEASURED = Guarded(
    r"\b(?:was|were) (?:\w+ly )?(?:measured|recorded|obtained|performed|tested|determined|examined"
    r"|investigated|studied|implanted|administered|injected|compared|evaluated|assessed|calculated|used to)\b"
    r"|\bresults? (?:showed|revealed|indicated|demonstrated)|\bwe (?:\w+ )?(?:found|observed|measured"
    r"|recorded|tested|examined|investigated|show|showed|demonstrated?|used|assessed|evaluated|compared"
    r"|studied|hypothesi\w+|performed|developed|analy[sz]ed|determined|applied|treated)\b|\bmethod(?:s"
    r"|\(s\))?\s?:"
)
# A general statement: what is, may or should be.
GENERAL = re.compile(r"\b(?:is|are|may|can|should|must|remains?|has|have)\b(?: \w+){1,3}")
# Words of the bench: what speaks in general with them is no review of medicine.
BENCH = Guarded(
    r"\b(?:phagocyt\w*|mrna|membrane|protein kinase|antigen|electrode array|enzyme|intracellular"
    r"|extracellular|algorithm)\b"
)
# People who were studied, without a number.
STUDIED = Guarded(
    r"\b(?:patients|subjects|participants|children|women|men|volunteers|outpatients|individuals"
    r"|adults) (?:\S+ ){0,4}?(?:were|underwent|received|completed|had)\b|\b(?:in|from"
    r"|of) (?:\w+ ){0,3}(?:patients|subjects|participants|children|women)\b"
)
# Healthy people whom a study is about, in a plan that does not say how many.
HEALTHY_AIM = re.compile(
    r"\b(?:this|our|the (?:present|current|proposed|study|aims?|purpose|goals?|objectives?)|investigators"
    r"|researchers|we)\b(?:(?!\bpatients?\b)[^.;]){0,200}?\bhealthy (?:[\w-]+ ){0,2}(?:volunteers?|subjects?"
    r"|participants?|adults?|individuals?|men|women|people|persons)\b(?![^.;]*\bpatients?\b)"
)
# One patient, and nobody else counted.
ONE_CASE = Guarded(
    r"\b(?:a|one|our|this) (?:[\w-]+ ){0,4}?(?:patient|man|woman|boy|girl|child)\b[^.;]{0,150}\b(?:was|had"
    r"|developed|underwent|presented|received|improved|experienced|became|resolved|regressed|suffered"
    r"|treated)\b|^\W*(?:the|our) patient (?:was|had|has|developed|underwent|received|reported|presented)\b"
    r"|\b(?:patient|child|man|woman) (?:with|who|treated|suffering|after|following) [^.;]{0,100}\b(?:is"
    r"|was) (?:described|reported|presented)\b"
)
# Planned studies: by the title, or by an abstract that says "will" of its own study, twice.
PROTOCOL_TITLE = re.compile(
    r"\b(?:study|trial|review|research|investigation) protocol\b|\bprotocol (?:for|of) (?:an?|the|\d)\b"
    r"|[:.–-] ?(?:an? |the )?protocol\b|^\W*protocol\b|\brationale and (?:study )?design"
    r"|\bdesign and rationale|\b(?:study|trial) design\b"
)
PROTOCOL_TEXT = re.compile(
    r"\b(?:study|trial|review) protocol\b|\bthis protocol\b|\bmethods and analysis\b"
    r"|\bethics and dissemination\b|\bwe propose (?:a|to)\b|\b(?:patients|participants|subjects|women|men"
    r"|children|adults|individuals) will be\b|\b(?:study|trial|review) will\b|\bwill be (?:randomi|recruited"
    r"|enrolled|included|assigned|allocated)"
)
# A further analysis of a trial or cohort reported elsewhere: the same study, not new evidence.
SECONDARY = re.compile(
    r"\b(?:(?:post[- ]hoc|secondary|sub-?group|ancillary|exploratory|pooled)[ -]"
    r"|re[ -]?)analys[ie]s of (?:\S+ ){0,8}?(?:trial|study|data|rct|randomi[sz]ed)|\bsecondary analys[ie]s\b"
    r"|\bpost[- ]hoc (?:\w+ ){0,2}analys[ie]s\b|\bsub-?study of\b|\bsubstudy\b|\bextension (?:study|phase"
    r"|trial)\b|\b(?:12|18|24|36|48|60)[- ]month (?:results|outcomes|follow-up)[^.;]{0,80}randomi[sz]ed"
)
# What a systematic review included.
OF_RANDOMISED_TRIALS = Guarded(
    r"\brandomi[sz]ed(?:,? [\w/-]+){0,4} (?:trials|studies)\b|\brcts\b|\brandomi[sz]ed[- ]controlled\b"
)
OTHER_STUDIES = Guarded(
    r"\b(?:observational|cohort|non-?randomi[sz]ed|uncontrolled|case[- ](?:series|control|reports?)"
    r"|prospective|retrospective|all (?:study )?designs|any (?:study )?design|animal|preclinical"
    r"|qualitative)\b"
)

# The title is read by rules of its own, and these sentences speak of other studies, or of who may take part.
NOT_THE_STUDY = frozenset({TITLE, BACKGROUND, ELIGIBILITY, ADMINISTRATIVE})
# Where the patterns that are no design rule can match, and the categories of sentences that they leave out.
OTHER_ANCHORS: dict[str, tuple[str, ...]] = {
    "one case": ("patient", "man ", "woman ", "boy ", "girl ", "child "),
    "databases": (
        "electronic database", "electronic bibliographic", "search", "medline", "pubmed", "embase", "cochrane",
        "cinahl", "web of science", "scopus", "psycinfo",
    ),
    "selection": (
        "risk of bias", "methodological quality", "quality", "extract", "inclusion criteria", "included", "eligible",
        "pooled", "met ", "meeting ", "fulfilled ", "selected ", "identified ", "inclusion ", "retrieved ",
    ),
    "protocol title": ("protocol", "rationale", "design"),
    "protocol": (
        "study protocol", "trial protocol", "review protocol", "this protocol", "methods and analysis",
        "ethics and dissemination", "we propose a", "we propose to", "patients will be", "participants will be",
        "subjects will be", "women will be", "men will be", "children will be", "adults will be",
        "individuals will be", "study will ", "trial will ", "review will ", "will be randomi", "will be recruited",
        "will be enrolled", "will be included", "will be assigned", "will be allocated",
    ),
    "secondary": (
        "post hoc", "secondary analys", "subgroup analys", "sub-group analys", "substudy ", "sub-study of",
        "extension study", "extension phase", "extension trial", "ancillary analys", "exploratory analys", "reanalys",
        "re-analys", "re analys", "pooled analys", "month results", "month outcomes", "month follow-up",
    ),
    "discussion": (
        "discuss", "summarize", "summarise", "outline", "describe", "provide", "highlight", "explore", "consider",
        "addresses", "cover", "focus", "present an overview", "present an current", "present the overview",
        "present the current", "presents an overview", "presents an current", "presents the overview",
        "presents the current", "presented", "areas covered", "expert opinion", "expert commentary",
        "recent findings", "this article", "this paper", "this chapter", "this manuscript", "this overview",
        "this essay", "this synopsis",
    ),
}  # fmt: skip
LEFT_OUT: dict[str, frozenset[str]] = {
    "one case": NOT_THE_STUDY,
    "databases": NOT_THE_STUDY,
    "selection": NOT_THE_STUDY,
    "discussion": NOT_THE_STUDY,
    "protocol title": frozenset(CATEGORIES) - {TITLE},
}
