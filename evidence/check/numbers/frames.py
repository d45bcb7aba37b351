"""What a number is said of: its measure, statistic, arm, population and time point, read from the words around it.

A number confirms another only when nothing that both say of themselves disagrees (:func:`disagreements`). What only one
side says is "not stated" and disagrees with nothing. The patterns are in ``frames.yml``, each with its examples.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from evidence.check.numbers.numbers import Number, find_numbers
from evidence.check.numbers.tables import OF, PEOPLE, PERCENT, PLAIN, TIME
from evidence.check.retrieval.ranking import tokens
from evidence.rules import load_rules

FRAMES_FILE = Path(__file__).with_name("frames.yml")
PARTS = ("population", "measure", "statistic", "time", "arm")
# Dimensions whose numbers stand side by side for arms, events and ends of a change.
_SIDE_BY_SIDE = frozenset({PERCENT, PLAIN, PEOPLE, "points", "mg", "cm", "ratio", "fold"})
# Two time points are the same within this share of the longer one: 3 months and 12 weeks.
_SAME_TIME = 0.12
_DAY = 1.0
# A clause ends at these; a comma between figures or names of a list does not end one.
_CLAUSE = re.compile(
    r";|(?<!\d):\s|\.\s|,? (?:but|while|whereas|although)\b|, (?:and|which|who) (?=\w+ (?:\w+ )?(?:was|were|had))", re.I
)
# Where what is said of one number ends and what is said of the next begins.
_LINK = re.compile(
    r",? (?:and|but|or|while|whereas)\b(?: (?:only|just|merely|about))?|,? ?\b(?:versus|vs\.?|compared (?:with|to)|"
    r"as against|against|than)(?= )|[;,]|\) ?(?:,|and|than|versus|vs\.?)?",
    re.I,
)
_HANGS_ON_NEXT = re.compile(
    r"(?:\b(?:in|of|was|were|is|to|by|at|for|from|on|reached|had)|[(:=])\s*(?:only |just |by |about )?$", re.I
)
_VERB = re.compile(
    r"\b(?:had|have|has|was|were|is|are|reported|reached|achieved|experienced|showed|remained|preferred|responded|"
    r"stopped|obtained|felt|got|could|did)\b|[.;]|\(p ?[<=>]",
    re.I,
)
_TIME_OF = re.compile(
    r"\b(?:at|after|by|over|within|until|during|following|in the(?: first| last)?|through|to|of|for)(?: the)?"
    r"(?: first| last| next| about)?\s*$",
    re.I,
)
_TIME_AFTER = re.compile(
    r"^[\s,]*(?:later|after|from (?:baseline|the)|post|of (?:follow|treatment|stimulation)|follow|results|outcomes|"
    r"visit|in\b)",
    re.I,
)
_COURSE = re.compile(
    r"[\s-](?:\w+ ){0,2}?(?:course|treatment|therapy|programme|program|protocol|regimen|block|session|sessions|"
    r"cycle|stimulation)\b",
    re.I,
)
_BOUND = re.compile(
    r"(?:\bCI\b|confidence interval|\brange\b|\bIQR\b|interquartile)[^A-Za-z;]{0,12}(?:of |from )?[-\d.,\s–to%]*$", re.I
)
_SPREAD = re.compile(r"(?:±|\+/-|\bSD\b\W{0,3}|\bSEM?\b\W{0,3})\s*$")
_MEAN_BEFORE = re.compile(
    r"\b(?:mean|average|median)\W{1,3}(?:\w+ ){0,4}?(?:relief|reduction|decrease|improvement|change|fall|drop)\b"
    r"[^,;]{0,40}$|"
    r"\b(?:relief|reduction|improvement) averaged\b[^,;]{0,20}$",
    re.I,
)
_EACH = re.compile(r"\b(?:each|per) (?:arm|group)|\bin (?:each|both)\b", re.I)


@dataclass(frozen=True, slots=True)
class FindingFrame:
    """What the words around a number say of it; ``""`` or an empty set where they are silent.

    ``time`` is in days. ``own`` are the words said of this number and not of its neighbours in the sentence (an arm, an
    event, a subgroup), ``shared`` those said of all of them, both as stems; ``order`` is its place among numbers of its
    dimension in the sentence, for "80% and 58% with burst and tonic stimulation, respectively".
    """

    population: str = ""
    measure: str = ""
    statistic: str = ""
    time: float | None = None
    own: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    order: tuple[int, int] = (0, 1)
    words: dict[str, str] = field(default_factory=dict, compare=False)  # part → the words that said so

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


@lru_cache(maxsize=1)
def _word_sets() -> tuple[list[frozenset[str]], dict[str, str]]:
    """The words of which a number can have one, as stems; and each word for an arm with the one that stands for it."""
    lists = load_rules(FRAMES_FILE).lists
    same = {token: words[0] for words in lists["same_arm"] for word in words for token in tokens(word)}
    return [frozenset(tokens(" ".join(words))) for words in lists["contrasts"]], same


def read_frames(
    sentence: str, numbers: Sequence[Number], before: Sequence[FindingFrame] = (), earlier: float | None = None
) -> list[FindingFrame]:
    """The frame of each number of a sentence, in order.

    ``before`` are the frames of the sentence before, whose arms and measure "the proportions were 66% and 8%" goes on
    with; ``earlier`` is the time point (days) that still holds when the sentence names none.
    """
    own, shared = _own_words(sentence, numbers)
    frames = []
    for position, number in enumerate(numbers):
        start, end = _clause(sentence, number)
        words: dict[str, str] = {}
        peers = [n for n in numbers if n.dimension == number.dimension]
        time, said = _time(sentence, numbers, number, start, end)
        if said:
            words["time"] = said
        frame = FindingFrame(
            population=_population(sentence, number, start, end, words),
            measure=_measure(sentence, number, start, end, words),
            statistic=_statistic(sentence, number, words),
            time=time if time is not None else earlier,
            own=own[position], shared=shared[position],
            order=(peers.index(number), len(peers)), words=words,
        )  # fmt: skip
        frames.append(frame)
    return _go_on(sentence, numbers, frames, before)


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
        if number.dimension in _SIDE_BY_SIDE and same:
            model = same[0]
            if not frame.own or frame.order[1] > 1:
                own = frame.own if frame.own & model.own else model.own
                frame = replace(frame, own=own, words={**frame.words, "arm": model.said("arm")})
            if not frame.measure and model.measure:
                frame = replace(frame, measure=model.measure, words={**frame.words, "measure": model.said("measure")})
        taken.append(frame)
    return taken


def _clause(sentence: str, number: Number) -> tuple[int, int]:
    start = max((m.end() for m in _CLAUSE.finditer(sentence, 0, number.start)), default=0)
    after = _CLAUSE.search(sentence, number.end)
    return start, after.start() if after else len(sentence)


def _first(part: str, text: str) -> tuple[str, str]:
    return load_rules(FRAMES_FILE).first(part, text)


def _population(sentence: str, number: Number, start: int, end: int, words: dict[str, str]) -> str:
    """Which people a count counts: the verb after it, else the nearest before it."""
    if number.dimension != PEOPLE:
        return ""
    if re.search(r"[(,]\s*n\s*=\s*$", sentence[: number.start], re.I) or _EACH.search(
        sentence[number.end : number.end + 24]
    ):
        words["population"] = sentence[max(0, number.start - 40) : number.end].strip(" (")
        return "arm" if re.search(r"\(\s*n\s*=\s*$", sentence[: number.start], re.I) else ""
    if OF.search(sentence[max(0, number.start - 24) : number.start]):  # the 70 of "14 of 70 dropped out" did not
        return ""
    following = re.split(r"\d|,|;| and (?=\w+ (?:were|was))", sentence[number.end : end])[0]
    preceding = re.split(r"\d|;", sentence[start : number.start])[-1]
    for text in (following, preceding):
        name, said = _first("population", text)
        if name:
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
    if _BOUND.search(before):
        words["statistic"] = "confidence interval"
        return "bound"
    if _SPREAD.search(before):
        words["statistic"] = "spread"
        return "spread"
    if number.dimension in (TIME, PEOPLE):
        return ""
    name, said = _first("statistic", before)
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
    chosen = min(inside or points, key=lambda n: _far(n, number))
    others = [n for n in inside if n is not chosen and n.base != chosen.base]
    if others and any(abs(_far(n, number) - _far(chosen, number)) < 12 for n in others):
        return None, ""
    return chosen.base[1], chosen.text


def _far(point: Number, number: Number) -> int:
    """Characters between; a point before a number is nearer than one behind it."""
    return number.start - point.end if point.end <= number.start else (point.start - number.end) + 8


def _is_point(sentence: str, number: Number) -> bool:
    if _COURSE.match(sentence[number.end :]):
        return False  # how long a treatment lasts is no time at which something was measured
    return bool(
        _TIME_OF.search(sentence[: number.start])
        or _TIME_AFTER.match(sentence[number.end :])
        or re.match(r"\d+-", number.text)
        or number.start < 3
    )


def _own_words(sentence: str, numbers: Sequence[Number]) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    """For each number the words said of it alone, and those said of its neighbours too.

    "by 82.1% with DRG and by 54.8% with conventional stimulation" has them behind the numbers, "migration in 7.4%,
    infection in 3.6%" before; which it is shows in what stands between two numbers and where its link is.
    """
    own: list[frozenset[str]] = [frozenset()] * len(numbers)
    shared = [frozenset(tokens(_without_numbers(sentence)))] * len(numbers)
    groups: dict[str, list[int]] = {}
    for position, number in enumerate(numbers):
        if (
            number.dimension in _SIDE_BY_SIDE
            and number.role != "threshold"
            and not _BOUND.search(sentence[: number.start])
        ):
            groups.setdefault(number.dimension, []).append(position)
    for places in groups.values():
        if len(places) == 1:
            start, end = _clause(sentence, numbers[places[0]])
            own[places[0]] = frozenset(tokens(_without_numbers(sentence[start:end])))
            continue
        for place, text in zip(places, _parts(sentence, [numbers[p] for p in places]), strict=True):
            own[place] = frozenset(tokens(_without_numbers(text)))
    return own, shared


def _without_numbers(text: str) -> str:
    """A text without its numbers and their units."""
    for number in reversed(find_numbers(text)):
        text = text[: number.start] + " " + text[number.end :]
    return re.sub(r"\d+(?:\.\d+)?", " ", text)


def _parts(sentence: str, numbers: Sequence[Number]) -> list[str]:
    """The piece of the sentence that is said of each number of a series."""
    before = [""] * len(numbers)
    after = [""] * len(numbers)
    for i in range(len(numbers) - 1):
        between = _without_brackets(sentence[numbers[i].end : numbers[i + 1].start])
        links = list(_LINK.finditer(between))
        if not links:
            after[i] = between
            continue
        hangs = _HANGS_ON_NEXT.search(between) and re.search(r"[A-Za-z]{3,}", between[links[0].end() :])
        link = links[0] if hangs and not re.search(r"[A-Za-z]{3,}", between[: links[0].start()]) else links[-1]
        after[i], before[i + 1] = between[: link.start()], between[link.end() :]
    head, tail = sentence[: numbers[0].start], _without_brackets(sentence[numbers[-1].end :])
    behind = sum(bool(tokens(text)) for text in after[:-1])
    in_front = sum(bool(re.search(r"[A-Za-z]{3,}", _content(text))) for text in before[1:])
    if behind >= in_front:
        ends = [m.start() for m in _LINK.finditer(tail) if m.start() > 0 and m.group().strip() in (";", ",", ")")]
        verb = _VERB.search(tail)
        cut = min([*ends, verb.start() if verb else len(tail)])
        after[-1] = tail[:cut]
        return [b + " " + a if not tokens(a) else a for a, b in zip(after, before, strict=True)]
    before[0] = re.split(r"[;:,(]|\b(?:and|than|while|whereas)\b", head.rstrip(" ("))[-1]
    return before


def _without_brackets(text: str) -> str:
    """Without "(9/16)" and "(95% CI 2 to 5)": they are of the number before them and name nothing."""
    return re.sub(r"\([^()]*\d[^()]*\)", " ", text)


def _content(text: str) -> str:
    return " ".join(tokens(text))


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
        {draft.statistic, source.statistic} == {"before", "after"} or source.statistic in ("bound", "spread")
    ):
        found.append(_part("statistic", draft, source, True))
    if draft.time and source.time and abs(draft.time - source.time) > _SAME_TIME * max(draft.time, source.time):
        found.append(_part("time", draft, source, True))
    if rival is not None and (said := _of_the_rival(draft, source, rival, side_by_side)):
        found.append(Disagreement("arm", *said, certain=True))
    return found


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
    theirs, ours = said & only_rival, said & only_source
    if side_by_side and theirs and not ours and only_source:
        return " ".join(sorted(theirs)), " ".join(sorted(only_source))
    for words in _word_sets()[0]:
        mine, its, other = (_one_of(words, frame) for frame in (draft, source, rival))
        if mine and its and mine != its and other == mine:
            return mine, its
    return None


def contrasted(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sets of words name different sides of one contrast: active here, sham there."""
    for words in _word_sets()[0]:
        mine, theirs = one & words, other & words
        if mine and theirs and mine != theirs:
            return True
    return False


def _one_of(words: frozenset[str], frame: FindingFrame) -> str:
    """The one word of a contrast that a number is said of; ``""`` where it is said of none or of several."""
    for said in (frame.own & words, frame.shared & words):
        if said:
            return next(iter(said)) if len(said) == 1 else ""
    return ""


def arms(words: frozenset[str]) -> frozenset[str]:
    """Words with one word for all that name one arm: sham for placebo and dummy."""
    same = _word_sets()[1]
    return frozenset(same.get(word, word) for word in words)
