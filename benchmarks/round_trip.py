"""What other programs read of what was received: real records imported, built, exported in every format, read again.

    python benchmarks/round_trip.py [FOLDER] [--files N] [--show FIELD]

FOLDER holds ``*.xml.gz`` of PubMed (``../shared/pubmed``: 1,884 records), or JSON lines that the importer reads
(``*.jsonl.gz``, ``../shared/tagging``: 1,420). The files go in through the importer, a build
makes the public database, ``evidence export`` writes all of it, and other people's readers read it: Bio.Medline (nbib),
rispy (RIS), bibtexparser and pylatexenc (BibTeX), json (CSL-JSON), csv (CSV); with EVIDENCE_NODE_MODULES set (see
``tests/exchange/test_other_programs.py``) citation-js and Better BibTeX as well. For every format and every field that
``docs/files.md`` says it keeps: how many records came back as they were, of those that have the field.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import re
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bibtexparser
import rispy
from Bio import Medline
from pylatexenc.latex2text import LatexNodes2Text

from evidence.derive import build
from evidence.exchange.pubmed import read_article_set
from evidence.exchange.reading import read_records
from evidence.project import Project
from evidence.record import Author, Record
from evidence.services.export import export_selection
from evidence.tracker import Tracker
from evidence.tracker.importing import import_files

ROOT = Path(__file__).resolve().parents[1]
Values = list[str]
Entry = dict[str, Any]
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_LATEX = LatexNodes2Text(keep_comments=True, math_mode="verbatim")


def one(value: Any) -> Values:
    """A value as a list of one, blanks single; ``[]`` for none."""
    text = " ".join(str(value or "").split())
    return [text] if text else []


def many(values: Any) -> Values:
    return [text for value in values or () for text in one(value)]


# -- what was received --------------------------------------------------------------------------------------------


def _person(author: Author, suffix_at: int = 2) -> str:
    parts = [author.family, author.given or author.initials]
    parts.insert(suffix_at, author.suffix)
    return ", ".join(part for part in parts if part)


def _pages(record: Record) -> tuple[str, str]:
    first, _, last = re.split(r"[;,]", record.pages, maxsplit=1)[0].partition("-")
    return (first.strip(), last.strip()) if last else (record.pages, "")


def _words(name: str) -> str:
    """``ErratumIn`` → ``Erratum in``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("edand ", "ed and ").capitalize()


def _place(correction: Any) -> str:
    pmid = f"PMID: {correction.pmid}" if correction.pmid else ""
    parts = (correction.ref_source, correction.note, pmid)
    return ". ".join(stripped for part in parts if (stripped := part.strip().rstrip(".")))


def _structured(sections: Any) -> str:
    return " ".join(f"{s.label}: {s.text}" if s.label else s.text for s in sections)


def _mesh(record: Record) -> Values:
    return sorted(
        "/".join([f"{'*' * m.major}{m.heading}", *(f"{'*' * major}{name}" for _, name, major in m.qualifiers)])
        for m in record.mesh
    )


def _mesh_once(record: Record) -> Values:
    return sorted(dict.fromkeys(_mesh(record)))


