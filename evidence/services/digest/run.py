"""Gather the events of every digest, put them into messages, send the messages."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence.clock import Clock, stamp
from evidence.errors import EXIT_DONE, EXIT_NEEDS_PERSON, EXIT_TRY_LATER, EXIT_USAGE, TryLater, UsageError
from evidence.filelock import Held, hold
from evidence.project import Project
from evidence.readonly import open_readonly
from evidence.services.digest import render
from evidence.services.digest.definitions import FILE, Definition, load_definitions
from evidence.services.digest.events import events
from evidence.services.digest.outbox import SENDING, SENT, Message, Outbox

# Sends a message to an address: True when it was taken.
Sender = Callable[[str, Message], bool]
FOLDER = ""  # the address of data/outbox/


@dataclass(slots=True)
class DigestSummary:
    """What a run did; ``lines`` are for people."""

    lines: list[str] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    in_doubt: list[int] = field(default_factory=list)
    unset: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        if self.unset:
            return EXIT_USAGE
        if self.failed:
            return EXIT_TRY_LATER
        return EXIT_NEEDS_PERSON if self.in_doubt else EXIT_DONE

    def as_json(self) -> dict[str, Any]:
        return {"sent": self.sent, "failed": self.failed, "in_doubt": self.in_doubt, "lines": self.lines}


def preview(project: Project, definition: Definition, since: str) -> tuple[str, str]:
    """What a digest would say of all that was seen since a day, as text and as HTML; nothing is remembered or sent."""
    _needs_build(project)
    with closing(open_readonly(project.evidence)) as conn:
        found = events(conn, definition, since)
    address = _address(project)
    return render.as_text(definition.title, found, address), render.as_html(definition.title, found, address)


def run(
    project: Project,
    now: Clock,
    only: Sequence[str] = (),
    resend: Sequence[int] = (),
    environ: Mapping[str, str] = os.environ,
    send: Sender | None = None,
) -> DigestSummary:
    """Send what is new. A digest that runs for the first time begins now: the library as it stands is no news.

    Raises :class:`UsageError` for an unknown digest or a missing build, :class:`TryLater` while another run goes on.
    """
    definitions = _chosen(load_definitions(project.queries / FILE), only)
    _needs_build(project)
    project.data.mkdir(exist_ok=True)
    try:
        held = hold(project.data / "digests.lock")
    except Held as error:
        raise TryLater("another 'evidence digest' is running: try again when it is done") from error
    try:
        with Outbox(project.data / "digests.db") as outbox:
            outbox.doubt_what_was_cut()
            summary = DigestSummary()
            for number in resend:
                _allow_again(outbox, number)
            for definition in definitions:
                _gather(project, outbox, definition, stamp(now()), summary)
                _deliver(project, outbox, definition, now, environ, send or _apprise, summary)
            for message in outbox.in_doubt():
                summary.in_doubt.append(message.number)
                summary.lines.append(
                    f"message {message.number} ({message.subject}) may have arrived or not: a run ended while it "
                    f"was being sent. Ask its readers; to send it again: evidence digest --resend {message.number}"
                )
            return summary
    finally:
        os.close(held)


def _chosen(definitions: list[Definition], only: Sequence[str]) -> list[Definition]:
    if not definitions:
        raise UsageError(
            f"there is no queries/{FILE}: docs/following.md shows one; or see what is new with --since DATE"
        )
    known = {one.id: one for one in definitions}
    for name in only:
        if name not in known:
            raise UsageError(f"there is no digest {name!r}; queries/{FILE} has {', '.join(known)}")
    return [known[name] for name in only] if only else definitions


def _needs_build(project: Project) -> None:
    if not project.evidence.is_file():
        raise UsageError(f"{project.evidence} does not exist: make it with 'evidence build'")


def _address(project: Project) -> str:
    return str(project.settings().get("site_url") or "http://127.0.0.1:8001").rstrip("/")


def _allow_again(outbox: Outbox, number: int) -> None:
    message = outbox.message(number)
    if message is None:
        raise UsageError(f"there is no message {number}")
    outbox.allow_again(number)


def _gather(project: Project, outbox: Outbox, definition: Definition, at: str, summary: DigestSummary) -> None:
    since = outbox.begin(definition.id, at)
    if since is None:
        summary.lines.append(f"{definition.id}: begins now; what comes from now on is told")
        return
    with closing(open_readonly(project.evidence)) as conn:
        found = events(conn, definition, since)
    told = outbox.told(definition.id)
    fresh = [event for event in found if event.key not in told]
    if not fresh:
        summary.lines.append(f"{definition.id}: nothing new")
        return
    address, title = _address(project), definition.title
    texts = (render.subject(title, fresh), render.as_text(title, fresh, address), render.as_html(title, fresh, address))
    outbox.put(definition.id, fresh, texts, at)


def _deliver(
    project: Project,
    outbox: Outbox,
    definition: Definition,
    now: Clock,
    environ: Mapping[str, str],
    send: Sender,
    summary: DigestSummary,
) -> None:
    """Each message to each address by itself: one that refuses does not make the others get it twice."""
    waiting = outbox.waiting(definition.id)
    addresses = environ.get(definition.send, "").split() if definition.send else [FOLDER]
    if waiting and not addresses:
        summary.unset.append(definition.send)
        summary.lines.append(
            f"{definition.id}: the environment variable {definition.send} is not set; it holds apprise's addresses, "
            "parted by blanks (docs/following.md). Nothing is lost: it is sent once it is set"
        )
        return
    for message in waiting:
        refused = 0
        for address in outbox.left(message.number, addresses):
            if address == FOLDER:
                _write(project.data / "outbox", message)
                outbox.note(message.number, address, SENT, stamp(now()))
                continue
            outbox.note(message.number, address, SENDING, stamp(now()))
            if send(address, message):
                outbox.note(message.number, address, SENT, stamp(now()))
            else:
                outbox.forget(message.number, address)
                refused += 1
        if refused:
            summary.failed.append(message.number)
            summary.lines.append(
                f"{definition.id}: {refused} of the {len(addresses)} addresses in {definition.send} did not take "
                f"message {message.number}; it is sent to them at the next run"
            )
        else:
            outbox.done(message.number)
            summary.sent.append(message.number)
            where = f"to the addresses in {definition.send}" if definition.send else "in data/outbox/"
            summary.lines.append(f"{definition.id}: {message.subject} ({where})")


def _write(folder: Path, message: Message) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{message.number:06}-{message.digest}.txt"
    for name, content in ((path, message.text), (path.with_suffix(".html"), message.html)):
        new = name.with_name(f".{name.name}.new")
        new.write_text(content, encoding="utf-8")
        new.replace(name)
    return path


def _apprise(address: str, message: Message) -> bool:
    """Through apprise (the extra ``[digest]``), whose words about a failure may hold a token: they are not repeated."""
    try:
        import apprise
    except ImportError as error:
        raise UsageError(
            "sending needs apprise: pip install 'neuromodulation-evidence[digest]', or leave 'send' out to write "
            "messages to data/outbox/"
        ) from error
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    service = apprise.Apprise()
    return bool(
        service.add(address)
        and service.notify(title=message.subject, body=message.text, body_format=apprise.NotifyFormat.TEXT)
    )
