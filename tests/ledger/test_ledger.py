"""The ledger: what is read, every complaint with its line, and the project's own 84 claims."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from check_desk import project_ledger, project_vocabulary

from evidence.cited_sources import CitedSource
from evidence.errors import InputError
from evidence.ledger.ledger import load_ledger, published
from evidence.ledger.reading import NO_BASIS, OLD_VERDICTS, Reading, person
from evidence.ledger.reopening import Arrival, reopen

VOCABULARY = SimpleNamespace(tags={"modality": {"scs"}, "outcome": {"sleep"}, "condition": set()}, concepts={"battery"})
SOURCES = [CitedSource(id="oak2019", cited_as="Oak 2019")]
GOOD = """article:
  title: A page
  publisher: Somebody
drafted_on: 2026-11-20
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
    fidelity: overstated
    direction: in_part
    basis: abstract
    reason: Twelve people were asked.
    flags: [small]
    reviewed_on: 2026-12-01
    reviewed_by: Ada Byron
"""


def load(tmp_path: Path, text: str = GOOD, name: str = "page.yml"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return load_ledger(tmp_path, VOCABULARY, SOURCES)


def test_a_claim(tmp_path: Path) -> None:
    ledger = load(tmp_path)
    (article,), (claim,) = ledger.articles, ledger.claims
    assert (article.id, article.publisher) == ("page", "Somebody")
    assert (claim.article, claim.modalities) == ("page", ("scs",))
    assert claim.reading == Reading(
        "overstated", "in_part", "abstract", "Twelve people were asked.", "2026-12-01", ("Ada Byron",)
    )
    assert claim.reading.standing() == "confirmed by Ada Byron, 2026-12-01"
    assert claim.numbers[0].value == 40
    assert claim.source_roles() == {"oak2019": "cited"}


def test_a_claim_without_a_reading(tmp_path: Path) -> None:
    keys = ("fidelity:", "direction:", "basis:", "reason:", "reviewed_on:", "reviewed_by:")
    text = "".join(line for line in GOOD.splitlines(True) if not line.strip().startswith(keys))
    (claim,) = load(tmp_path, text).claims
    assert claim.reading is None
    arrival = Arrival("1", "A trial", "2030-01-01", frozenset(claim.modalities), frozenset(claim.outcomes), 1)
    assert reopen(claim, {}, {}, [arrival], []) == []


def test_without_a_name_a_reading_is_a_draft_of_the_files_day(tmp_path: Path) -> None:
    text = "".join(line for line in GOOD.splitlines(True) if "reviewed" not in line and "basis" not in line)
    reading = load(tmp_path, text).claims[0].reading
    assert (reading.status, reading.dated, reading.basis_in_words()) == ("draft", "2026-11-20", NO_BASIS)
    assert reading.standing() == "draft reading, not yet confirmed by a reviewer"


@pytest.mark.parametrize("verdict", OLD_VERDICTS)
@pytest.mark.parametrize("by", ["maintainers", "me", "the team"])
def test_the_older_form_is_read_as_a_draft_and_named(tmp_path: Path, verdict: str, by: str) -> None:
    text = GOOD.replace(
        "    fidelity: overstated\n    direction: in_part\n    basis: abstract\n", f"    verdict: {verdict}\n"
    )
    ledger = load(tmp_path, text.replace("Ada Byron", by))
    reading = ledger.claims[0].reading
    assert (reading.fidelity, reading.direction, reading.status) == ("not_checked", OLD_VERDICTS[verdict], "draft")
    (note,) = ledger.notes
    assert "page.yml:6: a claim is of the older form" in note and "write 'fidelity'" in note
    without = load(tmp_path, text.replace("    cites: [oak2019]\n", "").replace("Ada Byron", by))
    assert without.claims[0].reading.fidelity == "no_source_named"


def test_a_newer_file_gives_no_note(tmp_path: Path) -> None:
    assert load(tmp_path).notes == () and project_ledger().notes == ()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Ada Byron", "Ada Byron"),
        ("  J. R.  Oak-Birch ", "J. R. Oak-Birch"),
        ("Ai Wei", "Ai Wei"),
        ("李伟", "李伟"),
        ("0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("https://orcid.org/0000-0001-5109-3700", "0000-0001-5109-3700"),
        ("0000-0002-1694-233x", "0000-0002-1694-233X"),
        ("0000-0002-1825-0098", None),  # its check digit is 7
        ("maintainers", None),
        ("The Maintainers", None),
        ("The Review Team", None),
        ("Chatbot Four", None),
        ("a test", None),
        ("me", None),
        ("Madonna", None),
        ("12 34", None),
    ],
)
def test_who_is_a_person(written: str, read: str | None) -> None:
    assert person(written) == read


def test_a_publication_has_no_draft(tmp_path: Path) -> None:
    confirmed = load(tmp_path)
    draft = load(tmp_path, "".join(line for line in GOOD.splitlines(True) if "reviewed" not in line))
    assert published(confirmed, {"public": True}).claims == confirmed.claims
    hidden = published(draft, {"public": True}).claims[0]
    assert (hidden.reading, hidden.flags, hidden.paraphrase) == (None, (), draft.claims[0].paraphrase)
    assert published(draft, {"public": True, "show_draft_readings": True}) == draft
    assert published(draft, {"public": False}) == draft


@pytest.mark.parametrize(
    ("fidelity", "direction", "borne_out"),
    [("faithful", "for", True), ("faithful", "against", False), ("misreported", "for", False),
     ("overstated", "", False), ("no_source_named", "for", True), ("no_source_named", "not_testable", True),
     ("source_not_found", "for", False), ("not_checked", "nothing_found", False)],
)  # fmt: skip
def test_what_is_borne_out(fidelity: str, direction: str, borne_out: bool) -> None:
    assert Reading(fidelity, direction).borne_out is borne_out


def test_the_least_favourable_reading_ranks_first() -> None:
    readings = [Reading("faithful", "for"), Reading("overstated"), Reading("no_source_named", "against"),
                Reading("no_source_named", "nothing_found")]  # fmt: skip
    assert [r.direction or r.fidelity for r in sorted(readings, key=lambda r: r.rank)] == [
        "against", "nothing_found", "overstated", "for",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("[scs]", "[scs, magnets]", 9, "'magnets' is not a known modality"),
        ("[sleep]", "[dreams]", 10, "'dreams' is not a known outcome"),
        ("[battery]", "[wires]", 11, "'wires' is not a known concept"),
        ("    sources: [oak2019]", "    sources: [elm1999]", 16, "'elm1999' is not a known source"),
        ("    reason: Twelve people were asked.", "    reason:", 6, "a reading without a reason"),
        ("fidelity: overstated", "fidelity: maybe", 17, "fidelity 'maybe' is not one of"),
        ("fidelity: overstated", "verdict: maybe", 17, "verdict 'maybe' is not one of"),
        ("direction: in_part", "direction: up", 18, "direction 'up' is not one of"),
        ("basis: abstract", "basis: dream", 19, "basis 'dream' is not one of"),
        ("    fidelity: overstated\n", "", 17, "'direction' without 'fidelity'"),
        ("reviewed_by: Ada Byron", "reviewed_by: maintainers of it", 23, "names no person"),
        ("reviewed_by: Ada Byron", "reviewed_by: 0000-0002-1825-0098", 23, "names no person"),
        ("    reviewed_on: 2026-12-01\n", "", 22, "'reviewed_by' without 'reviewed_on'"),
        ("drafted_on: 2026-11-20", "drafted_on: last week", 4, "is not a date"),
        ("kind: efficacy", "kind: hearsay", 8, "kind 'hearsay' is not one of"),
        ("    reviewed_by: Ada Byron", "    reviewed: yes", 23, "unknown key 'reviewed'"),
        ("reviewed_on: 2026-12-01", "reviewed_on: 20 November", 22, "is not a date"),
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
    assert all(claim.reading and claim.reading.reason for claim in ledger.claims)
    # Nobody has confirmed one, and no basis is made up.
    assert {(c.reading.status, c.reading.dated) for c in ledger.claims} == {("draft", "2026-11-20")}
    assert {c.reading.basis for c in ledger.claims} == {"", "textbook", "page_itself"}
    # Whether a source says so can only be asked where one is named.
    assert all((c.reading.fidelity == "no_source_named") == (not c.cites) for c in ledger.claims)
    assert all("Health article: where the claims come from" in article.note for article in ledger.articles)


def test_what_rests_on_memory_says_so() -> None:
    """A reading of which nothing was read does not say "for" without saying so."""
    for claim in project_ledger().claims:
        if claim.reading.direction == "for" and not claim.sources:
            assert "textbook" in claim.reading.reason.lower(), claim.id


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
