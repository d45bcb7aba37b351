"""Where a printed reference stands: each answer, its neighbours, and what must not be doubted. All works are invented."""
# ruff: noqa: E501 - a printed reference stands on one line

from __future__ import annotations

from pathlib import Path

import pytest
from library_factory import make_library

from evidence.library import Library
from evidence.pubmed_index import Covers, IndexRow, build_index
from evidence.pubmed_index.reader import PubMedIndex
from evidence.references import ParsedReference, parse_reference, resolve
from evidence.references.not_pubmed import other_kind
from evidence.references.standing import (
    DESCRIBED_WRONGLY,
    IN_LIBRARY,
    IN_PUBMED,
    NO_SUCH_WORK,
    NOT_KNOWN,
    OF_ANOTHER,
    OTHER_KIND,
    Standing,
    stand,
)

HELD = {
    "id": "pubmed:105",
    "pmid": "105",
    "doi": "10.5555/coil.105",
    "title": "Leg pain: a real target for coil stimulation?",
    "authors": ["Roux", "Delmas"],
    "journal": "Neurosurgery",
    "year": 2012,
    "volume": "70",
    "pages": "574-84",
}
ROWS = [
    IndexRow(105, "10.5555/coil.105", HELD["title"], "Roux", 2012, "1", "Neurosurgery", "70", "574"),
    IndexRow(201, "10.5555/coil.201", "Coils for chronic leg pain after surgery of the lumbar spine: a randomised trial", "Hartmann", 2016, "2", "Pain", "157", "1200", electronic_year=2015),
    IndexRow(202, "10.5555/coil.202", "Cooling of peripheral nerves in winter sports", "Okafor", 2018, "3", "Brain Stimul", "11", "44", True, journal_full="Brain stimulation"),
    IndexRow(203, "10.5555/coil.203", "[Coils in winter].", "Müller", 1999, "4", "Z Spulen", "3", "44", vernacular_title="Spulen im Winter bei chronischen Schmerzen"),
    IndexRow(204, None, "Deep coils", "Tanaka", 2003, "5", "Body Image", "9", "101"),
    IndexRow(205, "10.5555/coil.205", "Coils and the body image of adults with burns: a survey", "Cleary", 2020, "6", "Burns", "33", "47"),
    IndexRow(206, "10.5555/coil.206", "Coils for knee pain: results at 12 months", "Mbeki", 2014, "2", "Pain", "155", "310"),
    IndexRow(207, "10.1002/14651858.cd000963", "Coil-based rehabilitation for chronic low back pain.", "Guz", 2002, "8", "Cochrane Database Syst Rev", "", "CD000963"),
    IndexRow(208, "10.1002/14651858.cd000963.pub3", "Coil based rehabilitation for chronic low back pain.", "Kamp", 2014, "8", "Cochrane Database Syst Rev", "", "CD000963"),
    IndexRow(209, "10.1007/s11606-006-0037-8", "Toward an understanding of coils: an emerging dialogue", "Adler", 2007, "9", "J Gen Coils", "22", "280"),
    IndexRow(210, "10.1002/14651858.cd001234.pub2", "Screening and assessment of the needs of people with coils", "Schou", 2019, "8", "Cochrane Database Syst Rev", "3", "CD001234"),
]  # fmt: skip


@pytest.fixture(scope="module")
def library() -> Library:
    return make_library([HELD])


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> PubMedIndex:
    directory = tmp_path_factory.mktemp("index")
    filler = [
        IndexRow(900 + n, None, f"Unrelated work number {n} on soil and weather", f"Filler{n}", 1990 + n % 30, "7", "J Weather", str(n), str(n * 7))
        for n in range(1, 80)
    ]  # fmt: skip
    build_index([*ROWS, *filler], directory, Covers(1950, 2026, "all there is"))
    return PubMedIndex.open(directory)


def standing(printed: str, library: Library, index: PubMedIndex | None) -> Standing:
    return stand(resolve(printed, library), library, index, 2026)


