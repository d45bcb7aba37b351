"""Large invented ``evidence.db`` files for the benchmark and for counting tests."""

from __future__ import annotations

import random
from pathlib import Path

from site_factory import TAGS, add_report, finish, insert, new_database


def large_database(path: Path, size: int, seed: int = 7) -> Path:
    """``size`` invented reports whose words follow a Zipf law, as titles and abstracts of one field do."""
    rng = random.Random(seed)
    db = new_database(path)
    words = _words(rng)
    weights = [1 / (rank + 3) for rank in range(len(words))]
    cumulative = [sum(weights[:1])]
    for weight in weights[1:]:
        cumulative.append(cumulative[-1] + weight)
    for study in range(size // 40):
        insert(db, "studies", id=f"S{study}", title=f"Invented study {study}", reason="registration")
    for number in range(size):
        title = " ".join(rng.choices(words, cum_weights=cumulative, k=12)).capitalize()
        abstract = tuple(
            (label, " ".join(rng.choices(words, cum_weights=cumulative, k=45)) + ".")
            for label in ("METHODS", "RESULTS", "CONCLUSIONS")
        )
        tags = {facet: _some_tags(rng, facet) for facet in TAGS}
        year = 1985 + int(41 * rng.random() ** 0.5)
        add_report(
            db,
            str(10_000_000 + number),
            title,
            tags=tags,
            abstract=abstract,
            year=year,
            pmcid=f"PMC{number}" if number % 3 else None,
            sample_size=rng.randint(5, 500),
            publication_date=f"{year}-{rng.randint(1, 12):02}",
            study=f"S{rng.randrange(size // 40)}" if rng.random() < 0.06 else None,
            scope=rng.choices(("core", "neighbour", "unstated", "off_topic"), (5, 2, 1, 2))[0],
        )
    finish(db)
    return path


def _some_tags(rng: random.Random, facet: str) -> tuple[str, ...]:
    tag, _, parent = rng.choice(TAGS[facet])
    return (tag, parent) if parent else (tag,)


def _words(rng: random.Random) -> list[str]:
    """4,000 invented words behind thirty that everybody in the field uses."""
    common = (
        "stimulation pain spinal cord patients chronic nerve study treatment results relief back trial frequency burst "
        "lead implantation syndrome neuropathic outcomes randomised efficacy dorsal root ganglion peripheral "
        "opioid therapy device quality"
    ).split()
    parts = ("ba", "co", "di", "fen", "gra", "hel", "jo", "kar", "lum", "mi", "nor", "pel", "ri", "sto", "tu", "ver")
    return common + ["".join(rng.choices(parts, k=rng.randint(2, 4))) for _ in range(4000)]
