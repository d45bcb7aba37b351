"""What `evidence check` finds in whole drafts of many genres, with a library of real and invented records.

    python benchmarks/whole_drafts.py [--set first|second] [--half open|held-back|both] [--misses] [--keep PROJECT]

1 minute. The drafts stand in ``benchmarks/data/whole_drafts`` (its README explains the marks) and in
``…/whole_drafts_second``, each set with a library of its own. Their sentences are invented; the abstracts of the
real records are read from ``../shared/tagging`` and ``../shared/pubmed``, and some hundred others fill the library.
The drafts are split in two by a hash of their names: rules may be written beside the open half; the held-back half
is looked at last. Answers are judged by ``../shared/check/score.py``.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import html
import importlib.util
import io
import json
import re
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.check_drafts import run  # noqa: E402
from evidence.exchange.pubmed import read_article_set  # noqa: E402
from evidence.exchange.reading import read_records  # noqa: E402
from evidence.library.desk import Desk  # noqa: E402
from evidence.project import Project  # noqa: E402
from evidence.record import Record  # noqa: E402

SHARED = ROOT.parent / "shared"
DATA = ROOT / "benchmarks" / "data"
SETS = {"first": DATA / "whole_drafts", "second": DATA / "whole_drafts_second"}
FILLERS = 300
MARK = re.compile(
    r"\[(?P<kind>[=!])(?P<number>[^\]]+?)[=!]\]|\{(?P<key>[wqbr]):(?P<rest>[^}]*)\}|(?P<open>⟪)|(?P<close>⟫)"
)
FOOTNOTE = re.compile(r"\^\[([^\]]*)\]")
# What an innocent sentence must not be told.
ALARMS = (
    "no-reference", "number-differs", "number-absent", "contradicts-itself", "absolute-claim", "reference-not-found",
    "reference-ambiguous", "reference-differs", "newer-evidence", "stronger-evidence", "hedge-dropped",
    "no-control-group", "open-label", "same-study", "reviewed-claim",
)  # fmt: skip
SMALL = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split(),
        range(1, 16),
        strict=True,
    )
)


@dataclass
class Draft:
    """A draft without its marks, and what they say."""

    name: str
    text: str
    expected: list[dict[str, Any]] = field(default_factory=list)


def half_of(name: str) -> str:
    return "held-back" if hashlib.sha256(f"whole {name}".encode()).digest()[0] % 2 else "open"


def read_draft(path: Path) -> Draft:
    """Take the marks out of a draft."""
    plain, marks, position, text = "", [], 0, path.read_text(encoding="utf-8")
    for mark in MARK.finditer(text):
        plain += text[position : mark.start()]
        begin = len(plain)
        if mark["kind"]:
            plain += mark["number"]
        marks.append((mark, begin, len(plain)))
        position = mark.end()
    plain += text[position:]
    draft = Draft(path.name, plain)
    opened = 0
    for mark, begin, end in marks:
        if mark["kind"]:
            draft.expected.append(_number(plain, begin, end, mark))
        elif mark["open"]:
            opened = begin
        elif mark["close"]:
            draft.expected.append({"kind": "innocent", "sentence": _longest_piece(plain[opened:begin])})
        else:
            draft.expected.append(_due(plain, begin, mark))
    return draft


def _longest_piece(text: str) -> str:
    pieces = re.split(r"[<>\[\]{}()*_^|&]|\d+\. (?=[A-Z])", text)
    return max(pieces, key=len).strip()


def _around(text: str, begin: int, end: int) -> str:
    """A stretch of the sentence around a place, without anything of markup in it."""
    low = max([m.end() for m in re.finditer(r"[<>\[\](){}*_^|\n]|[.?!:] ", text[:begin])], default=0)
    cut = re.search(r"[<>\[\](){}*_^|\n]|[.?!]\s", text[end:])
    return text[max(low, begin - 70) : min(end + (cut.start() if cut else 40), end + 40)].strip()


def _number(text: str, begin: int, end: int, mark: re.Match[str]) -> dict[str, Any]:
    digits = re.search(r"-?\d[\d,]*\.?\d*", mark["number"])
    value = (
        [float(digits.group().replace(",", ""))]
        if digits
        else [SMALL[w] for w in [mark["number"].lower()] if w in SMALL]
    )
    return {
        "kind": "number", "sentence": _around(text, begin, end), "text": mark["number"].lstrip("-$"), "value": value,
        "finding": "match" if mark["kind"] == "=" else ["differs", "absent", "other-role"],
    }  # fmt: skip


def _due(text: str, begin: int, mark: re.Match[str]) -> dict[str, Any]:
    rest = mark["rest"].split(":")
    following = re.split(r"[<>\[\](){}*_^|\n]", text[begin : begin + 60].strip())[0].strip()
    if mark["key"] == "r":
        shown = html.unescape(re.sub(r"^\s*(?:[\[(]?\d+[\])]?[.)]?)\s*", "", text[begin : begin + 90]))
        return {
            "kind": "reference", "sentence": None, "text_contains": re.split(r"[<>*_\n]", shown)[0][:60].strip(),
            "pmid": rest[0], "level": rest[1].split("|"), "fields_differ": [f for f in rest[2].split(",") if f],
        }  # fmt: skip
    if mark["key"] == "b":
        return {"kind": "bears", "sentence": following, "pmid": rest[0], "sentence_contains": ":".join(rest[1:])}
    codes = [code for part in rest[0].split("|") for code in part.split(",") if code != "none"]
    return {"kind": "warning" if mark["key"] == "w" else "no-warning", "sentence": following, "code": codes}


def as_docx(text: str) -> bytes:
    """A Word file of one paragraph a line, whose ``^[…]`` are footnotes."""
    notes: list[str] = []

    def note(match: re.Match[str]) -> str:
        notes.append(match.group(1))
        return f'</w:t></w:r><w:r><w:footnoteReference w:id="{len(notes) + 1}"/></w:r><w:r><w:t xml:space="preserve">'

    start = '<w:p><w:r><w:t xml:space="preserve">'
    lines = [FOOTNOTE.sub(note, escape(line)) for line in text.split("\n") if line.strip()]
    body = "".join(f"{start}{line}</w:t></w:r></w:p>" for line in lines)
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    foot = "".join(
        f'<w:footnote w:id="{n}">{start}{words}</w:t></w:r></w:p></w:footnote>' for n, words in enumerate(notes, 2)
    )
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>'
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("[Content_Types].xml", types)
        file.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
        file.writestr("word/footnotes.xml", f"<w:footnotes {space}>{foot}</w:footnotes>")
    return made.getvalue()


def as_file(draft: Draft) -> tuple[bytes, str]:
    """The bytes that the program reads, and the file's name."""
    if draft.name.endswith(".docx.txt"):
        return as_docx(draft.text), draft.name.removesuffix(".txt")
    return draft.text.encode(), draft.name