FOUND = [
    ("Roux P, Delmas A. Leg pain: a real target for coil stimulation? Neurosurgery. 2012;70(3):574-84.", IN_LIBRARY, "105"),
    ("Roux, P. (2012). Leg pain: a real target for coil stimulation? Neurosurgery, 70, 574–584. https://doi.org/10.5555/coil.105", IN_LIBRARY, "105"),
    ("Roux P. Leg pain: a reel target for coil stimulaton. Neurosurg. 2012;70:574.", IN_LIBRARY, "105"),  # line noise
    ("Hartmann K. Coils for chronic leg pain after surgery of the lumbar spine: a randomised trial. Pain. 2016;157:1200-9.", IN_PUBMED, "201"),
    ("Hartmann K. Coils for chronic leg pain after surgery of the lumbar spine: a randomized trial. Pain. 2015;157:1200-9.", IN_PUBMED, "201"),  # spelling, year online
    ("Hartmann K. Coils for chronic leg pain after surgery of the lumbar spine: a randomised trial. Pain. 2016;157:1201-9.", IN_PUBMED, "201"),  # one page off
    ("Hartmann K. Coils for chronic leg pain after surgery of the lumbar spine: a randomised trial. Pain. 2017;157:1200-9.", IN_PUBMED, "201"),  # one year off
    ("Coils for chronic leg pain after surgery of the lumbar spine: a randomised trial. Pain 157:1200-1209", IN_PUBMED, "201"),  # no author
    ("[3] K. Hartmann, Pain 157 (2016) 1200.", IN_PUBMED, "201"),  # no title
    ("Müller A. Spulen im Winter bei chronischen Schmerzen. Z Spulen. 1999;3:44.", IN_PUBMED, "203"),  # its own language
    ("Müller A. Coils in winter [in German]. Z Spulen. 1999;3:44.", IN_PUBMED, "203"),
    ("Tanaka H. Deep coils. Body Image 2003;9:101.", IN_PUBMED, "204"),
    ("doi:10.5555/coil.201", IN_PUBMED, "201"),
    ("PMID: 105", IN_LIBRARY, "105"),
    # letters read for figures; another version's DOI; the year of another version of a Cochrane review
    ("Adler H. Toward an understanding of coils: an emerging dialogue. J Gen Coils. 2007;22:280. doi:10.1007/sll606-006-0037-8", IN_PUBMED, "209"),
    ("Adler H. Toward an understanding of coils: an emerging dialogue. J Gen Coils. 2007;22:280. doi:10.1007/s11606-oo6-0037-8", IN_PUBMED, "209"),
    ("Guz J. Coil-based rehabilitation for chronic low back pain. Cochrane Database Syst Rev. 2002. doi:10.1002/14651858.CD000963.pub3", IN_PUBMED, "207"),
    ("Guz J. Coil-based rehabilitation for chronic low back pain. Cochrane Database Syst Rev. 2002. doi:10.1002/14651858.CD000963.pub2", IN_PUBMED, "207"),
    ("Schou B. Screening and assessment of the needs of people with coils. Cochrane Database Syst Rev. 2016;(10):CD001234.", IN_PUBMED, "210"),
    ("Okafor L. Cooling of peripheral nerves in winter sports. Brain Stimulation 2018;11:44", IN_PUBMED, "202"),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "answer", "pmid"), FOUND)
def test_found(library: Library, index: PubMedIndex, printed: str, answer: str, pmid: str) -> None:
    found = standing(printed, library, index)
    assert (found.answer, found.work and found.work.pmid) == (answer, pmid), found
    assert not any(one.grave for one in found.differs)
    assert found.fetchable == (pmid if answer == IN_PUBMED else None)