RECEIVED: dict[str, Callable[[Record], Values]] = {
    "title": lambda r: one(r.title or r.vernacular_title),
    "original title": lambda r: one(r.vernacular_title if r.title else ""),
    "persons": lambda r: many(_person(a) for a in r.authors if not a.collective),
    "groups": lambda r: many(a.collective for a in r.authors),
    "names cited": lambda r: many(a.name for a in r.authors if not a.collective),
    "suffixes": lambda r: many(a.suffix for a in r.authors),
    "year": lambda r: one(r.year),
    "date": lambda r: one(r.publication_date),
    "journal": lambda r: one(r.journal),
    "abbreviation": lambda r: one(r.journal_abbreviation),
    "volume": lambda r: one(r.volume),
    "issue": lambda r: one(r.issue),
    "pages": lambda r: one(r.pages),
    "first page": lambda r: one(_pages(r)[0]),
    "ISSN": lambda r: sorted({number for number, _ in r.issns if number}),
    "ISSN kinds": lambda r: sorted({f"{number} {kind}" for number, kind in r.issns if number}),
    "ISBN": lambda r: one(r.issn if r.kind == "book" else ""),
    "DOI": lambda r: one(r.doi),
    "PMID": lambda r: one(r.pmid),
    "PMC": lambda r: one(r.pmcid),
    "languages": lambda r: many(r.languages),
    "abstract": lambda r: one(_structured(r.abstract)),
    "other abstracts": lambda r: many(_structured(sections) for _, _, sections in r.other_abstracts),
    "keywords": lambda r: many(r.keywords),
    "MeSH": _mesh_once,
    "publication types": lambda r: sorted({name for _, name in r.publication_types}),
    "types that tell": lambda r: sorted({name for _, name in r.publication_types} - {"Journal Article"}),
    "corrections": lambda r: sorted(f"{_words(c.ref_type)}: {_place(c)}" for c in r.corrections),
    "registrations": lambda r: many("/".join(filter(None, pair)) for pair in r.databanks),
    "grants": lambda r: many(r.grants),
    "conflicts": lambda r: one(r.conflict_statement),
    "affiliations": lambda r: many(text for a in r.authors for text in a.affiliations),
    "affiliations once": lambda r: one("; ".join(dict.fromkeys(many(t for a in r.authors for t in a.affiliations)))),
    "ORCID": lambda r: many(a.orcid for a in r.authors),
    "electronic date": lambda r: one(r.electronic_date),
    "electronic id": lambda r: one(r.electronic_id),
    "history": lambda r: many(f"{event} {date}" for event, date in r.history if date),
    "status": lambda r: one(r.status),
    "completed, revised": lambda r: many((r.date_completed, r.date_revised)),
    "NLM id": lambda r: one(r.nlm_id),
}


# -- how each format's entries are read -----------------------------------------------------------------------------


def _iso(printed: str) -> str:
    """``2014 Jul 3`` or ``20140703`` → ``2014-07-03``."""
    if printed.isdigit() and len(printed) > 4:
        return "-".join(part for part in (printed[:4], printed[4:6], printed[6:]) if part)
    year, *rest = printed.split()
    months = [f"{_MONTHS.index(rest[0]) + 1:02}"] if rest else []
    return "-".join([year, *months, *(f"{int(day):02}" for day in rest[1:])])


_CORRECTION_TAGS = {
    "CIN": "Comment in", "CON": "Comment on", "EIN": "Erratum in", "EFR": "Erratum for", "RIN": "Retraction in",
    "ROF": "Retraction of", "ECI": "Expression of concern in", "ECF": "Expression of concern for", "UIN": "Update in",
    "UOF": "Update of", "CRI": "Corrected and republished in", "CRF": "Corrected and republished from",
    "RPI": "Republished in", "RPF": "Republished from", "ORI": "Original report in",
    "SPIN": "Summary for patients in",
}  # fmt: skip


