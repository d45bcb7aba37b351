"""The claims of the ledger that a sentence of a draft repeats; what people made of them is shown as theirs."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

from evidence.check.draft.tags import DraftTagger, SentenceTags
from evidence.check.numbers.numbers import Number, find_numbers
from evidence.check.retrieval.ranking import tokens
from evidence.ledger.ledger import Claim, Ledger

# Below this a claim only happens to share a word; less is enough with a number in common, least with the modality too;
# more is needed when the claim is on a modality that the sentence does not name. Read off the five source articles.
ENOUGH, ENOUGH_WITH_NUMBER, ENOUGH_WITH_BOTH, ENOUGH_OTHER_SUBJECT = 0.38, 0.25, 0.15, 0.45
SHOWN = 3
# "The dorsal root ganglion helps" and "the ganglion is inflamed" share a subject. A claim is alike when it shares a
# number, so many words that name no subject, or nearly everything.
_WORDS_ALIKE, _NEARLY_ALL = 2, 0.6
# A number in common says more than a word.
_NUMBER_WEIGHT = 4.0
# "Does not rely on", "few people": the sentence says the opposite. "Pain that is not severe" does not.
_DENIAL = re.compile(
    r"(?<!that )(?<!which )\b(?:do|does|did|is|are|was|were|can|will|has|have|need|should)(?: not\b|n['\u2019]t\b)"
    r"|\b(?:cannot|never|rarely|hardly)\b|^few\b",
    re.IGNORECASE,
)
# Words that every claim of this subject has, whatever it says.
_COMMON = frozenset(tokens("pain patient treatment people study studies chronic neuromodulation stimulation therapy"))


@dataclass(frozen=True, slots=True)
class Near:
    """A reviewed claim and how near it is, 0 to 1. ``alike``: it says more of the same than the same subject."""

    claim: Claim
    similarity: float
    alike: bool = True


class ClaimIndex:
    """The claims of a ledger, taken apart once."""

    def __init__(self, ledger: Ledger, tagger: DraftTagger):
        self._rows = [(claim, self._claim_terms(claim, tagger)) for claim in ledger.claims]
        counts = Counter(term for _, terms in self._rows for term in terms)
        size = max(1, len(self._rows))
        self._weights = {term: math.log(1 + size / count) for term, count in counts.items()}
        self._rare = math.log(1 + size)
        self._subjects = _subject_words(tagger)
        self._norms = [math.sqrt(sum(self._weight(t) ** 2 for t in terms)) or 1.0 for _, terms in self._rows]

    def nearest(self, text: str, tags: SentenceTags, numbers: list[Number]) -> list[Near]:
        """The claims that are near enough, the nearest first, at most :data:`SHOWN`."""
        own = _terms(text, tags.tokens(), numbers)
        norm = math.sqrt(sum(self._weight(term) ** 2 for term in own)) or 1.0
        found = []
        for (claim, terms), claim_norm in zip(self._rows, self._norms, strict=True):
            if claim.kind == "citation" or not _may_be(tags, claim) or _denies(text) != _denies(claim.paraphrase):
                continue
            shared = own & terms
            similarity = sum(self._weight(term) ** 2 for term in shared) / (norm * claim_norm)
            if similarity >= _enough(tags, claim, shared):
                alike = similarity >= _NEARLY_ALL or self._says_alike(shared, own | terms)
                found.append(Near(claim, round(similarity, 3), alike))
        return sorted(found, key=lambda near: (-near.similarity, near.claim.id))[:SHOWN]

    def _says_alike(self, shared: frozenset[str], either: frozenset[str]) -> bool:
        """Whether what is shared goes beyond the names of a modality, outcome or condition of either."""
        subjects = frozenset().union(*(self._subjects.get(term, frozenset()) for term in either))
        said = [term for term in shared if term[0] not in "#=" and term not in _COMMON and term not in subjects]
        return len(said) >= _WORDS_ALIKE or any(term.startswith("=") for term in shared)

    def _weight(self, term: str) -> float:
        if term.startswith("="):
            return _NUMBER_WEIGHT
        if term in _COMMON:
            return 0.5
        return self._weights.get(term, self._rare * 0.7)

    @staticmethod
    def _claim_terms(claim: Claim, tagger: DraftTagger) -> frozenset[str]:
        tags = [f"#{tag}" for tag in (*claim.modalities, *claim.outcomes, *claim.conditions)]
        read = tagger.tag(claim.paraphrase).tokens()
        return _terms(claim.paraphrase, [*tags, *read], find_numbers(claim.paraphrase)) | {
            f"={n.value if n.value is not None else n.low:g}{n.unit[:3]}" for n in claim.numbers
        }


def _subject_words(tagger: DraftTagger) -> dict[str, frozenset[str]]:
    """Tag token (``#drg``) → the words of the tag's label."""
    return {f"#{tag}": frozenset(tokens(label)) for tag, label in tagger.labels().items()}


def _terms(text: str, tags: list[str], numbers: list[Number]) -> frozenset[str]:
    figures = {f"={number.low:g}{number.unit[:3]}" for number in numbers}
    return frozenset({token for token in tokens(text) if not token[0].isdigit()} | set(tags) | figures)


def _may_be(tags: SentenceTags, claim: Claim) -> bool:
    """A sentence on one modality is not near a claim on another, nor one on 10 kHz stimulation near a claim on DTM."""
    specific = set(tags.specific)
    others = set(tags.particular(claim.modalities))
    if not specific or not others:
        return True
    families = _families(specific) & _families(others)
    return any(
        not (_kinds(family, specific) and _kinds(family, others))
        or bool(_kinds(family, specific) & _kinds(family, others))
        for family in families
    )


def _enough(tags: SentenceTags, claim: Claim, shared: frozenset[str]) -> float:
    named = set(tags.specific)
    subject = set(tags.particular(claim.modalities))
    if any(term.startswith("=") for term in shared):
        return ENOUGH_WITH_BOTH if _families(named) & _families(subject) else ENOUGH_WITH_NUMBER
    return ENOUGH_OTHER_SUBJECT if subject and not named else ENOUGH


def _denies(text: str) -> bool:
    """Whether a sentence says that something is not so: the reading of a claim says nothing of its opposite."""
    return len(_DENIAL.findall(text)) % 2 == 1


def _kinds(family: str, tags: set[str]) -> set[str]:
    return {tag for tag in tags if tag.startswith(f"{family}_")}


def _families(tags: set[str]) -> set[str]:
    return {tag.split("_")[0] for tag in tags}
