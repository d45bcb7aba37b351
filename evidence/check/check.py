"""Check a draft: sentence by sentence, what it leans on and what the library says that bears on it.

Pure: the library, the tagger, the ledger and PubMed's matcher are handed over. The program lines up and points; a
reading of a claim is shown only where people left one, as a draft until a named person has confirmed it. The answer is
a :class:`~evidence.check.result.CheckResult`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence

from evidence import limits
from evidence.check.cited import Cited, Reader, cite
from evidence.check.consistency import contradictions
from evidence.check.draft.lines import unwrapped
from evidence.check.draft.sentences import DraftSentence, draft_sentences
from evidence.check.draft.tags import DraftTagger, SentenceTags, Tagger, tag_sentences
from evidence.check.evidence import Words
from evidence.check.library_protocol import CheckLibrary
from evidence.check.numbers.numbers import Number, find_numbers
from evidence.check.reference_facts import reference_row
from evidence.check.result import CheckResult, DraftWarning, ReferenceRow, SentenceRow
from evidence.check.retrieval.ledger_claims import ClaimIndex
from evidence.check.sentence_check import Asked, SentenceChecker
from evidence.check.wording import ADVICE
from evidence.ledger.ledger import Ledger
from evidence.references import FoundReference, find_references, pair_mentions, reference_sections
from evidence.references.standing import PubMedRecords
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
_NO_TIME = "no time was left for this sentence"
_TOO_MANY = f"only the first {limits.CHECK_CLAIMS:,} claims of a draft are checked: check it in parts"
_PLACES = 20  # sentences named with a warning that concerns many
# No draft has so many blanks in a row; of them so many are kept.
_BLANKS, _KEPT = re.compile(r"\s{60,}"), 8
_BODY = re.compile(r"\b(?:committee|panel|guideline|consensus)\b", re.I)


def check(
    text: str,
    library: CheckLibrary,
    tagger: Tagger | None,
    ledger: Ledger,
    online: OnlineMatcher | None = None,
    out_of_time: Callable[[], bool] | None = None,
    notes: Sequence[str] = (),
    index: PubMedRecords | None = None,
    this_year: int | None = None,
) -> CheckResult:
    """Check a draft's text. ``out_of_time`` is asked before each step; the rest is then said not to be checked.

    ``notes`` (how the file was read) are passed on. With an ``index`` of PubMed it is said too where a reference stands
    that the library does not hold; ``this_year`` tells years that have not come. Offsets are into the answer's
    ``text``, which is the given one but for runs of sixty blanks and more, and for line ends that only a line's width
    made. Raises nothing for any text.
    """
    text = unwrapped(even_blanks(text))
    late = Deadline(out_of_time)
    draft_tagger = DraftTagger(tagger)
    found = find_references(text, late)
    mentions = [reference.start for reference in found if reference.kind != "list"]
    sentences = draft_sentences(text, _reference_stretches(text, found), mentions)
    tags = tag_sentences(sentences, draft_tagger, late)
    inside = _by_sentence(sentences, found)
    numbers = [[] if late() else _numbers(s, within) for s, within in zip(sentences, inside, strict=True)]
    cited, meant = cite(
        found, pair_mentions(found), library, ledger, online, draft_tagger.tokens, late, index, this_year
    )
    leans = _leaning(sentences, inside, meant, cited)
    checker = SentenceChecker(
        library, Words(library, library.reference_count()), ClaimIndex(ledger, draft_tagger),
        Reader(library, ledger, draft_tagger.tokens), cited, draft_tagger.labels(),
    )  # fmt: skip
    references = [reference_row(reference) for reference in cited]
    rows: list[SentenceRow] = []
    claims = 0
    for position, sentence in enumerate(sentences):
        claims += sentence.claim
        passed_over = _NO_TIME if late() else _TOO_MANY if claims > limits.CHECK_CLAIMS else ""
        asked = Asked(sentence, _without_mentions(sentence, inside[position]), tags[position], numbers[position])
        rows.append(checker.row(asked, *leans[position], passed_over=passed_over))
    return {
        "text": text,
        "library": {
            "refreshed_at": library.refreshed_at(),
            "reports": library.reference_count(),
            "pubmed_index": index.coverage() if index else None,
        },
        "references": references,
        "sentences": rows,
        "warnings": [
            *_passed_over(rows),
            *_without_entries(sentences, found),
            *_document_warnings(text, sentences, tags, numbers, references, rows, library, late),
        ],
        "notes": list(notes),
        "advice": ADVICE,
    }


class Deadline:
    """Whether the time is up: asked until it is, and remembered then."""

    def __init__(self, out_of_time: Callable[[], bool] | None):
        self._ask, self._late = out_of_time, False

    def __call__(self) -> bool:
        if self._ask is not None and not self._late:
            self._late = self._ask()
        return self._late


def even_blanks(text: str) -> str:
    """Without runs of blanks and empty lines that no draft has: a pattern for blanks would look through each again."""
    return _BLANKS.sub(_shorter, text)


def _shorter(blanks: re.Match[str]) -> str:
    lines = blanks.group().count("\n")
    return "\n" * min(lines, 2) + " " * (0 if blanks.group().endswith("\n") else _KEPT)


def _by_sentence(sentences: Sequence[DraftSentence], found: Sequence[FoundReference]) -> list[list[FoundReference]]:
    """For each sentence what of the references stands in it or reaches into it; both are in order."""
    result: list[list[FoundReference]] = []
    open_ones: list[FoundReference] = []
    following = 0
    for sentence in sentences:
        while following < len(found) and found[following].start < sentence.end:
            open_ones.append(found[following])
            following += 1
        open_ones = [reference for reference in open_ones if reference.end > sentence.start]
        result.append([reference for reference in open_ones if reference.start < sentence.end])
    return result


def _reference_stretches(text: str, found: Sequence[FoundReference]) -> list[tuple[int, int]]:
    entries = [(reference.start, reference.end) for reference in found if reference.kind == "list"]
    return [*entries, *((start, end) for start, end in reference_sections(text))] if entries else []


def _numbers(sentence: DraftSentence, found: Sequence[FoundReference]) -> list[Number]:
    """The numbers of a claim, those of a citation left out ("In 2012, Rigoard et al." has none of its own)."""
    if not sentence.claim:
        return []
    inside = [(f.start - sentence.start, f.end - sentence.start) for f in found]
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
    inside: Sequence[Sequence[FoundReference]],
    meant: dict[int, list[int]],
    cited: Sequence[Cited],
) -> list[tuple[list[int], bool]]:
    """For each sentence the references it leans on, and whether they are only carried over from a sentence before."""
    last: list[int] = []
    bodies: list[int] = []
    result: list[tuple[list[int], bool]] = []
    for sentence, within in zip(sentences, inside, strict=True):
        begun = [reference.start for reference in within if reference.kind != "list"]
        here = [p for start in begun if start >= sentence.start for p in meant.get(start, ())]
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


def _without_entries(sentences: Sequence[DraftSentence], found: Sequence[FoundReference]) -> list[DraftWarning]:
    """Numbers that the text cites and the reference list has not."""
    listed = {reference.number for reference in found if reference.kind == "list"}
    starts = [sentence.start for sentence in sentences]
    warnings = []
    for mention in found:
        missing = [str(number) for number in mention.numbers if listed and number not in listed]
        if missing:
            place = bisect_right(starts, mention.start) - 1
            places = [place] if place >= 0 and mention.start < sentences[place].end else []
            said = f"“{mention.text}”: the reference list has no {' and no '.join(missing)}"
            warnings.append(_warning("reference-not-found", said, places))
    return warnings


def _document_warnings(
    text: str, sentences: Sequence[DraftSentence], tags: Sequence[SentenceTags], numbers: Sequence[Sequence[Number]],
    references: Sequence[ReferenceRow], rows: Sequence[SentenceRow], library: CheckLibrary, late: Deadline,
) -> list[DraftWarning]:  # fmt: skip
    """What concerns the draft as a whole, with the sentences (positions) it stands in."""
    warnings: list[DraftWarning] = []
    if not text.strip():
        warnings.append(_warning("not-checked", "the draft is empty: nothing was checked"))
    elif not any(sentence.claim for sentence in sentences):
        warnings.append(_warning("not-checked", "no sentence makes a claim: only the references were looked at"))
    leans = [row["references"] for row in rows]
    for contradiction in contradictions(sentences, tags, numbers, leans, late):
        warnings.append(_warning("contradicts-itself", contradiction.message, contradiction.sentences))
    leaning_on: dict[int, list[int]] = defaultdict(list)
    for position, sentence in enumerate(rows):
        for row in sentence["references"]:
            leaning_on[row].append(position)
    for row, reference in enumerate(references):
        leaning = leaning_on.get(row, [])
        shown = [w for w in reference["warnings"] if not leaning or w["code"] == "reference-ambiguous"]
        warnings += [_warning(w["code"], w["message"], leaning) for w in shown]
    if library.refreshed_at() is None:
        warnings.append(
            _warning(
                "not-checked",
                "the library was never refreshed from PubMed: retractions and newer reports are not known",
            )
        )
    return warnings


def _passed_over(rows: Sequence[SentenceRow]) -> list[DraftWarning]:
    """How many claims were not checked, and why."""
    warnings = []
    for reason in (_NO_TIME, _TOO_MANY):
        places = [i for i, row in enumerate(rows) if row["not_checked"] == [reason]]
        if places:
            said = f"{len(places):,} of {sum(row['claim'] for row in rows):,} claims were not checked: {reason}"
            warnings.append(_warning("not-checked", said, places[:_PLACES]))
    return warnings


def _warning(code: str, message: str, sentences: Sequence[int] = ()) -> DraftWarning:
    return {"code": code, "message": message, "sentences": list(sentences)}
