"""PubMed's own XML as a file: what efetch or "Save as XML" wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.exchange.pubmed import AnswerError, read_article_set
from evidence.record import Record

_MOST_MISSES = 100  # each is looked for to the end of the file
_BARE = "<PubmedArticleSet>{}</PubmedArticleSet>"
_FIRST_ELEMENT = re.compile(r"<!--(?:.*?-->|.*)|<([A-Za-z][\w:.-]*)", re.S)


def read(text: str, source: str) -> Iterator[tuple[int, Record | str]]:
    """Records with the line they begin at. ``pubmed`` stays the source of what a refresh fetched itself."""
    data = _utf8(text)
    articles = read_article_set(data)
    line, counted, position = 1, 0, 0
    try:
        for received in articles:
            position = data.index(received.xml, position)
            line += data.count(b"\n", counted, position)
            counted = position
            position += len(received.xml)
            received.record.source = source
            yield line, received.record
    except AnswerError as error:
        yield data.count(b"\n") + 1, str(error)
    line, counted, misses = 1, 0, 0
    for failure in articles.failures:  # in the order of the file
        found = misses < _MOST_MISSES and failure.pmid
        where = data.find(f">{failure.pmid}<".encode(), counted) if found else -1
        misses += where < 0
        line += data.count(b"\n", counted, max(where, counted))
        counted = max(where, counted)
        yield line, f"PMID {failure.pmid or 'unknown'}: {failure.reason}"


def _utf8(text: str) -> bytes:
    """The text as the parser wants it: UTF-8 whatever it declares, with a root around bare records."""
    if text.lstrip().startswith("<?xml"):
        text = text.lstrip().partition("?>")[2]
    root = next((found for found in _FIRST_ELEMENT.finditer(text) if found.group(1)), None)
    if root and root.group(1) in ("PubmedArticle", "PubmedBookArticle"):
        text = f"{text[: root.start()]}{_BARE.format(text[root.start() :])}"
    return text.encode()
