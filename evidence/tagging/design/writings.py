"""The words of an abstract's sentences that tell secondary literature: guidance and reviews of every kind.

Tried as the rules of studies are (:mod:`evidence.tagging.design.sentences`).
"""

from evidence.tagging.matching.rule import Rule, rule

WRITING_RULES: tuple[Rule, ...] = (
    rule(
        "guideline",
        "text: this guideline",
        r"\b(?:this|these|the present|our) (?:(?!(?:article|paper|chapter|review|report|study|trial)s?\b)\w+ ){0,3}"
        r"(?:guidelines?|practice guide)\b|\bconsensus (?:committee|panel"
        r"|conference|meeting|group|process|statements?|papers?|recommendations?|guidelines?)\b|\b(?:panel|group"
        r"|committee|task force) (?:of experts )?(?:was |were )?(?:convened|recommend)|\b(?:panel|committee|task force"
        r"|(?:working|writing|expert|consensus|guidelines?|development) group) (?:of experts )?(?:was |were )?(?:formed"
        r"|developed)",
        r"\b(?:according to|following|in line with|consistent with|adherence to"
        r"|based on) (?:\w+ ){0,4}(?:guideline|recommendation|consensus)"
        r"|\b(?:by|per|under|with|within|to|from|against|follow(?:s|ed)?|met|used?|appl(?:y|ied)) our"
        r" (?:\w+ ){0,2}guideline|\bour (?:\w+ ){0,2}guidelines? "
        r"(?:\w+ ){0,3}(?:was|were|is|are) (?:\w+ )?(?:followed|met|used|applied|kept"
        r"|observed|written|known)\b",
        anchors="guideline|consensus|practice guide @|convened|formed|developed|recommend",
    ),
    rule(
        "narrative",
        "text: narrative review",
        r"\bnarrative (?:literature |overview|synthesis of the literature)?(?:review)?\b(?! synthesis)",
        r"\bsystematic",
    ),
    rule(
        "systematic_review",
        "text: systematic review",
        r"\bsystematic,? (?:(?:and|literature|electronic|computeri[sz]ed|evidence|comprehensive|scoping"
        r"|bibliographic|critical|qualitative|mixed) ){0,3}(?:review\b|search|mapping)|\bsystematic synthesis"
        r"|\bsystematically (?:\w+ )?(?:review|search|identif)|\b(?:a|an|this|our|the|perform\w*"
        r"|conduct\w*) (?:\w+ ){0,3}meta-? ?analys[ie]s|\bmeta-? ?analy(?:s[ie]s|[sz]ed) (?:was|were|of"
        r"|included|showed|using)|\bmeta-analy[sz]ed|\bmeta-?ethnograph"
        r"|\bqualitative (?:evidence )?synthesis|\bscoping review|\bumbrella review|\bprisma\b",
        r"\b(?:previous|prior|recent|published|existing|earlier|several|available|two|three|other|cochrane"
        r"|future|further|more|from|including|such as|through) (?:\w+ ){0,3}(?:systematic|meta)|\b(?:evidence"
        r"|data|findings|results|wherein there is evidence|supported by|findings) (?:from|of"
        r"|by) (?:\w+ ){0,2}(?:systematic|meta)|\bneed(?:ed|s)?\b|based on systematic"
        r"|systematic reviews? (?:and|or|,) (?:\w+ ){0,2}(?:randomi|trials|rct|guideline|clinical)"
        r"|^\W*an? (?:[\w-]+ ){0,3}(?:review|meta-analysis)(?: \S+){0,8}? (?:revealed|showed|found"
        r"|demonstrated|suggested|reported|concluded|indicated)",
    ),
    rule(
        "scoping_review",
        "text: this scoping review",
        r"\b(?:this|our|a|the|present|conducted|performed) (?:[\w-]+ ){0,3}scoping (?:literature )?review\b",
        r"\b(?:previous|prior|recent|published|earlier|needed|future)\b",
    ),
    rule(
        "umbrella_review",
        "text: this umbrella review",
        r"\b(?:this|our|a|an|the|present|conducted|performed) (?:[\w-]+ ){0,3}(?:umbrella review"
        r"|overview of (?:systematic |cochrane )reviews)\b",
        r"\b(?:previous|prior|recent|published|earlier|needed|future)\b",
    ),
    rule(
        "review",
        "text: this review",
        r"\b(?:this|the present|our|the current|in this|present) (?:[\w-]+ ){0,3}(?:review"
        r"|overview)\b(?! (?:of (?:our|patients|\d|medical|records)))|\bwe (?:\w+ ){0,3}review (?!of)"
        r"|\b(?:article|paper|chapter|manuscript|authors?) (?:\w+ ){0,2}reviews?\b|\b(?:is"
        r"|are) (?:\w+ ){0,2}reviewed\b|\breviews? the (?:\w+ ){0,4}(?:literature|evidence|data|use|role"
        r"|current|available|history|mechanism|treatment)"
        r"|\bwe (?:have )?(?:\w+ly )?reviewed (?:[\w-]+ ){0,7}(?:literature|studies|publications|published)\b"
        r"|\bpurpose of review|\bliterature review|\breview(?:s|ed"
        r"|ing)? (?:of )?(?:the )?(?:\w+ ){0,3}literature|\bto review (?:the )?(?!\w* ?(?:records|charts"
        r"|patients|cases))",
        r"\b(?:retrospective|chart|record|institutional|systematic) (?:\w+ )?review|\breview board"
        r"|\breviewed (?:\S+ ){0,4}(?:patients|cases|records|charts)",
        anchors="review|overview",
    ),
)
