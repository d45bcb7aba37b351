"""Sentences of real abstracts beside their own abstract, as they are, reworded, and with one thing exchanged.

    python benchmarks/exchanged_numbers.py [--second] [--show KIND]
    python benchmarks/exchanged_numbers.py --copied 160 [--second]

The abstracts of ``../shared/pubmed`` and ``../shared/tagging`` are split in two by a hash of their id; the rules are
written beside the first half, and ``--second`` looks at the other. Nothing of the abstracts is kept here. An exchanged
sentence is *told* when a number of it is not called a match; a sentence as it is, or reworded, is *flagged* then.
``--copied`` counts numbers: one sentence of each of so many abstracts, both chosen by hash, beside its abstract.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evidence.bibliography.sentences import sentences  # noqa: E402
from evidence.check.numbers.alignment import MATCH, LinedUp, line_up, source_numbers  # noqa: E402
from evidence.check.numbers.numbers import Number, find_numbers  # noqa: E402
from evidence.check.numbers.tables import PERCENT, TIME  # noqa: E402
from evidence.exchange.pubmed import read_article_set  # noqa: E402
from evidence.exchange.reading import read_records  # noqa: E402

SHARED = ROOT.parent / "shared"
Abstract = list[tuple[str, str]]


def abstracts(second: bool) -> Iterator[tuple[str, Abstract]]:
    """``(id, [(section, sentence)])`` of one half."""
    records = [record for record, _ in read_records(SHARED / "tagging" / "records.jsonl.gz").records]
    for path in sorted((SHARED / "pubmed").glob("*.xml.gz")):
        with gzip.open(path) as stream:
            records += [received.record for received in read_article_set(stream)]
    for record in records:
        half = hashlib.sha256(f"numbers {record.source_id}".encode()).digest()[0] % 2
        if bool(half) == second and record.abstract:
            passages = [(s.label, text) for s in record.abstract for text in sentences(s.text)]
            yield record.source_id, passages


def reworded(text: str) -> Iterator[str]:
    """The same said otherwise, by rule."""
    if m := re.match(r"(At (?:the )?[\w-]+(?: [\w-]+)?(?: follow-?up)?),? (.+)\.$", text):
        yield f"{m.group(2)[0].upper()}{m.group(2)[1:]} {m.group(1)[0].lower()}{m.group(1)[1:]}."
    other = re.sub(r"\b(?:patients|participants|subjects)\b", "people", text)
    other = re.sub(r"\bversus\b|\bvs\.?(?= )", "compared with", other)
    if other != text:
        yield other
    yield f"A study found the following: {text[0].lower()}{text[1:]}"


def exchange(text: str, one: Number, other: Number) -> str:
    first, second = sorted((one, other), key=lambda n: n.start)
    return text[: first.start] + second.text + text[first.end : second.start] + first.text + text[second.end :]


def exchanged(text: str, abstract: Abstract, chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """``(kind, sentence, what the exchanged number reads)`` with one thing exchanged."""
    numbers = find_numbers(text)
    percents = [n for n in numbers if n.dimension == PERCENT and n.role not in ("threshold", "other")]
    pairs = [(a, b) for a, b in pairwise(percents) if abs(a.value - b.value) > 1 and a.text != b.text]
    if pairs:
        a, b = chance.choice(pairs)
        yield "two values of one sentence", exchange(text, a, b), a.text
    ends = re.search(r"\bfrom (\d+(?:\.\d+)?)[^.;,]{0,40}? to (\d+(?:\.\d+)?)\b", text)
    if ends and ends.group(1) != ends.group(2):
        swapped = text[: ends.start(1)] + ends.group(2) + text[ends.end(1) : ends.start(2)] + ends.group(1)
        yield "before and after", swapped + text[ends.end(2) :], ends.group(1)
    times = [n for n in numbers if n.dimension == TIME and n.base[0] >= 7 and n.role == "followup"]
    elsewhere = {
        n.text for _, s in abstract for n in find_numbers(s)
        if n.dimension == TIME and n.role == "followup" and n.base[0] >= 7
    }  # fmt: skip
    if len(times) == 1 and percents:
        rivals = sorted(
            t
            for t in elsewhere
            if find_numbers(f"at {t}") and _days(t) and abs(_days(t) - times[0].base[0]) > 0.3 * times[0].base[0]
        )
        if rivals:
            new = chance.choice(rivals)
            yield "two time points", text[: times[0].start] + new + text[times[0].end :], new
    yield from exchanged_words(text, numbers)
    bound = re.search(
        r"(\d+(?:\.\d+)?) ?%?[,;]? ?[\[(](?:95% ?)?(?:CI|confidence interval)[^\d]{0,6}(\d+(?:\.\d+)?)", text
    )
    if bound and bound.group(1) != bound.group(2):
        short = text[: bound.start(1)] + bound.group(2) + re.sub(r"^[^)\]]*[)\]]", "", text[bound.end(1) :], count=1)
        yield "a bound for the estimate", short, bound.group(2)


NAMES = (
    ("active", "sham"), ("active", "placebo"), ("stimulation", "sham"), ("intervention", "control"),
         ("experimental", "control"), ("burst", "tonic"), ("treatment", "control"), ("men", "women"), ("back", "leg"),
)  # fmt: skip


def exchanged_words(text: str, numbers: list[Number]) -> Iterator[tuple[str, str, str]]:
    """The names of two arms or groups exchanged, where each stands once; and people of another step of a trial."""
    percents = [n for n in numbers if n.dimension == PERCENT and n.role not in ("threshold", "other")]
    for one, other in NAMES:
        places = [list(re.finditer(rf"\b{name}\b", text, re.I)) for name in (one, other)]
        if len(percents) == 2 and all(len(found) == 1 for found in places) and percents[0].text != percents[1].text:
            (first,), (second,) = sorted(places, key=lambda found: found[0].start())
            swapped = text[: first.start()] + second.group() + text[first.end() : second.start()] + first.group()
            yield "two arms' names", swapped + text[second.end() :], percents[0].text
            break
    people = [n for n in numbers if n.dimension == "people"]
    step = re.search(r"\b(?:were|was) (randomi[sz]ed|enrolled|recruited|screened|implanted)\b", text)
    if step and len(people) == 1:
        new = "randomized" if step.group(1) == "screened" else "screened"
        yield "another step of the trial", text[: step.start(1)] + new + text[step.end(1) :], people[0].text


def _days(text: str) -> float:
    found = find_numbers(f"at {text}")
    return found[0].base[0] if found else 0.0


def told(lined: list[LinedUp]) -> bool:
    return any(one.finding != MATCH for one in lined)


def copied(most: int, second: bool) -> None:
    """Print what becomes of each number of one copied sentence of each of ``most`` abstracts."""

    def order(text: str) -> bytes:
        return hashlib.sha256(f"copied {text}".encode()).digest()

    counts: Counter[str] = Counter()
    done = 0
    for _, abstract in sorted(abstracts(second), key=lambda one: order(one[0])):
        texts = sorted((text for _, text in abstract if find_numbers(text)), key=order)
        if not texts:
            continue
        if done == most:
            break
        done += 1
        numbers = find_numbers(texts[0])
        lined = line_up(texts[0], numbers, source_numbers("source", abstract))
        counts.update(one.finding for one in lined)
        compared = {one.number.start for one in lined}
        left = [n for n in numbers if n.start not in compared]
        counts["not compared"] += len(left)
        for number in left:
            print(f"not compared ({number.role or 'no role'}): {number.text}")
        for one in lined:
            if one.finding != MATCH:
                print(f"{one.finding}: {one.number.text} in: {texts[0]}")
    print(f"{done} sentences, {counts.total()} numbers: {dict(counts)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--second", action="store_true", help="the half that no rule was written beside")
    parser.add_argument("--show", default="", help="print the cases of this kind that are wrong")
    parser.add_argument("--most", type=int, default=40)
    parser.add_argument(
        "--copied", type=int, default=0, help="count numbers of one copied sentence of so many abstracts"
    )
    options = parser.parse_args()
    if options.copied:
        copied(options.copied, options.second)
        return
    chance = random.Random(20261130)
    asked: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    shown = 0
    for _, abstract in abstracts(options.second):
        sources = source_numbers("source", abstract)
        if not sources:
            continue
        cases = []
        for _, text in abstract:
            if find_numbers(text):
                cases.append(("as it is", text))
                cases += [("reworded", other) for other in reworded(text)]
                cases += [(kind, other) for kind, other, _ in exchanged(text, abstract, chance)]
        for kind, text in cases:
            lined = line_up(text, find_numbers(text), sources)
            if not lined:
                continue
            asked[kind] += 1
            hits[kind] += told(lined)
            for one in lined:
                if one.finding != MATCH:
                    reasons[kind][one.finding + (f" {one.why[0].part}" if one.why else "")] += 1
            innocent = kind in ("as it is", "reworded")
            if options.show and kind.startswith(options.show) and told(lined) == innocent and shown < options.most:
                shown += 1
                print(text)
                for one in lined:
                    if (one.finding != MATCH) == innocent or not innocent:
                        why = [(w.part, w.draft, w.source) for w in one.why]
                        print(
                            f"    {one.number.text} {one.finding} {why} <- {one.source.sentence if one.source else ''}"
                        )
    for kind in ("as it is", "reworded"):
        print(
            f"{kind}: {asked[kind]:,} sentences, {hits[kind]} flagged ({hits[kind] / max(1, asked[kind]):.1%}) "
            f"{dict(reasons[kind])}"
        )
    rest = [kind for kind in asked if kind not in ("as it is", "reworded")]
    for kind in sorted(rest):
        print(f"{kind}: {asked[kind]:,} exchanged, {hits[kind]} told ({hits[kind] / asked[kind]:.1%})")
    total, right = sum(asked[k] for k in rest), sum(hits[k] for k in rest)
    print(f"all exchanged: {total:,}, {right} told ({right / max(1, total):.1%})")


if __name__ == "__main__":
    main()