def library(folder: Path) -> str:
    """The library of a set as PubMed's XML."""
    listed = yaml.safe_load((folder / "library.yml").read_text(encoding="utf-8"))
    held: dict[str, Record] = {}
    for path in sorted((SHARED / "pubmed").glob("*.xml.gz")):
        with gzip.open(path) as stream:
            held |= {received.record.source_id: received.record for received in read_article_set(stream)}
    for record, _ in read_records(SHARED / "tagging" / "records.jsonl.gz").records:
        held.setdefault(record.source_id, record)
    articles = [_article(_of_record(held.pop(one["id"]), one)) for one in listed["real"]]
    articles += [_article({"doi": f"10.5555/{one['pmid']}", **one}) for one in listed["invented"]]
    near = re.compile(r"\b(?:pain|stimulat\w+|headache|migraine|neuralgia|acupuncture|opioids?|baclofen)\b", re.I)
    others = [r for r in held.values() if r.abstract and near.search(r.title) and (r.pmid or "").isdigit()]
    others.sort(key=lambda record: hashlib.sha256(record.source_id.encode()).hexdigest())
    listed_ids = {one["pmid"] for one in [*listed["real"], *listed["invented"]]}
    fill = [_article(_of_record(r, {})) for r in others if r.pmid not in listed_ids][:FILLERS]
    return f'<?xml version="1.0" encoding="UTF-8"?><PubmedArticleSet>{"".join(articles + fill)}</PubmedArticleSet>'


