"""Printed references: is the right report found, is a wrong one called certain, is a missing one?

    python benchmarks/references.py [--shared DIR] [--styles N]

Twenty thousand reports: the works of ``pmc_refs_dev`` and ``crossref_styles`` and other PubMed records. Printed for the
half of the works that the rules were not developed on (and, for comparison, the other half): *right* report named
(certain or likely), *wrong* among the certain ones, and *still certain* when the right report alone is taken out. The
anchor in the same run is the first answer of the full-text index, called certain whatever it is. Then: how true the
confidence is, whether a misprinted field is shown, and two sets more: strings whose works the library does not hold,
and the reference lists that PubMed has matched itself.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import reference_data as data
from library_factory import make_library

from evidence.library import Library
from evidence.references import CitedReport, Resolution, resolve, resolve_all
from evidence.references.lookup import lookup_terms
from evidence.references.parse import parse_reference

LIBRARY_SIZE = 20_000
MISPRINTS = {
    "year": (r"\b(19[5-9]|20[01])(\d)\b", lambda m: m.group(1) + str((int(m.group(2)) + 3) % 10)),
    "volume": (r"(?<=[;\s])(\d{2,3})(?=\s?[(:,])", lambda m: str(int(m.group(1)) + 7)),
    "first_page": (
        r"(?<=[:,]\s)(\d{2,4})(?=[-\u2013]\d)|(?<=:)(\d{2,4})(?=[-\u2013]\d)",
        lambda m: str(int(m.group()) - 9),
    ),
}


class Without:
    """The library with one report taken out."""

    def __init__(self, library: Library, report: str):
        self.library, self.report = library, report

    def reference_count(self) -> int:
        return self.library.reference_count()

    def by_identifier(self, identifier: str) -> CitedReport | None:
        found = self.library.by_identifier(identifier)
        return None if found is not None and found.id == self.report else found

    def by_registration(self, number: str) -> list[CitedReport]:
        return self.library.by_registration(number)

    def term_counts(self, terms: Sequence[str]) -> dict[str, int]:
        return self.library.term_counts(terms)

    def reference_candidates(self, terms: Sequence[str], limit: int) -> list[CitedReport]:
        found = self.library.reference_candidates(terms, limit + 1)
        return [report for report in found if report.id != self.report][:limit]


def first_of_index(library: Library | Without, text: str) -> str | None:
    terms = lookup_terms(parse_reference(text), library.term_counts, library.reference_count())
    found = library.reference_candidates(terms, 1)
    return found[0].id if found else None


def measure(name: str, library: Library, questions: list[data.Question]) -> list[tuple[data.Question, Resolution]]:
    answers = list(zip(questions, resolve_all([q[2] for q in questions], library), strict=True))
    right = sum(answer.report == q[0] for q, answer in answers)
    certain = [(q, answer) for q, answer in answers if answer.level == "certain"]
    wrong = sum(answer.report != q[0] for q, answer in certain)
    still = sum(resolve(q[2], Without(library, q[0])).level == "certain" for q in questions)
    anchor = sum(first_of_index(library, q[2]) != q[0] for q in questions)
    total = len(questions)
    print(
        f"{name:42s} {total:6,d} {right / total:7.2%} {len(certain) / total:8.1%} {wrong / max(len(certain), 1):7.2%}"
        f" {still / total:8.2%} {anchor / total:8.2%}"
    )
    return answers


def calibration(answers: list[tuple[data.Question, Resolution]]) -> None:
    print("\nHow true the confidence is (held-out half): confidence of the best candidate, how many, how many right")
    bins: dict[float, list[bool]] = {}
    for question, answer in answers:
        if answer.candidates:
            step = next(s for s in (0.2, 0.5, 0.8, 0.97, 1.01) if answer.candidates[0].confidence < s)
            bins.setdefault(step, []).append(answer.candidates[0].report == question[0])
    for step, rights in sorted(bins.items()):
        print(f"  below {min(step, 1):4.2f} {len(rights):6,d} {sum(rights) / len(rights):6.1%}")


def misprints(library: Library, answers: list[tuple[data.Question, Resolution]], years: set[str]) -> None:
    print("\nA misprinted field is shown as differs (held-out half; the field agreed before)")
    for field, (pattern, change) in MISPRINTS.items():
        seen: Counter[str] = Counter()
        for question, answer in answers:
            if answer.level != "certain" or answer.report != question[0] or answer.fields[field] != "match":
                continue
            if field == "year" and question[0] not in years:
                continue
            printed, changed = re.subn(pattern, change, question[2])
            if changed == 1 and seen["asked"] < 800:
                again = resolve(printed, library)
                seen["asked"] += 1
                seen["right report"] += again.report == question[0]
                seen["shown"] += again.report == question[0] and again.fields[field] == "differs"
        print(f"  {field:10s}", ", ".join(f"{key} {value}" for key, value in seen.items()))


OTHER_WORDS = ("hip", "knee", "children", "headache", "lumbar", "insulin", "vaccine", "sleep", "renal", "fracture")


def exchanged(library: Library, answers: list[tuple[data.Question, Resolution]]) -> None:
    """One content word of the title exchanged; and title, authors and journal right with all numbers wrong."""
    random.seed(2)
    words: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    for question, answer in answers:
        title = parse_reference(question[2]).title
        if answer.level != "certain" or answer.report != question[0] or answer.fields["title"] != "match":
            continue
        content = [word for word in re.findall(r"[A-Za-z]{4,}", title) if question[2].count(word) == 1]
        if content and words["asked"] < 500:
            again = resolve(question[2].replace(random.choice(content), random.choice(OTHER_WORDS)), library)
            words["asked"] += 1
            words["shown"] += again.fields["title"] == "differs" or again.report != question[0]
            words["certain and nothing differs"] += again.level == "certain" and "differs" not in again.fields.values()
        wrong = question[2]
        for pattern, change in MISPRINTS.values():
            wrong = re.sub(pattern, change, wrong)
        agree = all(answer.fields[field] == "match" for field in ("first_author", "journal", "volume", "first_page"))
        if agree and numbers["asked"] < 500:
            again = resolve(wrong, library)
            if "year, volume" not in again.reason and any(again.fields[f] == "match" for f in ("volume", "first_page")):
                continue
            if again.report is None or again.fields["year"] != "match":
                numbers["asked"] += 1
                numbers["found"] += again.report == question[0]
                numbers["certain"] += again.level == "certain"
    print("\nOne content word of the title exchanged:", ", ".join(f"{key} {value}" for key, value in words.items()))
    print("Year, volume and page all wrong:", ", ".join(f"{key} {value}" for key, value in numbers.items()))


def elsewhere(shared: Path, library: Library, rows: list[data.Row]) -> None:
    held = {row["doi"] for row in rows}
    strings = [text for doi, text in data.real(shared) if doi not in held]
    levels = Counter(answer.level for answer in resolve_all(strings, library))
    print(f"\ncrossref_real, works that the library does not hold: {dict(levels)} of {len(strings)}")
    works, questions = data.pubmed(shared)
    pain = make_library([*works, *data.filler(shared, LIBRARY_SIZE - len(works))])
    ids = {row["id"] for row in works}
    held_ones = [q for q in questions if q[0] in ids]
    random.seed(1)
    others = random.sample([q for q in questions if q[0] not in ids], 5000)
    print("PubMed's own reference lists (chronic pain), reports in the library:")
    measure("pubmed", pain, held_ones)
    levels = Counter(answer.level for answer in resolve_all([q[2] for q in others], pain))
    print(f"and not in it: {dict(levels)} of {len(others)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=data.ROOT.parent / "shared")
    parser.add_argument("--styles", type=int, default=8000, help="how many of the 15,000 printed styles to ask")
    options = parser.parse_args()
    works, questions = data.pmc(options.shared)
    styled, printed = data.styles(options.shared)
    taken = {row["id"] for row in works} | {row["doi"] for row in works}
    styled = [row for row in styled if row["id"] not in taken]
    kept = {row["id"] for row in styled}
    random.seed(0)
    printed = random.sample([q for q in printed if q[0] in kept], options.styles)
    rows = [*works, *styled]
    rows += data.filler(options.shared, LIBRARY_SIZE - len(rows))
    library = make_library(rows)
    answers = []
    for part, meaning in ((1, "held out"), (0, "developed on")):
        print(f"\n{meaning:42s} {'asked':>6s} {'right':>7s} {'certain':>8s} {'wrong':>7s} {'still':>8s} {'anchor':>8s}")
        asked = [q for q in [*questions, *printed] if data.half(q[0]) == part]
        for name in sorted({q[1] for q in asked}, key=lambda name: (name != "pmc_refs_dev", name)):
            found = measure(name, library, [q for q in asked if q[1] == name])
            answers += found if part else []
    calibration(answers)
    misprints(library, answers, {row["id"] for row in rows if row.get("year")})
    exchanged(library, answers)
    elsewhere(options.shared, library, rows)


if __name__ == "__main__":
    main()
