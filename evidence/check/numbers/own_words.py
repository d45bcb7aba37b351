"""The words of a sentence that are said of one number and not of its neighbours: an arm, an event, a subgroup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from evidence.check.numbers.numbers import Number, find_numbers
from evidence.check.numbers.tables import PEOPLE, PERCENT, PLAIN
from evidence.check.retrieval.ranking import tokens
from evidence.rules import load_rules

FRAMES_FILE = Path(__file__).with_name("frames.yml")
# Dimensions whose numbers stand side by side for arms, events and ends of a change.
SIDE_BY_SIDE = frozenset({PERCENT, PLAIN, PEOPLE, "points", "mg", "cm", "ratio", "fold"})
# "From 7.6 to 2.4 points with one and from 7.5 to 3.8 with the other": one row, whichever of them has its unit printed.
_ONE_OF_TWO = frozenset(tokens("men women male female boys girls adults children"))
_FIGURES = frozenset(tokens("one two three four five six seven eight nine ten eleven twelve hundred thousand"))
_BARE = frozenset({PLAIN, "points", "ratio"})
# A clause ends at these; a comma between figures or names of a list does not end one.
_CLAUSE = re.compile(
    r";|(?<!\d):\s|\.\s|,? (?:but|while|whereas|although)\b|, (?:and|which|who) (?=\w+ (?:\w+ )?(?:was|were|had))", re.I
)
# Where what is said of one number ends and what is said of the next begins.
_LINK = re.compile(
    r",? (?:and|but|or|while|whereas)\b(?: (?:only|just|merely|about))?|,? ?\b(?:versus|vs\.?|compared (?:with|to)|"
    r"as against|against|than)(?= )|[;,]|\s?\(|\) ?(?:,|and|than|versus|vs\.?)?",
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
BOUND = re.compile(
    r"(?:\bCI\b|\bintervals?\b|\brange\b|\bIQR\b|interquartile)[^A-Za-z;]{0,12}"
    r"(?:(?:was|went|goes|ran|runs|ranged|reached|reaches|began|begins|started) (?:at )?)?"
    r"(?:of |from |between )?[-\d.,\s–to%and]*$",
    re.I,
)
# "More active vs. sham patients were free of it (n = 19 [61%] vs. n = 7 [33%])": two arms named, then their numbers.
_VERSUS = re.compile(
    r"\s*(?:\([^()]*\)|[)\]])*\s*(?:vs\.?|versus|compared (?:with|to))\s*(?:n\s*=\s*)?(?:\d+\s*)?[(\[]?\s*$", re.I
)
_TWO_NAMES = re.compile(
    r"\b([A-Za-z][\w-]+) (?:vs\.?|versus|and|or|compared (?:with|to)) (?:the )?([A-Za-z][\w-]+)\b", re.I
)
# "(56/172 (32.6%))" is of what stands before the outer one.
_OPENED = re.compile(r"[(\[]\s*(?:[A-Za-z][\w+-]{0,9}[;,]\s*)?(?:n\s*=\s*)?(?:\d+(?:\s?/\s?\d+)?\s*[;,(\[]\s*)?$", re.I)
_NOTHING_SAID = re.compile(
    r"\s*(?:,|and|or|vs\.?|versus|against|than|compared (?:with|to)|to|as against|per ?cent|points?|\s)*\s*", re.I
)
_OF_THEM = re.compile(r"\s*(?:\([^()]*\)\s*)?of (?:them|these|those|whom|which)\b", re.I)
_TO = re.compile(r"\bto\s*(?:only |just |about |a mean of |an average of )?$", re.I)
_FROM = re.compile(r"\bfrom(?: a (?:mean|median|average) of| about)?\s*$", re.I)
_END_WORDS, _LONG_END = 4, 10  # between the two ends of a change: "from 6.8 before treatment to 3.1"
_RESPECTIVELY = re.compile(r"\brespectively\b", re.I)
# "dorsal root ganglion and spinal cord stimulation", "burst, tonic and no stimulation".
_NAME_WORD = (
    r"(?!(?:with|in|for|of|after|to|by|among|from|at|was|were|had|and|the|gave|showed|reached)\b)[A-Za-z][\w-]*+"
)
_NAME_OF_ARM = rf"{_NAME_WORD}(?: {_NAME_WORD}){{0,3}}"
_LISTED = re.compile(
    rf"\b{_NAME_OF_ARM}(?:, {_NAME_OF_ARM}){{0,3}},? (?:and|versus|vs\.?|or) (?:the )?{_NAME_OF_ARM}", re.I
)
_JOINS = re.compile(
    r"[;:,]|\b(?:and|or|than|versus|vs|while|whereas|either|compared with|compared to|randomi[sz]ed to|assigned to|"
    r"in)\b",
    re.I,
)


@lru_cache(maxsize=1)
def word_sets() -> tuple[list[frozenset[str]], dict[str, str]]:
    """The words of which a number can have one, as stems; and each word for an arm with the one that stands for it."""
    lists = load_rules(FRAMES_FILE).lists
    same = {token: words[0] for words in lists["same_arm"] for word in words for token in tokens(word)}
    return [frozenset(tokens(" ".join(words))) for words in lists["contrasts"]], same


def clause(sentence: str, number: Number) -> tuple[int, int]:
    start = max((m.end() for m in _CLAUSE.finditer(sentence, 0, number.start)), default=0)
    after = _CLAUSE.search(sentence, number.end)
    return start, after.start() if after else len(sentence)


def clause_words(sentence: str, start: int, end: int) -> frozenset[str]:
    """The words of a clause, as stems, without its numbers."""
    return frozenset(tokens(_without_numbers(sentence[start:end])))


def own_words(sentence: str, numbers: Sequence[Number]) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    """For each number the words said of it alone, and those said of its neighbours too.

    "by 82.1% with DRG and by 54.8% with conventional stimulation" has them behind the numbers, "migration in 7.4%,
    infection in 3.6%" before; which it is shows in what stands between two numbers and where its link is.
    """
    own: list[frozenset[str]] = [frozenset()] * len(numbers)
    shared = [frozenset(tokens(_without_numbers(sentence)))] * len(numbers)
    groups: dict[tuple[str, int], list[int]] = {}
    for position, number in enumerate(numbers):
        if (
            number.dimension in SIDE_BY_SIDE
            and number.role != "threshold"
            and (number.dimension, number.role) != (PERCENT, "other")
            and not BOUND.search(sentence[: number.start])
        ):
            row = "score" if number.dimension in _BARE else number.dimension
            groups.setdefault((row, _row_of(sentence, numbers, number)), []).append(position)
    split = [[p for p in places if _in_brackets(sentence, numbers[p])] for places in groups.values()]
    rest = [[p for p in places if not _in_brackets(sentence, numbers[p])] for places in groups.values()]
    for places in filter(
        None,
        (
            *(b if len(b) > 1 else () for b in split),
            *(r if len(b) > 1 else sorted((*r, *b)) for r, b in zip(rest, split, strict=True)),
        ),
    ):
        if len(places) == 1:
            start, end = clause(sentence, numbers[places[0]])
            own[places[0]] = frozenset(tokens(_without_numbers(sentence[start:end])))
            continue
        for place, text in zip(places, _parts(sentence, [numbers[p] for p in places]), strict=True):
            own[place] = frozenset(tokens(_without_numbers(text)))
        _named_in_order(sentence, numbers, places, own)
    _part_of_them(sentence, numbers, own)
    for place, number in enumerate(numbers):
        if number.dimension == PEOPLE:  # "54 men and 14 women"
            own[place] |= frozenset(tokens(number.text)) & _ONE_OF_TWO
        elif number.dimension in ("events", "implants"):  # "three strokes": what is counted is what is said
            own[place] |= frozenset(word for word in tokens(number.text) if not word[0].isdigit()) - _FIGURES
    return own, shared


def _part_of_them(sentence: str, numbers: Sequence[Number], own: list[frozenset[str]]) -> None:
    """ "8 people had an event, six of them an infection": what stands behind "of them" is said of the six alone.

    "… and two a bleeding" goes on with it.
    """
    going_on = False
    for place, number in enumerate(numbers):
        found = _OF_THEM.match(sentence, number.end) if place else None
        if not found and not (going_on and number.dimension in (PEOPLE, PLAIN)):
            going_on = False
            continue
        begin = found.end() if found else number.end
        following = numbers[place + 1].start if place + 1 < len(numbers) else len(sentence)
        stop = re.search(r"[,;.]", sentence[begin:following])
        end = begin + stop.start() if stop else following
        alone = frozenset(tokens(_without_numbers(sentence[begin:end])))
        going_on = bool(re.search(r"(?:,|\band)\s*(?:in )?$", sentence[begin:following]))
        if not alone:
            continue
        elsewhere = frozenset(tokens(_without_numbers(sentence[: number.start])))
        own[place] = alone
        for other in range(place):
            own[other] -= alone - elsewhere


def _row_of(sentence: str, numbers: Sequence[Number], number: Number) -> int:
    """Which of the rows between semicolons a number is of, where each has several of its kind; 0 where they are one."""
    kind = [n for n in numbers if n.dimension == number.dimension]
    rows = [sentence.count(";", 0, n.start) for n in kind]
    return rows[kind.index(number)] if all(rows.count(row) > 1 for row in rows) else 0


def _named_in_order(
    sentence: str, numbers: Sequence[Number], places: Sequence[int], own: list[frozenset[str]]
) -> None:  # fmt: skip
    """Give two numbers joined by "vs" and said of nothing the two names that stand before them, in order."""
    for one, other in pairwise(places):
        between = sentence[numbers[one].end : numbers[other].start]
        if not _VERSUS.fullmatch(between):
            continue
        names = [
            m
            for m in _TWO_NAMES.finditer(sentence, 0, numbers[one].start)
            if contrasted(frozenset(tokens(m.group(1))), frozenset(tokens(m.group(2)))) or " v" in m.group().lower()
        ]
        if len(names) == 1:
            first, second = (frozenset(tokens(name)) for name in names[0].groups())
            own[one], own[other] = own[one] - second | first, own[other] - first | second


def _without_numbers(text: str) -> str:
    """A text without its numbers and their units."""
    for number in reversed(find_numbers(text)):
        text = text[: number.start] + " " + text[number.end :]
    return re.sub(r"\d+(?:\.\d+)?", " ", text)


def _parts(sentence: str, numbers: Sequence[Number]) -> list[str]:
    """The piece of the sentence that is said of each number of a series."""
    if all(_in_brackets(sentence, number) for number in numbers):
        return _before_brackets(sentence, numbers)
    units = _units(sentence, numbers)
    if len(units) == 1:
        named = _respectively(sentence, numbers)
        start, end = clause(sentence, numbers[0])[0], clause(sentence, numbers[-1])[1]
        return named or [sentence[start:end]] * len(numbers)
    parts = _parts_of_units(sentence, [(unit[0], unit[-1]) for unit in units])
    return [part for unit, part in zip(units, parts, strict=True) for _ in unit]


def _units(sentence: str, numbers: Sequence[Number]) -> list[list[Number]]:
    """Numbers with nothing said between them, together: the ends of a change, "34% against 11%", "3.9, 4.4 and 6.0"."""
    units: list[list[Number]] = [[numbers[0]]]
    for one, other in pairwise(numbers):
        between = _without_brackets(sentence[one.end : other.start])
        most = _LONG_END if _FROM.search(sentence, 0, one.start) and not re.search(r"[,;]", between) else _END_WORDS
        if _NOTHING_SAID.fullmatch(between) or (_TO.search(between) and len(tokens(between)) <= most):
            units[-1].append(other)
        else:
            units.append([other])
    return units


def _parts_of_units(sentence: str, numbers: Sequence[tuple[Number, Number]]) -> list[str]:
    """The same for units, each given by its first and last number."""
    before = [""] * len(numbers)
    after = [""] * len(numbers)
    for i in range(len(numbers) - 1):
        between = _without_brackets(sentence[numbers[i][1].end : numbers[i + 1][0].start])
        links = list(_LINK.finditer(between))
        if not links:
            after[i] = between
            continue
        hangs = _HANGS_ON_NEXT.search(between) and re.search(r"[A-Za-z]{3,}", between[links[0].end() :])
        link = links[0] if hangs and not re.search(r"[A-Za-z]{3,}", between[: links[0].start()]) else links[-1]
        after[i], before[i + 1] = between[: link.start()], between[link.end() :]
    head, tail = sentence[: numbers[0][0].start], _without_brackets(sentence[numbers[-1][1].end :])
    behind = sum(_says(text) for text in after[:-1])
    in_front = sum(bool(re.search(r"[A-Za-z]{3,}", _content(text))) for text in before[1:])
    ends_there = in_front == len(numbers) - 1 and not _says(re.split(r"[;.]\s", tail)[0])
    if behind >= in_front and not ends_there:
        ends = [m.start() for m in _LINK.finditer(tail) if m.start() > 0 and m.group().strip() in (";", ",", ")")]
        verb = _VERB.search(tail)
        cut = min([*ends, verb.start() if verb else len(tail)])
        after[-1] = tail[:cut]
        said = [a if _says(a) else f"{b} {a}" for a, b in zip(after, before, strict=True)]
        for i in range(1, len(said)):  # "19% had stopped at 1 year and 16% at 2 years"
            said[i] = said[i] if _says(said[i]) else said[i - 1]
        return said
    before[0] = re.split(r"[;:,(]|\b(?:and|than|while|whereas)\b", head.rstrip(" ("))[-1]
    return before


def _says(text: str) -> bool:
    """Whether a text has a word that means something: "[1]" and "at 2 years" have none."""
    return bool(tokens(_without_numbers(text)))


def _respectively(sentence: str, numbers: Sequence[Number]) -> list[str]:
    """The names that stand in the order of the numbers, behind them or before; ``[]`` without as many."""
    found = _RESPECTIVELY.search(sentence, numbers[-1].end)
    if found is None:
        return []
    between = _without_brackets(sentence[numbers[-1].end : found.start()])
    for text in (between, sentence[: numbers[0].start]) if tokens(between) else (sentence[: numbers[0].start],):
        for listed in reversed(list(_LISTED.finditer(text))):
            names = [name for name in _LINK.split(listed.group()) if name and tokens(name)]
            if len(names) == len(numbers):
                return names
    return []


def _in_brackets(sentence: str, number: Number) -> bool:
    """``infection (3.8%)``, ``to sham (n = 29)``: what the number is said of stands before its bracket."""
    opened = _opening(sentence, number)
    return opened is not None and not sentence[:opened].rstrip()[-1:].isdigit()  # "4 (10%) of 41" does not


def _opening(sentence: str, number: Number) -> int | None:
    """Where the bracket begins that a number stands at the start of."""
    opened = _OPENED.search(sentence, max(0, number.start - 30), number.start)
    return opened.start() if opened else None


def _before_brackets(sentence: str, numbers: Sequence[Number]) -> list[str]:
    """The words before each bracket, back to the number before it and what joins the two."""
    parts = []
    end = 0
    for number in numbers:
        opened = _opening(sentence, number) or 0
        text = _without_brackets(re.sub(r"^[^()\[\]]*[)\]]", "", sentence[end:opened]) if end else sentence[:opened])
        pieces = [piece for piece in _JOINS.split(text) if tokens(piece)]
        label = sentence[opened + 1 : number.start]  # "(VVI-40; n = 256)"
        parts.append(f"{pieces[-1] if pieces else text} {label}")
        end = number.end
    return parts


def _without_brackets(text: str) -> str:
    """Without "(9/16)" and "(95% CI 2 to 5)": they are of the number before them and name nothing."""
    return re.sub(r"\([^()]*\d[^()]*\)", " ", text)


def _content(text: str) -> str:
    return " ".join(tokens(text))


def contrasted(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sets of words name different sides of one contrast: active here, sham there."""
    for words in word_sets()[0]:
        mine, theirs = one & words, other & words
        if mine and theirs and mine != theirs:
            return True
    return False
