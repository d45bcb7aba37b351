"""Drafts to text: formats by content, and files that are no drafts."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from evidence.errors import InputError
from evidence.exchange.draft import read_draft

WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"


def packed(**members: str | bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name.replace("__", "/") + ".xml"), content)
    return buffer.getvalue()


def test_plain_text_stays_as_it_is() -> None:
    draft = read_draft(b"Pain fell.\r\n\r\n\r\n\r\nIt rose.\n")
    assert (draft.text, draft.format) == ("Pain fell.\n\nIt rose.", "text")


def test_encodings() -> None:
    assert read_draft("Café.".encode("utf-16")).text == "Café."
    old = read_draft("It’s a café.".encode("cp1252"))
    assert old.text == "It’s a café." and "Windows-1252" in old.notes[0]


def test_html_without_scripts_with_numbered_references() -> None:
    page = """<html><head><title>T</title><style>p {}</style></head><body><script>evil()</script><h1>Head</h1>
    <p>Pain <b>fell</b> in 11
    people<script>more()</script>.</p><ol><li>Oak 2019.</li><li>Ash. <a href="https://doi.org/10.1/x">link</a></li></ol></body></html>"""
    draft = read_draft(page.encode())
    assert draft.format == "html"
    assert draft.text.split("\n\n") == [
        "Head",
        "Pain fell in 11 people.",
        "1. Oak 2019.",
        "2. Ash. link (https://doi.org/10.1/x)",
    ]


def test_markdown_keeps_addresses_and_footnotes() -> None:
    draft = read_draft(b"# Head\n\n**Pain** [fell](https://pubmed.ncbi.nlm.nih.gov/1/) there.[^1]\n\n[^1]: Oak 2019.\n")
    assert draft.format == "markdown"
    assert draft.text == "Head\n\nPain fell (https://pubmed.ncbi.nlm.nih.gov/1/) there.[1]\n\n1. Oak 2019."


def test_docx_with_endnotes() -> None:
    body = WORD.format(PARAGRAPH.format("Pain fell.") + PARAGRAPH.format("It rose &amp; fell."))
    draft = read_draft(packed(word__document=body, word__endnotes=WORD.format(PARAGRAPH.format("Oak 2019."))))
    assert (draft.format, draft.text) == ("docx", "Pain fell.\n\nIt rose & fell.\n\nOak 2019.")


def test_a_docx_that_python_docx_wrote() -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_paragraph("Pain fell in 11 people.")
    buffer = io.BytesIO()
    document.save(buffer)
    assert read_draft(buffer.getvalue()).text == "Pain fell in 11 people."


def test_right_to_left_text_and_control_characters() -> None:
    draft = read_draft("هذا آمن بنسبة 40%.\x1b[31m red\x00".replace("\x00", "").encode())
    assert draft.text == "هذا آمن بنسبة 40%. [31m red"


def test_empty_is_empty() -> None:
    assert read_draft(b"").text == read_draft(b" \n\t ").text == ""


def encrypted() -> bytes:
    """A .docx whose member is marked as encrypted."""
    content = bytearray(packed(word__document=WORD.format("")))
    central = content.find(b"PK\x01\x02")
    content[central + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Pain fell. " * 1_000_000, "11.0 MB"),
        (b"Pain fell. " * 100_000, "check it in parts"),
        (bytes(range(256)) * 40, "is not text"),
        (b"words\0more", "zero bytes"),
        (b"\x81\x8d\x8f\x90\x9d" * 100, "is not text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "password-protected"),
        (encrypted(), "password-protected"),
        (b"%PDF-1.7 words", "a PDF"),
        (packed(word__document="<a>" + "0" * 30_000_000), "unpacks to more than 20 MB"),
        (packed(other="<a/>"), "an archive, not a .docx"),
        (packed(word__document="<not xml"), "a damaged .docx"),
        (packed(word__document=WORD.format("x" * 3000))[:-40], "a damaged .docx"),
        (packed(word__document='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "entity definitions"),
    ],
)
def test_what_is_no_draft_is_refused_in_a_sentence(content: bytes, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        read_draft(content, "it.docx")
    assert reason in str(caught.value) and str(caught.value).startswith("it.docx: ")


def test_a_bomb_that_lies_about_its_size() -> None:
    """The declared size is not believed: reading stops at the limit."""
    content = bytearray(packed(word__document="<a>" + "0" * 30_000_000))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.find(mark) + offset
        content[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(InputError):
        read_draft(bytes(content), "it.docx")


def within(seconds: float, content: bytes) -> str:
    """The text of a draft, or why it is refused; fails when reading takes longer (CPU)."""
    start = time.process_time()
    try:
        read = read_draft(content, "it").text
    except InputError as refused:
        read = str(refused)
    took = time.process_time() - start
    assert took < seconds, f"{took:.1f} s for {len(content):,} bytes"
    return read


# What took a minute and more when each mark looked through the rest of the text; 200 kB each.
HOSTILE = [
    "[a](http://", "![a](", "![", "[", "[[", "[1,", "**a ", "__a ", "*a ", "# # ", "#", "> ", "```\n",
    "[^1]: a\n", "](", "<", "< ", "<p ", "</", "<!--", "<![CDATA[", "<!DOCTYPE ", "<?", "<li>", "<sup>",
    "<sup>1</sup>", "<sup>1</sup>a", "<b>", "<script>a</script>b", "<a href='https://doi.org/1'>",
    "<table><tr><td>", "<i>a</i>", "&amp;", "&", "\n", " ", "1", "\\", '"', "e\u0301", "\u200b", "a", "{", "@",
    ",",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_reading_takes_time_in_proportion(unit: str) -> None:
    body = unit * (200_000 // len(unit))
    within(2, body.encode())
    within(2, b"# A\n\n**B** c\n\n# D\n\n" + body.encode())
    within(2, b"<html><body><p>A</p><ol>" + body.encode() + b"</ol></body></html>")


@pytest.mark.parametrize("paragraphs", ["", "<w:r><w:t>a</w:t></w:r>", "<w:p/>" * 9])
def test_a_docx_of_many_paragraphs(paragraphs: str) -> None:
    within(4, packed(word__document=WORD.format(f"<w:p>{paragraphs}</w:p>" * 150_000)))


def test_a_page_of_more_elements_than_pages_have_is_refused() -> None:
    assert "more than 500,000 elements" in within(4, b"<html><body>" + b"<p>a" * 600_000)


def test_markdown_marks_stay_what_they_were() -> None:
    written = (
        '# A ##\n\n**One** and __two__, *three* and _four_: 2 * 3 * 4, a_b_c.\n\n![x](a.png) [y](https://a.b/c "d")\n'
    )
    assert (
        read_draft(written.encode()).text
        == "A \n\nOne and two, three and four: 2 * 3 * 4, a_b_c.\n\n y (https://a.b/c)"
    )


def test_a_pasted_picture_is_passed_over() -> None:
    picture = "![x](data:image/png;base64," + "iVBORw0KGgo" * 200_000 + ")"
    assert read_draft(f"# A\n\n**B** c {picture} d\n\n# E\n".encode()).text == "A\n\nB c  d\n\nE"


PAGE = "<html><body><p>Pain fell{}.</p></body></html>"


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("<sup>1</sup>", "[1]"),
        ("<sup>1,2</sup><sup>3</sup>", "[1,2][3]"),
        (" by 10<sup>6</sup>", " by 10⁶"),
        (" by 10<sup>-3</sup>", " by 10⁻³"),
        (" by Ca<sup>2+</sup> and PaO<sub>2</sub>", " by Ca2+ and PaO2"),
        (" by <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", " by 1/2"),
        (" <math><msup><mn>10</mn><mn>2</mn></msup><annotation>10^{2}</annotation></math>", " 10²"),
        (" <math><msup><mi>y</mi><mn>2</mn></msup></math>", " y2"),
        (" by 5 cm<sup>2</sup>", " by 5 cm2"),
        ("<sup><b>1</b></sup>", "[1]"),
        (' <b>by 9</b><sup>2</sup>', " by 9²"),
        ("<script>9</script><sup>2</sup>", "[2]"),
        ('<sup><a href="https://doi.org/10.1/x">1</a></sup>', "1 (https://doi.org/10.1/x)"),
        ("<sup>th</sup>", "th"),
        ("\x01\x0b<b>\x1b</b>", ""),
    ],
)  # fmt: skip
def test_raised_numbers_and_control_characters_of_a_page(printed: str, text: str) -> None:
    read = read_draft(PAGE.format(printed).encode()).text
    assert " ".join(read.split()).replace(" .", ".") == f"Pain fell{text}."


def run(text: str, raised: bool = False) -> str:
    mark = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>' if raised else ""
    return f"<w:r>{mark}<w:t>{text}</w:t></w:r>"


def test_raised_numbers_of_a_docx() -> None:
    body = run("Pain fell") + run("1,2", True) + run(" over 10") + run("2", True) + run(" days") + run("th", True)
    draft = read_draft(packed(word__document=WORD.format(f"<w:p>{body}</w:p>")))
    assert draft.text == "Pain fell[1,2] over 10² daysth"


def test_a_text_box_is_read_once() -> None:
    box = "<w:txbxContent><w:p>" + run("Aside.") + "</w:p></w:txbxContent>"
    compatible = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    twice = f'<mc:AlternateContent xmlns:mc="{compatible}"><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>'
    body = f"<w:p>{run('Pain fell.')}<w:r>{twice}</mc:AlternateContent></w:r>{run(' It rose.')}</w:p>"
    assert read_draft(packed(word__document=WORD.format(body))).text == "Pain fell. It rose.\n\nAside."


def whole() -> bytes:
    return packed(word__document=WORD.format(PARAGRAPH.format("Pain fell. " * 40)), word__styles="<a/>")


DAMAGED = [
    b"PK\x03\x04", b"PK\x05\x06", whole()[:30], whole()[:-10], whole()[: len(whole()) // 2],
    whole().replace(b"PK\x01\x02", b"PK\x01\x00"),
    packed(word__document=""), packed(word__document="\x00"), packed(word__document="<a><b></a>"),
    packed(word__document="<a>&b;</a>"),
    packed(word__document='<?xml version="1.0" encoding="nothing"?><a/>'),
    packed(word__document="<a>" * 5000),
    packed(word__document='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16")),
    packed(word__document=b"\xff\xfe<"),
]  # fmt: skip


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_docx_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_draft(content, "it.docx")
    assert str(caught.value).startswith("it.docx: ") and "\n" not in str(caught.value)


@pytest.mark.parametrize("at", range(0, 400, 3))
def test_a_docx_with_one_byte_changed_is_read_or_refused(at: int) -> None:
    content = bytearray(whole())
    content[at % len(content)] ^= 0xFF
    within(2, bytes(content))
