"""What a draft says against itself: called non-invasive and described with needles; two figures for one thing."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evidence.check.draft.sentences import DraftSentence
from evidence.check.draft.tags import SentenceTags
from evidence.check.numbers.alignment import same
from evidence.check.numbers.numbers import Number
from evidence.check.retrieval.ranking import tokens

# "Sometimes, non-invasive treatments are not strong enough" calls nothing non-invasive that is not.
_CALLED = re.compile(
    r"\b(?:is|are|as|a|an|the latest|latest|this|these|safe|alternative|approach is)\b[^.;]{0,40}\b"
    r"(?P<word>non-?\s?invasive|non-?\s?surgical|without surgery|no surgery)\b(?! (?:treatments?|therap(?:y|"
    r"ies)) (?:are|is) not)"
    r"|^(?:best of all, )?(?:this|the) (?:treatment|technique|therapy|procedure) is (?P<other>non-?invasive|"
    r"non-?surgical)",
    re.I,
)
_NOT_CALLED = re.compile(
    r"\b(?:failed|tried|after|before|not (?:have )?(?:had|respond\w*)|could not|unlike|than|"
    r"from) [^.;]{0,40}non-?(?:invasive|surgical)",
    re.I,
)
_NEEDLE = re.compile(
    r"\b(?:needles?|implant(?:s|ed|ing|able|ation)?|surg(?:ery|ical(?:ly)?|eon)|incisions?|insert(?:s|ed|"
    r"ing)? (?:\w+ ){0,4}(?:skin|tissue|"
    r"device|lead|electrode)\w*|minimally[- ]invasive|operations?|leads are placed|injected)\b",
    re.I,
)
# An operation that is only compared with, or feared, says nothing of the treatment.
_OF_OTHERS = re.compile(
    r"\b(?:before|instead of|alternative to|rather than|unlike|other|failed|previous|prior|after|resort to (?:a )?|"
    r"considering|more invasive procedures and|"
    r"avoid\w*|non-?|no|without)\s*(?:back |spine |a |any |the )?(?:surg\w+|operations?|implant\w*)|"
    r"failed back surgery|replacement surgery|"
    r"not respond\w{0,9}[^.;]{0,200}surg\w+|surgical treatment option",
    re.I,
)  # fmt: skip
_SURGICAL = re.compile(r"surg|incision|operation|implant", re.I)
# Two of these may differ in one draft without contradicting one another.
_COMPARED_ROLES = frozenset({"n", "sessions", "frequency", "count", "duration"})
_SHARED_WORDS = 2
_SHORT = 40  # characters before the number: a short sentence says it of the session and of nothing else
_SHOWN = 4
# Pairs of figures that are told one by one; and figures of one kind that each is compared with, subjects that one word
# is looked at for: more than any draft has of them.
_MOST, _COMPARED, _SUBJECTS = 30, 200, 100


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two or more sentences (their positions) that do not go together, and why."""

    sentences: tuple[int, ...]
    message: str


def contradictions(
    sentences: Sequence[DraftSentence], tags: Sequence[SentenceTags], numbers: Sequence[Sequence[Number]],
    out_of_time: Callable[[], bool] = lambda: False,
) -> list[Contradiction]:  # fmt: skip
    """What the draft says against itself: the first :data:`_MOST` pairs of figures, and how many more there are."""
    figures = _figures(sentences, tags, numbers, out_of_time)
    if len(figures) > _MOST:
        rest = figures[_MOST:]
        places = tuple(dict.fromkeys(place for pair in rest for place in pair.sentences))[:_MOST]
        figures[_MOST:] = [Contradiction(places, f"{len(rest):,} more pairs of figures for one thing differ")]
    return [*_invasiveness(sentences, tags, out_of_time), *figures]