DESCRIBED = [
    ("Hartmann K. Coils for chronic arm pain after surgery of the lumbar spine: a randomised trial. Pain. 2016;157:1200-9.", "201", ["title"]),
    ("Hartmann K. Coils for chronic leg pain after surgery of the cervical spine: a randomised trial. Pain. 2016;157:1200-9.", "201", ["title"]),
    ("Coils for chronic leg pain after surgery of the cervical spine: a randomised trial", "201", ["title"]),
    ("Mbeki N. Coils for knee pain: results at 24 months. Pain. 2014;155:310.", "206", ["title"]),
    ("Mbeki N. Coils for knee pain: results at 6 months. Pain. 2014;155:310.", "206", ["title"]),
    ("Okafor L. Cooling of central nerves in winter sports. Brain Stimul. 2018;11:44.", "202", ["title"]),
    ("Smith J. Coils for chronic leg pain after surgery of the lumbar spine: a randomised trial. Pain. 2016;157:1200-9.", "201", ["first_author"]),
    ("Hartmann K. Coils for chronic leg pain after surgery of the lumbar spine: a randomised trial. Lancet. 2016;157:1200-9.", "201", ["journal"]),
    ("Hartmann K. Coils for chronic leg pain after surgery of the lumbar spine: a randomised trial. Pain. 2009;157:1200-9.", "201", ["year"]),
    ("Hartmann K. Coils for chronic leg pain after surgery of the lumbar spine: a randomised trial. Pain. 2031;157:1200-9.", "201", ["year"]),
    ("Hartmann K. Coils for chronic leg pain after surgery of the lumbar spine: a randomised trial. Pain. 2016;12:77-9.", "201", ["volume", "first_page"]),
    ("Smith J, Jones K. Coils for chronic leg pain after surgery of the lumbar spine: a randomised trial. Lancet. 2003;12:77-9.", "201", ["first_author", "year", "volume", "first_page", "journal"]),
    ("Hartmann K. Coils for chronic leg pain after surgery of the lumbar spine: a randomised trial. Pain. 2016;157:1200. doi:10.5555/nobody.1", "201", ["doi"]),
    ("Cleary J. Coils and the body image of adults with burns: a survey. Body Image. 2020;33:47.", "205", ["journal"]),  # a journal's name in the title
    # figures that are others; the DOI of another review; a year that no version has
    ("Adler H. Toward an understanding of coils: an emerging dialogue. J Gen Coils. 2007;22:280. doi:10.1007/s11607-006-0037-8", "209", ["doi"]),
    ("Guz J. Coil-based rehabilitation for chronic low back pain. Cochrane Database Syst Rev. 2002. doi:10.1002/14651858.CD000964.pub2", "207", ["doi"]),
    ("Schou B. Screening and assessment of the needs of people with coils. Cochrane Database Syst Rev. 1996;(10):CD001234.", "210", ["year"]),
    ("Adler H. Toward an understanding of coils: an emerging dialogue. J Gen Coils. 2004;22:280.", "209", ["year"]),
    ("Roux P. Leg pain: a real target for drug stimulation? Neurosurgery. 2012;70:574-84.", "105", ["title"]),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "pmid", "fields"), DESCRIBED)
def test_described_wrongly(library: Library, index: PubMedIndex, printed: str, pmid: str, fields: list[str]) -> None:
    found = standing(printed, library, index)
    assert (found.answer, found.work and found.work.pmid) == (DESCRIBED_WRONGLY, pmid), found
    assert [one.field for one in found.differs if one.grave] == fields


def test_a_difference_says_both(library: Library, index: PubMedIndex) -> None:
    (title,) = standing(DESCRIBED[0][0], library, index).differs
    assert (title.field, title.printed, title.known) == ("title", "arm", "leg")


OTHERS = [
    # the words of one work, the identifier of another
    ("Hartmann K. Coils for chronic leg pain after surgery of the lumbar spine: a randomised trial. Pain. 2016;157:1200. doi:10.5555/coil.202", "201", "202"),
    ("Roux P. Leg pain: a real target for coil stimulation? Neurosurgery. 2012;70:574. PMID: 206", "105", "206"),
    # words that no record fits
    ("Zeller Q. Magnetic socks for sleepless nights in space: a cohort study. Nature. 2015;3:1-9. doi:10.5555/coil.201", None, "201"),
    ("Zeller Q. Magnetic socks for sleepless nights in space: a cohort study. Nature. 2015;3:1-9. doi:10.5555/coil.105", None, "105"),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "meant", "owner"), OTHERS)
def test_identifier_of_another_work(
    library: Library, index: PubMedIndex, printed: str, meant: str | None, owner: str
) -> None:
    found = standing(printed, library, index)
    assert found.answer == OF_ANOTHER, found
    assert found.owner is not None and found.owner.pmid == owner
    assert (found.work.pmid if found.work else None) == meant


NONE = [
    "Zeller Q, Abt R. Magnetic socks for sleepless nights in space: a cohort study. Nature. 2015;3:1-9.",
    "Zeller, Q. (2015). Magnetic socks for sleepless nights in space: a cohort study. Nature, 3, 1–9. doi:10.5555/nobody.7",
    "Hartmann K. Magnetic socks for sleepless nights in space: a cohort study. Pain. 2015;3:1-9.",  # an author there is
    "Hartmann K. Coils for winter sports in space: a survey of nerves. Pain. 2016;3:1-9.",  # words of several titles
    "Q. Zeller, Nature 3 (2015) 1.",
    "Zeller Q. [Magnetic socks for sleepless nights in space] [in German]. Z Spulen. 2001;8:90-1.",
    "Zeller Q. Magnetic socks for sleepless nights in space: a cohort study. Nature. 2034;3:1-9.",  # has not come
]  # fmt: skip