def _nbib(entry: Entry) -> dict[str, Values]:
    issns = sorted(set(re.findall(r"(\S+) \((\w+)\)", entry.get("IS", ""))))
    located = [*re.findall(r"([^\[\]]+?) \[(doi|pii)\]\s*", entry.get("LID", "")), *_identifiers(entry.get("AID", ()))]
    # Of tags that it does not know Bio.Medline makes every line an entry of its own; so it does with PubMed's files.
    corrections = [f"{words}: {' '.join(many(entry[tag]))}" for tag, words in _CORRECTION_TAGS.items() if tag in entry]
    # Bio.Medline keeps a last name and a suffix as they are printed: "Vogt, Petra A Jr".
    return {
        "title": one(entry.get("TI") or entry.get("TT")),
        "original title": one(entry.get("TT") if entry.get("TI") else ""),
        "persons": many(entry.get("FAU")),
        "groups": _joined(entry.get("CN")),
        "names cited": many(entry.get("AU")),
        "year": one(entry.get("DP", "")[:4]),
        "date": one(_iso(entry["DP"]) if entry.get("DP") else ""),
        "journal": one(entry.get("JT")),
        "abbreviation": one(entry.get("TA")),
        "volume": one(entry.get("VI")),
        "issue": one(entry.get("IP")),
        "pages": one(entry.get("PG")),
        "ISSN": sorted({number for number, _ in issns}),
        "ISSN kinds": [f"{number} {kind}" for number, kind in issns],
        "ISBN": many(entry.get("ISBN")),
        "DOI": list(dict.fromkeys(value for value, kind in located if kind == "doi")),
        "PMID": one(entry.get("PMID")),
        "PMC": one(entry.get("PMC")),
        "languages": many(entry.get("LA")),
        "abstract": one(entry.get("AB")),
        "other abstracts": _joined(entry.get("OAB")),
        "keywords": _joined(entry.get("OT")),
        "MeSH": sorted(many(entry.get("MH"))),
        "publication types": sorted(many(entry.get("PT"))),
        "corrections": sorted([*corrections, *_joined(entry.get("GN"))]),
        "registrations": many(entry.get("SI")),
        "grants": _joined(entry.get("GR")),
        "conflicts": _joined(entry.get("COIS")),
        "affiliations": many(entry.get("AD")),
        "ORCID": [text.removeprefix("ORCID: ") for text in many(entry.get("AUID"))],
        "electronic date": one(_iso(entry["DEP"]) if entry.get("DEP") else ""),
        "electronic id": list(dict.fromkeys(value for value, kind in located if kind == "pii")),
        "history": [f"{m[2]} {m[1].replace('/', '-')}" for t in many(entry.get("PHST")) if (m := _event(t))],
        "status": one(entry.get("STAT")),
        "completed, revised": [_iso(entry[tag]) for tag in ("DCOM", "LR") if entry.get(tag)],
        "NLM id": one(entry.get("JID")),
    }


def _event(text: str) -> re.Match[str] | None:
    return re.fullmatch(r"(\S+) \[(\S+)\]", text)


def _identifiers(values: Any) -> list[tuple[str, str]]:
    return [found for value in values for found in re.findall(r"^(.+) \[(doi|pii)\]$", value)]


def _joined(value: Any) -> Values:
    """A field that Bio.Medline does not know: it gives its lines as they stand."""
    return one(" ".join(value) if isinstance(value, list) else value)


def _notes(notes: Values) -> dict[str, Values]:
    """The notes of RIS, BibTeX and CSL-JSON by what they begin with."""
    by_kind = defaultdict(list)
    for note in notes:
        kind, _, text = note.partition(": ")
        by_kind[kind].append(text)
    known = ("PMID", "Registration", "Grant", "Conflicts of interest", "Original title", "Publication type")
    return {
        "corrections": sorted(note for note in notes if note.partition(": ")[0] not in known),
        "registrations": by_kind["Registration"],
        "grants": by_kind["Grant"],
        "conflicts": by_kind["Conflicts of interest"],
        "original title": by_kind["Original title"],
        "types that tell": sorted(name for text in by_kind["Publication type"] for name in text.split("; ")),
    }


def _ris(entry: Entry) -> dict[str, Values]:
    people = [name.rstrip(",") for name in many(entry.get("authors"))]  # EndNote's comma after a group
    serials = one(entry.get("issn"))
    numbers = serials[0].split() if serials else []
    date = "-".join(part for part in entry.get("date", "").split("/") if part)
    first, last = entry.get("start_page", ""), entry.get("end_page", "")
    book = entry["type_of_reference"] in ("CHAP", "BOOK")
    return {
        **_notes(many(entry.get("notes"))),
        "title": one(entry.get("title")),
        "persons and groups": people,
        "year": one(entry.get("year")),
        "date": one(date),
        "journal": one(entry.get("secondary_title")),
        "abbreviation": one(entry.get("alternate_title1")),
        "volume": one(entry.get("volume")),
        "issue": one(entry.get("number")),
        "first page": one(first),
        "pages": one(f"{first}-{last}" if last else first),
        "ISSN": [] if book else sorted(numbers),
        "ISBN": serials if book else [],
        "DOI": one(entry.get("doi")),
        "PMID": one(entry.get("accession_number")),
        "PMC": one(entry.get("custom2")),
        "languages": many(entry.get("language", "").split("; ")),
        "abstract": one(entry.get("abstract")),
        "keywords and MeSH": many(entry.get("keywords")),
        "types that tell": sorted(one(entry.get("type_of_work"))[0].split("; ")) if entry.get("type_of_work") else [],
        "affiliations once": one(entry.get("author_address")),
    }


