"""Which report a printed reference means. Works are invented; four of one issue share first author, year and journal."""
# ruff: noqa: E501 - a printed reference stands on one line

from __future__ import annotations

from collections.abc import Sequence

import pytest
from library_factory import make_library

from evidence.library import Library
from evidence.references import FIELDS, ParsedReference, Resolution, find_references, resolve, resolve_all
from evidence.references.score import confidence, enough_said

ISSUE = {"journal": "Neuromodulation", "year": 2014, "volume": "17", "issue": "6"}
ROWS = [
    {"id": "101", "pmid": "101", "doi": "10.5555/coil.101", "title": "The appropriate use of coils in chronic pain: the Coil Consensus Committee", "authors": ["Hartmann", "Okafor"], "pages": "515-50", **ISSUE},
    {"id": "102", "pmid": "102", "title": "The appropriate use of coils: avoidance and treatment of complications", "authors": ["Hartmann", "Roux"], "pages": "571-97", **ISSUE},
    {"id": "103", "pmid": "103", "title": "The appropriate use of coils: stimulation of the head and brain", "authors": ["Hartmann"], "pages": "551-70", **ISSUE},
    {"id": "104", "pmid": "104", "title": "The appropriate use of coils: new and evolving therapies", "authors": ["Hartmann"], "pages": "599-615", **ISSUE},
    {"id": "105", "pmid": "105", "pmcid": "PMC1234567", "title": "Leg pain: a real target for coil stimulation?", "authors": ["Roux", "Delmas"], "journal": "Neurosurgery", "year": 2012, "volume": "70", "pages": "574-84", "registrations": ["NCT01234567"]},
    {"id": "106", "pmid": "106", "title": "Coils for leg pain in diabetic neuropathy. Part I: twelve-month results", "authors": ["Mbeki"], "journal": "Dtsch Med Wochenschr", "journal_full": "Deutsche medizinische Wochenschrift", "year": 2001, "volume": "126", "pages": "10-5"},
    {"id": "csv:1", "title": "", "authors": ["Tanaka"], "journal": "Jpn J Coil Res", "volume": "3", "pages": "44-9"},
]  # fmt: skip


@pytest.fixture(scope="module")
def library() -> Library:
    filler = [
        {"id": f"9{n}", "pmid": f"9{n}", "title": f"Unrelated work number {n} on soil and weather", "authors": [f"Filler{n}"], "journal": "J Weather", "year": 1990 + n % 30, "volume": str(n), "pages": f"{n * 7}-{n * 7 + 5}"}
        for n in range(1, 60)
    ]  # fmt: skip
    return make_library([*ROWS, *filler])


def fields(resolution: Resolution, *names: str) -> list[str]:
    return [resolution.fields[name] for name in names]


@pytest.mark.parametrize(
    ("printed", "report"),
    [
        ("Roux P, Delmas A. Leg pain: a real target for coil stimulation? Neurosurgery. 2012;70(3):574-84.", "105"),
        ("Roux, P., & Delmas, A. (2012). Leg pain: a real target for coil stimulation? Neurosurgery, 70(3), 574–584.", "105"),
        ("[7] P. Roux, A. Delmas, Neurosurgery 70 (2012) 574.", "105"),
        ("(7) Roux, P.; Delmas, A. Neurosurgery 2012, 70, 574–584.", "105"),
        ("Roux P. Leg pain: a reel target for coil stimulaton. Neurosurg. 2012;70:574", "105"),
        ("Hartmann K, Okafor L. Neuromodulation 2014;17(6):515-50.", "101"),
        ("Hartmann K, et al. The appropriate use of coils: new and evolving therapies. Neuromodulation 2014.", "104"),
        ("Mbeki N. Coils for leg pain in diabetic neuropathy. Part I: twelve-month results. Deutsche medizinische Wochenschrift 2001;126:10.", "106"),
        ("Tanaka H. Coils in cold water. Japanese Journal of Coil Research 1999;3:44-9.", "csv:1"),
    ],
)  # fmt: skip
def test_certain(library: Library, printed: str, report: str) -> None:
    resolution = resolve(printed, library)
    assert (resolution.report, resolution.level) == (report, "certain")
    assert resolution.confidence >= 0.97
    assert resolution.candidates[0].report == report


def test_a_place_in_a_journal_alone_is_likely(library: Library) -> None:
    resolution = resolve("Neurosurgery. 2012 Mar;70(3):574-84", library)
    assert (resolution.report, resolution.level) == ("105", "likely")


