"""A service that is asked over HTTP, and what it is asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from evidence.errors import UsageError

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Service:
    """One service: where it is asked, how fast, and as whom. ``secrets`` are scrubbed from whatever it says."""

    name: str
    base_url: str
    # The environment variable that names another address, for mirrors and tests.
    variable: str
    per_second: int = 1
    connections: int = 1
    agent: str = "evidence-tracker"
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def at(self, environ: Mapping[str, str] = os.environ) -> Service:
        """The same at the address that the environment names. Raises :class:`UsageError` when that is none."""
        url = environ.get(self.variable, "").strip() or self.base_url
        if not url.startswith(("http://", "https://")):
            raise UsageError(f"{self.variable} is {url!r}: it must start with http:// or https://")
        return replace(self, base_url=url.rstrip("/") + "/")

    def asking(self, agent: str, secrets: tuple[str, ...]) -> Service:
        """The same, asked as somebody."""
        return replace(self, agent=agent, secrets=secrets)

    @property
    def loopback(self) -> bool:
        """Whether it is on this machine. Raises :class:`UsageError` when the address is none."""
        try:
            return (urlsplit(self.base_url).hostname or "") in LOOPBACK
        except ValueError as error:
            raise UsageError(f"{self.variable} is no address that can be asked ({error}); check it") from error


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: a ``path`` below the base URL, encoded by the caller; with a ``form``, it is a POST.

    ``kind``: requests whose answers should take alike; ``largest``: bytes, ``limits.HTTP_ANSWER`` when not given;
    ``headers``: beside the ones of every request (a range of bytes).
    """

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    kind: str = ""
    largest: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
