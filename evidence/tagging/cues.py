"""Words that tell what a sentence is for and what it says of the terms in it: tables, in the language of the vocabulary.

The automaton finds them in the same pass as the terms. Names are used by :mod:`roles`, :mod:`studied` and
:mod:`outcomes`.
"""

from __future__ import annotations

CUES: dict[str, tuple[str, ...]] = {
    # What the record sets out to do.
    "aim": (
        "(aim|aims|objective|objectives|purpose|goal|goals|object) (of|was|is|were|are)", "(primary|main|secondary|specific) (aim|objective|purpose|goal|hypothesis)",
        "we (sought|aimed|aim|propose|hypothesize|hypothesized|investigated|evaluated|examined|compared|assessed|report|present|describe|review|reviewed|studied|conducted|performed)",
        "to (evaluate|assess|determine|investigate|compare|examine|explore|describe|study|establish|report|review|test|analyze|identify|demonstrate|estimate|verify|clarify|compile|characterize|summarize|document|confirm|measure|quantify|find out|see if)",
        "(this|the present|present|current|the current) (study|trial|paper|article|review|report|research|work|project|investigation|protocol|chapter)",
        "(study|trial|studies) (designed|aimed|aiming) (to|at)", "the study (will|is)", "hypothes*", "in this (study|trial|paper|article|review|report|chapter|research)",
        "(the|these) authors (studied|report|reported|describe|described|present|review|reviewed|compared|evaluated|investigated|sought)", "this is a", "(clinical|) evaluation of the", "(is|are) (evaluated|compared)",
        "(investigators|authors|researchers) (examine|evaluate|assess|aim|propose|plan|hope|seek|also|investigate|will|want|hypothesize|compare|test|describe|explore|study)", "we (plan|will|test|tested|examine|compare|assess|evaluate|seek|hope|want|wish|explore|designed|used|analyzed)", "(is|are) investigated",
    ),
    # What was done and measured.
    "method": (
        "(were|was|are|is|be|being) (also|) (assessed|measured|evaluated|recorded|collected|analyzed|monitored|rated|tested|documented|compared|obtained|quantified|determined|examined|calculated|registered|noted|administered)",
        "(primary|secondary|main|principal|key|other) (outcome|endpoint|end point|efficacy|variable|measure|parameter|effectiveness)", "outcome (measure|variable|parameter|assessment)", "outcomes",
        "end-point", "questionnaire", "(assessed|measured|evaluated|recorded|completed|using|assessing|measuring|evaluating)", "measurement", "measures", "assessment", "instruments", "follow up", "visits", "baseline",
        "randomi*", "randomly", "(were|was|be) (treated|enrolled|recruited|included|followed|allocated|assigned|implanted|divided|studied|selected|surveyed)", "will", "received", "underwent", "retrospective*", "prospective*", "double blind", "records",
    ),
    # What was found.
    "result": (
        "significant", "significantly", "(improved|improves|decreased|decreases|increased|reduced|reduces|reported|observed|showed|shown|experienced|obtained|achieved|noted|found|occurred|developed|resulted|demonstrated|revealed|remained|provided|described|suffered|required|died|relieved|failed|responded|continued|lasted|led to|became|disappeared|persisted)",
        "(there|where) (was|were)", "returned", "(compared|comparison) (with|to)", "(mean|median|average)", "no (difference|differences|significant|serious|major|complications|adverse|side)", "(higher|lower|greater|fewer|less|better|superior|more) (than|in)",
        "(was|were) (effective|successful|safe|well|excellent|good|similar|higher|lower|better|observed|seen|reported|noted|reduced|increased|decreased|improved|significantly)", "respectively", "confidence interval", "odds ratio", "respond*", "effective in", "success", "successful", "successfully", "associated with",
    ),
    "conclusion": (
        "(conclude|concluded|conclusion|conclusions|in summary|in conclusion)", "(these|our|the present|the) (data|results|findings|study|observations|evidence) (suggest|indicate|support|show|demonstrate|suggests|indicates|supports|shows|confirm|provide)",
        "(appears|appear|seems|seem) to", "suggest", "suggests", "recommend*", "(is|are) (a|an) (safe|effective|useful|promising|viable|valuable|feasible)", "should be",
    ),
    # What is hoped, possible or needed rather than found.
    "hope": (
        "may", "might", "could", "can", "potential", "potentially", "should", "promis*", "in order to", "needed", "further", "future", "expected", "likely", "possible", "possibility", "hoped", "believe", "believed", "intended to", "need for", "warranted", "if", "designed to",
    ),
    # What is known or usual.
    "background": (
        "(is|are) (a|an|one of|the) (common|major|frequent|leading|significant|established|well|chronic|debilitating|important|most|widely|serious|recognized|accepted)", "common", "commonly", "often", "frequently", "affects", "affecting", "(has|have) (been|become|demonstrated|shown)", "(known|thought|believed|considered) to", "traditionally", "currently", "despite",
        "although", "is characterized", "prevalence", "many patients", "previous (studies|study|research|reports|trials|work)", "recent (studies|years|evidence|research)", "(several|numerous|many|some|few|other|most) (studies|trials|authors|reports|treatments|patients)", "previously", "literature", "worldwide", "million", "united states", "years ago", "usually", "generally", "typically", "little is known", "remains", "burden", "evidence", "well known", "is used", "are used", "standard treatment", "lead to", "leads to", "leading to", "associated with",
    ),
    # What is still to be done: a protocol or a registration.
    "plan": ("will (be|receive|undergo|have|complete|assess|evaluate|compare|investigate|include|recruit|enroll|measure|use|take|last|also|perform|participate|serve|allow|provide|consist|determine|test|examine|help)", "(is|are|be) (planned|proposed|scheduled)", "we propose", "planned", "study is to", "study aims to", "trial is to", "project is to"),
    "counted": ("(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|all|most|both|none) (of the|of|) (patient|subject|participant|case|women|men|children|patients)",),
    # One person's story.
    "case": ("year old", "yr old", "(a|this|the|our|one) (patient|man|woman|boy|girl|infant|child) (with|was|had|presented|presenting|who|developed|suffering|experienced)", "case (report|history)", "she (was|had|reported|delivered)", "he (was|had|reported)"),
    # What others found before.
    "known": ("(has|have) (been|proven|proved|shown|demonstrated|become)", "previous (studies|study|research|reports|trials|work)", "recent (studies|evidence|research)", "(several|numerous|many|some|few|other|most|newer|earlier) (studies|trials|authors|reports|investigators)", "(is|are) (known|believed|thought|considered|commonly|often|usually|frequently|typically)", "initial reports", "mounting evidence", "it is (known|possible|well known)", "et al", "years ago", "current treatment", "currently"),
    # Who may take part, and what failed before.
    "eligibility": (
        "(inclusion|exclusion|eligibility|selection|enrollment|exclude) (criteria|criterion)", "eligible", "excluded", "ineligible", "exclusion", "inclusion", "will be included", "must have", "included if", "able to understand", "history of", "willing to",
    ),
    "prior": (
        "(failed|failing|failure of|refractory to|resistant to|unresponsive to|not responsive to|inadequate response to|unsuccessful|not respond|nonresponsive to|after failure of|responded poorly to|fail|fails|non responders to|insufficient response to|intolerant of|not relieved by|despite)",
        "(previous|prior|previously|earlier|already|existing|concomitant|concurrent|before|past) (treatment|treated|treatments|therapy|therapies|implant*|trial|use|received|attempt|spinal|surgery|tens|scs|stimulation|neurostimulation|intrathecal|approved)", "history of", "had (failed|tried|undergone)", "previously", "who (have|had) (failed|tried|not)", "contraindicat*", "candidates for", "alternative to", "prior to", "instead of", "rather than", "(cannot|could not) be (used|given)", "(refused|declined|reluctant to|unwilling to|not suitable|unsuitable|contraindicated)", "not candidates",
    ),
    # One of several possibilities, or something for another day.
    "option": (
        "(treatment|therapeutic|therapy|surgical|interventional|management|pharmacological|analgesic|pain) (option|options|modality|modalities|alternatives|approach|approaches|strategies|technique|techniques|methods|procedures|interventions)",
        "options", "alternatives", "such as", "(including|includes|include|included)", "e g", "e.g", "eg", "for example", "for instance", "like", "range from", "and others", "etc", "other (treatment|treatments|therapies|techniques|methods|modalities|interventions|options|procedures|forms|types)", "(various|variety|different|multiple|several|numerous|many) (of|treatments|methods|techniques|modalities|therapies|treatment|options|approaches|interventions)", "ranging from", "can be (used|considered|tried|treated)", "(may|should|could|might) be (used|considered|tried|indicated|effective|helpful|useful|an|a)", "is (available|considered)", "are (available|considered)", "in the future", "under (development|investigation)", "last resort", "reserved for", "further (studies|research|investigation)", "similar to", "as well as",
    ),
    # Somebody got it.
    "given": (
        "(received|receive|receiving|underwent|undergo|undergoing|treated with|treated by|treatment with|treated|implanted|implantation|implant|implants|inserted|placed|administered|applied|stimulated|randomized|randomised|randomly|assigned|allocated|group|groups|arm|sham|placebo|active|implanted with|using|was used|were used|will be|use of|therapy|given)",
    ),
    "versus": ("versus", "vs", "compared (with|to)", "comparison (of|between|with)", "(comparing|compare|compared|compares)", "superior to", "inferior to", "randomi*", "and (sham|placebo)", "combined with", "combination (of|with)", "in addition to", "add on", "crossover", "cross over", "(better|more|less) (effective|efficacious|pain) than", "effect of", "effects of", "efficacy of", "effectiveness of", "safety of", "use of", "outcome of", "role of", "experience with", "mechanism of", "mechanisms of", "complications of"),
    "lead": ("for", "(method|methods|means|form|forms|option|options|mode|modes|type|types) of", "to (provide|achieve|obtain|maintain|ensure|get|give|produce|improve|optimize)", "need for", "standard", "seeking", "(request|requests|requested|requirement) for", "additional", "adjusted (to|according to|for)", "according to", "without", "inadequate", "insufficient"),
    "predictor": ("predict*", "comorbid*", "co-morbid*", "(prognostic|risk|confounding|confounder|confounders|baseline) (factor|factors|characteristics)", "determinants", "correlat*", "adjusted for", "controlling for", "covariate"),
    "negation": ("without", "no", "not", "neither", "nor", "never", "absence of", "lack of", "other than", "except", "excluding", "free of"),
    "measuring": ("biomarker", "cortex inhibition", "cortical (inhibition|facilitation)", "(inhibition|facilitation) and (facilitation|inhibition)", "corticospinal", "was used to (investigate|measure|assess|study|examine|evaluate|test)", "(evoked potential|evoked potentials|excitability|motor threshold|cortical silent period|mapping|motor map|latency|conduction|electromyograph*|reflex|somatosensory|habituation|intracortical)",),
    "people": ("(patient|patients|subjects|participants|people|individuals|adults|women|men|children|persons|those|cases|volunteers|survivors|sufferers|population|man|woman|male|female|boy|girl) (with|suffering|having|who have|who had|undergoing|affected|experiencing|diagnosed|after|following|presenting)", "(suffering|suffered) from", "(diagnosed|presenting|presented|diagnosis|diagnoses|admitted|complaining) (with|of|as|included)", "year old", "history of", "due to", "secondary to", "caused by", "resulting from", "indications", "etiologies", "undergoing", "underwent"),
    "harm": ("side effect", "adverse*", "complication", "nausea", "vomiting", "(most|more) (common|frequent) (side|adverse|complications)", "dizziness", "drowsiness", "sedation", "pruritus", "toxicity", "incidence of", "risk of", "induced"),
    "exclusion": ("exclu*", "exclusion criteria"),
    "recommendation": ("recommend*", "guideline", "consensus", "appropriate*", "indicated", "indication", "evidence level", "level of evidence", "grade", "(strong|moderate|limited|weak|conflicting|insufficient|low quality|high quality|good|fair|poor) evidence", "effective", "efficacy"),
    "purpose": ("(for|provide|providing|seeking|need|offers|offer|offering|to achieve|achieve|adequate) (chronic|effective|adequate|better|additional|some|further|their|) (pain) (relief|control|management|treatment|reduction)", "in the (treatment|management|control|relief) of", "for the (treatment|management|control|relief) of", "(treat|manage|control|relieve|alleviate|reduce) (chronic|the|their|) pain"),
}  # fmt: skip
