"""Whether a record is about neuromodulation for chronic pain, beside it, or about something else."""

from __future__ import annotations

from collections.abc import Collection

from evidence.tagging.text import Document

CORE, NEIGHBOUR, OFF_TOPIC = "core", "neighbour", "off_topic"


def scope(modalities: Collection[str], conditions: Collection[str], document: Document, animal: bool = False) -> str:
    """``core``, ``neighbour`` or ``off_topic`` from the tags given and the text."""
    return OFF_TOPIC if not modalities else CORE if conditions and not animal else NEIGHBOUR
