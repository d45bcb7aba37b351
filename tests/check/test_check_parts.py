"""Parts of the check by themselves: ranking, contradictions, rendering, the command."""

from __future__ import annotations

import json
import time

import pytest
from check_desk import make_desk, project_tagger
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.check.check import Deadline, even_blanks
from evidence.check.cited import cite
from evidence.check.consistency import contradictions
from evidence.check.draft.sentences import draft_sentences
from evidence.check.draft.tags import DraftTagger, tag_sentences
from evidence.check.numbers.numbers import find_numbers
from evidence.check.reference_facts import reference_warnings
from evidence.check.render import as_markdown, as_text, codes, summary
from evidence.check.retrieval.ranking import covered, make_document, make_query, rank_passages
from evidence.check.warnings import CODES, Warning_
from evidence.references import find_references, pair_mentions

ABSTRACT = [
    ("background", "Pain of the back is common."),
    ("methods", "We studied squirrels in gardens."),
    ("results", "Squirrels that ate walnuts climbed significantly higher than those that ate acorns."),
    ("conclusions", "Gardens differ."),
]


def test_the_sentence_that_bears_comes_first_and_in_place() -> None:
    document = make_document("r", "Squirrels", ABSTRACT)
    query = make_query("Walnuts make squirrels climb higher.", lambda token: 1.0)
    ranked = rank_passages(query, document)
    assert ranked[0].position == 2
    assert covered(query, document) > 0.7
    assert covered(make_query("Opioids harm the liver.", lambda token: 1.0), document) == 0


def test_relatives_of_a_word_count_in_part() -> None:
    document = make_document("r", "", [("", "Neurostimulation was tried.")])
    assert 0 < covered(make_query("neurostimulatory", lambda token: 1.0), document) < 1


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        ("PNT is a non-invasive treatment. In PNT needles are inserted into the skin.", True),
        ("Neuromodulation is a non-surgical treatment. The stimulator can be surgically removed.", True),
        ("TENS is a non-invasive treatment. Spinal cord stimulators are implanted.", False),
        ("PNT is for people who tried non-surgical treatments. PNT needs needles.", False),
        ("TENS is non-invasive. TENS is tried before surgery.", False),
        ("Spinal cord stimulation needs no surgery. Spinal cord stimulators are implanted by a surgeon.", True),
        ("# PNT\n\nIt is a non-invasive therapy.\n\n## Visit\n\nThe doctor inserts ten needles into the skin.", True),
        (
            "# TENS\n\nTENS is a non-invasive therapy.\n\n## More\n\nFor spinal cord stimulation leads are implanted.",
            False,
        ),
    ],
)
def test_invasiveness(draft: str, found: bool) -> None:
    rows = draft_sentences(draft)
    tags = tag_sentences(rows, DraftTagger(project_tagger()))
    assert bool(contradictions(rows, tags, [find_numbers(row.text) for row in rows], [()] * len(rows))) == found


def test_a_warning_must_have_a_known_code() -> None:
    with pytest.raises(ValueError, match="unknown warning code"):
        Warning_("made-up", "").as_dict()


def test_text_and_markdown_show_everything_and_move_no_cursor() -> None:
    result = make_desk().check_text("Stimulation of the spinal cord \x1b[2J improved sleep in 61% "
        "[1].\n\nReferences\n\n1. Oakes A, Birch B. "
                                    "Night-time stimulation of the spinal cord and sleep in failed back surgery "
                                    "syndrome. J Invented Pain. 2018;3:11-9.")  # fmt: skip
    text, markdown = as_text(result, True), as_markdown(result, True)
    for said in (text, markdown):
        assert "\x1b" not in said
        assert "61%" in said and "match" in said and "said more carefully in the source" in said
        assert "these sentences bear on it" in said
        assert summary(result)[:20] in said
    assert max(map(len, text.splitlines())) <= 100
    assert codes(result) <= set(CODES)


def test_markdown_of_a_draft_stays_text() -> None:
    result = make_desk().check_text("Leads <script>alert(1)</script> *never* move [x](http://evil.example).")
    assert "<script>" not in as_markdown(result, True) and "\\](http" in as_markdown(result, True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=400))
def test_no_text_makes_it_fail(text: str) -> None:
    result = _desk().check_text(text)
    json.dumps(result)
    for details in (False, True):
        as_text(result, details)
        as_markdown(result, details)


def _desk(made: list = []):  # noqa: B006 - one desk for all examples
    if not made:
        made.append(make_desk())
    return made[0]


@pytest.mark.parametrize(
    "text",
    ["one hundred " * 4000, "a-" * 12_000, "(" * 20_000, "Oak et al. " * 1500, "is non-invasive " * 1500, "1" * 30_000],
)
def test_hostile_text_is_read_in_time(text: str) -> None:
    """No rule backtracks without end: each of these takes a fraction of a second."""
    started = time.process_time()
    _desk().check_text(text)
    assert time.process_time() - started < 5


# 200 kB of one thing over and over: references, numbers, marks and sentences that were compared with all the others.
REPEATED = [
    "Spinal cord stimulation gave relief to 40 of 80 patients with back pain. ", "(Smith, 2012; ",
    "Smith et al. (2012) ", "[1] ", "[1-50, 1-50] ", "1. Smith J. A title of it. Spine 2012;1(1):1-2.\n",
    "10.1000/", "10.1000/))))", "ChiCTR-", "1 ", "1, 2, 3, ", "1,000,", "a.", "A. ", "et al. ", "(1)",
    "Ab Cd (AC) ", "y'", "n=", "\u201c", '"', "{", "\\", " ", "\n", "-b",
    "It is a non-invasive treatment with needles. ", "PNS lasts 30 minutes. PNS lasts 45 minutes. ", "e\u0301",
    "a",
]  # fmt: skip


