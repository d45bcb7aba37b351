"""Reports of one investigation stand together; a number in a review's abstract makes it no report of the trial."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.bibliography.registrations import databank_registrations, registrations_in
from evidence.errors import InputError
from evidence.record import Author, Record, Section
from evidence.relate import Group, Study, load_groups, relate


def report(pmid: str, title: str, text: str = "", **fields: object) -> Record:
    values: dict[str, object] = {
        "source": "pubmed", "pmid": pmid, "title": title, "abstract": [Section(text)] if text else [],
        "authors": [Author(family=f"Family{pmid}")], "publication_date": f"20{pmid.zfill(2)}-01", "journal": "Pain",
    }  # fmt: skip
    return Record(**{**values, **fields})  # type: ignore[arg-type]


def studies(*records: Record, groups: tuple[Group, ...] = ()) -> list[Study]:
    return relate({r.pmid or "": r for r in records}, {}, groups).studies


MAIN = report("19", "Stimulation or medical care in back pain: a randomised trial", "Registered as NCT01697358.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ClinicalTrials.gov Identifier: NCT 01697358", ("ClinicalTrials.gov", "NCT01697358")),
        ("nct01697358", ("ClinicalTrials.gov", "NCT01697358")),
        ("ISRCTN 12345678", ("ISRCTN", "ISRCTN12345678")),
        ("EudraCT number 2012-001234-56", ("EudraCT", "2012-001234-56")),
        ("ACTRN 12612000123456", ("ANZCTR", "ACTRN12612000123456")),
        ("ChiCTR-TRC-10001234", ("ChiCTR", "ChiCTR-TRC-10001234")),
        ("ChiCTR2000012345", ("ChiCTR", "ChiCTR2000012345")),
        ("UMIN-CTR ID: UMIN000012345", ("UMIN-CTR", "UMIN000012345")),
        ("JPRN-UMIN000012345", ("UMIN-CTR", "UMIN000012345")),
        ("jRCTs031180123", ("jRCT", "jRCTs031180123")),
        ("DRKS00012345", ("DRKS", "DRKS00012345")),
        ("Dutch Trial Register NTR 5433", ("NTR", "NTR5433")),
        ("Netherlands Trial Register: NL7889", ("NTR", "NL7889")),
        ("CTRI/2012/09/003000", ("CTRI", "CTRI/2012/09/003000")),
        ("IRCT20150721023282N11", ("IRCT", "IRCT20150721023282N11")),
        ("KCT0001234", ("CRiS", "KCT0001234")),
        ("PACTR201709002573100", ("PACTR", "PACTR201709002573100")),
        ("RBR-6YX9GH", ("ReBec", "RBR-6yx9gh")),
        ("TCTR20190101001", ("TCTR", "TCTR20190101001")),
        ("ClinicalTrials.gov (no. NCT\u201001697358)", ("ClinicalTrials.gov", "NCT01697358")),
        ("EudraCT 2012\u2010001234\u201056", ("EudraCT", "2012-001234-56")),
        ("EU CT 2022-501234-12-00", ("CTIS", "2022-501234-12-00")),
        ("ISRCTN Registry 12345678", ("ISRCTN", "ISRCTN12345678")),
        ("ANZCTR 12612000123456", ("ANZCTR", "ACTRN12612000123456")),
        ("ACTRN012612000123456", ("ANZCTR", "ACTRN12612000123456")),
        ("UMIN-CTRID:000012345R:000015591", ("UMIN-CTR", "UMIN000012345")),
        ("Netherlands Trial Registry (NTR) 5433", ("NTR", "NTR5433")),
    ],
)
def test_numbers_have_one_form(text: str, expected: tuple[str, str]) -> None:
    assert registrations_in(text) == [expected]


@pytest.mark.parametrize(
    "text", ["", "grant 2012-001234-56", "NCT123", "the NTR gene", "NL 4 participants", "pages 1994-123456"]
)
def test_what_only_looks_like_a_number(text: str) -> None:
    assert registrations_in(text) == []


def test_databanks_that_register_trials() -> None:
    banks = [
        ("ClinicalTrials.gov", "NCT01697358"),
        ("GENBANK", "AF123456"),
        ("NTR", "NTR999"),
        ("JPRN", "UMIN000000001"),
    ]
    assert databank_registrations(banks) == [
        ("ClinicalTrials.gov", "NCT01697358"), ("NTR", "NTR999"), ("UMIN-CTR", "UMIN000000001"),
    ]  # fmt: skip


def test_reports_that_share_a_number_are_one_study() -> None:
    protocol = report(
        "13", "Stimulation or medical care in back pain: study protocol", databanks=[("X", "NCT01697358")]
    )
    secondary = report("21", "Sleep in back pain: a secondary analysis of a trial", "Trial NCT01697358.")
    found = relate({r.pmid or "": r for r in (MAIN, protocol, secondary)}, {})
    (study,) = found.studies
    assert study.id == "NCT01697358" and study.registrations == [("ClinicalTrials.gov", "NCT01697358")]
    assert study.reports == [("13", "protocol"), ("19", "main"), ("21", "secondary")]
    assert {(r.report, r.related, r.kind, r.source) for r in found.relations} == {
        ("13", "19", "protocol", "registration"),
        ("21", "19", "secondary", "registration"),
    }


@pytest.mark.parametrize(
    "review",
    [
        report("22", "Stimulation for back pain: a systematic review", "One trial (NCT01697358) was found."),
        report("22", "Stimulation for back pain", "NCT01697358", publication_types=[("D016428", "Review")]),
        report("22", "Comment on: a randomised trial of stimulation", "NCT01697358"),
        report("22", "What is going on", "NCT01697358 NCT00000002 NCT00000003 NCT00000004"),
        report("22", "Erratum: a randomised trial", "NCT01697358", kind="notice"),
        report("22", "Stimulation: where are we now?", "An ongoing randomised trial (NCT01697358) will tell."),
    ],
)
def test_who_only_mentions_a_trial_does_not_report_it(review: Record) -> None:
    (study,) = studies(MAIN, review)
    assert [name for name, _ in study.reports] == ["19"]


def test_one_trial_in_two_registries_is_one_study() -> None:
    both = report("20", "Two years of stimulation", "NCT01697358; EudraCT 2012-001234-56")
    other = report("21", "Three years of stimulation", "Registered as EudraCT 2012-001234-56")
    (study,) = studies(MAIN, both, other)
    assert len(study.reports) == 3 and len(study.registrations) == 2


def test_a_pooled_report_belongs_to_both_trials_and_joins_neither() -> None:
    other = report("18", "Another trial of burst stimulation", "NCT00000002")
    pooled = report("21", "A pooled analysis of patients", "Pooled from NCT01697358 and NCT00000002.")
    found = studies(MAIN, other, pooled)
    assert [[name for name, _ in study.reports] for study in found] == [["18", "21"], ["19", "21"]]


def test_a_maintainers_group() -> None:
    interim, final = report("14", "Interim results of a registry"), report("16", "Outcomes of a registry")
    group = Group(
        "registry", "The registry", "the same patients", (), (("14", "interim"), ("16", "main"), ("99", "secondary"))
    )
    found = relate({"14": interim, "16": final}, {}, (group,))
    (study,) = found.studies
    assert (study.id, study.title, study.reason) == ("registry", "The registry", "the same patients")
    assert study.reports == [("14", "interim"), ("16", "main")]
    assert [(r.report, r.related, r.kind, r.source) for r in found.relations] == [("14", "16", "interim", "maintainer")]
    assert found.log == ["studies.yml: registry names 99, which is not in the library"]


def test_a_group_takes_the_study_of_its_number_and_keeps_others_apart() -> None:
    stranger = report("21", "A letter in disguise", "They cite NCT01697358.")
    group = Group("promise", "PROMISE", "one trial", (("ClinicalTrials.gov", "NCT01697358"),), (), ("21",))
    (study,) = studies(MAIN, stranger, groups=(group,))
    assert study.id == "promise" and study.reports == [("19", "main")]


def test_the_projects_groups(root: Path) -> None:
    groups = {group.id: group for group in load_groups(root / "queries" / "studies.yml")}
    assert {role for _, role in groups["pain-registry"].reports} == {"interim", "main"}
    assert groups["promise"].registrations == (("ClinicalTrials.gov", "NCT01697358"),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: 1", "must be a list"),
        ("- {id: x, title: y, reason: z}", "neither reports nor registrations"),
        ("- {id: x, title: y, reports: [{report: '1'}]}", "reason is missing"),
        ("- {id: x, title: y, reason: z, registrations: [NCT1]}", "no number of a trial registry"),
        ("- {id: x, title: y, reason: z, reports: [{report: '1', role: boss}]}", "unknown role 'boss'"),
        ("- {id: x, title: y, reason: z, reports: ['1']}", "a report must be"),
        ("- {id: x, title: y, reason: z, colour: red, reports: [{report: '1'}]}", "unknown key 'colour'"),
        ("- &a {id: x, title: y, reason: z, reports: [{report: '1'}]}\n- *a", "stands twice"),
    ],
)
def test_a_wrong_group_names_file_and_reason(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "studies.yml"
    path.write_text(text)
    with pytest.raises(InputError) as raised:
        load_groups(path)
    assert reason in str(raised.value) and "studies.yml" in str(raised.value)


def test_no_file_no_groups(tmp_path: Path) -> None:
    assert load_groups(tmp_path / "none.yml") == []
