"""One short word for what a source says of a subject."""

from __future__ import annotations

import hashlib
import json

from evidence.sources import Item


def fingerprint(item: Item) -> str:
    """The same as long as a source says the same of a subject."""
    return hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()[:16]
