"""What our readers give of other tools' public test files, by count of entries and by field.

    python benchmarks/public_fixtures.py DIR [--half seen|held|both] [--show]

DIR holds clones of any of the repositories below, each under its own name. Nothing is fetched, nothing is copied here.

    zotero/translators                 testCases of type "import" in the .js files, with the items they expect
    JabRef/jabref                      importer files with the .bib they expect
    MrTango/rispy                      .ris files; rispy itself reads them for comparison
    ESHackathon/CiteSource, mjwestgate/synthesisr, mjwestgate/revtools, elizagrames/litsearchr, camaradesuk/ASySD,
    asreview/asreview, asreview/asreview-datatools, CoLRev-Environment/colrev, sciunto-org/python-bibtexparser,
    citation-js/citation-js, holub008/nbib, ropensci/RefManageR, retorquere/bibtex-parser
                                       .ris .ciw .nbib .enw .isi .bib .csv .tsv .txt: marks of entries and of fields in
                                       the text are counted

A case belongs to the half "held" when the first hexadecimal digit of the SHA-256 of its name (``repository/path`` or
``repository/path#number``) is odd: faults were looked for in the other half only.

A field counts where the expectation states it: it is right when its normal form is the same; the
journal also when one contains the other; authors when the family names are the same in the same order. Of files
without expectations a field counts as right when the record has any value for a mark that stands in the entry.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from evidence.bibliography.normal import first_author_key, normal_doi, normal_journal, normal_pages, normal_title, plain
from evidence.errors import InputError
from evidence.exchange.reading import read_records
from evidence.record import Record

FIELDS = ("title", "year", "journal", "volume", "page", "authors", "doi")
# The formats that are claimed to be read: Zotero translators' test cases, and endings in the other repositories.
TRANSLATORS = (
    "RIS", "MEDLINEnbib", "OVID Tagged", "ReferBibIX", "Web of Science Tagged", "Endnote XML", "PubMed XML", "BibTeX",
    "CSL JSON", "OpenAlex JSON", "Datacite JSON",
)  # fmt: skip
ENDINGS = {".ris", ".ciw", ".nbib", ".enw", ".isi", ".bib", ".csv", ".tsv", ".txt", ".xml"}
JABREF = "jablib/src/test/resources/org/jabref/logic/importer/fileformat"
# JabRef's importer files of formats that are claimed, by the beginning of their names.
JABREF_FORMATS = (
    "RisImporterTest",
    "OvidImporterTest",
    "NbibImporterTest",
    "EndnoteXmlImporterTest",
    "IsiImporterTest",
)
COUNTED = (
    "rispy", "CiteSource", "synthesisr", "revtools", "litsearchr", "ASySD", "asreview", "asreview-datatools", "colrev",
    "python-bibtexparser", "citation-js", "nbib", "RefManageR", "bibtex-parser",
)  # fmt: skip
_TEST_CASES = re.compile(r"/\*\* BEGIN TEST CASES \*\*/\s*var testCases = (\[.*?\])\s*;?\s*/\*\* END", re.S)
# Marks of entries and of fields in the text of a file, by the format that the text is in.
MARKS: dict[str, tuple[str, dict[str, str]]] = {
    "ris": (
        r"^\s*ER {1,2}-\s*$",
        {"title": r"(?:TI|T1)  - \S", "year": r"(?:PY|Y1|DA)  - .*\d{4}", "journal": r"(?:JO|JF|T2)  - \S",
         "volume": r"VL  - \S", "authors": r"(?:AU|A1)  - \S", "doi": r"DO  - .*10\.\d{4,9}/"},
    ),
    "wos": (
        r"^PT \S",
        {"title": r"TI \S", "year": r"PY \d{4}", "journal": r"SO \S", "volume": r"VL \S", "page": r"BP [\w]",
         "authors": r"AU \S", "doi": r"DI 10\."},
    ),
    "nbib": (
        r"^PMID- ?\d",
        {"title": r"TI  - \S", "year": r"DP  - \d{4}", "journal": r"(?:JT|TA)  - \S", "volume": r"VI  - \S",
         "page": r"PG  - \S", "authors": r"F?AU +- \S", "doi": r"(?:LID|AID) - 10\.\S+ \[doi\]"},
    ),
    "enw": (r"^%0 ", {"title": r"%T \S", "year": r"%D .*\d{4}", "journal": r"%[JB] \S", "authors": r"%A \S"}),
    "bibtex": (
        r"^\s*@(?!(?i:comment|string|preamble|xdata|set)\b)\w+\s*[{(]",
        {"title": r"\s*title\s*=", "year": r"\s*(?:year|date)\s*=", "authors": r"\s*author\s*="},
    ),
}  # fmt: skip


@dataclass(slots=True)
class Case:
    """One file or test case: its text, and the items expected of it, each a field → value; or only their number."""

    name: str
    text: bytes
    group: str
    expected: list[dict[str, Any]] = field(default_factory=list)
    count: int | None = None

    @property
    def held(self) -> bool:
        return int(hashlib.sha256(self.name.encode()).hexdigest()[0], 16) % 2 == 1


@dataclass(slots=True)
class Score:
    """Sums over the cases of a group."""

    cases: int = 0
    expected: int = 0
    read: int = 0
    exact: int = 0
    stated: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)


# -- the cases -------------------------------------------------------------------------------------------------------


def cases(root: Path) -> Iterator[Case]:
    """Every case of the repositories that are there."""
    if (root / "translators").is_dir():
        yield from _zotero(root / "translators")
    if (root / "jabref" / JABREF).is_dir():
        yield from _jabref(root / "jabref")
    for name in COUNTED:
        if (root / name).is_dir():
            yield from _counted(root / name)


def _zotero(repository: Path) -> Iterator[Case]:
    for name in TRANSLATORS:
        path = repository / f"{name}.js"
        found = _TEST_CASES.search(path.read_text(encoding="utf-8")) if path.is_file() else None
        tests = json.loads(found.group(1)) if found else []
        for number, test in enumerate(tests, 1):
            if test.get("type") == "import":
                text = test["input"] if isinstance(test["input"], str) else "\n".join(test["input"])
                items = [_zotero_item(item) for item in test.get("items", []) if item.get("itemType") != "note"]
                yield Case(f"translators/{name}.js#{number}", text.encode(), f"Zotero {name}", items, len(items))


def _zotero_item(item: dict[str, Any]) -> dict[str, Any]:
    journal = item.get("publicationTitle") or item.get("proceedingsTitle") or item.get("bookTitle")
    doi = item.get("DOI") or next(iter(re.findall(r"^DOI: (\S+)", item.get("extra", ""), re.M)), None)
    people = [c for c in item.get("creators", []) if c.get("creatorType") == "author"]
    return {
        "title": item.get("title"), "year": _year(item.get("date")), "journal": journal, "volume": item.get("volume"),
        "page": item.get("pages"), "doi": doi, "authors": [c.get("lastName") or c.get("name", "") for c in people],
    }  # fmt: skip


def _jabref(repository: Path) -> Iterator[Case]:
    folder = repository / JABREF
    for path in sorted(folder.iterdir()):
        named = path.name.startswith(JABREF_FORMATS) and path.suffix in (".ris", ".txt", ".nbib", ".xml", ".isi")
        if not named:
            continue
        beside = path.with_suffix(".bib")
        if not beside.is_file():
            beside = folder / path.name.replace("ImporterTest", "ImporterTestBib").replace(path.suffix, ".bib")
        if beside.is_file():
            items = _bibtex_items(beside.read_text(encoding="utf-8", errors="replace"))
            group = f"JabRef {path.suffix[1:]}" if path.suffix != ".txt" else "JabRef Ovid"
            yield Case(f"jabref/{path.relative_to(repository)}", path.read_bytes(), group, items, len(items))


def _bibtex_items(text: str) -> list[dict[str, Any]]:
    import bibtexparser  # an independent reader

    items = []
    for entry in bibtexparser.parse_string(text).entries:
        values = {f.key.lower(): re.sub(r"[{}\\]", "", str(f.value)) for f in entry.fields}
        people = [name for name in re.split(r"\s+and\s+", values.get("author", "")) if name]
        items.append(
            {
                "title": values.get("title"), "year": _year(values.get("year") or values.get("date")),
                "journal": values.get("journal") or values.get("booktitle"), "volume": values.get("volume"),
                "page": values.get("pages"), "doi": values.get("doi"),
                "authors": [name.partition(",")[0] if "," in name else name.split()[-1] for name in people],
            }
        )  # fmt: skip
    return items


def _counted(repository: Path) -> Iterator[Case]:
    for path in sorted(repository.rglob("*")):
        if path.suffix in ENDINGS and path.is_file() and ".git" not in path.parts:
            data = path.read_bytes()
            try:
                kind = read_records(data).format
            except InputError:
                kind = _kind_by_marks(data.decode("utf-8", "replace"))
            name = f"{repository.name}/{path.relative_to(repository)}"
            if kind in MARKS:
                text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
                yield Case(name, data, f"{repository.name} {kind}", *_marked(text, kind))
            elif kind == "csv" and repository.name != "colrev":
                rows = _rows(data.decode("utf-8-sig", "replace"))
                if rows is not None:
                    yield Case(name, data, f"{repository.name} {kind}", [], rows)


def _kind_by_marks(text: str) -> str:
    """The format of a file that our readers refuse: one whose entries stand in it all the same."""
    return next((kind for kind, (entry, _) in MARKS.items() if re.search(entry, text, re.M)), "")


def _marked(text: str, kind: str) -> tuple[list[dict[str, Any]], int]:
    """Of each entry, ``True`` for a field whose mark stands in it."""
    entry, fields = MARKS[kind]
    starts = [match.start() for match in re.finditer(entry, text, re.M)]
    # RIS ends its entries, the others begin them.
    edges = [0, *starts] if kind == "ris" else [*starts, len(text)] if starts else []
    pieces = [text[start:end] for start, end in pairwise(edges)]
    items = [{name: _has(mark, piece) for name, mark in fields.items()} for piece in pieces]
    return items, len(pieces)


def _has(mark: str, piece: str) -> bool | None:
    return bool(re.search(f"^{mark}", piece, re.M)) or None


def _rows(text: str) -> int | None:
    """The rows of a plain table, by Python's csv and the header's own separator."""
    header = text.split("\n", 1)[0]
    separator = max(",;\t", key=header.count)
    rows = [row for row in csv.reader(text.splitlines(True), delimiter=separator) if any(row)]
    return len(rows) - 1 if rows and len({len(row) for row in rows}) == 1 else None


def _year(text: Any) -> int | None:
    found = re.search(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)", str(text or ""))
    return int(found.group(1)) if found else None


# -- the comparison --------------------------------------------------------------------------------------------------


def score(case: Case, total: Score, show: bool) -> None:
    """Add one case to its group's sums."""
    try:
        imported = read_records(case.text, uncited=True)
        records = [record for record, _ in imported.records]
        read = imported.entries
    except InputError:
        records, read = [], 0
    total.cases += 1
    total.expected += case.count or 0
    total.read += min(read, case.count or 0)
    total.exact += read == case.count
    if show and read != case.count:
        print(f"{case.name}: {read} entries instead of {case.count}")
    for number, item in enumerate(case.expected):
        record = records[number] if number < len(records) else None
        for name in FIELDS:
            if item.get(name) in (None, "", []):
                continue
            total.stated[name] += 1
            if record is not None and _agrees(name, item[name], record):
                total.right[name] += 1
            elif show:
                print(f"{case.name} entry {number + 1} {name}: {item[name]!r} is {_ours(name, record)!r}")


