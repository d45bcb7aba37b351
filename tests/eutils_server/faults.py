"""Which request goes wrong, and how; ``server.py`` acts it out."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from eutils_server.hostile import FORMS

# Seen in practice; the others are attacks (``hostile.py``).
KINDS = (
    "rate_limit",  # 429 with JSON and Retry-After
    "rate_limit_200",  # the same body with status 200
    "http_500",
    "http_502",
    "html",  # an HTML page with status 200
    "error",  # an <ERROR> body (JSON for JSON programs)
    "raw_break",  # a JSON error with a raw line break in it
    "unsupported",  # "Database is not supported: pubmed"
    "empty_response",  # "Empty Response... Status: Timeout"
    "empty_body",
    "cut",  # the connection ends before Content-Length is reached
    "cut_xml",  # well-formed HTTP, truncated content
    "reset",  # connection reset instead of an answer
    "hang",  # no answer until the client gives up
    "drip",  # an answer that never ends, a byte at a time
    "short",  # efetch: one record missing
    "poor",  # efetch: 30% of the records without abstract, headings and authors
    "empty_set",  # efetch: none of the records
    "echo",  # an error that repeats everything it was sent, secrets included
    "key_invalid",  # 400, "API key invalid"
    "redirect",
    "short_ids",  # esearch: fewer ids than it counted
    "no_ids",  # efetch: 400, "ID list is empty"
    "webenv",  # the history was forgotten
)


@dataclass
class Rule:
    """Applies to a program (or all) at its n-th requests (1-based), or with a probability, or always.

    ``holding``: only to requests whose search term, or list of ids, holds these words.
    """

    kind: str
    program: str = ""
    nth: Collection[int] = ()
    probability: float = 0.0
    holding: str = ""
    random: random.Random = field(default_factory=lambda: random.Random(7))

    def hits(self, number: int) -> bool:
        if self.nth:
            return number in self.nth
        return self.probability >= 1 or self.random.random() < self.probability


class Faults:
    def __init__(self, kinds: Collection[str] = KINDS) -> None:
        self._kinds = kinds
        self._rules: list[Rule] = []
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, rule: Rule) -> None:
        assert rule.kind in self._kinds or rule.kind in FORMS, rule.kind
        with self._lock:
            self._rules.append(rule)
            self._seen.clear()

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()
            self._seen.clear()

    def next(self, program: str, asked: str) -> str:
        """The fault of this request, ``""`` for none. Requests are counted from when the last rule was added."""
        with self._lock:
            self._seen[program] += 1
            self._seen[""] += 1
            for rule in self._rules:
                if rule.program in ("", program) and rule.holding in asked and rule.hits(self._seen[rule.program]):
                    return rule.kind
            return ""
