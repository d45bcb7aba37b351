"""What the words around a number of people say of it: is this the study population, an arm, or what became of some?"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import ahocorasick

from evidence.tagging.matching.needed_words import begins, endings, needed_words
from evidence.tagging.text.number_words import NUMBER

# Where a cue looks: so many characters before the number, after the noun (``rest``: brackets left out), or between.
WINDOWS = {"near": 30, "before": 70, "far": 150, "after": 160, "rest": 160, "between": 0}
# Said of men or women only: "90 patients, 40 men and 50 women" are 90.
PART_BY_SEX = "a part by sex"
# So many characters at the end of a window tell which cues can match there.
END = 3


class Cue(NamedTuple):
    """``score`` is added where ``find`` finds the expression in the text of ``where`` (:data:`WINDOWS`)."""

    score: float
    where: str
    name: str
    find: Callable[[str], re.Match[str] | None]
    printed: str


def _cue(score: float, where: str, name: str, pattern: str) -> Cue:
    """What looks at the words right after the number is not looked for further on."""
    compiled = re.compile(pattern)
    return Cue(score, where, name, compiled.match if begins(pattern) else compiled.search, pattern)


# fmt: off
CUES: tuple[Cue, ...] = (
    # The study population.
    _cue(
        3, "before", "taken into the study",
        r"(?:randomi[sz]\w*|enrol\w*|recruit\w*|includ\w*|involv\w*|studied|used|evaluat\w*|assess\w*"
        r"|analy[sz]\w*|review\w*|follow\w*|treat\w*|examin\w*|investigat\w*|compar\w*|select\w*|identif\w*"
        r"|interview\w*|survey\w*|tested|screened|report(?:s|ed)? (?:on|of|the results of|our results in)"
        r"|assign\w*|allocat\w*|divid\w*|admitt?\w*|implant\w*|monitor\w*|present(?:s)?|describes?|entered"
        r"|consist\w* of|comprised|conducted (?:in|on|with|among)|performed (?:in|on|with)|carried out (?:in"
        r"|on|with)|administered to|given to|offered to|data (?:from|of|on)|records of|experience (?:with|in)"
        r"|results (?:in|from|of|on)|undertaken (?:in|on)|samples from|recordings from)(?: \S+){0,4} ?(?:\(?\w+\)? )?$",
    ),
    _cue(
        3, "before", "a study in so many",
        r"\b(?:study|trial|series|investigation|experiment|survey|evaluation|analysis|design"
        r"|report) (?:\w+ ){0,3}(?:in|of|on|with|among|including|involving|from|enrolling) (?:a (?:total"
        r"|group|sample|cohort|series) of )?$",
    ),
    _cue(
        2.5, "far", "we studied",
        r"\b(?:we|authors?) (?:\w+ )?(?:stud|evaluat|assess|examin|investigat|compar|report|review|describ"
        r"|analy[sz]|treat|perform|measur|record|test|use|present|conduct|appl|obtain"
        r"|start)\w*\b[^.;]*\b(?:in|of|on|from|for|with|among) (?:a )?$|\b(?:was|were) (?:\w+ly )?(?:studied"
        r"|evaluated|assessed|examined|investigated|compared|measured|recorded|tested|analy[sz]ed|performed"
        r"|obtained|collected|used|determined|applied|induced|infused|placed|delivered"
        r"|given)\b[^.;,]{0,90}\b(?:in|of|on|from|for|with|among) (?:a )?$",
    ),
    _cue(
        1.5, "far", "a study of so many",
        r"\b(?:study|trial|series|investigation|survey|comparison|experience|analysis)\b[^.;]{0,120}\b(?:in"
        r"|on|with|among|of|for) (?:a )?$",
    ),
    _cue(
        2.5, "before", "a total, series, group or sample of",
        r"\b(?:total(?: number)?|series|sample(?: size)?|cohort|population|number) (?:of|was|is|will be"
        r"|were) (?:\w+ ){0,2}$|\ba (?:\w+ )?group of $|\bin all,? $",
    ),
    _cue(
        2, "near", "denominator",
        rf"(?:{NUMBER})(?: \w+)?(?: ?/ ?| of | out of )(?:the |our |these )?(?:\w+ )?$",
    ),
    _cue(
        1.5, "before", "study population",
        r"\b(?:subjects|patients|participants|population|sample|group) (?:were|was|comprised|consisted of"
        r"|included|are|:) $|\b(?:subjects|patients|participants)(?: were)?[:.]? $",
    ),
    _cue(
        1, "before", "begins the sentence",
        r"^\W*(?:[a-z ,/&()]{3,40}: ?|methods and results |methods |subjects |patients "
        r"|participants )?(?:the |a |in |in (?:this|a|our) (?:\S+ ){0,4}study,? |we (?:\w+ )?)?$",
    ),
    _cue(
        1, "before", "this study",
        r"\b(?:this|our|present|the|pilot|prospective|retrospective|single-cent\S+|multi-?cent\S+"
        r"|project) (?:\w+ ){0,5}(?:study|trial|series|investigation|analysis|survey|cohort|project"
        r"|report)\b[^.;]{0,50}$",
    ),
    _cue(
        1, "before", "a goal",
        r"\b(?:goal|target|aim|plan\w*|intend\w*|expect\w*|anticipat\w*) (?:\w+ ){0,3}(?:to|of|is"
        r"|at) (?:\w+ ){0,2}$|\bto (?:achieve|obtain|reach|yield) $",
    ),
    _cue(
        1.5, "between", "consecutive, consenting or eligible",
        r"\b(?:consecutive|consent\w*|eligible|evaluable|randomly|randomi[sz]ed|enrolled|included|recruited"
        r"|subsequent|asa)\b",
    ),
    _cue(
        3, "rest", "taken into the study",
        r"^[^.;:]{0,110}?\b(?:were|was|will be|are to be|are|have been|had been|being|to be) (?:\w+ly |then "
        r"|each |all |also |first |\d+:\d+ |evenly and |equally and ){0,2}(?:randomi|enrol|recruit|includ"
        r"|studied|used|assign|allocat|divid|select|evaluat|assess|treated|follow|analy|implant|entered"
        r"|investigat|examin|tested|interview|survey|scheduled|referred|monitor|review|identif|observed|given"
        r"|admit|distribut|consider|categori|classif|screened|compared|invited|trialled|trialed|stimulated"
        r"|administered|injected|measured|recorded|eligible|operated|block|asked|submitted|prospectively"
        r"|retrospectively|managed|needed|required)",
    ),
    _cue(
        3, "rest", "taken into the study",
        r"^,? ?(?:(?:were|was) )?(?:included|enrolled|randomi[sz]ed|recruited|studied) (?:in|into|to|for|from"
        r"|by|on)\b",
    ),
    _cue(
        1.5, "rest", "who have the condition",
        r"^,? ?(?:with|who|undergoing|suffering|receiving|scheduled|aged|having|between|meeting|presenting"
        r"|diagnosed|affected|treated|implanted|referred|from|for whom|underwent|received|participated"
        r"|attending|took part|on|in active)\b",
    ),
    _cue(
        2, "rest", "took part",
        r"^[^.;]{0,60}?\b(?:participated|took part|underwent|received|will participate|will undergo"
        r"|will receive|gave (?:informed )?consent|consented|agreed to participate|will take part|served as"
        r"|entered (?:the|this) (?:study|trial)|completed (?:the )?(?:study|trial|survey|questionnaire))\b",
    ),
    _cue(
        1, "after", "age or sex follows",
        r"^,? ?[(\[]?(?:\d+|[a-z]+)(?: \w+)? (?:men|women|males?|females?|boys|girls)\b|^,? ?[(\[]?(?:mean"
        r"|median|average) age|^,? ?[(\[]?(?:age|aged)\b|^,? ?[(\[]\d+ ?[mf]\b",
    ),
    _cue(2, "rest", "in the study", r"^ (?:in|of) (?:the|this|our) (?:\w+ )?(?:study|cohort|sample|series)\b"),
    _cue(
        2, "rest", "randomised",
        r"^[^.;]{0,110}?\b(?:randomi[sz]|randomly)",
    ),
    # Less than the study population.
    _cue(
        -6, "rest", "looked through to find others",
        r"^[^.;]{0,40}\b(?:screened|approached|assessed)\b[^.;]{0,20}\bto (?:achieve|obtain|reach|enrol|include|randomi"
        r"|identify|yield|ensure|find)",
    ),
    _cue(
        -4, "after", "a percentage follows",
        r"^[^.;()\[,]{0,30}(?:,(?! \d)[^.;()\[,]{0,20})?[(\[] ?(?:n ?= ?\d+[,;] ?)?(?:approximately )?\d+(?:\.\d+)? ?%"
        r"|^ ?[(\[]\d+(?:\.\d+)?/\d+",
    ),
    _cue(
        -10, "rest", "of one arm",
        r"^(?: (?!with\b)[\w-]+){0,4}? (?:(?:in|per|to|for|of|from) (?:each|every|both|per)\b"
        r"|(?:in|for|of|from) either (?:\w+ ){0,2}(?:group|arm)\b|(?:each"
        r"|apiece|per (?:group|arm|cent|site|treatment|condition))\b)|^ (?:in|from|to|into|of"
        r"|received? (?:in )?) ?(?:the |a )?(?:(?!study|same|two|three|four)\S+ ){0,3}(?:group|arm)\b(?! of)",
    ),
    _cue(
        -4, "between", "an arm's patients",
        r"\b(?:control|placebo|sham|matched|remaining|other|additional|further|more|new|such|of"
        r"|non-?responders?|responder|placebo-treated|million|thousands?)\b",
    ),
    _cue(-8, "between", "nobody", r"\b(?:simulated|hypothetical|virtual|fictitious|imaginary)\b"),
    _cue(
        -3, "rest", "controls",
        r"^ ?controls?\b"
        r"|^[^.;,]{0,40}(?<!well )\bas (?:a |the |healthy |matched |normal )*(?:controls?|comparators?)\b",
    ),
    _cue(-1.5, "between", "healthy controls", r"\bhealthy\b"),
    _cue(
        -4, "rest", "what became of some",
        r"^,? ?(?:\w+ly |also |both |still |however,? |subsequently )?(?:dropped|withdrew|discontinued|died|failed"
        r"|declined|refused|required|experienced|reported|improved|developed|have|has|showed|responded"
        r"|achieved|complained|stated|returned|noted|did not|chose|continued|remained|became|obtained"
        r"|described|elected|needed|felt|believed|preferred|demonstrated|exhibited|presented|reached|suffered"
        r"|rated|gained|opted|were (?:\w+ly )?(?:excluded|lost|withdrawn|unable|not|able|pain|satisfied|free"
        r"|considered|found|classified|explanted|removed|responders|needed|required)|was (?:excluded|lost"
        r"|withdrawn|not|needed|required)|could|would|may|might|lost|excluded|in whom|whose|for whom"
        r"|experiencing|reporting|showing|achieving|(?:was|were) (?:\w+ )?(?:good|excellent|poor|fair|female"
        r"|male))\b",
    ),
    _cue(
        -4, "rest", "and so many others",
        rf"^[^.;]{{0,70}}\band (?:the )?(?:other )?(?:{NUMBER}) (?:\w+ )?(?:underwent|received|had|were|with|without|to"
        rf"|in the|as|treated|completed)\b",
    ),
    _cue(-3, "rest", "one number for each", r"^[^.;]{0,80}\brespectively\b"),
    _cue(
        -2, "rest", "had",
        r"^,? ?(?:\w+ly )?had\b(?! been)",
    ),
    _cue(
        -4, "before", "those they were chosen from",
        r"\b(?:chosen|selected|drawn|sampled|identified) (?:out )?(?:from|of|among) (?:a (?:total|pool|group"
        r"|cohort) of )?(?:the )?$",
    ),
    _cue(
        -8, "before", "those so many were chosen from",
        rf"(?:{NUMBER}) selected (?:\w+ )?(?:out of|from|among) (?:an? \w+ of )?(?:the )?$",
    ),
    _cue(
        -3, "before", "a part of them",
        r"\b(?:only|another|other|remaining|additional|further|whereas|while|except|excluding|excluded"
        r"|including|of whom|of which|of these,?|of them,?|among (?:them|these|whom),?|rest of the"
        r"|the (?:last|first|next|final|other|remaining)|followed by|as well as|versus|vs\.?|least|up to"
        r"|more than|less than|fewer than|over|every|once|per|withdrawn|removed|lost|all) (?:a |the |in )?$",
    ),
    _cue(
        -2.5, "before", "happened in some of them",
        r"\b(?:excellent|good|fair|poor|seen|obtained|present|pain|relief|successful|success|infection"
        r"|migration|complications?|effective|found|noted|explanted|removed|failure|improved|reduced|occurred"
        r"|resolved|decreased|increased|achieved|developed|reported|was|were|and|or|but|\)) (?:in|by|for"
        r"|among) (?:the |all )?$|[,;)] (?:in|by|for|among) (?:the |all )?$",
    ),
    _cue(
        -5, "before", "an arm holds so many",
        r"\b(?:treatment|intervention|control|placebo|sham|active|experimental|comparison) (?:arm|group) (?:\S+ ){0,3}"
        r"(?:contained|comprised|consisted of|included|had) (?:\w+ )?$",
    ),
    _cue(
        -3, "before", "the last of a list",
        rf"(?:{NUMBER}) (?:(?:in|with|of) )?(?:[\w-]+ ){{0,3}}?(?:and|or) $"
        rf"|{NUMBER} (?:patients|subjects|participants|women|men|children)(?: [\w-]+){{1,6}} and $",
    ),
    _cue(
        -10, "before", "other studies",
        r"\bet al\b|\b(?:studies|trials|(?<!article )(?<!paper )(?<!study )(?<!author )reports|rcts"
        r"|articles|literature|publications"
        r"|meta-analys\w+) (?:\S+ ){0,6}$|\b(?:previous|prior|earlier|recent) (?:\w+ ){0,3}(?:study|trial"
        r"|report|series|work)\b[^.;]{0,60}$",
    ),
    _cue(
        -4, "before", "how common it is",
        r"\b(?:prevalence|incidence|annual\w*|worldwide|(?:is|are|an) estimated|estimated that|affects?"
        r"|affecting|million|in the united states|in the u\.?s\.?)\b[^.;]{0,40}$",
    ),
    _cue(
        -4, "rest", "how common it is",
        r"^[^.;]{0,60}\b(?:per year|annually|each year|worldwide|every year|million)\b",
    ),
    _cue(
        -8, "before", PART_BY_SEX,
        r"\b(?:males?|females?|men|women|boys|girls) (?:and|,) (?:the )?$",
    ),
    _cue(
        -8, "rest", PART_BY_SEX,
        rf"^ ?(?:and|,) (?:{NUMBER}) (?:females?|males?|women|men|girls|boys)\b",
    ),
    _cue(-3, "between", "several groups", r"\bgroups\b"),
)
# fmt: on


class CuesAt:
    """The cues of windows on one side of a number, each tried only where a word that it needs stands in its window, and
    where the text ends as it must: 3 of 10 a number are tried."""

    def __init__(self, *windows: str):
        cues = [(1 << i, cue) for i, cue in enumerate(cue for where in windows for cue in CUES if cue.where == where)]
        self._always = self._any_end = 0
        by_word: dict[str, list[int]] = {}
        self._by_end: dict[str, int] = {}
        for bit, cue in cues:
            words, ends = needed_words(cue.printed), endings(cue.printed)
            self._always |= 0 if words else bit
            for word in words:
                masks = by_word.setdefault(word, [0, 0, 0])
                for near in range(windows.index(cue.where), 3):
                    masks[near] |= bit
            if min(map(len, ends), default=0) < END:
                self._any_end |= bit
            else:
                for end in {end[-END:] for end in ends}:
                    self._by_end[end] = self._by_end.get(end, 0) | bit
        _, self._middle, self._near, *_ = (*(WINDOWS[where] for where in windows), 0, 0)
        self._automaton = ahocorasick.Automaton()
        for word, masks in by_word.items():
            self._automaton.add_word(word, tuple(masks))
        self._automaton.make_automaton()
        self._chosen = lru_cache(maxsize=4096)(lambda mask: tuple(cue for bit, cue in cues if bit & mask))

    def worth_trying(self, text: str) -> tuple[Cue, ...]:
        """The cues that can match in ``text``, the widest window of this side; the narrower ones are its end."""
        mask, length = self._always, len(text)
        for last, masks in self._automaton.iter(text):
            left = length - last
            mask |= masks[0 if left > self._middle else 1 if left > self._near else 2]
        return self._chosen(mask & (self._any_end | self._by_end.get(text[-END:], 0)))


BEFORE, BETWEEN = CuesAt("far", "before", "near"), CuesAt("between")
# After a number: where "after" and "rest" are the same text, and where brackets were left out of the rest.
AFTER, REST = CuesAt("after", "rest"), CuesAt("rest")
BRACKETS = tuple(cue for cue in CUES if cue.where == "after")
