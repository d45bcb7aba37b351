"""What citation-js and Zotero's Better BibTeX read of our exports, on 200 real records and a hostile one.

Run where they are installed:

    npm install --prefix DIR @citation-js/core @citation-js/plugin-bibtex @citation-js/plugin-ris \\
        @retorquere/bibtex-parser
    EVIDENCE_NODE_MODULES=DIR pytest tests/exchange/test_other_programs.py
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from test_writing import HOSTILE

from evidence.exchange.pubmed import read_article_set
from evidence.exchange.writing import FORMATS, write_records
from evidence.record import Author, Record

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not (os.environ.get("EVIDENCE_NODE_MODULES") and shutil.which("node")),
        reason="needs node and EVIDENCE_NODE_MODULES with citation-js and @retorquere/bibtex-parser",
    ),
]


def plain(text: Any) -> str:
    return " ".join(re.sub(r"</?(?:span|i|b|sup|sub)\b[^>]*>", "", str(text or "")).split())


@pytest.mark.parametrize(
    ("library", "kind"),
    [("citation-js", "bibtex"), ("citation-js", "ris"), ("citation-js", "csl-json"), ("better-bibtex", "bibtex")],
)
def test_another_programs_importer_reads_what_we_wrote(
    library: str, kind: str, shared_dir: Path, tmp_path: Path
) -> None:
    data = gzip.decompress((shared_dir / "pubmed" / "chronic-pain-2026-04-06-2000.xml.gz").read_bytes())
    records = [received.record for received in read_article_set(data, references=False)]
    group = Author(collective="Group {of} one and two")
    records.append(Record("x", title=HOSTILE, journal="J & {Co}", year=2001, authors=[group]))
    path = tmp_path / f"export.{FORMATS[kind].ending}"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(write_records(records, kind))
    script = Path(__file__).with_name("read_with_others.mjs")
    output = subprocess.run(["node", script, library, path], capture_output=True, check=True, timeout=120).stdout
    items = json.loads(output)
    assert len(items) == len(records)
    for record, item in zip(records, items, strict=True):
        assert plain(item["title"]) == plain(record.title)
        assert (item.get("doi") or "").lower() == (record.doi or "") and int(item.get("year") or 0) == (
            record.year or 0
        )
        assert plain(item.get("journal")) == plain(record.journal) and plain(item.get("volume")) == record.volume
        assert [plain(name) for name in item["authors"]] == [plain(a.collective or a.family) for a in record.authors]
