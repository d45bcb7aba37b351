"""References to works that do not exist, and real ones: which of both are doubted?

    python benchmarks/invented_references.py [--shared DIR] [--each 200] [--half 0|1] [--show KIND]
        [--index DIR]

An index of PubMed is made of all real records in hand and said to cover 1800 to 2026. Over its records fourteen kinds
of references are made, by seed: nobody ever cited them. Doubted is what is called *exists, described wrongly*,
*identifier of another work* or *no such work in PubMed*. The false alarms are counted on real strings
(``../shared/references``, and the lists that PubMed matched itself) whose works the index holds. Records and works are
split in two by a hash of their id; rules were made on half 0, half 1 was looked at last.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import reference_data as data
from library_factory import make_library

from evidence.library import Library
from evidence.pubmed_index import Covers, IndexRow, build_index
from evidence.pubmed_index.reader import PubMedIndex
from evidence.references import Resolution, parse_reference
from evidence.references.standing import DOUBTFUL, NO_SUCH_WORK, Standing, stand

SEED, THIS_YEAR = 15, 2026
OTHER_WORDS = (
    "hip knee children headache lumbar insulin vaccine sleep renal fracture asthma elderly maternal dental".split()
)
SYLLABLES = "mar ten lo vi kar sen ber gu ha stro mi ne do wal pe ri tor as chen ka zu li".split()
DESIGNS = ("a randomised trial", "a cohort study", "a systematic review", "results of a pilot study", "a case series")
LANGUAGES = ("in German", "in French", "in Spanish", "in Chinese", "in Russian")
_CUT = re.compile(r" (?:in|for|of|on|with|after|during|by) ")


def index_rows(shared: Path) -> tuple[list[IndexRow], list[data.Row], dict[str, str], list[data.Question], list[str]]:
    """The index, the records that references are made over, work → PMID, the real strings, and those well labelled."""
    works, questions = data.pmc(shared)
    pubmed, cited = data.pubmed(shared)
    others = data.filler(shared, 40_000)
    pmids: dict[str, str] = {}
    rows = []
    number = 90_000_000
    for row in [*works, *others, *pubmed]:
        if not row.get("pmid"):
            number += 1
        pmids[row["id"]] = str(row.get("pmid") or number)
        rows.append(row_of(row, int(pmids[row["id"]])))
    known = {row["id"] for row in pubmed}
    questions += [question for question in cited if question[0] in known]
    made_over = [row for row in [*others, *pubmed] if usable(row)]
    labels = {row["id"] for row in works if len(row["title"].split()) >= 3} | known
    return rows, made_over, pmids, questions, sorted(labels)


def row_of(row: data.Row, pmid: int) -> IndexRow:
    return IndexRow(
        pmid=pmid, doi=row.get("doi"), title=row["title"], first_author=(row["authors"] or [""])[0],
        year=row.get("year"), journal=row["journal"] or "", journal_full=row.get("journal_full") or "",
        volume=row.get("volume") or "", first_page=row.get("pages") or "",
    )  # fmt: skip


def usable(row: data.Row) -> bool:
    """A record with all that a reference prints, and a title of six words and more."""
    return bool(
        len(row["title"].split()) >= 6 and row["authors"] and row.get("year") and row.get("volume")
        and re.match(r"[A-Za-z]?\d+", row.get("pages") or "") and row["journal"] and row.get("doi")
    )  # fmt: skip


class Maker:
    """Makes references of each kind over real records; the same for the same seed."""

    def __init__(self, rows: list[data.Row], seed: int):
        self.rows, self.random = rows, random.Random(seed)
        self.kinds: dict[str, Callable[[], data.Row]] = {
            "all invented": self.invented, "two real works mixed": self.mixed,
            "real title, other authors, year, journal": self.other_source, "near-miss title": self.near_miss,
            "real DOI, other title": self.real_doi, "DOI that nobody issued": self.unissued,
            "plausible author, wrong work": self.wrong_work, "right work, wrong venue": self.wrong_venue,
            "volume and pages of another": self.merged, "future year": self.future, "translated": self.translated,
            "chimera of three": self.chimera, "invented, with identifiers": self.with_identifiers,
            "invented, without identifiers": self.without_identifiers,
        }  # fmt: skip

    def pick(self) -> data.Row:
        return dict(self.random.choice(self.rows))

    def name(self) -> str:
        return "".join(self.random.sample(SYLLABLES, self.random.choice((2, 3)))).capitalize()

    def title(self) -> str:
        """Half of one title and half of another, or what a template says of both."""
        one, other = (_CUT.split(self.pick()["title"].rstrip(".")) for _ in range(2))
        design = self.random.choice(DESIGNS)
        if self.random.random() < 0.5:
            return f"{one[0]} in {other[-1]}"
        return f"{one[0]} and {other[0][0].lower()}{other[0][1:]}: {design}"

    def place(self) -> data.Row:
        first = self.random.randrange(1, 900)
        return {
            "volume": str(self.random.randrange(2, 90)), "pages": f"{first}-{first + self.random.randrange(3, 15)}",
            "year": self.random.randrange(1995, 2025),
        }  # fmt: skip

    def doi(self) -> str:
        return f"10.{self.random.randrange(1000, 1200)}/{self.name().lower()}.{self.random.randrange(10**6, 10**7)}"

    def invented(self) -> data.Row:
        authors = [self.name() for _ in range(self.random.randrange(1, 6))]
        made = {"title": self.title(), "authors": authors, "journal": self.pick()["journal"], **self.place()}
        return made | ({"doi": self.doi()} if self.random.random() < 0.5 else {"doi": None})

    def mixed(self) -> data.Row:
        one, other = self.pick(), self.pick()
        return other | {"title": one["title"], "doi": None}

    def other_source(self) -> data.Row:
        other = self.pick()
        authors = [self.name() for _ in range(3)]
        return self.pick() | {"authors": authors, "journal": other["journal"], "doi": None, **self.place()}

    def near_miss(self) -> data.Row:
        row = self.pick()
        words = [word for word in re.findall(r"[A-Za-z]{5,}", row["title"]) if row["title"].count(word) == 1]
        if not words:
            return self.near_miss()
        return row | {"title": row["title"].replace(self.random.choice(words), self.random.choice(OTHER_WORDS))}

    def real_doi(self) -> data.Row:
        return self.invented() | {"doi": self.pick()["doi"]}

    def unissued(self) -> data.Row:
        return self.pick() | {"doi": self.doi()}

    def wrong_work(self) -> data.Row:
        if self.random.random() < 0.5:
            return self.pick() | {"authors": self.pick()["authors"], "doi": None}
        row = self.pick()
        return row | {"title": self.title(), "doi": None} | self.place() | {"year": row["year"]}

    def wrong_venue(self) -> data.Row:
        return self.pick() | {"journal": self.pick()["journal"], "doi": None}

    def merged(self) -> data.Row:
        other = self.pick()
        return self.pick() | {"volume": other["volume"], "pages": other["pages"], "doi": None}

    def future(self) -> data.Row:
        made = self.pick() if self.random.random() < 0.5 else self.invented()
        return made | {"year": THIS_YEAR + self.random.randrange(2, 9), "doi": None}

    def translated(self) -> data.Row:
        return self.invented() | {"title": f"[{self.title()}]", "language": self.random.choice(LANGUAGES), "doi": None}

    def chimera(self) -> data.Row:
        source = self.pick()
        return source | {"title": self.pick()["title"], "authors": self.pick()["authors"], "doi": None}

    def with_identifiers(self) -> data.Row:
        return self.invented() | {"doi": self.doi(), "pmid": str(self.random.randrange(70_000_000, 80_000_000))}

    def without_identifiers(self) -> data.Row:
        return self.invented() | {"doi": None}

    def printed(self, row: data.Row) -> str:
        """A reference in one of five styles."""
        names = [f"{name} {self.random.choice('ABCDEGHJKLMPRST')}" for name in row["authors"][:4]]
        title, year, pages = row["title"].rstrip("."), row["year"], row["pages"]
        language = f" [Article {row['language']}]" if row.get("language") else ""
        style = self.random.randrange(5)
        if style == 0:
            text = f"{', '.join(names)}. {title}.{language} {row['journal']}. {year};{row['volume']}:{pages}."
        elif style == 1:
            apa = ", ".join(f"{name.rsplit(' ', 1)[0]}, {name.rsplit(' ', 1)[1]}." for name in names)
            text = f"{apa} ({year}). {title}.{language} {row['journal']}, {row['volume']}, {pages}."
        elif style == 2:
            text = f"{', '.join(names)} ({year}) {title}.{language} {row['journal']} {row['volume']}:{pages}"
        elif style == 3:
            text = f"{', '.join(names)}: {title}.{language} {row['journal']} {year}, {row['volume']}:{pages}."
        else:
            text = f"{', '.join(names)}. “{title}.”{language} {row['journal']} {row['volume']} ({year}): {pages}."
        text += f" doi:{row['doi']}" if row.get("doi") and (row.get("must") or self.random.random() < 0.5) else ""
        return text + (f" PMID: {row['pmid']}" if row.get("pmid") else "")


def standings(texts: list[str], library: Library, index: PubMedIndex) -> Iterator[Standing]:
    for text in texts:
        yield stand(Resolution(text, parsed=parse_reference(text)), library, index, THIS_YEAR)


def detection(maker: Maker, each: int, library: Library, index: PubMedIndex, show: str) -> None:
    print(f"{'kind':44s} {'made':>5s} {'doubted':>8s}   answers")
    caught = total = 0
    for kind, make in maker.kinds.items():
        texts = [maker.printed(printable(kind, make())) for _ in range(each)]
        found = list(standings(texts, library, index))
        doubted = sum(one.answer in DOUBTFUL for one in found)
        answers = Counter(one.answer for one in found)
        print(f"{kind:44s} {each:5d} {doubted / each:8.1%}   {', '.join(f'{a} {n}' for a, n in answers.most_common())}")
        caught, total = caught + doubted, total + each
        if show and show in kind:
            shown(texts, found, doubted=False)
    print(f"{'all':44s} {total:5d} {caught / total:8.2%}")


def printable(kind: str, row: data.Row) -> data.Row:
    """A PMID is printed of one kind only; where the DOI is the matter, it is printed always."""
    row = dict(row) if kind == "invented, with identifiers" else {k: v for k, v in row.items() if k != "pmid"}
    return row | ({"must": True} if "DOI" in kind or kind == "invented, with identifiers" else {})


def false_alarms(
    questions: list[data.Question], labels: set[str], library: Library, index: PubMedIndex, show: str
) -> None:
    print(f"\n{'real strings':44s} {'asked':>5s} {'doubted':>8s} {'no such':>8s}   answers")
    for name in ("pmc_refs_dev", "pubmed"):
        for words, chosen in (
            ("", [q for q in questions if q[1] == name]),
            (", titles of three words and more", [q for q in questions if q[1] == name and q[0] in labels]),
        ):
            texts = [question[2] for question in chosen]
            started = time.process_time()
            found = list(standings(texts, library, index))
            spent = (time.process_time() - started) / max(1, len(texts)) * 1000
            doubted = sum(one.answer in DOUBTFUL for one in found)
            none = sum(one.answer == NO_SUCH_WORK for one in found)
            answers = Counter(one.answer for one in found)
            share, lost = doubted / max(1, len(texts)), none / max(1, len(texts))
            print(
                f"{name + words:44s} {len(texts):5d} {share:8.2%} {lost:8.2%}"
                f"   {', '.join(f'{a} {n}' for a, n in answers.most_common())}; {spent:.1f} ms each"
            )
        if show == "real":
            shown(texts, found, doubted=True)


def shown(texts: list[str], found: list[Standing], doubted: bool) -> None:
    for text, one in zip(texts, found, strict=True):
        if (one.answer in DOUBTFUL) is doubted:
            print(f"    {text[:260]}\n      {one.answer}: {one.reason}")
            for differing in one.differs:
                print(f"        {differing}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=data.ROOT.parent / "shared")
    parser.add_argument("--each", type=int, default=200, help="references of each kind")
    parser.add_argument("--half", type=int, choices=(0, 1), help="one half only")
    parser.add_argument("--show", default="", help="print what was missed of a kind, or the false alarms ('real')")
    parser.add_argument("--index", type=Path, help="a larger index, as benchmarks/pubmed_index.py --keep DIR makes it")
    options = parser.parse_args()
    rows, made_over, _, questions, labels = index_rows(options.shared)
    with tempfile.TemporaryDirectory() as folder:
        if options.index is None:
            build_index(rows, Path(folder), Covers(1800, THIS_YEAR, "the records in hand"))
        index, library = PubMedIndex.open(options.index or Path(folder)), make_library([])
        for part in (0, 1) if options.half is None else (options.half,):
            print(f"\n== half {part}: {'held out' if part else 'developed on'}; {len(index):,} records\n")
            maker = Maker([row for row in made_over if data.half(row["id"]) == part], SEED + part)
            detection(maker, options.each, library, index, options.show)
            asked = [question for question in questions if data.half(question[0]) == part]
            false_alarms(asked, set(labels), library, index, options.show)


if __name__ == "__main__":
    main()