def _bibtex(entry: Entry) -> dict[str, Values]:
    # pylatexenc does not know these two commands of LaTeX.
    entry = {name: value.replace(r"\textless{}", "<").replace(r"\textgreater{}", ">") for name, value in entry.items()}
    text = {name: " ".join(_LATEX.latex_to_text(value).split()) for name, value in entry.items() if name != "keywords"}
    month = text.get("month", "")[:3].title()
    date = [text.get("year", ""), f"{_MONTHS.index(month) + 1:02}" if month else ""]
    people = _outside_braces(entry.get("author", ""), r"\s+and\s+")
    annotations = [note for note in re.split(r"; (?=[A-Z][a-z ]+: )", text.get("annote", "")) if note]
    notes = _notes(annotations)
    return {
        **notes,
        "title": one(text.get("title")),
        "original title": one(text.get("origtitle")),
        "persons and groups": many(_LATEX.latex_to_text(name) for name in people),
        "year": one(text.get("year")),
        "month": one("-".join(filter(None, date))),
        "journal": one(text.get("journal") or text.get("booktitle")),
        "abbreviation": one(text.get("shortjournal")),
        "volume": one(text.get("volume")),
        "issue": one(text.get("number")),
        "pages": one(entry.get("pages", "").replace("--", "-")),
        "ISSN": sorted(filter(None, text.get("issn", "").split(", "))),
        "ISBN": one(text.get("isbn")),
        "DOI": one(entry.get("doi")),
        "PMID": one(entry.get("pmid")),
        "PMC": one(entry.get("pmcid")),
        "languages": many(text.get("language", "").split(", ")),
        "abstract": one(text.get("abstract")),
        "keywords": many(_LATEX.latex_to_text(word) for word in _outside_braces(entry.get("keywords", ""), r",\s*")),
    }


def _outside_braces(text: str, separator: str) -> Values:
    """Parts of a BibTeX value, parted where no brace is open."""
    parts, depth, start = [], 0, 0
    for match in re.finditer(rf"(?<!\\)[{{}}]|{separator}", text):
        if match.group() in "{}":
            depth += 1 if match.group() == "{" else -1
        elif not depth:
            parts.append(text[start : match.start()])
            start = match.end()
    return [part for part in [*parts, text[start:]] if part]


def _csl(entry: Entry) -> dict[str, Values]:
    people = entry.get("author", [])
    words = entry.get("keyword", "")
    book = entry["type"] in ("chapter", "book")
    (parts,) = entry.get("issued", {}).get("date-parts", [[]])
    notes = _notes(many(entry.get("note", "").split("\n")))
    notes.pop("types that tell")
    return {
        **notes,
        "title": one(entry.get("title")),
        "original title": one(entry.get("original-title")),
        "persons": many(
            ", ".join(filter(None, (p["family"], p.get("given"), p.get("suffix")))) for p in people if "family" in p
        ),
        "groups": many(p.get("literal") for p in people),
        "suffixes": many(p.get("suffix") for p in people),
        "year": one(parts[0] if parts else ""),
        "date": one("-".join(f"{part:02}" for part in parts)),
        "journal": one(entry.get("container-title")),
        "abbreviation": one(entry.get("container-title-short")),
        "volume": one(entry.get("volume")),
        "issue": one(entry.get("issue")),
        "pages": one(entry.get("page")),
        "ISSN": [] if book else sorted(filter(None, entry.get("ISSN", "").split(", "))),
        "ISBN": one(entry.get("ISBN")),
        "DOI": one(entry.get("DOI")),
        "PMID": one(entry.get("PMID")),
        "PMC": one(entry.get("PMCID")),
        "languages": many(entry.get("language", "").split(", ")),
        "abstract": one(entry.get("abstract")),
        "keywords": many(words.split("; " if ";" in words else ",")),
        "types that tell": sorted(filter(None, entry.get("genre", "").split("; "))),
    }


