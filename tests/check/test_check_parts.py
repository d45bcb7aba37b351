"""Parts of the check by themselves: ranking, contradictions, rendering, the command."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from check_desk import make_desk, project_tagger
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.check.consistency import contradictions
from evidence.check.draft.sentences import draft_sentences
from evidence.check.draft.tags import DraftTagger, tag_sentences
from evidence.check.numbers.numbers import find_numbers
from evidence.check.render import as_markdown, as_text, codes, summary
from evidence.check.retrieval.ranking import covered, make_document, make_query, rank_passages
from evidence.check.warnings import CODES, Warning_

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
    ],
)
def test_invasiveness(draft: str, found: bool) -> None:
    rows = draft_sentences(draft)
    tags = tag_sentences(rows, DraftTagger(project_tagger()))
    assert bool(contradictions(rows, tags, [find_numbers(row.text) for row in rows])) == found


def test_a_warning_must_have_a_known_code() -> None:
    with pytest.raises(ValueError, match="unknown warning code"):
        Warning_("made-up", "").as_dict()


def test_text_and_markdown_show_everything_and_move_no_cursor() -> None:
    result = make_desk().check_text("Stimulation of the spinal cord \x1b[2J improved sleep in 61% "
        "[1].\n\nReferences\n\n1. Oakes A, Birch B. "
                                    "Night-time stimulation of the spinal cord and sleep in failed back surgery "
                                    "syndrome. J Invented Pain. 2018;3:11-9.")  # fmt: skip
    text, markdown = as_text(result), as_markdown(result)
    for said in (text, markdown):
        assert "\x1b" not in said
        assert "61%" in said and "match" in said and "hedge-dropped" in said and "these sentences bear on it" in said
        assert summary(result)[:20] in said
    assert max(map(len, text.splitlines())) <= 100
    assert codes(result) <= set(CODES)


def test_markdown_of_a_draft_stays_text() -> None:
    result = make_desk().check_text("Leads <script>alert(1)</script> *never* move [x](http://evil.example).")
    assert "<script>" not in as_markdown(result) and "\\](http" in as_markdown(result)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=400))
def test_no_text_makes_it_fail(text: str) -> None:
    result = _desk().check_text(text)
    json.dumps(result)
    as_text(result)
    as_markdown(result)


def _desk(made: list = []):  # noqa: B006 - one desk for all examples
    if not made:
        made.append(make_desk())
    return made[0]


def test_the_documented_codes_are_the_programs(root: Path) -> None:
    page = (root / "docs" / "check.md").read_text(encoding="utf-8")
    section = page.split("## Warning codes")[1].split("## ")[0]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", section, re.M)) == set(CODES)


@pytest.mark.parametrize(
    "text",
    ["one hundred " * 4000, "a-" * 12_000, "(" * 20_000, "Oak et al. " * 1500, "is non-invasive " * 1500, "1" * 30_000],
)
def test_hostile_text_is_read_in_time(text: str) -> None:
    """No rule backtracks without end: each of these takes a fraction of a second."""
    started = time.process_time()
    _desk().check_text(text)
    assert time.process_time() - started < 5