@pytest.mark.parametrize("unit", REPEATED)
def test_a_check_ends_when_its_time_is_up(unit: str) -> None:
    desk = make_desk()
    start = time.process_time()
    result = desk.check_text(unit * (200_000 // len(unit)), seconds=0.5)
    assert time.process_time() - start < 6.5
    assert len(json.dumps(result)) < 30_000_000


def test_what_no_time_was_left_for_is_said() -> None:
    listed = "\n\nReferences\n\n1. Oakes A, Birch B. Night-time stimulation and sleep. J Invented Pain. 2018;3:11-9.\n"
    result = make_desk().check_text(
        "Stimulation of the spinal cord improved sleep in 61% [1]. " * 3 + listed, seconds=-1
    )
    assert {row["finding"] for row in result["sentences"] if row["claim"]} == {"not checked"}
    assert any("claims were not checked: no time" in w["message"] for w in result["warnings"])


def test_a_reference_that_nobody_was_asked_about_is_not_called_missing() -> None:
    found = find_references(
        "It works [1].\n\nReferences\n\n1. Oakes A, Birch B. Sleep. J Invented Pain. 2018;3:11-9.\n"
    )
    desk = make_desk()
    late = Deadline(lambda: True)
    cited, _ = cite(found, pair_mentions(found), desk.library, desk.ledger, None, lambda text: [], late)
    assert not cited[0].resolution.looked_up
    assert [w.code for w in reference_warnings(cited[0])] == ["not-checked"]


@pytest.mark.parametrize(
    ("draft", "references", "found"),
    [
        ("The first trial randomised 100 patients to stimulation. Another randomised 125 patients to stimulation.",
         [(0,), (1,)], False),
        ("The trial randomised 100 patients. In this trial 140 patients were randomised.", [(0,), (0,)], True),
        ("The trial screened 140 patients. It randomised 100 patients.", [(0,), (0,)], False),
        ("One trial of TENS had 40 patients. Another trial of TENS had 60 patients.", [(), ()], False),
        ("TENS was tried in 40 patients with bad knees. TENS was tried in 60 patients with bad knees.", [(), ()], True),
        ("The ECHO trial randomised 138 patients. The SOLACE trial randomised 204 patients.", [(), ()], False),
        ("At 3 months 60% of the burst group were responders. At 12 months 68% of the burst group were responders.",
         [(0,), (0,)], False),
        ("At 12 months 82% of the burst group were responders. At 12 months 74% of the burst group were responders.",
         [(0,), (0,)], True),
    ],
)  # fmt: skip
def test_figures_of_one_study(draft: str, references: list[tuple[int, ...]], found: bool) -> None:
    rows = draft_sentences(draft)
    tags = tag_sentences(rows, DraftTagger(project_tagger()))
    assert bool(contradictions(rows, tags, [find_numbers(row.text) for row in rows], references)) is found


FIGURES = "Sessions of nerve stimulation last {} minutes. "


def test_many_contradictions_are_told_as_some_and_a_count() -> None:
    rows = draft_sentences("".join(FIGURES.format(minutes) for minutes in range(10, 70)))
    tags = tag_sentences(rows, DraftTagger(project_tagger()))
    found = contradictions(rows, tags, [find_numbers(row.text) for row in rows], [()] * len(rows))
    assert len(found) == 31 and found[-1].message == "1,740 more pairs of figures for one thing differ"
    few = draft_sentences(FIGURES.format(30) + FIGURES.format(45))
    tags = tag_sentences(few, DraftTagger(project_tagger()))
    (one,) = contradictions(few, tags, [find_numbers(row.text) for row in few], [()] * len(few))
    assert one.sentences == (0, 1) and one.message == "“30 minutes” and “45 minutes” for one thing"


def test_a_figure_that_is_said_again_is_told_once() -> None:
    rows = draft_sentences((FIGURES.format(30) + FIGURES.format(45)) * 200)
    tags = tag_sentences(rows, DraftTagger(project_tagger()))
    assert len(contradictions(rows, tags, [find_numbers(row.text) for row in rows], [()] * len(rows))) == 1


def test_blanks_that_no_draft_has_are_cut_short() -> None:
    assert even_blanks("a" + " " * 59 + "b\n\n\n    c") == "a" + " " * 59 + "b\n\n\n    c"
    assert even_blanks("a" + " " * 90 + "b") == "a" + " " * 8 + "b"
    assert even_blanks("a\n" + " \n" * 90 + "b") == "a\n\nb"


def test_a_row_of_digits_is_no_infinity() -> None:
    result = make_desk().check_text(f"It helped {'9' * 400} patients with pain in 1 of {'8' * 500}.")
    json.dumps(result, allow_nan=False)


def test_a_sentence_with_many_references_and_numbers_says_what_was_left_out() -> None:
    listed = "".join(f"{n}. Oak{n} A. Title of number {n} here. J Trees. 2018;{n}:{n}-9.\n" for n in range(1, 41))
    numbers = ", ".join(f"{n} patients" for n in range(101, 200))
    result = make_desk().check_text(f"Stimulation improved sleep in {numbers} [1-40].\n\nReferences\n\n{listed}")
    row = result["sentences"][0]
    assert "30 of its 40 references were compared" in row["not_checked"]
    assert "60 of its 99 numbers were lined up" in row["not_checked"]
    assert len(row["references"]) == 40 and len(row["by_reference"]) == 30 and len(row["numbers"]) == 60
