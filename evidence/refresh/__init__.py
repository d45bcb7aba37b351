"""Topics and cited sources → PubMed → ``tracker.db``; and what state that is in.

    refresh(project, topics=None, full=False, dry_run=False) -> RefreshSummary
    status(project, stale_after=14) -> Status

``run`` leads through one refresh; ``plan`` says what a topic needs, ``jobs`` what becomes of it, ``engine`` keeps
the wire busy, ``cited`` and ``verify`` resolve what the health articles cite.
"""

from evidence.refresh.run import refresh
from evidence.refresh.status import Status, TopicStatus, status
from evidence.refresh.summary import RefreshSummary, TopicResult

__all__ = ["RefreshSummary", "Status", "TopicResult", "TopicStatus", "refresh", "status"]
