"""A draft's numbers beside its source's: match, differs, other role or absent, each with the sentence of the source.

Two numbers are compared only when they measure the same kind of thing (people with people, months with weeks). An
equal one is a match, as far as the draft's rounding goes, when nothing that is said of the two disagrees
(:mod:`evidence.check.numbers.frames`): of another arm, time, group or measure it has another role. Without an equal
one, the number that stands in the most alike words differs; without a number that could be meant, it is absent. Nothing
is said of what the numbers prove.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from evidence.check.numbers.arms import FIRST, SECOND, Arms, named_arms
from evidence.check.numbers.derived import derived
from evidence.check.numbers.equality import comparable, halves, same
from evidence.check.numbers.fitting import closeness, fits
from evidence.check.numbers.frames import (
    Disagreement,
    FindingFrame,
    arms,
    denied,
    disagreements,
    names_time,
    read_frames,
    time_point,
)
from evidence.check.numbers.numbers import Number, find_numbers
from evidence.check.numbers.places import Slots
from evidence.check.numbers.printed import in_words
from evidence.check.numbers.short_forms import short_forms, written_out
from evidence.check.numbers.tables import P_VALUE, PEOPLE, PERCENT, PERSON, PLAIN, TIME, YEAR
from evidence.check.retrieval.ranking import tokens

Found = Literal["match", "differs", "other-role", "absent"]
MATCH: Literal["match"] = "match"
DIFFERS: Literal["differs"] = "differs"
OTHER_ROLE: Literal["other-role"] = "other-role"
ABSENT: Literal["absent"] = "absent"
# "fell from 62 to 38": which end of a change a number is.
_END = re.compile(r"\b(from|to)\s*$", re.I)
# After so many words between, a word says half as much of a number.
_FADES = 4.0
# Bare figures are lined up only where the words around them are much the same; nearer values first among alike ones.
_BARE, _ALIKE_STEP = 0.25, 0.15
# Parts that may stand for one another: a share of people may be printed as a responder rate.
_ALIKE = {"percent": "share", "responder": "share", "n": "people", "n_part": "people"}


_GROUP = frozenset(tokens("group arm cohort"))
_HALVED = re.compile(r"halved|halving", re.I)


@dataclass(frozen=True, slots=True)
class SourceNumber:
    """A number of a source with the sentence and report it comes from. ``words`` are the tokens around it."""

    number: Number
    report: str
    section: str
    sentence: str
    words: dict[str, float]
    main: bool = False  # the report's sample size
    frame: FindingFrame = field(default_factory=FindingFrame)
    arms: Arms = field(default_factory=Arms)  # those of the source


@dataclass(frozen=True, slots=True)
class LinedUp:
    """A draft's number and what the source has. ``source`` is ``None`` when absent.

    Of another role: ``why`` says in what, and ``meant`` is the source's number of the draft's role where there is one.
    """

    number: Number
    finding: Found
    source: SourceNumber | None = None
    why: tuple[Disagreement, ...] = ()
    meant: SourceNumber | None = None


def source_numbers(
    report: str, passages: Iterable[tuple[str, str]], sample_size: int | None = None
) -> list[SourceNumber]:
    """Every number of a source's ``(section, sentence)`` pairs. The first that equals ``sample_size`` is marked."""
    found: list[SourceNumber] = []
    marked = False
    frames: list[FindingFrame] = []
    passages = list(passages)
    before, earlier = "", None  # the section, and the time point that still holds in it
    forms = short_forms(sentence for _, sentence in passages)
    named = named_arms(sentence for _, sentence in passages)
    for section, sentence in passages:
        numbers = find_numbers(sentence)
        if section != before or names_time(numbers):
            earlier = None
        frames = read_frames(sentence, numbers, frames, earlier)
        if names_time(numbers):
            earlier = time_point(sentence, numbers)
        before = section
        frames = [replace(f, own=written_out(f.own, forms), shared=written_out(f.shared, forms)) for f in frames]
        frames = _of_arms(numbers, frames, named)
        for number, frame in zip(numbers, frames, strict=True):
            main = not marked and number.dimension == PEOPLE and number.value == sample_size
            marked = marked or main
            found.append(SourceNumber(number, report, section, sentence, around(sentence, number), main, frame, named))
    return found


