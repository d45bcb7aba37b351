"""Was a modality studied, or only named? (guideline, Modalities 1-4)

Each modality found is described by a few facts (:func:`features`), each with a weight of ``weights.json``; above 0 it
was studied, else mentioned. The facts with the largest shares are the rule that is shown.
"""

from __future__ import annotations

from collections import defaultdict

from evidence.tagging.matching.literals import ABBREVIATION, MEASURE
from evidence.tagging.matching.matches import Hit
from evidence.tagging.sentences.roles import Sentences, times_named
from evidence.tagging.text.document import BACKGROUND, CONCLUSIONS, ELIGIBILITY, METHODS, OBJECTIVE, RESULTS, Document

STRONG = frozenset({MEASURE, ABBREVIATION})
TOLD = frozenset({METHODS, RESULTS})
TELLING = frozenset({OBJECTIVE, METHODS, RESULTS, CONCLUSIONS})
# Facts that decide alone; a kind of stimulation that only the background names is what the new one is set against.
VETOES = ("a plain word for a measurement", "all negated")
CHILD_VETOES = (*VETOES, "all in background")
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
    places = {hit.sentence for hit in hits}
    times = times_named(hits)
    in_title = any(hit.part is None for hit in hits)
    strong = any(hit.kind in STRONG for hit in hits)
    facts: dict[str, float] = {
        f"tag {tag}": 1,
        "title": in_title,
        "title names another": bool(titled - {tag}) and not in_title,
        "title only": in_title and not document.sections,
        "share of sentences": len(places) / max(1, len(document.sentences) - 1),
        "several sentences": min(len(places), 5) / 5,
        "named often": min(times, 8) / 8,
        "only once": times == 1 and not in_title,
        "a plain word for a measurement": weak_words
        and not strong
        and any("measuring" in sentences.cues[hit.sentence] for hit in hits),
        **_of_sentences(hits, by_sentence, sentences),
        **_of_all(hits, by_sentence, sentences, in_title),
    }
    return {name: float(value) for name, value in facts.items() if value}


def _of_sentences(hits: list[Hit], by_sentence: dict[int, set[str]], sentences: Sentences) -> dict[str, float]:
    """What the sentences that name a modality are for and say; those that name many only count as lists."""
    facts: dict[str, float] = defaultdict(float)
    for hit in hits:
        telling = hit.part is None or sentences.roles[hit.sentence] in TELLING
        if telling and sentences.near(hit.sentence, hit.start, hit.end, "versus", 30):
            facts["an arm"] = 1
        if hit.part is None:
            continue
        if len(by_sentence[hit.sentence]) >= LIST_OF:
            facts["listed"] = 1
            continue
        facts[f"in {sentences.roles[hit.sentence]}"] = 1
        prior = _prior(hit, sentences)
        if not prior and sentences.near(hit.sentence, hit.start, hit.end, "given", NEAR):
            facts["given"] = 1
            if sentences.roles[hit.sentence] in TOLD and sentences.number(hit.sentence):
                facts["given to people"] = 1
        if sentences.after(hit.sentence, hit.end, "result", NEAR) and not prior:
            facts["a finding of it"] = 1
        aimed = sentences.before(hit.sentence, hit.start, "aim", NEAR)
        if aimed or sentences.before(hit.sentence, hit.start, "versus", 30):
            facts["aimed at"] = 1
    return facts


def _of_all(
    hits: list[Hit], by_sentence: dict[int, set[str]], sentences: Sentences, in_title: bool
) -> dict[str, float]:
    """What holds of every place that names a modality."""
    prior = [_prior(hit, sentences) for hit in hits]
    silent = [before or sentences.roles[hit.sentence] == BACKGROUND for before, hit in zip(prior, hits, strict=True)]
    return {
        "all as prior treatment": all(prior),
        "all as an option": all(_option(hit, sentences, by_sentence) for hit in hits),
        "all negated": all(sentences.before(hit.sentence, hit.start, "negation", 8) for hit in hits),
        "all as a measurement": all("measuring" in sentences.cues[hit.sentence] for hit in hits),
        "all in background": not in_title and all(silent),
    }


def _prior(hit: Hit, sentences: Sentences) -> bool:
    if hit.part is None:
        return sentences.before(hit.sentence, hit.start, "prior", 30)
    place = hit.sentence
    if sentences.roles[place] == ELIGIBILITY or sentences.before(place, hit.start, "prior", 60):
        return True
    if "exclusion" not in sentences.cues[place]:
        return False
    return sentences.before(place, hit.start, "exclusion", 150) or sentences.after(place, hit.end, "exclusion", 60)


def _option(hit: Hit, sentences: Sentences, by_sentence: dict[int, set[str]]) -> bool:
    return hit.part is not None and (
        len(by_sentence[hit.sentence]) >= LIST_OF or "option" in sentences.cues[hit.sentence]
    )
