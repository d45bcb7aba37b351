"""``tracker.db``: everything that was received, kept as it came; see ``schema`` for the tables."""

from evidence.tracker.archive import Archive
from evidence.tracker.checking import check_tracker
from evidence.tracker.doubts import Doubt
from evidence.tracker.importing import ImportSummary, import_files
from evidence.tracker.reading import Membership, Stored, Version
from evidence.tracker.records import PUBMED_XML, RECORD_JSON, Arrival, BatchCounts, Known, Tracker
from evidence.tracker.refreshes import TopicLog
from evidence.tracker.storage import end_of

__all__ = [
    "PUBMED_XML",
    "RECORD_JSON",
    "Archive",
    "Arrival",
    "BatchCounts",
    "Doubt",
    "ImportSummary",
    "Known",
    "Membership",
    "Stored",
    "TopicLog",
    "Tracker",
    "Version",
    "check_tracker",
    "end_of",
    "import_files",
]