def _of_arms(numbers: Sequence[Number], frames: Sequence[FindingFrame], named: Arms) -> list[FindingFrame]:
    """With the arm that each number is said of; of two bare ones ("in 12% and 7%") the first is the first arm's."""
    if not named:
        return list(frames)
    marked = _of_arms_named(frames, named)
    kinds: dict[tuple[str, frozenset[str]], list[int]] = {}
    for place, (number, frame) in enumerate(zip(numbers, frames, strict=True)):
        if number.dimension not in (TIME, PEOPLE) and not frame.statistic and not named.of(frame.own):
            kinds.setdefault((number.dimension, frame.own), []).append(place)
    for places in kinds.values():
        if len(places) == len((FIRST, SECOND)):
            for place, arm in zip(places, (FIRST, SECOND), strict=True):
                marked[place] = frames[place].of_arm(arm, named.name(arm))
    return marked


def around(sentence: str, number: Number) -> dict[str, float]:
    """The tokens of a number's sentence and how close each stands: 1 beside it, less with every word between.

    What stands before a number says more of it than what follows: "migration (5.6%), infection (3.8%)".
    """
    before, after = tokens(sentence[: number.start]), tokens(sentence[number.end :])
    near: dict[str, float] = {}
    for words, halved in ((reversed(before), _FADES), (after, _FADES / 2)):
        for distance, token in enumerate(words):
            if not token[0].isdigit():
                near[token] = max(near.get(token, 0.0), 1 / (1 + distance / halved))
    if end := _END.search(sentence[: number.start]):
        near[f"<{end.group(1).lower()}>"] = 1.0
    return near


def line_up(
    sentence: str,
    numbers: Sequence[Number],
    sources: Sequence[SourceNumber],
    weight: Callable[[str], float] | None = None,
) -> list[LinedUp]:
    """Line up each number of a sentence. ``weight`` says how telling a word is (its idf); all the same without."""
    weigh = weight or (lambda token: 1.0)
    frames = read_frames(sentence, numbers)
    frames = _discriminating(numbers, frames)
    if sources:
        frames = _of_arms_named(frames, sources[0].arms)
    order = tokens(sentence)
    draft = Slots(sentence, numbers)
    return [
        _one(number, Said(frame, around(sentence, number), order, draft, sentence), sources, weigh)
        for number, frame in zip(numbers, frames, strict=True)
    ]


def _discriminating(numbers: Sequence[Number], frames: Sequence[FindingFrame]) -> list[FindingFrame]:
    """Without own words where two numbers of a dimension have the same ones: they tell neither from the other."""
    seen = Counter((number.dimension, frame.own) for number, frame in zip(numbers, frames, strict=True) if frame.own)
    return [
        replace(frame, own=frozenset(), shared=frame.shared | frame.own)
        if seen[number.dimension, frame.own] > 1
        else frame
        for number, frame in zip(numbers, frames, strict=True)
    ]


def _of_arms_named(frames: Sequence[FindingFrame], named: Arms) -> list[FindingFrame]:
    return [frame.of_arm(arm, named.name(arm)) for frame in frames for arm in (named.of(frame.own),)]


@dataclass(frozen=True, slots=True)
class Said:
    """What a draft says of one number: its frame, the words around it, and its sentence: words in order, and places."""

    frame: FindingFrame
    words: dict[str, float]
    order: tuple[str, ...]
    slots: Slots
    sentence: str = ""


def _one(number: Number, said: Said, sources: Sequence[SourceNumber], weigh: Callable[[str], float]) -> LinedUp:
    words = said.words
    bound = said.frame.statistic == "bound"
    rivals = [
        (s, _alike(words, s.words, weigh))
        for s in sources
        if comparable(number, s.number) or (bound and s.frame.statistic == "bound")
    ]
    equal = [(s, alike) for s, alike in rivals if same(number, s.number)]
    if bound and number.low != number.high:  # an interval is no place for a single value
        equal = [(s, alike) for s, alike in equal if s.number.low != s.number.high]
    if not equal and _HALVED.fullmatch(number.text):  # "had their pain halved" is the source's "at least 50% relief"
        equal = [(s, _alike(words, s.words, weigh)) for s in sources if halves(s.number)]
    sound, unsound = _by_role(number, said, equal, [s for s, _ in rivals])
    if unsound and not sound:
        source, why, meant = max(unsound, key=lambda one: _alike(words, one[0].words, weigh))
        printed = tuple(in_words(one, said.sentence, source.sentence) for one in why)
        return LinedUp(number, OTHER_ROLE, source, printed, meant)
    if sound:
        if elsewhere := _fits_elsewhere(number, said, [source for source, _ in sound], sources):
            return LinedUp(
                number, OTHER_ROLE, elsewhere[0], (Disagreement("place", "", "", certain=True),), elsewhere[1]
            )
        best = max(sound, key=lambda pair: (_role(number, pair[0].number), -_apart(number, pair[0].number), pair[1]))
        if _role(number, best[0].number) or best[1] > 0 or number.dimension not in (PERCENT, PLAIN):
            return LinedUp(number, MATCH, best[0])
    if (origin := derived(number, said.sentence, sources)) is not None:
        return LinedUp(number, MATCH, origin)
    rivals = [(s, alike) for s, alike in rivals if _role(number, s.number) and _could_be_meant(number, s, alike)]
    if not rivals:
        return LinedUp(number, ABSENT)
    candidates = [s for s, _ in rivals]
    best = max(
        rivals,
        key=lambda pair: (_of_its_arm(said, pair[0], candidates), _steps(pair), -_distance(number, pair[0].number)),
    )
    return LinedUp(number, DIFFERS, best[0])


