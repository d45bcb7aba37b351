"""The labelled sets with one field of some records changed as an export changes it: how many pairs are still found.

    python benchmarks/dedupe_disagreements.py [--seeds 1,2,3] [--sets sra_stroke] [--kinds issue] [--pairs]

For every kind of disagreement in :data:`KINDS` and every seed, half of the records of each set are changed in place;
the truth stays. Then every record that the kind can change gets a changed copy of itself, without identifier and
abstract ("copies"). Columns: pairs, pairs missed, false pairs; of the sets, then of the copies. DOI and PMID are taken
out everywhere but where the kind is about them. ``--package DIR`` measures another checkout.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SETS = (
    "sra_cytology", "sra_stroke", "asysd_diabetes", "digital_work", "sweep_copper", "sweep_tafenoquine",
    "pubmed_2020q4", "pubmed_2022q2",
)  # fmt: skip
MOST_COPIES = 3000  # of a set
Row = dict[str, str]
Change = Callable[[Row, random.Random], Row | None]

SYNONYMS = {
    "new": "novel", "treatment": "therapy", "role": "importance", "use": "application", "children": "young people",
    "patients": "persons", "pain": "ache", "surgery": "operation", "study": "investigation", "effect": "influence",
    "effects": "influence", "evaluation": "assessment", "clinical": "bedside", "management": "care", "elderly": "aged",
    "acute": "sudden", "disease": "illness", "drug": "medication", "results": "findings", "analysis": "examination",
    "review": "overview", "case": "instance", "report": "description", "work": "labour", "quality": "standard",
    "risk": "danger", "health": "wellbeing", "outcome": "result", "outcomes": "results", "method": "procedure",
    "assessment": "evaluation", "comparison": "contrast", "prevention": "prophylaxis", "rehabilitation": "recovery",
}  # fmt: skip
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
LETTER = re.compile(
    r"^\W*(?:re:|reply|comment|letter|response|author|erratum|correction|corrigendum|correspondence)", re.I
)


def _paged(row: Row) -> re.Match[str] | None:
    return re.fullmatch(r"(\d{2,5})-(\d{1,5})", row["pages"])


def _issue(value: Callable[[Row, random.Random], str]) -> Change:
    return lambda row, rng: {**row, "number": value(row, rng)} if row["volume"] and row["pages"] else None


def _accession(row: Row, rng: random.Random) -> str:
    return f"{row['year'][:4] or '2016'}{rng.randint(0, 999999):06}"


def _month(row: Row, rng: random.Random) -> str:
    return str(rng.choice([month for month in range(1, 13) if str(month) != row["number"]]))


def _list(row: Row, rng: random.Random) -> Row | None:
    found = _paged(row)
    if not found:
        return None
    first, after = int(found[1]), int(found[1]) + rng.randint(12, 30)
    tail = rng.choice(
        (f", {after}-{after + 2}", f"; discussion {after}-{str(after + 2)[-1]}", f"; quiz {after}", f", {after}")
    )
    return {**row, "pages": f"{first}-{str(found[2])[-1:]}{tail}"}


def _page_form(row: Row, rng: random.Random) -> Row | None:
    found = _paged(row)
    if not found:
        return None
    first, last = found[1], found[2]
    whole = first[: max(0, len(first) - len(last))] + last
    return {
        **row,
        "pages": rng.choice(
            (
                first,
                f"{first}-{whole}",
                f"pp. {first}\u2013{whole}",
                f"p. {first}",
                f"{first}-{whole}+",
                f"{first} - {whole} passim",
            )
        ),
    }


def _page_slip(row: Row, rng: random.Random) -> Row | None:
    found = _paged(row)
    if not found or len(found[1]) < 3:
        return None
    at = rng.randrange(len(found[1]))
    digit = rng.choice([d for d in "123456789" if d != found[1][at]])
    return {**row, "pages": found[1][:at] + digit + found[1][at + 1 :] + "-" + found[2]}


def _retranslated(row: Row, rng: random.Random) -> Row | None:
    if not (row["volume"] and _paged(row)) or LETTER.match(row["title"]) or "[" in row["title"]:
        return None
    words = row["title"].rstrip(". ").split()
    changed = [SYNONYMS.get(word.lower().strip(",:"), word) for word in words]
    if changed == words:
        return None
    if rng.random() < 0.5 and len(changed) > 6:  # a translator puts the end first
        at = next(
            (i for i in range(2, len(changed) - 1) if changed[i].lower() in ("in", "of", "for", "with", "after")), 0
        )
        changed = changed[at:] + changed[:at] if at else changed
    return {**row, "title": f"[{' '.join(changed)}]."}


def _letter(row: Row, rng: random.Random) -> Row | None:
    if not LETTER.match(row["title"]) or not row["doi"]:
        return None
    return {**row, "doi": "", "volume": "", "pages": "", "number": ""}


def _markup(row: Row, rng: random.Random) -> Row | None:
    words = row["title"].split()
    at = next((i for i, word in enumerate(words) if word.isupper() and len(word) > 1 and word.isalpha()), None)
    if at is None:
        at = rng.randrange(len(words)) if words else 0
    if not words:
        return None
    tag = rng.choice(("scp", "sc", "i", "jats:italic", 'span class="x"'))
    text = words[at].replace("&", "&amp;")
    opened, closed = (f"<{tag}>", f"</{tag.split()[0]}>")
    if rng.random() < 0.3:
        opened, closed = (part.replace("<", "&lt;").replace(">", "&gt;") for part in (opened, closed))
    return {**row, "title": " ".join([*words[:at], f"{opened}{text}{closed}", *words[at + 1 :]])}


def _year_slip(row: Row, rng: random.Random) -> Row | None:
    if not row["year"].isdecimal() or not row["volume"] or not _paged(row):
        return None
    return {**row, "year": str(int(row["year"]) + rng.choice((-10, 10, 5, -4)))}


def _doi_slip(row: Row, rng: random.Random) -> Row | None:
    if not row["volume"] or not _paged(row) or LETTER.match(row["title"]):
        return None
    return {**row, "doi": f"10.5555/other.{rng.randint(1, 10**9)}"}


def _blank(*names: str) -> Change:
    return lambda row, rng: {**row, **dict.fromkeys(names, "")} if any(row[name] for name in names) else None


KINDS: dict[str, Change] = {
    "issue: accession number": _issue(_accession),
    "issue: text": _issue(lambda row, rng: rng.choice(("(var.pagings)", "A", "Suppl.", "Pt 2", "L612345678", "UNSP"))),
    "issue: year": _issue(lambda row, rng: row["year"]),
    "issue: month as number": _issue(_month),
    "issue: month as word": _issue(lambda row, rng: rng.choice(MONTHS)),
    "issue: leading zero": lambda row, _: {**row, "number": f"0{row['number']}"} if row["number"].isdecimal() else None,
    "pages: none": _blank("pages"),
    "volume and pages: none": _blank("volume", "pages"),
    "pages: list": _list,
    "pages: another form": _page_form,
    "pages: a digit wrong": _page_slip,
    "title: translated again": _retranslated,
    "title: markup": _markup,
    "letters: no DOI, no place": _letter,
    "year: wrong": _year_slip,
    "DOI: wrong": _doi_slip,
}  # fmt: skip
WITH_DOI = ("letters: no DOI, no place", "DOI: wrong")


def read(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pairs_of(clusters: list[list[int]]) -> set[tuple[int, int]]:
    return {pair for members in clusters for pair in combinations(sorted(members), 2)}


def judged(rows: list[Row], blank: set[str]) -> set[tuple[int, int]]:
    from evidence.deduplicate import deduplicate_rows
    from evidence.deduplicate.prepare import prepare_row

    hidden = blank | {"true_cluster_id", "related_id"}
    items = [
        prepare_row({k: "" if k in blank else v for k, v in row.items() if k not in hidden - blank}) for row in rows
    ]
    return pairs_of(deduplicate_rows(items).clusters)


def in_place(rows: list[Row], change: Change, rng: random.Random) -> tuple[list[Row], set[tuple[int, int]]]:
    """Half of the records changed, and the true pairs."""
    truth = defaultdict(list)
    for at, row in enumerate(rows):
        truth[row["true_cluster_id"]].append(at)
    changed = [(change(row, rng) or row) if rng.random() < 0.5 else row for row in rows]
    return changed, pairs_of(list(truth.values()))


def copied(rows: list[Row], change: Change, rng: random.Random) -> tuple[list[Row], set[tuple[int, int]]]:
    """One record of each document, and a changed copy of those that the kind can change, and the true pairs."""
    seen: dict[str, Row] = {}
    for row in rows:
        seen.setdefault(row["true_cluster_id"], row)
    originals = list(seen.values())
    if len(originals) > MOST_COPIES:
        originals = rng.sample(originals, MOST_COPIES)
    copies, truth = [], set()
    for at, row in enumerate(originals):
        other = change(row, rng)
        if other:
            truth.add((at, len(originals) + len(copies)))
            copies.append({**other, "record_id": f"copy{at}"})
    return originals + copies, truth


def related(rows: list[Row], pair: tuple[int, int]) -> bool:
    """Whether the labels call two documents related (a preprint and its article, a review and its update)."""
    one, other = (rows[at]["related_id"] for at in pair)
    return one == other != ""


def show(rows: list[Row], pairs: set[tuple[int, int]], what: str) -> None:
    for one, other in sorted(pairs)[:40]:
        for at in (one, other):
            print(
                "   ",
                what,
                [
                    rows[at][k][:110]
                    for k in ("title", "authors", "year", "journal", "volume", "number", "pages", "doi")
                ],
            )
        print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--kinds", default="")
    parser.add_argument("--pairs", action="store_true", help="print what is missed and what is false")
    parser.add_argument("--package", type=Path, default=ROOT)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "dedup")
    options = parser.parse_args()
    sys.path.insert(0, str(options.package))
    sets = {name: read(options.data / f"{name}.csv.gz") for name in options.sets.split(",")}
    print(f"{'':28}{'pairs':>8}{'missed':>8}{'false':>7}   {'copies':>8}{'missed':>8}{'false':>7}")
    for kind, change in KINDS.items():
        if options.kinds not in kind:
            continue
        total = [0] * 6
        for seed in options.seeds.split(","):
            for name, rows in sets.items():
                rng = random.Random(f"{seed} {kind} {name}")
                hidden = {"pmid"} if kind in WITH_DOI else {"pmid", "doi"}
                blank = hidden | {"abstract"}
                for offset, (made, truth) in enumerate((in_place(rows, change, rng), copied(rows, change, rng))):
                    found = judged(made, blank if offset else hidden)
                    found -= {pair for pair in found - truth if related(made, pair)}
                    for at, count in enumerate((len(truth), len(truth - found), len(found - truth))):
                        total[3 * offset + at] += count
                    if options.pairs:
                        show(made, truth - found, f"{name} missed")
                        show(made, found - truth, f"{name} FALSE")
        print(f"{kind:28}{total[0]:8}{total[1]:8}{total[2]:7}   {total[3]:8}{total[4]:8}{total[5]:7}", flush=True)


if __name__ == "__main__":
    main()
