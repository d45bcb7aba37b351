"""A record to its tags: what was found, what the facts about it say, and the words that earned each tag.

Design, sample size, scope, and what a record states of comparator, blinding, funding and interests have modules of
their own, called from here.
"""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from dataclasses import dataclass

from evidence.record import Record
from evidence.tagging.design import describe as design
from evidence.tagging.facets import condition as populations
from evidence.tagging.facets import mesh, scope
from evidence.tagging.facets import modality as studied
from evidence.tagging.facets import outcome as outcomes
from evidence.tagging.facets.fact_words import in_words
from evidence.tagging.facets.weights import Weights, load_weights
from evidence.tagging.matching.matches import LONGER, Hit, Matcher, Matches
from evidence.tagging.matching.vocabulary import Vocabulary
from evidence.tagging.sentences.cues import CUES
from evidence.tagging.sentences.roles import Sentences, read_sentences
from evidence.tagging.statements.read import statements
from evidence.tagging.text import document as text
from evidence.tagging.types import DesignTags, Evidence, NearMiss, Tags

MATCHED = ("modality", "outcome", "condition")
_KEPT = 2  # vocabularies
PLANNED = frozenset({"registration", "protocol"})
Facts = dict[str, float]


@dataclass(slots=True)
class Reading:
    """A document, what was found in it, and the hits of every tag, those of its children among them.

    ``planned`` says that it is a registration or a protocol. The design comes first: what a text says of an outcome
    weighs differently in a study and in a review.
    """

    document: text.Document
    matches: Matches
    sentences: Sentences
    hits: dict[str, dict[str, list[Hit]]]
    planned: bool
    design: DesignTags


