"""Recalls of devices as openFDA last told of them, for the codes whose name is what ``queries/devices.yml`` expects."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from evidence.derive.elsewhere import last_items
from evidence.devices import Device
from evidence.sources import Item, openfda
from evidence.tracker import Tracker

CHECKED, OTHER, NO_CODE, NOT_ASKED = "checked", "another device", "no such code", "not asked"
_DEVICE = "INSERT INTO devices VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_RECALL = f"INSERT OR IGNORE INTO recalls VALUES ({', '.join('?' * 13)})"


def fill_recalls(conn: sqlite3.Connection, tracker: Tracker, devices: Iterable[Device], as_of: str | None) -> None:
    """Fill ``devices`` and ``recalls``. Raises :class:`StorageError` when an answer cannot be read."""
    asked = {row.subject: row for row in tracker.asked(openfda.NAME, as_of)}
    said = {row.subject: item["results"] for row, item in last_items(tracker, openfda.SOURCE, as_of)}
    for device in devices:
        row, recalled = asked.get(f"{openfda.CLASS}:{device.code}"), asked.get(f"{openfda.RECALL}:{device.code}")
        named = next(iter(said.get(f"{openfda.CLASS}:{device.code}", ())), None)
        name = str((named or {}).get("device_name") or "")
        state = NOT_ASKED if row is None else NO_CODE if named is None else OTHER
        state = CHECKED if state == OTHER and device.is_named(name) else state
        shown = (name or None, str((named or {}).get("device_class") or "") or None, state)
        when = (row and row.checked_at, recalled and recalled.checked_at)
        conn.execute(_DEVICE, (device.code, device.modality, " ".join(device.named), *shown, *when))
        if state == CHECKED and recalled:
            for recall in said.get(f"{openfda.RECALL}:{device.code}", ()):
                conn.execute(_RECALL, (device.code, *_values(recall, said), recalled.checked_at))


def _values(recall: Item, said: dict[str, list[Item]]) -> Iterator[Any]:
    number, event = str(recall.get("product_res_number") or ""), openfda.event_of(recall)
    enforced = said.get(f"{openfda.EVENT}:{event}", [])
    own = [one for one in enforced if one.get("recall_number") == number] or enforced
    classes = {str(one.get("classification") or "") for one in own} - {""}
    yield from (number or f"event {event}", event)
    yield from (openfda.day(recall.get(f"event_date_{name}")) for name in ("initiated", "posted", "terminated"))
    for name in ("recall_status", "recalling_firm", "product_description", "reason_for_recall"):
        yield " ".join(str(recall.get(name) or "").split())[:600] or None
    yield " ".join(str(recall.get("root_cause_description") or "").split())[:200] or None
    yield classes.pop() if len(classes) == 1 else None  # several: which is this one's is not said
