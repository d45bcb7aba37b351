"""The fixtures of ``refresh_conftest``, under the name that pytest looks for."""

from refresh_conftest import _quick, clock, make_small, small

__all__ = ["_quick", "clock", "make_small", "small"]
