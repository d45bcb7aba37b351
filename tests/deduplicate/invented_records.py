"""Invented records, and the ways in which databases print one of them differently; seeded, so always the same."""

from __future__ import annotations

import random

TOPICS = (
    "stimulation neuropathy sciatica radiculopathy migraine fibromyalgia causalgia opioid lead paddle burst".split()
)
WORDS = (
    "outcomes long term cohort waveform threshold patients battery trial cost sleep quality relief trunk limb".split()
)
FAMILIES = (
    "Okafor Lindqvist Moreau Haas Ito Novak Petrov Vargas Tomlin García Müller Ørskov Łukasz Nguyen Achterberg".split()
)
JOURNALS = (
    ("Pain Medicine", "Pain Med"),
    ("Clinical Journal of Pain", "Clin J Pain"),
    ("European Journal of Pain", "Eur J Pain"),
    ("Regional Anesthesia and Pain Medicine", "Reg Anesth Pain Med"),
)


def invent(number: int, chance: random.Random) -> dict[str, str]:
    """A row with every field but the PMID."""
    title = chance.sample(TOPICS, 3) + chance.sample(WORDS, 5) + [f"cohort{number % 97}"]
    year = chance.randint(1998, 2024)
    page = chance.randint(20, 1800)
    authors = [f"{family} {chance.choice('ABCDE')}" for family in chance.sample(FAMILIES, chance.randint(2, 6))]
    return {
        "record_id": f"r{number}", "title": " ".join(title).capitalize(), "authors": " and ".join(authors),
        "year": str(year), "journal": chance.choice(JOURNALS)[0], "volume": str(year - 1990),
        "number": str(chance.randint(1, 12)), "pages": f"{page}-{page + chance.randint(3, 14)}",
        "doi": f"10.9999/invented.{number}", "abstract": "",
    }  # fmt: skip


def drift(row: dict[str, str], name: str, chance: random.Random) -> dict[str, str]:
    """The same document as another database, or the same one earlier, prints it."""
    other = dict(row, record_id=name)
    for change in chance.sample(CHANGES, 2):
        change(other)
    return other


def _ahead_of_print(row: dict[str, str]) -> None:
    row.update(volume="", number="", pages="")


def _no_doi(row: dict[str, str]) -> None:
    row["doi"] = ""


def _abbreviated(row: dict[str, str]) -> None:
    row["journal"] = dict(JOURNALS).get(row["journal"], row["journal"])


def _capitals(row: dict[str, str]) -> None:
    row["title"] = row["title"].upper() + "."


def _short_pages(row: dict[str, str]) -> None:
    first, _, last = row["pages"].partition("-")
    if len(first) == len(last) and first[:-2] == last[:-2]:
        row["pages"] = f"{first}-{last[-2:]}"


def _review(row: dict[str, str]) -> None:
    row["title"] += ". [Review] [31 refs]"


CHANGES = (_ahead_of_print, _no_doi, _abbreviated, _capitals, _short_pages, _review)


def library(size: int, copies: float = 0.5, seed: int = 7) -> list[dict[str, str]]:
    """``size`` documents, and about ``copies`` times as many other records of them."""
    chance = random.Random(seed)
    rows = [invent(number, chance) for number in range(size)]
    rows += [drift(chance.choice(rows[:size]), f"c{number}", chance) for number in range(int(size * copies))]
    chance.shuffle(rows)
    return rows
