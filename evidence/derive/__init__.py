"""``tracker.db`` + ``queries/`` → ``evidence.db``: no network, no memory, the same input gives the same content."""

from __future__ import annotations

from evidence.derive.run import BuildSummary, build

__all__ = ["BuildSummary", "build"]
