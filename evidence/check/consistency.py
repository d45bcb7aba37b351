"""What a draft says against itself: called non-invasive and described with needles; two figures for one thing."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from evidence.check.draft.sentences import DraftSentence
from evidence.check.draft.tags import SentenceTags
from evidence.check.numbers.equality import same
from evidence.check.numbers.frames import FindingFrame, disagreements, read_frames
from evidence.check.numbers.numbers import Number
from evidence.check.numbers.own_words import contrasted
from evidence.check.retrieval.ranking import tokens

# "Sometimes, non-invasive treatments are not strong enough" calls nothing non-invasive that is not.
_CALLED = re.compile(
    r"\b(?:is|are|as|a|an|the latest|latest|this|these|safe|alternative|approach is)\b[^.;]{0,40}\b"
    r"(?P<word>non-?\s?invasive|non-?\s?surgical|without surgery|no surgery)\b(?! (?:treatments?|therap(?:y|"
    r"ies)) (?:are|is) not)"
    r"|^(?:best of all, )?(?:this|the) (?:treatment|technique|therapy|procedure) is (?P<other>non-?invasive|"
    r"non-?surgical)"
    r"|\b(?:needs?|requires?|involves?|takes?|there (?:is|are)) (?P<third>no (?:surgery|operations?|incisions?|"
    r"needles?))\b",
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
# Shares and changes are compared only in sentences that share so much of their words.
_SHARES, _NEARLY_ALL = frozenset({"percent", "responder", "change"}), 0.7
# Of these words one study may be told from another though nothing is cited.
_ANOTHER = re.compile(
    r"\b(?:another|other|others|second|third|later|larger|smaller|earlier|newer|older|different|separate|follow-up|"
    r"one (?:trial|study|series|review)|(?:two|three|four|several|most|many|some) (?:\w+ )?(?:trials|studies|"
    r"reviews))\b",
    re.I,
)
_NAMED_TRIAL = re.compile(r"\b[A-Z][A-Z-]{3,}\d*\b")
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
    references: Sequence[Sequence[int]], out_of_time: Callable[[], bool] = lambda: False,
) -> list[Contradiction]:  # fmt: skip
    """What the draft says against itself: the first :data:`_MOST` pairs of figures, and how many more there are.

    ``references`` are the sources that each sentence leans on, by position.
    """
    figures = _figures(sentences, tags, numbers, references, out_of_time)
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
            called.append((position, next(word for word in match.groups() if word).lower()))
        words = _NEEDLE.findall(_OF_OTHERS.sub(" ", text))
        if words:
            described.append((position, words))
    by_word: dict[str, list[int]] = {}
    for position, word in called:
        by_word.setdefault(word, []).append(position)
    found = []
    for word, positions in by_word.items():
        surgical = [(at, words) for at, words in described if any(_SURGICAL.search(w) for w in words)]
        contradiction = _called(word, positions, surgical if _SURGICAL.search(word) else described, tags, out_of_time)
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
    if not one.specific:
        return True
    pairs = product(one.modalities, other.modalities)
    return any(a == b or a.startswith(f"{b}_") or b.startswith(f"{a}_") for a, b in pairs)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number of a draft with what decides whether another one may be compared with it."""

    position: int
    number: Number
    frame: FindingFrame
    words: frozenset[str]
    references: frozenset[int]
    names: frozenset[str]
    modalities: frozenset[str]


def _figures(
    sentences: Sequence[DraftSentence], tags: Sequence[SentenceTags], numbers: Sequence[Sequence[Number]],
    references: Sequence[Sequence[int]], out_of_time: Callable[[], bool],
) -> list[Contradiction]:  # fmt: skip
    """Two different figures with the same unit and role of one study, or of nothing cited in sentences on one thing.

    A figure is compared with the last :data:`_COMPARED` of its kind; one said again in the same words stands for the
    first.
    """
    kinds: dict[tuple[object, ...], deque[_Figure]] = {}
    known: set[tuple[object, ...]] = set()
    found = []
    for position, sentence in enumerate(sentences):
        if out_of_time():
            break
        if not sentence.claim or not any(n.role in _COMPARED_ROLES or n.role in _SHARES for n in numbers[position]):
            continue
        words = frozenset(tokens(sentence.text))
        names = frozenset(_NAMED_TRIAL.findall(sentence.text))
        modalities = frozenset(tags[position].modalities)
        for number, frame in zip(numbers[position], read_frames(sentence.text, numbers[position]), strict=True):
            if number.role not in _COMPARED_ROLES and number.role not in _SHARES:
                continue
            kind = (number.role, number.unit)
            said = (*kind, number.text, number.low, number.high, words, modalities)
            if said in known:
                continue
            here = _Figure(position, number, frame, words, frozenset(references[position]), names, modalities)
            seen = kinds.setdefault(kind, deque(maxlen=_COMPARED))
            for before in seen:
                if before.position != position and _contradict(before, here, sentences):
                    pair = f"“{before.number.text}” and “{number.text}” for one thing"
                    found.append(Contradiction((before.position, position), pair))
            seen.append(here)
            known.add(said)
    return found


def _contradict(one: _Figure, other: _Figure, sentences: Sequence[DraftSentence]) -> bool:
    """Whether two figures are two answers to one question about one study, or about one thing, nothing cited."""
    if same(one.number, other.number) or same(other.number, one.number):
        return False
    shared = one.words & other.words
    if bool(one.references) != bool(other.references) or one.references.isdisjoint(other.references):
        if one.references or other.references:
            return False  # what two studies found may differ
        if one.names != other.names or one.modalities != other.modalities:
            return False
        counts = one.number.role in ("n", "studies")
        if counts and any(_ANOTHER.search(sentences[f.position].text) for f in (one, other)):
            return False
    elif one.number.role == "n" and one.frame.population and one.frame.population == other.frame.population:
        return one.frame.population not in ("arm", "left") and not _contrasted(one, other)
    if disagreements(one.frame, other.frame, one.number.dimension) or _contrasted(one, other):
        return False
    if one.number.role in _SHARES:
        return _NEARLY_ALL * len(one.words | other.words) <= len(shared)
    return _same_thing(one.number, other.number, shared)


def _contrasted(one: _Figure, other: _Figure) -> bool:
    """Whether the two sentences name different arms, groups or times: sham and active, first and second."""
    return contrasted(one.words, other.words) or (
        one.frame.time is not None and other.frame.time is not None and one.frame.time != other.frame.time
    )


def _same_thing(number: Number, other: Number, shared: frozenset[str]) -> bool:
    unit_words = set(tokens(number.text)) | set(tokens(other.text))
    needed = _SHARED_WORDS + (1 if number.role == "n" else 0)
    if number.role == "duration" and "session" in shared and max(number.start, other.start) <= _SHORT:
        needed = 1  # "Sessions last 30 minutes" and "Each session takes 45 minutes" share nothing else
    return len([word for word in shared if word not in unit_words and not word[0].isdigit()]) >= needed
