"""esearch, efetch, epost, esummary and ecitmatch over the corpus, with PubMed's caps and silent cuts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from eutils_server.corpus import Article, Corpus
from eutils_server.query import matches

MOST_IDS = 9_999
MOST_POSTED = 10_000
PROLOG = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)
BACKEND_FAILED = "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998."
UNSUPPORTED = "Database is not supported: pubmed"


@dataclass
class Reply:
    body: bytes
    content_type: str = "text/xml; charset=UTF-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def _json(data: object) -> Reply:
    return Reply(json.dumps(data).encode(), "application/json; charset=UTF-8")


def answer(program: str, params: dict[str, str], corpus: Corpus, history: dict[str, list[str]], fault: str) -> Reply:
    """What a program answers; ``fault`` is one of those that only it can show."""
    as_json = params.get("retmode") == "json"
    if fault in ("error", "unsupported", "raw_break"):
        return _error(as_json, fault)
    programs = {
        "esearch": _esearch, "efetch": _efetch, "epost": _epost, "esummary": _esummary, "ecitmatch": _ecitmatch,
    }  # fmt: skip
    if program not in programs:
        return Reply(b"<html><body>Not found</body></html>", "text/html", 404)
    reply = programs[program](params, corpus, history, fault)
    if fault == "cut_xml":
        reply.body = reply.body[: len(reply.body) * 2 // 3]
    return reply


def _error(as_json: bool, fault: str) -> Reply:
    text = {"error": "Unable to obtain query #1", "unsupported": UNSUPPORTED, "raw_break": BACKEND_FAILED}[fault]
    if fault == "raw_break":  # PubMed does not escape it: this is not valid JSON
        return Reply(b'{"header":{},"esearchresult":{"ERROR":"' + text.encode() + b'"}}', "application/json")
    if as_json:
        return _json({"esearchresult": {"ERROR": text}})
    return Reply(f"<?xml version='1.0'?><eFetchResult><ERROR>{text}</ERROR></eFetchResult>".encode())


def _esearch(params: dict[str, str], corpus: Corpus, history: dict[str, list[str]], fault: str) -> Reply:
    found = matches(params.get("term", ""), corpus.articles)
    start, most = int(params.get("retstart", 0)), int(params.get("retmax", 20))
    if start > MOST_IDS - 1:
        return _error(params.get("retmode") == "json", "raw_break")
    warnings = ["retmax was cut to 9999"] if most > MOST_IDS else []
    shown = found[:MOST_IDS][start : start + min(most, MOST_IDS)]
    if fault == "short_ids":
        shown = shown[:-1]
    history["1"] = found
    result = {
        "count": str(len(found)), "retmax": str(len(shown)), "retstart": str(start), "idlist": shown,
        "querytranslation": params.get("term", ""),
        "errorlist": {"phrasesnotfound": [] if found else ["nothing of this"], "fieldsnotfound": []},
        "warninglist": {"phrasesignored": [], "quotedphrasesnotfound": [], "outputmessages": warnings},
    }  # fmt: skip
    if params.get("retmode") == "json":
        return _json({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result})
    ids = "".join(f"<Id>{pmid}</Id>" for pmid in shown)
    missing = "" if found else "<ErrorList><PhraseNotFound>nothing of this</PhraseNotFound></ErrorList>"
    return Reply(
        f"<eSearchResult><Count>{len(found)}</Count><RetMax>{len(shown)}</RetMax><IdList>{ids}</IdList>"
        f"<QueryTranslation>x</QueryTranslation>{missing}</eSearchResult>".encode()
    )


def without(article: Article, corpus: Corpus, fault: str) -> tuple[str, ...]:
    """What this answer lacks of an article. On a poor day it is 30% of the articles that lack something."""
    poor = ("abstract", "mesh", "author", "more_authors") if fault == "poor" and int(article.pmid) % 10 < 3 else ()
    return (*corpus.withheld.get(article.pmid, ()), *poor)


def _efetch(params: dict[str, str], corpus: Corpus, history: dict[str, list[str]], fault: str) -> Reply:
    if "WebEnv" in params:
        if fault == "webenv" or not history:
            return Reply(b"<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>", status=400)
        start = int(params.get("retstart", 0))
        if start >= MOST_IDS:
            return Reply(b"<eFetchResult><ERROR>retstart too large</ERROR></eFetchResult>", status=400)
        asked = history["1"][:MOST_IDS][start : start + int(params.get("retmax", 20))]
    else:
        asked = [pmid for pmid in params.get("id", "").split(",") if pmid]
    there = [corpus.articles[pmid] for pmid in asked if pmid in corpus.articles]
    if fault == "short":
        there = there[:-1]
    if fault == "empty_set":
        there = []
    body = (
        PROLOG
        + "<PubmedArticleSet>"
        + "".join(article.xml(without(article, corpus, fault)) for article in there)
        + "</PubmedArticleSet>"
    )
    return Reply(body.encode())


def _epost(params: dict[str, str], corpus: Corpus, history: dict[str, list[str]], fault: str) -> Reply:
    ids = [pmid for pmid in params.get("id", "").split(",") if pmid]
    if len(ids) > MOST_POSTED:
        return Reply(b"<ePostResult><ERROR>too many ids</ERROR></ePostResult>", status=400)
    history["1"] = ids
    return Reply(b"<ePostResult><QueryKey>1</QueryKey><WebEnv>MCID_invented</WebEnv></ePostResult>")


def _esummary(params: dict[str, str], corpus: Corpus, history: dict[str, list[str]], fault: str) -> Reply:
    ids = [pmid for pmid in params.get("id", "").split(",") if pmid]
    if params.get("retmode") == "json":
        result: dict[str, object] = {"uids": ids}
        for pmid in ids:
            there = corpus.articles.get(pmid)
            said = {"title": there.title} if there else {"error": "cannot get document summary"}
            result[pmid] = {"uid": pmid, **said}
        return _json({"header": {"type": "esummary"}, "result": result})
    parts = [
        f"<DocSum><Id>{pmid}</Id></DocSum>" if pmid in corpus.articles
        else f"<ERROR>UID={pmid}: cannot get document summary</ERROR>"
        for pmid in ids
    ]  # fmt: skip
    return Reply(f"<eSummaryResult>{''.join(parts)}</eSummaryResult>".encode())


def _ecitmatch(params: dict[str, str], corpus: Corpus, history: dict[str, list[str]], fault: str) -> Reply:
    lines = []
    for line in params.get("bdata", "").replace("\n", "\r").split("\r"):
        if line.strip():
            parts = line.split("|")
            lines.append("|".join(parts[:6]) + "|" + _cited(corpus, *parts[:5]))
    return Reply(("\n".join(lines) + "\n").encode(), "text/plain")


def _cited(corpus: Corpus, journal: str, year: str, volume: str, page: str, author: str) -> str:
    """As ECitMatch: what is given must match; several that do are AMBIGUOUS."""
    found = [
        article.pmid
        for article in corpus.articles.values()
        if article.journal.casefold() == journal.casefold()
        and (not year or str(article.year) == year)
        and (not volume or article.volume == volume)
        and (not page or article.pages.partition("-")[0] == page)
        and (not author or article.author.casefold() == author.casefold().split()[0])
    ]
    if len(found) == 1:
        return found[0]
    return (
        f"AMBIGUOUS {len(found)} citations" if found else "NOT_FOUND;INVALID_JOURNAL" if journal == "?" else "NOT_FOUND"
    )
