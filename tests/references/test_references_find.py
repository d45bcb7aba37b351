"""References found in drafts, and mentions paired with the list. Drafts and works are invented."""
# ruff: noqa: E501 - a printed reference stands on one line

from __future__ import annotations

import time

import pytest

from evidence.references import FoundReference, find_references, pair_mentions, reference_sections

ENTRIES = (
    "Hartmann K, Okafor LM. Results from a coil registry: a 24-month follow-up. Neuromodulation. 2016;19(2):179-87.",
    "Hartmann KT, Mbeki N, et al. The appropriate use of coils: the Coil Consensus Committee. Neuromodulation. 2014;17(6):515-50.",
    "Roux P, Delmas A. Leg pain: a target for coils?. Neurosurgery. 2012;70(3):574-84.",
)


def pairs(text: str) -> dict[str, list[int | None]]:
    found = find_references(text)
    for reference in found:
        assert text[reference.start : reference.end] == reference.text
    return {pair.mention.text: [entry.number for entry in pair.entries] for pair in pair_mentions(found)}


def kinds(text: str) -> list[tuple[str, str]]:
    return [(reference.kind, reference.text) for reference in find_references(text)]


def with_list(body: str, heading: str = "References", mark: str = "{}. ") -> str:
    return (
        body + f"\n\n{heading}\n" + "\n".join(mark.format(n) + entry for n, entry in enumerate(ENTRIES, start=1)) + "\n"
    )


@pytest.mark.parametrize(
    "heading", ["References", "## References", "**Sources:**", "Article Sources", "BIBLIOGRAPHY", "Works Cited"]
)
@pytest.mark.parametrize("mark", ["{}. ", "[{}] ", "({}) ", "- ", "  • ", "* ", ""])
def test_lists_under_any_heading(heading: str, mark: str) -> None:
    found = find_references(with_list("Coils help.", heading, mark))
    assert [(r.kind, r.text, r.number) for r in found] == [("list", text, n) for n, text in enumerate(ENTRIES, start=1)]


def test_an_introduction_and_a_footer_are_no_entries() -> None:
    text = (
        "Coils help.\n\nArticle Sources\n\nWe use only good sources, and our editors read them in 2020.\n\n"
        + "\n\n".join(f"  • {entry}" for entry in ENTRIES)
        + "\n\nShare\nPrint\nBy Jane Doe\nUpdated 2021\n"
    )
    assert [r.text for r in find_references(text) if r.kind == "list"] == list(ENTRIES)
    ((start, end),) = reference_sections(text)
    assert text[start:end].startswith("Article Sources")
    assert text[start:end].endswith("574-84.")


def test_entries_that_run_over_several_lines_stay_whole() -> None:
    text = (
        "References\n1. Hartmann K, Okafor LM. Results from a coil registry:\n   a 24-month follow-up. Neuromodulation.\n   2016;19(2):179-87.\n2. "
        + ENTRIES[2]
    )
    first, second = find_references(text)
    assert first.parsed.first_page == "179"
    assert second.text == ENTRIES[2]


def test_a_list_without_heading_or_text() -> None:
    assert [kind for kind, _ in kinds("\n".join(ENTRIES))] == ["list"] * 3


def test_a_web_page_in_the_list_keeps_the_numbers_right() -> None:
    text = f"One [2].\n\nReferences\n- Coil Society. About coils. https://coils.example\n- {ENTRIES[0]}\n"
    assert pairs(text)["[2]"] == [2]
    assert find_references(text)[-1].text == ENTRIES[0]


@pytest.mark.parametrize(
    ("body", "mention", "entries"),
    [
        ("Pain fell [1].", "[1]", [1]),
        ("Pain fell [1, 3].", "[1, 3]", [1, 3]),
        ("Pain fell [1–3].", "[1–3]", [1, 2, 3]),
        ("Pain fell.²,³ So did drugs.", "²,³", [2, 3]),
        ("Pain fell.1,2 So did drugs.", "1,2", [1, 2]),
        ("Pain fell (3).", "(3)", [3]),
        ("Hartmann et al. (2016) saw this.", "Hartmann et al. (2016)", [1]),
        ("This was seen (Hartmann et al., 2014).", "Hartmann et al., 2014", [2]),
        ("This was seen (see Roux, 2012).", "see Roux, 2012", [3]),
        ("Hartmann & Okafor (2016) saw this.", "Hartmann & Okafor (2016)", [1]),
        ("In 2012, Roux, et. al., studied eleven legs.", "In 2012, Roux, et. al.", [3]),
        ("Roux and colleagues reported in 2012 that it works.", "Roux and colleagues reported in 2012", [3]),
        ("Roux's 2012 study was small.", "Roux's 2012 study", [3]),
        ("Roux et al. were first.", "Roux et al.", [3]),
        ("As Roux 2012 says, it works.", "Roux 2012", [3]),
        (
            "A 2016 study also published in Neuromodulation agreed.",
            "A 2016 study also published in Neuromodulation",
            [1],
        ),
        ("A study published in Neurosurgery in 2012 agreed.", "study published in Neurosurgery in 2012", [3]),
        (
            "It is safe, according to the Coil Consensus Committee in their August 2014 guideline.",
            "Coil Consensus Committee in their August 2014 guideline",
            [2],
        ),
    ],
)
def test_mentions_are_paired_with_the_list(body: str, mention: str, entries: list[int]) -> None:
    assert pairs(with_list(body)) == {mention: entries}


