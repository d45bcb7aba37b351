"""Which of a source's numbers the words of a draft fit: those said of one number, and not of the others beside it.

"Before surgery the score was 1.4" has the source's 1.4, but its words are those of the source's 4.3. Words count by how
few of the source's numbers they are said of; words of one meaning (``frames.yml``, ``same_meaning.yml``) count as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from evidence.check.numbers.frames import FindingFrame
from evidence.check.numbers.own_words import FRAMES_FILE
from evidence.check.retrieval.ranking import tokens
from evidence.check.retrieval.same_meaning import one_word
from evidence.rules import load_rules

# What a word is worth by where it stands: said of the number, in its clause, elsewhere in its sentence, or said of a
# neighbour of it.
OWN, CLAUSE, SENTENCE, NEIGHBOUR = 1.0, 0.6, 0.3, 0.1
# The same of a draft's words: those of its clause, and of another one.
IN_CLAUSE, OTHER_CLAUSE = 0.5, 0.25
# What a population, a time or a measure that both sides name is worth.
AGREES = {"population": 1.0, "time": 0.4, "measure": 0.4, "statistic": 0.5, "arm": 1.0}
# Populations that a writer may call alike.
_ENTERED = frozenset({"enrolled", "randomised", "treated"})
_PREFIX = 6


@lru_cache(maxsize=1)
def _meanings() -> dict[str, str]:
    """Stem → the stem that stands for all words of its meaning."""
    lists = load_rules(FRAMES_FILE).lists
    found = dict(one_word())
    for words in (*lists.get("same_thing", ()), *lists["same_arm"]):
        stems = [token for word in words for token in tokens(word)]
        for token in stems:
            found[token] = stems[0]
    return found


def meant(words: Iterable[str]) -> frozenset[str]:
    """Words as what they mean: one for all of a meaning, and those that begin alike."""
    same = _meanings()
    return frozenset(same.get(word, word)[:_PREFIX] for word in words if not word[0].isdigit())


def fits(draft: FindingFrame, candidates: Sequence[FindingFrame]) -> list[float]:
    """How well what a draft says of a number fits each of the source's candidates."""
    contexts = [_context(frame) for frame in candidates]
    held = Counter(word for context in contexts for word, worth in context.items() if worth > NEIGHBOUR)
    own, near, shared = (meant(words - draft.beside) for words in (draft.own, draft.near, draft.shared))
    said = (
        dict.fromkeys(shared, OTHER_CLAUSE) | dict.fromkeys(near, IN_CLAUSE if own else 1.0) | dict.fromkeys(own, 1.0)
    )
    rare = {word: worth * (1.0 - held[word] / (len(candidates) + 0.5)) for word, worth in said.items() if held[word]}
    return [
        sum(worth * context.get(word, 0.0) for word, worth in rare.items()) + _agreement(draft, frame)
        for context, frame in zip(contexts, candidates, strict=True)
    ]


def closeness(draft: Mapping[str, float], candidates: Sequence[Mapping[str, float]]) -> list[float]:
    """How near the draft's words stand to each of the source's candidates, each word by how few of them have it near.

    ``{word: closeness}`` on both sides, 1 beside the number and less with every word between.
    """
    said = _meant_near(draft)
    contexts = [_meant_near(words) for words in candidates]
    found = []
    for context in contexts:
        total = 0.0
        for word, near in said.items():
            if word in context:
                others = sum(other.get(word, 0.0) for other in contexts) / len(contexts)
                total += near * (context[word] - others)
        found.append(total)
    return found


def _meant_near(words: Mapping[str, float]) -> dict[str, float]:
    near: dict[str, float] = {}
    for word, worth in words.items():
        for meaning in meant([word]):
            near[meaning] = max(near.get(meaning, 0.0), worth)
    return near


def _context(frame: FindingFrame) -> dict[str, float]:
    """What each word of a source's sentence is worth for one of its numbers."""
    own, near, shared = meant(frame.own), meant(frame.near), meant(frame.shared)
    context = dict.fromkeys(shared, SENTENCE) | dict.fromkeys(near, CLAUSE if own else OWN)
    if own:
        context |= dict.fromkeys(meant(frame.beside) - own, NEIGHBOUR)
    return context | dict.fromkeys(own, OWN)


def _agreement(draft: FindingFrame, source: FindingFrame) -> float:
    total = 0.0
    for part, worth in AGREES.items():
        one, other = getattr(draft, part), getattr(source, part)
        if one and other:
            same = abs(one - other) <= 0.12 * max(one, other) if part == "time" else one == other
            same = same or {one, other} <= _ENTERED
            total += worth if same else -worth
    return total