def _csv(entry: Entry) -> dict[str, Values]:
    entry = {name: re.sub(r"^'(?=[=+@\t-])", "", cell) for name, cell in entry.items()}
    separator = next((sign for sign in ("||", "; ") if sign in entry["authors"]), " and ")
    names = [name.rstrip(",") for name in entry["authors"].split(separator)]

    def cells(name: str) -> Values:
        return many(entry[name].split("; "))

    return {
        "title": one(entry["title"]),
        "original title": one(entry["vernacular_title"]),
        "names cited and groups": many(names),
        "year": one(entry["year"]),
        "date": one(entry["publication_date"]),
        "journal": one(entry["journal"]),
        "abbreviation": one(entry["abbreviation"]),
        "volume": one(entry["volume"]),
        "issue": one(entry["number"]),
        "pages": one(entry["pages"]),
        "ISSN": sorted(cells("issn")),
        "ISBN": one(entry["isbn"]),
        "DOI": one(entry["doi"]),
        "PMID": one(entry["pmid"]),
        "PMC": one(entry["pmcid"]),
        "languages": cells("language"),
        "abstract": one(entry["abstract"]),
        "keywords": one(entry["keywords"]),
        "MeSH": sorted(cells("mesh")),
        "publication types": sorted(cells("publication_type")),
        "corrections": sorted(one(entry["corrections"])),
        "registrations": cells("registrations"),
        "grants": one(entry["grants"]),
        "conflicts": one(entry["conflicts_of_interest"]),
        "affiliations once": one(entry["affiliations"]),
        "electronic date": one(entry["electronic_date"]),
    }


@dataclass(frozen=True)
class Reader:
    """Another program's reader of a format; ``received`` says what a field holds where it is not the common one."""

    read: Callable[[str], list[Entry]]
    fields: Callable[[Entry], dict[str, Values]]
    received: dict[str, Callable[[Record], Values]] = field(default_factory=dict)


def _people(record: Record, suffix_at: int) -> Values:
    return many(author.collective or _person(author, suffix_at) for author in record.authors)


def _whole(name: str) -> Callable[[Record], Values]:
    """The values of a field in a row: Bio.Medline parts a long one where its line ends."""
    return lambda record: one(" ".join(RECEIVED[name](record)))


def _corrections_by_kind(record: Record) -> Values:
    found: dict[str, Values] = defaultdict(list)
    for correction in record.corrections:
        words = _words(correction.ref_type)
        tagged = words in _CORRECTION_TAGS.values()
        found[words if tagged else ""].append(_place(correction) if tagged else f"{words}: {_place(correction)}")
    return sorted(f"{words}: {' '.join(texts)}" if words else " ".join(texts) for words, texts in found.items())


READERS: dict[str, Reader] = {
    "nbib": Reader(
        lambda text: [dict(entry) for entry in Medline.parse(io.StringIO(text))],
        _nbib,
        {
            "persons": lambda r: many(
                " ".join(filter(None, (f"{a.family}, {a.given or a.initials}".strip(", "), a.suffix)))
                for a in r.authors
                if not a.collective
            ),
            "names cited": lambda r: many(f"{a.name} {a.suffix}" for a in r.authors if not a.collective),
            "corrections": _corrections_by_kind,
            **{name: _whole(name) for name in ("groups", "keywords", "grants")},
            "other abstracts": lambda r: one(" ".join(_structured(sections) for _, _, sections in r.other_abstracts)),
        },
    ),
    "ris": Reader(
        lambda text: rispy.loads(text.replace("\r\n", "\n")),
        _ris,
        {
            "persons and groups": lambda r: _people(r, 2),
            "keywords and MeSH": lambda r: many([*r.keywords, *_by_heading(r)]),
            "pages": lambda r: one("-".join(filter(None, _pages(r)))),
        },
    ),
    "bibtex": Reader(
        lambda text: [{f.key: str(f.value) for f in e.fields} for e in bibtexparser.parse_string(text).entries],
        _bibtex,
        {"persons and groups": lambda r: _people(r, 1), "month": lambda r: one(r.publication_date[:7])},
    ),
    "csl-json": Reader(json.loads, _csl),
    "csv": Reader(
        lambda text: list(csv.DictReader(io.StringIO(text))),
        _csv,
        {
            "names cited and groups": lambda r: many(
                a.collective or f"{a.name} {a.suffix}" for a in r.authors
            ),
            "keywords": lambda r: one("; ".join(r.keywords)),
            "grants": lambda r: one("; ".join(r.grants)),
            "corrections": lambda r: one("; ".join(f"{_words(c.ref_type)}: {_place(c)}" for c in r.corrections)),
        },
    ),
}  # fmt: skip


