"""The ledger: what is read, every complaint with its line, and the project's own 84 claims."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from check_desk import project_ledger, project_vocabulary

from evidence.errors import InputError
from evidence.ledger.ledger import VERDICTS, load_ledger
from evidence.ledger.reopening import Arrival, reopen
from evidence.sources import CitedSource

VOCABULARY = SimpleNamespace(tags={"modality": {"scs"}, "outcome": {"sleep"}, "condition": set()}, concepts={"battery"})
SOURCES = [CitedSource(id="oak2019", cited_as="Oak 2019")]
GOOD = """article:
  title: A page
  publisher: Somebody
review_note: read in a hurry
claims:
  - id: page-01
    paraphrase: Stimulation helps people to sleep
    kind: efficacy
    modalities: [scs]
    outcomes: [sleep]
    concepts: [battery]
    numbers:
      - {value: 40, unit: "%", role: percent, what: sleep better}
    cited: Oak 2019
    cites: [oak2019]
    sources: [oak2019]
    verdict: partly
    reason: Twelve people were asked.
    flags: [small]
    reviewed_on: 2026-11-20
    reviewed_by: maintainers
"""


def load(tmp_path: Path, text: str = GOOD, name: str = "page.yml"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return load_ledger(tmp_path, VOCABULARY, SOURCES)


def test_a_claim(tmp_path: Path) -> None:
    ledger = load(tmp_path)
    (article,), (claim,) = ledger.articles, ledger.claims
    assert (article.id, article.publisher) == ("page", "Somebody")
    assert (claim.article, claim.verdict, claim.modalities, claim.review_note) == (
        "page",
        "partly",
        ("scs",),
        "read in a hurry",
    )
    assert claim.numbers[0].value == 40
    assert claim.source_roles() == {"oak2019": "cited"}


def test_a_claim_that_nobody_has_read_the_sources_of_has_no_verdict(tmp_path: Path) -> None:
    keys = ("verdict:", "reason:", "reviewed_on:", "reviewed_by:")
    text = "".join(line for line in GOOD.splitlines(True) if not line.strip().startswith(keys))
    (claim,) = load(tmp_path, text).claims
    assert (claim.verdict, claim.reason, claim.reviewed_on, claim.reviewed_by) == ("", "", "", "")
    arrival = Arrival("1", "A trial", "2030-01-01", frozenset(claim.modalities), frozenset(claim.outcomes), 1)
    assert reopen(claim, {}, {}, [arrival], []) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("[scs]", "[scs, magnets]", 9, "'magnets' is not a known modality"),
        ("[sleep]", "[dreams]", 10, "'dreams' is not a known outcome"),
        ("[battery]", "[wires]", 11, "'wires' is not a known concept"),
        ("    sources: [oak2019]", "    sources: [elm1999]", 16, "'elm1999' is not a known source"),
        ("    reason: Twelve people were asked.", "    reason:", 6, "a verdict without a reason"),
        ("verdict: partly", "verdict: maybe", 17, "verdict 'maybe' is not one of"),
        ("kind: efficacy", "kind: hearsay", 8, "kind 'hearsay' is not one of"),
        ("    reviewed_by: maintainers", "    reviewed: yes", 21, "unknown key 'reviewed'"),
        ("reviewed_on: 2026-11-20", "reviewed_on: 20 November", 20, "is not a date"),
        ("id: page-01", "id: Page 1", 6, "use lower-case letters"),
        ("  title: A page", "  titel: A page", 2, "unknown key 'titel'"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, reason: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        load(tmp_path, GOOD.replace(old, new))
    assert reason in caught.value.reason and caught.value.line == line
    assert str(caught.value.path).endswith("page.yml")


def test_an_id_used_twice_names_both_places(tmp_path: Path) -> None:
    load(tmp_path)
    with pytest.raises(InputError, match=r"used twice \(first at .*page\.yml:6\)"):
        load(tmp_path, name="second.yml")


def test_the_projects_ledger() -> None:
    ledger = project_ledger()
    assert {article.id for article in ledger.articles} == {
        "pain-spine-pnt", "verywell-neuromodulation", "hong-neuromodulation", "icliniq-neuromodulation",
        "midback-neuromodulation",
    }  # fmt: skip
    assert len(ledger.claims) == 84
    assert all(claim.verdict in VERDICTS and claim.reason for claim in ledger.claims)
    assert {(c.reviewed_on, c.reviewed_by) for c in ledger.claims} == {("2026-11-20", "maintainers")}
    assert all("basis not recorded" in c.review_note or "from memory" in c.review_note for c in ledger.claims)
    assert all("Health article: where the claims come from" in article.note for article in ledger.articles)


def test_what_rests_on_memory_says_so() -> None:
    """A verdict of which nothing was read is not "supported" without saying so."""
    for claim in project_ledger().claims:
        if claim.verdict == "supported" and not claim.sources:
            assert "textbook" in claim.reason.lower(), claim.id


@pytest.mark.shared
def test_everything_that_the_articles_name_has_a_place(shared_dir: Path, root: Path) -> None:
    """Every row of the coverage list is a tag, a child tag or a concept; every modality has a topic."""
    coverage = yaml.safe_load((shared_dir / "claims" / "coverage.yml").read_text(encoding="utf-8"))
    vocabulary = project_vocabulary()
    covered = {row for tags in vocabulary.tags.values() for tag in tags.values() for row in tag.covers}
    covered |= {row for concept in vocabulary.concepts.values() for row in concept.covers}
    for kind in ("modalities", "outcomes", "conditions", "mechanisms"):
        for row in coverage[kind]:
            assert f"{kind}:{row['id']}" in covered
    topics = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (root / "queries" / "topics").glob("*.yml")]
    searched = {
        m
        for topic in topics
        for m in ([topic["modality"]] if isinstance(topic["modality"], str) else topic["modality"])
    }
    for claim in project_ledger().claims:
        for modality in claim.modalities:
            assert {modality, *vocabulary.with_parents("modality", modality)} & searched, modality