class Tagger:
    """Tags records by a vocabulary; build it once, it holds the compiled automaton."""

    def __init__(self, vocabulary: Vocabulary, weights: dict[str, Weights] | None = None):
        self.vocabulary = vocabulary
        self._weights = weights or load_weights()
        self._matcher = _matcher(vocabulary)
        self._mesh = mesh.MeshRules(vocabulary)
        self._scope = scope.ScopeReader(vocabulary)
        self._unspecified, self._general = vocabulary.general("modality"), vocabulary.general("condition")
        self._measure_beside = next(
            ((t.id, t.beside) for t in vocabulary.tags["outcome"].values() if t.beside), ("", "")
        )
        self._with_parents = {
            (facet, tag): (tag, *vocabulary.with_parents(facet, tag))
            for facet in MATCHED
            for tag in vocabulary.tags[facet]
        }

    def with_weights(self, weights: dict[str, Weights]) -> Tagger:
        """The same tagger with other weights."""
        other = copy(self)
        other._weights = weights
        return other

    def tag(self, record: Record, explain: bool = False) -> Tags:
        """All tags of a record with the words that earned them; ``explain`` adds the near misses."""
        reading = self.read(record, explain)
        tags = Tags()
        given = {"modality": tags.modalities, "outcome": tags.outcomes, "condition": tags.conditions}
        for facet, tag, facts in self.facts(reading):
            self._decide(facet, tag, facts, given[facet], tags, explain)
        self._mesh.apply(record, reading.hits, given, tags)
        self._settle(reading, given, tags)
        self._add_evidence(reading, given, tags)
        tags.design = reading.design
        tags.evidence += tags.design.evidence
        tags.stated = statements(record, reading.document, tags.design)
        tags.evidence += tags.stated.evidence
        tags.scope = self._scope.scope(
            tags.modalities, tags.conditions, reading.document, animal="animal" in tags.design.designs
        )
        if explain:
            tags.near_misses += _misses(reading)
            tags.near_misses += tags.design.near_misses
        else:
            tags.near_misses = []
        return tags

    def read(self, record: Record, explain: bool = False) -> Reading:
        """The document of a record, its design, and everything that matched in it."""
        document = text.read(record)
        matches = self._matcher.find(document)
        hits: dict[str, dict[str, list[Hit]]] = {facet: defaultdict(list) for facet in MATCHED}
        for hit in matches.hits:
            of_facet = hits[hit.facet]
            for tag in self._with_parents[hit.facet, hit.tag]:
                of_facet[tag].append(hit)
        _give_short_titles_to_full_names(hits["modality"], matches)
        planned = record.kind in PLANNED
        described = design.describe(record, document, explain)
        return Reading(document, matches, read_sentences(document, matches, planned), hits, planned, described)

    def facts(self, reading: Reading) -> list[tuple[str, str, Facts]]:
        """What speaks for and against every tag that was found: ``(facet, tag, {fact: value})``."""
        found: list[tuple[str, str, Facts]] = []
        document, sentences = reading.document, reading.sentences
        told = outcomes.read_as_a_review(sentences) if _kind(reading) == outcomes.ESSAY else sentences
        modalities, conditions = reading.hits["modality"], reading.hits["condition"]
        tops = {tag: hits for tag, hits in modalities.items() if self.vocabulary.tags["modality"][tag].parent is None}
        by_sentence: dict[int, set[str]] = defaultdict(set)
        for tag, hits in tops.items():
            for hit in hits:
                by_sentence[hit.sentence].add(tag)
        titled = {tag for tag, hits in tops.items() if any(hit.part is None for hit in hits)}
        for tag, hits in modalities.items():
            entry = self.vocabulary.tags["modality"][tag]
            facts = studied.features(tag, hits, by_sentence, document, told, titled, bool(entry.measures))
            found.append(("modality", tag, facts))
        of_outcomes = outcomes.features(
            reading.hits["outcome"], document, sentences, _kind(reading), *self._measure_beside
        )
        found += [("outcome", tag, facts) for tag, facts in of_outcomes.items()]
        titled = {
            tag for tag, hits in conditions.items() if tag != self._general and any(hit.part is None for hit in hits)
        }
        together: dict[int, set[str]] = defaultdict(set)
        for tag, hits in conditions.items():
            for hit in hits:
                together[hit.sentence].add(tag)
        listed = {place for place, tags in together.items() if len(tags) >= populations.SEVERAL}
        for tag, hits in conditions.items():
            facts = populations.features(tag, hits, document, told, titled, listed, _kind(reading))
            found.append(("condition", tag, facts))
        return found

    def _decide(self, facet: str, tag: str, facts: Facts, given: dict[str, str], tags: Tags, explain: bool) -> None:
        weights = self._weights[weights_name(self.vocabulary, facet, tag)]
        vetoes = studied.CHILD_VETOES if self.vocabulary.tags[facet][tag].parent else studied.VETOES
        veto = next((fact for fact in vetoes if fact in facts), "") if facet == "modality" else ""
        if weights.score(facts) > 0 and not veto:
            given[tag] = weights.reason(facts, True)
            return
        if facet != "modality" and not explain:
            return
        rule = in_words(veto) if veto else weights.reason(facts, False)
        if facet == "modality":
            tags.modalities_mentioned[tag] = rule
        if explain:
            tags.near_misses.append(NearMiss(facet, tag, "", rule))

    def _settle(self, reading: Reading, given: dict[str, dict[str, str]], tags: Tags) -> None:
        """Parents beside children, and the unspecified modality only where no other is given or named."""
        for facet in MATCHED:
            for tag in list(given[facet]):
                for parent in self._with_parents[facet, tag][1:]:
                    given[facet].setdefault(parent, "parent")
        self._imply_a_condition(reading, tags)
        if len(tags.modalities) > 1 and tags.modalities.pop(self._unspecified, ""):
            tags.near_misses.append(NearMiss("modality", self._unspecified, "", "a specific modality is named"))
        for tag in tags.modalities:
            tags.modalities_mentioned.pop(tag, None)
        if (tags.modalities.keys() | tags.modalities_mentioned.keys()) - {self._unspecified}:
            tags.modalities_mentioned.pop(self._unspecified, None)

    def _imply_a_condition(self, reading: Reading, tags: Tags) -> None:
        """An abstract that names no condition: what is implanted for one is for that, where its words are there."""
        known = self.vocabulary.tags
        named = [known["condition"][tag].implies for tag in reading.hits["condition"]]
        implied = {known["modality"][tag].implies for tag in tags.modalities}
        if tags.conditions or "none" in named or "none" in implied or not (implied := implied - {""}):
            return
        words, condition = self.vocabulary.scope_words.implied_by, min(implied)
        for place in reading.document.sections:
            found = words.search(place.lower)
            if found is not None:
                where = "title" if place.position is None else "abstract"
                phrase = place.text[found.start() : found.end()]
                tags.conditions[condition] = rule = f"{found.group()}, and no condition named"
                tags.evidence.append(
                    Evidence("condition", condition, where, phrase, place.position, found.start(), found.end(), rule)
                )
                return

    def _add_evidence(self, reading: Reading, given: dict[str, dict[str, str]], tags: Tags) -> None:
        """The words of every tag given; a parent without words of its own rests on its children."""
        own = {(hit.facet, hit.tag) for hit in reading.matches.hits}
        for facet, found in reading.hits.items():
            for tag, hits in found.items():
                if tag not in given[facet]:
                    continue
                if (facet, tag) not in own and any(hit.tag in given[facet] for hit in hits):
                    given[facet][tag] = "parent"
                    continue
                for hit in hits:
                    if hit.tag == tag or (facet, tag) not in own:
                        tags.evidence.append(_evidence(hit, tag, given[facet][tag], reading.document))


