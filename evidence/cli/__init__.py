"""The ``evidence`` command: parses options, calls, maps errors to exit codes. No logic lives here."""

from evidence.cli.app import main

__all__ = ["main"]
