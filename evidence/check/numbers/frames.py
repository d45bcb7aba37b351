"""What a number is said of: its measure, statistic, arm, population and time point, read from the words around it.

A number confirms another only when nothing that both say of themselves disagrees (:func:`disagreements`). What only one
side says is "not stated" and disagrees with nothing. The patterns are in ``frames.yml``, each with its examples.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from evidence.check.numbers.numbers import Number
from evidence.check.numbers.own_words import (
    BOUND,
    FRAMES_FILE,
    SIDE_BY_SIDE,
    clause,
    clause_words,
    own_words,
    word_sets,
)
from evidence.check.numbers.tables import OF, PEOPLE, PERCENT, TIME
from evidence.check.retrieval.ranking import tokens
from evidence.rules import load_rules

PARTS = ("population", "measure", "statistic", "time", "arm")
# Two time points are the same within this share of the longer one: 3 months and 12 weeks.
_SAME_TIME = 0.12
_DAY = 1.0
_TIME_OF = re.compile(
    r"\b(?:at|after|by|over|within|until|during|following|in the(?: first| last)?|through|to|of|for)(?: the)?"
    r"(?: first| last| next| about)?\s*$",
    re.I,
)
_TIME_AFTER = re.compile(
    r"^[\s,]*(?:later|on,|after|from (?:baseline|the)|post|of (?:follow|treatment|stimulation)|follow|results|outcomes|"
    r"visit|in\b)",
    re.I,
)
_COURSE = re.compile(
    r"[\s-](?:\w+ ){0,2}?(?:course|treatment|therapy|programme|program|protocol|regimen|block|session|sessions|"
    r"cycle|stimulation)\b",
    re.I,
)
_OF_A_CHANGE = re.compile(r"\b(?:from|by)\s*$|\bfrom\s[^,;.]{0,30}\bto\s*$|(?:±|\+/-)\s*$", re.I)
_SUFFERED = re.compile(
    r"\b(?:pain|symptoms?|disease|headaches?|history|duration|illness|complaints?)\b[^,;.]{0,20}"
    r"\b(?:of|for|lasting|lasted)(?: (?:at least|more than|over|about))?\s*$",
    re.I,
)
_SPREAD = re.compile(r"(?:±|\+/-|\bSD\b\W{0,3}|\bSEM?\b\W{0,3})\s*$")
_MEAN_BEFORE = re.compile(
    r"\b(?:mean|average|median)\W{1,3}(?:\w+ ){0,4}?(?:relief|reduction|decrease|improvement|change|fall|drop)\b"
    r"[^,;]{0,40}$|"
    r"\b(?:relief|reduction|improvement) averaged\b[^,;]{0,20}$",
    re.I,
)
_OF_ALL = re.compile(r"\s*(?:\([^)]*\)\s*)?(?:of|out of)(?: the| these| all)* \d+(?: [a-z]+)?\b", re.I)
_LEFT_OUT = re.compile(
    r"\s*(?:at|in|after) (?:the )?(?:two|three|four|five|six|ten|twelve|\d+|second|third|fourth|fifth|latter|other)"
    r"(?=\s*(?:$|[.,;)\[(]|and\b))",
    re.I,
)
_ATTACHED = re.compile(r"\s*(?:\([^)]*\)\s*)?(?:at|after|by|in|within)(?: the)?\s*", re.I)
_STUDY_OF = re.compile(
    r"\b(?:in|from) (?:a|the|one|another|this|that) (?:[\w-]+ ){0,3}?(?:study|trial) (?:of|with|in) $", re.I
)
# "randomised 108 people to stimulation and 106 to usual care"
_TO_AN_ARM = re.compile(r" to (?!be\b|take\b|have\b|get\b|receive\b|undergo\b|\d)(?:the |an? |either )?[A-Za-z]", re.I)
_SHARED_OUT = re.compile(r"\b(?:randomi[sz]ed|assigned|allocated)\b", re.I)
_OF_STUDIES = re.compile(
    r"\b(?:trials?|stud(?:y|ies)|RCTs?|reviews?|cohorts?|series|registr(?:y|ies)|centres?|centers?)\s*[(\[]\s*$", re.I
)
# "0.9% at baseline and 5.7% at the last visit": the words behind a number, up to the next one, are its own.
_BEHIND = (
    (
        "before",
        re.compile(r"[\s)]*(?:at (?:the )?(?:baseline|start|beginning|outset)|before\b|pre-?operatively)", re.I),
    ),
    ("after", re.compile(r"[\s)]*(?:at (?:the )?(?:end|last|final)|after(?:wards)?\b|post-?operatively)", re.I)),
)
_OF_THE_ONE_BEFORE = re.compile(
    r"\d\s?%?\s*\)?\s*(?:at baseline|before (?:treatment|surgery|implantation|stimulation))\W+"
    r"(?:and|to|vs\.?|versus)\s*$",
    re.I,
)
_EACH_HAD = re.compile(
    r"\b(?:each|both|either) (?:arms?|groups?) (?:had|has|included|consisted of|comprised)\s*$", re.I
)
_EACH = re.compile(r"\b(?:each|per) (?:arm|group)|\bin (?:each|both)\b", re.I)


@dataclass(frozen=True, slots=True)
class FindingFrame:
    """What the words around a number say of it; ``""`` or an empty set where they are silent.

    ``time`` is in days. ``own`` are the words said of this number and not of its neighbours in the sentence (an arm, an
    event, a subgroup), ``shared`` those said of all of them, ``near`` those of its clause, ``beside`` those said of its
    neighbours only, all as stems; ``order`` is its place among numbers of its
    dimension in the sentence, for "80% and 58% with burst and tonic stimulation, respectively".
    """

    population: str = ""
    measure: str = ""
    statistic: str = ""
    time: float | None = None
    own: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    order: tuple[int, int] = (0, 1)
    words: dict[str, str] = field(default_factory=dict, compare=False)  # part → the words that said so
    arm: str = ""  # of the two arms that the source names

    def of_arm(self, arm: str, name: str) -> FindingFrame:
        """The same, said of that arm of the source, which is called so."""
        return replace(self, arm=arm, words={**self.words, "arm": name}) if arm else self

    def said(self, part: str) -> str:
        """The words that a part was read from, for people."""
        return self.words.get(part, "")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One part in which two frames differ, with what each side says. ``certain``: without a look at other numbers."""

    part: str
    draft: str
    source: str
    certain: bool