def _by_heading(record: Record) -> Values:
    return sorted(_mesh_once(record), key=lambda term: term.lstrip("*").split("/")[0])


# -- the way there and back -----------------------------------------------------------------------------------------


@dataclass
class Count:
    """Of the records that have a field, how many came back as they were, and up to five that did not."""

    right: int = 0
    total: int = 0
    wrong: list[tuple[str, Values, Values]] = field(default_factory=list)


def compare(records: dict[str, Record], entries: list[Entry], reader: Reader) -> dict[str, Count]:
    """``{field: count}``. A field that a record lacks must come back empty, or it counts as wrong."""
    counts: dict[str, Count] = defaultdict(Count)
    seen = set()
    for entry in entries:
        got = reader.fields(entry)
        pmid = next(iter(got["PMID"]), "")
        if pmid not in records:  # one that has none cannot be told from others
            continue
        seen.add(pmid)
        for name, values in got.items():
            wanted = (reader.received.get(name) or RECEIVED[name])(records[pmid])
            if wanted or values:
                count = counts[name]
                count.total += 1
                count.right += wanted == values
                if wanted != values:
                    count.wrong.append((pmid, wanted, values))
    counts["record"] = Count(len(seen), len(records), [(pmid, [], []) for pmid in sorted(set(records) - seen)])
    return dict(counts)


def received(paths: list[Path]) -> dict[str, Record]:
    """The records of the files, the last of each PMID; PubMed's by its own reader, others by the importer."""
    found: dict[str, Record] = {}
    for path in paths:
        content = gzip.decompress(path.read_bytes())
        if path.name.endswith(".xml.gz"):
            found |= {item.record.pmid or "": item.record for item in read_article_set(content, references=False)}
        else:
            found |= {record.pmid: record for record, _ in read_records(content).records if record.pmid}
    return found


def built(paths: list[Path], directory: Path) -> Project:
    """A project whose public database is made of these files."""
    shutil.copytree(ROOT / "queries", directory / "queries")
    shutil.copyfile(ROOT / "metadata.yml", directory / "metadata.yml")
    (directory / "data").mkdir()
    project = Project(directory)
    with Tracker.open(project.tracker) as tracker:
        import_files(tracker, paths)
    build(project)
    return project


def round_trip(paths: list[Path], directory: Path) -> Iterator[tuple[str, dict[str, Count]]]:
    """``(format, {field: count})``. A report of two records is compared with the record that it is called by."""
    records, project = received(paths), built(paths, directory)
    for name, reader in READERS.items():
        path = directory / f"export.{name}"
        export_selection(project, name, path, "", None, {}, everything=True)
        with path.open(encoding="utf-8", newline="") as file:
            yield name, compare(records, reader.read(file.read()), reader)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT.parent / "shared" / "pubmed")
    parser.add_argument("--files", type=int, default=99)
    parser.add_argument("--show", metavar="FIELD", help="print what differs in this field")
    arguments = parser.parse_args()
    paths = sorted([*arguments.folder.glob("*.xml.gz"), *arguments.folder.glob("*.jsonl.gz")])[: arguments.files]
    if not paths:
        sys.exit(f"no *.xml.gz or *.jsonl.gz in {arguments.folder}")
    with tempfile.TemporaryDirectory() as directory:
        for name, counts in round_trip(paths, Path(directory) / "project"):
            print(f"\n{name}")
            for what, count in sorted(counts.items()):
                print(
                    f"  {what:24} {count.right:>6} of {count.total}" + ("" if count.right == count.total else "  <--")
                )
                for wrong in count.wrong if arguments.show == what else ():
                    print(f"      {wrong[0]}: {wrong[1]} -> {wrong[2]}")


if __name__ == "__main__":
    main()
