"""``evidence digest``: what is new, as a message. Each event is in one message of a digest, also after a crash.

definitions.py   queries/digests.yml: what a digest is about and where it goes
events.py        what happened since a day: new reports, notices, readings that are open again
render.py        events as plain text and as HTML
outbox.py        data/digests.db: which events are in which message, and what became of it
run.py           the command: gather, put into the outbox, send
"""

from evidence.services.digest.run import DigestSummary, preview, run

__all__ = ["DigestSummary", "preview", "run"]