def read_frames(
    sentence: str, numbers: Sequence[Number], before: Sequence[FindingFrame] = (), earlier: float | None = None
) -> list[FindingFrame]:
    """The frame of each number of a sentence, in order.

    ``before`` are the frames of the sentence before, whose arms and measure "the proportions were 66% and 8%" goes on
    with; ``earlier`` is the time point (days) that still holds when the sentence names none.
    """
    own, shared = own_words(sentence, numbers)
    frames = []
    for position, number in enumerate(numbers):
        start, end = clause(sentence, number)
        words: dict[str, str] = {}
        peers = [n for n in numbers if n.dimension == number.dimension]
        time, said = _time(sentence, numbers, number, start, end)
        if said:
            words["time"] = said
        frame = FindingFrame(
            population=_population(sentence, numbers, number, start, end, words),
            measure=_measure(sentence, number, start, end, words),
            statistic=_statistic(sentence, number, words),
            time=time if time is not None else earlier,
            own=own[position], shared=shared[position], beside=_beside(numbers, own, position),
            near=clause_words(sentence, start, end),
            order=(peers.index(number), len(peers)), words=words,
        )  # fmt: skip
        frames.append(frame)
    return _go_on(sentence, numbers, frames, before)


def _beside(numbers: Sequence[Number], own: Sequence[frozenset[str]], position: int) -> frozenset[str]:
    """The words said of the other numbers of its dimension in the sentence, and not of this one."""
    others = [
        own[i] for i, number in enumerate(numbers) if i != position and number.dimension == numbers[position].dimension
    ]
    return frozenset().union(*others) - own[position]


_GOES_ON = re.compile(
    r"\b(?:the |these |those |corresponding |respective )(?:proportions?|figures?|rates?|values?|percentages?|"
    r"numbers?|shares?|results?|scores?)\b(?! of)|\bthis (?:rose|fell|was|increased|dropped)\b|\brespectively\b",
    re.I,
)