def _fits_elsewhere(
    number: Number, said: Said, equal: Sequence[SourceNumber], sources: Sequence[SourceNumber]
) -> tuple[SourceNumber, SourceNumber] | None:
    """The equal number and another one of the source, where the draft's words are those of the other by far."""
    kinds = {_kind(source.number) for source in equal}
    if kinds & _UNFIT or (number.dimension == PEOPLE and COUNT not in kinds):
        return None
    if _kind(number) in kinds:
        kinds = {_kind(number)}
    anchored = number.dimension != TIME  # a time may be named in another sentence
    at_home = {source.sentence for source in equal if anchored and _anchored(number, said, source, sources)}
    others = [
        s
        for s in sources
        if _kind(s.number) in kinds
        and (not at_home or s.sentence in at_home)
        and _rivals(number, s, said)
        and not any(_out_of(source, s) for source in equal)
    ]
    if not others:
        return None
    worth = fits(said.frame, [source.frame for source in (*equal, *others)])
    near = closeness(said.words, [source.words for source in (*equal, *others)])
    worth = [one + _NEARNESS * close for one, close in zip(worth, near, strict=True)]
    if _entered(said.frame):  # how many took part is said with any words
        worth = [one + _TOTAL * source.main for one, source in zip(worth, equal, strict=False)] + worth[len(equal) :]
    best = max(range(len(equal)), key=lambda i: worth[i])
    other = max(range(len(equal), len(worth)), key=lambda i: worth[i])
    if worth[other] - worth[best] < max(_BY_FAR, _BY_SHARE * worth[other]):
        return None
    return equal[best], others[other - len(equal)]


# Numbers of studies are totals of a review or of one of its comparisons, whose words are much the same.
_UNFIT = frozenset({P_VALUE, YEAR, "studies", "sites"})
_BY_FAR, _BY_SHARE, _NEARNESS, _TOTAL = 0.25, 0.25, 0.5, 1.2
COUNT = "count"
_COUNTED = frozenset({PEOPLE, "implants", "events"})
_OUT_OF = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:out )?of (?:the |these |those |all )*", re.I)
_OF_A_SCALE = re.compile(r"^[\s-]*(?:point|item|step|grade)s?\b", re.I)
_OF_AN_INTERVAL = re.compile(r"^\s*(?:CI\b|confidence|credible)", re.I)


def _kind(number: Number) -> str:
    """What a number may be mistaken for another of: people and other things that are counted are one kind."""
    if number.dimension in _COUNTED or (
        number.dimension == PLAIN and not number.decimals and number.low == number.high
    ):
        return COUNT
    return number.dimension


def _anchored(number: Number, said: Said, source: SourceNumber, sources: Sequence[SourceNumber]) -> bool:
    """Whether another number of the draft's sentence stands in that sentence of the source too."""
    beside = [other for other in said.slots.numbers if other is not number and not same(other, number)]
    there = [s.number for s in sources if s.sentence == source.sentence and s is not source]
    return any(_kind(mine) == _kind(theirs) and same(mine, theirs) for mine in beside for theirs in there)


def _out_of(part: SourceNumber, whole: SourceNumber) -> bool:
    """Whether "8 of the 11" stands there: what follows is said of the 8."""
    between = part.sentence[part.number.end : whole.number.start] if part.sentence == whole.sentence else ""
    return bool(_OUT_OF.fullmatch(between))


def _entered(frame: FindingFrame) -> bool:
    return frame.population in ("", "enrolled", "randomised", "treated")