@pytest.mark.parametrize(
    "printed",
    ["Hartmann et al. (2014)", "Hartmann 2014", "Hartmann K. Neuromodulation 2014;17(6).", "Hartmann K, et al. Neuromodulation. 2014"],
)  # fmt: skip
def test_four_works_of_one_issue_are_never_certain(library: Library, printed: str) -> None:
    resolution = resolve(printed, library)
    assert resolution.level == "likely"
    assert "more than one report" in resolution.reason
    assert {candidate.report for candidate in resolution.candidates} <= {"101", "102", "103", "104"}


def test_a_year_and_a_journal_tell_nothing(library: Library) -> None:
    (found,) = find_references("A 2014 study also published in Neuromodulation agreed.")
    resolution = resolve(found.parsed, library)
    assert (resolution.level, resolution.report) == ("not found", None)
    assert "too little" in resolution.reason


def test_a_group_is_found_by_the_title_that_names_it(library: Library) -> None:
    (found,) = find_references("It is safe, says the Coil Consensus Committee in their August 2014 guideline.")
    resolution = resolve(found.parsed, library)
    assert (resolution.level, resolution.report) == ("likely", "101")


def test_author_and_year_alone_are_never_certain(library: Library) -> None:
    resolution = resolve("Roux et al. (2012)", library)
    assert (resolution.report, resolution.level) == ("105", "likely")
    assert not enough_said(
        {**dict.fromkeys(FIELDS, "absent"), "first_author": "same", "year": "same", "journal": "same"}
    )


@pytest.mark.parametrize(
    ("printed", "field"),
    [
        ("Roux P, Delmas A. Leg pain: a real target for coil stimulation? Neurosurgery. 2011;70(3):574-84.", "year"),
        ("Roux P, Delmas A. Leg pain: a real target for coil stimulation? Neurosurgery. 2012;70(3):475-84.", "first_page"),
        ("Roux P, Delmas A. Leg pain: a real target for coil stimulation? Neurosurgery. 2012;71(3):574-84.", "volume"),
        ("Roux P, Delmas A. Leg pain: a real target for coil stimulation? Spine. 2012;70(3):574-84.", "journal"),
        ("Meier P, Delmas A. Leg pain: a real target for coil stimulation? Neurosurgery. 2012;70(3):574-84.", "first_author"),
        ("Roux P, Delmas A. A trial of water and of prayer. Neurosurgery. 2012;70(3):574-84.", "title"),
    ],
)  # fmt: skip
def test_what_is_printed_wrong_is_shown(library: Library, printed: str, field: str) -> None:
    resolution = resolve(printed, library)
    assert resolution.report == "105"
    assert [name for name, result in resolution.fields.items() if result == "differs"] == [field]


@pytest.mark.parametrize(
    "printed",
    [
        "Schmidt A. Steel bridges in the north. J Bridges. 2003;4:1-9.",
        "Mbeki N. Coils for leg pain in diabetic neuropathy. Part II: five-year results. Diabetologia. 2006;49:100-5.",
        "Okafor L. A different trial of coils for chronic headache. Neuromodulation. 2019;22:88-90.",
        "",
        "???",
        "2014",
    ],
)  # fmt: skip
def test_what_the_library_does_not_hold_is_not_certain(library: Library, printed: str) -> None:
    resolution = resolve(printed, library)
    assert resolution.level != "certain"
    assert list(resolution.fields) == list(FIELDS)


def test_part_one_is_not_part_two(library: Library) -> None:
    resolution = resolve("Mbeki N. Coils for leg pain in diabetic neuropathy. Part II: twelve-month results. Dtsch Med Wochenschr 2001;126:16-20.", library)  # fmt: skip
    assert resolution.level != "certain"
    assert "differs" in fields(resolution, "title", "first_page") or resolution.report is None


@pytest.mark.parametrize(
    "printed",
    ["doi:10.5555/COIL.101", "PMID: 105", "PMC1234567", "https://pubmed.ncbi.nlm.nih.gov/105/", "NCT01234567"],
)
def test_identifiers_find_the_report(library: Library, printed: str) -> None:
    (found,) = find_references(printed)
    resolution = resolve(found.parsed, library)
    assert resolution.report == ("101" if "COIL" in printed else "105")
    assert resolution.level == ("likely" if printed.startswith("NCT") else "certain")  # a trial may have many reports


def test_a_doi_that_is_another_works_is_not_certain(library: Library) -> None:
    resolution = resolve("Hartmann K, Okafor L. The appropriate use of coils in chronic pain: the Coil Consensus Committee. Neuromodulation 2014;17(6):515-50. doi:10.5555/other", library)  # fmt: skip
    assert (resolution.report, resolution.level, resolution.fields["doi"]) == ("101", "likely", "differs")
    assert "identifier" in resolution.reason


