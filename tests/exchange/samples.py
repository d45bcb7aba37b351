"""One invented article as the exports of many programs print it: the files in ``exports/``."""

from __future__ import annotations

from pathlib import Path

EXPORTS = Path(__file__).parent / "exports"


def export(name: str) -> str:
    return (EXPORTS / name).read_text(encoding="utf-8")


NBIB, RIS_ZOTERO, RIS_OVID = export("pubmed.nbib"), export("zotero.ris"), export("ovid-embase.ris")
BIBTEX, CSV_OURS = export("article.bib"), export("dedupe.csv")
# File → the format that its content is in.
SAMPLES: dict[str, tuple[str, str]] = {
    name: (kind, export(name))
    for kind, names in {
        "nbib": ["pubmed.nbib"],
        "ris": ["zotero.ris", "ovid-embase.ris"],
        "bibtex": ["article.bib"],
        "endnote-xml": ["endnote.xml"],
        "enw": ["endnote.enw"],
        "csl-json": ["zotero.csl.json"],
        "wos": ["web-of-science.txt"],
        "cochrane": ["cochrane.txt"],
        "csv": ["dedupe.csv", "scopus.csv", "web-of-science.tsv", "zotero.csv", "pubmed.csv", "embase.csv"],
        "jsonl": ["records.jsonl"],
    }.items()
    for name in names
}
