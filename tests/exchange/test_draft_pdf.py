"""Drafts in PDF: the text layer is read; a scan, a damaged and a locked one are refused in a sentence."""

from __future__ import annotations

import io
import sys

import pytest

from evidence.errors import InputError
from evidence.exchange.draft import read_draft

pypdf = pytest.importorskip("pypdf")


def one_page(text: str, password: str = "") -> bytes:
    """A PDF of one page with a line of text."""
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(595, 842)
    font = DictionaryObject(
        {NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
         NameObject("/BaseFont"): NameObject("/Helvetica")}
    )  # fmt: skip
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 40 700 Td ({text}) Tj ET".encode() if text else b"")
    page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_the_text_layer_is_read() -> None:
    draft = read_draft(one_page("TENS relieved knee pain in 25% of 120 participants [1]."))
    assert draft.format == "pdf" and draft.text == "TENS relieved knee pain in 25% of 120 participants [1]."
    assert "text layer" in draft.notes[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [(one_page(""), "scan"), (one_page("Locked words that nobody reads.", "x"), "password"), (b"%PDF-1.7 no", "PDF")],
)
def test_what_has_no_text_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_draft(content, "draft.pdf")


def test_without_the_extra_it_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(InputError, match=r"\[pdf\]"):
        read_draft(one_page("TENS relieved knee pain in 25% of 120 participants."), "draft.pdf")
