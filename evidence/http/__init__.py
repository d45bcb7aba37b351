"""Paced, bounded, patient HTTP, for every service that is asked."""

from evidence.http.answer import Answer, Fault, NotFound, Refused, check_answer, read_json, said
from evidence.http.bounded import Timeouts, timeouts
from evidence.http.client import Client, Oversized, Patience, Unanswered, patience
from evidence.http.pacing import Stopped
from evidence.http.service import Request, Service

__all__ = [
    "Answer", "Client", "Fault", "NotFound", "Oversized", "Patience", "Refused", "Request", "Service", "Stopped",
    "Timeouts", "Unanswered", "check_answer", "patience", "read_json", "said", "timeouts",
]  # fmt: skip
