"""Which sentences of a report bear on a sentence of a draft, and whether any does: words only, no verdict.

Words are compared by stem, each weighted by how rare it is in the library; a word that is missing may be covered in
part by a relative of it (``neurostimulators`` – ``neurostimulation``). The weights below were fitted on SciFact's
training claims and are checked there by cross-validation (``benchmarks/scifact.py``).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from evidence.bibliography.normal import plain
from evidence.check.retrieval.likeness import nearly_held
from evidence.check.retrieval.stem import stem

STOP = frozenset(
    "a an the of in on to for with by and or is are was were be been being has have had no not that this these "
    "those than"
    " from at as it its their they there between which can may do does did during after before into more most less "
    "also but"
    " such via who whose when where while will would should could we our he she his her you your i me my us them "
    "then so if"
    " about over under very just only other some any each both all many much how what why because however".split()
)
_WORD = re.compile(r"\w+")
# Words of fewer letters have one spelling ("hour", "wise").
_SPELLED = 6
_DIGRAPHS, _ISE, _OUR = (
    re.compile("ae|oe"),
    re.compile("is(e|ed|es|er|ers|ing|ation|ations)$"),
    re.compile("our(?=(?:s|ed|al|able)?$)"),
)
_CENTRE = re.compile("(cent|fib|lit|met|calib|theat)re(s?)$")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_CONCLUSION = re.compile(
    r"\s*(?:conclusions?|interpretation|in conclusion|in summary|together|taken together|collectively|significance|"
    r"overall|"
    r"these (?:results|findings|data|observations|studies)|our (?:results|findings|data|study|work)|this study|thus|"
    r"therefore|"
    r"hence|we conclude)\b",
    re.I,
)
_RESULT = re.compile(
    r"\b(?:we (?:show|found|find|demonstrate|report|identif\w+|observed|conclude)|(?:was|were|is|"
    r"are) (?:significantly |strongly |"
    r"also )?(?:associated|required|sufficient|necessary)|significant\w*|compared with|increas\w+|decreas\w+|"
    r"reduc\w+|higher|"
    r"lower|resulted in|led to|induc\w+|inhibit\w*|impair\w*|improv\w*|p ?[<=]|CI)\b",
    re.I,
)
_AIM = re.compile(
    r"\s*(?:objectives?|background|aims?|purpose|methods?|design|setting|participants|patients|main outcome|"
    r"introduction|"
    r"context|data sources|study|intervention|to )\b|\b(?:we (?:investigated|examined|assessed|aimed|sought|studied|"
    r"evaluated|"
    r"tested whether|used)|to (?:investigate|determine|assess|examine|evaluate)|remains? (?:unclear|unknown|poorly)|"
    r"(?:is|are) (?:not well|poorly|incompletely))\b",
    re.I,
)
# A relative shares its first four letters; how much of the longer word the two share must be above this.
_PREFIX, _RELATIVE = 4, 0.55
# Feature → weight. Fitted by logistic regression on which sentences of an evidence abstract are a rationale.
PASSAGE_WEIGHTS = {
    "new_to_title": 0.75, "term_frequency": 0.9, "relative": 1.15, "result": 0.85, "aim": -0.2, "conclusion": 0.25,
    "place": 2.35, "length": 0.8, "neighbour": -0.8, "rank": 0.55, "near_rank": 1.35,
}  # fmt: skip
# A report bears on a sentence when its title and abstract cover this share of the sentence's weighted words: precision
# .92 at recall .68 on SciFact's cited abstracts (.95 at .57 with 0.70).
BEARS = 0.64
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a report in place. ``section`` is background, methods, results, conclusions, facts or ``""``."""

    text: str
    section: str = ""
    tokens: tuple[str, ...] = ()


@dataclass(slots=True)
class Document:
    """A report's title and passages, taken apart once."""

    report: str
    title: tuple[str, ...]
    passages: Sequence[Passage]
    all_tokens: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Query:
    """A draft's sentence: its distinct tokens with their weights, and its figures."""

    weights: dict[str, float]
    total: float
    figures: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage's place in the document, its score, and the weighted share of the sentence's words it covers."""

    position: int
    score: float
    covered: float


@lru_cache(maxsize=131072)
def _token(word: str) -> str:
    """The stem of a word in lower case; ``""`` for one that means nothing alone."""
    return "" if word in STOP else stem(one_spelling(word))


def one_spelling(word: str) -> str:
    """A British spelling as the American one: ``anaesthesia`` → ``anesthesia``; a word that has only one stays "
    "alike."""
    if len(word) < _SPELLED or word.isascii() is False:
        return word
    word = _DIGRAPHS.sub("e", word)
    word = _ISE.sub(lambda m: f"iz{m.group(1)}", word)
    return _CENTRE.sub(lambda m: f"{m.group(1)}er{m.group(2)}", _OUR.sub("or", word))


