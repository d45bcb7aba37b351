"""Checkers for the tests of the workers: importable by a spawned process."""

from __future__ import annotations

import time
from typing import Any

from evidence.site import workers


def obedient() -> Any:
    def checker(text: str) -> dict[str, Any]:
        sentence = {
            "text": text,
            "start": 0,
            "kind": "prose",
            "references_carried_over": False,
            "related": [],
            "evidence": [],
            "reports_on_this": 0,
            "topic": "",
            "not_checked": [],
            "end": len(text),
            "claim": True,
            "modalities": ["scs"],
            "outcomes": ["pain_relief"],
            "conditions": [],
            "references": [0],
            "finding": "bears",
            "bears": [{"report": "101", "section": "RESULTS", "text": "An invented bearing sentence."}],
            "numbers": [
                {
                    "text": "11 patients",
                    "value": 11,
                    "unit": "patients",
                    "role": "n",
                    "finding": "differs",
                    "report": "101",
                    "source_text": "Forty people",
                    "source_number": "40",
                    "read_from": "abstract",
                    "beside": "reference",
                }
            ],
            "by_reference": [],
            "claims": [
                {
                    "id": "inv-01",
                    "paraphrase": "Burst helps most",
                    "fidelity": "overstated",
                    "direction": None,
                    "status": "draft",
                    "alike": True,
                    "numbers": [],
                    "bears": [],
                    "reviewed_by": None,
                }
            ],
            "warnings": [{"code": "number-differs", "message": "the source says 40"}],
        }
        reference = {
            "text": "Example 2020",
            "level": "certain",
            "report": "101",
            "pmid": "101",
            "fields": {"year": "match", "pages": "differs"},
            "notices": [{"kind": "retraction", "source": "pubmed", "checked_at": "2026-04-02"}],
            "design": "rct",
            "evidence_level": 2,
            "sample_size": 40,
            "number": None,
            "read_from": "abstract",
            "design_label": "Randomised trial",
            "searches": {},
            "warnings": [],
        }
        return {
            "text": text,
            "library": {"refreshed_at": "2026-04-02T11:00:00Z", "reports": 48},
            "references": [reference],
            "sentences": [sentence],
            "warnings": [{"code": "contradicts-itself", "message": "two numbers for one thing", "sentences": [0]}],
            "notes": [],
            "advice": "Not medical advice.",
        }

    return checker


def sleepy() -> Any:
    def checker(text: str) -> dict[str, Any]:
        time.sleep(60)
        return {}

    return checker


def failing() -> Any:
    def checker(text: str) -> dict[str, Any]:
        raise ValueError(f"cannot digest {text}")

    return checker


def unable() -> Any:
    raise ValueError("the invented library is damaged")


def greedy() -> Any:
    def checker(text: str) -> dict[str, Any]:
        return {"text": bytearray(3 * 1024**3)}

    return checker


def in_time() -> Any:
    """Works until it is asked to stop, as a check of a long draft does."""

    def checker(text: str) -> dict[str, Any]:
        end = time.monotonic() + workers.STOP_AFTER / 20
        while time.monotonic() < end:
            time.sleep(0.01)
        return {**obedient()(text), "notes": ["The time was up: the sentences below were not checked."]}

    return checker
