"""Registrations of trials: a registry's fields to a record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from evidence.bibliography.registrations import registrations_in, registry_number
from evidence.exchange.fields import build_record
from evidence.record import Record

TYPE = "Trial registration"
_SEPARATORS = re.compile(r"[;|\n]")
# ClinicalTrials.gov writes what kind an intervention is before its name.
_INTERVENTION_KIND = re.compile(
    r"^(?:device|drug|procedure|behavioral|other|biological|combination product|combination_product|dietary supplement"
    r"|dietary_supplement|diagnostic test|diagnostic_test|genetic|radiation):\s*", re.I
)  # fmt: skip


def registration_of(fields: Mapping[str, Sequence[str]], source: str) -> Record:
    """The record of a registration; its number is its id and stands in ``databanks``.

    Keys of ``fields``: number, other_numbers, title, abstract, date, keyword, url. Raises ``ValueError`` without a
    number.
    """
    number = next((value.strip() for value in fields.get("number", ()) if value.strip()), "")
    if not number:
        raise ValueError("a registration without its number")
    words = (word.strip() for value in fields.get("keyword", ()) for word in _SEPARATORS.split(value))
    found = {key: list(values) for key, values in fields.items() if key in ("title", "abstract", "date", "url")}
    found["keyword"] = list(dict.fromkeys(_INTERVENTION_KIND.sub("", word) for word in words if word))
    found["type"] = [TYPE]
    record = build_record(found, source)
    own = registry_number(number) or ("", number)
    others = [part for value in fields.get("other_numbers", ()) for part in _SEPARATORS.split(value)]
    known = (found for part in others for found in [registry_number(part), *registrations_in(part)] if found)
    record.databanks = list(dict.fromkeys([own, *known]))
    record.source_id = own[1]
    record.pmid = record.doi = None
    return record
