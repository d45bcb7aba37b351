"""The facts that decide on a tag, in words for the people who read them: on a report's page and in ``--explain``.

Facts are made by :mod:`~evidence.tagging.facets.modality`, ``outcome`` and ``condition``; a test asks that each has its
words here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

_PARTS = {
    "title": "the title", "background": "the background", "objective": "the objectives", "methods": "the methods",
    "results": "the results", "conclusions": "the conclusions", "eligibility": "the criteria of eligibility",
    "administrative": "an administrative part", "unknown": "a part without a heading",
}  # fmt: skip
# How an outcome is named: a quantity or an instrument, a way of reporting it, or a plain word.
_NAMED = {"measure": "named as a measure in", "pattern": "told in", "term": "named in", "": "named in"}
_KINDS = (" of a plan", " of an essay", " of animals")  # the same fact in another kind of text has the same words
_WORDS = {
    "title": "named in the title", "title only": "only a title was received", "named often": "named often",
    "share of sentences": "named in much of the abstract", "several sentences": "named in several sentences",
    "in several parts": "named in several parts of the abstract", "only once": "named only once",
    "only at the beginning": "named only at the beginning", "only in the last sentence": "only in the last sentence",
    "title names another": "the title names another", "title names none": "the title names no particular condition",
    "all in background": "only in the background",
    # modalities
    "aimed at": "the aim of the study", "an arm": "one side of a comparison", "a finding of it": "a finding follows it",
    "given": "given to people", "given to people": "given to a stated number of people", "listed": "one of a list",
    "a plain word for a measurement": "a plain word beside a measurement",
    "all as a measurement": "only beside measurements", "all as an option": "only as one option",
    "all as prior treatment": "only as an earlier treatment", "all negated": "only denied",
    # conditions
    "people with it": "people have it", "counted": "the people with it are counted", "for it": "treated",
    "treatment of it": "its treatment", "as an example": "an example", "beside aim": "beside an aim",
    "beside method": "beside what was done", "beside result": "beside a result", "beside harm": "beside harm",
    "all beside harm": "only beside harm", "all negated or excluded": "only denied or excluded",
    # outcomes
    "near a finding": "beside a finding", "with a finding": "in a sentence with a finding",
    "near measuring": "beside a word of measuring", "with measuring": "in a sentence that measures",
    "near a procedure": "beside what was done", "with a procedure": "in a sentence on what was done",
    "near a number": "beside a number", "after an aim": "after a stated aim", "beside no aim": "no aim is stated",
    "effect on it": "an effect or a comparison beside it", "told as known": "told as known",
    "hoped for": "hoped for", "as a purpose": "the purpose of a treatment",
    "one of several": "one of several in a list",
    "not measured": "said not to have been measured",
    "of an earlier treatment": "of an earlier treatment", "left to further studies": "left to further studies",
    "nothing but excuses": "never as measured or reported", "as a predictor": "in a sentence on predictors",
    "near a predictor": "a predictor", "beside scores": "scores of pain beside it",
    "without scores": "no scores of pain beside it", "said of analgesia": "said of analgesia",
    "said of analgesia beside scores": "said of analgesia, scores of pain beside it",
    "of a plan": "the study is planned", "of an essay": "the text reports no study of its own",
    "of animals": "a study of animals",
}  # fmt: skip

# Facts that are shares of a most, and from where on their words are so: two sentences of at most four or five, three
# times of at most six or eight, two parts of at most three.
_SO_FROM = {"several sentences": 0.4, "named often": 0.375, "in several parts": 0.5}
_OF_AN_ABSTRACT = frozenset({*_SO_FROM, "share of sentences"})
_MUCH = 1 / 3
_MOST_SENTENCES = 5  # of a modality's "several sentences"


def is_so(fact: str, facts: Mapping[str, float]) -> bool:
    """Whether the words of a fact are true at its value: one sentence of a title is not "several sentences".

    >>> is_so("several sentences", {"title": 1, "several sentences": 0.2}), is_so("title", {"title": 1})
    (False, True)
    """
    if fact in _OF_AN_ABSTRACT and "title only" in facts:
        return False
    if fact == "share of sentences":  # the title's sentence is counted among them
        sentences = _MOST_SENTENCES * facts.get("several sentences", 0.0)
        return bool(sentences) and facts[fact] * (1 - facts.get("title", 0.0) / sentences) >= _MUCH
    return facts[fact] >= _SO_FROM.get(fact, 0.0)


@lru_cache(maxsize=4096)
def in_words(fact: str) -> str:
    """A fact as a person would say it, ``""`` for the one that only says which tag it is.

    >>> in_words("measure in results"), in_words("near a finding of a plan"), in_words("tag mood")
    ('named as a measure in the results', 'beside a finding', '')
    """
    if fact.startswith("tag "):
        return ""
    if fact in _WORDS:
        return _WORDS[fact]
    for ending in _KINDS:
        if fact.endswith(ending):
            return in_words(fact.removesuffix(ending))
    named, _, part = fact.rpartition("in ")
    return f"{_NAMED.get(named.strip(), 'named in')} {_PARTS[part]}" if part in _PARTS else fact
