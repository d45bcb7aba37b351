"""A word of a title exchanged is told; a title without its subtitle, cut or spelled otherwise is the title."""

import pytest

from evidence.references.compare import compare, printed, shown
from evidence.references.parse import parse_reference
from evidence.references.types import CitedReport

REPORT = CitedReport(
    id="1",
    title="Psychological aspects of pain in cancer patients after randomized intrathecal therapy: a review of care",
    first_author="Ozkan S", authors=("Ozkan S",), journal="Asian Pac J Cancer Prev", year=2010, volume="11",
    pages="113-6",
)  # fmt: skip


def title_of(printed_title: str) -> str:
    text = f"Ozkan S. {printed_title}. Asian Pac J Cancer Prev. 2010;11:113-6."
    return shown(compare(printed(parse_reference(text)), REPORT))["title"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cancer", "women"),
        ("Psychological", "Surgical"),
        ("intrathecal", "epidural"),
        ("care", "costs"),
        ("pain", "itch"),
    ],
)
def test_a_word_exchanged_is_told(one: str, other: str) -> None:
    assert title_of(REPORT.title.replace(one, other)) == "differs"


@pytest.mark.parametrize(
    "title",
    [
        REPORT.title,
        REPORT.title.upper(),
        REPORT.title.replace("randomized", "randomised"),
        REPORT.title.split(":")[0],
        "Psychological aspects of pain in cancer patients after …",
        "Psychological aspects of pain in cancer patients after random...",
        REPORT.title.replace("pain", "<i>pain</i>"),
    ],
)
def test_the_same_title_printed_otherwise_is_the_title(title: str) -> None:
    assert title_of(title) == "match"


def test_another_title_that_begins_alike_is_told() -> None:
    assert title_of("Psychological aspects of pain in children …") != "match"
    assert title_of("Psychological aspects of pain") != "match"
