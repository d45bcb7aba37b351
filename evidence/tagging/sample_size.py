"""How many people (or animals) a study has: randomised, else enrolled or analysed; the larger, first-stated population.

Every number that stands before a word for people is a candidate; the words around it add to or take from its score,
by the table :data:`CUES`; the best candidate above :data:`ENOUGH` is taken with its sentence, else none is. Reviews,
guidelines and the like have no sample size. Arms are multiplied or added up only where the text states their sizes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from evidence.tagging.number_words import NUMBER, value
from evidence.tagging.text import (
    ADMINISTRATIVE, BACKGROUND, CONCLUSIONS, ELIGIBILITY, METHODS, OBJECTIVE, RESULTS, TITLE, Document, Sentence,
)  # fmt: skip
from evidence.tagging.types import DesignTags, SampleSize

ENOUGH = 3.0
# Designs whose numbers are other people's studies, or nobody's.
WITHOUT_SAMPLE = frozenset({"review", "systematic_review", "guideline", "opinion", "notice", "laboratory"})

PEOPLE = (
    "patient", "subject", "participant", "individual", "volunteer", "adult", "children", "child ", "women", "woman", " men", "people",
    "person", "respondent", "veteran", "adolescent", "infant", "case", "parturient", "worker", "student", "nurse", "surviv",
    "amputee", "recipient", "sufferer", "candidates", "males", "females", "boys", "girls", "addict", "consumer", "implantee",
    "rat", "mice", "cats", "dogs", "rabbit", "pigs", "animal", "monkey", "macaque", "sheep", "swine", "primate",
)  # fmt: skip
_NOUN = re.compile(
    r"\s?(?:(?:out|in)?patients?|subjects?|participants?|individuals?|volunteers?|adults?|children|child|women|woman|men|people|persons?|"
    r"respondents?|veterans?|adolescents?|infants?|cases?|parturients?|workers?|students?|nurses?|survivors?|amputees?|recipients?|"
    r"sufferers?|candidates|males|females|boys|girls|addicts?|consumers?|implantees|rats?|mice|cats|dogs|rabbits?|(?:mini)?pigs|animals?|"
    r"monkeys?|macaques?|sheep|swine|primates)\b"
)
ANIMALS = frozenset("rat rats mice cats dogs rabbit rabbits pigs minipigs animal animals monkey monkeys macaque macaques sheep swine primates".split())
# Words that may stand between the number and the noun: not another number, preposition or verb.
_GAP = r"(?:(?!(?:of|in|with|to|than|for|was|were|from|at|by|on|per|had|is|are|months?|years?|weeks?|days?|hours?|minutes?|mg|ml|trials?|studies|centers?|centres?|groups?|sites?|articles|rcts)\b)[a-z(][\w'/()-]*,?\s+)"
_NUMBER_BEFORE = re.compile(rf"({NUMBER})\s+({_GAP}{{0,7}})$")
_EQUALS = re.compile(r"\bn\s?=\s?(\d{1,3}(?:,\d{3})+|\d{1,6})(?![\d%./])")
_LOOK_BACK = 90
_BARE = re.compile(
    rf"\b(?:total(?: sample)?(?: size)? (?:of|was|is)|sample size (?:of|was|is|will be)|sample of|cohort of|series of|target sample (?:of|is)|enrol\w* of|randomi[sz]ed|recruit|enrol+|include) (?:up to |about |approximately |at least )?({NUMBER})(?=[\s.,;)])"
    rf"|(?<![\w.,/:-])({NUMBER}) (?:were|was|will be) (?:\w+ly )?(?:randomi|enrol|recruit|includ)"
)


class Candidate(NamedTuple):
    """A number of people, where it stands in its sentence, and what stands between it and the noun."""

    value: int
    sentence: Sentence
    start: int
    number_end: int
    end: int
    noun: str
    between: str


class Cue(NamedTuple):
    """What the words around a number say of it. ``where``: before, after or between number and noun."""

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
    _cue(3, "before", "taken into the study", _TAKEN + r"(?: \S+){0,4} ?(?:\(?\w+\)? )?$"),
    _cue(2.5, "before", "a total, series, group or sample of",
        r"\b(?:total(?: number)?|series|sample(?: size)?|cohort|population|consecutive series|number) (?:of|was|is|will be|were) (?:\w+ ){0,2}$|\ba (?:\w+ )?group of $|\ball $|\bin all,? $|\ball these $"),
    _cue(2, "before", "denominator", rf"(?:{NUMBER})(?: \w+)?(?: ?/ ?| of | out of )(?:the |our |these )?(?:\w+ )?$"),
    _cue(1, "before", "begins the sentence", r"^\W*(?:[a-z ,/&()]{3,40}: ?|methods and results |methods |subjects |patients |participants )?(?:the |a |in (?:this|a|our) (?:\S+ ){0,4}study,? )?$"),
    _cue(1.5, "between", "consecutive, consenting or eligible", r"\b(?:consecutive|consent\w*|eligible|evaluable|randomly|randomi[sz]ed|enrolled|included|recruited|subsequent)\b"),
    _cue(3, "after", "taken into the study",
        r"^[^.;:]{0,110}?\b(?:were|was|will be|are to be|are|have been|had been|being|to be) (?:\w+ly |then |each |all |also |first |\d+:\d+ |evenly and |equally and ){0,2}(?:randomi|enrol|recruit|includ|studied|assign|allocat|divid|select|evaluat|assess|treated|follow|analy|implant|entered|investigat|examin|tested|interview|survey|scheduled|referred|monitor|review|identif|observed|given|admit|distribut|consider|categori|classif|screened|compared|invited|trialled|trialed|stimulated|administered|injected|measured|recorded|eligible|operated|block|asked|submitted|prospectively|retrospectively)"),
    _cue(1.5, "after", "who have the condition",
        r"^,? ?(?:\([^)]{0,80}\) ?,? ?)?(?:with|who|undergoing|suffering|receiving|scheduled|aged|having|between|meeting|presenting|diagnosed|affected|treated|implanted|referred|from|for whom|underwent|received|participated|attending|took part|on)\b"),
    _cue(2, "after", "took part", r"^[^.;]{0,60}?\b(?:participated|took part|underwent|received|will participate|will undergo|will receive|gave (?:informed )?consent|consented|agreed to participate|will take part|served as|entered (?:the|this) (?:study|trial)|completed (?:the )?(?:study|trial|survey|questionnaire))\b"),
    _cue(1, "after", "age or sex follows", r"^,? ?\(?(?:\d+|[a-z]+)(?: \w+)? (?:men|women|males?|females?|boys|girls)\b|^,? ?\(?(?:mean|median|average) age|^,? ?\(?(?:age|aged)\b|^,? ?\(\d+ ?[mf]\b"),
    _cue(2, "after", "randomised", r"^[^.;]{0,110}?\b(?:randomi[sz]|randomly)"),
    _cue(1, "before", "this study", r"\b(?:this|our|present|the|pilot|prospective|retrospective|single-cent\S+|multi-?cent\S+) (?:\w+ ){0,5}(?:study|trial|series|investigation|analysis|survey|cohort)\b[^.;]{0,60}$"),
    _cue(-4, "after", "a percentage follows", r"^[^.;()]{0,45}\(? ?(?:approximately )?\d+(?:\.\d+)? ?%|^ ?\(\d+(?:\.\d+)?/\d+"),
    _cue(-5, "after", "of one arm", r"^[^.;]{0,30}?\b(?:(?:in|per|to|for|of) (?:each|either|every|both|one|per)\b|(?:each|apiece|per (?:group|arm|cent|site|treatment))\b)|^ (?:in|from|to|into|of|received? (?:in )?) ?(?:the |a )?(?:\S+ ){0,4}(?:group|arm|cohort)s? ?(?:[a-d1-4]\b|i{1,3}\b)?"),
    _cue(-4, "between", "an arm's patients", r"\b(?:control|placebo|sham|untreated|matched|remaining|other|additional|further|more|new|such|of|responder|non-?responders?|placebo-treated)\b"),
    _cue(-3, "after", "controls", r"^ ?(?:controls?|acted as (?:a )?controls?|served as (?:a )?controls?|(?:\w+ ){0,3}as controls?)\b"),
    _cue(-3, "between", "healthy controls", r"\bhealthy\b"),
    _cue(-4, "after", "what became of some",
        r"^,? ?(?:\(\S+\) )?(?:\w+ly |also |both |still |subsequently )?(?:dropped|withdrew|discontinued|died|failed|declined|refused|required|experienced|reported|improved|developed|had|have|has|showed|responded|achieved|complained|stated|returned|noted|did not|chose|continued|remained|became|obtained|described|elected|needed|felt|believed|preferred|demonstrated|exhibited|presented|reached|suffered|rated|gained|opted|were (?:\w+ly )?(?:excluded|lost|withdrawn|unable|not|able|pain|satisfied|free|considered (?:to|as)|found|classified|explanted|removed|responders)|was (?:excluded|lost|withdrawn|not)|could|would|may|might|lost|excluded|in whom|whose|for whom|experiencing|reporting|showing|achieving|(?:was|were) (?:\w+ )?(?:good|excellent|poor|fair|female|male))\b"),
    _cue(-3, "before", "a part of them", r"\b(?:only|another|other|remaining|additional|further|whereas|while|except|excluding|excluded|including|of whom|of which|of these,?|of them,?|among (?:them|these|whom),?|rest of the|the (?:last|first|next|final|other|remaining)|followed by|as well as|versus|vs\.?|least|up to|more than|less than|fewer than|over|every|once|per|withdrawn|removed|lost) (?:a |the |in )?$"),
    _cue(-2.5, "before", "happened in some of them", r"\b(?:\w+ed|\w+s|excellent|good|fair|poor|seen|obtained|present|pain|relief|successful|success|infection|migration|complications?|effective|found|noted|performed|explanted|removed|failure|was|were|and|or|but|,|;|\)) (?:in|by|for|among) (?:the |all )?$"),
    _cue(-3, "before", "other studies", r"\b(?:studies|trials|reports|rcts|articles|literature|publications|meta-analys\w+) (?:\S+ ){0,6}$|\b(?:previous|prior|earlier) (?:\w+ ){0,3}(?:study|trial|report)\b[^.;]{0,60}$"),
    _cue(-2, "between", "a part by sex or kind", r"\b(?:male|female|men|women)\b(?! and| or|/| patients| subjects| volunteers)"),
    _cue(-3, "between", "several groups", r"\bgroups\b"),
)  # fmt: skip
_BY_CATEGORY = {TITLE: 1.0, METHODS: 1.0, OBJECTIVE: 0.5, RESULTS: 0.0, BACKGROUND: -3.0, CONCLUSIONS: -2.0, ELIGIBILITY: -4.0, ADMINISTRATIVE: -4.0}
_GROUPS = re.compile(rf"\b({NUMBER}) (?:\w+ ){{0,3}}(?:groups?|arms)\b")
_EACH = re.compile(rf"\b(?:({NUMBER}) (?:\w+ ){{0,3}}(?:in|per|to|for) (?:each|every)|({NUMBER}) (?:\w+ ){{0,3}}(?:per|each)\b|n ?= ?(\d+) (?:\w+ )?(?:each|per|in each)|each (?:group )?(?:\w+ ){{0,3}}({NUMBER})\b|in each group,? ({NUMBER})|groups of ({NUMBER}))")
_ONE_CASE = re.compile(r"\b(?:an?|one|the|this|our|single) (?:[^\s.;]+ ){0,6}?(?:case|patient|man|woman|boy|girl|child|infant|male|female|lady|gentleman|year-old|motorcyclist)\b|\b\d{1,3}[- ](?:year|yr|month)s?[- ]old\b")


def candidates(document: Document) -> list[Candidate]:
    """Every number that counts people or animals, in reading order."""
    found: list[Candidate] = []
    for sentence in document.sentences:
        found += _in_sentence(sentence)
    return found


def _in_sentence(sentence: Sentence) -> list[Candidate]:
    lower = sentence.lower
    positions = set()
    for noun in PEOPLE:
        at = lower.find(noun)
        while at >= 0:
            positions.add(at)
            at = lower.find(noun, at + 4)
    found = {}
    for at in sorted(positions):
        noun_match = _NOUN.match(lower, at)
        if not noun_match or (at and lower[at - 1].isalpha() and noun_match.group()[0] != " "):
            continue
        back = max(0, at - _LOOK_BACK)
        window = lower[back:at] + (" " if noun_match.group().startswith(" ") else "")
        match = _NUMBER_BEFORE.search(window)
        number = value(match.group(1)) if match else None
        if match and number is not None and not 1900 <= number <= 2035:
            start = back + match.start(1)
            found.setdefault(start, Candidate(number, sentence, start, back + match.end(1), noun_match.end(), noun_match.group().strip(), match.group(2)))
    if "n=" in lower or "n =" in lower:
        for match in _EQUALS.finditer(lower):
            found[match.start(1)] = Candidate(int(match.group(1).replace(",", "")), sentence, match.start(1), match.end(1), match.end(), "n=", "")
    if sentence.lower.find("total") >= 0 or "sampl" in lower or "random" in lower or "enrol" in lower or "recruit" in lower or "includ" in lower or "series of" in lower:
        for match in _BARE.finditer(lower):
            group = 1 if match.group(1) else 2
            number = value(match.group(group))
            if number is not None and not 1900 <= number <= 2035:
                found.setdefault(match.start(group), Candidate(number, sentence, match.start(group), match.end(group), match.end(group), "", ""))
    return [found[start] for start in sorted(found)]


def choose(found: list[Candidate], document: Document, tags: DesignTags) -> SampleSize | None:
    """The sample size, with its sentence and the words that decided; ``None`` when not stated or not sure."""
    designs = set(tags.designs)
    if not found and "case_report" not in designs or designs & WITHOUT_SAMPLE or tags.design is None and not tags.protocol:
        return None
    animal = "animal" in designs
    rated = [(*rate(c), c) for c in found if (c.noun in ANIMALS) == animal or c.noun in ("", "n=")]
    arms = _arms(document, animal)
    rated = [r for r in rated if r[0] >= ENOUGH]
    if "case_report" in designs:
        return _cases(found, rated, document)
    if arms is not None and not any(r[2].value >= arms.value for r in rated):
        return arms
    if not rated:
        return None
    best = max(score for score, _, _ in rated)
    near = [r for r in rated if r[0] >= best - 1.5]
    if "rct" in designs:
        near = [r for r in near if any(name.startswith("randomised") or name == "taken into the study" for name in r[1])] or near
    score, names, chosen = max(near, key=lambda r: r[2].value)
    return _answer(document, chosen, "; ".join(names))


def rate(candidate: Candidate) -> tuple[float, list[str]]:
    """The score of a candidate and the cues that made it."""
    lower = candidate.sentence.lower
    before, after = lower[max(0, candidate.start - 70) : candidate.start], lower[candidate.end : candidate.end + 130]
    texts = {"before": before, "after": after, "between": candidate.between}
    score, names = _BY_CATEGORY.get(candidate.sentence.category, 0.0), []
    for cue in CUES:
        if cue.pattern.search(texts[cue.where]):
            score += cue.score
            if cue.score > 0:
                names.append(cue.name)
    if candidate.noun == "n=":
        score += _rate_equals(lower, candidate)
    elif candidate.noun == "":
        score += 2.0
    return score, names


def _rate_equals(lower: str, candidate: Candidate) -> float:
    """``n = 8`` counts everybody when it stands alone in its sentence, an arm when there are several."""
    if len(_EQUALS.findall(lower)) > 1:
        return -5.0
    before = lower[max(0, candidate.start - 40) : candidate.start]
    near = re.search(r"(?:patients|subjects|participants|adults|volunteers|rats|mice|cats|dogs|rabbits|women|men|children|animals|total|techniques|assigned|enrolled|randomi\w+|included|controls) ?[(\[]? ?(?:total )?n ?= ?$", before)
    return 2.0 if near else 0.0


def _arms(document: Document, animal: bool) -> SampleSize | None:
    """The product or sum of arms whose sizes one sentence (or two that follow each other) states."""
    previous: Sentence | None = None
    groups = None
    for sentence in document.abstract_sentences:
        lower = sentence.lower
        if sentence.category in (BACKGROUND, ELIGIBILITY, ADMINISTRATIVE, CONCLUSIONS) or "group" not in lower and "arm" not in lower:
            continue
        match = _GROUPS.search(lower)
        number = value(match.group(1)) if match else None
        if number and 2 <= number <= 8:
            groups, previous = number, sentence
        each = _EACH.search(lower)
        size = value(next(g for g in each.groups() if g)) if each else None
        if groups and size and size > 3 and previous is not None:
            return _sum(document, groups * size, sentence, f"{groups} groups of {size}")
        sizes = [int(n.replace(",", "")) for n in _EQUALS.findall(lower)]
        if groups and len(sizes) == groups and sentence is previous:
            return _sum(document, sum(sizes), sentence, "sum of " + " + ".join(map(str, sizes)))
    return None


def _sum(document: Document, total: int, sentence: Sentence, rule: str) -> SampleSize:
    return SampleSize(total, document.text(sentence).strip(), rule, sentence.part, sentence.start, sentence.end)


def _cases(found: list[Candidate], rated: list[tuple[float, list[str], Candidate]], document: Document) -> SampleSize | None:
    """A case report has the number of cases it counts, or one where it speaks of a patient."""
    few = [c for c in found if 1 < c.value <= 15 and c.sentence.category != BACKGROUND and c.noun not in ANIMALS]
    told = [c for c in few if rate(c)[0] >= 0]
    if rated or told:
        chosen = max((r[2] for r in rated), key=lambda c: c.value) if rated else told[0]
        return _answer(document, chosen, "cases counted")
    for sentence in document.sentences:
        if _ONE_CASE.search(sentence.lower):
            return _sum(document, 1, sentence, "one case described")
    return None


def _answer(document: Document, chosen: Candidate, rule: str) -> SampleSize:
    sentence = chosen.sentence
    text = document.text(sentence).strip()
    return SampleSize(chosen.value, text, rule, sentence.part, sentence.start + chosen.start, sentence.start + chosen.number_end)
