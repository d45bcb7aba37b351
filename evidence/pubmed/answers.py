"""What E-utilities answer, read: search results, summaries, matched citations, as JSON or as XML.

JSON is asked for; a server that sends XML all the same is understood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from evidence.pubmed.checks import Fault, read_json, shorten, xml_error

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
    if body.lstrip()[:1] == b"{":
        return _search_json(body, scrub)
    root = _xml_root(body, "eSearchResult", scrub)
    complaints = [
        (element.tag, element.text or "")
        for part in ("ErrorList", "WarningList")
        for element in root.findall(f"{part}/*")
    ]
    return _search_result(
        root.findtext("Count"),
        [element.text or "" for element in root.findall("IdList/Id")],
        scrub(root.findtext("QueryTranslation") or ""),
        [scrub(text) for text in _warnings(complaints)],
    )


def _search_json(body: bytes, scrub: Callable[[str], str]) -> SearchResult:
    result = read_json(body).get("esearchresult")
    if not isinstance(result, dict):
        raise Fault("JSON without an esearchresult")
    if error := result.get("ERROR") or result.get("error"):
        raise Fault(scrub(shorten(str(error))))
    complaints = [
        (kind, str(phrase))
        for part in ("errorlist", "warninglist")
        for kind, phrases in _dict(result.get(part)).items()
        for phrase in (phrases if isinstance(phrases, list) else [phrases])
    ]
    ids = result.get("idlist")
    return _search_result(
        result.get("count"),
        [str(pmid) for pmid in ids] if isinstance(ids, list) else [],
        scrub(str(result.get("querytranslation") or "")),
        [scrub(text) for text in _warnings(complaints)],
    )


def _search_result(count: Any, ids: list[str], translation: str, warnings: list[str]) -> SearchResult:
    if count is None or not str(count).strip().isdecimal():
        raise Fault("a search result without a count")
    if not all(pmid.isdecimal() for pmid in ids):
        raise Fault("a search result with something that is no id")
    return SearchResult(int(count), tuple(dict.fromkeys(ids)), translation, tuple(warnings))


def _warnings(complaints: Iterable[tuple[str, str]]) -> list[str]:
    return [_COMPLAINTS.get(kind, kind + ": {}").format(shorten(text)) for kind, text in complaints if text]


def read_summaries(body: bytes, pmids: Sequence[str]) -> dict[str, bool]:
    """For each PMID, whether an esummary answer has a summary of it. Raises :class:`Fault`.

    PubMed says of a deleted PMID that it "cannot get document summary"; a PMID that it passes over in an
    otherwise sound answer is not there either.
    """
    if body.lstrip()[:1] == b"{":
        data = read_json(body)
        if "esummaryresult" in data:  # ["Invalid uid 99999999 at position=0"]: none of them
            return _none_of_them(pmids, str(data["esummaryresult"]))
        result = data.get("result")
        if not isinstance(result, dict) or not isinstance(result.get("uids"), list):
            raise Fault("JSON without summaries")
        return {pmid: isinstance(result.get(pmid), dict) and "error" not in result[pmid] for pmid in pmids}
    text = body.decode("utf-8", "replace")
    if "<eSummaryResult" not in text or "</eSummaryResult>" not in text:
        raise Fault(xml_error(text) or "not an eSummaryResult, or cut off")
    root = _parse_xml(body)
    there = {element.findtext("Id") or "" for element in root.iter("DocSum")}
    there |= {element.get("uid") or "" for element in root.iter("DocumentSummary") if element.find("error") is None}
    if not there and (said := xml_error(text)):
        return _none_of_them(pmids, said)
    return {pmid: pmid in there for pmid in pmids}


def _none_of_them(pmids: Sequence[str], said: str) -> dict[str, bool]:
    if "uid" in said.lower() or "cannot get document summary" in said.lower():
        return dict.fromkeys(pmids, False)
    raise Fault(f"error: {shorten(said)}")


def read_matches(text: str, asked: Sequence[Citation]) -> dict[str, str]:
    """By key, a PMID or ECitMatch's word for why not. Raises :class:`Fault` when lines are missing."""
    if error := xml_error(text):
        raise Fault(error)
    found: dict[str, str] = {}
    for line in text.splitlines():
        parts = [part.strip() for part in line.split("|")]
        if len(parts) >= 7:
            found[parts[5]] = "|".join(parts[6:]).strip(" |") or "NOT_FOUND"
    keys = [citation.key for citation in asked]
    if any(key not in found for key in keys):
        raise Fault(f"ECitMatch answered {sum(key in found for key in keys)} of {len(keys)} citations")
    return {key: found[key] for key in keys}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _xml_root(body: bytes, name: str, scrub: Callable[[str], str]) -> Any:
    root = _parse_xml(body)
    error = xml_error(body.decode("utf-8", "replace"))
    if error:
        raise Fault(scrub(error))
    if root.tag != name:
        raise Fault(f"<{shorten(str(root.tag), 40)}> instead of <{name}>")
    return root


def _parse_xml(body: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        said = xml_error(body.decode("utf-8", "replace"))
        raise Fault(said or "XML that is cut off or malformed") from error