def _go_on(
    sentence: str, numbers: Sequence[Number], frames: list[FindingFrame], before: Sequence[FindingFrame]
) -> list[FindingFrame]:
    """Take arms (by place) and measure over from the sentence before, where this one only goes on with its numbers."""
    if not before or not _GOES_ON.search(sentence):
        return frames
    taken = []
    for number, frame in zip(numbers, frames, strict=True):
        same = [f for f in before if f.order[1] == frame.order[1] and f.order[0] == frame.order[0] and f.own]
        if number.dimension in SIDE_BY_SIDE and same:
            model = same[0]
            if not frame.own or frame.order[1] > 1:
                own = frame.own if frame.own & model.own else model.own
                frame = replace(frame, own=own, words={**frame.words, "arm": model.said("arm")})
            if not frame.measure and model.measure:
                frame = replace(frame, measure=model.measure, words={**frame.words, "measure": model.said("measure")})
        taken.append(frame)
    return taken


def _first(part: str, text: str) -> tuple[str, str]:
    return load_rules(FRAMES_FILE).first(part, text)


def _population(
    sentence: str, numbers: Sequence[Number], number: Number, start: int, end: int, words: dict[str, str]
) -> str:
    """Which people a count counts: the verb after it, else the nearest before it."""
    if number.dimension != PEOPLE:
        return ""
    if re.search(r"[(,]\s*n\s*=\s*$", sentence[: number.start], re.I) or _EACH.search(
        sentence[number.end : number.end + 24]
    ):
        words["population"] = sentence[max(0, number.start - 40) : number.end].strip(" (")
        return "arm" if re.search(r"\(\s*(?:[\w+-]{1,10}[;,]\s*)?n\s*=\s*$", sentence[: number.start], re.I) else ""
    if found := _STUDY_OF.search(sentence, 0, number.start):
        words["population"] = found.group().strip()
        return "enrolled"
    if _TO_AN_ARM.match(sentence, number.end) and _SHARED_OUT.search(sentence, 0, number.start):
        words["population"] = sentence[max(0, number.start - 40) : number.end]
        return "arm"
    if _EACH_HAD.search(sentence, start, number.start):
        words["population"] = "each group"
        return "arm"
    bracketed = re.match(r"\s*[)\]]", sentence[number.end :]) and re.search(r"[(\[]\s*$", sentence[: number.start])
    if bracketed and not _OF_STUDIES.search(sentence[: number.start]):
        words["population"] = sentence[max(0, number.start - 40) : number.end].strip(" (")
        return "arm"  # "to sham (29 patients)"
    if OF.search(sentence[max(0, number.start - 24) : number.start]):  # the 70 of "14 of 70 dropped out" did not
        return ""
    following = re.split(r"\d|,|;| and (?=\w+ (?:were|was))", sentence[number.end : end])[0]
    if of_all := _OF_ALL.match(sentence, number.end):  # "68 of the 75 received": what follows is said of the 68
        following = re.split(r"\d|,|;", sentence[of_all.end() : end])[0]
    following = f"{number.text.lstrip('0123456789,. ')}{following}"  # "17 implanted patients"
    preceding = re.split(r"\d|;", sentence[start : number.start])[-1]
    for text in (following, preceding):
        name, said = _first("population", text)
        if name:
            words["population"] = said
            return name
    if sum(one.dimension == PEOPLE for one in numbers) == 1:  # "24 adults with epilepsy, suspected …, were enrolled"
        name, said = _first("population", sentence[number.end :])
        words["population"] = said
        return name
    return ""


def _measure(sentence: str, number: Number, start: int, end: int, words: dict[str, str]) -> str:
    """Whether a percentage is a share of responders or a mean change; ``""`` for anything else."""
    if number.dimension != PERCENT or number.role == "threshold" or re.search(r"\bhal(?:f|v)", number.text, re.I):
        return ""
    if found := _MEAN_BEFORE.search(sentence[start : number.start]):
        words["measure"] = found.group().strip()
        return "mean change"
    if number.role == "change" and _first("measure", sentence)[0] != "responders":
        words["measure"] = _around(sentence, number)
        return "mean change"
    if re.match(
        r"\s*(?:\([^)]*\)\s*)?of (?:the |all |these |those |them|their |patients|participants|people)",
        sentence[number.end :],
        re.I,
    ):
        name, said = _first("measure", sentence[start:end])
        words["measure"] = said or _around(sentence, number)
        return "responders" if name == "responders" else "share"
    near = sentence[max(start, number.start - 90) : min(end, number.end + 60)]
    name, said = _first("measure", near)
    if name:
        words["measure"] = said
    return name