def tokens(text: str) -> tuple[str, ...]:
    """Stems of a text in order, without the words that mean nothing alone."""
    return tuple(filter(None, map(_token, _WORD.findall(plain(text)))))


def make_document(
    report: str, title: str, passages: Iterable[tuple[str, str]], extra: Callable[[str], Iterable[str]] | None = None
) -> Document:
    """Take a report apart. ``passages`` are ``(section, sentence)``; ``extra`` adds tokens (tags) to each sentence."""
    parts = [Passage(text, section, tokens(text) + (tuple(extra(text)) if extra else ())) for section, text in passages]
    heading = tokens(title) + (tuple(extra(title)) if extra else ())
    return Document(report, heading, parts, frozenset(heading).union(*(part.tokens for part in parts)))


def make_query(text: str, weight: Callable[[str], float], extra: Iterable[str] = ()) -> Query:
    """Take a draft's sentence apart. ``weight`` says how rare a token is (its idf in the library)."""
    weights = {token: weight(token) for token in (*tokens(text), *extra)}
    return Query(weights, sum(weights.values()) or 1.0, frozenset(_DIGITS.findall(text)))


def covered(query: Query, document: Document) -> float:
    """The weighted share of the sentence's words that title and abstract hold, relatives counted in part: 0 to 1."""
    return share_covered(query, document.all_tokens)


def rank_passages(query: Query, document: Document) -> list[Ranked]:
    """The passages of a document, those that bear most on the sentence first."""
    if not document.passages:
        return []
    rows = _features(query, document)
    ranked = [
        Ranked(i, sum(weight * row[name] for name, weight in PASSAGE_WEIGHTS.items()), row["covered"])
        for i, row in enumerate(rows)
    ]
    return sorted(ranked, key=lambda r: (-r.score, r.position))


def passage_features(query: Query, document: Document) -> list[dict[str, float]]:
    """One row of features per passage, in order; what the weights were fitted on."""
    return _features(query, document)


def _features(query: Query, document: Document) -> list[dict[str, float]]:
    weights, total, count = query.weights, query.total, len(document.passages)
    title = frozenset(document.title)
    rows = []
    for position, passage in enumerate(document.passages):
        here = frozenset(passage.tokens)
        held = [token for token in weights if token in here]
        size = len(passage.tokens)
        frequency = Counter(passage.tokens)
        saturated = sum(
            weights[t] * 2.2 * frequency[t] / (frequency[t] + 1.2 * (0.25 + 0.75 * size / 18)) for t in held
        )
        rows.append(
            {
                "covered": share_covered(query, here),
                "new_to_title": sum(weights[t] for t in held if t not in title) / total,
                "term_frequency": saturated / total,
                **_manner(passage.text),
                "place": position / max(1, count - 1),
                "length": math.log(1 + size),
                "nearly": nearly_held(weights, here),
            }
        )
    best = max(row["covered"] for row in rows) or 1.0
    for position, row in enumerate(rows):
        around = [rows[i]["covered"] for i in (position - 1, position + 1) if 0 <= i < count]
        row["relative"], row["neighbour"] = row["covered"] / best, max(around, default=0.0)
    for name, by in (("rank", "covered"), ("near_rank", "nearly")):
        for place, row in enumerate(sorted(rows, key=lambda row: -row[by]), 1):
            row[name] = 1 / place
    return rows


@lru_cache(maxsize=8192)
def _manner(text: str) -> dict[str, float]:
    """How a sentence is put, whatever it is compared with: remembered, since each is compared with many."""
    return {
        "result": float(bool(_RESULT.search(text))),
        "aim": float(bool(_AIM.search(text))),
        "conclusion": float(bool(_CONCLUSION.match(text))),
    }


def share_covered(query: Query, here: frozenset[str]) -> float:
    """The weighted share of a sentence's words that a set of tokens holds, relatives counted in part."""
    held = 0.0
    missing = []
    for token, weight in query.weights.items():
        if token in here:
            held += weight
        elif len(token) >= _PREFIX:
            missing.append(token)
    starts = {token[:_PREFIX] for token in missing}
    kin = [token for token in here if token[:_PREFIX] in starts]
    if kin:
        held += sum(query.weights[token] * _relative(token, kin) for token in missing)
    return held / query.total


def _relative(token: str, others: Iterable[str]) -> float:
    """How close the nearest relative is: the shared beginning as a share of the longer word; 0 when below a half."""
    best = max((_common(token, other) / max(len(token), len(other)) for other in others), default=0.0)
    return best if best > _RELATIVE else 0.0


def _common(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
