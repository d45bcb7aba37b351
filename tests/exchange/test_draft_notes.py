"""Notes, links and tables of drafts: what cites in a .docx, a page, Markdown or text."""

from __future__ import annotations

import io
import zipfile

import pytest

from evidence.exchange.draft import read_draft
from evidence.references import find_references, pair_mentions

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ENTRY = "Oak A, Ash B. Roots and pain in old forests. J Invented Pain. 2019;12(3):44-50."


def noted(body: str, notes: dict[str, str], kind: str = "footnote", links: str = "") -> bytes:
    """A .docx whose text marks notes: ``notes`` maps id → text."""
    buffer = io.BytesIO()
    spaces = f"xmlns:w='{WORD}' xmlns:r='{RELATIONS}'"
    texts = "".join(
        f"<w:{kind} w:id='{i}'><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:{kind}>" for i, text in notes.items()
    )
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {spaces}><w:body>{body}</w:body></w:document>")
        archive.writestr(f"word/{kind}s.xml", f"<w:{kind}s {spaces}>{texts}</w:{kind}s>")
        if links:
            archive.writestr("word/_rels/document.xml.rels", f"<Relationships>{links}</Relationships>")
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_notes_of_a_docx_are_cited_in_the_order_of_their_marks(kind: str) -> None:
    def marked(text: str, note: str) -> str:
        return f"<w:p><w:r><w:t>{text}</w:t></w:r><w:r><w:{kind}Reference w:id='{note}'/></w:r></w:p>"

    notes = {"-1": "", "2": "See the chapter on sleep.", "3": ENTRY}
    draft = read_draft(noted(marked("Roots ease pain.", "3") + marked("Leaves do not.", "2"), notes, kind))
    assert draft.text == f"Roots ease pain.[1]\n\nLeaves do not.[2]\n\n1. {ENTRY}\n\n2. See the chapter on sleep."
    found = find_references(draft.text)
    pairs = {p.mention.text: [e.text for e in p.entries] for p in pair_mentions(found)}
    assert pairs == {"[1]": [ENTRY], "[2]": []}


def test_notes_beside_a_numbered_list_have_numbers_of_their_own() -> None:
    body = "<w:p><w:r><w:t>It helps [1].</w:t></w:r><w:r><w:footnoteReference w:id='4'/></w:r></w:p>"
    assert read_draft(noted(body, {"4": ENTRY})).text == f"It helps [1].[101]\n\n101. {ENTRY}"


def test_links_of_a_docx_keep_the_address_of_a_paper() -> None:
    body = (
        "<w:p><w:r><w:t>As </w:t></w:r><w:hyperlink r:id='r1'><w:r><w:t>shown</w:t></w:r></w:hyperlink>"
        "<w:hyperlink r:id='r2'><w:r><w:t> at home</w:t></w:r></w:hyperlink></w:p>"
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> HYPERLINK \"https://doi.org/10.5555/b\" "
        "</w:instrText></w:r><w:r><w:t>there</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>"
    )
    links = (
        "<Relationship Id='r1' Target='https://doi.org/10.5555/a'/>"
        "<Relationship Id='r2' Target='https://shop.example/'/>"
    )
    text = read_draft(noted(body, {}, links=links)).text
    assert text == "As shown (https://doi.org/10.5555/a) at home\n\nthere (https://doi.org/10.5555/b)"


def test_cells_of_a_table_stay_apart() -> None:
    page = (
        "<p>Trials.</p><table><tr><th>Study</th><th>n</th></tr>"
        "<tr><td>Burst [1]</td><td><p>100</p></td><td>86%</td></tr></table>"
    )
    assert read_draft(page.encode()).text == "Trials.\n\nStudy\tn\n\nBurst [1]\t100\t86%"
    table = "# Trials\n\n| Study | n |\n|---|---|\n| Burst [1] | 100 |\n"
    assert read_draft(table.encode()).text == "Trials\n\nStudy\tn\nBurst [1]\t100"


@pytest.mark.parametrize(
    ("text", "read", "format_"),
    [
        ("<p>Pain fell.</p>", "Pain fell.", "html"),
        ("<!-- wp:paragraph -->\n<p>Pain fell.</p>\n<!-- /wp:paragraph -->", "Pain fell.", "html"),
        ("Pain fell (p<0.05) and n>3.", "Pain fell (p<0.05) and n>3.", "text"),
        ("It helps.<sup>1,2</sup> Of 10<sup>6</sup>.", "It helps.[1,2] Of 10\u2076.", "text"),
        ("# It\n\nhelps \\[1\\].", "It\n\nhelps [1].", "markdown"),
    ],
)
def test_pieces_of_html_and_marks_in_text(text: str, read: str, format_: str) -> None:
    draft = read_draft(text.encode())
    assert (draft.text, draft.format) == (read, format_)
