"""Crossref, Europe PMC, OpenAlex and ClinicalTrials.gov on loopback, for tests: their manners, what goes wrong.

with SourcesServer(crossref=works, europepmc=results) as server:
    server.fail("version_only", program="europepmc", nth={1})
    ... EVIDENCE_CROSSREF_URL=server.url("crossref") ...
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from eutils_server.faults import Faults, Rule
from eutils_server.hostile import FORMS

KINDS = (
    "rate_limit",  # 429, text, nothing about how long
    "rate_limit_wait",  # 429 with Retry-After
    "http_503",  # an HTML page
    "html",  # an HTML page with status 200
    "not_found_html",  # a 404 that is not the service's own
    "empty_body",
    "no_envelope",  # JSON of another shape: Europe PMC's {"version": "6.9"}
    "miscount",  # more counted than listed
    "missing",  # one of the works that were asked for is passed over
    "cut",  # the connection ends before the body does
    "refused",  # 400 with a reason
)
# Faults of a registry's searches, which go over several pages.
SEARCH_KINDS = ("same_token", "moved_total", "no_total", "expired_token")
DOI_ENDS = re.compile(r",(?=doi:)")


@dataclass(frozen=True)
class Arrival:
    """One request: when it came (monotonic), which service it was for, and how it was asked."""

    at: float
    service: str
    path: str
    query: dict[str, str]
    agent: str
    fault: str


class SourcesServer:
    """``crossref``: works by DOI; ``europepmc``: results by ``MED:ID``. Both may be changed while it runs."""

    def __init__(
        self,
        crossref: Mapping[str, Any] | None = None,
        europepmc: Mapping[str, Any] | None = None,
        openalex: Mapping[str, Any] | None = None,
        clinicaltrials: Mapping[str, Any] | None = None,
        icite: Mapping[str, Any] | None = None,
    ):
        # What openFDA has, by file: "recall.json" and the like.
        self.openfda: dict[str, list[dict[str, Any]]] = {}
        self.icite = {str(pmid): dict(paper) for pmid, paper in (icite or {}).items()}
        # Studies by number; what a search for these words finds, ``page`` numbers a page.
        self.trials = dict(clinicaltrials or {})
        self.searches: dict[str, list[str]] = {}
        self.page = 1000
        self.openalex = {work["doi"].removeprefix("https://doi.org/"): dict(work) for work in (openalex or {}).values()}
        self.crossref = {work["DOI"].lower(): dict(work) for work in (crossref or {}).values()}
        self.europepmc = {key: dict(result) for key, result in (europepmc or {}).items()}
        self.limits = {"x-rate-limit-limit": "5", "x-rate-limit-interval": "1s"}
        self.faults, self.arrivals, self.closing = Faults((*KINDS, *SEARCH_KINDS)), list[Arrival](), threading.Event()
        handler = type("Handler", (_Handler,), {"of": self})
        self._http = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/{service}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def fail(self, kind: str, program: str = "", nth: Any = (), probability: float = 0.0, holding: str = "") -> None:
        """As ``EutilsServer.fail``; ``program`` is the service, ``holding`` words of its path or query."""
        self.faults.add(Rule(kind, program, nth, probability if probability or nth else 1.0, holding))

    def asked(self, service: str) -> list[Arrival]:
        return [arrival for arrival in self.arrivals if arrival.service == service]

    def most_in_a_second(self, service: str) -> int:
        times = sorted(arrival.at for arrival in self.asked(service))
        return max((sum(start <= t < start + 1 for t in times) for start in times), default=0)


TRIAL_PARAMETERS = frozenset(
    ("filter.ids", "query.term", "fields", "format", "countTotal", "pageSize", "pageToken", "markupFormat")
)


def _numbers(study: Mapping[str, Any]) -> list[str]:
    named = study["protocolSection"]["identificationModule"]
    return [named["nctId"], *named.get("nctIdAliases", ())]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    of: SourcesServer

    def do_GET(self) -> None:
        arrived = time.monotonic()
        parts = urlsplit(self.path)
        service, _, path = parts.path.lstrip("/").partition("/")
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        fault = self.of.faults.next(service, unquote(self.path))
        self.of.arrivals.append(Arrival(arrived, service, path, query, self.headers.get("User-Agent", ""), fault))
        if fault in FORMS:
            self._attack(fault, query)
        elif fault and (act := getattr(self, f"_fault_{fault}", None)):
            act()
        elif service == "crossref":
            self._crossref(path, query, fault)
        elif service == "openfda":
            self._openfda(path, query, fault)
        elif service == "icite":
            self._icite(query, fault)
        elif service == "openalex":
            self._openalex(path, query, fault)
        elif service == "clinicaltrials":
            self._clinicaltrials(path, query, fault)
        else:
            self._europepmc(query, fault)

    def _crossref(self, path: str, query: dict[str, str], fault: str) -> None:
        if not path.startswith("works"):
            return self._send(b"Resource not found.", "text/plain", 404)
        if doi := unquote(path.removeprefix("works").lstrip("/")):
            work = self.of.crossref.get(doi.lower())
            if work is None or fault == "missing":
                return self._send(b"Resource not found.", "text/plain", 404)
            return self._json({"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": work})
        # A comma ends a filter: what follows one that is no filter of its own is passed over in silence.
        asked = [part.removeprefix("doi:").split(",")[0].lower() for part in DOI_ENDS.split(query.get("filter", ""))]
        keys = query.get("select", "").split(",")
        found = [self.of.crossref[doi] for doi in asked if doi in self.of.crossref]
        found = found[1:] if fault == "missing" else found
        items = [{key: work[key] for key in keys if key in work} for work in found][: int(query.get("rows", 20))]
        message = {"facets": {}, "total-results": len(items) + (fault == "miscount"), "items": items}
        self._json({"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message})

    def _openfda(self, path: str, query: dict[str, str], fault: str) -> None:
        key = "event_id" if path.startswith("enforcement") else "product_code"
        asked = re.findall(rf'{key}:"([^"]+)"', query.get("search", ""))
        found = [one for one in self.of.openfda.get(path, ()) if str(one.get(key)) in asked]
        found = [{key: "XXX"}] if fault == "miscount" else [] if fault == "missing" else found
        if not found:
            body = b'{"error": {"code": "NOT_FOUND", "message": "No matches found!"}}'
            return self._send(body, "application/json", 404)
        limit = int(query.get("limit", 1))
        meta = {"results": {"skip": 0, "limit": limit, "total": len(found)}}
        self._json({"meta": meta, "results": found[:limit]})

    def _icite(self, query: dict[str, str], fault: str) -> None:
        asked = query.get("pmids", "").split(",")
        found = [{"pmid": int(pmid), **self.of.icite[pmid]} for pmid in reversed(asked) if pmid in self.of.icite]
        found = [{"pmid": 1}] if fault == "miscount" else found
        self._json({"meta": {"pmids": ",".join(asked)}, "data": found[1:] if fault == "missing" else found})

    def _openalex(self, path: str, query: dict[str, str], fault: str) -> None:
        if doi := unquote(path.removeprefix("works").lstrip("/")).removeprefix("doi:"):
            work = self.of.openalex.get(doi.lower())
            if work is None or fault == "missing":
                return self._send(b"<!doctype html><title>404 Not Found</title>", "text/html", 404)
            return self._json(work)
        asked = query.get("filter", "").removeprefix("doi:").split("|")
        found = [self.of.openalex[doi] for doi in asked if doi in self.of.openalex]
        found = found[1:] if fault == "missing" else found
        self._json({"meta": {"count": len(found) + (fault == "miscount")}, "results": found, "group_by": []})

    def _clinicaltrials(self, path: str, query: dict[str, str], fault: str) -> None:
        if path == "version":
            return self._json({"apiVersion": "2.0.5", "dataTimestamp": "2026-08-14T09:00:05"})
        if path != "studies":
            return self._send(b"<!doctype html><html><title>ClinicalTrials.gov</title></html>", "text/html", 404)
        if unknown := [name for name in query if name not in TRIAL_PARAMETERS]:
            return self._send(f"`{unknown[0]}` is unknown parameter".encode(), "text/plain", 400)
        if "filter.ids" in query:
            asked = query["filter.ids"].split(",")
            for place, number in enumerate(asked, 1):
                if not re.fullmatch(r"NCT0*[1-9]\d{0,7}", number, re.I):
                    reason = f"Item {place} in parameter `filter.ids` has incorrect format"
                    return self._send(reason.encode(), "text/plain", 400)
            found = [study for study in self.of.trials.values() if set(_numbers(study)) & set(asked)]
            found = found[1:] if fault == "missing" else found
            more = {"nextPageToken": "ZVt0"} if fault == "miscount" else {}
            return self._json({"studies": found[: int(query.get("pageSize", 10))], **more})
        self._search(query, fault)

    def _search(self, query: dict[str, str], fault: str) -> None:
        """A token is a place: with another query it answers that one, from the old place."""
        numbers = self.of.searches.get(query.get("query.term", ""), [])
        start = int(query.get("pageToken", "T0")[1:])
        size = min(int(query.get("pageSize", 10)), self.of.page)
        if fault == "expired_token" and start:
            return self._send(b"Parameter `pageToken` has incorrect value", "text/plain", 400)
        listed = [{"protocolSection": {"identificationModule": {"nctId": n}}} for n in numbers[start : start + size]]
        answer: dict[str, Any] = {"studies": listed}
        if not start and query.get("countTotal") == "true" and fault != "no_total":
            answer["totalCount"] = len(numbers) + (fault == "moved_total")
        if start + size < len(numbers):
            answer["nextPageToken"] = f"T{start if fault == 'same_token' and start else start + size}"
        self._json(answer)

    def _europepmc(self, query: dict[str, str], fault: str) -> None:
        asked = query.get("query", "")
        numbers = re.findall(r"EXT_ID:(\d+) AND SRC:MED", asked)
        dois = {doi.lower() for doi in re.findall(r'DOI:"([^"]+)"', asked)}
        found = [self.of.europepmc[f"MED:{n}"] for n in numbers if f"MED:{n}" in self.of.europepmc]
        found += [result for result in self.of.europepmc.values() if result.get("doi", "").lower() in dois]
        found = found[1:] if fault == "missing" else found
        answer = {"version": "6.9", "hitCount": len(found) + (fault == "miscount"), "resultList": {"result": found}}
        self._json(answer)

    def _json(self, data: Any) -> None:
        self._send(json.dumps(data).encode(), "application/json")

    def _send(self, body: bytes, kind: str, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **self.of.limits, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _attack(self, form: str, query: dict[str, str]) -> None:
        self.close_connection = True
        for piece in FORMS[form](query | {"email": self.headers.get("User-Agent", "")}):
            if self.of.closing.is_set():
                return
            if isinstance(piece, float):
                self.of.closing.wait(piece)
            else:
                self.connection.sendall(piece)

    def _fault_rate_limit(self) -> None:
        self._send(b"Rate limit exceeded", "text/plain", 429)

    def _fault_rate_limit_wait(self) -> None:
        self._send(b"<html>slow down</html>", "text/html", 429, Retry_After="1")

    def _fault_http_503(self) -> None:
        self._send(b"<html><body>Service Unavailable</body></html>", "text/html", 503)

    def _fault_html(self) -> None:
        self._send(b"<!DOCTYPE html><html><body>maintenance</body></html>", "text/html")

    def _fault_not_found_html(self) -> None:
        self._send(b"<html><body>404</body></html>", "text/html", 404)

    def _fault_empty_body(self) -> None:
        self._send(b"", "application/json")

    def _fault_no_envelope(self) -> None:
        self._json({"version": "6.9"})

    def _fault_refused(self) -> None:
        self._send(b'{"status":"failed","message-type":"validation-failure","message":[]}', "application/json", 400)

    def _fault_cut(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b'{"status":"ok","message-type":"work-list","message":{"items":[')
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""
