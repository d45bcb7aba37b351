"""The text layer of a PDF, read by pypdf (extra ``pdf``); a scan has none and is refused."""

from __future__ import annotations

import logging
import re
from io import BytesIO

from evidence import limits
from evidence.errors import InputError

PAGES = 200  # of a draft
_HYPHENATED = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_SCAN = 20  # letters a page: less is a picture with a page number
_LETTER = re.compile(r"[^\W\d_]")


def pdf_text(content: bytes, name: str) -> str:
    """The text of a PDF, a page after the other. Raises :class:`InputError` with ``name`` when it cannot be read."""
    try:
        import pypdf
    except ImportError:
        raise InputError(
            "is a PDF, which needs the pdf extra: install the program with [pdf], copy the text into a file, or "
            "export it as .docx or .html",
            name,
        ) from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it mends is no news
    try:
        reader = pypdf.PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise InputError("is a PDF with a password: save it without one", name)
        if len(reader.pages) > PAGES:
            raise InputError(f"is a PDF of more than {PAGES} pages: check it in parts", name)
        pages: list[str] = []
        for page in reader.pages:
            pages.append(page.extract_text() or "")
            if sum(map(len, pages)) > limits.DRAFT_TEXT:
                break
    except InputError:
        raise
    except Exception as error:  # a hostile PDF breaks pypdf in many ways, none of them ours
        raise InputError(
            f"is a PDF that cannot be read ({type(error).__name__}): copy its text into a file, or export it as .docx "
            "or .html",
            name,
        ) from error
    if sum(len(_LETTER.findall(page)) for page in pages) < _SCAN * max(1, len(pages)):
        raise InputError(
            "is a PDF without a text layer (a scan): recognise its text (OCR) first, or copy it into a file", name
        )
    return _HYPHENATED.sub("", "\n".join(pages))
