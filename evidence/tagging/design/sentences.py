"""The words of an abstract's sentences that tell the design of the study itself, not of the studies it speaks of.

A rule is tried on the sentences that hold one of its anchors; background is left out. ``unless`` stops it where the
same sentence speaks of other work, of what is needed, or of what should be done. Gaps are bounded.
"""

from evidence.tagging.design.writings import WRITING_RULES
from evidence.tagging.matching.rule import Rule, rule

TEXT_RULES: tuple[Rule, ...] = (
    *WRITING_RULES,
    rule(
        "rct",
        "text: allocated at random",
        r"\b(?:were|was|be|been|being|are|is|then|and|who|patients|subjects|participants|volunteers|women"
        r"|children|men|eyes|knees) (?:[a-z]+ly |then |\d+:\d+ |equally )?(?:block[- ]?"
        r"|computer[- ]?)?randomi[sz]ed\b|\brandomi[sz]ed (?:(?!trials|studies)\S+ ){0,4}?(?:to|into"
        r"|between|among|in(?: a)? \d"
        r"|1:1|\(1:1|equally|using|by|after|for)\b|\brandomly,? (?:and \w+ |and (?:equally|evenly) "
        r"|pre-?)?(?:assigned|allocated|divided|distributed|received?|enrolled|grouped|categori[sz]ed"
        r"|separated|placed|treated|given|administered|selected to|chosen to|assign|allocate|split|subdivided"
        r"|classified|sorted|designated|randomi)|\b(?:assigned|allocated|divided|distributed|received|grouped"
        r"|categori[sz]ed|split|administered|given|selected|separated|classified)\b[^.;]{0,60}?\b(?:randomly"
        r"|at random|by random|in (?:a )?random(?:i[sz]ed)?)\b|\brandomi[sz](?:ation|ing) (?:was|will|were|is"
        r"|to|list|ratio|sequence|of|procedure|visit|schedule|scheme|by|into|\d)|\brandom (?:allocation"
        r"|assignment|number)|\brandomi[sz]e(?:s)? (?:\S+ ){0,4}(?:patients|subjects|participants|women|to)\b"
        r"|\brandomisation\b|\brandomization\b",
        r"\bnon-?randomi|\bnot randomi|\bmendelian|\bstudies (?:were|that) (?:\w+ )?randomi|\b(?:trials"
        r"|studies) in which|\bwithout randomi|\black of randomi|\bshould be randomi",
        also="blockrandomi|computerrandomi",
    ),
    rule(
        "rct",
        "text: this randomised trial",
        r"\brandomi[sz]ed,? ?(?:\(?[\w/-]+\)?,? (?:and )?){0,7}?(?:trial|study|investigation|design|fashion"
        r"|manner|comparison|experiment|evaluation|cross-?over|protocol|pilot|rct|basis|order|sequence|way"
        r"|phase)\b|\b(?:this|our|the present|pilot|a) (?:\w+[ -]){0,3}rct\b|\btrial of randomi[sz]ed\b",
        r"\bnot an? (?:\w+ )?randomi"
        r"|\b(?:previous(?:ly)?|former|prior|earlier|recent(?:ly)?|future|further|published|several|available"
        r"|existing|few|no |lack of|need(?:ed|s)?|required?|warranted|necessary|await\w*|should be|large[r]?"
        r"|until|well-designed|high-quality|more)\b[^.;]{0,60}\brandomi|\bnon-?randomi|\b(?:in|of|from|one"
        r"|two|three|the) (?:\w+ ){0,2}randomi[sz]ed (?:\w+ ){0,3}trial,? (?:has|have|showed|found"
        r"|demonstrated|reported)|\brandomi[sz]ed[^.;]{0,80}\b(?:(?:is|are|be|seems?) (?:\w+ )?(?:needed"
        r"|warranted|required|necessary|justified|recommended|lacking)|would (?:help|be))\b|\b(?:should|would"
        r"|could|transition\w*|extension|rolled|completed|participated in|worthwhile"
        r"|class i{1,3})\b[^.;]{0,120}\brandomi|\brandomi[sz]ed[^.;]{0,140}\b(?:should|would|could"
        r"|transition\w*)\b",
    ),
    rule(
        "rct",
        "text: blind with placebo or sham",
        r"\b(?:double|triple)[- ]blind[^.;]{0,120}\b(?:placebo|sham|cross-?over|controlled)|\b(?:placebo|sham"
        r"|cross-?over|controlled)\b[^.;]{0,120}\b(?:double|triple)[- ]blind|\b(?:placebo"
        r"|sham)[- ]controlled,? (?:\S+ ){0,5}(?:trial|study|design|investigation|cross-?over)\b",
        r"\b(?:previous(?:ly)?|former|prior|earlier|recent(?:ly)?|future|further|published|several|available"
        r"|existing|few|no |lack of|need(?:ed|s)?|required?|warranted|necessary|await\w*|should be|large[r]?"
        r"|until|well-designed|high-quality|more)\b[^.;]{0,60}\b(?:blind|placebo-c|sham-c)|\b(?:needed"
        r"|warranted|required|necessary)\b|\b(?:trials|studies)\b|\b(?:screening|test (?:dose|bolus|phase)"
        r"|bolus|challenge)\b",
    ),
    rule(
        "rct",
        "text: crossover with placebo or sham",
        r"\b(?:placebo|sham)[^.;]{0,150}\bcross[- ]?over|\bcross[- ]?over[^.;]{0,150}\b(?:placebo|sham)"
        r"|\bcross[- ]?over (?:\w+ ){0,2}(?:trial|study|design|fashion|manner)\b",
        r"\b(?:previous(?:ly)?|former|prior|earlier|recent(?:ly)?|future|further|published|several|available"
        r"|existing|few|no |lack of|need(?:ed|s)?|required?|warranted|necessary|await\w*|should be|large[r]?"
        r"|until|well-designed|high-quality|more|open[- ]label)\b[^.;]{0,60}\bcross|\b(?:found|showed"
        r"|demonstrated|reported|suggests?) that\b|\b(?:should|would|could)\b",
    ),
    rule(
        "sham_arm",
        "planned study with a sham or placebo arm",
        r"\b(?:sham|placebo)\b[^.;]{0,60}\b(?:group|arm|stimulation|treatment|condition|device|control|tens"
        r"|tdcs|rtms)|\b(?:versus|vs\.?|or|and|to|with) (?:a |the )?(?:sham|placebo)\b",
        r"\b(?:previous|prior|earlier|recent|found|showed|demonstrated|reported|studies|trials|evidence)\b",
    ),
    rule(
        "case_report",
        "text: we report a case",
        r"\b(?:reports?|describes?|presents?|report(?:ed)? here) (?:on |here |herein )?(?:(?:a|an|one|our"
        r"|this|the first|the) (?:[^\s.;]+ ){0,6}?(?:case|man|woman|boy|girl|year-old)|(?:a|an|one"
        r"|our) (?:[^\s.;]+ ){0,6}?(?:patient|child|infant)|(?:two|three|four|five"
        r"|our) (?:[^\s.;]+ ){0,6}?(?:cases|patients|men|women|children|infants|boys|girls"
        r"|adults|adolescents|brothers|sisters|siblings|twins)|(?:[\w-]+ ){0,5}?(?:findings|courses?|features"
        r"|histor(?:y|ies)|outcomes?|management|presentations?) (?:[\w-]+ ){0,6}?(?:in|of) (?:two|three|four"
        r"|five) (?:[\w-]+ ){0,3}?(?:patients|children|cases|men|women|adults|boys|girls))\b(?! (?:series"
        r"|for|management|manager|example|study of))|\b(?:this|the present|our) (?:unusual |rare |unique "
        r"|first )?case\b(?! (?:series|study of))|\ban? (?:[^\s.;]+ ){0,3}?\d{1,3}[- ](?:year|yr|month"
        r"|week)s?[- ]old\b|\bcase (?:report|presentation|description)\b|\bthe case of an?\b",
        r"\bcase[- ]control|\b(?:series|group|cohort|total) of\b|\bincluded case report|\bcase reports (?:and"
        r"|were|have)",
    ),
    rule(
        "case_report",
        "text: cases described one by one",
        r"\b(?:two|three|four|five) (?:[\w-]+ ){0,4}(?:patients|children|cases|men|women|adults|boys"
        r"|girls)\b[^.;]{0,120}\b(?:is|are) (?:\w+ )?(?:described|reported|presented)\b"
        r"|\b(?:clinical )?(?:course|features|management|history) of (?:two|three|four"
        r"|five) (?:[\w-]+ ){0,3}(?:patients|children|cases)\b",
    ),
    rule(
        "case_report",
        "text: patient A, case 1",
        r"\b(?:patient|case) (?:1|a|one|i)(?! (?:priori|posteriori))(?=[\s:.,;)-])(?! (?:\w+ )?(?:of|year"
        r"|patients?|was randomi))",
    ),
    rule(
        "case_report",
        "text: the second patient",
        r"\b(?:former patient|the (?:first|second|third|fourth) patient (?:was|had|is|has|underwent|presented|improved"
        r"|developed|responded|suffered))\b",
        r"\b(?:enrol|includ|recruit|randomi)",
    ),
    rule(
        "case_series",
        "text: case series",
        r"\bcase (?:study )?series\b",
        r"\bet al\b|\bstudies\b|\btrials\b|\b(?:previous|prior|earlier|published)\b",
    ),
    rule(
        "proceedings",
        "text: conference proceedings",
        r"\bproceedings contain\b",
    ),
    rule(
        "retrospective",
        "text: retrospective",
        r"\bretrospective(?:ly)?\b|\bcharts? (?:were )?review|\b(?:medical|patient|clinical|hospital|case"
        r"|electronic health) (?:records?|notes|files|charts)\b|\b(?:records|charts|notes|files|cases"
        r"|patients|procedures) (?:\S+ ){0,8}?(?:were|was) (?:\w+ )?(?:reviewed|audited)"
        r"|\bwe (?:\w+ )?(?:reviewed|analy[sz]ed) (?:\S+ ){0,6}(?:patients|cases|records|charts|procedures"
        r"|implant\w*|effect)|\bclaims (?:data|database)|\b(?:administrative|insurance|inpatient"
        r"|hospital) (?:\w+ )?databases?\b",
        r"\bretrospective (?:studies|reports|data (?:suggest|show))|\bstudies\b[^.;]{0,40}\bretrospective"
        r"|\b(?:prospective and|prospective or) retrospective|\b(?:medline|pubmed|embase|cochrane)\b"
        r"|\bliterature\b",
        anchors=(
            "retrospective|chart|records|record @|notes|note @|files|reviewed|audited|analysed|analyzed|claims|database"
        ),
    ),
    rule(
        "prospective",
        "text: prospective",
        r"\bprospective(?:ly)?\b|\bopen[- ]label\b|\bsingle[- ]arm\b|\b(?:pilot|feasibility"
        r"|preliminary) (?:\w+ ){0,3}(?:study|trial|investigation)\b|\bphase (?:i{1,3}|iv"
        r"|[1-4]) (?:\w+ ){0,3}(?:study|trial)",
        r"\b(?:previous(?:ly)?|former|prior|earlier|recent(?:ly)?|future|further|published|several|available"
        r"|existing|few|no |lack of|need(?:ed|s)?|required?|warranted|necessary|await\w*|should be|large[r]?"
        r"|until|well-designed|high-quality|more)\b[^.;]{0,40}\b(?:prospective|pilot|open|phase)"
        r"|\bprospective(?:ly)? (?:[\w-]+ ){0,4}(?:studies|trials)\b|\bprospero\b|\bprospective(?:ly)? regist"
        r"|\b(?:needed|warranted|required|necessary)\b",
    ),
    rule(
        "case_control",
        "text: case-control",
        r"\bcase[- ]control (?:study|design|analysis)",
        r"\bstudies\b",
    ),
    rule(
        "cross_sectional",
        "text: cross-sectional",
        r"\bcross[- ]sectional (?:\w+ ){0,2}(?:study|survey|analysis|design|data|investigation|questionnaire)",
        r"\bstudies\b",
    ),
    rule(
        "registry",
        "text: registry",
        r"\b(?:in|from|of|the|a|this|our|using|multicent\S+|prospective|national"
        r"|global) (?:\S+ ){0,4}registry\b",
        r"\btrials? registry|\bregistry (?:number|identifier|of (?:systematic|clinical|controlled))"
        r"|\bregist(?:ered|ration)\b|clinicaltrials",
    ),
    rule(
        "survey",
        "text: survey",
        r"\bsurveyed\b|\b(?:postal|mailed?|online|internet|web|web-based|telephone|electronic|cross-sectional"
        r"|national|anonymous|self-administered|e-?mail|phone) (?:\w+ ){0,3}(?:survey|questionnaire)s?\b"
        r"|\brespondents?\b|\b(?:surveys?|questionnaires?) (?:\S+ ){0,6}?(?:was|were) (?:\w+ )?(?:sent|mailed"
        r"|e-?mailed|distributed|conducted|circulated|posted|returned|developed)\b|\bthis survey"
        r"|\ba survey (?:of|was)|\bcomplete a survey|\bresponse rate (?:was|of)|\bsurveys from\b",
        r"\bhealth survey|\bsf-?(?:36|12)|\bliterature\b",
    ),
    rule(
        "economic",
        "text: economic evaluation",
        r"\b(?:cost[- ](?:effectiveness|utility|benefit|minimi[sz]ation)|economic|cost) (?:analysis"
        r"|evaluation|model|study)\b|\bmarkov\b|\bincremental cost|\bbudget impact",
        r"\b(?:future|further|needed|required|warranted)\b",
    ),
    rule(
        "qualitative",
        "text: qualitative interviews",
        r"\bsemi-?structured (?:\w+ ){0,2}interview|\bfocus groups? (?:were|was)|\bthematic(?:ally)? analy"
        r"|\bqualitative (?:study|interview|descriptive|content analysis)",
        r"\brandomi|\bstudies\b",
    ),
    rule(
        "nonrandomised",
        "text: not randomised",
        r"\b(?:non|quasi)-?randomi[sz]ed (?:\S+ ){0,4}(?:trial|study|design|comparison)\b|\bnot randomi[sz]ed",
        r"\bstudies\b|\btrials\b|\black",
    ),
    rule(
        "animal",
        "text: animals",
        r"\b(?:sprague[- ]?dawley|wistar|long[- ]evans|lewis|fischer|male|female|adult|an[ae]+stheti[sz]ed"
        r"|freely moving|awake|conscious|naive|neonatal|isometric|isolated|control|experimental|treated"
        r"|stimulated|ventilated|young|old|juvenile|decerebrate|spinali[sz]ed|c57|balb|transgenic|knockout"
        r"|wild-?type|new zealand|mongrel|beagle|yucatan|\d+),? (?:[\w/-]+,? ){0,4}(?:rats?|mice|mouse|cats?"
        r"|dogs?|swine|pigs?|minipigs?|piglets?|sheep|goats?|rabbits?|monkeys?|macaques?|hamsters?|gerbils?"
        r"|ferrets?|guinea pigs?|kittens?|animals)\b|\b(?:lamprey|crayfish|aplysia|cockroach\w*|zebrafish"
        r"|drosophila|frogs?|mussels?|kittens)\b|\b(?:rodent|animal|rat|mouse|murine|porcine|ovine|canine"
        r"|primate) models? of\b|\b(?:in|of|from|using|on|to|the) (?:the )?(?:[\w-]+ ){0,3}(?:rats?|mice"
        r"|mouse|cats?|dogs|swine|pigs|minipigs|piglets|sheep|goats?|rabbits?|monkeys?|macaques?|hamsters?"
        r"|gerbils?|ferrets?|guinea pigs?)\b|\b(?:rats|mice|cats|dogs|pigs|animals|rabbits|monkeys"
        r"|sheep) (?:were|was|received|underwent|with|had|showed)\b|\brat (?:hippocamp|brain|spinal|model"
        r"|cort)\w*",
        anchors=(
            "rats|rat @|mice|mouse|murine|rodent|cats|cat @|dogs|dog @|canine|feline|swine|"
            "porcine|pigs|pig @|minipig|piglet|sheep|ovine|goat|rabbit|monkey|macaque|marmoset|primate|hamster|gerbil|"
            "ferret|equine|zebrafish|drosophila|calves|lambs|lamb @|animals|animal @|kitten|crayfish|frog|aplysia|"
            "cockroach|lamprey|mussel"
        ),
    ),
    rule(
        "experimental_human",
        "text: healthy volunteers",
        r"\bhealthy,? (?:[\w-]+,? ){0,4}(?:volunteers?|subjects?|participants?|adults?|individuals?|men|women"
        r"|males?|females?|humans?|students|people|persons)\b|\b(?:human|male|female|normal|naive|paid"
        r"|opioid\S*|adult|\d+|\w+teen|twelve|ten|eleven|twenty|six|eight|nine|seven) volunteers?\b"
        r"|\bnormal (?:human )?subjects\b|\bpain[- ]free (?:volunteers|subjects|participants)",
        r"\bhealthy (?:[\w-]+ ){0,2}controls?\b|\b(?:compared|comparison|versus|vs\.?|matched"
        r"|than) (?:\w+ ){0,4}healthy|\band (?:\S+ ){1,2}healthy\b",
    ),
    rule(
        "laboratory",
        "text: laboratory work",
        r"\bin vitro\b|\bslices\b|\bpatch[- ]clamp|\bcell (?:lines?|cultures?)\b|\bcultured\b"
        r"|\bcomputational (?:\w+ )?model|\bfinite[- ]element|\bcadaver|\bbench test",
    ),
)
