"""Known-item searches: ``python benchmarks/known_items.py EVIDENCE_DB [--each 20] [--half a|b] [--all] [--misses]``.

Whether somebody who knows a report finds it first. The searches are made from the library by rule: author and year
(one report of that first author in that year), two authors and year, a name of a tag (the first result must be tagged
so), a mistyped word of a title (a letter left out, doubled, changed or two swapped) beside three more of its words, a
mistyped author and year, British for American spelling and the reverse, PMC number, registration, PMID, DOI. Right is:
the first result is the report, or one of at most three that the search describes as well. Reports are drawn by a hash
of their id; ``--half`` keeps those of one half, so that rules can be written with one and measured with the other.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sqlite3
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evidence.derive.facet_index import FacetIndex  # noqa: E402
from evidence.derive.index_words import stems, words  # noqa: E402
from evidence.derive.schema import FACET_TABLE  # noqa: E402
from evidence.derive.search_names import is_short_form, names_of  # noqa: E402
from evidence.derive.spelling import other_spellings  # noqa: E402
from evidence.library.search import Selection, search  # noqa: E402


@dataclass(frozen=True)
class Item:
    """A search, and the ids of the reports one of which must come first."""

    kind: str
    typed: str
    right: frozenset[str]


def in_half(report: str, half: str) -> bool:
    return not half or (hashlib.sha256(report.encode()).digest()[0] % 2 == 0) == (half == "a")


def mistyped(word: str, rng: random.Random) -> str:
    """One slip of the fingers, behind the first letter."""
    place = rng.randrange(1, len(word) - 1)
    slips = (
        word[:place] + word[place + 1 :],
        word[:place] + word[place] + word[place:],
        word[:place] + rng.choice("aeioustrn") + word[place + 1 :],
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    )
    return rng.choice([slip for slip in slips if slip != word] or [word + word[-1]])


class Library:
    """What searches are made from: listed reports with their first authors."""

    def __init__(self, conn: sqlite3.Connection, half: str, everything: bool):
        sql = """SELECT r.id, r.title, r.year, r.pmid, r.doi, r.pmcid,
                   (SELECT coalesce(family, name) FROM authors WHERE report = r.id ORDER BY position LIMIT 1),
                   (SELECT coalesce(family, name) FROM authors WHERE report = r.id ORDER BY position LIMIT 1 OFFSET 1)
                 FROM reports r WHERE {} kind != 'notice' AND gone_since IS NULL"""
        sql = sql.format("" if everything else "scope != 'off_topic' AND")
        self.conn, self.reports = conn, conn.execute(sql).fetchall()
        self.first = Counter((row[6], row[2]) for row in self.reports)
        self.known = dict(conn.execute("SELECT stem, sum(reports) FROM search_words GROUP BY stem"))
        digest = {row[0]: hashlib.sha256(f"known{row[0]}".encode()).hexdigest() for row in self.reports}
        self.drawn = sorted((row for row in self.reports if in_half(row[0], half)), key=lambda row: digest[row[0]])

    def texts(self) -> dict[str, frozenset[str]]:
        """The stems of each report's title and abstract."""
        sql = """SELECT r.id, t.title || ' ' || coalesce(t.abstract, '')
                 FROM report_texts t JOIN reports r ON r.rowid = t.rowid"""
        return {report: frozenset(stems(text)) for report, text in self.conn.execute(sql)}


def by_author_and_year(library: Library, rng: random.Random) -> Iterator[Item]:
    for report, _, year, *_, first, second in library.drawn:
        if first and year and library.first[(first, year)] == 1:
            yield Item("author year", f"{first} {year}", frozenset([report]))
            if second and rng.random() < 0.5:
                yield Item("two authors year", f"{first} and {second} {year}", frozenset([report]))


def by_mistyped_author(library: Library, rng: random.Random) -> Iterator[Item]:
    families = {first for *_, first, _ in library.reports if first}
    for report, _, year, *_, first, _ in library.drawn:
        if first and first.isalpha() and len(first) >= 6 and year and library.first[(first, year)] == 1:
            wrong = mistyped(first, rng)
            if wrong not in families:
                yield Item("mistyped author year", f"{wrong} {year}", frozenset([report]))


def by_mistyped_word(library: Library, rng: random.Random) -> Iterator[Item]:
    texts = library.texts()
    for report, title, *_ in library.drawn:
        long = [word for word in words(title) if word.isalpha() and word.isascii() and len(word) >= 7]
        if len(set(long)) < 4:
            continue
        wrong, *beside = rng.sample(sorted(set(long)), 4)
        slip = mistyped(wrong, rng)
        if " ".join(stems(slip)) in library.known:
            continue
        wanted = set(stems(" ".join([wrong, *beside])))
        same = {other for other, text in texts.items() if wanted <= text}
        if len(same) <= 3:
            yield Item("mistyped word", " ".join([*beside[:2], slip, *beside[2:]]), frozenset(same | {report}))


