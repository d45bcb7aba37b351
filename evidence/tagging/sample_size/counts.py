"""Numbers of people (or animals) as they stand in sentences.

``forty-five male patients``, ``(n = 45)``, ``a total of 45``, ``45 were randomised``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import ahocorasick

from evidence.number_words import DIGITS, NUMBER, VALUES, value
from evidence.rules import load_rules
from evidence.tagging.matching.prefilter import Hits
from evidence.tagging.text.document import (
    ADMINISTRATIVE,
    BACKGROUND,
    CONCLUSIONS,
    ELIGIBILITY,
    TITLE,
    Document,
    Sentence,
)

_WORDS = load_rules(Path(__file__).with_name("people.yml")).lists
ANIMALS, SEXES, _ONE = (frozenset(chain(*_WORDS[name])) for name in ("animals", "sexes", "one"))
_NOUNS = frozenset(chain(*_WORDS["people"], *_WORDS["animals"]))
# "Three case reports" are no three cases.
_NO_CASES = re.compile(r"[- ](?:control|report|series|stud|manage|mix)")
# "12 men and 10 women", "12 female and ten male volunteers": both together are the people.
_AND_OTHER_SEX = re.compile(rf" and ({NUMBER}) (?:healthy )?(?:women|men|females|males|girls|boys)\b")
_ONE_SEX_AND = re.compile(rf"({NUMBER}) (?:healthy )?(?:fe)?male and $")
# Sentences that say nothing of the arms of the study.
ASIDE = frozenset({TITLE, BACKGROUND, ELIGIBILITY, ADMINISTRATIVE, CONCLUSIONS})
LEFT_OUT: dict[str, frozenset[str]] = {"arms": ASIDE}

# Words that end the search for a number to the left of a noun: it counts something else, or nothing.
_STOP = frozenset({
    "of", "in", "with", "to", "than", "for", "was", "were", "from", "at", "by", "on", "per", "had", "is", "are",
    "be", "month", "months", "year", "years", "week", "weeks", "day", "days", "hour", "hours", "minute", "minutes",
    "mg", "ml", "trial", "trials", "study", "studies", "center", "centers", "centre", "centres", "group", "groups",
    "site", "sites", "articles", "rcts", "that", "which", "who", "when", "where", "while", "if", "then", "but",
    "hospitals", "clinics", "countries", "institutions", "schools", "practices", "departments", "wards", "cities",
    "because", "as", "each", "every", "both", "visits", "sessions", "times", "hz",
    "weeks-old", "months-old", "years-old", "days-old", "most", "some", "many", "several",
})  # fmt: skip
# "ASA class 1 and 2 patients", "type 2 diabetes patients", "Fischer 344 rats": the number names a kind.
_KINDS = ("category", "grade", "group", "level", "phase", "stage", "type", "class", "status", "asa", "fischer")
_KIND_BEFORE = re.compile(rf"\b(?:{'|'.join(_KINDS)})s? (?:(?:[\di]+)(?: and| or| to|,|-) ?)?$")
# No other word stands between the kind and its number; most numbers have one before them, which is quick to see.
_BEFORE_A_KIND = frozenset({*_KINDS, *(f"{kind}s" for kind in _KINDS), "and", "or", "to"})
# "40 American Society of Anesthesiologists class I patients"
_SOCIETY = "society "
# Units after a figure, else short for a disease: "twenty MG patients".
_UNITS = frozenset({"mg", "ml"})
_HEADINGS = frozenset({"results", "methods", "patients", "participants", "findings", "subjects"})
_MOST_WORDS = 9
_NUMBER_WORDS = VALUES.keys() | {"hundred"}
_KNOWN = _STOP | _NUMBER_WORDS
_DIGITS = re.compile(DIGITS)
# Begins with its letter and looks back from there, since Python leaps from one "n" to the next: 0.6 us for 5.
EQUALS = re.compile(r"n(?<!\wn)\s?=\s?(\d{1,3}(?:[, ]\d{3})+(?!\d)|\d{1,6})(?![\d%/]|\.\d)")
_TOTAL = re.compile(
    r"\b(?:total(?: sample)?(?: size)? (?:of|was|is)|sample size(?: of| was| is| will be|:| :| =)|sample of"
    r"|cohort of|series of|target sample (?:of|is)|population size of|minimum of"
    r"|(?:total amount|number) of (?:patients|subjects|participants)(?: is| will be|:| :| =|,)?"
    r"|enrol\w* of|randomi[sz]ed|recruit|enrol+|include) "
    rf"(?:up to |about |approximately |at least )?({NUMBER})"
    r"(?=[.,;)]|$| (?:were|was|will|who|with|met|completed|participated|in order|is|to)\b)"
)
# "Adults older than 18 were randomised"
_AGES = (" age", " aged", " ages", "over", "above", "than", ">", "\u2265", ">=", ">/=", " to", "-")
GROUPS = re.compile(r" (?:groups?|arms|cohorts)\b")
_TAKEN = re.compile(r" (?:were|was|will be) (?:\w+ly )?(?:randomi|enrol|recruit|includ)")
# "Of 143 screened, 58 were eligible and only 19 consented": those taken, without a noun or a "were".
_TAKEN_OF_SCREENED = re.compile(
    r" (?:\([^()]*\) )?(?:randomi[sz]ed(?! (?:\w+ ){0,2}(?:trial|stud))|enrol+ed|recruited|consented|underwent"
    r"|took part|entered (?:the|this)|met (?:\w+ ){0,2}criteria|were (?:\w+ly )?(?:treated|analy[sz]ed|implanted))\b"
)
_SCREENED = re.compile(r"\b(?:screened|approached|invited|assessed|referred|eligible|consented|enrolled|candidates)\b")

# "nine with failed back surgery and two with neuropathic pain"; "12 men and 8 women"
_PARTS = re.compile(
    rf"({NUMBER}) (?!years|months|weeks|days|and\b)[^.;\d]{{2,60}}?(?:,"
    rf"| and) (?:the other )?({NUMBER})(?! (?:years|months|weeks|days))"
)
# Without it there are no parts; 1 us instead of 9.
_SECOND_PART = re.compile(rf"(?:,| and) (?:the other )?{NUMBER}(?! (?:years|months|weeks|days))")
# What is looked for in every sentence, before anything is counted.
PATTERNS = {
    "total": _TOTAL,
    "taken": _TAKEN,
    "screened": _SCREENED,
    "arms": GROUPS,
}
# Everything but letters is a blank to the automaton, whose words have one on either side.
_LETTERS = bytes(c if chr(c).isalpha() else 32 for c in range(256))
_AUTOMATON = ahocorasick.Automaton()
for _noun in _NOUNS:
    _AUTOMATON.add_word(f" {_noun} ", _noun)
_AUTOMATON.make_automaton()


class Count(NamedTuple):
    """A number of people: where it stands in its sentence, the noun it counts, and what stands between the two.

    ``noun`` is ``n=`` for ``n = 45`` and empty where only the words around tell that people are counted.
    """

    value: int
    sentence: Sentence
    start: int
    number_end: int
    end: int
    noun: str
    between: str


def counts(document: Document, hits: Hits) -> list[Count]:
    """Every number that counts people or animals, in reading order."""
    found: dict[tuple[int | None, int], Count] = {}
    said = hits.sentences
    for sentence, at, noun in _nouns(document):
        span = number_left_of(sentence.lower, at)
        count = _before_noun(sentence, at, noun, span) if span else None
        if count:
            found.setdefault(_place(count), count)
    equals = [
        Count(value(match[1]) or 0, sentence, match.start(1), match.end(1), match.end(), "n=", "")
        for sentence in with_sizes(document)
        for match in EQUALS.finditer(sentence.lower)
    ]
    bare = [
        _bare(sentence, *match.span(1))
        for sentence in said.get("total", ())
        for match in _TOTAL.finditer(sentence.lower)
    ]
    bare += [
        _bare(sentence, *span)
        for sentence in said.get("taken", ())
        for match in _TAKEN.finditer(sentence.lower)
        if (span := number_left_of(sentence.lower, match.start(), 1))
    ]
    bare += [
        _bare(sentence, *span)
        for sentence in said.get("screened", ())
        if (screened := _SCREENED.search(sentence.lower))
        for match in _TAKEN_OF_SCREENED.finditer(sentence.lower, screened.start())
        if (span := number_left_of(sentence.lower, match.start(), 1))
    ]
    counted = [*found.values(), *equals]
    if bare:
        known = {_place(count) for count in counted}
        counted += {_place(count): count for count in reversed(bare) if count and _place(count) not in known}.values()
    if len(counted) > 1:
        counted.sort(key=_reading_order)
    return counted


def _place(count: Count) -> tuple[int | None, int]:
    return count.sentence.part, count.sentence.start + count.start


def _reading_order(count: Count) -> tuple[int, int, int]:
    part = count.sentence.part
    return (-1 if part is None else part, count.sentence.start, count.start)


def is_year(number: int) -> bool:
    return 1900 <= number <= 2035


def with_sizes(document: Document) -> list[Sentence]:
    """The sentences that may say ``n = 45``."""
    return [s for s in document.sentences if "=" in s.lower and ("n=" in s.lower or "n =" in s.lower)]


def _nouns(document: Document) -> Iterator[tuple[Sentence, int, str]]:
    """Words for people or animals: the sentence, where in it the word begins, and the word."""
    sentences = document.sentences
    place, total = 0, len(sentences)
    for part in (document.title, *document.sections):
        first = place
        while place < total and sentences[place].part == part.position:
            place += 1
        if first == place:
            continue
        sentence = sentences[first]
        letters = part.lower.encode("latin-1", "replace").translate(_LETTERS).decode("latin-1")
        for last, noun in _AUTOMATON.iter(f" {letters} "):
            at = last - len(noun) - 1
            while at >= sentence.end and first < place - 1:
                first += 1
                sentence = sentences[first]
            if not (noun[:4] == "case" and _NO_CASES.match(part.lower, last - 1)):
                yield sentence, at - sentence.start, noun


def _before_noun(sentence: Sentence, at: int, name: str, span: tuple[int, int]) -> Count | None:
    """The number at ``span`` as a count of the noun at ``at``."""
    lower, after = sentence.lower, at + len(name)
    number = value(lower[span[0] : span[1]])
    if number is None or is_year(number) or (number != 1 and name in _ONE):
        return None
    between = lower[span[1] : at]
    if name in SEXES and (other := _AND_OTHER_SEX.match(lower, after)):
        return Count(number + (value(other[1]) or 0), sentence, *span, other.end(), "people", between)
    if lower[span[0] - 1 : span[0]] == "(":  # "one month (14 patients)"
        return None
    if "male " in between and (other := _ONE_SEX_AND.search(lower, max(0, span[0] - 40), span[0])):
        return Count(number + (value(other[1]) or 0), sentence, other.start(1), span[1], after, name, between)
    return Count(number, sentence, *span, after, name, between)


def adds_up(total: int, after: str) -> bool:
    """``eleven patients, nine with A and two with B``: the next two numbers are the parts of this one."""
    parts = _PARTS.search(after) if _SECOND_PART.search(after) else None
    return parts is not None and (value(parts.group(1)) or 0) + (value(parts.group(2)) or 0) == total


def number_left_of(lower: str, at: int, most_words: int = _MOST_WORDS) -> tuple[int, int] | None:
    """The span of the nearest number among the few words before ``at``, unless another kind of word comes first."""
    end, rfind = at, lower.rfind
    for _ in range(most_words):
        if end and lower[end - 1] == " ":
            end -= 1
        start = rfind(" ", 0, end) + 1
        if start == end:  # several blanks
            end = len(lower[:end].rstrip(" "))
            start = rfind(" ", 0, end) + 1
        word = lower[start:end]
        if word.isalpha():
            if word not in _KNOWN or (word in _UNITS and not lower[start - 2 : start - 1].isdigit()):
                end = start
                continue
            if word in _NUMBER_WORDS:
                return _whole_words(lower, start, end), end
            if word != "of" or lower[start - len(_SOCIETY) : start] != _SOCIETY:
                return None
            end = start - len(_SOCIETY)
            continue
        if not word or (word[-1] in ".;:" and not _is_initial(word)) or word.rstrip(",") in _STOP:
            return None
        if word[-1] == ")" and word[0] != "(":  # "four (two male) patients": what stands in brackets is passed over
            end = lower.rfind("(", 0, end)
            if end < 0:
                return None
            continue
        if word[0] == "(" and word[-1] != ")":  # "nine centres (three men": no number from outside
            inside = word[1:]
            return (start + 1, end) if inside.isdigit() or inside in VALUES else None
        first = word[0]
        if first.isdigit():
            if (match := _DIGITS.match(lower, start)) and match.end() == end and not _names_a_kind(lower, start):
                return _thousands(lower, start), end
            if "%" in word:
                return None
        elif "-" in word:
            head, _, number = word.partition("-")
            if head in VALUES and value(word) is not None:
                return _whole_words(lower, start, end), end
            if head in _HEADINGS and number in VALUES:  # "Methods and Results-Twenty patients"
                return start + len(head) + 1, end
        end = start
        if not start:
            return None
    return None


def _is_initial(word: str) -> bool:
    """``44 P. vivax patients``: the point ends no sentence."""
    return len(word) == 2 and word[0].isalpha() and word[1] == "."


def _names_a_kind(lower: str, start: int) -> bool:
    word = lower[lower.rfind(" ", 0, start - 1) + 1 : start - 1] if start > 1 else ""
    if word.isalpha() and word not in _BEFORE_A_KIND:
        return False
    return _KIND_BEFORE.search(lower, max(0, start - 30), start) is not None


def _thousands(lower: str, start: int) -> int:
    """The start of ``141 311`` when ``311`` was found, but not of ``group 1 200``."""
    before = lower.rfind(" ", 0, start - 1) + 1
    group = lower[before : start - 1]
    three = lower[start : start + 3].isdigit() and not lower[start + 3 : start + 4].isalnum()
    return before if three and group.isdigit() and len(group) <= 3 and not _names_a_kind(lower, before) else start


def _whole_words(lower: str, start: int, end: int) -> int:
    """The start of ``one hundred and eight`` (or ``one-hundred eight``, ``twenty - four``) when the last word was found
    at ``start``."""
    while start:
        before = lower.rfind(" ", 0, start - 1) + 1
        word = lower[before : start - 1]
        if word == "-":
            before = lower.rfind(" ", 0, before - 1) + 1
        elif word not in VALUES and word not in ("hundred", "thousand", "and") and "-" not in word:
            break
        if word == "and" and value(lower[lower.rfind(" ", 0, before - 1) + 1 : end]) is None:
            break
        if word != "and" and value(lower[before:end]) is None:
            break
        start = before
    return start


def _bare(sentence: Sentence, start: int, end: int) -> Count | None:
    """``a total of 45``, ``45 were randomised``: people, though no noun says so."""
    number = value(sentence.lower[start:end])
    if number is None or is_year(number):
        return None
    before = sentence.lower[max(0, start - 8) : start].rstrip()
    if before.endswith(_AGES) and not before.endswith("up to"):
        return None
    return Count(number, sentence, start, end, end, "", "")
