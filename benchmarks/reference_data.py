"""The labelled references of ``../shared`` as libraries and questions: shared by the two reference benchmarks.

A question is ``(report id, set, printed reference)``. Which half of the works a question belongs to is decided by a
hash of its report: half 0 is what the rules were developed on, half 1 what they are reported on.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

Row = dict[str, Any]
Question = tuple[str, str, str]


def half(report: str) -> int:
    return int(hashlib.sha256(report.encode()).hexdigest(), 16) % 2


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def pmc(shared: Path) -> tuple[list[Row], list[Question]]:
    """Real strings of biomedical articles; of a work title, first author, journal, volume and first page are known."""
    works: dict[str, Row] = {}
    questions = []
    for row in _lines(shared / "references" / "pmc_refs_dev.jsonl.gz"):
        key = row.get("pmid") or row["doi"].lower()
        questions.append((key, "pmc_refs_dev", row["reference"]))
        works.setdefault(
            key,
            {
                "id": key,
                "pmid": row.get("pmid"),
                "doi": row["doi"].lower(),
                "title": row.get("atitle", ""),
                "authors": [row["firstAuthor"]] if row.get("firstAuthor") else [],
                "journal": row["jtitle"],
                "volume": row.get("volume"),
                "pages": row.get("firstPage"),
            },
        )
    return list(works.values()), questions


def styles(shared: Path) -> tuple[list[Row], list[Question]]:
    """Works printed in eleven styles; their fields are taken from the style that prints them apart."""
    works, questions = [], []
    for row in _lines(shared / "references" / "crossref_styles.jsonl.gz"):
        key, strings = row["doi"].lower(), row["strings"]
        work = _printed_apart(key, strings)
        if work:
            works.append(work)
            questions += [(key, style, text) for style, text in strings.items()]
    return works, questions


def _printed_apart(key: str, strings: dict[str, str]) -> Row | None:
    """``Author. Title. Journal. Year. Volume. Issue. Pages``; the title is the one that Chicago puts in quotes."""
    apart = strings.get("degraded_one_author") or ""
    tail = re.search(r"\. ?((?:1[5-9]|20)\d\d)?\. ?([^.]*)\. ?([^.]*)\. ?([^.]*)$", apart)
    quoted = re.search(r"\u201c(.*?)[.?!,]?\u201d", strings.get("chicago-author-date", ""))
    if not tail or not quoted:
        return None
    head = apart[: tail.start()]
    start = head.lower().find(quoted.group(1).lower())
    if start < 0 or not quoted.group(1):
        return None
    end = start + len(quoted.group(1))
    author = head[:start].strip(" .").split(",")[0]
    return {
        "id": key,
        "doi": key,
        "title": head[start:end],
        "authors": [author] if author else [],
        "journal": head[end:].strip(" .?!"),
        "year": int(tail.group(1)) if tail.group(1) else None,
        "volume": tail.group(2).strip(),
        "pages": tail.group(4).strip(),
    }


def real(shared: Path) -> list[tuple[str | None, str]]:
    """Real strings of all sciences with their DOI, or ``None``; nearly none of their works is in the library."""
    rows = _lines(shared / "references" / "crossref_real.jsonl.gz")
    return [(row["doi"] and row["doi"].lower(), row["reference"]) for row in rows]


def filler(shared: Path, count: int) -> list[Row]:
    """Other real records (PubMed, 2020) that make a library as large as wanted."""
    rows: list[Row] = []
    seen = set()
    with gzip.open(shared / "dedup" / "pubmed_2020q4.csv.gz") as raw:
        for row in csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8")):
            if len(rows) == count:
                break
            if row["true_cluster_id"] in seen or not row["title"]:
                continue
            seen.add(row["true_cluster_id"])
            rows.append(_filler_row(row))
    return rows


def _filler_row(row: dict[str, str]) -> Row:
    names = [name.strip() for name in re.split(r";| and ", row["authors"]) if name.strip()]
    year = re.search(r"\d{4}", row["year"] or "")
    return {
        "id": f"filler:{row['record_id']}",
        "doi": (row["doi"] or "").lower() or None,
        "title": row["title"],
        "authors": [name.split(",")[0] if "," in name else re.sub(r"\s[A-Z]{1,4}$", "", name) for name in names],
        "journal": row["journal"],
        "year": int(year.group()) if year else None,
        "volume": row["volume"],
        "issue": row["number"],
        "pages": row["pages"],
    }


def pubmed(shared: Path) -> tuple[list[Row], list[Question]]:
    """Records of a PubMed search on chronic pain, and the strings of their reference lists with PubMed's own PMID."""
    works, questions = {}, []
    for path in sorted((shared / "pubmed").glob("*.xml.gz")):
        with gzip.open(path) as file:
            for article in etree.parse(file).iter("PubmedArticle"):
                row = _pubmed_row(article)
                works[row["id"]] = row
                questions += _cited(article)
    return list(works.values()), questions


def _cited(article: Any) -> Iterator[Question]:
    for reference in article.iterfind(".//ReferenceList/Reference"):
        pmid = next((x.text for x in reference.iterfind(".//ArticleId") if x.get("IdType") == "pubmed"), "")
        if text := _text(reference, "Citation"):
            yield pmid, "pubmed", text


def _pubmed_row(article: Any) -> Row:
    year = re.search(r"\d{4}", _text(article, ".//JournalIssue/PubDate"))
    doi = next(
        (x.text for x in article.iterfind("PubmedData/ArticleIdList/ArticleId") if x.get("IdType") == "doi"), None
    )
    return {
        "id": _text(article, ".//MedlineCitation/PMID"),
        "pmid": _text(article, ".//MedlineCitation/PMID"),
        "doi": doi and doi.lower(),
        "title": _text(article, ".//ArticleTitle"),
        "authors": [
            _text(author, "LastName") or _text(author, "CollectiveName")
            for author in article.iterfind(".//AuthorList/Author")
        ],
        "journal": _text(article, ".//MedlineTA"),
        "journal_full": _text(article, ".//Journal/Title"),
        "year": int(year.group()) if year else None,
        "volume": _text(article, ".//JournalIssue/Volume"),
        "pages": _text(article, ".//MedlinePgn"),
    }


def _text(element: Any, path: str) -> str:
    found = element.find(path)
    return "".join(found.itertext()) if found is not None else ""
