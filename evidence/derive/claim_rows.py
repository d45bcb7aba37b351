"""The ledger as rows: health articles, claims, cited sources and what became of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evidence.cited_sources import CitedSource, SourceNumber
from evidence.derive.rows import Row
from evidence.ledger.ledger import Article, Claim, Ledger
from evidence.ledger.reading import Reading


def article_row(article: Article) -> dict[str, Any]:
    # Not the author: a reading is of what a page says, not of who wrote it.
    names = ("id", "title", "publisher", "url", "published", "updated", "note")
    return {name: getattr(article, name) or None for name in names}


def source_rows(source: CitedSource, state: Mapping[str, Any]) -> Iterator[Row]:
    """Rows of one cited source. ``state`` has ``report``, ``state``, ``reason``, ``checked_at`` and ``pmid``."""
    yield (
        "sources",
        {
            "id": source.id,
            "cited_as": source.cited_as,
            "report": state.get("report"),
            "state": state["state"],
            "reason": state.get("reason"),
            "checked_at": state.get("checked_at"),
            "pmid": state.get("pmid"),
            "doi": source.doi,
            "design": source.design or None,
            "sample_size": source.n,
            "noted_on": source.noted_on or None,
            "note": source.note or None,
        },
    )
    for position, fact in enumerate(source.facts):
        yield "source_facts", {"source": source.id, "position": position, "text": fact}
    for position, number in enumerate(source.numbers):
        yield (
            "source_numbers",
            {
                "source": source.id,
                "position": position,
                **_bounds(number),
                "role": number.role,
                "what": number.what or None,
            },
        )


def _bounds(number: SourceNumber) -> dict[str, Any]:
    return {"value": number.value, "low": number.low, "high": number.high, "unit": number.unit or None}


def claim_rows(claim: Claim, reopened: tuple[str, str] | None) -> Iterator[Row]:
    """Rows of one claim. ``reopened`` is the day its reading was opened again and why, or ``None``."""
    yield (
        "claims",
        {
            "id": claim.id,
            "article": claim.article,
            "paraphrase": claim.paraphrase,
            "kind": claim.kind,
            **_reading(claim.reading),
            "cited": claim.cited or None,
            "support_needed": claim.support_needed or None,
            "flags": json.dumps(claim.flags, ensure_ascii=False) if claim.flags else None,
            "reopened_on": reopened[0] if reopened else None,
            "reopened_because": reopened[1] if reopened else None,
        },
    )
    for source, role in claim.source_roles().items():
        yield "claim_sources", {"claim": claim.id, "source": source, "role": role}
    for table, column, tags in (
        ("claim_modalities", "modality", claim.modalities),
        ("claim_outcomes", "outcome", claim.outcomes),
        ("claim_conditions", "condition", claim.conditions),
        ("claim_concepts", "concept", claim.concepts),
    ):
        for tag in dict.fromkeys(tags):
            yield table, {"claim": claim.id, column: tag}
    for position, number in enumerate(claim.numbers):
        yield "claim_numbers", {"claim": claim.id, "position": position, **_bounds(number), "what": number.what or None}


# The columns that a reading fills.
_READING = ("fidelity", "direction", "basis", "status", "reason", "drafted_on", "reviewed_on", "reviewed_by")


def _reading(reading: Reading | None) -> dict[str, Any]:
    """The columns of a reading: all null where there is none."""
    if reading is None:
        return dict.fromkeys(_READING)
    confirmed = reading.status == "confirmed"
    return {
        "fidelity": reading.fidelity,
        "direction": reading.direction or None,
        "basis": reading.basis or None,
        "status": reading.status,
        "reason": reading.reason,
        "drafted_on": None if confirmed else reading.dated or None,
        "reviewed_on": reading.dated if confirmed else None,
        "reviewed_by": "; ".join(reading.reviewed_by) or None,
    }


def ledger_rows(
    ledger: Ledger, states: Mapping[str, Mapping[str, Any]], reopened: Mapping[str, tuple[str, str]]
) -> Iterator[Row]:
    """Every row of the ledger, parents first."""
    for article in ledger.articles:
        yield "articles", article_row(article)
    for source in ledger.sources:
        yield from source_rows(source, states[source.id])
    for claim in ledger.claims:
        yield from claim_rows(claim, reopened.get(claim.id))


def source_states(
    sources: Iterable[CitedSource], received: Mapping[str, Mapping[str, Any]], report_of: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """What is known of every cited source: resolved by a refresh, held but not confirmed, or not.

    ``received`` has what refreshes found out, by source id. An identifier that only a person wrote down links a
    source to a report of the library, and the state says that PubMed has not confirmed it.
    """
    return {source.id: _state(source, received.get(source.id), report_of) for source in sources}


def _state(source: CitedSource, received: Mapping[str, Any] | None, report_of: Mapping[str, str]) -> dict[str, Any]:
    if received is not None:
        state = {key: received.get(key) for key in ("state", "reason", "checked_at", "pmid")}
        state["report"] = report_of.get(received["pmid"]) if received.get("pmid") else None
        return state
    if source.kind != "article":
        return {"state": "not in PubMed", "reason": f"a {source.kind} document; PubMed does not hold it"}
    held = report_of.get(source.pmid or "") or report_of.get(source.doi or "")
    if held:
        return {
            "state": "unconfirmed",
            "report": held,
            "reason": "held under the identifier in queries/sources.yml; no refresh has confirmed it yet",
        }
    return {"state": "unresolved", "reason": "no refresh has asked PubMed for it yet"}
