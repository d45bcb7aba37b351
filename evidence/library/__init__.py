"""Reads ``evidence.db``: one report by any of its ids, and the candidates of a printed reference."""

from evidence.library.references import Library

__all__ = ["Library"]