def _rivals(number: Number, source: SourceNumber, said: Said) -> bool:
    """Whether a source's number may be meant by what a draft says of its own: of a kind with it, not in the draft."""
    other = source.number
    if (other.role == "threshold") != (number.role == "threshold"):
        return False
    if (other.low != other.high) != (number.low != number.high):
        return False
    if source.frame.statistic in ("bound", "spread") and source.frame.statistic != said.frame.statistic:
        return False
    behind = source.sentence[other.end :]
    if _OF_AN_INTERVAL.match(behind) or (
        _OF_A_SCALE.match(behind) and source.sentence[other.end : other.end + 1] == "-"
    ):
        return False
    if number.dimension == PLAIN and bool(number.decimals) != bool(other.decimals):
        return False  # a count is no ratio
    if number.dimension == TIME and (
        (other.base[1] < 1) != (number.base[1] < 1) or (other.role == "age") != (number.role == "age")
    ):
        return False
    return not same(number, other) and not any(same(mine, other) for mine in said.slots.numbers if mine is not number)


def _of_its_arm(said: Said, source: SourceNumber, others: Sequence[SourceNumber]) -> bool:
    """Whether the draft says of its number words that the source says of this one and of no other beside it."""
    if said.frame.arm and source.frame.arm:
        return said.frame.arm == source.frame.arm
    beside = [other.frame.own for other in others if other.sentence == source.sentence and other is not source]
    return bool(beside) and bool(arms(said.frame.own) & arms(source.frame.own - frozenset().union(*beside)))


Unsound = tuple[SourceNumber, list[Disagreement], SourceNumber | None]


def _by_role(
    number: Number, said: Said, equal: Sequence[tuple[SourceNumber, float]], comparable: Sequence[SourceNumber]
) -> tuple[list[tuple[SourceNumber, float]], list[Unsound]]:
    """The equal numbers of the source apart: those that nothing disagrees with, and those of another role."""
    sound: list[tuple[SourceNumber, float]] = []
    unsound: list[Unsound] = []
    others = [s for s in comparable if not same(number, s.number)]
    in_place = _in_place(number, said, equal, others)
    for source, alike in equal:
        why = disagreements(said.frame, source.frame, number.dimension)
        meant = None
        for rival in others:
            beside = rival.sentence == source.sentence and rival.number.dimension == source.number.dimension
            beside = beside and (rival.number.role == "threshold") == (source.number.role == "threshold")
            if beside and (one := denied(said.frame, source.frame, rival.frame)):
                why, meant = [one], rival
            beside = beside and (number.dimension != PEOPLE or _arms_counted(source.frame, rival.frame))
            frame = _by_order(said, source.frame, rival.frame) if beside else said.frame
            more = disagreements(frame, source.frame, number.dimension, rival.frame, beside)
            if len(more) > len(why) or (more and not why):
                why, meant = more, rival
        if _turned(number, said.frame, source.number):
            why.append(Disagreement("statistic", said.frame.said("statistic"), source.number.text, certain=True))
        if base := _other_base(number, said.sentence, source):
            why.append(base)
        if number.low != number.high:  # a range is no estimate: it may be an interval though the draft does not say so
            why = [one for one in why if one.part != "statistic"]
        place = in_place.get(source.sentence)
        if not why and place is not None and not _own_agree(said.frame, source.frame, place.frame):
            why, meant = [Disagreement("place", "", "", certain=True)], place
        if why and meant is None:
            fitting = [s for s in others if not disagreements(said.frame, s.frame, number.dimension)]
            meant = max(fitting, key=lambda s: _fits(said.frame, s.frame), default=None)
            meant = meant if meant is not None and _fits(said.frame, meant.frame) > 0 else None
        if why:
            unsound.append((source, why, meant))
        else:
            sound.append((source, alike))
    return sound, unsound


# "32.7% of all 644 patients", "of 394 patients, 32.7%": what a share is a share of.
_SHARE_OF = re.compile(
    rf"\s*(?:\([^()]*\)\s*)?of (?:all |the |these |those |our )*(?P<n>\d[\d,]*) (?:{PERSON})\b", re.I
)
_OF_SO_MANY = re.compile(
    rf"(?:^|[.;] |: )(?:of|among) (?:all |the |these |those )*(?P<n>\d[\d,]*) (?:{PERSON})\b[^.;]*$", re.I
)


def _other_base(number: Number, sentence: str, source: SourceNumber) -> Disagreement | None:
    """Where the draft says of another number of people than the source does that it is a share of them."""
    mine = _SHARE_OF.match(sentence, number.end) if number.dimension == PERCENT else None
    theirs = _SHARE_OF.match(source.sentence, source.number.end) or _OF_SO_MANY.search(
        source.sentence[: source.number.start]
    )
    if not mine or not theirs or mine["n"].replace(",", "") == theirs["n"].replace(",", ""):
        return None
    return Disagreement("population", mine.group().strip(), theirs.group().strip(), certain=True)


