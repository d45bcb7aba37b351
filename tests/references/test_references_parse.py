"""Printed references taken apart. The works are invented."""
# ruff: noqa: E501 - a printed reference stands on one line

from __future__ import annotations

import time

import pytest

from evidence.bibliography.identifiers import find_identifiers
from evidence.bibliography.journals import same_journal
from evidence.references import parse_reference

AUTHORS = ("Hartmann", "Okafor")
TITLE = "Leg pain after coil stimulation: a randomized trial"
STYLES = {
    "vancouver": "1. Hartmann K, Okafor LM. Leg pain after coil stimulation: a randomized trial. Clin J Pain. 2011;27(3):214-21.",
    "ama": "Hartmann K, Okafor LM, et al. Leg pain after coil stimulation: a randomized trial. Clin J Pain 2011 Mar;27(3):214-221.",
    "apa": "Hartmann, K., & Okafor, L. M. (2011). Leg pain after coil stimulation: a randomized trial. Clin J Pain, 27(3), 214–221.",
    "mla": "Hartmann, Karin, and Lola M. Okafor. “Leg Pain after Coil Stimulation: A Randomized Trial.” Clin J Pain 27.3 (2011): 214–221.",
    "mla 8": "Hartmann, Karin, and Lola M. Okafor. “Leg Pain after Coil Stimulation: A Randomized Trial.” Clin J Pain, vol. 27, no. 3, 2011, pp. 214–21.",
    "chicago": "Hartmann, Karin, and Lola M. Okafor. 2011. “Leg Pain after Coil Stimulation: A Randomized Trial.” Clin J Pain 27 (3) (March): 214–221.",
    "springer": "Hartmann K, Okafor LM (2011) Leg pain after coil stimulation: a randomized trial. Clin J Pain 27:214-221",
    "bmc": "Hartmann K, Okafor LM: Leg pain after coil stimulation: a randomized trial. Clin J Pain 2011, 27(3):214-221.",
    "nature": "Hartmann, K. & Okafor, L. M. Leg pain after coil stimulation: a randomized trial. Clin J Pain 27, 214–221 (2011).",
}
WITHOUT_TITLE = {
    "elsevier": "[1] K. Hartmann, L.M. Okafor, Clin J Pain 27 (2011) 214.",
    "acs": "(1) Hartmann, K.; Okafor, L. M. Clin J Pain 2011, 27, 214–221.",
    "aip": "1 K. Hartmann and L.M. Okafor, Clin J Pain 27, 214 (2011).",
}


@pytest.mark.parametrize("style", STYLES | WITHOUT_TITLE)
def test_every_style_gives_the_same_fields(style: str) -> None:
    parsed = parse_reference((STYLES | WITHOUT_TITLE)[style])
    assert parsed.authors == AUTHORS
    assert (parsed.year, parsed.volume, parsed.first_page) == (2011, "27", "214")
    assert same_journal(parsed.journal, "The Clinical Journal of Pain")


@pytest.mark.parametrize("style", STYLES)
def test_titles_end_where_the_journal_begins(style: str) -> None:
    assert parse_reference(STYLES[style]).title.casefold() == TITLE.casefold()


@pytest.mark.parametrize("style", WITHOUT_TITLE)
def test_a_journal_is_not_taken_for_a_title(style: str) -> None:
    assert parse_reference(WITHOUT_TITLE[style]).title == ""


def test_issue_and_last_page_are_kept() -> None:
    parsed = parse_reference(STYLES["vancouver"])
    assert (parsed.issue, parsed.last_page) == ("3", "21")


def test_identifiers_are_read_and_their_digits_are_no_pages() -> None:
    parsed = parse_reference(
        "Hartmann K. Coils. Clin J Pain. 2011;27:214. doi: 10.5555/ABC(11)99-3. PMID: 01234567. PMC7654321"
    )
    assert (parsed.doi, parsed.pmid, parsed.pmcid) == ("10.5555/abc(11)99-3", "1234567", "PMC7654321")
    assert (parsed.volume, parsed.first_page) == ("27", "214")


@pytest.mark.parametrize(
    ("printed", "volume", "page"),
    [
        ("Okafor L. Coils in rats. J Pain 2004, 58-60, 563–568.", "58-60", "563"),
        ("Okafor L. Editorial. J Pain 2007, 17, vii–viii.", "17", "vii"),
        ("Okafor L. Coils. J Pain. 2009;12 Suppl 1:S41-9.", "12", "s41"),
        ("Okafor L. Coils. PLoS One 2013;8(11):e81049.", "8", "e81049"),
    ],
)
def test_unusual_numbers(printed: str, volume: str, page: str) -> None:
    parsed = parse_reference(printed)
    assert (parsed.volume, parsed.first_page) == (volume, page)


def test_a_year_is_not_taken_for_a_volume() -> None:
    parsed = parse_reference("(1) Annals of Invented Engineering 2018, 193–200.")
    assert (parsed.year, parsed.volume, parsed.first_page) == (2018, "", "193")


@pytest.mark.parametrize("journal", ["Spine (Phila Pa 1976)", "J Pain", "Emerg Med J", "Proc Natl Acad Sci U S A"])
def test_a_source_without_author_or_title(journal: str) -> None:
    parsed = parse_reference(f"{journal}. 2008 Dec;17 Suppl 4:421-7")
    assert (parsed.authors, parsed.title, parsed.journal) == ((), "", journal)
    assert (parsed.year, parsed.volume, parsed.first_page) == (2008, "17", "421")


