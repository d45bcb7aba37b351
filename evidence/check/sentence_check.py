"""One sentence of a draft against its references, the library and the reviewed claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evidence import limits
from evidence.check.cited import ABSTRACT, LEDGER, Cited, Reader, Reading, source_level
from evidence.check.draft.hedges import Tone, dropped, tone
from evidence.check.draft.sentences import DraftSentence, asserts_effect, needs_source
from evidence.check.draft.tags import SentenceTags
from evidence.check.evidence import Words, beside, compare_with_cited, evidence_row, others_on, related
from evidence.check.library_protocol import CheckLibrary
from evidence.check.numbers.alignment import ABSENT, DIFFERS, MATCH, OTHER_ROLE, LinedUp, SourceNumber, line_up
from evidence.check.numbers.numbers import Number
from evidence.check.numbers.tables import YEAR
from evidence.check.reference_facts import reference_warnings
from evidence.check.registry import registry_warnings
from evidence.check.result import ClaimRow, Finding, ReferenceFinding, RelatedRow, SentenceRow
from evidence.check.retrieval.ledger_claims import ClaimIndex, Near
from evidence.check.retrieval.ranking import BEARS, SHOWN, Query, Ranked, covered, make_query, rank_passages
from evidence.check.rows import (
    BEARS_ON,
    NO_REFERENCE,
    NOT_CHECKED,
    NOT_FOUND,
    NOTHING_BEARS,
    bears_by_numbers,
    claim_warnings,
    finding,
    first,
    in_place,
    lined_row,
    not_checked,
    number_row,
    number_warnings,
    numbers_together,
    reading_of,
    with_numbers,
)
from evidence.check.warnings import Warning_
from evidence.ledger.ledger import Claim

# The source sentence must say the same before a dropped hedge is worth a word.
_SAME_SUBJECT = 0.30
# A fact of the ledger is short: it bears when it alone covers this share of the sentence.
_FACT_BEARS = 0.30
# Of a reference that is only carried over from the sentence before these are not said again.
_SAID_ONCE = frozenset({"not-checked", "reference-ambiguous", "reference-not-found", "reference-differs", "same-study"})
# Claims for which stronger evidence means something; a device's parts are not a matter of evidence levels.
_GRADED_KINDS = frozenset({"efficacy", "safety", "indication"})
_RANK = {MATCH: 0, OTHER_ROLE: 1, DIFFERS: 2, ABSENT: 3}
# Sentences shown of each source of a reviewed claim, and of all of them.
_OF_EACH, _OF_ALL = 2, 4
_WEAK = 3  # against no source at all, a randomised trial or better is worth a word


@dataclass(frozen=True, slots=True)
class Asked:
    """A sentence of a draft made ready: ``words`` is its text without the mentions of its sources."""

    sentence: DraftSentence
    words: str
    tags: SentenceTags
    numbers: list[Number]


class SentenceChecker:
    """Checks the sentences of one draft; what was read for one is kept for the next."""

    def __init__(
        self, library: CheckLibrary, stock: Words, claims: ClaimIndex, reader: Reader, cited: Sequence[Cited],
        labels: Mapping[str, str],
    ):  # fmt: skip
        self._library, self._stock, self._claims, self._reader, self._cited = library, stock, claims, reader, cited
        self._labels = labels

    def row(self, asked: Asked, references: list[int], carried: bool, passed_over: str = "") -> SentenceRow:
        """The sentence as the JSON shows it. ``passed_over``: why it is not checked."""
        sentence, tags = asked.sentence, asked.tags
        row: SentenceRow = {
            "text": sentence.text, "start": sentence.start, "end": sentence.end, "kind": sentence.kind,
            "claim": sentence.claim,
            "modalities": tags.modalities, "outcomes": tags.outcomes, "conditions": tags.conditions,
            "inherited_modalities": tags.inherited, "direction": tags.direction, "hedges": [], "absolutes": [],
            "references": references, "references_carried_over": carried, "finding": NO_REFERENCE, "bears": [],
            "numbers": [], "by_reference": [], "related": [], "evidence": [], "reports_on_this": 0, "topic": "",
            "claims": [],
            "not_checked": [], "warnings": [],
        }  # fmt: skip
        if sentence.claim and passed_over:
            row["finding"] = NOT_CHECKED
            row["not_checked"] = [passed_over]
            row["warnings"] = [Warning_("not-checked", passed_over).as_dict()]
        elif sentence.claim:
            compared = references[: limits.CHECK_REFERENCES_OF_A_SENTENCE]
            years = {year for i in compared for year in self._cited[i].years()}
            own = [n for n in asked.numbers if n.dimension != YEAR or int(n.value) not in years]  # the paper's own year
            asked = replace(asked, numbers=own)
            numbers = asked.numbers[: limits.CHECK_NUMBERS_OF_A_SENTENCE]
            self._fill(row, replace(asked, numbers=numbers), [self._cited[i] for i in compared])
            if len(references) > len(compared):
                row["not_checked"].append(f"{len(compared)} of its {len(references)} references were compared")
            if len(asked.numbers) > len(numbers):
                row["not_checked"].append(f"{len(numbers)} of its {len(asked.numbers)} numbers were lined up")
        return row

    def _fill(self, row: SentenceRow, asked: Asked, cited: list[Cited]) -> None:
        sentence, tags, numbers = asked.sentence, asked.tags, asked.numbers
        query = make_query(asked.words, self._stock.weight, tags.tokens())
        plain = make_query(asked.words, self._stock.weight)
        ranked = [rank_passages(query, c.reading.document)[:SHOWN] if c.reading.document else [] for c in cited]
        said = tone(sentence.text)
        row["hedges"], row["absolutes"] = list(said.hedges), list(said.absolutes)
        near = self._claims.nearest(sentence.text, tags, numbers)
        row["claims"] = [self._claim_row(n, query, asked) for n in near]
        row["by_reference"] = [
            self._against(c, query, plain, asked, nearest) for c, nearest in zip(cited, ranked, strict=True)
        ]
        row["related"] = self._related(asked.words, plain, tags)
        around = beside(tags, self._library)
        row["reports_on_this"], row["topic"] = around.count, around.topic(self._labels)
        row["evidence"] = [evidence_row(facts) for facts in around.strongest]
        row["finding"] = finding(row["by_reference"])
        row["bears"] = first(r["bears"] for r in row["by_reference"]) or first(
            r["sentences"] for r in row["related"] if r["bears"]
        )
        row["numbers"] = numbers_together(numbers, row["by_reference"], row["claims"])
        row["not_checked"] = not_checked(cited, around.modalities, around.outcomes)
        warnings = [
            *self._source_warnings(row, sentence, cited), *self._wording(said, cited, ranked), *number_warnings(row),
            *self._evidence_warnings(sentence, near, tags, cited), *claim_warnings(near),
            *registry_warnings(sentence.text, numbers, cited, self._library),
        ]  # fmt: skip
        row["warnings"] = list({(w.code, w.message): w.as_dict() for w in warnings}.values())

    def _against(
        self, cited: Cited, query: Query, plain: Query, asked: Asked, ranked: Sequence[Ranked]
    ) -> ReferenceFinding:
        """What one reference says about the sentence."""
        reading = cited.reading
        row: ReferenceFinding = {
            "reference": cited.position,
            "finding": NOT_FOUND,
            "bears": [],
            "numbers": [],
            "read_from": reading.basis,
        }
        if reading.document is None:
            row["finding"] = NOT_CHECKED if cited.known or not cited.resolution.looked_up else NOT_FOUND
            row["numbers"] = [number_row(number, NOT_CHECKED) for number in asked.numbers]
            return row
        row["finding"] = self._bearing(query, plain, reading, ranked)
        row["nearest"] = in_place(reading, ranked)
        row["note"] = reading.note or None
        row["numbers"] = [lined_row(lined, reading) for lined in self._line_up(asked, reading.numbers)]
        if cited.one_of_several:  # the other paper of that name may have it
            row["numbers"] = [
                lined if lined["finding"] == MATCH else number_row(number, NOT_CHECKED)
                for lined, number in zip(row["numbers"], asked.numbers, strict=True)
            ]
        if bears_by_numbers(reading, ranked, row["numbers"]):
            row["finding"] = BEARS_ON
        row["bears"] = with_numbers(reading, ranked, row["numbers"]) if row["finding"] == BEARS_ON else []
        return row

    @staticmethod
    def _bearing(query: Query, plain: Query, reading: Reading, ranked: Sequence[Ranked]) -> Finding:
        """Whether what was read bears on the sentence, by words alone or by words and tags.

        The maintainers' facts are a few lines of a paper: where they do not bear, the paper was not checked.
        """
        assert reading.document is not None
        if max(covered(query, reading.document), covered(plain, reading.document)) >= BEARS:
            return BEARS_ON
        if reading.basis != LEDGER:
            return NOTHING_BEARS
        return BEARS_ON if any(r.covered >= _FACT_BEARS for r in ranked) else NOT_CHECKED

    def _line_up(self, asked: Asked, sources: Sequence[SourceNumber]) -> list[LinedUp]:
        return line_up(asked.sentence.text, asked.numbers, sources, self._stock.weight)

    def _line_up_in_order(self, asked: Asked, sources: Sequence[Sequence[SourceNumber]]) -> list[LinedUp]:
        """Each number beside the first source that has it; else the first that has another; the order is a person's."""
        together = [self._line_up(asked, numbers) for numbers in sources]
        return [min(same, key=lambda one: _RANK[one.finding]) for same in zip(*together, strict=True)]

    def _claim_row(self, near: Near, query: Query, asked: Asked) -> ClaimRow:
        """A claim of the ledger with its reading, and what its sources say about this sentence."""
        claim = near.claim
        readings = [self._reader.read_source(source) for source in claim.source_roles()]
        lined = self._line_up_in_order(asked, [reading.numbers for reading in readings if reading.numbers])
        by_report = {reading.report: reading for reading in readings}
        documents = [
            (reading, ranked)
            for reading in readings
            if reading.document
            for ranked in rank_passages(query, reading.document)[:_OF_EACH]
        ]
        documents.sort(key=lambda pair: -pair[1].covered)
        return {
            "id": claim.id, "paraphrase": claim.paraphrase, **reading_of(claim.reading),
            "support": self._library.support(claim.id),
            "flags": list(claim.flags), "similarity": near.similarity, "alike": near.alike,
            "sources": list(claim.source_roles()),
            "bears": [row for reading, ranked in documents[:_OF_ALL] for row in in_place(reading, [ranked])],
            "numbers": [lined_row(one, by_report.get(one.source.report) if one.source else None) for one in lined],
        }  # fmt: skip

    def _related(self, text: str, query: Query, tags: SentenceTags) -> list[RelatedRow]:
        rows: list[RelatedRow] = []
        for hit in related(text, query, tags, self._stock):
            document = self._stock.document(hit.report, hit.title) if hit.bears else None
            shown = rank_passages(query, document)[:SHOWN] if document else []
            facts = self._library.facts(hit.report)
            reading = Reading(hit.report, ABSTRACT, "", document)
            rows.append(
                {
                    "report": hit.report, "title": hit.title, "year": facts.year if facts else None,
                    "level": facts.evidence_level if facts else None, "score": hit.score, "bears": hit.bears,
                    "same_topic": hit.tier, "sentences": in_place(reading, shown),
                }
            )  # fmt: skip
        return rows

    def _source_warnings(self, row: SentenceRow, sentence: DraftSentence, cited: list[Cited]) -> list[Warning_]:
        if cited:
            carried = row["references_carried_over"]
            warnings = [warning for c in cited for warning in reference_warnings(c)]
            return [w for w in warnings if not (carried and w.code in _SAID_ONCE)]
        if needs_source(sentence.text, bool(row["numbers"])):
            return [Warning_("no-reference", "no source is named for this")]
        return []

    @staticmethod
    def _wording(said: Tone, cited: list[Cited], nearest: Sequence[Sequence[Ranked]]) -> list[Warning_]:
        warnings = []
        if said.absolutes:
            warnings.append(Warning_("absolute-claim", f"no room for doubt: {', '.join(said.absolutes)}"))
        for reference, found in zip(cited, nearest, strict=True):
            document = reference.reading.document
            for ranked in found:
                text = document.passages[ranked.position].text if document else ""
                lost = dropped(said, text) if ranked.covered >= _SAME_SUBJECT else ()
                if lost:
                    warnings.append(Warning_("hedge-dropped", f"{reference.name} says “{', '.join(lost)}”: {text}"))
        return warnings

    def _evidence_warnings(
        self, sentence: DraftSentence, near: Sequence[Near], tags: SentenceTags, cited: list[Cited]
    ) -> list[Warning_]:
        own = {c.facts.id for c in cited if c.facts}
        named = [(c.name, c.level, c.year) for c in cited if c.known]
        if cited and not named:
            return []
        warnings: list[Warning_] = []
        if tags.outcomes or (cited and (tags.direction or asserts_effect(sentence.text))):
            conditions = tags.conditions or {c for report in own for c in self._library.conditions(report)}
            others, what = others_on(tags, conditions, own, self._library, self._labels)
            warnings = [Warning_(*pair) for pair in compare_with_cited(others, named, what)]
        graded = [n.claim for n in near if n.alike and n.claim.kind in _GRADED_KINDS]
        graded = [claim for claim in graded if set(claim.modalities) <= set(tags.modalities)] or graded[:1]
        if graded and not warnings:
            warnings = self._maintainers_evidence(graded, cited)
        return warnings

    def _maintainers_evidence(self, claims: Sequence[Claim], cited: Sequence[Cited]) -> list[Warning_]:
        """Stronger sources that the ledger names for the reviewed claim, where the library itself shows none."""
        best = min((c.level for c in cited if c.level is not None), default=_WEAK)
        own = {c.source.id for c in cited if c.source}
        named = {source.id: source for claim in claims for source in self._reader.sources_of(claim)}
        graded = [(source_level(s), s) for s in named.values() if s.id not in own]
        stronger = sorted(
            ((level, s) for level, s in graded if level is not None and level < best),
            key=lambda p: (p[0], -(p[1].year or 0)),
        )
        if not stronger:
            return []
        listed = "; ".join(f"{s.cited_as} ({s.design_note or s.design}, level {level})" for level, s in stronger)
        beside_what = "beside what is cited" if cited else "nothing is cited"
        warnings = [
            Warning_(
                "stronger-evidence",
                f"{beside_what}; from this project's ledger, not yet confirmed by a reviewer: {listed}",
            )
        ]
        newest = max((s for _, s in stronger), key=lambda s: s.year or 0)
        if (newest.year or 0) > max((c.year for c in cited if c.year), default=0):
            warnings.append(
                Warning_("newer-evidence", f"{beside_what}; the newest that maintainers name is {newest.cited_as}")
            )
        return warnings