def _turned(number: Number, said: FindingFrame, source: Number) -> bool:
    """Whether "from 60 to 7" is said of what the source gives as a range from 7 to 60."""
    if source.low == source.high or number.low != number.high or said.statistic not in ("before", "after"):
        return False
    here = source.low if said.statistic == "before" else source.high
    return abs(number.value - here) > 1e-9 and number.value in (source.low, source.high)


def _arms_counted(source: FindingFrame, rival: FindingFrame) -> bool:
    """Whether two counts of people side by side are of two arms: "8 of the drug group and 4 of the pacemaker group"."""
    grouped = all(frame.own & _GROUP for frame in (source, rival))
    both = source.population == rival.population or "" in (source.population, rival.population)
    return source.population == "arm" or (both and grouped)


def _in_place(
    number: Number, said: Said, equal: Sequence[tuple[SourceNumber, float]], others: Sequence[SourceNumber]
) -> dict[str, SourceNumber]:
    """Of each source sentence that the draft's repeats word for word: the other number at this one's place."""
    found = {}
    for sentence in {source.sentence for source, _ in equal}:
        theirs = [s for s in others if s.sentence == sentence and s.number.dimension == number.dimension]
        if theirs:
            place = said.slots.same_place(number, sentence)
            there = next((s for s in theirs if place is not None and s.number.start == place.start), None)
            if there is not None:
                found[sentence] = there
    return found


def _own_agree(draft: FindingFrame, source: FindingFrame, other: FindingFrame) -> bool:
    """Whether the draft says of its number words that the source says of the equal one only."""
    return bool(draft.own & (source.own - other.own))


def _fits(draft: FindingFrame, source: FindingFrame) -> int:
    """In how many parts two frames say the same."""
    return sum(
        bool(one) and one == other
        for one, other in (
            (draft.population, source.population), (draft.measure, source.measure), (draft.time, source.time),
        )
    )  # fmt: skip


def _by_order(said: Said, source: FindingFrame, rival: FindingFrame) -> FindingFrame:
    """The draft's frame; where it only lists its numbers, with the arm that it names at the same place."""
    place, many = said.frame.order
    if said.frame.own or many != 2 or "\t" in said.sentence:
        return said.frame
    first_of = {}
    for name, words in (("source", source.own - rival.own), ("rival", rival.own - source.own)):
        first_of[name] = next((i for i, token in enumerate(said.order) if token in words), None)
    one, other = first_of["source"], first_of["rival"]
    if one is None or other is None:
        return said.frame
    named_first = source.own - rival.own if one < other else rival.own - source.own
    named_last = rival.own - source.own if one < other else source.own - rival.own
    return replace(said.frame, own=named_first if place == 0 else named_last)


def _steps(pair: tuple[SourceNumber, float]) -> int:
    """How alike, in steps: words that are about as near leave the choice to the values."""
    return round((pair[1] + (1.0 if pair[0].main else 0.0)) / _ALIKE_STEP)


def _alike(one: dict[str, float], other: dict[str, float], weigh: Callable[[str], float]) -> float:
    """How much two numbers are said of the same thing: 0 without a word in common."""
    shared = sum(weigh(token) * near * other[token] for token, near in one.items() if token in other)
    return shared / (1.0 + sum(weigh(token) * near for token, near in one.items())) if shared else 0.0


def _role(number: Number, other: Number) -> bool:
    if number.dimension == other.dimension == TIME:
        return (number.role == "age") == (other.role == "age")
    return number.role == other.role or _ALIKE.get(number.role, "-") == _ALIKE.get(other.role, "+")


def _could_be_meant(number: Number, source: SourceNumber, alike: float) -> bool:
    """Whether a number that is not equal may be what the draft's number is about."""
    if number.dimension == YEAR:
        return False
    if PLAIN in (number.dimension, source.number.dimension):
        return number.dimension == source.number.dimension and alike >= _BARE
    if number.role == source.number.role == "n" or number.dimension == TIME:
        return True
    if number.dimension in (PERCENT, PEOPLE, "points"):
        return alike > 0 or source.main
    return True


def _apart(number: Number, other: Number) -> int:
    """0 for the very number, 1 for one that only rounding or "about" makes equal."""
    return int(abs(abs(number.base[0]) - abs(other.base[0])) > 1e-9)


def _distance(number: Number, other: Number) -> float:
    return abs(number.base[0] - other.base[0])