def by_tag_name(library: Library, rng: random.Random) -> Iterator[Item]:
    found: dict[str, frozenset[str]] = {}
    typed: dict[str, str] = {}
    for facet in ("modality", "condition"):
        table = FACET_TABLE[facet]
        sql = f"SELECT report FROM report_{table} WHERE {facet} = ?"
        for tag, label, synonyms in library.conn.execute(f"SELECT id, label, synonyms FROM {table}").fetchall():
            tagged = frozenset(report for (report,) in library.conn.execute(sql, [tag]))
            names = [name for name in names_of(label, synonyms) if is_short_form(name) or len(words(name)) > 2]
            for name in names if tagged else ():  # a name of two tags means either
                typed.setdefault(name.lower(), name)
                found[name.lower()] = found.get(name.lower(), frozenset()) | tagged
    made = [Item("name of a tag", typed[name], right) for name, right in found.items()]
    rng.shuffle(made)
    yield from made


def by_other_spelling(library: Library, rng: random.Random) -> Iterator[Item]:
    texts = library.texts()
    for report, title, *_ in library.drawn:
        found = words(title)
        other = next(((word, new) for word in found for new in other_spellings(word) if word.isalpha()), None)
        rest = [word for word in dict.fromkeys(found) if other and word != other[0] and len(word) > 5][:4]
        if other and len(rest) >= 3:
            wanted = set(stems(" ".join([other[0], *rest])))
            same = {name for name, text in texts.items() if wanted <= text}
            if len(same) <= 3:
                yield Item("other spelling", " ".join([other[1], *rest]), frozenset(same | {report}))


def by_id(library: Library, rng: random.Random) -> Iterator[Item]:
    for report, _, _, pmid, doi, pmcid, *_ in library.drawn:
        for kind, name in (("PMID", pmid), ("DOI", doi), ("PMC number", pmcid)):
            if name and rng.random() < 0.5:
                yield Item(kind, name, frozenset([report]))
    sql = (
        "SELECT number, group_concat(report) FROM study_registrations JOIN study_reports USING (study) GROUP BY number"
    )
    for number, reports in library.conn.execute(sql):
        yield Item("registration", number, frozenset(reports.split(",")))


MAKERS: tuple[Callable[[Library, random.Random], Iterator[Item]], ...] = (
    by_author_and_year, by_mistyped_author, by_mistyped_word, by_tag_name, by_other_spelling, by_id,
)  # fmt: skip


def items(library: Library, each: int, seed: int = 11) -> list[Item]:
    """At most ``each`` searches of every kind, without two alike."""
    rng, found, counts = random.Random(seed), {}, Counter[str]()
    for maker in MAKERS:
        for item in maker(library, rng):
            if counts[item.kind] < each and item.typed not in found:
                found[item.typed] = item
                counts[item.kind] += 1
            if maker is not by_id and maker is not by_author_and_year and counts[item.kind] >= each:
                break
    return list(found.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("evidence_db", type=Path)
    parser.add_argument("--each", type=int, default=20)
    parser.add_argument("--half", choices=("a", "b"), default="")
    parser.add_argument("--all", action="store_true", help="off-topic reports too")
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    conn = sqlite3.connect(f"file:{options.evidence_db}?mode=ro", uri=True)
    index = FacetIndex.load(conn)
    ids = dict(conn.execute("SELECT rowid, id FROM reports"))
    right, asked, times = Counter[str](), Counter[str](), []
    for item in items(Library(conn, options.half, options.all), options.each):
        started = time.perf_counter()
        hits = search(conn, index, Selection(text=item.typed, everything=options.all), limit=25)
        times.append((time.perf_counter() - started) * 1000)
        asked[item.kind] += 1
        first = ids[hits.rowids[0]] if hits.rowids else None
        right[item.kind] += first in item.right
        if options.misses and first not in item.right:
            print(f"  {item.kind}: {item.typed!r} wanted {sorted(item.right)[:3]}, got {first} of {hits.total}")
    for kind in asked:
        print(f"{kind:22} {right[kind]:4} of {asked[kind]}")
    total, of = sum(right.values()), sum(asked.values())
    print(f"first result right: {total} of {of} ({total / of:.1%}); median {statistics.median(times):.1f} ms")


if __name__ == "__main__":
    main()
