"""Names, journals, volumes, pages and titles, each as databases print them."""

from __future__ import annotations

import tracemalloc

import pytest

from evidence.bibliography.journals import may_be_same_journal
from evidence.bibliography.markers import is_preprint, kinds_of, notice_of
from evidence.deduplicate.columns import Columns, row_of
from evidence.deduplicate.compare import same_doi
from evidence.deduplicate.names import compare_names, first_names, parse_names
from evidence.deduplicate.places import normal_volume, parse_pages, same_pages
from evidence.deduplicate.prepare import prepare_record
from evidence.deduplicate.titles import Level, compare_titles
from evidence.record import Author, Record, Section


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("N Engl J Med", "New England Journal of Medicine"),
        ("Lancet", "The Lancet"),
        ("Lancet", "Lancet (London, England)"),
        ("PLoS One", "PLOS ONE"),
        ("BMJ", "BMJ (Clinical research ed.)"),
        ("JAMA", "Journal of the American Medical Association"),
        ("JAMA", "JAMA - Journal of the American Medical Association"),
        ("Br J Anaesth", "British Journal of Anaesthesia"),
        ("Dtsch Arztebl Int", "Deutsches Ärzteblatt International"),
        ("Z Rheumatol", "Zeitschrift für Rheumatologie"),
        (
            "J Clin Oncol",
            "Journal of clinical oncology : official journal of the American Society of Clinical Oncology",
        ),
        ("J Neurol Neurosurg Psychiatry", "Journal of Neurology, Neurosurgery and Psychiatry"),
        ("Cochrane Database Syst Rev", "Cochrane Database of Systematic Reviews (Online)"),
        ("Spine (Phila Pa 1976)", "Spine"),
        ("Trials", "Trials [Electronic Resource]"),
        ("Stroke; a journal of cerebral circulation", "Stroke"),
        ("Medicine (Baltimore)", "Medicine (United States)"),
        ("Nippon Rinsho", "Nippon rinsho. Japanese journal of clinical medicine"),
        ("Diabetes Metab Syndr Obes", "Diabetes, Metabolic Syndrome and Obesity: Targets and Therapy"),
    ],
)
def test_one_journal(one: str, other: str) -> None:
    assert may_be_same_journal(one, other) is True and may_be_same_journal(other, one) is True


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pain", "Pain Physician"),
        ("Pain", "Pain Medicine"),
        ("Lancet", "Lancet Neurology"),
        ("BMJ", "BMJ Open"),
        ("JACC", "JACC: Heart Failure"),
        ("Spine", "Spine Journal"),
        ("Neurology", "Neurosurgery"),
        ("European Journal of Pain", "European Spine Journal"),
        ("Arthritis Rheumatol", "Arthritis Care Res (Hoboken)"),
        ("J Am Coll Cardiol", "J Am Coll Surg"),
    ],
)
def test_two_journals(one: str, other: str) -> None:
    assert may_be_same_journal(one, other) is False


@pytest.mark.parametrize("journal", ["", "Proceedings of the 51st Hawaii International Conference on System Sciences"])
def test_journals_that_cannot_be_told(journal: str) -> None:
    assert may_be_same_journal(journal, "Pain") is None


@pytest.mark.parametrize(
    ("text", "volume"),
    [
        ("21", "21"), ("Vol. 21", "21"), ("021", "21"), ("21(3)", "21"), ("57 1 SUPPL. 1", "57"),
        ("61 (Supplement 1)", "61"),
        ("1)", ""), ("2016", ""), ("2015-April", ""), ("Ph.D.", ""), ("(no pagination)", ""), ("", ""),
    ],
)  # fmt: skip
def test_volumes(text: str, volume: str) -> None:
    assert normal_volume(text) == volume


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("574-84", "574-584", True),
        ("645--665", "645-65", True),
        ("794‐799", "794-9", True),
        ("083-087", "83-7", True),
        ("S417-S429", "Suppl-29", True),
        ("S67", "67", True),
        ("e27310", "27310", True),
        ("133-143", "121-132", False),
        ("e1H", "e1I", False),
        ("e8-e9", "e3", False),
        ("106482", "11", None),
        ("e505", "42-47", None),
        ("567-569", "569", None),
        ("11-Sep", "9-11", None),
        ("215 p", "1524", None),
        ("", "5-9", None),
    ],
)
def test_pages(one: str, other: str, same: bool | None) -> None:
    assert same_pages(parse_pages(one), parse_pages(other)) is same
    assert same_pages(parse_pages(other), parse_pages(one)) is same


