"""What E-utilities answer, read: search results, summaries, matched citations, as JSON or as XML.

JSON is asked for; a server that sends XML all the same is understood.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml import etree

from evidence import limits
from evidence.http.answer import Fault, is_json_object, read_json, said, shorten
from evidence.pubmed.checks import xml_error

# PubMed's numbers have nine digits at most; its translation of a query, 100,000 characters; warnings, a few.
_COUNT = re.compile(r"\s*(\d{1,9})\s*", re.ASCII)
_PMID = re.compile(r"\d{1,9}", re.ASCII)
MOST_TRANSLATED, MOST_WARNINGS = 200_000, 50
_LINE, SPARE_LINES = 4_000, 100

# What PubMed says about a query, and how a person is told.
_COMPLAINTS = {
    "phrasesnotfound": "phrase not found: {}",
    "fieldsnotfound": "field not found: {}",
    "quotedphrasesnotfound": "quoted phrase not found: {}",
    "phrasesignored": "phrase ignored: {}",
    "outputmessages": "{}",
    "PhraseNotFound": "phrase not found: {}",
    "FieldNotFound": "field not found: {}",
    "QuotedPhraseNotFound": "quoted phrase not found: {}",
    "PhraseIgnored": "phrase ignored: {}",
    "OutputMessage": "{}",
}


@dataclass(frozen=True, slots=True)
class SearchResult:
    """``ids`` as PubMed gave them, ``count`` of all that match, its ``translation`` of the query, its ``warnings``."""

    count: int
    ids: tuple[str, ...] = ()
    translation: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """What ECitMatch matches on; ``key`` comes back with the answer."""

    key: str
    journal: str = ""
    year: str = ""
    volume: str = ""
    first_page: str = ""
    author: str = ""

    def line(self) -> str:
        """``journal|year|volume|first page|author|key|``, bars taken out of the values."""
        values = (self.journal, self.year, self.volume, self.first_page, self.author, self.key)
        return "|".join(" ".join(value.replace("|", " ").split()) for value in values) + "|"


def read_search(body: bytes, scrub: Callable[[str], str]) -> SearchResult:
    """An esearch answer. Raises :class:`Fault` when it is an error, or not a search result."""
    if is_json_object(body):
        return _search_json(body, scrub)
    root = _xml_root(body, "eSearchResult", scrub)
    complaints = [
        (element.tag, element.text or "")
        for part in ("ErrorList", "WarningList")
        for element in root.findall(f"{part}/*")
    ]
    ids = [element.text or "" for element in root.findall("IdList/Id")]
    return _search_result(root.findtext("Count"), ids, root.findtext("QueryTranslation") or "", complaints, scrub)


def _search_json(body: bytes, scrub: Callable[[str], str]) -> SearchResult:
    result = read_json(body).get("esearchresult")
    if not isinstance(result, dict):
        raise Fault("JSON without an esearchresult")
    if error := result.get("ERROR") or result.get("error"):
        raise Fault(said(str(error), scrub))
    complaints = [
        (kind, str(phrase))
        for part in ("errorlist", "warninglist")
        for kind, phrases in _dict(result.get(part)).items()
        for phrase in (phrases if isinstance(phrases, list) else [phrases])
    ]
    listed = result.get("idlist")
    ids = [str(pmid) for pmid in listed] if isinstance(listed, list) else []
    return _search_result(result.get("count"), ids, str(result.get("querytranslation") or ""), complaints, scrub)


def _search_result(
    count: Any, ids: list[str], translation: str, complaints: Iterable[tuple[str, str]], scrub: Callable[[str], str]
) -> SearchResult:
    if isinstance(count, bool) or not (counted := _COUNT.fullmatch(str(count))):
        raise Fault("a search result without a count")
    if not all(_PMID.fullmatch(pmid) for pmid in ids):
        raise Fault("a search result with something that is no id")
    translation = shorten(scrub(translation[:MOST_TRANSLATED]), MOST_TRANSLATED)
    warnings = tuple(_warnings(complaints, scrub))
    return SearchResult(int(counted.group(1)), tuple(dict.fromkeys(ids)), translation, warnings)


def _warnings(complaints: Iterable[tuple[str, str]], scrub: Callable[[str], str]) -> Iterator[str]:
    told = ((kind, text) for kind, text in complaints if text)
    for kind, text in islice(told, MOST_WARNINGS):
        form = _COMPLAINTS.get(kind)
        yield form.format(said(text, scrub)) if form else f"{said(kind, scrub, 40)}: {said(text, scrub)}"


def read_summaries(body: bytes, pmids: Sequence[str], scrub: Callable[[str], str]) -> dict[str, bool]:
    """For each PMID, whether an esummary answer has a summary of it. Raises :class:`Fault`.

    PubMed says of a deleted PMID that it "cannot get document summary"; a PMID that it passes over in an
    otherwise sound answer is not there either.
    """
    if is_json_object(body):
        data = read_json(body)
        if "esummaryresult" in data:  # ["Invalid uid 99999999 at position=0"]: none of them
            return _none_of_them(pmids, said(str(data["esummaryresult"]), scrub))
        result = data.get("result")
        if not isinstance(result, dict) or not isinstance(result.get("uids"), list):
            raise Fault("JSON without summaries")
        return {pmid: isinstance(result.get(pmid), dict) and "error" not in result[pmid] for pmid in pmids}
    if b"<eSummaryResult" not in body or b"</eSummaryResult>" not in body:
        raise Fault(xml_error(body, scrub) or "not an eSummaryResult, or cut off")
    root = _parse_xml(body, scrub)
    there = {element.findtext("Id") or "" for element in root.iter("DocSum")}
    there |= {element.get("uid") or "" for element in root.iter("DocumentSummary") if element.find("error") is None}
    if not there and (error := xml_error(body, scrub)):
        return _none_of_them(pmids, error)
    return {pmid: pmid in there for pmid in pmids}


def _none_of_them(pmids: Sequence[str], error: str) -> dict[str, bool]:
    if "uid" in error.lower() or "cannot get document summary" in error.lower():
        return dict.fromkeys(pmids, False)
    raise Fault(f"error: {error}")


def read_matches(body: bytes, asked: Sequence[Citation], scrub: Callable[[str], str]) -> dict[str, str]:
    """By key, a PMID or ECitMatch's word for why not. Raises :class:`Fault` when lines are missing."""
    if error := xml_error(body, scrub):
        raise Fault(error)
    keys = [citation.key for citation in asked]
    wanted, found = frozenset(keys), dict[str, str]()
    for number, line in enumerate(io.BytesIO(body)):
        if number > 2 * len(keys) + SPARE_LINES:
            raise Fault("ECitMatch answered far more lines than were asked")
        parts = [part.strip() for part in line[:_LINE].decode("utf-8", "replace").split("|")]
        if len(parts) >= 7 and parts[5] in wanted:
            found[parts[5]] = said("|".join(parts[6:]).strip(" |"), scrub) or "NOT_FOUND"
    if any(key not in found for key in keys):
        raise Fault(f"ECitMatch answered {sum(key in found for key in keys)} of {len(keys)} citations")
    return {key: found[key] for key in keys}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _xml_root(body: bytes, name: str, scrub: Callable[[str], str]) -> Any:
    root = _parse_xml(body, scrub)
    if error := xml_error(body, scrub):
        raise Fault(error)
    if root.tag != name:
        raise Fault(f"<{said(str(root.tag), scrub, 40)}> instead of <{name}>")
    return root


def _parse_xml(body: bytes, scrub: Callable[[str], str]) -> Any:
    if b"<!ENTITY" in body:
        raise Fault("XML that declares entities, which PubMed's never does")
    if body.count(b"<") + body.count(b"=") > limits.XML_MARKS:
        raise Fault("XML of more elements than any answer has")
    # Whatever encoding it declares: in another, a declaration of entities would not be seen above.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8")
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Fault(xml_error(body, scrub) or "XML that is cut off or malformed") from error
