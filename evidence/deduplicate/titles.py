"""How far two titles agree, and whether what differs between them could make two documents of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from evidence.bibliography.markers import NUMBER_WORDS


class Level(IntEnum):
    """``EXACT``: the same letters. ``NEAR``: only spelling, number words, acronyms and small words differ.
    ``CONTAINED``: one is the other without its subtitle. ``RELATED``: rewritten, or another title on the same matter.
    """

    UNLIKE = 0
    RELATED = 1
    CONTAINED = 2
    NEAR = 3
    EXACT = 4


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """``score`` 0 to 1. ``twins``: the words that set the two apart as a pair of documents, ``""`` when none do."""

    level: Level
    score: float
    twins: str = ""
    numbers: bool = True


RELATED_SCORE = 0.60
NEAR_RATIO = 0.75
SPELLING_SCORE = 80.0  # "generalisability" and "generalizability" 94, "critiquig" and "critiquing" 95
SHORT_SPELLING_SCORE = 85.0  # "boel" and "bowel" 89, "male" and "female" 80
MIN_SPELT = 5  # shorter words that differ by a letter are other words: "hip" and "lip", "male" and "mare"
MIN_CONTAINED_WORDS, MIN_CONTAINED_LENGTH = 3, 16

# Words that may come or go while a title stays the same.
SMALL_WORDS = frozenset(
    "a an the of in on for to and or with by from at as is are its their among between during after versus vs"
    " study studies review systematic meta analysis metaanalysis trial randomized randomised controlled results"
    " report short brief original article research paper using use based update updated new case"
    " literature narrative scoping rapid overview evidence editorial guest letter re comment".split()
)
_FUNCTION_WORDS = frozenset("an the of in on for to and or with by from at as is its".split())
# Each line is two kinds of subject or condition that companion papers are written about, one each.
TWIN_WORDS = """
    women woman female females girls mothers maternal / men man male males boys fathers paternal
    adult adults adulthood / child children paediatric pediatric paediatrics pediatrics adolescent adolescents infant
    human humans patients patient / rat rats mouse mice murine animal animals rabbit rabbits
    vitro / vivo
    younger / older
    upper / lower
    left / right
    anterior / posterior
    cervical / lumbar thoracic
    back / leg neck
    knee / hip shoulder
    early / late
    acute / chronic
    short / long
    high / low
    pre preoperative preterm / post postoperative term
    primary / secondary
    with / without
    hypertension hyperglycemia / hypotension hypoglycemia
    ischemic ischaemic / hemorrhagic haemorrhagic
    systolic / diastolic
    unipolar / bipolar
    motor / sensory
    smokers / nonsmokers
    inpatient inpatients / outpatient outpatients
    pharmacologic pharmacological drug / nonpharmacologic nonpharmacological
    surgical operative / nonsurgical nonoperative conservative
    invasive / noninvasive
    diagnosis diagnostic / treatment therapy management
    efficacy effectiveness / safety tolerability cost
    benefits / harms
    prevalence / incidence
    qualitative / quantitative
    development / validation
"""
# A column's name: one team writes many under it. "Pelvic pain" by the same team in the same journal is one article.
COLUMN_WORDS = frozenset(
    "abstract abstracts announcement answer authors available book case cases clinical column comment commentary"
    " comments conclusion contents conversation correspondence discussion editor editorial editors foreword highlights"
    " image images index interview introduction issue letter letters memoriam message new news note notes obituary"
    " overview perspective picture poster preface president question quiz reflections remarks reply report response"
    " review reviews summary symposium untitled update viewpoint views welcome".split()
)
# Of them, those that short titles of articles have as well: "Clinical pharmacology", "New leads".
_ORDINARY = frozenset("available book case cases clinical new perspective report response review reviews".split())
SHORT_COLUMN_WORDS = 2
# What a letter or notice says besides what it is about.
_GENERIC = (
    COLUMN_WORDS
    | SMALL_WORDS
    | frozenset(
        "author authors response responses rebuttal reply replies correction corrections corrigendum erratum errata"
        " retraction addendum notice expression concern concerning regarding recent published colleagues et al dr drs"
        " prof professor our your his her this that journal articles statement withdrawal publisher invited critical"
        " further some more about we i it not no".split()
    )
)
MIN_NAMING_WORDS = 3
_ADDABLE = SMALL_WORDS | NUMBER_WORDS.keys()
_TWINS = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, _, other in (line.partition("/") for line in TWIN_WORDS.strip().splitlines())
)
_TWIN_WORDS = frozenset().union(*(words for pair in _TWINS for words in pair))
_DIGITS = re.compile(r"\d+(?:[.,]\d+)?")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4"}


def is_column(words: str) -> bool:
    """Whether a title (normal form) is a column's: "Editorial", "Image of the month", "Remarks from the editor"."""
    own = [word for word in words.split() if word not in _FUNCTION_WORDS and word not in ("the", "a")]
    if len(own) <= SHORT_COLUMN_WORDS:
        return not own or any(word in COLUMN_WORDS and word not in _ORDINARY for word in own)
    return 2 * sum(word in COLUMN_WORDS for word in own) > len(own)


def names_something(words: str) -> bool:
    """Whether the title of a letter or notice says what it is about: "Reply" and "Letter to the editor" do not."""
    return len({word for word in words.split() if word not in _GENERIC}) >= MIN_NAMING_WORDS