@pytest.mark.parametrize(
    ("authors", "families"),
    [
        ("Deer TR and van Kleef M", ["deer", "kleef"]),
        ("Deer, Timothy R. and van Kleef, Maarten", ["deer", "kleef"]),
        ("Timothy R. Deer; Maarten van Kleef", ["deer", "vankleef"]),
        ("Deer TR, Mekhail N, Provenzano D", ["deer", "mekhail", "provenzano"]),
        ("Deer, T.R., Mekhail, N., Provenzano, D.", ["deer", "mekhail", "provenzano"]),
        ("Chen R.Wang Y.Liang L.", ["chen", "wang", "liang"]),
        ("Müller, R. M. and O'Sullivan L", ["muller", "osullivan"]),
        ("Deer TR et al", ["deer"]),
        ("", []),
    ],
)
def test_author_lists(authors: str, families: list[str]) -> None:
    found = [name.family for name in parse_names(authors)]
    assert found == families or [f.removeprefix("van") for f in found] == [f.removeprefix("van") for f in families]
    assert first_names(authors) == found[:2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kim BR and Chun MH and Lee SJ", "Kim, Bo Ryun and Chun, Min Ho and Lee, Sook Joung"),
        ("Giorgi, Rossi P and Bisanzi, S", "Rossi, P G and Bisanzi, S"),
        ("Grundstrom K and Lundqvist A", "Lundqvist A and Grundstrm K"),
        ("Stringer AY", "Stringer, Anthony Y. and Small, Sarah K."),
        ("Mueller R and Haas E", "Müller R and Haas E"),
        ("Wang Xiaoming and Li Wei", "Xiaoming Wang and Wei Li"),
    ],
)
def test_authors_agree(one: str, other: str) -> None:
    assert compare_names(parse_names(one), parse_names(other)).same


def test_authors_differ_or_are_unknown() -> None:
    assert compare_names(parse_names("Haas E and Ito F"), parse_names("Novak G and Petrov H")).differ
    unknown = compare_names(parse_names(""), parse_names("Haas E"))
    assert unknown.unknown and not unknown.same and not unknown.differ


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("low back pain in adults", "low back pain in adults", Level.EXACT),
        ("in vitro effects of kilohertz currents", "invitro effects of kilohertz currents", Level.EXACT),
        ("generalisability of behaviour change", "generalizability of behavior change", Level.NEAR),
        ("a review of eleven trials of burst stimulation", "a review of 11 trials of burst stimulation", Level.NEAR),
        (
            "covid 19 and sars cov 2 infection in pain clinics",
            "covid 19 and severe acute respiratory syndrome coronavirus 2 infection in pain clinics",
            Level.NEAR,
        ),
        ("unilateral neglect in stroke", "unilateral neglect in stroke a comparative study of pain", Level.CONTAINED),
        ("effects of burst stimulation on sleep", "effects of tonic stimulation on mood", Level.RELATED),
        ("phase 2 trial of stimulation in sciatica", "phase 3 trial of stimulation in sciatica", Level.RELATED),
        ("opioid use after surgery", "vagus nerve anatomy of the rat", Level.UNLIKE),
    ],
)  # fmt: skip
def test_titles(one: str, other: str, level: Level) -> None:
    assert compare_titles((one,), (other,)).level == level
    assert compare_titles((other,), (one,)).level == level


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.9/a", "10.9/a", True),
        ("10.9/a", "10.9/b", False),
        ("10.12688/f1000research.1234.1", "10.12688/f1000research.1234.3", True),
        ("10.21203/rs.3.rs-12345/v1", "10.21203/rs.3.rs-12345/v2", True),
        ("10.1002/14651858.cd014789", "10.1002/14651858.cd014789.pub2", False),
        ("10.1016/s0304-3959(95", "10.1016/s0304-3959(95)00170-0", None),
        (None, "10.9/a", None),
    ],
)
def test_dois(one: str | None, other: str | None, same: bool | None) -> None:
    assert same_doi(one, other) is same and same_doi(other, one) is same


