"""Notes that name an entry again: a number in the text that leads to one means the work of the whole entry."""

from __future__ import annotations

import pytest

from evidence.references.find import find_references, pair_mentions

OAK = "Oak A, Elm B. Roots and pain in the leg: a trial. Pain. 2001;11:1-9."
ASH = "Ash C. Leaves in winter. Lancet. 2005;365:20-4."
OAK_LATER = "Oak A. Bark after five years of follow-up. Pain. 2006;16:11-9."


def meant(*notes: str, marks: str = "[{}]") -> dict[str, list[str]]:
    """What each number of the text means, by the authors and years of the entries."""
    body = " ".join(f"Something was found here{marks.format(n)}." for n in range(1, len(notes) + 1))
    text = body + "\n\nReferences\n\n" + "\n".join(f"{n}. {note}" for n, note in enumerate(notes, start=1)) + "\n"
    pairs = pair_mentions(find_references(text))
    return {
        p.mention.text: [f"{e.parsed.authors[0]} {e.parsed.year}" for e in p.entries]
        for p in pairs
        if p.mention.numbers
    }


@pytest.mark.parametrize(
    ("note", "work"),
    [
        ("Oak 2001.", "Oak 2001"),
        ("Oak et al., 2001, p. 4.", "Oak 2001"),
        ("Oak and Elm, Roots and pain, 3.", "Oak 2001"),
        ("See Oak (2001).", "Oak 2001"),
        ("Oak (n 1).", "Oak 2001"),
        ("See note 1.", "Oak 2001"),
        ("Oak, op. cit., note 1, 5.", "Oak 2001"),
        ("Ibid.", "Ash 2005"),
        ("Ibid., p. 22.", "Ash 2005"),
        ("Ash, Leaves in winter, 21.", "Ash 2005"),
        ("ibidem", "Ash 2005"),
    ],
)
def test_a_short_note_means_the_whole_one(note: str, work: str) -> None:
    assert meant(OAK, ASH, note)["[3]"] == [work]


@pytest.mark.parametrize(
    "note",
    [
        "Elm 2001.",  # no first author of an entry
        "Oak 1999.",  # another paper of that author
        "See the chapter on sleep.",
        "The authors thank the ward.",
    ],
)
def test_a_note_that_names_no_entry_means_none(note: str) -> None:
    assert meant(OAK, ASH, note).get("[3]", []) != ["Oak 2001"]


def test_of_two_papers_of_an_author_the_year_or_the_title_says_which() -> None:
    assert meant(OAK, OAK_LATER, "Oak 2006.")["[3]"] == ["Oak 2006"]
    assert meant(OAK, OAK_LATER, "Oak, Bark after five years.")["[3]"] == ["Oak 2006"]
    assert meant(OAK, OAK_LATER, "Oak, p. 12.")["[3]"] not in (["Oak 2001"], ["Oak 2006"])


def test_ibid_goes_on_through_short_notes() -> None:
    found = meant(OAK, "Ibid.", ASH, "Oak 2001.", "Ibid.", "See note 3.", marks=" ({})")
    assert found == {
        "(1)": ["Oak 2001"], "(2)": ["Oak 2001"], "(3)": ["Ash 2005"], "(4)": ["Oak 2001"], "(5)": ["Oak 2001"],
        "(6)": ["Ash 2005"],
    }  # fmt: skip


def test_a_short_note_is_no_mention_of_its_own() -> None:
    text = f"It was found.[1] It was found again.[2]\n\nNotes\n\n1. {OAK}\n2. Oak 2001.\n"
    assert [one.text for one in find_references(text)] == ["[1]", "[2]", OAK]
