"""Versions of one Cochrane review, told by the DOI: ``10.1002/14651858.CD014789`` and ``...pub2``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

from evidence.normal import normal_doi
from evidence.record import Record
from evidence.relate.types import Relation

_COCHRANE = re.compile(r"^10\.1002/14651858\.([a-z]{2}\d{6})(?:\.pub(\d+))?$")


def cochrane_updates(reports: Mapping[str, Record]) -> Iterator[Relation]:
    """Each version is an update of the one before it; so the newest supersedes all."""
    versions: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for name, record in reports.items():
        match = _COCHRANE.match(normal_doi(record.doi) or "")
        if match:
            versions[match.group(1)].append((int(match.group(2) or 1), name))
    for review, found in versions.items():
        for (before, older), (after, newer) in pairwise(sorted(found)):
            if after > before:
                yield Relation(newer, older, "update", "doi", f"version {after} of Cochrane review {review.upper()}")