def _around(sentence: str, number: Number) -> str:
    return sentence[max(0, number.start - 30) : number.end + 30].strip()


def _statistic(sentence: str, number: Number, words: dict[str, str]) -> str:
    before = sentence[max(0, number.start - 60) : number.start]
    behind = next(((stage, found.group()) for stage, p in _BEHIND if (found := p.match(sentence, number.end))), None)
    if behind and number.dimension not in (TIME, PEOPLE):
        words["statistic"] = behind[1].strip(" )")
        return behind[0]
    if BOUND.search(before):
        words["statistic"] = "confidence interval"
        return "bound"
    if _SPREAD.search(before):
        words["statistic"] = "spread"
        return "spread"
    if number.dimension in (TIME, PEOPLE):
        return ""
    name, said = _first("statistic", before)
    if name == "before" and _OF_THE_ONE_BEFORE.search(before):
        name, said = "", ""
    if not name and number.role != "change":
        start, end = clause(sentence, number)
        stages = dict(load_rules(FRAMES_FILE).every("stage", sentence[start:end]))
        name, said = next(iter(stages.items())) if len(stages) == 1 else ("", "")
    if name:
        words["statistic"] = said
    return name


def _time(sentence: str, numbers: Sequence[Number], number: Number, start: int, end: int) -> tuple[float | None, str]:
    """The time point of a number: the one named in its clause, nearest to it; else the only one of the sentence."""
    if number.dimension == TIME:
        return None, ""
    points = [
        n for n in numbers if n.dimension == TIME and n.base[0] >= _DAY and n.role != "age" and _is_point(sentence, n)
    ]
    if not points:
        return None, ""
    inside = [n for n in points if start <= n.start < end]
    if not inside and len({n.base for n in points}) > 1:
        return None, ""
    if _LEFT_OUT.match(sentence, number.end):
        return None, ""  # "71% in the first year and 74% in the second"
    attached = [n for n in inside if n.start > number.end and _ATTACHED.fullmatch(sentence[number.end : n.start])]
    if attached:  # "44% at 1 year and 53% at 2 years"
        return attached[0].base[1], attached[0].text
    chosen = min(inside or points, key=lambda n: _far(n, number))
    others = [n for n in inside if n is not chosen and n.base != chosen.base]
    if others and any(abs(_far(n, number) - _far(chosen, number)) < 12 for n in others):
        return None, ""
    return chosen.base[1], chosen.text


def time_point(sentence: str, numbers: Sequence[Number]) -> float | None:
    """The one time point (days) that a sentence names; ``None`` where it names none or several."""
    points = {
        n.base[1]
        for n in numbers
        if n.dimension == TIME and n.base[0] >= _DAY and n.role != "age" and _is_point(sentence, n)
    }
    return points.pop() if len(points) == 1 else None


def names_time(numbers: Sequence[Number]) -> bool:
    """Whether a sentence has a time of a day or more."""
    return any(n.dimension == TIME and n.base[0] >= _DAY and n.role != "age" for n in numbers)


def _far(point: Number, number: Number) -> int:
    """Characters between; a point before a number is nearer than one behind it."""
    return number.start - point.end if point.end <= number.start else (point.start - number.end) + 8


def _is_point(sentence: str, number: Number) -> bool:
    if _COURSE.match(sentence[number.end :]) or _OF_A_CHANGE.search(sentence, 0, number.start):
        return False  # how long a treatment lasts is no time at which something was measured, nor days of headache
    if _SUFFERED.search(sentence, 0, number.start):
        return False
    return bool(
        _TIME_OF.search(sentence[: number.start])
        or _TIME_AFTER.match(sentence[number.end :])
        or re.match(r"\d+-", number.text)
        or number.start < 3
    )


