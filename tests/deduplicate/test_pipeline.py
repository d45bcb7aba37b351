"""What holds for any input: order does not matter, a second run finds nothing, weak links hold nothing together."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from invented_records import library

from evidence.deduplicate import Decision, Decisions, deduplicate, deduplicate_rows, load_decisions, merge_records
from evidence.deduplicate.prepare import ABSTRACT_LENGTH, parse_year, prepare_row
from evidence.errors import InputError
from evidence.record import Author, Correction, Record, Section


def clusters_by_id(rows: list[dict[str, str]]) -> set[frozenset[str]]:
    found = deduplicate_rows([prepare_row(row) for row in rows])
    assert sorted(position for cluster in found.clusters for position in cluster) == list(range(len(rows)))
    return {frozenset(rows[position]["record_id"] for position in cluster) for cluster in found.clusters}


def record(number: int, **fields: object) -> Record:
    values: dict[str, object] = {
        "source": "ris", "source_id": str(number), "title": "Spinal cord stimulation for painful neuropathy: a trial",
        "authors": [Author(family="Okafor", initials="AB"), Author(family="Haas", initials="E")], "year": 2020,
        "journal": "Pain Medicine",
    }  # fmt: skip
    return Record(**{**values, **fields})  # type: ignore[arg-type]


def test_invented_copies_are_found_and_nothing_else() -> None:
    rows = library(400)
    truth: dict[str, set[str]] = {}
    for row in rows:
        truth.setdefault(row["title"].lower().split(".")[0] + row["authors"], set()).add(row["record_id"])
    assert clusters_by_id(rows) == {frozenset(ids) for ids in truth.values()}


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_input_changes_nothing(seed: int) -> None:
    rows = library(150, copies=1.0)
    shuffled = rows[:]
    random.Random(seed).shuffle(shuffled)
    assert clusters_by_id(shuffled) == clusters_by_id(rows)


def test_a_second_run_on_the_representatives_finds_nothing() -> None:
    records = [
        record(1, doi="10.9999/a"),
        record(2, doi="10.9999/a", title="Spinal cord stimulation for painful neuropathy", volume="21", pages="5-9"),
        record(3, volume="21", pages="5-9", journal="Pain Med"),
        record(4, title="Another matter: sleep in painful neuropathy", doi="10.9999/b"),
    ]
    found = deduplicate(records)
    assert found.clusters == [[0, 1, 2], [3]]
    merged = [merge_records([records[p] for p in cluster]).record for cluster in found.clusters]
    assert deduplicate(merged).clusters == [[0], [1]]


def test_merges_connect_each_cluster_and_say_why() -> None:
    found = deduplicate(
        [record(1, doi="10.9999/a"), record(2, doi="10.9999/a"), record(3, doi="10.9999/a", volume="3")]
    )
    assert len(found.merges) == 2
    assert all(
        merge.left < merge.right and merge.rule and merge.why and 0.8 <= merge.score <= 1 for merge in found.merges
    )


def test_one_record_without_doi_does_not_join_two_documents() -> None:
    found = deduplicate([record(1, doi="10.9999/a"), record(2), record(3, doi="10.9999/b")])
    assert len(found.clusters) == 2
    assert any("two registered DOIs" in line for line in found.log)


def test_a_correction_is_never_merged_even_with_the_same_title_and_doi() -> None:
    article = record(1, pmid="100", doi="10.9999/a")
    notice = record(2, pmid="101", doi="10.9999/a", corrections=[Correction("ErratumFor", "100")])
    assert deduplicate([article, notice]).clusters == [[0], [1]]


def test_entries_equal_in_every_field_are_one() -> None:
    assert deduplicate([record(1), record(2), record(3)]).clusters == [[0, 1, 2]]


# ── Decisions ──


def test_a_decision_forces_and_forbids() -> None:
    records = [record(1), record(2), record(3, title="A wholly different matter, says the index")]
    forced = Decision(("ris:1", "ris:3"), True, "checked against the PDF")
    apart = Decision(("ris:1", "ris:2"), False, "two abstracts of one title")
    found = deduplicate(records, Decisions((forced, apart)))
    assert found.clusters == [[0, 2], [1]]
    assert found.merges[0].rule == "decision" and found.merges[0].why == "checked against the PDF"


def test_a_decision_on_an_unknown_record_is_said() -> None:
    found = deduplicate([record(1)], Decisions((Decision(("ris:1", "99999999"), True, "x"),)))
    assert found.clusters == [[0]] and any("99999999" in line for line in found.log)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- records: [a]\n  merge: true\n  reason: x\n", "two or more"),
        ("- records: [a, b]\n  merge: maybe\n  reason: x\n", "true (force) or false"),
        ("- records: [a, b]\n  merge: true\n", "reason is missing"),
        ("- records: [a, b]\n  merge: true\n  reason: x\n  who: me\n", "unknown key 'who'"),
        ("records: [a, b]\n", "must be a list"),
    ],
)
def test_a_wrong_decision_names_file_and_line(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "merges.yml"
    path.write_text(text)
    with pytest.raises(InputError) as raised:
        load_decisions(path)
    assert reason in str(raised.value) and "merges.yml:" in str(raised.value)


def test_decisions_of_the_project_can_be_read(root: Path, tmp_path: Path) -> None:
    assert isinstance(load_decisions(root / "queries" / "merges.yml"), Decisions)
    assert load_decisions(tmp_path / "none.yml") == Decisions()


# ── The representative ──


def test_the_representative_is_filled_and_says_from_where() -> None:
    pubmed = record(1, source="pubmed", source_id="100", pmid="100", year=2019, publication_date="2019-12")
    final = record(2, doi="10.9999/a", volume="21", issue="3", pages="5-9", abstract=[Section("Invented.")])
    merged = merge_records([final, pubmed])
    assert merged.record.id == "pubmed:100" and merged.record.pmid == "100"
    assert (merged.record.year, merged.record.volume, merged.record.pages) == (2020, "21", "5-9")
    assert merged.record.publication_date == "2019-12"
    assert merged.fields["volume"] == merged.fields["doi"] == merged.fields["abstract"] == "ris:2"
    assert merged.fields["title"] == "pubmed:100"
    assert merge_records([pubmed, final]).record == merged.record


def test_corrections_and_registrations_of_all_records_are_kept() -> None:
    one = record(1, databanks=[("ClinicalTrials.gov", "NCT01")], corrections=[Correction("RetractionIn", "7")])
    two = record(2, databanks=[("ISRCTN", "ISRCTN02")])
    merged = merge_records([one, two]).record
    assert merged.databanks == [("ClinicalTrials.gov", "NCT01"), ("ISRCTN", "ISRCTN02")]
    assert merged.corrections == one.corrections


# ── Bad input ──


def test_ten_thousand_editorials_take_no_time_and_stay_apart() -> None:
    rows = [{"record_id": str(n), "title": "Editorial", "year": str(1990 + n % 7)} for n in range(10_000)]
    start = time.process_time()
    found = deduplicate_rows([prepare_row(row) for row in rows])
    assert time.process_time() - start < 4
    assert len(found.clusters) == 10_000
    assert any("left apart" in line for line in found.log)


def test_ten_thousand_editorials_by_one_editor_are_cut_and_logged() -> None:
    rows = [
        {"record_id": str(n), "title": "Editorial", "authors": "Levy R", "journal": "Neuromodulation", "volume": str(n)}
        for n in range(10_000)
    ]
    start = time.process_time()
    found = deduplicate_rows([prepare_row(row) for row in rows])
    assert time.process_time() - start < 6
    assert len(found.clusters) == 10_000
    assert any("10000 records share the title" in line for line in found.log)


def test_five_hundred_abstracts_on_one_doi_stay_apart() -> None:
    rows = library(500, copies=0)
    for row in rows:
        row["doi"] = "10.9999/supplement"
    found = deduplicate_rows([prepare_row(row) for row in rows])
    assert len(found.clusters) == 500
    assert found.log


@pytest.mark.parametrize("title", ["", "   ", "???", "[]", "<i></i>"])
def test_no_title_is_no_reason(title: str) -> None:
    rows = [{"record_id": "1", "title": title}, {"record_id": "2", "title": title}]
    assert clusters_by_id(rows) == {frozenset("1"), frozenset("2")}


def test_no_title_but_doi_and_authors() -> None:
    row = {"title": "", "doi": "10.9999/a", "authors": "Haas E and Ito F", "volume": "3", "pages": "4-9"}
    assert clusters_by_id([{**row, "record_id": "1"}, {**row, "record_id": "2"}]) == {frozenset("12")}


def test_a_megabyte_of_abstract_costs_nothing() -> None:
    row = {"title": "Spinal cord stimulation in the elderly", "authors": "Haas E", "abstract": "word " * 200_000}
    start = time.process_time()
    items = [prepare_row({**row, "record_id": str(n), "year": str(2000 + n)}) for n in range(20)]
    deduplicate_rows(items)
    assert time.process_time() - start < 1
    assert all(len(item.abstract) <= ABSTRACT_LENGTH for item in items)


@pytest.mark.parametrize(
    ("text", "year"),
    [("n.d.", None), ("in press", None), ("", None), ("2019 Mar", 2019), ("c2004", 2004), ("20", None)],
)
def test_years_as_people_write_them(text: str, year: int | None) -> None:
    assert parse_year(text) == year


def test_nothing_at_all() -> None:
    assert deduplicate([]).clusters == []
    assert deduplicate_rows([prepare_row({})]).clusters == [[0]]


def test_a_record_without_year_does_not_bridge_four_years() -> None:
    """Two reviews of one title and author, 2008 and 2012; the entry between them has lost its year."""
    row = {
        "title": "Psychological questions before a stimulator is implanted",
        "authors": "Okafor AB",
        "journal": "Pain",
    }
    rows = [
        {**row, "record_id": "1", "year": "2008", "volume": "12", "pages": "425-32"},
        {**row, "record_id": "2", "volume": "12", "pages": "425-32"},
        {**row, "record_id": "3", "year": "2012"},
    ]
    assert deduplicate_rows([prepare_row(r) for r in rows]).clusters == [[0, 1], [2]]
