"""Was a condition that of the people studied, or named in passing? (guideline, Conditions)

As for modalities: facts by name, weights of ``weights.json``, shown as the rule.
"""

from __future__ import annotations

import re
from collections import defaultdict

from evidence.tagging.matching.matches import Hit
from evidence.tagging.sentences.roles import Sentences, times_named
from evidence.tagging.text.document import BACKGROUND, ELIGIBILITY, Document

NEAR = 40
SEVERAL = 3  # conditions in one sentence that make a list
# "6 with phantom limb pain", "12 patients had"
_COUNTED = re.compile(r"\d\)?,? (?:\w+ )?(?:with|had|of|for|suffer\w+)(?: \w+)?(?: \w+)? $")

_FOR = re.compile(r"\b(?:for|treat|treating|manage|control) (?:the )?(?:\w+ )?$")  # "baclofen for severe"


def features(
    tag: str,
    hits: list[Hit],
    document: Document,
    sentences: Sentences,
    titled: set[str],
    listed: set[int],
    kind: str = "",
) -> dict[str, float]:
    """The facts about one condition of a record, by name; absent is 0. ``titled`` are the conditions of the title,
    ``listed`` the sentences that name several, ``kind`` the kind of text (:func:`.outcome.kind`).

    A plan, a review or a recommendation is about all that it lists; only who may take part in a study is no finding.
    """
    quiet = (BACKGROUND,) if kind else (BACKGROUND, ELIGIBILITY)
    facts: dict[str, float] = defaultdict(float)
    facts[f"tag {tag}"] = 1
    in_title = any(hit.part is None for hit in hits)
    facts["title"] = in_title
    facts["title names another"] = bool(titled - {tag}) and not in_title
    facts["title names none"] = not titled
    facts["title only"] = in_title and not document.sections
    places, times = {hit.sentence for hit in hits}, times_named(hits)
    facts["several sentences"] = min(len(places), 4) / 4
    facts["named often"] = min(times, 6) / 6
    for hit in hits:
        if hit.part is None:
            continue
        cues = sentences.cues[hit.sentence]
        facts[f"in {sentences.roles[hit.sentence]}"] = 1
        if kind:
            facts[f"in {sentences.roles[hit.sentence]} {kind}"] = 1
        if hit.sentence in listed and sentences.roles[hit.sentence] not in quiet:
            facts[f"one of several {kind}".rstrip()] = 1
        for name in ("aim", "harm", "method", "result"):
            if name in cues:
                facts[f"beside {name}"] = 1
        if sentences.before(hit.sentence, hit.start, "people", NEAR):
            facts["people with it"] = 1
        if _COUNTED.search(document.part(hit.part).lower, max(0, hit.start - 30), hit.start):
            facts["counted"] = 1
        if _FOR.search(document.part(hit.part).lower, max(0, hit.start - 30), hit.start):
            facts["for it"] = 1
        if sentences.before(hit.sentence, hit.start, "example", 60):
            facts["as an example"] = 1
        if sentences.before(hit.sentence, hit.start, "purpose", 12):
            facts["treatment of it"] = 1
    facts["all negated or excluded"] = all(
        sentences.before(h.sentence, h.start, "negation", 12) or sentences.before(h.sentence, h.start, "exclusion", 150)
        for h in hits
    )
    facts["all beside harm"] = all("harm" in sentences.cues[h.sentence] for h in hits)
    facts["all in background"] = not in_title and all(sentences.roles[h.sentence] in quiet for h in hits)
    facts["only once"] = times == 1 and not in_title
    facts["only in the last sentence"] = not in_title and places == {len(document.sentences) - 1}
    return {name: float(value) for name, value in facts.items() if value}