def test_another_version_of_a_review_is_not_certain(library: Library) -> None:
    title = "Coils for the relief of chronic pain in adults who have tried everything"
    version = {"title": title, "authors": ["Guzmán"], "journal": "Cochrane Database Syst Rev", "pages": "CD000001"}
    reviews = make_library([{"id": "301", "year": 2000, "doi": "10.5555/cd000001", **version}])
    printed = f"Guzman J. {title}. Cochrane Database of Systematic Reviews 2006, Issue 2. doi:10.5555/cd000001"
    resolution = resolve(printed, reviews)
    assert (resolution.report, resolution.level, resolution.fields["year"]) == ("301", "likely", "differs")
    assert "version" in resolution.reason
    assert resolve(printed.replace("2006", "2000"), reviews).level == "certain"


def test_not_found_names_no_report_but_shows_the_nearest(library: Library) -> None:
    resolution = resolve(
        "Okafor L. Coils and complications of steel bridges in winter. J Bridges. 2003;4:1-9.", library
    )
    assert (resolution.level, resolution.report, resolution.pmid) == ("not found", None, None)
    assert resolution.candidates
    assert resolution.reason


class Matcher:
    """Stands in for PubMed's citation matcher; remembers what it was asked."""

    def __init__(self, answers: dict[str, str]):
        self.answers, self.asked = answers, []  # type: ignore[var-annotated]

    def __call__(self, references: Sequence[ParsedReference]) -> list[str | None]:
        self.asked += [reference.authors[:1] for reference in references]
        return [self.answers.get(reference.authors[0]) if reference.authors else None for reference in references]


def test_online_is_asked_only_for_what_is_open_and_never_makes_certain(library: Library) -> None:
    matcher = Matcher({"Schmidt": "77777", "Hartmann": "102"})
    certain, unheld, ambiguous = resolve_all(
        [
            "[7] P. Roux, A. Delmas, Neurosurgery 70 (2012) 574.",
            "Schmidt A. Steel bridges in the north. J Bridges. 2003;4:1-9.",
            "Hartmann K. Neuromodulation 2014;17(6).",
        ],
        library,
        matcher,
    )
    assert matcher.asked == [("Schmidt",), ("Hartmann",)]
    assert (certain.level, certain.source) == ("certain", "library")
    assert (unheld.report, unheld.pmid, unheld.level, unheld.source) == (None, "77777", "likely", "online")
    assert (ambiguous.report, ambiguous.level, ambiguous.source) == ("102", "likely", "online")


def test_confidence_rises_with_every_field_that_agrees() -> None:
    outcomes = dict.fromkeys(FIELDS, "absent")
    last = confidence(outcomes)
    for field in ("title", "first_author", "year", "volume", "first_page", "journal"):
        outcomes[field] = "same"
        assert confidence(outcomes) > last
        last = confidence(outcomes)
        assert confidence({**outcomes, field: "differs"}) < last


TRUE = "Roux A, Delmas B. Leg pain: a real target for coil stimulation? Neurosurgery. 2012;70:574-84."


def test_a_word_of_a_title_exchanged_differs(library) -> None:
    assert resolve(TRUE, library).fields["title"] == "match"
    assert resolve(TRUE.replace("Leg pain", "Hip pain"), library).fields["title"] == "differs"
    for spelled in ("leg pain", "Leg-pain", "coil stimulations"):
        assert (
            resolve(TRUE.replace("Leg pain" if "eg" in spelled else "coil stimulation", spelled), library).fields[
                "title"
            ]
            == "match"
        )


def test_right_words_and_wrong_numbers_are_likely(library) -> None:
    found = resolve(TRUE.replace("2012;70:574-84", "2017;11:12-9"), library)
    assert (found.level, found.report) == ("likely", "105") and "year, volume or page" in found.reason
    assert [found.fields[f] for f in ("year", "volume", "first_page")] == ["differs"] * 3
    assert (
        resolve(TRUE.replace("Roux A, Delmas B", "Nobody A").replace("2012;70:574-84", "2017;11:12-9"), library).level
        != "certain"
    )


def test_whose_identifier_it_is(library) -> None:
    invented = resolve("Nobody A. Magnets for gout in sailors of the north. J Nothing. 2017;3:11-9. PMID 105", library)
    assert (
        invented.level == "not found" and invented.fields["pmid"] == "match" and invented.fields["title"] == "differs"
    )
    assert "the printed PMID is that of “Leg pain" in invented.reason
    (other,) = {report.pmid for report in [library.by_identifier("105")] if report}
    real = resolve(TRUE, library)
    assert real.report == other and "that of" not in real.reason
