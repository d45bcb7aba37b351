"""The claims of the ledger that a sentence of a draft repeats; what people made of them is shown as theirs.

A sentence and a claim are compared by stems, each weighted by how few claims have it; a word of like meaning
(``same_meaning.yml``) counts as the word, one that begins alike or stands in like company counts in part. Logistic
weights say from the shares of both how likely the sentence repeats the claim (``benchmarks/ledger_claims.py --fit``).
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evidence.check.draft.tags import DraftTagger, SentenceTags
from evidence.check.numbers.numbers import Number, find_numbers
from evidence.check.retrieval.likeness import relatives
from evidence.check.retrieval.ranking import tokens
from evidence.check.retrieval.same_meaning import one_word
from evidence.ledger.ledger import Claim, Ledger

# Feature → weight, and the constant; of the features see :meth:`ClaimIndex.features`.
WEIGHTS = {
    "of_claim": 3.85, "of_sentence": 5.73, "modality": 1.32, "unnamed": -0.52, "outcome": 2.22, "number": 6.21,
    "number_of_it": 5.93, "words": -3.5, "weight": 2.36, "said": -0.08, "said_words": -2.1, "rarest": 1.6,
    "said_weight": 4.58, "ahead": 4.52,
}  # fmt: skip
CONSTANT = -8.72
# How likely a sentence must repeat a claim before it is shown as its; and before it is told as one on the same subject.
ALIKE, NEAR = 0.3, 0.1
SHOWN = 5
# What a word is worth that begins with the same letters, or stands in like company (times their nearness).
_BEGINS, _BEGINNING, _COMPANY = 5, 0.7, 0.5
# A claim of which so much is shared may be shown though nothing but names of its subject is.
_MOST = 0.6
# A claim of which so much is shared may be shown though nothing but names of its subject is.
_MOST = 0.6
# A word this near counts as the word.
_AS_GOOD = 0.7
# Words that every claim of this subject has, whatever it says; and what a word weighs that no claim has.
_COMMON_WEIGHT, _UNSEEN = 0.4, 0.7
_COMMON_WORDS = (
    "pain patient treatment people study chronic neuromodulation stimulation therapy show find use something thing "
    "say call speak state present"
)
_RAREST = 3
# "Does not rely on", "few people": the sentence says the opposite of what it would say without. What follows "who",
# "when" or "since" denies something else: "patients who have not responded".
_DENIAL = re.compile(
    r"\b(?:do|does|did|is|are|was|were|can|will|has|have|had|need|should|could|would|may|might)"
    r"(?: not\b|n['\u2019]t\b)|\b(?:cannot|never|rarely|hardly|nothing)\b|\b(?:but|and) not\b|^few\b|^no\b"
    r"|\bthere (?:is|are) no\b",
    re.IGNORECASE,
)
# Figures in words are numbers, and are compared as such.
_COUNTS = frozenset(
    tokens("one two three four five six seven eight nine ten eleven twelve once twice half first second")
)
_NON = re.compile(r"\bnon[- ](?=[a-z])", re.IGNORECASE)
_BESIDE = re.compile(r"\b(?:who|that|which|since|because|if|when|where|whose)\b[^.;:]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Near:
    """A claim and how likely the sentence repeats it, 0 to 1. ``alike``: likely enough to be shown as what it says."""

    claim: Claim
    similarity: float
    alike: bool = True


@dataclass(frozen=True, slots=True)
class _Known:
    """A claim taken apart: its words, what they weigh, those that name its subject, its tags and numbers."""

    claim: Claim
    words: frozenset[str]
    weight: float
    subject: frozenset[str]
    modalities: frozenset[str]
    outcomes: frozenset[str]
    numbers: frozenset[str]
    denies: bool


@dataclass(frozen=True, slots=True)
class _Held:
    """What a sentence and a claim share: words of the claim, and of the sentence (``own``), with their worth."""

    terms: Mapping[str, float]
    own: Mapping[str, float]


class ClaimIndex:
    """The claims of a ledger, taken apart once."""

    def __init__(self, ledger: Ledger, tagger: DraftTagger):
        self._labels = {tag: frozenset(_words(label)) for tag, label in tagger.labels().items()}
        self._common = frozenset(_words(_COMMON_WORDS))
        read = [(claim, frozenset(_words(claim.paraphrase))) for claim in ledger.claims]
        self._counts = Counter(word for _, words in read for word in words)
        self._size = max(1, len(read))
        self._rows = [self._known(claim, words, tagger) for claim, words in read]
        self._having: dict[str, list[int]] = defaultdict(list)
        self._beginning: dict[str, set[str]] = defaultdict(set)
        for position, row in enumerate(self._rows):
            for word in row.words:
                self._having[word].append(position)
                if len(word) >= _BEGINS:
                    self._beginning[word[:_BEGINS]].add(word)

    def nearest(self, text: str, tags: SentenceTags, numbers: list[Number]) -> list[Near]:
        """The claims that a sentence repeats, the least favourable reading first; then those on the same subject."""
        near = []
        for claim, features in self.features(text, tags, numbers):
            likely = 1 / (1 + math.exp(-CONSTANT - sum(WEIGHTS[name] * value for name, value in features.items())))
            if likely >= NEAR:
                near.append(Near(claim, round(likely, 3), likely >= ALIKE and _says_alike(features)))
        likeliest = sorted(near, key=lambda one: (-one.similarity, one.claim.id))[:SHOWN]
        return sorted(likeliest, key=lambda one: (not one.alike, _rank(one.claim), -one.similarity, one.claim.id))

    def features(self, text: str, tags: SentenceTags, numbers: list[Number]) -> list[tuple[Claim, dict[str, float]]]:
        """What speaks for and against each claim that a sentence may repeat.

        Shares of the weight of words: of the claim's that the sentence has and of the sentence's that the claim has, of
        all and (``said``) of those that name no modality, outcome or condition; whether a modality, an outcome or a
        number is shared; how far ahead of the next claim it is.
        """
        own = frozenset(_words(text))
        held = self._held(own)
        named = frozenset(tags.specific)
        beside = frozenset((*tags.outcomes, *tags.conditions))
        subject = self._common | self._names((*named, *beside))
        figures = _figures((number.low, number.unit) for number in numbers)
        weight = sum(map(self._weight, own)) or 1.0
        denies = _denies(text)
        found = []
        for position, row in enumerate(self._rows):
            shared = held.get(position) or _Held({}, {})
            if not shared.terms and figures.isdisjoint(row.numbers):
                continue
            if row.denies == denies and _may_be(tags, row):
                found.append((row, self._shares(row, shared, own, weight, subject | row.subject)))
                features = found[-1][1]
                features["modality"] = float(not named.isdisjoint(row.modalities))
                features["unnamed"] = float(bool(row.modalities) and not named)
                features["outcome"] = len(beside & row.outcomes) / max(1, len(row.outcomes))
                features["number"] = float(not figures.isdisjoint(row.numbers))
                features["number_of_it"] = features["number"] * features["modality"]
        near = [math.sqrt(f["of_claim"] * f["of_sentence"]) + f["modality"] / 10 for _, f in found]
        order = sorted(near, reverse=True)
        for here, (_, features) in zip(near, found, strict=True):
            features["ahead"] = here - (order[0] if here < order[0] else order[1] if len(order) > 1 else 0.0)
        return [(row.claim, features) for row, features in found]

    def _shares(
        self, row: _Known, shared: _Held, own: frozenset[str], weight: float, subject: frozenset[str]
    ) -> dict[str, float]:
        got = {word: self._weight(word) * worth for word, worth in shared.terms.items()}
        back = sum(self._weight(word) * worth for word, worth in shared.own.items())
        of_claim, of_sentence = sum(got.values()) / row.weight, back / weight
        said = row.words - subject
        said_weight = sum(map(self._weight, said))
        said_got = sum(worth for word, worth in got.items() if word in said)
        as_good = [word for word, worth in shared.terms.items() if worth >= _AS_GOOD and word not in self._common]
        rarest = sorted(row.words, key=lambda word: (-self._weight(word), word))[:_RAREST]
        return {
            "of_claim": of_claim, "of_sentence": of_sentence, "words": min(len(as_good), 4) / 4,
            "weight": sum(got.values()) / 10,
            "said": said_got / said_weight if said_weight else of_claim,
            "said_words": min(sum(word in said for word in as_good), 3) / 3,
            "rarest": sum(shared.terms.get(word, 0.0) for word in rarest) / max(1, len(rarest)),
            "said_weight": said_got / 10,
        }  # fmt: skip

    def _held(self, own: Iterable[str]) -> dict[int, _Held]:
        """Position of a claim → what it shares with a sentence's words, the best of each word."""
        found: dict[int, _Held] = defaultdict(lambda: _Held({}, {}))
        for word in own:
            for term, worth in self._alike(word).items():
                for position in self._having[term]:
                    shared = found[position]
                    assert isinstance(shared.terms, dict) and isinstance(shared.own, dict)
                    shared.terms[term] = max(worth, shared.terms.get(term, 0.0))
                    shared.own[word] = max(worth, shared.own.get(word, 0.0))
        return found

    def _alike(self, word: str) -> dict[str, float]:
        """The words of claims that a word may stand for, and what it is worth as each of them."""
        terms: dict[str, float] = {
            other: _COMPANY * nearness for other, nearness in relatives(word) if other in self._having
        }
        if len(word) >= _BEGINS:
            terms |= dict.fromkeys(self._beginning.get(word[:_BEGINS], ()), _BEGINNING)
        if word in self._having:
            terms[word] = 1.0
        return terms

    def _known(self, claim: Claim, words: frozenset[str], tagger: DraftTagger) -> _Known:
        read = tagger.tag(claim.paraphrase)
        modalities = frozenset(read.particular((*claim.modalities, *read.modalities)))
        outcomes = frozenset((*claim.outcomes, *claim.conditions, *read.outcomes, *read.conditions))
        numbers = _figures((n.value if n.value is not None else n.low or 0.0, n.unit) for n in claim.numbers)
        numbers |= _figures((n.low, n.unit) for n in find_numbers(claim.paraphrase))
        weight = sum(map(self._weight, words)) or 1.0
        subject = self._names((*modalities, *outcomes))
        return _Known(claim, words, weight, subject, modalities, outcomes, numbers, _denies(claim.paraphrase))

    def _names(self, tags: Iterable[str]) -> frozenset[str]:
        """The words of the labels of some tags."""
        return frozenset().union(*(self._labels.get(tag, frozenset()) for tag in tags))

    def _weight(self, word: str) -> float:
        if word in self._common:
            return _COMMON_WEIGHT
        count = self._counts.get(word)
        return math.log(1 + self._size / count) if count else math.log(1 + self._size) * _UNSEEN