def test_abbreviated_journal_with_full_stops_stays_whole() -> None:
    parsed = parse_reference("Okafor, L. M. (1999). Coils and currents. Proc. Natl. Acad. Sci. 96, 100-104.")
    assert parsed.title == "Coils and currents"
    assert parsed.journal == "Proc Natl Acad Sci"


def test_particles_and_apostrophes_belong_to_the_name() -> None:
    parsed = parse_reference("van der Berg A, D'Souza P, O'Neill-Smith R. A trial of coils. Pain 2001;1:2-3.")
    assert parsed.authors == ("van der Berg", "D'Souza", "O'Neill-Smith")


@pytest.mark.parametrize(
    "text", ["", " ", "?", "(((((", "2011", "a" * 10_000, "\u202e\u05d0\u05d1 2016", "1,2,3" * 500]
)
def test_nothing_is_too_odd_to_parse(text: str) -> None:
    assert parse_reference(text).volume == "" or text


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("see https://doi.org/10.5555/xyz-1.", "doi", "10.5555/xyz-1"),
        ("(doi:10.5555/S0140(01)123)", "doi", "10.5555/s0140(01)123"),
        ("PMID 12345", "pmid", "12345"),
        ("https://pubmed.ncbi.nlm.nih.gov/12345/", "pmid", "12345"),
        ("http://www.ncbi.nlm.nih.gov/pubmed/12345", "pmid", "12345"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1234567/", "pmcid", "PMC1234567"),
        ("registered as nct01234567", "registration", "NCT01234567"),
        ("ISRCTN 12345678", "registration", "ISRCTN12345678"),
        ("EudraCT number 2015-001234-11", "registration", "2015-001234-11"),
        ("UMIN000012345", "registration", "UMIN000012345"),
        ("https://doi.org/10.5555/S1474-4422%2819%2930414-4", "doi", "10.5555/s1474-4422(19)30414-4"),
        ("(https://doi.org/10.5555%2Fj.pain.2019.0022?utm_source=x#abs)", "doi", "10.5555/j.pain.2019.0022"),
        ("https://press.example/doi/epdf/10.5555/ner.2014.0443?download=true", "doi", "10.5555/ner.2014.0443"),
        ("https://press.example/article/doi/10.5555/j.pain.2019.0022/1234567", "doi", "10.5555/j.pain.2019.0022"),
        ("https://press.example/10.5555/ab.12.pdf", "doi", "10.5555/ab.12"),
        ("doi:10.5555/rapm\u20102021\u2011103001", "doi", "10.5555/rapm-2021-103001"),
        ("doi:10.5555/j.pain.\u200b2019.\u00ad0022", "doi", "10.5555/j.pain.2019.0022"),
        ("doi: 10.5555/rapm-2021- 103001", "doi", "10.5555/rapm-2021-103001"),
        (
            "10.1002/(SICI)1097(199912)22:11<1583::AID-J3>3.0.CO;2-3.",
            "doi",
            "10.1002/(sici)1097(199912)22:11<1583::aid-j3>3.0.co;2-3",
        ),
        ("10.1002/(SICI)1097%3C1583::AID-J3%3E3.0.CO;2-3", "doi", "10.1002/(sici)1097<1583::aid-j3>3.0.co;2-3"),
        ("https://pubmed.ncbi.nlm.nih.gov/?term=12345", "pmid", "12345"),
        ("https://europepmc.org/article/MED/12345", "pmid", "12345"),
        # What a DOI may have itself stays: these are other works.
        ("doi:10.5555/abc.pdf.2", "doi", "10.5555/abc.pdf.2"),
        ("10.5555/j.pain.2019.00221", "doi", "10.5555/j.pain.2019.00221"),
        ("doi:10.5555/ab.2019/1234567", "doi", "10.5555/ab.2019/1234567"),
    ],
)
def test_identifiers(text: str, kind: str, value: str) -> None:
    assert [(found.kind, found.value) for found in find_identifiers(text)] == [(kind, value)]


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("Dtsch Med Wochenschr", "Deutsche medizinische Wochenschrift"),
        ("J Neurol Neurosurg Psychiatry", "Journal of Neurology, Neurosurgery, and Psychiatry"),
        (
            "Proc. Natl. Acad. Sci. U.S.A.",
            "Proceedings of the National Academy of Sciences of the United States of America",
        ),
        ("N Engl J Med", "The New England Journal of Medicine"),
        ("Neuromodulation", "Neuromodulation : journal of the International Neuromodulation Society"),
        ("Jpn J Pharmacol", "Japanese Journal of Pharmacology"),
        ("JAMA", "Journal of the American Medical Association"),
        ("Neurosurgey", "Neurosurgery"),
        ("Medicine", "Medicine (Baltimore)"),
    ],
)
def test_one_journal_by_two_names(short: str, long: str) -> None:
    assert same_journal(short, long)
    assert same_journal(long, short)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pain", "Pain Medicine"),
        ("Eur J Pain", "Journal of Pain"),
        ("Brain", "Brain Stimulation"),
        ("Neurology", "Neurosurgery"),
        ("Journal of Neurosurgery", "Neurosurgery"),
        ("Clin Neurophysiol", "Clin Neuropharmacol"),
        ("J Pain Res", "J Pain Symptom Manage"),
        ("", "Pain"),
    ],
)
def test_two_journals(one: str, other: str) -> None:
    assert not same_journal(one, other)
    assert not same_journal(other, one)


@pytest.mark.parametrize("given", ["Aa " * 300, "Aa-" * 300, "A. " * 300, "Ab Cd " * 200])
def test_many_given_names_take_no_time(given: str) -> None:
    start = time.process_time()
    parse_reference(f"Deer, {given}1")
    assert time.process_time() - start < 2