@pytest.mark.parametrize("printed", NONE)
def test_no_such_work(library: Library, index: PubMedIndex, printed: str) -> None:
    found = standing(printed, library, index)
    assert found.answer == NO_SUCH_WORK, found
    assert found.work is None and found.fetchable is None
    assert found.covers == "1950 to 2026 (all there is)"
    assert found.would_hold.startswith("an article")


@pytest.mark.parametrize(
    ("printed", "says"),
    [
        ("Zeller Q. Magnetic socks for sleepless nights in space: a cohort study. Nature. 1931;3:1-9.", "covers 1950 to 2026"),
        ("Zeller Q. Magnetic socks for sleepless nights in space: a cohort study. Nature.", "no year"),
        ("Zeller 2015", "too little"),
        ("", "too little"),
        ("Zeller Q. Socks. 2015.", "too little"),
    ],
)  # fmt: skip
def test_not_known(library: Library, index: PubMedIndex, printed: str, says: str) -> None:
    found = standing(printed, library, index)
    assert found.answer == NOT_KNOWN and says in found.reason, found


@pytest.mark.parametrize("printed", NONE)
def test_no_such_work_needs_an_index_that_holds_everything(library: Library, tmp_path: Path, printed: str) -> None:
    build_index(ROWS, tmp_path)
    for index in (None, PubMedIndex.open(tmp_path)):
        assert standing(printed, library, index).answer == NOT_KNOWN


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        ("Zeller Q. Magnetic socks: a handbook. Oxford: Oxford University Press; 2015.", "book"),
        ("Zeller Q. Magnetic socks. In: Abt R, Roux P, eds. Textbook of Coils. 2015. p. 1-9.", "chapter"),
        ("Zeller Q. Magnetic socks for sleepless nights in space. bioRxiv 2015.03.04.123456", "preprint"),
        ("Magnetic socks explained to patients [Internet]. 2015. Available from: https://www.example.org/socks", "web page"),
        ("National Institute for Health and Care Excellence. Magnetic socks for pain. Technology appraisal guidance [TA159]. 2008.", "guideline"),
        ("Zeller Q. Magnetic socks for sleepless nights. PhD thesis, University of Basel, 2015.", "thesis"),
        ("Zeller Q. Magnetic socks for sleepless nights. Proceedings of the 3rd International Conference on Socks, 2015.", "conference"),
    ],
)  # fmt: skip
def test_not_pubmeds_kind(library: Library, index: PubMedIndex, printed: str, kind: str) -> None:
    found = standing(printed, library, index)
    assert (found.answer, found.kind) == (OTHER_KIND, kind), found


@pytest.mark.parametrize("printed", [printed for printed, _, _ in FOUND] + NONE)
def test_articles_are_of_no_other_kind(printed: str) -> None:
    assert other_kind(parse_reference(printed)) is None


def test_the_library_alone_tells_what_it_can(library: Library) -> None:
    assert standing(FOUND[0][0], library, None).answer == IN_LIBRARY
    assert standing(DESCRIBED[-1][0], library, None).answer == DESCRIBED_WRONGLY
    assert standing(OTHERS[3][0], library, None).answer == OF_ANOTHER
    assert standing(FOUND[3][0], library, None).answer == NOT_KNOWN


def test_a_retracted_work_outside_the_library(library: Library, index: PubMedIndex) -> None:
    found = standing(FOUND[-1][0], library, index)
    assert found.answer == IN_PUBMED and found.retracted
    assert not standing(FOUND[3][0], library, index).retracted


def test_words_that_are_never_used(library: Library, index: PubMedIndex) -> None:
    for printed in [*NONE, *(one for one, _, _ in DESCRIBED), *(one for one, _, _ in OTHERS)]:
        said = repr(standing(printed, library, index)).lower()
        assert not any(word in said for word in ("invented", "fake", "fabricat"))


def test_what_resolving_found_without_a_title_stays(library: Library, index: PubMedIndex) -> None:
    found = standing("Roux 2012, Neurosurgery", library, index)
    assert (found.answer, found.in_library) == (IN_LIBRARY, "pubmed:105"), found


def test_any_text_gets_an_answer(library: Library, index: PubMedIndex) -> None:
    for text in ("\x00", "(" * 5000, "1 " * 3000, "ß" * 4000, "doi:10.5555/", "PMID: 99999999"):
        assert stand(resolve(text, library), library, index, 2026).answer
    assert stand(resolve(ParsedReference(""), library), library, None).answer == NOT_KNOWN