def _says_alike(features: Mapping[str, float]) -> bool:
    """Whether more is shared than the names of a subject: "the ganglion helps" says nothing of its inflammation."""
    return features["said_words"] > 0 or features["number"] > 0 or features["of_claim"] >= _MOST


def _rank(claim: Claim) -> int:
    """The order in which claims are shown: the least favourable reading first, those without one last."""
    return claim.reading.rank if claim.reading else 99


def _words(text: str) -> list[str]:
    """The stems of a text, words of one meaning as one, "non-invasive" as one word; figures are compared apart."""
    same = one_word()
    joined = _NON.sub("non", text)
    return [same.get(token, token) for token in tokens(joined) if not token[0].isdigit() and token not in _COUNTS]


def _figures(numbers: Iterable[tuple[float, str]]) -> frozenset[str]:
    """Numbers with their units; a bare number or a year agrees with others by chance."""
    return frozenset(f"{value:g}{unit[:3]}" for value, unit in numbers if unit and unit[:4] != "year")


def _may_be(tags: SentenceTags, row: _Known) -> bool:
    """A sentence on one modality is not near a claim on another, nor one on 10 kHz stimulation near a claim on DTM."""
    named, others = set(tags.specific), set(row.modalities)
    if not named or not others:
        return True
    families = _families(named) & _families(others)
    return any(
        not (_kinds(family, named) and _kinds(family, others)) or bool(_kinds(family, named) & _kinds(family, others))
        for family in families
    )


def _denies(text: str) -> bool:
    """Whether a sentence says that something is not so: the reading of a claim says nothing of its opposite."""
    return sum(not _BESIDE.search(text[: found.start()]) for found in _DENIAL.finditer(text)) % 2 == 1


def _kinds(family: str, tags: set[str]) -> set[str]:
    return {tag for tag in tags if tag.startswith(f"{family}_")}


def _families(tags: set[str]) -> set[str]:
    return {tag.split("_")[0] for tag in tags}