def compare_titles(left: tuple[str, ...], right: tuple[str, ...]) -> TitleMatch:
    """The best match between the variants of two titles (normal forms: words joined by blanks)."""
    if left[0] == right[0] and left[0]:
        return TitleMatch(Level.EXACT, 1.0)
    best = TitleMatch(Level.UNLIKE, 0.0)
    for one in left:
        for other in right:
            found = _compare(one, other)
            if (found.level, found.score) > (best.level, best.score):
                best = found
    return best


def _compare(left: str, right: str) -> TitleMatch:
    if not left or not right:
        return TitleMatch(Level.UNLIKE, 0.0)
    if left.replace(" ", "") == right.replace(" ", ""):
        return TitleMatch(Level.EXACT, 1.0)
    short, long = sorted((left, right), key=len)
    ratio = max(fuzz.ratio(left, right), fuzz.token_sort_ratio(left, right)) / 100
    rest_left, rest_right = _differing(left.split(), right.split())
    twins = _twins(rest_left, rest_right)
    numbers = _numbers(left) == _numbers(right)
    if numbers and not twins and ratio >= 0.5 and _explained(rest_left, rest_right, ratio):
        return TitleMatch(Level.NEAR, ratio, twins, numbers)
    if _contains(long, short) or _all_words(rest_left, rest_right, short):
        return TitleMatch(Level.CONTAINED, max(ratio, 0.8), twins, _numbers(short) <= _numbers(long))
    together = max(ratio, fuzz.token_set_ratio(left, right) / 100 * min(1.0, 0.5 + len(short) / len(long)))
    return TitleMatch(Level.RELATED if together >= RELATED_SCORE else Level.UNLIKE, together, twins, numbers)


def _contains(long: str, short: str) -> bool:
    if len(short) < MIN_CONTAINED_LENGTH or short.count(" ") + 1 < MIN_CONTAINED_WORDS:
        return False
    return long.startswith(short + " ") or long.endswith(" " + short)


def _all_words(rest_left: list[str], rest_right: list[str], short: str) -> bool:
    """Whether one title has every word of the other, small words aside."""
    left, right = ([w for w in rest if w not in SMALL_WORDS] for rest in (rest_left, rest_right))
    return (not left or not right) and sum(w not in SMALL_WORDS for w in short.split()) > MIN_CONTAINED_WORDS


def _differing(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    """The words of each title that the other does not have, in order."""
    in_left, in_right = {*left, *_pairs(left)}, {*right, *_pairs(right)}
    left, right = _unpaired(left, in_right), _unpaired(right, in_left)
    return [w for w in left if w not in in_right], [w for w in right if w not in in_left]


def _pairs(words: list[str]) -> list[str]:
    """Neighbours written as one word: "non", "inferiority" → "noninferiority"."""
    return [a + b for a, b in pairwise(words)]


def _unpaired(words: list[str], others: set[str]) -> list[str]:
    """The words without neighbours that the other title writes as one."""
    joined = {at for at, pair in enumerate(_pairs(words)) if pair in others}
    return [word for at, word in enumerate(words) if at not in joined and at - 1 not in joined]


def _twins(left: list[str], right: list[str]) -> str:
    here, there = _TWIN_WORDS.intersection(left), _TWIN_WORDS.intersection(right)
    if not here or not there:
        return ""
    for one, other in _TWINS:
        for a, b in ((one, other), (other, one)):
            if a & here and b & there and not b & here and not a & there:
                return f"{min(a & here)} / {min(b & there)}"
    return ""


def _numbers(text: str) -> frozenset[str]:
    named = (NUMBER_WORDS.get(word) or _ROMAN.get(word) for word in text.split())
    return frozenset(_DIGITS.findall(text)) | frozenset(number for number in named if number)


def _explained(left: list[str], right: list[str], ratio: float) -> bool:
    """Whether the differing words are spellings, number words, acronyms or small words of one another."""
    one, other = (
        [word for word in rest if word not in _ADDABLE and not word.isdigit() and not _spelt(word, others)]
        for rest, others in ((left, right), (right, left))
    )
    if not one and not other:
        return ratio >= NEAR_RATIO
    return _acronyms(one, other) or _acronyms(other, one)


def _spelt(word: str, others: list[str]) -> bool:
    """Whether another word, or two written as one, is this word spelt otherwise."""
    return any(_same_word(word, other) for other in (*others, *_pairs(others)))


def _same_word(word: str, other: str) -> bool:
    """Spelt otherwise; among short words a plural, a letter lost in five, or a slip in a small word ("annd")."""
    short, long = sorted((word, other), key=len)
    if len(short) >= MIN_SPELT:
        return fuzz.ratio(word, other) >= SPELLING_SCORE
    if len(short) > 2 and long == short + "s":
        return True
    if len(long) >= MIN_SPELT:
        return fuzz.ratio(word, other) >= SHORT_SPELLING_SCORE
    return (word in _FUNCTION_WORDS or other in _FUNCTION_WORDS) and OSA.distance(word, other) == 1


def _acronyms(short: list[str], long: list[str]) -> bool:
    """Whether the words of ``short`` are, in order, acronyms of runs of ``long``.

    SGLT2: sodium-glucose co-transporter 2.
    """
    if not short:
        return not long
    letters = short[0].strip("0123456789").removesuffix("s") or short[0]
    if not long or len(letters) > 6 or letters[0] != long[0][0] or len(short) > len(long):
        return False
    most = len(long) - len(short) + 1
    return any(
        len("".join(long[:count])) > len(letters)
        and _subsequence(letters, "".join(long[:count]))
        and _acronyms(short[1:], long[count:])
        for count in range(1, min(most, len(letters) + 2) + 1)
    )


def _subsequence(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)
