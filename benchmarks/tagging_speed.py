"""How fast tagging is: ``python benchmarks/tagging_speed.py [FOLDER]``.

CPU time a record over 1,420 records with abstracts, one core, against two anchors of the same run: the automaton alone
over the same texts, and the same tagger with a vocabulary of twice as many tags (each tag doubled under another id with
terms of made-up words, so that nothing more is found). The build of Python matters: Debian's takes four fifths of the
time of one compiled without profile-guided optimisation.
"""

from __future__ import annotations

import gc
import re
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from tagging_data import ROOT, records_in, shared_tagging

from evidence.record import Record
from evidence.tagging import Tagger, Vocabulary, load_vocabulary
from evidence.tagging.design import describe as design
from evidence.tagging.matching.automaton import words_only
from evidence.tagging.sentences.roles import read_sentences
from evidence.tagging.text import document as tagging_text

ROUNDS = 5


def cpu(run: Callable[[], object]) -> float:
    """The least CPU seconds of several rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        gc.collect()
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return best


def doubled(vocabulary: Vocabulary) -> Vocabulary:
    """The vocabulary with a made-up twin of every tag: as many terms again, none of which occurs."""
    tags = {facet: dict(known) for facet, known in vocabulary.tags.items()}
    for facet, known in vocabulary.tags.items():
        for tag in known.values():
            twin = replace(
                tag, id=f"{tag.id}_twin", parent=None, requires=(), abbreviations={}, mesh=(), pairs=(), patterns=(),
                mask_patterns=(), terms=made_up(tag.terms), measures=made_up(tag.measures), masks=made_up(tag.masks),
                context=(), unless=(),
            )  # fmt: skip
            tags[facet][twin.id] = twin
    return replace(vocabulary, tags=tags)


def made_up(terms: tuple[str, ...]) -> tuple[str, ...]:
    """Terms of the same shape that no text holds: ``nerve stimulat*`` → ``neqrveq stiqmuqlaqt*``."""
    return tuple(
        re.sub("[aeiouy]", lambda vowel: vowel.group() + "q", term) for term in terms if re.search("[aeiouy]", term)
    )


def matched(tagger: Tagger, record: Record) -> object:
    """What is found in a record, before any tag is decided on."""
    document = tagging_text.read(record)
    return read_sentences(document, tagger._matcher.find(document))


def scan_only(tagger: Tagger, records: list[Record]) -> Callable[[], object]:
    automaton = tagger._matcher._automaton._automaton
    documents = [tagging_text.read(record) for record in records]
    texts = [f" {words_only(part.lower)} " for d in documents for part in (d.title, *d.sections)]
    return lambda: [sum(1 for _ in automaton.iter(text)) for text in texts]


def main() -> None:
    folder = shared_tagging()
    records = list(records_in(folder / "records.jsonl.gz").values())
    vocabulary = load_vocabulary(ROOT / "queries" / "vocabulary")
    tagger, twice = Tagger(vocabulary), Tagger(doubled(vocabulary))
    documents = [tagging_text.read(record) for record in records]
    runs = {
        "automaton alone (anchor)": scan_only(tagger, records),
        "tagger, design included": lambda: [tagger.tag(record) and None for record in records],
        "sentences, terms and roles alone": lambda: [matched(tagger, record) and None for record in records],
        "design alone": lambda: [
            design.describe(record, document) and None for record, document in zip(records, documents, strict=True)
        ],
        "tagger, twice the vocabulary": lambda: [twice.tag(record) and None for record in records],
    }
    print(f"Python {sys.version}")
    seconds = {name: cpu(run) for name, run in runs.items()}
    for name, spent in seconds.items():
        print(f"{name:32} {spent / len(records) * 1e6:7.0f} us a record  {len(records) / spent:8,.0f} records/s")
    anchor = seconds["automaton alone (anchor)"]
    print(f"tagger / automaton alone         {seconds['tagger, design included'] / anchor:.1f}")
    ratio = seconds["tagger, twice the vocabulary"] / seconds["tagger, design included"]
    print(f"twice the vocabulary             {ratio:.2f} times the cost")


if __name__ == "__main__":
    main()