def _invasiveness(
    sentences: Sequence[DraftSentence], tags: Sequence[SentenceTags], out_of_time: Callable[[], bool]
) -> list[Contradiction]:
    called = []
    described = []
    for position, sentence in enumerate(sentences):
        if out_of_time():
            break
        if not sentence.claim:
            continue
        text = sentence.text
        match = _CALLED.search(text)
        if match and not _NOT_CALLED.search(text):
            called.append((position, (match.group("word") or match.group("other")).lower()))
        words = _NEEDLE.findall(_OF_OTHERS.sub(" ", text))
        if words:
            described.append((position, words))
    by_word: dict[str, list[int]] = {}
    for position, word in called:
        by_word.setdefault(word, []).append(position)
    found = []
    for word, positions in by_word.items():
        surgical = [(at, words) for at, words in described if any(_SURGICAL.search(w) for w in words)]
        contradiction = _called(word, positions, surgical if "surg" in word else described, tags, out_of_time)
        if contradiction:
            found.append(contradiction)
    return found


def _called(
    word: str, positions: list[int], described: list[tuple[int, list[str]]], tags: Sequence[SentenceTags],
    out_of_time: Callable[[], bool],
) -> Contradiction | None:  # fmt: skip
    """One contradiction for a word, however often the draft uses it; sentences on the same modalities are one case."""
    against: dict[int, list[str]] = {}
    places: list[int] = []
    seen: Counter[tuple[str, ...]] = Counter()
    fitting: dict[tuple[str, ...], list[tuple[int, list[str]]]] = {}
    for position in positions:
        subject = tuple(tags[position].modalities)
        if subject not in fitting:
            if out_of_time() or len(fitting) >= _SUBJECTS:
                break
            fitting[subject] = [(at, words) for at, words in described if _one_subject(tags[position], tags[at])]
        if any(at != position for at, _ in fitting[subject][:2]):
            places.append(position)
            seen[subject] += 1
            if seen[subject] <= 2:  # the second brings the sentence of the first, if it is described too
                against.update({at: words for at, words in fitting[subject] if at != position and at not in against})
    if not places:
        return None
    listed = ", ".join(dict.fromkeys(w.lower() for words in against.values() for w in words))
    return Contradiction(
        tuple(dict.fromkeys((*places, *list(against)[:_SHOWN]))), f"called {word}, and described with: {listed[:120]}"
    )


def _one_subject(one: SentenceTags, other: SentenceTags) -> bool:
    """Both on one modality, or one of them on neuromodulation at large."""
    a, b = set(one.modalities), set(other.modalities)
    if not one.specific:
        return True
    return bool({t.split("_")[0] for t in a} & {t.split("_")[0] for t in b})


def _figures(
    sentences: Sequence[DraftSentence], tags: Sequence[SentenceTags], numbers: Sequence[Sequence[Number]],
    out_of_time: Callable[[], bool],
) -> list[Contradiction]:  # fmt: skip
    """Two different counts with the same unit and role, in sentences on one thing that share words.

    A figure is compared with the last :data:`_COMPARED` of its kind; one said again in the same words stands for the
    first.
    """
    kinds: dict[tuple[object, ...], deque[tuple[int, Number, frozenset[str]]]] = {}
    known: set[tuple[object, ...]] = set()
    found = []
    for position, sentence in enumerate(sentences):
        if out_of_time():
            break
        if not sentence.claim:
            continue
        words = frozenset(tokens(sentence.text))
        for number in numbers[position]:
            if number.role not in _COMPARED_ROLES:
                continue
            kind = (number.role, number.unit, frozenset(tags[position].modalities))
            said = (*kind, number.text, number.low, number.high, words)
            if said in known:
                continue
            seen = kinds.setdefault(kind, deque(maxlen=_COMPARED))
            for before, other, other_words in seen:
                if (
                    before != position
                    and not same(number, other)
                    and not same(other, number)
                    and _same_thing(number, other, words & other_words)
                ):
                    found.append(Contradiction((before, position), f"“{other.text}” and “{number.text}” for one thing"))
            seen.append((position, number, words))
            known.add(said)
    return found


def _same_thing(number: Number, other: Number, shared: frozenset[str]) -> bool:
    unit_words = set(tokens(number.text)) | set(tokens(other.text))
    needed = _SHARED_WORDS + (1 if number.role == "n" else 0)
    if number.role == "duration" and "session" in shared and max(number.start, other.start) <= _SHORT:
        needed = 1  # "Sessions last 30 minutes" and "Each session takes 45 minutes" share nothing else
    return len([word for word in shared if word not in unit_words and not word[0].isdigit()]) >= needed