def test_a_wrong_year_still_means_the_only_work_of_that_author() -> None:
    assert pairs(with_list("Roux et al. (2013) saw this.")) == {"Roux et al. (2013)": [3]}


def test_a_name_that_means_two_entries_is_ambiguous() -> None:
    (pair,) = pair_mentions(find_references(with_list("Hartmann et al. saw this.")))
    assert [entry.number for entry in pair.entries] == [1, 2]
    assert pair.ambiguous


def test_identifiers_in_the_text() -> None:
    text = (
        "See doi:10.5555/abc.1, PMID: 12345678, PMC1234567, NCT01234567 and https://pubmed.ncbi.nlm.nih.gov/7654321/."
    )
    found = find_references(text)
    assert [(r.parsed.doi or r.parsed.pmid or r.parsed.pmcid or r.parsed.registration) for r in found] == [
        "10.5555/abc.1",
        "12345678",
        "PMC1234567",
        "NCT01234567",
        "7654321",
    ]
    assert {r.kind for r in found} == {"identifier"}


@pytest.mark.parametrize(
    "text",
    [
        "In March 2014 the agency approved it. Since 2016 it is used (see Table 2).",
        "The area was 5 cm² and 3 m³.",
        "Updated: Nov 11, 2024. Published At April 30, 2025.",
        "It takes (1) a lead, (2) a pulse generator and (3) patience.",
        "Pain fell by 40% in 12 patients.",
        "He moved to Leeds (England).",
        "",
        "\ufeff\u200b",
    ],
)
def test_what_is_no_reference(text: str) -> None:
    assert find_references(text) == []


def test_offsets_count_code_points() -> None:
    text = "𝒜 naïve 🧠 reader cites Müller et al. (2011) here."
    (found,) = find_references(text)
    assert text[found.start : found.end] == "Müller et al. (2011)"
    assert (found.parsed.authors, found.parsed.year) == (("Müller",), 2011)


@pytest.mark.parametrize(
    "text",
    [
        "A" * 100_000,
        "Aa " * 30_000,
        "[1," * 30_000,
        "The of the " * 9_000,
        "\n" * 100_000,
        "In 2012, " * 10_000,
        "1. " * 30_000,
        "a 2016 study published " * 4_000,
        "10.1111/" * 12_000,
        "Committee Of The " * 6_000,
        "http://" * 12_000,
    ],
)
def test_hostile_text_takes_time_in_proportion_to_its_length(text: str) -> None:
    """A hundred kilobytes: seconds would mean that a pattern backtracks."""
    started = time.process_time()
    found = find_references(text)
    assert time.process_time() - started < 2
    assert all(isinstance(reference, FoundReference) for reference in found)


@pytest.mark.shared
def test_the_source_article_with_a_list(shared_dir: object) -> None:
    """Three entries; its guideline, its author of 2012 and its study of 2016 each mean one of them."""
    (path,) = (shared_dir / "articles").glob("001_*.txt")  # type: ignore[operator]
    found = find_references(path.read_text(encoding="utf-8"))
    assert [r.number for r in found if r.kind == "list"] == [1, 2, 3]
    assert [[e.number for e in pair.entries] for pair in pair_mentions(found)] == [[2], [3], [1]]


def test_a_numbered_line_under_a_heading_is_an_entry_without_author_or_year() -> None:
    text = "It helps [1].\n\nReferences\n\n1. A study of leaves and their fall. J Trees."
    found = [reference for reference in find_references(text) if reference.kind == "list"]
    assert [(reference.number, reference.text[:7]) for reference in found] == [(1, "A study")]


