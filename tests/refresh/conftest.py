"""The fixtures of ``refresh_conftest``, under the name that pytest looks for."""

from refresh_conftest import _quick, make_small, small

__all__ = ["_quick", "make_small", "small"]
