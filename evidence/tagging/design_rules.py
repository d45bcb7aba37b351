"""The words that tell a study's design: one table for titles, one for the sentences of abstracts.

A rule runs only where one of its ``anchors`` occurs (a substring test), and is stopped by ``unless``. Titles and
sentences are in plain lower case (:mod:`evidence.tagging.text`). Patterns have bounded gaps, so none can backtrack
for longer than its sentence is long. What a design is, and which children it has: ``queries/vocabulary/design.yml``.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Rule(NamedTuple):
    """``pattern`` gives ``design`` where an anchor occurs and ``unless`` does not match the same title or sentence."""

    design: str
    name: str
    anchors: tuple[str, ...]
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None

    def match(self, text: str) -> re.Match[str] | None:
        found = self.pattern.search(text)
        return found if found and not (self.unless and self.unless.search(text)) else None


def _rule(design: str, name: str, anchors: str, pattern: str, unless: str = "") -> Rule:
    words = tuple(anchor.strip().replace("@", "") for anchor in anchors.split("|"))
    return Rule(design, name, words, re.compile(pattern), re.compile(unless) if unless else None)


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

_ANIMALS = (
    r"\b(?:rats?|mice|mouse|murine|rodents?|cats?|dogs?|canine|feline|swine|porcine|pigs?|minipigs?|piglets?|sheep|"
    r"ovine|goats?|rabbits?|monkeys?|macaques?|marmosets?|primates?|hamsters?|gerbils?|ferrets?|equine|zebrafish|"
    r"drosophila|calves|lambs?|animal (?:model|stud|experiment)\w*)\b"
)
_ANIMAL_ANCHORS = (
    "rats|rat @|rat-|in rat|mice|mouse|murine|rodent|cats|cat @|dogs|dog @|canine|feline|swine|porcine|pigs|pig @|piglet|"
    "sheep|ovine|goat|rabbit|monkey|macaque|marmoset|primate|hamster|gerbil|ferret|equine|zebrafish|drosophila|"
    "calves|lambs|lamb @|animals|animal @|kitten|crayfish|frog|aplysia|cockroach|lamprey|mussel|model of|models of"
)

# Titles, in order of precedence: the first design found is the principal one, and silences those it excludes.
TITLE_RULES: tuple[Rule, ...] = (
    _rule("notice", "title: notice",
        "erratum|errata|corrig|correction|retract|expression of concern|withdrawn",
        r"^\W*(?:(?:published )?erratum\b|errata\b|corrigend|correction(?:s)?(?: to)?\s*[:.]|correction (?:to|for)\b|retract(?:ion|ed)\b"
        r"|notice of retraction|expression of concern|author correction|publisher correction)|\bretraction (?:notice|note)\b"
        r"|^withdrawn:"),
    _rule("opinion", "title: letter, comment or editorial",
        "letter|comment|reply|response to|editorial|in reply|re:|author|viewpoint|invited",
        r"^\W*(?:re\s*:|reply\b|in reply|response to|authors?'? ?(?:'s)? (?:reply|response)|comments?(?:ary)? (?:on|to)\b"
        r"|letter to|editorial\b|invited commentary)|\bletter to the editor|: (?:an? )?(?:editorial|commentary|comment|reply|viewpoint)\W*$"),
    _rule("guideline", "title: guideline or consensus",
        "guideline|consensus|recommendation|best practice|position statement|position paper|practice parameter|"
        "practice advisory|appropriateness|expert panel|white paper|practice guidance",
        r"\bguidelines?\b|\bconsensus\b|\bbest practices?\b|\bposition (?:statement|paper)\b|\bpractice (?:parameter|advisory|guidance)"
        r"|\brecommendations?\b|\bappropriateness (?:criteria|consensus|of)|\bexpert panel\b|\bwhite paper\b",
        r"(?:adherence|compliance|concordance|conformity|awareness|knowledge|implementation|adoption|uptake|impact|quality|"
        r"appraisal|comparison|according) (?:\w+ ){0,4}(?:guideline|recommendation)|guidelines?[- ](?:based|concordant|"
        r"recommended|adherent|directed)|review of (?:\w+ ){0,4}(?:guideline|recommendation)|recommendations? for (?:future )?research"),
    _rule("systematic_review", "title: systematic review",
        "systemati|systemic|meta-|meta |metaanaly|scoping|umbrella|integrative|rapid review|rapid evidence|overview of|evidence map|"
        "evidence synth|cochrane|realist|individual p|mixed",
        r"\bsystematic(?:ally)?\b[\w\s,/&-]{0,60}\b(?:review|overview|search|synthesis|map)|\bsystemic (?:literature )?review"
        r"|\breview: systematic|\bmeta-? ?(?:analy|regression|synthes|review|epidemi)|\bscoping (?:literature )?(?:review|study)"
        r"|\bumbrella (?:systematic )?review|\bintegrative (?:literature )?review|\brapid (?:evidence )?review"
        r"|\boverview of (?:systematic |cochrane )?reviews|\bevidence (?:map|synthesis)|\bcochrane (?:systematic |database )?review"
        r"|\brealist (?:review|synthesis)|\bindividual (?:patient|participant)s? data\b|\bmixed[- ]methods? review"),
    _rule("animal", "title: animals", _ANIMAL_ANCHORS, _ANIMALS,
        r"\bpatients?\b|\bhumans?\b|\bvolunteers?\b|\bcats? scan|\bchildren\b|\bclinical (?:trial|stud)"),
    _rule("case_report", "title: case report",
        "case|cases|patient|year-old|n-of-1|n of 1",
        r"\bcase reports?\b|\breport of (?:(?:a|an|one|two|three|four|five|six|\d{1,2}) )?(?:\w+ ){0,2}cases?\b|\ba case of\b"
        r"|: an? (?:\w+ ){0,3}case\b|\bcase (?:study|presentation|illustration|description)\b|\bsingle[- ]case\b|\bn[- ]of[- ]1\b"
        r"|\b(?:one|two|three|four|five) (?:\w+ ){0,2}(?:cases|patients)\W*$|\bin an? (?:\S+ )?\d+-year-old|\bin a patient\b",
        r"case[- ]control|case[- ]manage"),
    _rule("case_series", "title: case series", "case series|cases series|series of", r"\bcases? series\b|\ba series of (?:\S+ ){0,4}(?:patients|cases)\b"),
    _rule("economic", "title: economic evaluation",
        "cost|economic|budget|expenditure|quality-adjusted|resource utili|resource use",
        r"\bcosts?\b|\b(?:health[- ]?|pharmaco)?economics? (?:evaluation|analysis|model|impact|burden|assessment|outcome|value|implication|aspect)"
        r"|\bbudget impact|\bexpenditures?\b|\bquality-adjusted life|\bresource (?:utili[sz]ation|use)\b"),
    _rule("survey", "title: survey",
        "survey|questionnaire study|delphi|questionnaire-based|self-report",
        r"\bsurvey\b|\bquestionnaire[- ](?:study|based)|\bdelphi\b|\bself-report of\b",
        r"\bsurvey (?:data|of the (?:\w+ )?literature)|\bliterature survey|\bhealth (?:\w+ )?(?:interview|examination) survey"),
    _rule("qualitative", "title: qualitative study", "qualitative|focus group|interview stud|phenomenolog",
        r"\bqualitative (?:\w+ )?(?:study|analysis|research|interview|inquiry|exploration|evaluation)|\bfocus groups?\b|\binterview study"
        r"|phenomenological (?:study|analysis)"),
    _rule("retrospective", "title: retrospective", "retrospective|chart review|record review|claims|review of",
        r"\bretrospective|\b(?:chart|records?|case|institutional|database) review\b|\bclaims (?:data|database|analysis)"
        r"|\breview of (?:\d+|our|the \w+ experience|(?:\w+ )?(?:consecutive|cases|patients))\b",
        r"systematic"),
    _rule("nonrandomised", "title: not randomised", "random", r"\b(?:non|quasi)[- ]?randomi[sz]ed"),
    _rule("rct", "title: randomised trial",
        "randomi|randomly|rct|double-blind|double blind|placebo-controlled|sham-controlled|crossover|cross-over|placebo controlled|sham controlled|triple-blind",
        r"\brandomi[sz](?:ed|ation)\b|\brandomly\b|\brct\b|\b(?:double|triple)[- ]blind|\b(?:placebo|sham)[- ]controlled"
        r"|\bcross-?over (?:\w+ ){0,2}(?:trial|study)",
        r"\b(?:non|quasi)[- ]?randomi|\brandomi[sz]ed (?:controlled )?(?:clinical )?(?:trials|studies)\b"),
    _rule("experimental_human", "title: healthy volunteers", "healthy|volunteers|normal subjects|pharmacokinetic|human experimental",
        r"\bhealthy (?:[\w-]+ ){0,3}(?:volunteers?|subjects?|participants?|adults?|individuals?|men|women|humans?|students|people|persons)"
        r"|\bvolunteers\b|\bnormal (?:human )?subjects|\bpharmacokinetics?\b|\bhuman experimental pain",
        r"\bpatients\b|\bchildren\b"),
    _rule("prospective", "title: prospective", "prospective|open-label|open label|feasibility|pilot|phase i|phase 1|phase 2|single-arm|single arm|controlled trial|preliminary",
        r"\bprospective|\bopen[- ]label|\b(?:feasibility|pilot) (?:\w+ ){0,2}(?:study|trial)|\bsingle[- ]arm|\bcontrolled (?:clinical )?trial\b"
        r"|\bphase (?:i{1,3}|iv|[1-4])\b"),
    _rule("cross_sectional", "title: cross-sectional", "cross-sectional|cross sectional|prevalence", r"\bcross[- ]sectional|\bprevalence (?:and|of)\b"),
    _rule("case_control", "title: case-control", "case-control|case control", r"\bcase[- ]control"),
    _rule("registry", "title: registry", "registry|registries", r"\bregistr(?:y|ies)\b"),
    _rule("observational", "title: cohort or follow-up", "cohort|observational|longitudinal|follow-up|experience|long-term|case-match|consecutive|population-based|results",
        r"\bcohort\b|\bobservational\b|\blongitudinal\b|\bfollow-up (?:study|of|results)|\b(?:year|center|centre|institution\w*)s?'?s? experience"
        r"|\bexperience (?:with|in) \d+|\bconsecutive\b|\bpopulation-based|\blong-term (?:results|outcomes?|follow-up)|\b\d+[- ](?:year|month)s? (?:results|follow-up)"),
    _rule("review", "title: review",
        "review|overview|update|state of the art|state-of-the-art|current|narrative|advances|future|perspective|primer|histor",
        r"\breview\b|\boverview\b|\bupdate\b|\bstate[- ]of[- ]the[- ]art\b|\bnarrative\b|\bprimer\b|\bperspectives?\b|\b(?:recent )?advances in\b"
        r"|\bcurrent (?:status|concepts?|perspectives?|trends?|evidence|knowledge|state|practices?|approach(?:es)?|opinion|management|treatments?|therap\w+|options?|understanding|and future|insights?)\b"
        r"|\bfuture (?:directions?|perspectives?|of)\b|\bhistor(?:y|ical)\b",
        r"\b(?:chart|record|institutional|utili[sz]ation|peer|literature review of \d)[- ]review|\breview board|\bhistory of (?:\w+ )?(?:surgery|pain|abuse|trauma)"
        r"|\bpatients?'?s? perspectives?"),
)  # fmt: skip

_OTHERS = r"\b(?:previous(?:ly)?|prior|earlier|recent(?:ly)?|future|further|published|several|available|existing|few|no|lack of|need(?:ed|s)?|required?|warranted|necessary|await\w*|should be|large[r]?|until|well-designed|high-quality|more)\b"

# Sentences of the abstract that speak of the study itself; background sentences are left out for these.
TEXT_RULES: tuple[Rule, ...] = (
    _rule("guideline", "text: this guideline",
        "this guideline|these guideline|consensus|recommendations|present guideline",
        r"\b(?:this|these|the present|our) (?:\w+ ){0,3}(?:guidelines?|recommendations?|consensus)\b|\bconsensus (?:committee|panel|conference|meeting|group|process|statements?|recommendations?|guidelines?)\b"
        r"|\b(?:panel|group|committee|task force) (?:of experts )?(?:was|were)? ?(?:convened|formed|developed|recommend)|\brecommendations (?:are|were) (?:made|given|provided|developed|formulated|graded)",
        r"\b(?:according to|following|in line with|consistent with|adherence to|based on) (?:\w+ ){0,4}(?:guideline|recommendation|consensus)"),
    _rule("narrative", "text: narrative review", "narrative",
        r"\bnarrative (?:literature |overview|synthesis of the literature)?(?:review)?\b(?! synthesis)", r"\bsystematic"),
    _rule("systematic_review", "text: systematic review",
        "systematic|meta-analy|meta analy|metaanaly|scoping review|prisma|umbrella review",
        r"\bsystematic(?:ally)?,? (?:(?:and|literature|electronic|computeri[sz]ed|evidence|comprehensive|scoping|bibliographic|critical|qualitative|mixed) ){0,3}(?:reviews?\b|search|mapping)|\bsystematic synthesis"
        r"|\bsystematically (?:\w+ )?(?:review|search|identif)|\b(?:a|an|this|our|the|perform\w*|conduct\w*) (?:\w+ ){0,3}meta-? ?analys[ie]s|\bmeta-? ?analy(?:s[ie]s|[sz]ed) (?:was|were|of|included|showed|using)|\bmeta-analy[sz]ed|\bscoping review|\bumbrella review|\bprisma\b",
        r"\b(?:previous|prior|recent|published|existing|earlier|several|available|two|three|other|cochrane|future|further|more|from) (?:\w+ ){0,3}(?:systematic|meta)"
        r"|\b(?:evidence|data|findings|results|wherein there is evidence|supported by|findings) (?:from|of|by) (?:\w+ ){0,2}(?:systematic|meta)|\bneed(?:ed|s)?\b|based on systematic|systematic reviews? (?:and|or|,) (?:\w+ ){0,2}(?:randomi|trials|rct|guideline|clinical)|^\W*an? (?:[\w-]+ ){0,3}(?:review|meta-analysis)(?: \S+){0,8}? (?:revealed|showed|found|demonstrated|suggested|reported|concluded|indicated)"),
    _rule("rct", "text: allocated at random",
        "random",
        r"\b(?:were|was|be|been|being|are|is|then|and|who|patients|subjects|participants|volunteers|women|children|men|eyes|knees) (?:[a-z]+ly |then |\d+:\d+ |equally )?(?:block[- ]?|computer[- ]?)?randomi[sz]ed\b"
        r"|\brandomi[sz]ed (?:\S+ ){0,4}?(?:to|into|between|among|in(?: a)? \d|1:1|\(1:1|equally|using|by|after|for)\b"
        r"|\brandomly,? (?:and \w+ |and (?:equally|evenly) |pre-?)?(?:assigned|allocated|divided|distributed|received?|enrolled|grouped|categori[sz]ed|separated|placed|treated|given|administered|selected to|chosen to|assign|allocate|split|subdivided|classified|sorted|designated|randomi)"
        r"|\b(?:assigned|allocated|divided|distributed|received|grouped|categori[sz]ed|split|administered|given|selected|separated|classified)\b[^.;]{0,60}?\b(?:randomly|at random|by random|in (?:a )?random(?:i[sz]ed)?)\b"
        r"|\brandomi[sz](?:ation|ing) (?:was|will|were|is|to|list|ratio|sequence|of|procedure|visit|schedule|scheme|by|into|\d)|\brandom (?:allocation|assignment|number)|\brandomi[sz]e(?:s)? (?:\S+ ){0,4}(?:patients|subjects|participants|women|to)\b"
        r"|\brandomisation\b|\brandomization\b",
        r"\bnon-?randomi|\bnot randomi|\bmendelian|\bstudies (?:were|that) (?:\w+ )?randomi|\b(?:trials|studies) in which|\bwithout randomi|\black of randomi|\bshould be randomi"),
    _rule("rct", "text: this randomised trial",
        "randomi|rct",
        r"\brandomi[sz]ed,? ?(?:\(?[\w/-]+\)?,? (?:and )?){0,7}?(?:trial|study|investigation|design|fashion|manner|comparison|experiment|evaluation|cross-?over|protocol|pilot|rct|basis|order|sequence|way|phase)\b"
        r"|\b(?:this|our|the present|pilot|a) (?:\w+[ -]){0,3}rct\b|\btrial of randomi[sz]ed\b",
        _OTHERS + r"[^.;]{0,60}\brandomi|\bnon-?randomi|\b(?:in|of|from|one|two|three|the) (?:\w+ ){0,2}randomi[sz]ed (?:\w+ ){0,3}trial,? (?:has|have|showed|found|demonstrated|reported)|\brandomi[sz]ed[^.;]{0,80}\b(?:(?:is|are|be|seems?) (?:\w+ )?(?:needed|warranted|required|necessary|justified|recommended|lacking)|would (?:help|be))\b|\b(?:should|would|could|transition\w*|extension|rolled|completed|participated in|worthwhile|class i{1,3})\b[^.;]{0,120}\brandomi|\brandomi[sz]ed[^.;]{0,140}\b(?:should|would|could|transition\w*)\b"),
    _rule("rct", "text: blind with placebo or sham",
        "blind|placebo-controlled|sham-controlled",
        r"\b(?:double|triple)[- ]blind[^.;]{0,120}\b(?:placebo|sham|cross-?over|controlled)|\b(?:placebo|sham|cross-?over|controlled)\b[^.;]{0,120}\b(?:double|triple)[- ]blind"
        r"|\b(?:placebo|sham)[- ]controlled,? (?:\S+ ){0,5}(?:trial|study|design|investigation|cross-?over)\b",
        _OTHERS + r"[^.;]{0,60}\b(?:blind|placebo-c|sham-c)|\b(?:needed|warranted|required|necessary)\b|\b(?:trials|studies)\b"),
    _rule("rct", "text: crossover with placebo or sham",
        "crossover|cross-over|cross over",
        r"\b(?:placebo|sham)[^.;]{0,150}\bcross[- ]?over|\bcross[- ]?over[^.;]{0,150}\b(?:placebo|sham)|\bcross[- ]?over (?:\w+ ){0,2}(?:trial|study|design|fashion|manner)\b",
        _OTHERS + r"[^.;]{0,60}\bcross|\b(?:found|showed|demonstrated|reported|suggests?) that\b|\b(?:should|would|could)\b"),
    _rule("sham_arm", "planned study with a sham or placebo arm",
        "sham|placebo",
        r"\b(?:sham|placebo)\b[^.;]{0,60}\b(?:group|arm|stimulation|treatment|condition|device|control|tens|tdcs|rtms)|\b(?:versus|vs\.?|or|and|to|with) (?:a |the )?(?:sham|placebo)\b",
        r"\b(?:previous|prior|earlier|recent|found|showed|demonstrated|reported|studies|trials|evidence)\b"),
    _rule("case_report", "text: we report a case",
        "report|describe|present|case|year-old|year old|yr-old|month-old",
        r"\b(?:reports?|describes?|presents?|present) (?:on |here |herein )?(?:a|an|the|one|two|three|four|five|our|this) (?:[^\s.;]+ ){0,6}?(?:case|cases|patient|patients|man|woman|boy|girl|child|infant|year-old|men|women)\b(?! series)"
        r"|\b(?:this|the present|our) (?:unusual |rare |unique |first )?case\b(?! series)|\ban? (?:[^\s.;]+ ){0,3}?\d{1,3}[- ](?:year|yr|month|week)s?[- ]old\b|\bcase (?:report|presentation|description)\b|\bthe case of an?\b",
        r"\bcase[- ]control|\b(?:series|group|cohort|total) of\b|\bincluded case report|\bcase reports (?:and|were|have)"),
    _rule("case_report", "text: cases described one by one",
        "describe|reported|presented|course of|features of",
        r"\b(?:two|three|four|five) (?:[\w-]+ ){0,4}(?:patients|children|cases|men|women|adults|boys|girls)\b[^.;]{0,120}\b(?:is|are) (?:\w+ )?(?:described|reported|presented)\b|\b(?:clinical )?(?:course|features|management|history) of (?:two|three|four|five) (?:[\w-]+ ){0,3}(?:patients|children|cases)\b"),
    _rule("retrospective", "text: retrospective",
        "retrospective|chart|medical record|reviewed|case notes|claims|database",
        r"\bretrospective(?:ly)?\b|\bcharts? (?:were )?review|\b(?:medical|patient|clinical|hospital|case|electronic health) (?:records?|notes|files|charts)\b|\b(?:records|charts|notes|files|cases|patients|procedures) (?:\S+ ){0,8}?(?:were|was) (?:\w+ )?(?:reviewed|audited)"
        r"|\bwe (?:\w+ )?(?:reviewed|analy[sz]ed) (?:\S+ ){0,6}(?:patients|cases|records|charts|procedures|implant\w*|effect)|\bclaims (?:data|database)|\b(?:administrative|insurance|inpatient|hospital) (?:\w+ )?databases?\b|\bour experience\b",
        r"\bretrospective (?:studies|reports|data (?:suggest|show))|\bstudies\b[^.;]{0,40}\bretrospective|\b(?:prospective and|prospective or) retrospective|\b(?:medline|pubmed|embase|cochrane)\b|\bliterature\b"),
    _rule("prospective", "text: prospective",
        "prospective|open-label|open label|single-arm|pilot|feasibility|preliminary study|preliminary trial|phase ",
        r"\bprospective(?:ly)?\b|\bopen[- ]label\b|\bsingle[- ]arm\b|\b(?:pilot|feasibility|preliminary) (?:\w+ ){0,3}(?:study|trial|investigation)\b|\bphase (?:i{1,3}|iv|[1-4]) (?:\w+ ){0,3}(?:study|trial)",
        _OTHERS + r"[^.;]{0,40}\b(?:prospective|pilot|open|phase)|\bprospective(?:ly)? (?:[\w-]+ ){0,4}(?:studies|trials)\b|\bprospero\b|\bprospective(?:ly)? regist|\b(?:needed|warranted|required|necessary)\b"),
    _rule("case_control", "text: case-control", "case-control|case control", r"\bcase[- ]control (?:study|design|analysis)", r"\bstudies\b"),
    _rule("cross_sectional", "text: cross-sectional", "cross-sectional|cross sectional",
        r"\bcross[- ]sectional (?:\w+ ){0,2}(?:study|survey|analysis|design|data|investigation|questionnaire)", r"\bstudies\b"),
    _rule("registry", "text: registry", "registry", r"\b(?:in|from|of|the|a|this|our|using|multicent\S+|prospective|national|global) (?:\S+ ){0,4}registry\b", r"\btrials? registry|\bregistry (?:number|identifier|of (?:systematic|clinical|controlled))|\bregist(?:ered|ration)\b|clinicaltrials"),
    _rule("survey", "text: survey",
        "survey|questionnaire|respondent|were mailed|polled",
        r"\bsurveyed\b|\b(?:postal|mailed?|online|internet|web|web-based|telephone|electronic|cross-sectional|national|anonymous|self-administered|e-?mail|phone) (?:\w+ ){0,3}(?:survey|questionnaire)s?\b|\brespondents?\b|\b(?:surveys?|questionnaires?) (?:\S+ ){0,6}?(?:was|were) (?:\w+ )?(?:sent|mailed|e-?mailed|distributed|conducted|circulated|posted|returned|developed)\b"
        r"|\bthis survey|\ba survey (?:of|was)|\bcomplete a survey|\bresponse rate (?:was|of)|\bsurveys from\b",
        r"\bhealth survey|\bsf-?(?:36|12)|\bliterature\b"),
    _rule("economic", "text: economic evaluation",
        "cost-effectiveness|cost effectiveness|cost-utility|markov|incremental cost|budget impact|economic evaluation|economic analysis|cost analysis|cost-benefit|cost-minimi",
        r"\b(?:cost[- ](?:effectiveness|utility|benefit|minimi[sz]ation)|economic|cost) (?:analysis|evaluation|model|study)\b|\bmarkov\b|\bincremental cost|\bbudget impact",
        r"\b(?:future|further|needed|required|warranted)\b"),
    _rule("qualitative", "text: qualitative interviews", "semi-structured|semistructured|focus group|thematic analysis|qualitative",
        r"\bsemi-?structured (?:\w+ ){0,2}interview|\bfocus groups? (?:were|was)|\bthematic(?:ally)? analy|\bqualitative (?:study|interview|descriptive|content analysis)", r"\brandomi|\bstudies\b"),
    _rule("nonrandomised", "text: not randomised", "randomi", r"\b(?:non|quasi)-?randomi[sz]ed (?:\S+ ){0,4}(?:trial|study|design|comparison)\b|\bnot randomi[sz]ed", r"\bstudies\b|\btrials\b|\black"),
    _rule("animal", "text: animals",
        _ANIMAL_ANCHORS,
        r"\b(?:sprague[- ]?dawley|wistar|long[- ]evans|lewis|fischer|male|female|adult|an[ae]+stheti[sz]ed|freely moving|awake|conscious|naive|neonatal|isometric|isolated|control|experimental|treated|stimulated|ventilated|young|old|juvenile|decerebrate|spinali[sz]ed|c57|balb|transgenic|knockout|wild-?type|new zealand|mongrel|beagle|yucatan|\d+),? (?:[\w/-]+,? ){0,4}(?:rats?|mice|mouse|cats?|dogs?|swine|pigs?|minipigs?|piglets?|sheep|goats?|rabbits?|monkeys?|macaques?|hamsters?|gerbils?|ferrets?|guinea pigs?|kittens?|animals)\b|\b(?:lamprey|crayfish|aplysia|cockroach\w*|zebrafish|drosophila|frogs?|mussels?|kittens)\b|\b(?:rodent|animal|rat|mouse|murine|porcine|ovine|canine|primate) models? of\b"
        r"|\b(?:in|of|from|using|on|to|the) (?:the )?(?:[\w-]+ ){0,3}(?:rats?|mice|mouse|cats?|dogs|swine|pigs|minipigs|piglets|sheep|goats?|rabbits?|monkeys?|macaques?|hamsters?|gerbils?|ferrets?|guinea pigs?)\b|\b(?:rats|mice|cats|dogs|pigs|animals|rabbits|monkeys|sheep) (?:were|was|received|underwent|with|had|showed)\b|\brat (?:hippocamp|brain|spinal|model|cort)\w*"),
    _rule("experimental_human", "text: healthy volunteers",
        "healthy|volunteer|normal subjects|pain-free",
        r"\bhealthy,? (?:[\w-]+,? ){0,4}(?:volunteers?|subjects?|participants?|adults?|individuals?|men|women|males?|females?|humans?|students|people|persons)\b|\b(?:human|male|female|normal|naive|paid|opioid\S*|adult|\d+|\w+teen|twelve|ten|eleven|twenty|six|eight|nine|seven) volunteers?\b|\bnormal (?:human )?subjects\b|\bpain[- ]free (?:volunteers|subjects|participants)"),
    _rule("laboratory", "text: laboratory work",
        "in vitro|slices|patch-clamp|patch clamp|cell line|cultured|cell culture|isolated|computational|finite element|simulat|phantom model|cadaver|bench",
        r"\bin vitro\b|\bslices\b|\bpatch[- ]clamp|\bcell (?:lines?|cultures?)\b|\bcultured\b|\bcomputational (?:\w+ )?model|\bfinite[- ]element|\bcadaver|\bbench test"),
    _rule("review", "text: this review",
        "review",
        r"\b(?:this|the present|our|the current|in this|present) (?:[\w-]+ ){0,3}(?:review|overview)\b(?! (?:of (?:our|patients|\d|medical|records)))|\bwe (?:\w+ ){0,3}review (?!of)|\b(?:article|paper|chapter|manuscript|authors?) (?:\w+ ){0,2}reviews?\b|\b(?:is|are) (?:\w+ ){0,2}reviewed\b|\breviews? the (?:\w+ ){0,4}(?:literature|evidence|data|use|role|current|available|history|mechanism|treatment)"
        r"|\bpurpose of review|\bliterature review|\breview(?:s|ed|ing)? (?:of )?(?:the )?(?:\w+ ){0,3}literature|\bto review (?:the )?(?!\w* ?(?:records|charts|patients|cases))",
        r"\b(?:retrospective|chart|record|institutional|systematic) (?:\w+ )?review|\breview board|\breviewed (?:\S+ ){0,4}(?:patients|cases|records|charts)"),
)  # fmt: skip

# A search for studies and what was done with them: both together are a systematic review even when not called one.
DATABASE_SEARCH = re.compile(r"\b(?:medline|pubmed|embase|cochrane (?:library|central|database|controlled)|cinahl|web of science|scopus|psycinfo)\b")
STUDY_SELECTION = re.compile(
    r"\b(?:risk of bias|methodological quality|quality (?:assessment|of the (?:studies|evidence|trials))|data (?:were |was )?(?:\w+ )?extract|inclusion criteria"
    r"|(?:studies|trials|articles|papers|rcts) (?:\S+ ){0,3}?(?:were|was|met|meeting|fulfilled) (?:\w+ )?(?:included|selected|eligible|identified|inclusion|retrieved)|included (?:studies|trials)|eligible (?:studies|trials)|data were pooled)"
)

# What an article that only discusses says, when nothing above was found and no participants are counted.
DISCUSSION = re.compile(
    r"\b(?:article|paper|chapter|manuscript|authors?|we|text) (?:\w+ ){0,2}(?:discuss(?:es)?|summari[sz]es?|outlines?|describes?|provides?|highlights?|explores?|considers?|addresses|covers?|focus(?:es)?|present(?:s)? (?:an|the) (?:overview|current))"
    r"|\b(?:is|are|will be) (?:\w+ )?(?:discussed|summari[sz]ed|outlined|presented|considered|described)\b|\bareas covered|\bexpert (?:opinion|commentary)|\brecent findings|\bthis (?:article|paper|chapter|manuscript|overview|essay|synopsis)\b"
)
PROTOCOL_TITLE = re.compile(r"\b(?:study|trial|review)? ?protocol\b(?! for (?:treat|manag))|\brationale and (?:study )?design|\bdesign and rationale|\b(?:study|trial) design\b")
PROTOCOL_TEXT = re.compile(
    r"\b(?:study|trial|review) protocol\b|\bthis protocol\b|\bmethods and analysis\b|\bethics and dissemination\b|\bwe propose (?:a|to)\b|\b(?:patients|participants|subjects|women|men|children|adults|individuals) will be\b|\b(?:study|trial|review) will\b|\bwill be (?:randomi|recruited|enrolled|included|assigned|allocated)"
)
SECONDARY = re.compile(
    r"\b(?:post[- ]hoc|secondary|sub-?group|ancillary|exploratory|pooled|re-?) ?-?analys[ie]s of (?:\S+ ){0,8}?(?:trial|study|data|rct|randomi[sz]ed)|\bsecondary analys[ie]s\b|\bpost[- ]hoc (?:\w+ ){0,2}analys[ie]s\b|\bsub-?study of\b|\bsubstudy\b|\bextension (?:study|phase|trial)\b|\b(?:12|18|24|36|48|60)[- ]month (?:results|outcomes|follow-up)[^.;]{0,80}randomi[sz]ed"
)
OF_RANDOMISED_TRIALS = re.compile(r"\brandomi[sz]ed(?:,? [\w/-]+){0,4} (?:trials|studies)\b|\brcts\b|\brandomi[sz]ed[- ]controlled\b")
OTHER_STUDIES = re.compile(
    r"\b(?:observational|cohort|non-?randomi[sz]ed|uncontrolled|case[- ](?:series|control|reports?)|prospective|retrospective|all (?:study )?designs|any (?:study )?design|animal|preclinical|qualitative)\b"
)
# A finding of one's own: a probability, a spread, a count in brackets, a table of groups.
MEASURED = re.compile(r"\bp ?[<=>] ?0?\.\d|\+/-|±|\bn ?= ?\d|\bsignificantly (?:\w+ )?(?:higher|lower|increas|decreas|reduc|improv|differ|more|less|great|better|worse|correlat|affect|prolong|shorten)|\b(?:was|were) (?:\w+ly )?(?:measured|recorded|obtained|performed|tested|determined|examined|investigated|studied|implanted|administered|injected|compared|evaluated|assessed|calculated|used to)\b|\bresults? (?:showed|revealed|indicated|demonstrated)|\bwe (?:\w+ )?(?:found|observed|measured|recorded|tested|examined|investigated|show|showed|demonstrated?|used|assessed|evaluated|compared|studied|hypothesi\w+|performed|developed|analy[sz]ed|determined|applied|treated)\b|\bmethod(?:s|\(s\))?\s?:")
# One patient, and nobody else counted.
ONE_CASE = re.compile(r"\b(?:in|of|from|on|for|with) (?:a|one|the) (?:[\w-]+ ){0,4}?(?:patient|man|woman|boy|girl|child)\b(?! (?:with|who)? ?(?:may|can|should|must|is|needs|population|group|selection|care|education|safety|preference|perspective|satisfaction|outcome|cohort|sample|database|registry|series|data|records?))|^\W*(?:a|the|our) patient\b")
# People who were studied, without a number.
STUDIED = re.compile(r"\b(?:patients|subjects|participants|children|women|men|volunteers|outpatients|individuals|adults) (?:\S+ ){0,4}?(?:were|underwent|received|completed|had)\b|\b(?:in|from|of) (?:\w+ ){0,3}(?:patients|subjects|participants|children|women)\b")

# Where the patterns that are no design rule can match.
OTHER_ANCHORS: dict[str, tuple[str, ...]] = {
    "one case": ("patient", "man ", "woman ", "boy ", "girl ", "child "),
    "databases": ("medline", "pubmed", "embase", "cochrane", "cinahl", "web of science", "scopus", "psycinfo"),
    "selection": (
        "risk of bias", "methodological quality", "quality", "extract", "inclusion criteria", "included", "eligible", "studies were",
        "trials were", "articles were", "pooled", "met", "identified", "retrieved",
    ),
    "protocol title": ("protocol", "rationale", "design"),
    "protocol": ("protocol", " will ", "methods and analysis", "ethics and dissemination", "we propose"),
    "secondary": (
        "post hoc", "post-hoc", "secondary", "subgroup", "sub-group", "substudy", "sub-study", "extension", "ancillary", "exploratory",
        "reanaly", "re-analy", "pooled", "month results", "month outcomes", "month follow-up",
    ),
}  # fmt: skip
