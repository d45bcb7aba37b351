"""The card of a report: made once, read by every pass over all reports."""

from __future__ import annotations

from evidence.bibliography.markers import OWN_TITLES, kinds_of, notice_of, own_notice
from evidence.packed import key_of
from evidence.record import Record
from evidence.relate.kinds import REF_TYPES
from evidence.relate.named import MIN_WORDS, place_of
from evidence.relate.shelf import first_author, start_of, titles_of
from evidence.relate.studies import own_registrations
from evidence.relate.titles import is_congress, is_early
from evidence.relate.types import Card, Trait
from evidence.relate.versions import review_of

LAST_YEAR = 9999


def card_of(record: Record) -> Card:
    """The card of a report, from its whole record."""
    titles = [title for title in titles_of(record) if title.count(" ") + 1 >= MIN_WORDS]
    place = place_of(record)
    return Card(
        notice=notice_of(record.title, record.type_names()),
        traits=int(_traits(record)),
        year=min(record.year or 0, LAST_YEAR),
        titles=tuple(map(key_of, titles)),
        starts=tuple(key_of(start_of(title)) for title in titles),
        author=key_of(first_author(record)),
        place=key_of(f"{place.volume}|{place.page}") if place.volume and place.page else 0,
        numbers=tuple(own_registrations(record)),
    )


def _traits(record: Record) -> Trait:
    kinds = kinds_of(record.title)
    told_by_title = not kinds.isdisjoint(OWN_TITLES)
    told = {
        Trait.CORRECTED: any(correction.ref_type in REF_TYPES for correction in record.corrections),
        Trait.NOTICE_KIND: record.kind == "notice",
        Trait.TRANSLATION: "translation" in kinds,
        Trait.OWN_TITLE: told_by_title,
        Trait.OWN: told_by_title or bool(own_notice("", record.type_names())[0]),
        Trait.EARLY: is_early(record),
        Trait.PROTOCOL: record.kind == "protocol" or "protocol" in kinds,
        Trait.CONGRESS: is_congress(record),
        Trait.COCHRANE: review_of(record) is not None,
        Trait.ARTICLE: record.kind == "article",
    }
    found = Trait(0)
    for trait, holds in told.items():
        if holds:
            found |= trait
    return found