@pytest.mark.parametrize(
    ("said", "author", "year", "journal"),
    [
        ("Oak 2019 randomised 40 people.", "Oak", 2019, ""),
        ("Sleep got better, Oak 2019 found.", "Oak", 2019, ""),
        ("A Cochrane review of 2023 found no difference.", "", 2023, "Cochrane Database of Systematic Reviews"),
        ("The 2023 Cochrane review found no difference.", "", 2023, "Cochrane Database of Systematic Reviews"),
        ("It helps (Oak A, et al. J Invented Pain 2020;6:145).", "Oak", 2020, "J Invented Pain"),
        ("It helps [J Invented Pain. 2020;6(2):145-52].", "", 2020, "J Invented Pain"),
        ("It helps, see Oak A, Ash B. Invented Pain 2020;6:145-52.", "Oak", 2020, "Invented Pain"),
    ],
)
def test_what_a_sentence_names_without_a_list(said: str, author: str, year: int, journal: str) -> None:
    (found,) = find_references(said)
    assert found.kind == "mention" and found.parsed.year == year and found.parsed.journal == journal
    assert found.parsed.authors[:1] == ((author,) if author else ())


@pytest.mark.parametrize(
    "said",
    ["The ratio was 2:1 in 2019.", "SOLACE 2020 randomised 40 people.", "March 2019 found us in Rome.",
     "At 12:30, 2020 people came.", "Summer 2019 had few visitors."],
)  # fmt: skip
def test_what_names_no_paper(said: str) -> None:
    assert find_references(said) == []


@pytest.mark.parametrize("mark", ["[1, p. 4]", "\\[1\\]", "[1; Table 2]", "<sup>1</sup>", "[^1]", "(1)"])
def test_marks_of_a_numbered_list(mark: str) -> None:
    entry = "Oak A, Ash B. Roots and pain in old forests. J Invented Pain. 2019;12(3):44-50."
    found = find_references(f"Roots ease pain{mark}.\n\nReferences\n\n1. {entry}\n")
    (pairing,) = pair_mentions(found)
    assert [e.number for e in pairing.entries] == [1]


@pytest.mark.parametrize("label", ["1)", "1) ", "1.", "(1)", "[1] "])
@pytest.mark.parametrize("heading", ["refs", "Refs:", "Sources used", "References", "Works consulted"])
def test_sloppy_lists(label: str, heading: str) -> None:
    second = label.replace("1", "2") + "ash b, oak c. j invented pain 2020 ; 6 : 145 - 52"
    text = f"Roots [1], leaves [2].\n\n{heading}\n\n{label}Oak A, Roots and pain , J Invented Pain 2019\n\n{second}\n"
    entries = [f for f in find_references(text) if f.kind == "list"]
    assert [(e.number, e.parsed.year) for e in entries] == [(1, 2019), (2, 2020)]


def test_the_study_of_an_author_of_the_list() -> None:
    entry = "1. Oak A, Ash B. Roots and pain in old forests. J Invented Pain. 2019;12(3):44-50."
    found = find_references(f"The Oak trial had 40 patients. The Elm trial had none.\n\nReferences\n\n{entry}\n")
    assert [f.text for f in found if f.kind == "mention"] == ["Oak"]


def test_a_row_of_raised_figures_is_no_number() -> None:
    """Python refuses to read a number of more than 4,300 digits."""
    listed = "\n\nReferences\n\n1. Oak A. One. Pain. 2001;1:1-9.\n2. Elm B. Two. Pain. 2002;2:1-9.\n"
    found = find_references(f"It helped them{5_000 * chr(0xB9)} a lot{chr(0xB2)}.{listed}")
    assert all(not one.numbers or one.numbers == (2,) for one in found)


def test_numbered_paragraphs_that_cite_are_no_reference_list() -> None:
    text = (
        "1. Magnets. Oak and colleagues pooled 31 trials (https://pubmed.ncbi.nlm.nih.gov/900/). Pain was lower right "
        "after treatment and rose again later.\n\n"
        "2. Currents. A small group was treated (https://doi.org/10.5555/1). The benefit lasted for weeks after it.\n"
    )
    assert not [found for found in find_references(text) if found.kind == "list"]


def test_a_list_without_a_heading_that_the_text_cites() -> None:
    body = "The trial had 120 people (1).\nThe other one had 100 women (2).\n\nBest,\nLena\n\n"
    entries = "1) oak hm, elm gh: stimulation in limb ischaemia. lancet 353 (1999) 1040\n2) Ash et al, Effect of the frequency of stimulation, Pain 99\n"
    found = [one.number for one in find_references(body + entries) if one.kind == "list"]
    assert found == [1, 2]


def test_steps_that_nothing_cites_are_no_list() -> None:
    text = "It works (3).\n\n1) Charge the device for two hours in 2024\n2) Place the pads on both sides of it\n"
    assert not [found for found in find_references(text) if found.kind == "list"]


def test_a_story_with_a_link_is_no_entry() -> None:
    text = (
        "So I read up. There is a trial from 2016 by Oak (doi.org/10.5555/1) with 60 people who all tried four things. "
        "After the first the pain was 34 out of 100 (Oak 2016). Nine in ten said that it helped most (Oak 2016).\n"
    )
    assert not [found for found in find_references(text) if found.kind == "list"]