def test_a_shared_doi_identifies_nothing() -> None:
    assert same_doi("10.9/supplement", "10.9/supplement", {"10.9/supplement"}) is None


@pytest.mark.parametrize(
    "title",
    [
        "Correction of scoliosis in adults with back pain",
        "Response to spinal cord stimulation in women with sciatica",
        "Comments of patients on stimulation: a qualitative study",
        "Retraction of the lead after percutaneous implantation",
        "Letters home: expressive writing in chronic pain",
        "Concerns of patients with implanted stimulators",
    ],
)
def test_ordinary_titles_with_the_words_of_notices(title: str) -> None:
    assert notice_of(title) in ("", "retraction" if title.startswith("Retraction of") else "")


@pytest.mark.parametrize(
    ("title", "notice"),
    [
        ("An invited commentary 'Day care or inpatient implantation'", "comment"),
        ("Letter by Novak et al regarding article, 'Sleep after stimulation'", "comment"),
        ("Letter to the Editors: more on leads", "comment"),
        ("Stimulation for headache in the emergency room - a comment", "comment"),
        ("Which lead is preferred?: Commentary on an article by Novak", "comment"),
        ("Response to Novak re: 'Is there an association of sleep and pain?'", "reply"),
        ("Response to the letter of Novak", "reply"),
        ("Journal Office. Retraction: outcomes of stimulation", "retraction"),
        ("Notice of retraction: outcomes of stimulation", "retraction"),
        ("Editorial expression of concern: outcomes of stimulation", "concern"),
        ("Publisher Correction: outcomes of stimulation", "erratum"),
        ("Outcomes of stimulation: Erratum", "erratum"),
        ("Outcomes of stimulation (vol 12, e45, 2019)", ""),
        ("Outcomes of stimulation (vol 12, pg 45, 2019)", "erratum"),
        ("Letters, comments and corrections in pain journals: a survey", ""),
    ],
)
def test_titles_of_notices_and_letters(title: str, notice: str) -> None:
    assert notice_of(title) == notice


def test_markers_of_kind() -> None:
    assert kinds_of("Stimulation for sciatica: protocol for a randomized trial") == {"protocol"}
    assert kinds_of("Executive summary of the guideline") == {"summary"}
    assert kinds_of("A new protocol-driven clinic") == frozenset()
    assert is_preprint("10.1101/2020.09.21.20198333", "") and not is_preprint("10.1101/gr.123", "")
    assert not is_preprint("10.2139/ssrn.1", "Proceedings of a conference")


def test_what_blocking_keeps_of_an_item_is_small() -> None:
    """A million records are blocked in memory: 250 bytes each, whatever their abstracts and authors."""
    authors = [Author(family=f"Invented{n}", given="Ann") for n in range(12)]
    records = (
        Record(source="ris", source_id=str(n), title=f"Invented title {n} about stimulation of one nerve and its pain",
               doi=f"10.5555/invented.{n}", authors=authors, year=2020, volume="3", pages=str(n),
               abstract=[Section("words " * 500)])
        for n in range(2000)
    )  # fmt: skip
    tracemalloc.start()
    columns = Columns(row_of(prepare_record(record)) for record in records)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(columns) == 2000
    assert kept / 2000 < 350
