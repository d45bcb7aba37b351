"""What stands between reports: notices, relations and studies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from evidence.record import Record
from evidence.relate.types import Group, Notice, Related, Relation, Study

__all__ = ["Group", "Notice", "Related", "Relation", "Study", "load_groups", "relate"]


def relate(reports: Mapping[str, Record], aliases: Mapping[str, str], groups: Sequence[Group] = ()) -> Related:
    """Relations, notices, studies and statuses of these reports."""
    return Related(statuses=dict.fromkeys(reports, "no_notice"))


def load_groups(path: Path) -> list[Group]:
    """``queries/studies.yml``."""
    return []
