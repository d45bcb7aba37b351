"""Whether a server can listen on an address, asked before any work is done for it."""

from __future__ import annotations

import errno
import socket
from contextlib import closing

from evidence.errors import StorageError, TryLater, UsageError


def refuse_taken(host: str, port: int) -> None:
    """Binds the address for a moment, as the server will.

    Raises :class:`TryLater` when another program listens there, :class:`StorageError` when this user may not, and
    :class:`UsageError` when this machine has no such address.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        raise _refusal(error, host, port) from error


def _refusal(error: Exception, host: str, port: int) -> TryLater | StorageError | UsageError:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return TryLater(
            f"{host}:{port} is in use by another program, perhaps this one: stop it, or choose another with --port"
        )
    if number in (errno.EACCES, errno.EPERM):
        return StorageError(f"{host}:{port} may not be used by this user: choose a --port from 1024 upwards")
    return UsageError(f"--host {host}: this machine has no such address; 127.0.0.1 is itself, 0.0.0.0 all of its own")