def disagreements(
    draft: FindingFrame, source: FindingFrame, dimension: str, rival: FindingFrame | None = None,
    side_by_side: bool = False,
) -> list[Disagreement]:  # fmt: skip
    """In which parts two frames of equal numbers disagree; ``[]`` where nothing does, or where one side is silent.

    ``rival`` is the frame of another number of the source in the same dimension: with it, words of arms, events and
    subgroups are compared too, since the draft may say the rival's words of this number. ``side_by_side``: the two
    stand in one sentence.
    """
    found = []
    if dimension == PEOPLE and draft.population and source.population and draft.population != source.population:
        certain = (draft.population, source.population) in _FAR_APART or (
            source.population,
            draft.population,
        ) in _FAR_APART
        if certain or (rival is not None and rival.population == draft.population):
            found.append(_part("population", draft, source, certain))
    if (
        draft.measure
        and source.measure
        and draft.measure != source.measure
        and "mean change" in (draft.measure, source.measure)
    ):
        found.append(_part("measure", draft, source, True))
    if draft.statistic != source.statistic and (
        {draft.statistic, source.statistic} <= _ENDS or source.statistic in ("bound", "spread")
    ):
        found.append(_part("statistic", draft, source, True))
    timeless = dimension in _TIMELESS or (dimension == PEOPLE and source.population not in _LATER)
    if (
        not timeless
        and draft.time
        and source.time
        and abs(draft.time - source.time) > _SAME_TIME * max(draft.time, source.time)
    ):
        found.append(_part("time", draft, source, True))
    if draft.arm and source.arm and draft.arm != source.arm:
        found.append(_part("arm", draft, source, True))
    elif rival is not None and (said := _of_the_rival(draft, source, rival, side_by_side)):
        found.append(Disagreement("arm", *said, certain=True))
    return found


# Words for the people of any arm.
_ANYBODY = frozenset(tokens("patients participants people persons subjects cases recipients individuals adults"))
# Words that turn another into its opposite: "pumps with ports (16%), without ports (2%)", "non-programmable".
_DENIALS = frozenset({"without", "non", "off"})
# The two ends of a change, and how large it is.
_ENDS = frozenset({"before", "after", "change"})
# How many studies a review has is so at any time.
_TIMELESS = frozenset({"studies", "sites"})
# So are its people, but for those who were left, or were looked at, later.
_LATER = frozenset({"completed", "analysed", "left"})
# A trial's flow: nobody who writes of the one means the other.
_FAR_APART = frozenset(
    ("screened", other) for other in ("randomised", "enrolled", "treated", "implanted", "analysed", "completed")
) | frozenset(("left", other) for other in ("randomised", "enrolled", "treated", "implanted", "analysed", "completed"))


def _part(part: str, draft: FindingFrame, source: FindingFrame, certain: bool) -> Disagreement:
    return Disagreement(part, draft.said(part), source.said(part), certain)


def _of_the_rival(
    draft: FindingFrame, source: FindingFrame, rival: FindingFrame, side_by_side: bool
) -> tuple[str, str] | None:
    """Whether the draft says of this number what the source says of another: ``(draft's words, source's words)``.

    Words of one number alone are compared only of numbers that stand side by side in a sentence.
    """
    of_source, of_rival = arms(source.own - rival.own), arms(rival.own - source.own)
    only_source, only_rival = of_source - of_rival, of_rival - of_source
    said = arms(draft.own)
    theirs, ours = (said & only_rival) - _ANYBODY, said & only_source
    if side_by_side and theirs and not ours and only_source - _ANYBODY:
        return " ".join(sorted(theirs)), " ".join(sorted(only_source))
    for words in word_sets()[0]:
        mine, its, other = (_one_of(words, frame) for frame in (draft, source, rival))
        if mine and its and mine != its and other == mine:
            return mine, its
    return None


def denied(draft: FindingFrame, source: FindingFrame, rival: FindingFrame) -> Disagreement | None:
    """Where the draft says "without" of its number as the source does of the other one beside it, not of this one."""
    words = draft.own & (rival.own - source.own) & _DENIALS
    return Disagreement("arm", " ".join(words), "", certain=True) if words else None


def _one_of(words: frozenset[str], frame: FindingFrame) -> str:
    """The one word of a contrast that a number is said of; ``""`` where it is said of none or of several."""
    for said in (arms(frame.own) & words, arms(frame.near - frame.beside) & words):
        if said:
            return next(iter(said)) if len(said) == 1 else ""
    return ""


def arms(words: frozenset[str]) -> frozenset[str]:
    """Words with one word for all that name one arm: sham for placebo and dummy."""
    same = word_sets()[1]
    return frozenset(same.get(word, word) for word in words)
