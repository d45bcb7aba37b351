"""How often the sample size is right, on the labelled records, beside the first number before a word for people.

    python benchmarks/sample_size.py [FOLDER] [--errors]

FOLDER holds gold.jsonl and records.jsonl.gz (../shared/tagging). Prints, for the half of the labels that the rules were
written beside, the half that was held back, and labels of our own (see design.py): exact among the answered, answered
among the stated, and how often a number is given where none is stated; then the time that a record takes.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from typing import Any

import ahocorasick
from design import ELSEWHERE, PRACTICE_DESIGNS, tagged, texts_elsewhere, to_record
from tagging_data import held_back, read_lines, shared_tagging

from evidence.tagging.design.describe import describe
from evidence.tagging.text import document as text

FIRST = re.compile(
    r"\b(\d[\d,]*)\s+(?:\w+\s+){0,3}(?:patients|subjects|participants|adults|women|men|children)\b", re.I
)


def first_number(row: dict[str, Any]) -> int | None:
    """The anchor: the first figure before a word for people."""
    match = FIRST.search(row["title"] + " " + row["abstract"])
    return int(match.group(1).replace(",", "")) if match else None


def ours(row: dict[str, Any]) -> int | None:
    found = tagged(to_record(row, types=False)).sample_size
    return found.value if found else None


def line(
    name: str, rows: list[dict[str, Any]], gold: dict[str, int | None], tell: Callable[[dict[str, Any]], int | None]
) -> str:
    pairs = [(gold[row["id"]], tell(row)) for row in rows]
    stated = [(true, told) for true, told in pairs if true is not None]
    answered = [(true, told) for true, told in stated if told is not None]
    exact = sum(true == told for true, told in answered)
    none = [told for true, told in pairs if true is None]
    given = sum(told is not None for told in none)
    return (
        f"{name:38} exact {exact}/{len(answered)} ({exact / max(1, len(answered)):.1%})   "
        f"answered {len(answered)}/{len(stated)} ({len(answered) / max(1, len(stated)):.1%})   "
        f"given where none is stated {given}/{len(none)} ({given / max(1, len(none)):.1%})"
    )


def speed(rows: list[dict[str, Any]]) -> tuple[float, float, float]:
    """Microseconds a record, the best of three: a bare pass of a small automaton over the text (the anchor), reading
    the text, and all that :func:`describe` gives."""
    records = [to_record(row, types=True) for row in rows]
    documents = [text.read(record) for record in records]
    automaton = ahocorasick.Automaton()
    for word in ("patient", "random", "stimulat", "pain", "control", "review", "trial", "study", "report", "group"):
        automaton.add_word(word, word)
    automaton.make_automaton()
    times: list[list[float]] = [[], [], []]
    for _ in range(3):
        marks = [time.process_time()]
        for document in documents:
            for section in document.sections:
                list(automaton.iter(section.lower))
        marks.append(time.process_time())
        for record in records:
            text.read(record)
        marks.append(time.process_time())
        for record, document in zip(records, documents, strict=True):
            describe(record, document)
        marks.append(time.process_time())
        for kept, start, end in zip(times, marks, marks[1:], strict=False):
            kept.append(end - start)
    bare, reading, describing = (min(kept) / len(records) * 1e6 for kept in times)
    return bare, reading, describing


def main() -> None:
    folder = shared_tagging()
    gold = {row["id"]: row["n"] for row in read_lines(folder / "gold.jsonl")}
    every = read_lines(folder / "records.jsonl.gz")
    rows = [row for row in every if row["id"] in gold]
    print(line("first number (the anchor)", rows, gold, first_number))
    print(line("all", rows, gold, ours))
    for name, half in (("written beside", False), ("held back", True)):
        print(line(name, [row for row in rows if held_back(row["id"]) is half], gold, ours))
    own, other = ([row for row in read_lines(file) if "n" in row] for file in (PRACTICE_DESIGNS, ELSEWHERE))
    texts = {row["id"]: row for row in every}
    for name, labelled, known in (("ours", own, texts), ("other fields", other, texts_elsewhere(folder, other))):
        labels = {row["id"]: row["n"] for row in labelled}
        for batch in sorted({row["batch"] for row in labelled}):
            chosen = [known[row["id"]] for row in labelled if row["batch"] == batch]
            print(line(f"our own labels, {name}, batch {batch}", chosen, labels, ours))
    if "--errors" in sys.argv:
        for row in rows:
            if not held_back(row["id"]) and (told := ours(row)) != gold[row["id"]]:
                print(f"    {row['id']}: labelled {gold[row['id']]}, told {told}: {row['title'][:80]}")
    bare, reading, describing = speed(every)
    print(
        f"{len(every)} records, a record: bare automaton (the anchor) {bare:.0f} µs, text {reading:.0f} µs, "
        f"design, flags, level and sample size {describing:.0f} µs ({describing / bare:.1f} times the anchor)"
    )


if __name__ == "__main__":
    main()
