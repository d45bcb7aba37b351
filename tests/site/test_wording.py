"""What pages say is so: each sentence by the library that bears it out, and numbers that agree."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import site_factory as factory
import small_site

from evidence.derive.hidden import leave_out_hidden_abstracts
from evidence.ledger.reading import DIRECTIONS, FIDELITIES
from evidence.site.server import make_datasette
from evidence.site.wording import counted, quantity

NUMBERS: list[tuple[dict[str, Any], str]] = [
    ({"value": 2012.0, "unit": "year", "what": "publication"}, "2012 (publication)"),
    ({"low": 2012.0, "high": 2016.0, "unit": "year"}, "2012 to 2016"),
    ({"value": 1.0, "unit": "patients", "what": "implanted"}, "1 patient (implanted)"),
    ({"value": 1200.0, "unit": "patients"}, "1,200 patients"),
    ({"value": 47.1, "unit": "%", "what": "had less"}, "47.1% (had less)"),
    ({"low": 1.0, "high": 2.0, "unit": "months"}, "1 to 2 months"),
    ({"value": 0.0, "unit": "patients"}, "0 patients"),
    ({"what": "no figure given"}, "no figure given"),
]


@pytest.mark.parametrize(("number", "words"), NUMBERS)
def test_a_number_of_a_claim(number: dict[str, Any], words: str) -> None:
    assert quantity({"value": None, "low": None, "high": None, "unit": None, "what": None} | number) == words


def test_no_reading_says_that_a_source_was_read() -> None:
    labels = [*FIDELITIES.values(), *DIRECTIONS.values()]
    assert not any("read" in label.split() for label in labels)


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 reports"), (1, "1 report"), (2, "2 reports"), (1234, "1,234 reports")]
)
def test_counts(count: int, words: str) -> None:
    assert counted(count, "report") == words


# -- What a page says, by the library that is behind it ------------------------------------------------------------


def _none(folder: Path) -> Any:
    """A new project: nothing asked, nothing imported, no topic, no claim."""
    factory.finish(factory.new_database(folder / "evidence.db"), refreshed_at=None)
    return make_datasette(evidence_db=folder / "evidence.db")


def _one(folder: Path) -> Any:
    """One of everything: a report with a notice in a study, a topic with one hit, a claim without a verdict."""
    db = factory.new_database(folder / "evidence.db")
    factory.insert(db, "studies", id="NCT00000009", title="An invented study")
    tags: dict[str, tuple[str, ...]] = {"modality": ("pens",), "condition": ("clbp",), "design": ("rct",)}
    factory.add_report(db, "9", "One invented report", tags=tags, study="NCT00000009", abstract=(("", "Few words."),))
    factory.insert(db, "study_reports", study="NCT00000009", report="9", role="results")
    factory.insert(
        db, "notices", id="9-concern", report="9", kind="concern", source="pubmed", first_seen=factory.FIRST_SEEN
    )
    row = {"id": "t", "title": "One topic", "query": "one", "modality": "pens", "hits": 1, "reports": 1, "studies": 1}
    factory.insert(db, "topics", **row, identified=1, duplicates=1, last_refreshed=factory.FIRST_SEEN)
    factory.insert(db, "topic_reports", topic="t", report="9", first_seen=factory.FIRST_SEEN)
    factory.insert(db, "articles", id="a", title="One page")
    factory.insert(db, "claims", id="c", article="a", paraphrase="PENS helps")
    factory.insert(db, "claim_modalities", claim="c", modality="pens")
    factory.insert(db, "claim_conditions", claim="c", condition="clbp")
    factory.insert(db, "sources", id="s", cited_as="Lost 1999", state="unresolved")
    factory.insert(db, "tag_accuracy", facet="modality", tag="pens", precision=1.0, recall=1.0, support=1)
    factory.finish(db)
    return make_datasette(evidence_db=folder / "evidence.db")


def _starter(folder: Path) -> Any:
    """Titles alone; PubMed was never asked."""
    db = factory.new_database(folder / "evidence.db")
    for number in range(3):
        title = f"Invented starter report {number} on TENS"
        tags: dict[str, tuple[str, ...]] = {"modality": ("tens",)}
        factory.add_report(db, str(number + 1), title, source="starter", abstract_state="starter", tags=tags,
                           status="unchecked", scope="unstated")  # fmt: skip
    factory.finish(db, starter="1", refreshed_at=None)
    return make_datasette(evidence_db=folder / "evidence.db")


def _files(folder: Path) -> Any:
    """Imported from files of another database, one by hand corrected; PubMed was never asked."""
    db = factory.new_database(folder / "evidence.db")
    for number in range(2):
        tags: dict[str, tuple[str, ...]] = {"modality": ("drg",), "outcome": ("function",)}
        factory.add_report(db, f"ris:{number}", f"Invented import {number}", source="ris", tags=tags,
                           abstract_state="not supplied", status="unchecked")  # fmt: skip
    db.conn.execute("UPDATE report_modalities SET source = 'hand' WHERE report = 'ris:0'")
    factory.finish(db, refreshed_at=None)
    return make_datasette(evidence_db=folder / "evidence.db")


def _hidden(folder: Path) -> Any:
    """A public site that shows no abstract."""
    db = factory.new_database(folder / "evidence.db")
    policy = {"public": True, "site_url": "https://example.org", "abstracts": {"*": "hide"}}
    for number in (1, 2):
        factory.add_report(db, str(number), f"Title {number}", tags={"modality": ("drg",)}, abstract=(("", "Kept."),))
    leave_out_hidden_abstracts(db.conn, policy)
    factory.finish(db)
    return make_datasette(evidence_db=folder / "evidence.db", metadata={"plugins": {"evidence": policy}})


def _many(folder: Path) -> Any:
    return make_datasette(evidence_db=small_site.small_database(folder / "evidence.db"))


STATES: dict[str, Callable[[Path], Any]] = {
    "none": _none, "one": _one, "starter": _starter, "files": _files, "hidden": _hidden, "many": _many,
}  # fmt: skip
SAID = (Path(__file__).parent / "said.txt").read_text(encoding="utf-8")
CASES = [[part.strip() for part in line.split("|")] for line in SAID.splitlines() if not line.startswith("#")]
PAGES = ("/", "/map", "/map?facet=condition", "/search", "/search?q=zzz", "/topics", "/claims", "/articles", "/tags",
         "/tags/modality/pens", "/tags/modality/tens", "/tags/design/rct", "/changes?since=2020-01-01", "/about",
         "/check", "/topics/t", "/reports/9", "/reports/1", "/reports/101", "/claims/c",
         "/topics/scs", "/claims/inv-01", "/claims/inv-02", "/articles/a", "/articles/invented-page",
         "/studies/NCT00000009")  # fmt: skip
NOUNS = "report study claim record topic notice revision source duplicate hit article sentence tag day version"
PLURALS = "|".join({"study": "studies"}.get(noun, f"{noun}s") for noun in NOUNS.split())
MISCOUNTED = re.compile(
    rf"(?<![\d,.])1 (?:labelled |cited |starter |real )?(?:{PLURALS})\b|"
    rf"(?<![\d,.-])(?:0|[2-9]|\d\d+)(?:,\d+)* (?:labelled |cited |starter |real )?"
    rf"(?:{'|'.join(NOUNS.split())})(?![\w-])"
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], str]:
    """``page(state, path)``: what the page says, without marks and with single blanks; ``""`` where there is none."""
    sites: dict[str, Any] = {}

    def read(state: str, path: str) -> str:
        if state not in sites:
            sites[state] = STATES[state](tmp_path_factory.mktemp(state))
        response = asyncio.run(sites[state].client.get(path))
        if response.status_code == 404:
            return ""
        assert response.status_code == 200, (state, path, response.status_code)
        body = re.sub(r"<(svg|script|style|option)\b.*?</\1>", " ", response.text.split("</head>")[1], flags=re.S)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))

    return read


@pytest.mark.parametrize(("state", "path", "says", "says_not"), CASES)
def test_what_a_page_says(page: Callable[[str, str], str], state: str, path: str, says: str, says_not: str) -> None:
    text = page(state, path)
    for words in says.split("; "):
        assert words in text, text
    for words in says_not.split("; "):
        assert words == "-" or words not in text, words


@pytest.mark.parametrize("state", STATES)
def test_one_is_singular_and_others_are_not(page: Callable[[str, str], str], state: str) -> None:
    found = [(path, match[0]) for path in PAGES for match in MISCOUNTED.finditer(page(state, path))]
    assert found == []
