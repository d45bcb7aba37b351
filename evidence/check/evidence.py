"""What else a library holds beside what a sentence cites: reports that bear on it, stronger and newer evidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from evidence.bibliography.normal import words
from evidence.bibliography.sentences import sentences
from evidence.check.draft.tags import SentenceTags
from evidence.check.library_protocol import CheckLibrary, Found, ReportFacts
from evidence.check.result import EvidenceRow
from evidence.check.retrieval.likeness import Counted, count_words, likeness, name_start
from evidence.check.retrieval.ranking import BEARS, STOP, Document, Query, make_document, share_covered, tokens
from evidence.check.retrieval.stem import stem

# Words are looked up rarest first until their reports add up to this many: 5 ms a sentence, not 53, and no loss on
# SciFact against looking all of them up.
POSTINGS, FEWEST_WORDS = 8_000, 3
# "pain12" is a word with the number of a footnote, not a name: what so many reports have is not asked for by beginning.
COMMON = 1_000
CANDIDATES, COMPARED, SHOWN = 30, 20, 10
# How the candidates are put in order: likeness, and so much of the words covered (.3 to .8 do alike; figures and the
# best sentence add nothing to it).
COVERED = 0.3
# Of a report that was only searched for more is asked before it is said to bear: a score near the best one's. At .70
# precision among labelled reports is .92 at recall .69 (at .80 .92 at .67, and a seventh fewer reports are named).
BEARS_RANK = 0.70
# What a report that was only searched for must cover: less where it is on the sentence's modality, or its outcome too,
# for a lay sentence has few words of an abstract. Without a vocabulary's tags the first one holds.
BEARS_OF_TIER = (BEARS, 0.50, 0.35)
# A report must be of this level or better to be shown against a draft that cites nothing.
STRONG = 2
EVIDENCE_SHOWN = 3
# Reports looked at for stronger and newer evidence; designs that sum others up; the weakest level there is.
LOOKED_AT, REVIEWS, WEAKEST = 40, frozenset({"systematic_review", "guideline"}), 5
# A word that the library does not have weighs no more than one that five reports have.
UNSEEN_AS = 5


@dataclass(frozen=True, slots=True)
class Related:
    """A report that shares words or tags with a sentence; ``bears`` when it covers enough of it."""

    report: str
    title: str
    score: float
    bears: bool
    tier: int


@dataclass(frozen=True, slots=True)
class Glance:
    """A report taken apart quickly: all its tokens, how often it has each, and whether it has an abstract."""

    tokens: frozenset[str]
    counted: Counted
    abstract: bool


@dataclass(slots=True)
class Words:
    """How rare each word is in the library, and the reports that were taken apart for earlier sentences."""

    library: CheckLibrary
    size: int
    glances: dict[str, Glance] = field(default_factory=dict)

    def weight(self, token: str) -> float:
        """The idf of a stem or of a tag token (``#scs``)."""
        if token.startswith("#"):
            return 3.0
        count = self.library.document_frequency(token) or UNSEEN_AS
        return math.log((self.size - count + 0.5) / (count + 0.5) + 1) if self.size > count else 0.5

    def glance(self, report: str, title: str) -> Glance:
        """What is needed to put twenty candidates in order; the best of them are read properly afterwards."""
        if report not in self.glances:
            heading, abstract = tokens(title), tokens(" ".join(text for _, text in self.library.abstract(report)))
            counted = count_words(heading, abstract)
            self.glances[report] = Glance(frozenset(heading + abstract), counted, bool(abstract))
        return self.glances[report]

    def document(self, report: str, title: str) -> Document:
        """A report of the library, taken apart by sentence and section."""
        passages = [(section, s) for section, text in self.library.abstract(report) for s in sentences(text)]
        return make_document(report, title, passages)

    def rarest(self, text: str) -> list[str]:
        """The words to look up."""
        counted = [(self.library.document_frequency(stem(w)), w) for w in dict.fromkeys(words(text)) if w not in STOP]
        chosen: list[str] = []
        postings = 0
        for count, word in sorted((count, word) for count, word in counted if count):
            postings += count
            if len(chosen) >= FEWEST_WORDS and postings > POSTINGS:
                break
            chosen.append(word)
        starts = {start for start in map(name_start, words(text)) if start}
        return chosen + sorted(f"{start}*" for start in starts if self.library.document_frequency(stem(start)) < COMMON)


def related(text: str, query: Query, tags: SentenceTags, stock: Words) -> list[Related]:
    """Up to ten reports that bear on a sentence or come near: same modality and outcome first, then by words."""
    hits = stock.library.sharing_words(stock.rarest(text), CANDIDATES)
    if not hits:
        return []
    found = sorted(hits, key=lambda hit: (-_tier(tags, hit), -hit.score))[:COMPARED]
    glances = [stock.glance(hit.report, hit.title) for hit in found]
    alike = likeness(query.weights, stock.weight, [glance.counted for glance in glances])
    scored = []
    for hit, glance, score in zip(found, glances, alike, strict=True):
        share = share_covered(query, glance.tokens)
        score += COVERED * share
        bears = share >= BEARS_OF_TIER[_tier(tags, hit)] and glance.abstract  # a title alone bears on nothing
        scored.append(Related(hit.report, hit.title, round(score, 4), bears, _tier(tags, hit)))
    best_score = max(r.score for r in scored)
    scored = [replace(r, bears=r.bears and r.score >= BEARS_RANK * best_score) for r in scored]
    return sorted(scored, key=lambda r: (-r.tier, -r.score, r.report))[:SHOWN]


def _tier(tags: SentenceTags, hit: Found) -> int:
    """2: on a modality and an outcome of the sentence; 1: on a modality; 0: neither, or the sentence names none."""
    named = tags.specific
    if not named or hit.modalities.isdisjoint(named):
        return 0
    return 2 if tags.outcomes and not hit.outcomes.isdisjoint(tags.outcomes) else 1


@dataclass(frozen=True, slots=True)
class Beside:
    """Evidence on a sentence's modality and outcome: how many reports, and the strongest and newest of them."""

    modalities: tuple[str, ...]
    outcomes: tuple[str, ...]
    count: int
    strongest: tuple[ReportFacts, ...]

    def topic(self, labels: Mapping[str, str]) -> str:
        """The modality and outcome in words: ``spinal cord stimulation × sleep``."""
        facets = (self.modalities, self.outcomes)
        return " × ".join(" or ".join(_in_words(labels.get(tag, tag)) for tag in tags) for tags in facets if tags)


def beside(tags: SentenceTags, library: CheckLibrary) -> Beside:
    """What the library holds on a sentence's modality × outcome (any outcome when it names none)."""
    modalities = tuple(tags.specific or tags.modalities)
    # "It relieves pain" is a claim about relief and intensity: trials report one or the other.
    outcomes = tuple(dict.fromkeys((*tags.outcomes, *tags.alike)))
    if not modalities:
        return Beside((), outcomes, 0, ())
    specific = _narrowest(modalities)
    count = library.count_on(specific, outcomes)
    return Beside(
        specific, outcomes, count, tuple(library.evidence_on(specific, outcomes, EVIDENCE_SHOWN)) if outcomes else ()
    )


def _in_words(label: str) -> str:
    """A label within a sentence: ``Sleep`` → ``sleep``, ``TENS`` stays."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _narrowest(modalities: Sequence[str]) -> tuple[str, ...]:
    """A child tag says more than the parent that comes with it: ``scs_dtm`` without ``scs``."""
    return tuple(
        t for t in modalities if not any(other != t and other.startswith(f"{t}_") for other in modalities)
    ) or tuple(modalities)


def others_on(
    tags: SentenceTags, conditions: Collection[str], own: Collection[str], library: CheckLibrary,
    labels: Mapping[str, str],
) -> tuple[list[ReportFacts], str]:  # fmt: skip
    """Evidence beside what is cited on a sentence's modality × outcome × condition, and that topic in words.

    The strongest first, then the newest, and behind them reviews and guidelines of any outcome: their abstracts name
    few. ``conditions`` are the sentence's, or those of what it cites; a sentence may name no outcome.
    """
    modalities = tuple(tags.specific or tags.modalities)
    if not modalities:
        return [], ""
    modalities = _narrowest(modalities)
    outcomes = tuple(dict.fromkeys((*tags.outcomes, *tags.alike)))
    particular = [condition for condition in conditions if condition != tags.general_condition]
    ask = partial(library.evidence_beside, modalities, general=tags.general_condition, without=own, limit=LOOKED_AT)
    found = list(ask(outcomes=outcomes, conditions=particular))
    known = {facts.id for facts in found}
    found += [
        facts
        for facts in (ask(outcomes=(), conditions=particular) if outcomes else ())
        if facts.design in REVIEWS and facts.id not in known
    ]
    named = outcomes or tuple(particular)
    facets = " × ".join(" or ".join(_in_words(labels.get(t, t)) for t in tags) for tags in (modalities, named) if tags)
    return found, facets


def compare_with_cited(
    others: Sequence[ReportFacts], cited: Sequence[tuple[str, int | None, int | None]], what: str
) -> list[tuple[str, str]]:
    """``(code, message)`` for stronger or newer evidence among ``others`` on a topic (``what``).

    ``cited`` are ``(name, level, year)``.
    """
    if not others:
        return []
    if not cited:
        strong = [facts for facts in others if facts.evidence_level is not None and facts.evidence_level <= STRONG]
        if not strong:
            return []
        newest = max(strong, key=lambda facts: (facts.publication_date, facts.id))
        return [
            ("stronger-evidence", f"nothing is cited; on {what} the library holds {describe(strong[0])}"),
            ("newer-evidence", f"nothing is cited; the newest of the strongest on {what} is {describe(newest)}"),
        ]
    return _stronger(others, cited, what) + _newer(others, cited, what)


def _stronger(
    others: Sequence[ReportFacts], cited: Sequence[tuple[str, int | None, int | None]], what: str
) -> list[tuple[str, str]]:
    levels = [level for _, level, _ in cited if level is not None]
    best = next((facts for facts in others if facts.evidence_level is not None), None)
    if not levels or best is None or best.evidence_level is None or best.evidence_level >= min(levels):
        return []
    names = ", ".join(f"{name} (level {level if level is not None else 'not graded'})" for name, level, _ in cited)
    return [("stronger-evidence", f"beside {names}, on {what} the library holds {describe(best)}")]


def _newer(
    others: Sequence[ReportFacts], cited: Sequence[tuple[str, int | None, int | None]], what: str
) -> list[tuple[str, str]]:
    years = [year for _, _, year in cited if year]
    levels = [level for _, level, _ in cited if level is not None]
    newest = [
        facts
        for facts in others
        if years and facts.year and facts.year > max(years) and _as_good(facts, min(levels, default=WEAKEST))
    ]
    if not newest:
        return []
    latest = max(newest, key=lambda facts: (facts.publication_date, facts.id))
    names = ", ".join(name for name, _, _ in cited)
    return [("newer-evidence", f"since {names}, on {what} the library holds {describe(latest)}")]


def _as_good(facts: ReportFacts, level: int) -> bool:
    """Of this level or better; a review or guideline that is not graded counts where the cited is no review."""
    if facts.evidence_level is None:
        return facts.design in REVIEWS and level > 1
    return facts.evidence_level <= level


def describe(facts: ReportFacts) -> str:
    """One report in a line: what, when, how strong."""
    parts = [facts.design_label or facts.design or "a report"]
    if facts.sample_size:
        parts.append(f"n = {facts.sample_size:,}")
    if facts.evidence_level is not None:
        parts.append(f"level {facts.evidence_level}")
    return f"“{facts.title}” ({facts.year or 'no year'}; {', '.join(parts)}; {facts.id})"


def evidence_row(facts: ReportFacts) -> EvidenceRow:
    """A report as the JSON shows it beside a sentence."""
    return {
        "report": facts.id, "title": facts.title, "year": facts.year, "design": facts.design,
        "level": facts.evidence_level,
        "sample_size": facts.sample_size,
    }  # fmt: skip


Weight = Callable[[str], float]
