"""``evidence export`` from a built database: what was received is what a reference manager gets, in every format.

Read by other people's readers: Bio.Medline, rispy, bibtexparser, csv and json.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy
from Bio import Medline
from project_factory import make_project

from evidence.derive import build
from evidence.exchange.writing import FORMATS
from evidence.project import Project
from evidence.services.export import export_selection
from evidence.site.server import make_datasette
from evidence.tracker import Tracker
from evidence.tracker.importing import import_files

EXPORTS = Path(__file__).parents[1] / "exchange" / "exports"
# An article as a reference manager keeps it, without a PMID, and a book known by its ISBN.
RIS = """TY  - JOUR
AU  - Vogt, Petra A, Jr
AU  - Lind, Karl-Johan
TI  - Spinal cord stimulation in an invented cohort
PY  - 2018
T2  - Pain Studies
VL  - 16
IS  - 2
SP  - 15
EP  - 20
SN  - 1111-2222
KW  - burst
KW  - spinal cord stimulation
LA  - eng
M3  - Randomized Controlled Trial
DO  - 10.5555/s00123-018-0002-1
ER  -

TY  - BOOK
AU  - Harbour, Ann
TI  - Neuromodulation: an invented handbook
PY  - 2011
SN  - 978-3-16-148410-0
ER  -
"""
ARTICLE, IMPORTED, BOOK = "everything that a record can hold", "invented cohort", "invented handbook"
CORRECTIONS = {
    "Erratum in": "Pain Stud. 2020 Jan;18(1):9. doi: 10.5555/ps.2020.0001. PMID: 80000102",
    "Retraction in": "Pain Stud. 2021 May;19(5):77. PMID: 80000103",
    "Comment in": "Pain Stud. 2019 Sep;17(9):401. Vogt, PB [corrected to Vogt, PA]",
    "Reprint in": "Harbour Rev. 2020;2:1-9",
}
NOTES = [
    "Registration: ClinicalTrials.gov/NCT00000101",
    "Registration: ClinicalTrials.gov/NCT00000102",
    *(f"{words}: {source}" for words, source in CORRECTIONS.items()),
    "Grant: R01 XX000101/XX/Invented Agency/Nowhere",
    "Conflicts of interest: PAV was paid by nobody.",
]
AFFILIATIONS = ["Department of Pain; Harbour Clinic, Northtown.", "School of Health, Southtown."]
MESH = ["Humans", "Pain, Intractable/*therapy/psychology", "*Spinal Cord Stimulation/adverse effects"]

Entry = dict[str, Any]
# How each format's entries are read, and where the title of one stands.
READERS: dict[str, tuple[Callable[[str], list[Entry]], str]] = {
    "nbib": (lambda text: [dict(entry) for entry in Medline.parse(io.StringIO(text))], "TI"),
    "ris": (lambda text: rispy.loads(text.replace("\r\n", "\n")), "title"),
    "bibtex": (lambda text: [_fields(entry) for entry in bibtexparser.parse_string(text).entries], "title"),
    "csl-json": (json.loads, "title"),
    "csv": (lambda text: list(csv.DictReader(io.StringIO(text))), "title"),
}
# Format → entry → field → what stands there.
EXPECTED: dict[str, dict[str, Entry]] = {
    "nbib": {
        ARTICLE: {
            "PMID": "80000101",
            "STAT": "MEDLINE",
            "IS": "2345-6789 (Electronic) 1234-5678 (Linking)",
            "DP": "2019 Jul",
            "DEP": "20190602",
            "DCOM": "20200115",
            "LR": "20210203",
            "PG": "152-60",
            "LID": "S0012-3456(19)00012-3 [pii] 10.5555/ps.2019.0012 [doi]",
            "AID": ["S0012-3456(19)00012-3 [pii]", "10.5555/ps.2019.0012 [doi]"],
            "FAU": ["Vogt, Petra A Jr", "Lind, Karl-Johan"],
            "CN": ["HARBOUR Study Group"],
            "AUID": ["ORCID: 0000-0002-1825-0097"],
            "AD": [*AFFILIATIONS, AFFILIATIONS[1]],
            "LA": ["eng"],
            "SI": ["ClinicalTrials.gov/NCT00000101", "ClinicalTrials.gov/NCT00000102"],
            "GR": ["R01 XX000101/XX/Invented Agency/Nowhere"],
            "PT": ["Journal Article", "Multicenter Study", "Randomized Controlled Trial"],
            "JID": "9900101",
            "TA": "Pain Stud",
            "JT": "Pain studies of the harbour",
            "EIN": [CORRECTIONS["Erratum in"]],
            "RIN": [CORRECTIONS["Retraction in"]],
            "CIN": [CORRECTIONS["Comment in"]],
            "GN": [f"Reprint in: {CORRECTIONS['Reprint in']}"],
            "MH": MESH,
            "OT": ["burst", "pain, back"],
            "OAB": ["ZIEL: Ein Datensatz wurde erfunden. ERGEBNIS: Er hat alles."],
            "OABL": ["ger"],
            "COIS": ["PAV was paid by nobody."],
            "PHST": ["2019/01/05 [received]", "2019/05 [accepted]"],
            "PMC": "PMC8000101",
        },
        IMPORTED: {
            "FAU": ["Vogt, Petra A Jr", "Lind, Karl-Johan"],
            "OT": ["burst", "spinal cord stimulation"],
            "IS": "1111-2222 (Undetermined)",
        },
        BOOK: {"ISBN": ["978-3-16-148410-0"], "IS": None},
    },
    "ris": {
        ARTICLE: {
            "authors": ["Vogt, Petra A, Jr", "Lind, Karl-Johan", "HARBOUR Study Group"],
            "keywords": ["burst", "pain, back", *MESH],
            "issn": "2345-6789 1234-5678",
            "type_of_work": "Multicenter Study; Randomized Controlled Trial",
            "author_address": "; ".join(AFFILIATIONS),
            "notes": ["PMID: 80000101", *NOTES],
            "date": "2019/07//",
        },
        IMPORTED: {
            "authors": ["Vogt, Petra A, Jr", "Lind, Karl-Johan"],
            "keywords": ["burst", "spinal cord stimulation"],
        },
        BOOK: {"issn": "978-3-16-148410-0", "type_of_reference": "BOOK"},
    },
    "bibtex": {
        ARTICLE: {
            "author": "Vogt, Jr, Petra A and Lind, Karl-Johan and {HARBOUR Study Group}",
            "keywords": "burst, {pain, back}",
            "issn": "2345-6789, 1234-5678",
            "note": "PMID: 80000101",
            "annote": "; ".join(
                ["Publication type: Multicenter Study; Randomized Controlled Trial", *NOTES]
            ),
            "pmcid": "PMC8000101",
        },
        IMPORTED: {
            "author": "Vogt, Jr, Petra A and Lind, Karl-Johan",
            "keywords": "burst, spinal cord stimulation",
            "annote": "Publication type: Randomized Controlled Trial",
        },
        BOOK: {"isbn": "978-3-16-148410-0", "issn": None},
    },
    "csl-json": {
        ARTICLE: {
            "author": [
                {"family": "Vogt", "given": "Petra A", "suffix": "Jr"},
                {"family": "Lind", "given": "Karl-Johan"},
                {"literal": "HARBOUR Study Group"},
            ],
            "keyword": "burst; pain, back",
            "ISSN": "2345-6789, 1234-5678",
            "genre": "Multicenter Study; Randomized Controlled Trial",
            "note": "\n".join(["PMID: 80000101", *NOTES]),
        },
        IMPORTED: {"keyword": "burst,spinal cord stimulation", "ISSN": "1111-2222"},
        BOOK: {"ISBN": "978-3-16-148410-0", "ISSN": None, "type": "book"},
    },
    "csv": {
        ARTICLE: {
            "keywords": "burst; pain, back",
            "mesh": "; ".join(MESH),
            "issn": "2345-6789; 1234-5678",
            "publication_type": "Journal Article; Multicenter Study; Randomized Controlled Trial",
            "registrations": "ClinicalTrials.gov/NCT00000101; ClinicalTrials.gov/NCT00000102",
            "grants": "R01 XX000101/XX/Invented Agency/Nowhere",
            "corrections": "; ".join(f"{words}: {source}" for words, source in CORRECTIONS.items()),
            "conflicts_of_interest": "PAV was paid by nobody.",
            "affiliations": "; ".join(AFFILIATIONS),
            "electronic_date": "2019-06-02",
            "abbreviation": "Pain Stud",
        },
        IMPORTED: {"keywords": "burst; spinal cord stimulation", "issn": "1111-2222"},
        BOOK: {"isbn": "978-3-16-148410-0", "issn": ""},
    },
}  # fmt: skip


def _fields(entry: Any) -> Entry:
    return {field.key: field.value for field in entry.fields}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Project:
    """A built project: a record of PubMed's with everything, and two of a reference manager's file."""
    made = make_project(tmp_path_factory.mktemp("export") / "project", root)
    xml = (EXPORTS / "everything.xml").read_text(encoding="utf-8")
    made.fetch([xml[xml.index("<PubmedArticle>") : xml.index("</PubmedArticleSet>")]])
    path = made.project.data / "library.ris"
    path.write_text(RIS)
    with Tracker.open(made.project.tracker) as tracker:
        assert import_files(tracker, [path]).total("new") == 2
    assert build(made.project).reports == 3
    return made.project


@pytest.fixture(scope="module")
def exported(project: Project) -> dict[str, list[Entry]]:
    """Format → its entries, as another program reads them."""
    found = {}
    for format_, (read, _) in READERS.items():
        path = project.data / f"export.{format_}"
        assert export_selection(project, format_, path, "", None, {}, everything=True).startswith("3 reports")
        found[format_] = read(path.read_text(encoding="utf-8"))
    return found


def test_every_format_is_looked_at() -> None:
    assert set(EXPECTED) == set(READERS) == set(FORMATS)


@pytest.mark.parametrize(
    ("format_", "title"), [(format_, title) for format_, entries in EXPECTED.items() for title in entries]
)
def test_an_export_of_a_built_library_loses_nothing_that_the_format_can_hold(
    exported: dict[str, list[Entry]], format_: str, title: str
) -> None:
    key = READERS[format_][1]
    (entry,) = (entry for entry in exported[format_] if title in entry[key])
    wanted = EXPECTED[format_][title]
    assert {field: entry.get(field) for field in wanted} == wanted


def test_the_retraction_survives_a_way_through_a_file(project: Project, tmp_path: Path, root: Path) -> None:
    """Exported as .nbib and imported elsewhere, a retracted article is still retracted."""
    path = tmp_path / "export.nbib"
    export_selection(project, "nbib", path, "", None, {}, everything=True)
    other = make_project(tmp_path / "other", root).project
    with Tracker.open(other.tracker) as tracker:
        assert import_files(tracker, [path]).total("new") == 3
    build(other)
    again = tmp_path / "again.nbib"
    export_selection(other, "nbib", again, "", None, {"status": ("retracted",)}, everything=True)
    (entry,) = Medline.parse(io.StringIO(again.read_text(encoding="utf-8")))
    assert entry["RIN"] == [CORRECTIONS["Retraction in"]] and ARTICLE in entry["TI"]


@pytest.mark.parametrize("format_", FORMATS)
def test_the_site_exports_the_same(project: Project, format_: str, tmp_path: Path) -> None:
    path = tmp_path / "export"
    export_selection(project, format_, path, "", None, {}, everything=True)
    datasette = make_datasette(project)
    response = asyncio.run(datasette.client.get(f"/export?all=1&format={format_}"))
    assert response.status_code == 200 and response.content == path.read_bytes()


def test_the_command_writes_the_same_to_standard_output(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "export"
    export_selection(project, "ris", path, "", None, {}, everything=True)
    command = [sys.executable, "-m", "evidence", "export", "--all", "--format", "ris", "--project", str(project.root)]
    done = subprocess.run(command, capture_output=True, timeout=120)
    assert done.returncode == 0 and done.stdout.replace(b"\r\n", b"\n") == path.read_bytes().replace(b"\r\n", b"\n")
