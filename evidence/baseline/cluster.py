"""Dask: a cluster of this machine's processes, or one that stands, by the address of its scheduler."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from evidence.errors import EvidenceError, TryLater, UsageError

PIP = "pip install 'neuromodulation-evidence[baseline]'"
# A worker that dies is started anew, and its file given to another; a file that kills so many is at fault itself.
ALLOWED_DEATHS = 3


@contextmanager
def connected(scheduler: str | None, workers: int | None) -> Iterator[Any]:
    """A client of a cluster. Raises :class:`UsageError` without Dask, :class:`TryLater` when nobody answers."""
    try:
        import dask
        import distributed
    except ImportError as error:
        raise UsageError(f"reading PubMed's files needs Dask: {PIP}") from error
    made: Any = distributed  # without types
    for name in ("distributed", "distributed.nanny", "distributed.scheduler", "distributed.worker"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    settings = {"distributed.scheduler.allowed-failures": ALLOWED_DEATHS, "distributed.comm.timeouts.connect": "10s"}
    with dask.config.set(settings):
        if scheduler:
            try:
                client = made.Client(scheduler, timeout="10s")
            except (OSError, TimeoutError, ValueError) as error:
                raise TryLater(
                    f"no Dask scheduler answers at {scheduler} ({error}): start one, or check the address"
                ) from error
            try:
                yield client
            finally:
                client.close(timeout=5)
        else:
            with (
                made.LocalCluster(
                    n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
                ) as cluster,
                made.Client(cluster) as client,
            ):
                yield client


def results(
    client: Any, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]
) -> Iterator[tuple[int, Any, EvidenceError | None]]:
    """``(number of the call, result, None)`` as they come, or the error that a call raised.

    Raises :class:`TryLater` when the cluster is lost.
    """
    import distributed
    from distributed.client import FutureCancelledError
    from distributed.scheduler import KilledWorker

    as_completed: Any = distributed.as_completed
    futures = {client.submit(function, *call, pure=False): number for number, call in enumerate(calls)}
    try:
        for future in as_completed(futures):
            try:
                yield futures[future], future.result(), None
            except EvidenceError as error:
                yield futures[future], None, error
            except KilledWorker as error:
                said = f"its worker died {ALLOWED_DEATHS} times: give the workers more memory"
                yield futures[future], None, TryLater(f"{said} ({type(error).__name__})")
            future.release()
    except (FutureCancelledError, OSError, TimeoutError, RuntimeError) as error:
        raise TryLater(
            f"the Dask scheduler is lost ({type(error).__name__}): what was read is kept, run the command again"
        ) from error
