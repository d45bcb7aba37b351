"""The words of titles that tell a study's design; :mod:`evidence.tagging.design.decide` ranks what they find.

Titles are in plain lower case (:mod:`evidence.tagging.text.document`).
Gaps are bounded, so no pattern backtracks for long.
"""

from evidence.tagging.matching.rule import Rule, rule

# A study that is wanted ("why we need a ..."), and somebody else's that a letter speaks of.
_WANTED = r"\b(?:no|not an?|lack of|need for|needs?|awaiting|towards?) (?:an? |the )?(?:\w+[- ]){0,2}"
_ANSWER = r"^\W*(?:re\s*:|comments? (?:on|to)\b|(?:in )?(?:response|reply) to\b)"
TITLE_RULES: tuple[Rule, ...] = (
    rule(
        "notice",
        "title: notice",
        r"^\W*(?:(?:published )?erratum\b|errata\b|corrigend|correction(?:s)?(?: to)?\s*[:.]|correction (?:to"
        r"|for)\b|retract(?:ion|ed)\b|notice of retraction|expression of concern|author correction"
        r"|publisher correction)|\bretraction (?:notice|note)\b|^withdrawn:",
    ),
    rule(
        "opinion",
        "title: letter, comment or editorial",
        r"^\W*(?:re\s*:|reply\b|in reply|response to|authors?'? ?(?:'s)? (?:reply|response)"
        r"|comments?(?:ary)? (?:on|to)\b|letter to|editorial\b|invited commentary)|\bletter to the editor"
        r"|: (?:an? )?(?:editorial|commentary|comment|reply|viewpoint)\W*$",
        anchors="letter|comment|reply|response to|editorial|in reply|re:|author|viewpoint|invited",
    ),
    rule(
        "guideline",
        "title: guideline or consensus",
        r"\bguidelines?\b|\bconsensus\b|\bbest practices?\b|\bposition (?:statement|paper)\b|^\W*position of the\b"
        r"|\bpractice (?:parameter|advisory|guidance)|^\W*guidance (?:for|on)\b|\brecommendations?\b"
        r"|\bappropriateness (?:criteria|consensus|of)|\bexpert panel\b|\bwhite paper\b",
        r"(?:adherence|compliance|concordance|conformity|awareness|knowledge|implementation|adoption|uptake"
        r"|impact|quality|appraisal|comparison|according) (?:\w+ ){0,4}(?:guideline|recommendation)"
        r"|guidelines?[- ](?:based|concordant|recommended|adherent|directed)"
        r"|review of (?:\w+ ){0,4}(?:guideline|recommendation)|recommendations? for (?:future )?research",
    ),
    rule(
        "systematic_review",
        "title: systematic review",
        r"\bsystematic(?:ally)?\b[\w\s,/&-]{0,60}\b(?:review|overview|search|synthesis|map)"
        r"|\bsystemic (?:literature )?review|\breview: systematic|\bmeta-? ?(?:analy|regression|synthes"
        r"|review|epidemi|ethnograph)|\b(?:qualitative|thematic) (?:evidence )?synthesis"
        r"|\bscoping (?:literature )?(?:review|study)|\bumbrella (?:systematic )?review"
        r"|\bintegrative (?:literature )?review|\brapid (?:evidence )?review|\b(?:overview|review) of (?:systematic "
        r"|cochrane |published )?reviews\b|\bevidence (?:map|synthesis)|\bcochrane (?:systematic |database )?review"
        r"|\brealist (?:review|synthesis)|\bindividual (?:patient|participant)s? data\b"
        r"|\bmixed[- ]methods? review",
    ),
    rule(
        "meta_analysis",
        "title: meta-analysis",
        r"\bmeta-? ?analy",
    ),
    rule(
        "scoping_review",
        "title: scoping review",
        r"\bscoping (?:literature )?(?:review|study)",
    ),
    rule(
        "umbrella_review",
        "title: umbrella review",
        r"\bumbrella (?:systematic )?review"
        r"|\b(?:overview|review|synthesis) of (?:systematic |cochrane |published )?reviews\b",
    ),
    rule(
        "animal",
        "title: animals",
        r"\b(?:rats?|mice|mouse|murine|rodents?|cats?|dogs?|canine|feline|swine|porcine|pigs?|minipigs?"
        r"|piglets?|sheep|ovine|goats?|rabbits?|monkeys?|macaques?|marmosets?|primates?|hamsters?|gerbils?"
        r"|ferrets?|equine|zebrafish|drosophila|calves|lambs?|animal (?:model|stud|experiment)\w*)\b",
        r"\bpatients?\b|\bhumans?\b|\bvolunteers?\b|\bcats? scan|\bchildren\b|\bclinical (?:trial|stud)",
        anchors=(
            "rats|rat @|mice|mouse|murine|rodent|cats|cat @|dogs|dog @|canine|feline|swine|"
            "porcine|pigs|pig @|minipig|piglet|sheep|ovine|goat|rabbit|monkey|macaque|marmoset|primate|hamster|gerbil|"
            "ferret|equine|zebrafish|drosophila|calves|lambs|lamb @|animals|animal @|kitten|crayfish|frog|aplysia|"
            "cockroach|lamprey|mussel"
        ),
    ),
    rule(
        "case_report",
        "title: case report",
        r"\b(?:case reports?\b|report of (?:(?:a|an|one|two|three|four|five|six|\d{1,2}) )?(?:\w+ ){0,2}cases?\b"
        r"|a case of\b|case (?:study|presentation|illustration|description)\b|single[- ]case\b|n[- ]of[- ]1\b|(?:one"
        r"|two|three|four|five) (?:\w+ ){0,2}(?:cases|patients)\W*$|in an? (?:\S+ )?\d+-year-old|in a patient\b)"
        r"|: an? (?:\w+ ){0,3}case\b",
        r"case[- ]control|case[- ]manage",
    ),
    rule(
        "case_series",
        "title: case series",
        r"\bcases? series\b|\ba series of (?:\S+ ){0,4}(?:patients|cases)\b",
    ),
    rule(
        "economic",
        "title: economic evaluation",
        r"\bcosts?\b|\b(?:health[- ]?|pharmaco)?economics? (?:evaluation|analysis|model|impact|burden"
        r"|assessment|outcome|value|implication|aspect)|\bbudget impact|\bexpenditures?\b"
        r"|\bquality-adjusted life|\bresource (?:utili[sz]ation|use)\b",
        also="healtheconomic|pharmacoeconomic",
    ),
    rule(
        "survey",
        "title: survey",
        r"\bsurvey\b|\bquestionnaire[- ](?:study|based)|\bdelphi\b|\bself-report of\b",
        r"\bsurvey (?:data|of the (?:\w+ )?literature)|\bliterature survey|\bhealth (?:\w+ )?(?:interview"
        r"|examination) survey",
    ),
    rule(
        "qualitative",
        "title: qualitative study",
        r"\bqualitative (?:\w+ )?(?:study|analysis|research|interview|inquiry|exploration|evaluation)"
        r"|\bfocus groups?\b|\binterview study|phenomenological (?:study|analysis)",
        r"^\W*qualitative research (?:on|in|as|for|and)\b|\bsynthesis\b",
    ),
    rule(
        "retrospective",
        "title: retrospective",
        r"\bretrospective|\b(?:chart|records?|case|institutional|database) review\b|\bclaims (?:data|database"
        r"|analysis)|\breview of (?:\d+|our|the \w+ experience|(?:\w+ )?(?:consecutive|cases|patients))\b",
        r"systematic",
    ),
    rule(
        "nonrandomised",
        "title: not randomised",
        r"\b(?:non|quasi)[- ]?randomi[sz]ed",
    ),
    rule(
        "rct",
        "title: randomised trial",
        r"\brandomi[sz](?:ed|ation)\b|\brandomly\b|\brct\b|\b(?:double|triple)[- ]blind|\b(?:placebo"
        r"|sham)[- ]controlled|\bcross-?over (?:\w+ ){0,2}(?:trial|study)",
        r"\b(?:non|quasi)[- ]?randomi|\brandomi[sz]ed (?:controlled )?(?:clinical )?(?:trials|studies)\b"
        rf"|{_WANTED}randomi|{_ANSWER}",
    ),
    rule(
        "experimental_human",
        "title: healthy volunteers",
        r"\bhealthy (?!ag(?:e)?ing\b)(?:[\w-]+ ){0,3}(?:volunteers?|subjects?|participants?|adults?|individuals?|men"
        r"|women|humans?|students|people|persons)|\bvolunteers\b|\bnormal (?:human )?subjects|\bpharmacokinetics?\b"
        r"|\bhuman experimental pain",
        r"\bpatients\b|\bchildren\b",
    ),
    rule(
        "prospective",
        "title: prospective",
        r"\bprospective|\bopen[- ]label|\b(?:feasibility|pilot) (?:\w+ ){0,2}(?:study|trial)|\bsingle[- ]arm"
        r"|\bcontrolled (?:clinical )?trial\b|\bphase (?:i{1,3}|iv|[1-4])\b",
        rf"{_WANTED}(?:\w+[- ])?controlled|{_ANSWER}",
    ),
    rule(
        "cross_sectional",
        "title: cross-sectional",
        r"\bcross[- ]sectional|\bprevalence (?:and|of)\b",
    ),
    rule(
        "case_control",
        "title: case-control",
        r"\bcase[- ]control",
    ),
    rule(
        "registry",
        "title: registry",
        r"\bregistr(?:y|ies)\b",
    ),
    rule(
        "observational",
        "title: cohort or follow-up",
        r"\bcohort\b|\bobservational\b|\blongitudinal\b|\bfollow-up (?:study|of|results)|\b(?:year|center"
        r"|centre|institution\w*)s?'?s? experience|\bexperience (?:with|in) \d+|\bconsecutive\b"
        r"|\bpopulation-based|\blong-term (?:results|outcomes?|follow-up)|\b\d+[- ](?:year"
        r"|month)s? (?:results|follow-up)",
    ),
    rule(
        "review",
        "title: review",
        r"\breview\b|\boverview\b|\bupdate\b|\bstate[- ]of[- ]the[- ]art\b|\bnarrative\b|\bprimer\b"
        r"|\bperspectives?\b|\b(?:recent )?advances in\b|\bcurrent (?:status|concepts?|perspectives?|trends?"
        r"|evidence|knowledge|state|practices?|approach(?:es)?|opinion|management|treatments?|therap\w+"
        r"|options?|understanding|and future|insights?)\b|\bfuture (?:directions?|perspectives?|of)\b"
        r"|\bhistor(?:y|ical)\b",
        r"\b(?:chart|record|institutional|utili[sz]ation|peer|literature review of \d)[- ]review"
        r"|\breview board|\breview of (?:the |our )?(?:[\w-]+ ){0,3}(?:patients|children|adults|cases|women"
        r"|infants|implants|procedures)\b|\bhistory of (?:\w+ )?(?:surgery|pain|abuse|trauma)"
        r"|\bpatients?'?s? perspectives?",
    ),
)
