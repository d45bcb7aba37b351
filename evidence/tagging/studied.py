"""Was a modality studied, or only named? (guideline, Modalities 1-4)

Each modality found is described by a few facts (:func:`features`), each with a weight of ``weights.json``; above 0 it
was studied, else mentioned. The facts with the largest shares are the rule that is shown.
"""

from __future__ import annotations

from collections import defaultdict

from evidence.tagging.automaton import ABBREVIATION, MEASURE
from evidence.tagging.matching import Hit
from evidence.tagging.roles import Sentences
from evidence.tagging.text import BACKGROUND, CONCLUSIONS, ELIGIBILITY, METHODS, OBJECTIVE, RESULTS, Document

STRONG = frozenset({MEASURE, ABBREVIATION})
TELLING = frozenset({OBJECTIVE, METHODS, RESULTS, CONCLUSIONS})
# Facts that decide alone; a kind of stimulation that only the background names is what the new one is set against.
VETOES = ("a plain word for a measurement", "all negated")
CHILD_VETOES = (*VETOES, "all in background")
UNSPECIFIED = "neuromod_unspecified"
LIST_OF = 3  # so many different modalities in one sentence are a list
NEAR = 45  # characters between a modality and the word that says what became of it


def features(
    tag: str,
    hits: list[Hit],
    by_sentence: dict[int, set[str]],
    document: Document,
    sentences: Sentences,
    titled: set[str],
    weak_words: bool = False,
) -> dict[str, float]:
    """The facts about one modality of a record, by name; absent is 0. ``titled`` are the modalities of the title.

    ``weak_words`` says that the tag's plain terms also name a measurement (``measures`` are its therapies).
    """
    facts: dict[str, float] = defaultdict(float)
    total = max(1, len(document.sentences) - 1)
    places = {hit.sentence for hit in hits}
    in_title = any(hit.part is None for hit in hits)
    facts["title"] = in_title
    facts["title names another"] = bool(titled - {tag}) and not in_title
    facts["title only"] = in_title and not document.sections
    facts["share of sentences"] = len(places) / total
    facts["several sentences"] = min(len(places), 5) / 5
    facts["named often"] = min(len(hits), 8) / 8
    abstract = [hit for hit in hits if hit.part is not None]
    for hit in abstract:
        role, cues = sentences.roles[hit.sentence], sentences.cues[hit.sentence]
        others = len(by_sentence[hit.sentence])
        listed = others >= LIST_OF
        facts["listed" if listed else f"in {role}"] = 1
        if listed:
            continue
        for name in ("aim", "versus", "recommendation", "result", "given"):
            if name in cues:
                facts[f"beside {name}"] = 1
        if "given" in cues and sentences.near(hit.sentence, hit.start, hit.end, "given", NEAR):
            facts["given"] = 1
        if sentences.before(hit.sentence, hit.start, "aim", NEAR) or sentences.before(
            hit.sentence, hit.start, "versus", 30
        ):
            facts["aimed at"] = 1
    facts["all as prior treatment"] = bool(hits) and all(_prior(hit, sentences) for hit in hits)
    facts["all as an option"] = bool(hits) and all(_option(hit, sentences, by_sentence) for hit in hits)
    facts["an arm"] = any(
        (hit.part is None or sentences.roles[hit.sentence] in TELLING)
        and sentences.near(hit.sentence, hit.start, hit.end, "versus", 30)
        for hit in hits
    )
    facts["all negated"] = bool(hits) and all(sentences.before(h.sentence, h.start, "negation", 8) for h in hits)
    facts["all as a measurement"] = bool(hits) and all("measuring" in sentences.cues[h.sentence] for h in hits)
    facts["all in background"] = not in_title and all(
        sentences.roles[h.sentence] in (BACKGROUND, ELIGIBILITY) or _prior(h, sentences) for h in hits
    )
    strong = any(hit.kind in STRONG for hit in hits)
    facts["a plain word for a measurement"] = (
        weak_words and not strong and any("measuring" in sentences.cues[h.sentence] for h in hits)
    )
    facts["only once"] = len(hits) == 1 and not in_title
    return {name: float(value) for name, value in facts.items() if value}


def _prior(hit: Hit, sentences: Sentences) -> bool:
    if hit.part is None:
        return sentences.before(hit.sentence, hit.start, "prior", 30)
    return sentences.roles[hit.sentence] == ELIGIBILITY or sentences.before(hit.sentence, hit.start, "prior", 60)


def _option(hit: Hit, sentences: Sentences, by_sentence: dict[int, set[str]]) -> bool:
    return hit.part is not None and (
        len(by_sentence[hit.sentence]) >= LIST_OF or "option" in sentences.cues[hit.sentence]
    )
