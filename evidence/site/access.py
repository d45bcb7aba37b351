"""What is open to whom: SQL, facets on any column, whole CSV files and the download of ``evidence.db``.

On one's own machine they are on, as anybody expects of Datasette: the site is not public, the server listens on a
loopback address, and the request comes from this machine by a loopback name. Elsewhere they are closed: one SQL request
of a stranger took a process to 930 MB, and a database that is not public may hold abstracts that its settings hide.
"""

from __future__ import annotations

import ipaddress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from evidence.site.settings import Settings

# Headers that a proxy adds: behind one, "127.0.0.1" is only where the proxy found this server.
FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"via")
OPENED = "SQL, facets on any column, whole CSV files and the download of evidence.db"


@dataclass(slots=True)
class Asked:
    """The request that is being answered. ``own_machine``: whether what is closed to strangers is open to it.

    ``scripts`` and ``styles`` are the sources that the page's plugins need in its Content-Security-Policy.
    """

    own_machine: bool = False
    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)


_asked: ContextVar[Asked | None] = ContextVar("evidence_asked", default=None)


def begin(scope: Any, settings: Settings) -> Asked:
    """Note down who asks, for everything that is done in answer."""
    asked = Asked(not closed_because(settings) and comes_from_here(scope))
    _asked.set(asked)
    return asked


def asked() -> Asked:
    """The request that is being answered; outside of one a stranger's."""
    return _asked.get() or Asked()


def closed_because(settings: Settings) -> str:
    """Why everybody is a stranger to this server, ``""`` where its own machine is not."""
    if settings.public:
        return "metadata.yml says public: true"
    if not is_loopback(settings.host):
        return (
            f"--host {settings.host} can be reached from other machines and metadata.yml does not say public: true, "
            "so that this database may hold abstracts that its settings hide"
        )
    return ""


def opening(settings: Settings) -> str:
    """What ``evidence serve`` says of it.

    >>> opening(Settings(public=True)).split(": ")[0]
    'closed'
    """
    reason = closed_because(settings)
    return f"closed: {OPENED}, because {reason}" if reason else f"open to this machine: {OPENED}"


def is_loopback(host: str) -> bool:
    """Whether a name or address can only be this machine.

    >>> [is_loopback(host) for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "example.org", "")]
    [True, True, True, False, False, False]
    """
    name = host.strip("[]").lower()
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def comes_from_here(scope: Any) -> bool:
    """Whether a request comes from this machine by a loopback name, which a page of another site cannot give."""
    headers = [(name.lower(), value) for name, value in scope["headers"]]
    if any(name in FORWARDED for name, _ in headers):
        return False
    hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
    client = (scope.get("client") or ("127.0.0.1",))[0]
    return len(hosts) == 1 and is_loopback(_host_of(hosts[0])) and is_loopback(client)


def _host_of(header: str) -> str:
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""
