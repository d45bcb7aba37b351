"""What the words around a number of people say of it: is this the study population, an arm, or what became of some?"""

from __future__ import annotations

import re
from typing import NamedTuple

from evidence.tagging.number_words import NUMBER


# Where a cue looks: so many characters before the number, after the noun (``rest``: brackets left out), or between.
WINDOWS = {"near": 30, "before": 70, "far": 150, "after": 160, "rest": 160, "between": 0}


class Cue(NamedTuple):
    """``score`` is added where ``pattern`` matches ``where`` (:data:`WINDOWS`)."""

    score: float
    where: str
    name: str
    pattern: re.Pattern[str]


def _cue(score: float, where: str, name: str, pattern: str) -> Cue:
    return Cue(score, where, name, re.compile(pattern))


_TAKEN = (
    r"(?:randomi[sz]\w*|enrol\w*|recruit\w*|includ\w*|involv\w*|studied|evaluat\w*|assess\w*|analy[sz]\w*|review\w*|follow\w*|treat\w*|examin\w*|"
    r"investigat\w*|compar\w*|select\w*|identif\w*|interview\w*|survey\w*|tested|screened|report(?:s|ed)? (?:on|of|the results of|our results in)|"
    r"assign\w*|allocat\w*|divid\w*|admitt?\w*|implant\w*|monitor\w*|present(?:s)?|describes?|entered|consist\w* of|comprised|conducted (?:in|on|with|among)|performed (?:in|on|with)|"
    r"carried out (?:in|on|with)|administered to|given to|offered to|data (?:from|of|on)|records of|experience (?:with|in)|results (?:in|from|of)|undertaken (?:in|on))"
)
CUES: tuple[Cue, ...] = (
    # The study population.
    _cue(3, "before", "taken into the study", _TAKEN + r"(?: \S+){0,4} ?(?:\(?\w+\)? )?$"),
    _cue(3, "before", "a study in so many",
        r"\b(?:study|trial|series|investigation|experiment|survey|evaluation|analysis|design|report) (?:\w+ ){0,3}(?:in|of|on|with|among|including|involving|from|enrolling) (?:a (?:total|group|sample|cohort|series) of )?$"),
    _cue(2.5, "far", "we studied",
        r"\b(?:we|authors?) (?:\w+ )?(?:stud|evaluat|assess|examin|investigat|compar|report|review|describ|analy[sz]|treat|perform|measur|record|test|use|present|conduct|appl|obtain|start)\w*\b[^.;]*\b(?:in|of|on|from|for|with|among) (?:a )?$"
        r"|\b(?:was|were) (?:\w+ly )?(?:studied|evaluated|assessed|examined|investigated|compared|measured|recorded|tested|analy[sz]ed|performed|obtained|collected|used|determined|applied|implanted)\b[^.;,]{0,90}\b(?:in|of|on|from|for|with|among) (?:a )?$"),
    _cue(2.5, "before", "a total, series, group or sample of",
        r"\b(?:total(?: number)?|series|sample(?: size)?|cohort|population|number) (?:of|was|is|will be|were) (?:\w+ ){0,2}$|\ba (?:\w+ )?group of $|\bin all,? $"),
    _cue(2, "near", "denominator", rf"(?:{NUMBER})(?: \w+)?(?: ?/ ?| of | out of )(?:the |our |these )?(?:\w+ )?$"),
    _cue(1.5, "before", "study population", r"\b(?:subjects|patients|participants|population|sample|group) (?:were|was|comprised|consisted of|included|are|:) $|\b(?:subjects|patients|participants)(?: were)?[:.]? $"),
    _cue(1, "before", "begins the sentence", r"^\W*(?:[a-z ,/&()]{3,40}: ?|methods and results |methods |subjects |patients |participants )?(?:the |a |in (?:this|a|our) (?:\S+ ){0,4}study,? |we (?:\w+ )?)?$"),
    _cue(1, "before", "this study", r"\b(?:this|our|present|the|pilot|prospective|retrospective|single-cent\S+|multi-?cent\S+|project) (?:\w+ ){0,5}(?:study|trial|series|investigation|analysis|survey|cohort|project|report)\b[^.;]{0,50}$"),
    _cue(1, "before", "a goal", r"\b(?:goal|target|aim|plan\w*|intend\w*|expect\w*|anticipat\w*) (?:\w+ ){0,3}(?:to|of|is|at) (?:\w+ ){0,2}$"),
    _cue(1.5, "between", "consecutive, consenting or eligible", r"\b(?:consecutive|consent\w*|eligible|evaluable|randomly|randomi[sz]ed|enrolled|included|recruited|subsequent|asa)\b"),
    _cue(3, "rest", "taken into the study",
        r"^[^.;:]{0,110}?\b(?:were|was|will be|are to be|are|have been|had been|being|to be) (?:\w+ly |then |each |all |also |first |\d+:\d+ |evenly and |equally and ){0,2}(?:randomi|enrol|recruit|includ|studied|assign|allocat|divid|select|evaluat|assess|treated|follow|analy|implant|entered|investigat|examin|tested|interview|survey|scheduled|referred|monitor|review|identif|observed|given|admit|distribut|consider|categori|classif|screened|compared|invited|trialled|trialed|stimulated|administered|injected|measured|recorded|eligible|operated|block|asked|submitted|prospectively|retrospectively|managed|needed|required)"),
    _cue(3, "rest", "taken into the study", r"^,? ?(?:(?:were|was) )?(?:included|enrolled|randomi[sz]ed|recruited|studied) (?:in|into|to|for|from|by|on)\b"),
    _cue(1.5, "rest", "who have the condition",
        r"^,? ?(?:with|who|undergoing|suffering|receiving|scheduled|aged|having|between|meeting|presenting|diagnosed|affected|treated|implanted|referred|from|for whom|underwent|received|participated|attending|took part|on|in active)\b"),
    _cue(2, "rest", "took part", r"^[^.;]{0,60}?\b(?:participated|took part|underwent|received|will participate|will undergo|will receive|gave (?:informed )?consent|consented|agreed to participate|will take part|served as|entered (?:the|this) (?:study|trial)|completed (?:the )?(?:study|trial|survey|questionnaire))\b"),
    _cue(1, "after", "age or sex follows", r"^,? ?[(\[]?(?:\d+|[a-z]+)(?: \w+)? (?:men|women|males?|females?|boys|girls)\b|^,? ?[(\[]?(?:mean|median|average) age|^,? ?[(\[]?(?:age|aged)\b|^,? ?[(\[]\d+ ?[mf]\b"),
    _cue(2, "rest", "randomised", r"^[^.;]{0,110}?\b(?:randomi[sz]|randomly)"),
    # Less than the study population.
    _cue(-4, "after", "a percentage follows", r"^[^.;()\[]{0,30}[(\[] ?(?:n ?= ?\d+[,;] ?)?(?:approximately )?\d+(?:\.\d+)? ?%|^ ?[(\[]\d+(?:\.\d+)?/\d+"),
    _cue(-5, "rest", "of one arm", r"^[^.;,]{0,30}?\b(?:(?:in|per|to|for|of|from) (?:each|either|every|both|per)\b|(?:each|apiece|per (?:group|arm|cent|site|treatment|condition))\b)|^ (?:in|from|to|into|of|received? (?:in )?) ?(?:the |a )?(?:(?!study|same|two|three|four)\S+ ){0,3}(?:group|arm)\b(?! of)"),
    _cue(-4, "between", "an arm's patients", r"\b(?:control|placebo|sham|untreated|matched|remaining|other|additional|further|more|new|such|of|non-?responders?|responder|placebo-treated|million|thousands?)\b"),
    _cue(-3, "rest", "controls", r"^ ?(?:controls?|acted as (?:a )?controls?|served as (?:a )?controls?|(?:\w+ ){0,3}as controls?)\b"),
    _cue(-1.5, "between", "healthy controls", r"\bhealthy\b"),
    _cue(-4, "rest", "what became of some",
        r"^,? ?(?:\w+ly |also |both |still |subsequently )?(?:dropped|withdrew|discontinued|died|failed|declined|refused|required|experienced|reported|improved|developed|have|has|showed|responded|achieved|complained|stated|returned|noted|did not|chose|continued|remained|became|obtained|described|elected|needed|felt|believed|preferred|demonstrated|exhibited|presented|reached|suffered|rated|gained|opted|were (?:\w+ly )?(?:excluded|lost|withdrawn|unable|not|able|pain|satisfied|free|considered|found|classified|explanted|removed|responders|needed|required)|was (?:excluded|lost|withdrawn|not|needed|required)|could|would|may|might|lost|excluded|in whom|whose|for whom|experiencing|reporting|showing|achieving|(?:was|were) (?:\w+ )?(?:good|excellent|poor|fair|female|male))\b"),
    _cue(-3, "rest", "and so many others", rf"^[^.;]{{0,70}}\band (?:the )?(?:other )?(?:{NUMBER}) (?:\w+ )?(?:underwent|received|had|were|with|without|to|in the|as)\b"),
    _cue(-2, "rest", "had", r"^,? ?(?:\w+ly )?had\b(?! been)"),
    _cue(-3, "before", "a part of them",
        r"\b(?:only|another|other|remaining|additional|further|whereas|while|except|excluding|excluded|including|of whom|of which|of these,?|of them,?|among (?:them|these|whom),?|rest of the|the (?:last|first|next|final|other|remaining)|followed by|as well as|versus|vs\.?|least|up to|more than|less than|fewer than|over|every|once|per|withdrawn|removed|lost|all) (?:a |the |in )?$"),
    _cue(-2.5, "before", "happened in some of them",
        r"\b(?:excellent|good|fair|poor|seen|obtained|present|pain|relief|successful|success|infection|migration|complications?|effective|found|noted|explanted|removed|failure|improved|reduced|occurred|resolved|decreased|increased|achieved|developed|reported|was|were|and|or|but|\)) (?:in|by|for|among) (?:the |all )?$|[,;)] (?:in|by|for|among) (?:the |all )?$"),
    _cue(-3, "before", "other studies", r"\bet al\b|\b(?:studies|trials|reports|rcts|articles|literature|publications|meta-analys\w+) (?:\S+ ){0,6}$|\b(?:previous|prior|earlier) (?:\w+ ){0,3}(?:study|trial|report)\b[^.;]{0,60}$"),
    _cue(-4, "before", "how common it is", r"\b(?:prevalence|incidence|annual\w*|worldwide|estimated|affects?|affecting|million|in the united states|in the u\.?s\.?)\b[^.;]{0,40}$"),
    _cue(-4, "rest", "how common it is", r"^[^.;]{0,60}\b(?:per year|annually|each year|worldwide|every year|million)\b"),
    _cue(-2, "between", "a part by sex or kind", r"\b(?:male|female|men|women)\b(?! and| or|/| patients| subjects| volunteers| rats| mice| veterans)"),
    _cue(-3, "between", "several groups", r"\bgroups\b"),
)  # fmt: skip
