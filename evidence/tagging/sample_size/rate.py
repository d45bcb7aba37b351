"""The score of a number of people: how likely it counts everybody who was studied, from the words around it."""

from __future__ import annotations

import re
from typing import NamedTuple

from evidence.number_words import value
from evidence.rules import without_brackets
from evidence.tagging.sample_size.counts import EQUALS, SEXES, Count, adds_up
from evidence.tagging.sample_size.cues import AFTER, BEFORE, BETWEEN, PART_BY_SEX
from evidence.tagging.text.document import (
    ADMINISTRATIVE,
    BACKGROUND,
    CONCLUSIONS,
    ELIGIBILITY,
    METHODS,
    OBJECTIVE,
    RESULTS,
    TITLE,
)  # fmt: skip

# Parts that add up to a number make it the whole, unless other words already take it for a part itself.
ADDS_UP, ARMS_ADD_UP, PART_ITSELF = 4.0, 2.0, -2.5
# Before a lone ``n =``: people, or what was done with all of them.
_EQUALS_ALL = re.compile(
    r"\b(?:patients|subjects|participants|adults|volunteers|rats|mice|cats|dogs|rabbits|women|men|children|animals"
    r"|total|included|controls|cohort|sample)"
    r"(?: of (?:both|either) sex(?:es)?)? ?[(\[]? ?(?:total )?n ?= ?$|\b(?:assigned|enrolled|recruited|included"
    r"|allocated|randomi[sz]ed)\b[^.;)]*[(\[] ?n ?= ?$"
)
_BY_CATEGORY = {
    TITLE: 2.0,
    METHODS: 1.0,
    OBJECTIVE: 0.5,
    RESULTS: 0.0,
    BACKGROUND: -3.0,
    CONCLUSIONS: -2.0,
    ELIGIBILITY: -4.0,
    ADMINISTRATIVE: -4.0,
}
# "patients (n = 97) as well as healthy controls (n = 31)"
_CONTROLS = re.compile(r"\b(?:controls|control subjects|volunteers) ?[(\[]? ?$")
# A sentence that is about the participants and gives one number: ``Participants: adults with stroke (N = 82)``.
_ALL_OF_THEM = re.compile(
    r"^\W*(?:[a-z ]{3,30}[:.]? )?(?:patients|participants|subjects|adults|women|men|children|volunteers"
    r"|individuals) (?:with|who|undergoing|aged)\b"
    r"[^.;]{0,150}$"
)


class Rated(NamedTuple):
    """A count with its score and the names of the cues that spoke for it."""

    of: Count
    score: float
    cues: list[str]


def rate(count: Count) -> tuple[float, list[str]]:
    """The score of a count and the names of the cues that raised it."""
    sentence, start, end, between = count.sentence, count.start, count.end, count.between
    lower = sentence.lower
    after = lower[end : end + AFTER.reach]
    rest = without_brackets(after)
    before = lower[max(0, start - BEFORE.reach) : start]
    score, names = _BY_CATEGORY.get(sentence.category, 0.0), []
    looked_at = [(cue, before[-cue.reach :]) for cue in BEFORE.worth_trying(before)]
    both = after if rest is after else f"{after}\n{rest}"
    looked_at += [(cue, (after if cue.aside else rest)[: cue.reach]) for cue in AFTER.worth_trying(both)]
    looked_at += [(cue, between) for cue in (BETWEEN.worth_trying(between) if len(between) > 1 else ())]
    for cue, text in looked_at:
        if cue.search(text) and (cue.name != PART_BY_SEX or count.noun in SEXES):
            score += cue.score
            if cue.score > 0:
                names.append(cue.name)
    if score > PART_ITSELF and count.value > 3:
        if " and " in after and adds_up(count.value, after):
            score += ADDS_UP
            names.append("its parts add up")
        elif "=" in lower and count.noun != "n=" and _arms_add_up(lower, count.value):
            score += ARMS_ADD_UP
            names.append("its arms add up")
    if count.noun == "n=":
        score += _rate_equals(lower, count)
    elif count.noun == "":
        score += 2.0
    return score, names


def _arms_add_up(lower: str, total: int) -> bool:
    """``A (n = 131) compared with B (n = 142) in 273 patients``: the sizes of a sentence are the parts of its count."""
    sizes = [value(size) or 0 for size in EQUALS.findall(lower)]
    return len(sizes) > 1 and sum(sizes) == total


def _rate_equals(lower: str, count: Count) -> float:
    """``n = 8`` counts everybody when it stands alone in its sentence, an arm when there are several."""
    if len(sizes := [(value(m.group(1)) or 0, m.start()) for m in EQUALS.finditer(lower)]) > 1:
        rest = [size for size, _ in sizes]
        rest.remove(count.value)
        if len(rest) > 1 and sum(rest) == count.value:
            return 6.0  # "children (n = 26) were assigned to A (n = 12) or B (n = 14)"
        others = [at for size, at in sizes if at < count.start - 5 or at > count.start]
        if not all(_CONTROLS.search(lower, max(0, at - 30), at) for at in others):
            return -5.0
    before = lower[max(0, count.start - 100) : count.start]
    if "%" in before[-60:] or "percent" in before[-60:]:
        return -3.0
    return 3.0 if _EQUALS_ALL.search(before) or _ALL_OF_THEM.match(lower[: count.start]) else 0.0