def _of_record(record: Record, listed: dict[str, Any]) -> dict[str, Any]:
    return {
        "pmid": record.pmid, "title": record.title, "doi": record.doi,
        "authors": [f"{a.family} {a.initials}" for a in record.authors if a.family],
        "journal": record.journal_abbreviation or record.journal or "Unknown", "year": record.year or 2000,
        "volume": record.volume, "pages": record.pages or record.electronic_id,
        "types": [name for _, name in record.publication_types] or ["Journal Article"],
        "abstract": [(section.label, section.text) for section in record.abstract],
    } | {key: value for key, value in listed.items() if key != "id"}  # fmt: skip


def _article(one: dict[str, Any]) -> str:
    """A record as PubMed's XML."""
    root = ET.Element("PubmedArticle")
    citation = ET.SubElement(root, "MedlineCitation", Status="MEDLINE", Owner="NLM")
    _leaf(citation, "PMID", one["pmid"], Version="1")
    article = ET.SubElement(citation, "Article", PubModel="Print")
    journal = ET.SubElement(article, "Journal")
    issue = ET.SubElement(journal, "JournalIssue", CitedMedium="Print")
    _leaf(issue, "Volume", one.get("volume"))
    _leaf(ET.SubElement(issue, "PubDate"), "Year", one["year"])
    for name in ("Title", "ISOAbbreviation"):
        _leaf(journal, name, one["journal"])
    _leaf(article, "ArticleTitle", one["title"])
    _leaf(ET.SubElement(article, "Pagination"), "MedlinePgn", one.get("pages"))
    _leaf(article, "ELocationID", one.get("doi"), EIdType="doi", ValidYN="Y")
    if one.get("abstract"):
        abstract = ET.SubElement(article, "Abstract")
        for label, text in one["abstract"]:
            _leaf(abstract, "AbstractText", text, Label=label)
    authors = ET.SubElement(article, "AuthorList", CompleteYN="Y")
    for name in one.get("authors", ()):
        author = ET.SubElement(authors, "Author")
        _leaf(author, "LastName", name.rpartition(" ")[0] or name)
        _leaf(author, "Initials", name.rpartition(" ")[2])
    _leaf(article, "Language", "eng")
    if one.get("registry"):
        bank = ET.SubElement(ET.SubElement(article, "DataBankList"), "DataBank")
        _leaf(bank, "DataBankName", "ClinicalTrials.gov")
        _leaf(ET.SubElement(bank, "AccessionNumberList"), "AccessionNumber", one["registry"])
    types = ET.SubElement(article, "PublicationTypeList")
    for name in one["types"]:
        _leaf(types, "PublicationType", name)
    _leaf(ET.SubElement(citation, "MedlineJournalInfo"), "MedlineTA", one["journal"])
    if one.get("links"):
        links = ET.SubElement(citation, "CommentsCorrectionsList")
        for link in one["links"]:
            element = ET.SubElement(links, "CommentsCorrections", RefType=link["kind"])
            _leaf(element, "RefSource", one["journal"])
            _leaf(element, "PMID", link["pmid"], Version="1")
    ids = ET.SubElement(ET.SubElement(root, "PubmedData"), "ArticleIdList")
    _leaf(ids, "ArticleId", one["pmid"], IdType="pubmed")
    _leaf(ids, "ArticleId", one.get("doi"), IdType="doi")
    return ET.tostring(root, encoding="unicode")