def _ours(name: str, record: Record | None) -> Any:
    if record is None:
        return None
    if name == "authors":
        return [author.collective or author.family for author in record.authors]
    if name == "page":  # PubMed cites by the publisher's own number where there are no pages
        return record.pages or record.electronic_id
    return getattr(record, name)


def _agrees(name: str, expected: Any, record: Record) -> bool:
    ours = _ours(name, record)
    if expected is True:
        return bool(ours)
    if name == "title":
        return normal_title(expected) in (normal_title(record.title), normal_title(record.vernacular_title))
    if name == "journal":
        one, other = normal_journal(expected), normal_journal(ours)
        return bool(other) and (one in other or other in one or one == normal_journal(record.journal_abbreviation))
    if name == "page":
        return normal_pages(str(expected))[0] == normal_pages(ours)[0]
    if name == "doi":
        return normal_doi(str(expected)) == ours
    if name == "authors":
        return [first_author_key(n) for n in expected] == [first_author_key(n) for n in ours]
    return plain(str(expected)).strip() == plain(str(ours or "")).strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--half", choices=("seen", "held", "both"), default="both")
    parser.add_argument("--show", action="store_true", help="every difference in a line")
    given = parser.parse_args()
    totals: dict[str, dict[str, Score]] = {"seen": defaultdict(Score), "held": defaultdict(Score)}
    for case in cases(given.directory):
        half = "held" if case.held else "seen"
        if given.half in (half, "both"):
            score(case, totals[half][case.group], given.show and half == given.half)
    for half, groups in totals.items():
        if groups:
            _print(half, groups)


def _print(half: str, groups: dict[str, Score]) -> None:
    print(f"\n{half}\n{'group':32}{'cases':>6}{'entries':>9}{'read':>7}" + "".join(f"{name:>13}" for name in FIELDS))
    whole = Score()
    for name in [*sorted(groups), "all"]:
        one = groups.get(name, whole)
        fields = "".join(f"{one.right[f]:>6}/{one.stated[f]:<6}" for f in FIELDS)
        print(f"{name:32}{one.cases:>6}{one.expected:>9}{one.read:>7}{fields}")
        if name != "all":
            for key in ("cases", "expected", "read"):
                setattr(whole, key, getattr(whole, key) + getattr(one, key))
            whole.stated.update(one.stated)
            whole.right.update(one.right)


if __name__ == "__main__":
    main()
