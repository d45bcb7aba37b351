"""Events as a message: plain text, and the same as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from evidence.services.digest.events import Event

HEADINGS = {
    "notices": "Retractions, corrections and concerns",
    "claims": "Readings of claims that are open again",
    "reports": "New reports",
    "trials": "Registered trials: what changed in the registry",
}
_COUNTED = {
    "reports": ("new report", "new reports"),
    "notices": ("notice", "notices"),
    "claims": ("claim", "claims"),
    "trials": ("change of a trial", "changes of trials"),
}
ADVICE = (
    "This is what titles and abstracts say, found by rules. It is not medical advice; nobody should change a treatment "
    "for it."
)


def subject(title: str, events: Sequence[Event]) -> str:
    """``New on burst stimulation: 3 new reports, 1 notice``."""
    counts = [(sum(event.kind == kind for event in events), *words) for kind, words in _COUNTED.items()]
    return f"{title}: " + (", ".join(f"{n} {one if n == 1 else many}" for n, one, many in counts if n) or "nothing new")


def as_text(title: str, events: Sequence[Event], address: str) -> str:
    """``address`` is the site's, without a slash at its end."""
    lines = [subject(title, events), ""]
    for kind, heading in HEADINGS.items():
        of_kind = [event for event in events if event.kind == kind]
        lines += [heading.upper(), ""] if of_kind else []
        for event in of_kind:
            lines += [f"- {event.title}", *([f"  {event.detail}"] if event.detail else [])]
            lines += [f"  {address}{quote(event.path)}", ""]
    return "\n".join([*lines, ADVICE, ""])


def as_html(title: str, events: Sequence[Event], address: str) -> str:
    """A page for mail programs: no style sheet, no script, no picture."""
    parts = [f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>']
    parts.append(f"<h1>{escape(subject(title, events))}</h1>")
    for kind, heading in HEADINGS.items():
        of_kind = [event for event in events if event.kind == kind]
        if of_kind:
            items = "".join(_item(event, address) for event in of_kind)
            parts.append(f"<h2>{escape(heading)}</h2><ul>{items}</ul>")
    return "\n".join([*parts, f"<p>{escape(ADVICE)}</p></html>", ""])


def _item(event: Event, address: str) -> str:
    link = f'<a href="{escape(address + quote(event.path))}">{escape(event.title)}</a>'
    return f"<li>{link}<br>{escape(event.detail)}</li>"
