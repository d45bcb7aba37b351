"""``queries/devices.yml``: FDA's product codes of the devices of each modality.

    - code: LGW
      modality: scs
      named: spinal cord      # words that FDA's own name of the code must have; checked before anything is shown

Public lists of codes contradict each other, so that a code counts only when openFDA's classification names it so.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from evidence import yamlfile

FILE = "devices.yml"
_KEYS = {"code", "modality", "named"}
_CODE = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Device:
    """A product code. ``named``: words, in small letters, all of which FDA's name of it must have."""

    code: str
    modality: str
    named: tuple[str, ...]

    def is_named(self, name: str) -> bool:
        """Whether FDA's name of the code is what was expected.

        >>> Device("LGW", "scs", ("spinal", "cord")).is_named("Stimulator, Spinal-Cord, Totally Implanted")
        True
        """
        words = set(re.findall(r"[a-z]+", name.lower()))
        return words >= set(self.named)


def load_devices(path: Path, modalities: Collection[str] | None = None) -> list[Device]:
    """The devices in a file; none when it does not exist. Raises ``InputError`` with file, line and reason."""
    if not path.exists():
        return []
    document = yamlfile.load(path)
    entries = document.data or []
    if not isinstance(entries, list):
        raise document.error("must be a list of devices, each with code, modality and named")
    devices: list[Device] = []
    for at, entry in enumerate(entries):
        if not isinstance(entry, dict) or set(entry) != _KEYS:
            raise document.error("a device has exactly the keys code, modality and named", at)
        if not all(isinstance(value, str) and value.strip() for value in entry.values()):
            raise document.error("code, modality and named must each be a text that is not empty", at)
        if not _CODE.fullmatch(entry["code"]):
            raise document.error(f"{entry['code']!r} is no product code: three capitals", at, "code")
        if entry["code"] in {device.code for device in devices}:
            raise document.error(f"the code {entry['code']} stands twice", at, "code")
        if modalities is not None and entry["modality"] not in modalities:
            raise document.error(f"the vocabulary has no modality {entry['modality']!r}", at, "modality")
        words = tuple(re.findall(r"[a-z]+", entry["named"].lower()))
        devices.append(Device(entry["code"], entry["modality"], words))
    return devices
