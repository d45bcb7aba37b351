"""A draft as a writer has it (plain text, Markdown, HTML, .docx) to plain text with paragraphs.

The content decides the format, not the name. Whatever cannot be read is refused with a sentence that says what it is
and what to do: nothing here trusts the file (archives are read by the byte, entities are not resolved, scripts go).
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from io import BytesIO

import lxml.etree
import lxml.html

from evidence.errors import InputError

# A book chapter of 25,000 words is 150 kB; more than this is not a draft, and cannot be checked in seconds.
MAX_TEXT = 1_000_000
MAX_FILE = 10_000_000
# word/document.xml of a long article is 2 MB; a zip bomb declares (or hides) far more.
MAX_MEMBER = 20_000_000
MAX_MEMBERS = 5_000
_SPLIT_HINT = "check it in parts"

_OLE = b"\xd0\xcf\x11\xe0"
# First bytes → what the file is, for a clear refusal.
_REFUSED = (
    (b"%PDF", "a PDF", "copy its text into a file, or export it as .docx or .html"),
    (b"{\\rtf", "an RTF file", "save it as .docx or plain text"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
    (b"\x89PNG", "an image", "give the text itself"),
    (b"\xff\xd8\xff", "an image", "give the text itself"),
    (b"GIF8", "an image", "give the text itself"),
    (b"SQLite format 3", "a database", "give the text itself"),
)
_HTML = re.compile(r"<!doctype html|<html[\s>]|<body[\s>]|<(?:p|div|article|li|h[1-6]|br|table)\b[^>]*>", re.I)
_HTML_DROP = ("script", "style", "noscript", "template", "svg", "iframe", "object", "head", "nav", "form", "button")
_HTML_BLOCK = frozenset(
    "p div li ul ol h1 h2 h3 h4 h5 h6 table tr section article header footer aside main blockquote pre dl dt dd"
    " figure figcaption br hr address body html".split()
)
_MARKDOWN = re.compile(r"^#{1,6} \S|\]\((?:https?:|#)|^\[\^?\w+\]: |^(?:```|~~~)|\*\*\S", re.M)
# A raised number is a citation, unless what it follows is a figure or a unit: 10², cm².
_RAISED = re.compile(r"\[?\d{1,3}(?:\s*[,;\u2010-\u2015-]\s*\d{1,3})*\]?")
_NOT_RAISED_AFTER = re.compile(r"(?:\d|\b[cmk]?m|\b[kmµ]?g|\bft|\bin|\br|\bp|\bI|\b[xXRnN])\s*$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCX_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")


@dataclass(frozen=True, slots=True)
class Draft:
    """``text`` has one paragraph a line; ``format``: text, markdown, html or docx; ``notes`` are for the writer."""

    text: str
    format: str
    notes: tuple[str, ...] = ()


def read_draft(content: bytes, name: str = "the draft") -> Draft:
    """The text of a draft. Raises :class:`InputError` with ``name`` when it is too large or cannot be read."""
    if len(content) > MAX_FILE:
        raise _too_large(name, len(content))
    for magic, what, hint in _REFUSED:
        if content.startswith(magic):
            raise InputError(f"is {what}, which is not read here: {hint}", name)
    if content.startswith(_OLE):
        raise InputError("is a password-protected .docx or an old .doc: save it as .docx without a password", name)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        draft = Draft(_tidy(_docx(content, name)), "docx")
    else:
        text, notes = _decode(content, name)
        draft = _from_text(text, notes)
    if len(draft.text) > MAX_TEXT:
        raise _too_large(name, len(draft.text))
    return draft


def _too_large(name: str, size: int) -> InputError:
    return InputError(
        f"is {size / 1e6:.1f} MB: a draft may have {MAX_TEXT / 1e6:.0f} MB of text (about 150,000 words); "
        f"{_SPLIT_HINT}",
        name,
    )


def _from_text(text: str, notes: tuple[str, ...]) -> Draft:
    if len(_HTML.findall(text[:20_000])) >= 2 or re.match(r"\s*<(?:!doctype|html)", text, re.I):
        return Draft(_tidy(_html(text)), "html", notes)
    if len(_MARKDOWN.findall(text[:20_000])) >= 2:
        return Draft(_tidy(_markdown(text)), "markdown", notes)
    return Draft(_tidy(text), "text", notes)


def _decode(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Text from bytes: UTF-8, UTF-16 with its mark, else Windows-1252 with a note."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace"), ()
    if b"\x00" in content[:8192] or b"\x00" in content:
        raise InputError("is not text (it holds zero bytes): give plain text, Markdown, HTML or .docx", name)
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    text = content.decode("cp1252", errors="replace")
    strange = sum(1 for c in text if c == "\ufffd" or (unicodedata.category(c) == "Cc" and c not in "\n\r\t"))
    if strange > 0.02 * len(text):
        raise InputError("is not text: give plain text, Markdown, HTML or .docx", name)
    return text, ("The file is not UTF-8; it was read as Windows-1252.",)


def _tidy(text: str) -> str:
    """Line ends are ``\\n``, control characters blanks, never more than one empty line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = _CONTROL.sub(" ", text).replace("\xa0", " ").replace("\u202f", " ")
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _html(text: str) -> str:
    """The visible text of a page, a block a line; items of numbered lists keep their numbers."""
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        root = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text), parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return re.sub(r"<[^>]*>", " ", text)
    parts: list[str] = []
    for event, element in lxml.etree.iterwalk(_without(root), events=("start", "end")):
        block = element.tag in _HTML_BLOCK
        if event == "start":
            parts.append("\n" if block else "")
            parts.append(_marker(element) + (element.text or ""))
        else:
            parts.append(_link(element) + ("\n" if block else "") + (element.tail or "" if element is not root else ""))
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in "".join(parts).split("\n"))
    return "\n\n".join(line for line in lines if line)