def _leaf(parent: ET.Element, tag: str, text: Any, **attributes: str) -> None:
    if text:
        ET.SubElement(parent, tag, attributes).text = str(text)


def make_project(place: Path, folder: Path) -> None:
    """A project of the example with that library, its abstracts shown; rebuilt where it is there."""
    if not (place / "metadata.yml").exists():
        run("init", str(place), "--example", "neuromodulation")
        metadata = place / "metadata.yml"
        metadata.write_text(metadata.read_text(encoding="utf-8").replace('"*": hide', '"*": show'), encoding="utf-8")
        (place / "library.xml").write_text(library(folder), encoding="utf-8")
        run("import", str(place / "library.xml"), "--project", str(place))
    run("build", "--project", str(place))


def judges() -> ModuleType:
    """The judges of ``../shared/check/score.py``."""
    spec = importlib.util.spec_from_file_location("score", SHARED / "check" / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def judge(score: ModuleType, draft: Draft, answer: dict[str, Any]) -> list[tuple[str, bool, dict[str, Any], str]]:
    """``(what, right, expectation, what was seen)`` for each expectation, and each certain reference that is wrong."""
    read, judged = score.Answer(draft.text, answer), []
    for expected in draft.expected:
        kind = expected["kind"]
        if kind == "innocent":
            told = {code for i in read.at(expected["sentence"]) for code in read.codes[i]} & set(ALARMS)
            judged.append(("innocent sentences left alone", not told, expected, " ".join(sorted(told))))
            continue
        if kind == "no-warning":
            told = {code for i in read.at(expected["sentence"]) for code in read.codes[i]} & set(expected["code"])
            judged.append(("warnings not due", not told, expected, " ".join(sorted(told))))
            continue
        right, seen = score.JUDGES[kind](read, expected)
        name = {
            "reference": "references", "warning": "warnings due", "bears": "bears",
            "number": "right numbers confirmed" if expected.get("finding") == "match" else "wrong numbers told",
        }[kind]  # fmt: skip
        judged.append((name, right, expected, seen))
        if kind == "number":
            judged.append(("numbers", right, expected, ""))
    cited = {e["pmid"] for e in draft.expected if e["kind"] == "reference"}
    for row in answer["references"]:
        if row["level"] == "certain" and row["pmid"] not in cited and row["kind"] == "list":
            judged.append(("certain and wrong", False, {"text": row["text"][:80]}, str(row["pmid"])))
    return judged


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=tuple(SETS), default="first")
    parser.add_argument("--half", choices=("open", "held-back", "both"), default="open")
    parser.add_argument("--misses", action="store_true", help="print every expectation that was missed")
    parser.add_argument("--keep", type=Path, help="a project directory to make or to use again")
    options = parser.parse_args()
    if not (SHARED / "check" / "score.py").exists():
        print(f"skipped: {SHARED} is not there")
        return
    score = judges()
    with tempfile.TemporaryDirectory() as scratch:
        place = options.keep or Path(scratch) / "project"
        make_project(place, SETS[options.set])
        project = Project(place)
        desk = Desk.open(project.evidence, project)
        paths = sorted(p for p in SETS[options.set].iterdir() if p.name[0].isdigit())
        for half in ("open", "held-back") if options.half == "both" else (options.half,):
            tally: dict[str, Counter[bool]] = {}
            drafts = [path for path in paths if half_of(path.name) == half]
            for draft in map(read_draft, drafts):
                answer = desk.check_file(*as_file(draft))
                for what, right, expected, seen in judge(score, draft, answer):
                    tally.setdefault(what, Counter())[right] += 1
                    if options.misses and not right and what != "numbers":
                        print(f"{draft.name} | {what} | {json.dumps(expected, ensure_ascii=False)} | {seen}")
            print(f"{half}: {len(drafts)} drafts")
            for what, found in sorted(tally.items()):
                print(f"    {what}: {found[True]} of {found.total()} ({found[True] / found.total():.1%})")
        desk.close()


if __name__ == "__main__":
    main()
