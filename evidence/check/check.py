"""Check a draft: sentence by sentence, what it leans on and what the library says that bears on it.

Pure: the library, the tagger, the ledger and PubMed's matcher are handed over. The program lines up and points; a
verdict is shown only where a maintainer gave one. The answer is the dict documented in docs/check.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from evidence.check.cited import Cited, Reader, cite
from evidence.check.consistency import contradictions
from evidence.check.draft.sentences import DraftSentence, draft_sentences
from evidence.check.draft.tags import DraftTagger, SentenceTags, Tagger, tag_sentences
from evidence.check.evidence import Words
from evidence.check.library_protocol import CheckLibrary
from evidence.check.numbers.numbers import Number, find_numbers
from evidence.check.reference_facts import reference_row
from evidence.check.retrieval.ledger_claims import ClaimIndex
from evidence.check.sentence_check import Asked, SentenceChecker
from evidence.ledger.ledger import Ledger
from evidence.references import FoundReference, find_references, pair_mentions, reference_sections
from evidence.references.types import OnlineMatcher

# "They concluded", "the Committee also reported": what the sentence before cited is still meant.
_STILL = re.compile(
    r"^(?:they|he|she|it|its|their|the (?:authors?|researchers?|investigators?|committee|team|group|study|trial|"
    r"review|guideline|registry|"
    r"results|findings|panel|experts?|scientists))\b|\b(?:the|these|this|those|that|their|both|"
    r"whose) (?:same )?(?:authors?|researchers?|"
    r"investigators?|committee|study|trial|review|guideline|registry|results|findings|panel|paper|report)\b",
    re.I,
)
_ATTRIBUTION = re.compile(
    r"\b(?:according to|as (?:reported|noted|shown|stated) (?:by|in)|(?:the )?(?:authors?|researchers?|committee|"
    r"study|trial)(?: also)? "
    r"(?:conclude[ds]?|report(?:s|ed)?|found|find|show(?:s|ed)?|stated?)(?: that)?|they (?:concluded|found|"
    r"reported)(?: that)?|indeed)\b",
    re.I,
)
_BODY = re.compile(r"\b(?:committee|panel|guideline|consensus)\b", re.I)


def check(
    text: str,
    library: CheckLibrary,
    tagger: Tagger | None,
    ledger: Ledger,
    online: OnlineMatcher | None = None,
    out_of_time: Callable[[], bool] | None = None,
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """Check a draft's text. ``out_of_time`` is asked before each sentence; the rest is then said not to be checked.

    ``notes`` (how the file was read) are passed on. Raises nothing for any text.
    """
    draft_tagger = DraftTagger(tagger)
    found = find_references(text)
    sentences = draft_sentences(text, _reference_stretches(text, found))
    tags = tag_sentences(sentences, draft_tagger)
    numbers = [_numbers(sentence, found) for sentence in sentences]
    cited, meant = cite(found, pair_mentions(found), library, ledger, online, draft_tagger.tokens)
    leans = _leaning(sentences, found, meant, cited)
    checker = SentenceChecker(
        library, Words(library, library.reference_count()), ClaimIndex(ledger, draft_tagger),
        Reader(library, ledger, draft_tagger.tokens), cited, draft_tagger.labels(),
    )  # fmt: skip
    rows = []
    for position, sentence in enumerate(sentences):
        late = out_of_time is not None and out_of_time()
        asked = Asked(sentence, _without_mentions(sentence, found), tags[position], numbers[position])
        rows.append(checker.row(asked, *leans[position], late=late))
    return {
        "text": text,
        "library": {"refreshed_at": library.refreshed_at(), "reports": library.reference_count()},
        "references": [reference_row(reference) for reference in cited],
        "sentences": rows,
        "warnings": [
            *_without_entries(sentences, found),
            *_document_warnings(text, sentences, tags, numbers, cited, rows, library),
        ],
        "notes": list(notes),
    }


def _reference_stretches(text: str, found: Sequence[FoundReference]) -> list[tuple[int, int]]:
    entries = [(reference.start, reference.end) for reference in found if reference.kind == "list"]
    return [*entries, *((start, end) for start, end in reference_sections(text))] if entries else []


def _numbers(sentence: DraftSentence, found: Sequence[FoundReference]) -> list[Number]:
    """The numbers of a claim, those of a citation left out ("In 2012, Rigoard et al." has none of its own)."""
    if not sentence.claim:
        return []
    inside = [
        (f.start - sentence.start, f.end - sentence.start)
        for f in found
        if f.end > sentence.start and f.start < sentence.end
    ]
    return [
        number
        for number in find_numbers(sentence.text)
        if not any(start <= number.start and number.end <= end for start, end in inside)
    ]


def _without_mentions(sentence: DraftSentence, found: Sequence[FoundReference]) -> str:
    """What the sentence says itself: "according to the Committee's 2014 guideline" is not in the guideline."""
    text = sentence.text
    for reference in found:
        if reference.kind != "list" and sentence.start <= reference.start and reference.end <= sentence.end:
            start, end = reference.start - sentence.start, reference.end - sentence.start
            text = text[:start] + " " * (end - start) + text[end:]
    return _ATTRIBUTION.sub(" ", text)


def _leaning(
    sentences: Sequence[DraftSentence],
    found: Sequence[FoundReference],
    meant: dict[int, list[int]],
    cited: Sequence[Cited],
) -> list[tuple[list[int], bool]]:
    """For each sentence the references it leans on, and whether they are only carried over from a sentence before."""
    mentions = [reference for reference in found if reference.kind != "list"]
    last: list[int] = []
    bodies: list[int] = []
    result: list[tuple[list[int], bool]] = []
    for sentence in sentences:
        here = [p for m in mentions if sentence.start <= m.start < sentence.end for p in meant.get(m.start, ())]
        here = list(dict.fromkeys(here))
        if here:
            last = here
            if _BODY.search(sentence.text) or any(_BODY.search(cited[p].found.text) for p in here):
                bodies = here
            result.append((here, False))
        elif sentence.claim and _STILL.search(sentence.text):
            carried = bodies if _BODY.search(sentence.text) and bodies else last
            result.append((list(carried), bool(carried)))
        else:
            if sentence.kind == "heading":
                last = []
            result.append(([], False))
    return result


def _without_entries(sentences: Sequence[DraftSentence], found: Sequence[FoundReference]) -> list[dict[str, Any]]:
    """Numbers that the text cites and the reference list has not."""
    listed = {reference.number for reference in found if reference.kind == "list"}
    warnings = []
    for mention in found:
        missing = [str(number) for number in mention.numbers if listed and number not in listed]
        if missing:
            places = [i for i, s in enumerate(sentences) if s.start <= mention.start < s.end]
            said = f"“{mention.text}”: the reference list has no {' and no '.join(missing)}"
            warnings.append(_warning("reference-not-found", said, places))
    return warnings


def _document_warnings(
    text: str, sentences: Sequence[DraftSentence], tags: Sequence[SentenceTags], numbers: Sequence[Sequence[Number]],
    cited: Sequence[Cited], rows: Sequence[dict[str, Any]], library: CheckLibrary,
) -> list[dict[str, Any]]:  # fmt: skip
    """What concerns the draft as a whole, with the sentences (positions) it stands in."""
    warnings: list[dict[str, Any]] = []
    if not text.strip():
        warnings.append(_warning("not-checked", "the draft is empty: nothing was checked"))
    elif not any(sentence.claim for sentence in sentences):
        warnings.append(_warning("not-checked", "no sentence makes a claim: only the references were looked at"))
    for contradiction in contradictions(sentences, tags, numbers):
        warnings.append(_warning("contradicts-itself", contradiction.message, contradiction.sentences))
    for reference, row in zip(cited, range(len(cited)), strict=True):
        leaning = [i for i, sentence in enumerate(rows) if row in sentence["references"]]
        shown = [w for w in reference_row(reference)["warnings"] if not leaning or w["code"] == "reference-ambiguous"]
        warnings += [_warning(w["code"], w["message"], leaning) for w in shown]
    if library.refreshed_at() is None:
        warnings.append(
            _warning(
                "not-checked",
                "the library was never refreshed from PubMed: retractions and newer reports are not known",
            )
        )
    return warnings


def _warning(code: str, message: str, sentences: Sequence[int] = ()) -> dict[str, Any]:
    return {"code": code, "message": message, "sentences": list(sentences)}