def _raised(number: str, before: str) -> str:
    """``[1]`` for a raised ``1`` that cites; a power or a unit stays as it is."""
    inside = number.strip()
    if not _RAISED.fullmatch(inside) or _NOT_RAISED_AFTER.search(before):
        return number
    return f"[{inside.strip('[]')}]"


def _before(element: lxml.html.HtmlElement) -> str:
    """The words just before an element."""
    sibling, parent = element.getprevious(), element.getparent()
    if sibling is not None:
        return sibling.tail or "".join(sibling.itertext())
    return "" if parent is None else parent.text or ""


def _without(root: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    for element in list(root.iter(*_HTML_DROP)):
        if element.getparent() is not None:
            element.drop_tree()
    for element in list(root.iter("sup")):
        printed = "".join(element.itertext())
        marked = _raised(printed, _before(element))
        if marked != printed and not any(_link(link) for link in element.iter("a")):
            for child in list(element):
                element.remove(child)
            element.text = marked
    for element in list(root.iter()):
        if isinstance(element.tag, str) and element.text:
            element.text = element.text.replace("\n", " ")
        if element.tail:
            element.tail = element.tail.replace("\n", " ")
    return root


def _marker(element: lxml.html.HtmlElement) -> str:
    parent = element.getparent()
    if element.tag != "li" or parent is None:
        return ""
    if parent.tag == "ol":
        return f"{sum(1 for _ in element.itersiblings('li', preceding=True)) + 1}. "
    return "• "


def _link(element: lxml.html.HtmlElement) -> str:
    """The address of a link to a paper: it may be all that says which."""
    address = element.get("href", "") if element.tag == "a" else ""
    if not re.search(r"pubmed|doi\.org|/pmc/|clinicaltrials\.gov", address) or address in "".join(element.itertext()):
        return ""
    return f" ({address})"


def _markdown(text: str) -> str:
    """Markdown without its marks; the address of a link stays behind the words, a footnote keeps its number."""
    text = re.sub(r"^(?:```|~~~).*$", "", text, flags=re.M)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\[([^\]]+)\]\((https?://[^\s)]+)[^)]*\)", r"\1 (\2)", text)
    text = re.sub(r"^\[\^(\w+)\]:\s*", r"\1. ", text, flags=re.M)
    text = re.sub(r"\[\^(\w+)\]", r"[\1]", text)
    text = re.sub(r"^#{1,6} +(.*?)#* *$", r"\1", text, flags=re.M)
    text = re.sub(r"^> ?", "", text, flags=re.M)
    text = re.sub(r"(?<![\w*\\])([*_])(?=[^\s*_])([^*_\n]+?)(?<=\S)\1(?![\w*])", r"\2", text)
    return re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text)


def _docx(content: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return "\n".join(_docx_parts(archive, name))
    except (
        zipfile.BadZipFile,
        lxml.etree.XMLSyntaxError,
        EOFError,
        NotImplementedError,
        zipfile.LargeZipFile,
    ) as error:
        raise InputError(
            f"is a damaged .docx ({error}): open it in a word processor and save it again", name
        ) from error


def _docx_parts(archive: zipfile.ZipFile, name: str) -> list[str]:
    infos = {info.filename: info for info in archive.infolist()}
    if any(info.flag_bits & 1 for info in infos.values()) or "EncryptedPackage" in infos:
        raise InputError("is password-protected: save it without a password", name)
    if "word/document.xml" not in infos or len(infos) > MAX_MEMBERS:
        raise InputError("is an archive, not a .docx: give plain text, Markdown, HTML or .docx", name)
    texts = []
    for part in _DOCX_PARTS:
        if part in infos:
            texts.append(_paragraphs(_bounded(archive, infos[part], name)))
    return texts


def _bounded(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """One member, read no further than the limit: what an archive declares is not believed."""
    data = b""
    if info.file_size <= MAX_MEMBER:
        with archive.open(info) as member:
            data = member.read(MAX_MEMBER + 1)
    if info.file_size > MAX_MEMBER or len(data) > MAX_MEMBER:
        raise InputError(
            f"unpacks to more than {MAX_MEMBER // 1_000_000} MB, far more than a text would (a damaged or hostile "
            f".docx): "
            "copy its text into a new file",
            name,
        )
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        raise InputError("is a .docx with entity definitions, which no word processor writes: save it again", name)
    return data


def _paragraphs(data: bytes) -> str:
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = lxml.etree.fromstring(data, parser=parser)
    lines = []
    for paragraph in root.iter(f"{_WORD}p"):
        runs = []
        for node in paragraph.iter(f"{_WORD}t", f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr"):
            if node.tag != f"{_WORD}t":
                runs.append(" " if node.tag == f"{_WORD}tab" else "\n")
            elif node.xpath("../w:rPr/w:vertAlign[@w:val='superscript']", namespaces={"w": _WORD[1:-1]}):
                runs.append(_raised(node.text or "", "".join(runs[-2:])))
            else:
                runs.append(node.text or "")
        lines.append("".join(runs))
    return "\n\n".join(lines)