_matchers: list[tuple[Vocabulary, Matcher]] = []


def _matcher(vocabulary: Vocabulary) -> Matcher:
    """The matcher of a vocabulary: made once (0.35 s of CPU), as long as few others are asked for."""
    for known, matcher in _matchers:
        if known == vocabulary:
            return matcher
    matcher = Matcher(vocabulary, CUES)
    _matchers.append((vocabulary, matcher))
    del _matchers[:-_KEPT]
    return matcher


def _evidence(hit: Hit, tag: str, rule: str, document: text.Document) -> Evidence:
    phrase = document.part(hit.part).text[hit.start : hit.end]
    where = "title" if hit.part is None else "abstract"
    return Evidence(hit.facet, tag, where, phrase, hit.part, hit.start, hit.end, rule)


def _kind(reading: Reading) -> str:
    """What kind of text tells of the outcomes: a plan, a review, animals, or a study of people."""
    return outcomes.kind(reading.planned, reading.design.designs)


def weights_name(vocabulary: Vocabulary, facet: str, tag: str) -> str:
    """Which weights decide on a tag: kinds of a modality have their own, since they ask "an arm, or background?"."""
    return "modality child" if facet == "modality" and vocabulary.tags[facet][tag].parent else facet


def _give_short_titles_to_full_names(modalities: dict[str, list[Hit]], matches: Matches) -> None:
    """A title's short name belongs to the tag that the abstract names in full, and to no other.

    "Spinal cord stimulation" over an abstract that only ever says "transcutaneous spinal cord stimulation".
    """
    fuller = {
        miss.tag: miss.rule.removeprefix(LONGER).strip()
        for miss in matches.misses
        if miss.rule.startswith(LONGER) and miss.part is not None
    }
    for short, full in fuller.items():
        hits = modalities.get(short)
        if hits and full in modalities and all(hit.part is None for hit in hits):
            modalities[full] += [hit._replace(tag=full) for hit in hits]
            matches.hits += [hit._replace(tag=full) for hit in hits if hit.tag == short]
            matches.hits = [hit for hit in matches.hits if hit.tag != short]
            del modalities[short]


def _misses(reading: Reading) -> list[NearMiss]:
    document = reading.document
    return [
        NearMiss(miss.facet, miss.tag, document.part(miss.part).text[miss.start : miss.end], miss.rule)
        for miss in reading.matches.misses
    ]
