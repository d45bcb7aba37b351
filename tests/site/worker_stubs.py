"""Checkers for the tests of the workers: importable by a spawned process."""

from __future__ import annotations

import time
from typing import Any


def obedient() -> Any:
    def checker(text: str) -> dict[str, Any]:
        sentence = {
            "text": text,
            "start": 0,
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
                }
            ],
            "by_reference": [],
            "claims": [{"id": "inv-01", "verdict": "partly", "reviewed_on": "2026-03-01"}],
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
        }
        return {
            "text": text,
            "library": {"refreshed_at": "2026-04-02T11:00:00Z", "reports": 48},
            "references": [reference],
            "sentences": [sentence],
            "warnings": [{"code": "contradicts-itself", "message": "two numbers for one thing", "sentences": [0]}],
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
