"""EndNote's XML: parts in styles, several values in one element, comments, records that are cut."""

from __future__ import annotations

import time

import pytest

from evidence.exchange import endnote_xml
from evidence.record import Record


def read(inside: str) -> list[Record | str]:
    return [found for _, found in endnote_xml.read(f"<xml><records>{inside}</records></xml>", "endnote-xml")]


def one(inside: str) -> Record:
    [record] = read(f"<record>{inside}</record>")
    assert isinstance(record, Record)
    return record


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ('<style face="normal" font="default">Pain at 10</style><style face="superscript">3</style>', "Pain at 10³"),
        ('<style face="normal">CO</style><style face="subscript">2</style><style>  rise</style>', "CO2 rise"),
        ('<style face="italic superscript">18</style><style face="normal">F-FDG</style>', "18F-FDG"),
        ("Pain &amp;amp; nerves &lt;i&gt;in vivo&lt;/i&gt;", "Pain & nerves in vivo"),
        ("One&#13;line", "One line"),
    ],
)
def test_styles(title: str, text: str) -> None:
    assert one(f"<titles><title>{title}</title></titles>").title == text


def test_several_keywords_in_one_element() -> None:
    words = "<keywords><keyword>Burst; Pain&#13;Nerves</keyword><keyword>Pumps</keyword></keywords>"
    assert one(words).keywords == ["Burst", "Pain", "Nerves", "Pumps"]


def test_what_stands_in_a_comment_is_no_record() -> None:
    records = (
        "<!-- <record><titles><title>Old</title></titles></record>\n-->\n<record><titles><title>New</title></titles>"
    )
    found = list(endnote_xml.read(f"<xml><!-- <records> -->\n<records>{records}</record></records></xml>", "x"))
    assert [(line, record.title) for line, record in found if isinstance(record, Record)] == [(4, "New")]


def test_a_record_that_is_cut_is_told_and_the_others_stay() -> None:
    found = list(endnote_xml.read("<records><record><isbn>1</isbn></record>\n<record><titles>", "x"))
    assert isinstance(found[0][1], Record) and found[1] == (2, "the file ends in the middle of this record")


@pytest.mark.parametrize("unit", ["<record>", "<record ", "<!--", "<record><titles>"])
def test_time_is_linear_in_the_file(unit: str) -> None:
    start = time.process_time()
    list(endnote_xml.read(unit * 100_000, "x"))
    assert time.process_time() - start < 2
