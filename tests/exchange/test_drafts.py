"""Drafts to text: formats by content, and files that are no drafts."""

from __future__ import annotations

import io
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
            archive.writestr(name.replace("__", "/") + ".xml", content)
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
    assert (draft.format, draft.text) == ("docx", "Pain fell.\n\nIt rose & fell.\nOak 2019.")


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
