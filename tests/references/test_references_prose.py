"""Paragraphs that cite are prose, not entries; a source that a sentence names twice is one source. Invented."""

from __future__ import annotations

import io
import zipfile

import pytest

from evidence.exchange.draft import read_draft
from evidence.references import find_references, pair_mentions, parse_reference

ENTRY = "Oak A, Ash B. Roots and pain in old forests. J Invented Pain. 2019;12(3):44-50. doi:10.5555/oak.1"


@pytest.mark.parametrize(
    "paragraph",
    [
        "Leaves are a treatment that anyone can buy. A pilot study found that resting for 30 minutes a day "
        "(https://doi.org/10.5555/oak.1) cut pain by 2.1 points (Oak, 2019).",
        "Roots eased pain in 79% (Oak et al. 2019). A trial in Forests in 2021 gave 25 sessions (Elm et al., 2021). "
        "See PMID 99999999 and https://pubmed.ncbi.nlm.nih.gov/99999998.",
    ],
)
def test_a_paragraph_with_links_and_years_is_no_entry(paragraph: str) -> None:
    assert [f.kind for f in find_references(paragraph)].count("list") == 0
    assert any(f.kind == "identifier" for f in find_references(paragraph))


def test_one_entry_without_a_heading_is_still_an_entry() -> None:
    assert [f.kind for f in find_references(ENTRY)] == ["list"]


def test_author_and_journal_in_brackets_are_one_mention() -> None:
    (found,) = find_references("According to Oak et al. (JAMA 1999), ten needles were used.")
    assert (found.parsed.authors, found.parsed.year, found.parsed.journal) == (("Oak",), 1999, "JAMA")


@pytest.mark.parametrize("mention", ["(Oak)", "(Oak 44)", "(Oak and Ash 44-45)"])
def test_author_and_page_as_in_mla(mention: str) -> None:
    found = find_references(f"Roots ease pain {mention}.\n\nWorks Cited\n\n{ENTRY}\n")
    (pairing,) = pair_mentions(found)
    assert [entry.text for entry in pairing.entries] == [ENTRY]


def test_a_year_alone_is_not_a_second_source() -> None:
    said = "A 2019 trial cured most people (Oak et al., 2019). A 2018 trial cured nobody."
    found = find_references(f"{said}\n\nReferences\n\n1. {ENTRY}\n")
    assert [f.text for f in found if f.kind == "mention"] == ["Oak et al., 2019", "A 2018 trial"]


def test_raised_numbers_cite_and_powers_do_not() -> None:
    page = (
        "<html><body><p>Pain fell.<sup><a href='#r1'>1</a></sup> Sleep rose.<sup>2,3</sup></p>"
        "<p>Leads of 3 cm<sup>2</sup> and 10<sup>6</sup> pulses.</p></body></html>"
    )
    assert read_draft(page.encode()).text == ("Pain fell.[1] Sleep rose.[2,3]\n\nLeads of 3 cm2 and 10⁶ pulses.")


def test_raised_numbers_of_a_word_file_cite() -> None:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = (
        "<w:p><w:r><w:t>Pain fell.</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr>"
        "<w:t>12</w:t></w:r></w:p>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document xmlns:w='{word}'><w:body>{body}</w:body></w:document>")
    assert read_draft(buffer.getvalue()).text == "Pain fell.[12]"


def test_emphasis_of_markdown_goes_and_other_stars_stay() -> None:
    text = "# Heading\n\n**Bold** and *J Invented Pain*, *11*(4), _so_ on; 3 * 4 and snake_case_name stay.\n"
    assert read_draft(text.encode()).text.endswith(
        "Bold and J Invented Pain, 11(4), so on; 3 * 4 and snake_case_name stay."
    )


@pytest.mark.parametrize("when", ["2022", "March 2022"])
def test_volume_and_number_as_in_chicago(when: str) -> None:
    parsed = parse_reference(f'Oak, Ann. "Roots and Pain: A Review." J Invented Pain 23, no. 2 ({when}): 201-12.')
    assert (parsed.journal, parsed.volume, parsed.issue) == ("J Invented Pain", "23", "2")
    assert (parsed.year, parsed.first_page) == (2022, "201")
