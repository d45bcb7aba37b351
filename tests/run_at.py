"""``python tests/run_at.py 2031-01-01T00:00:10Z refresh --full``: the ``evidence`` command under another clock.

For tests that need a process of its own. The program itself has no option or variable for this: one that was left set
would date all that is fetched, and hide what PubMed revises until then.
"""

from __future__ import annotations

import sys

from clocks import SetClock

from evidence.cli import main

if __name__ == "__main__":
    main(sys.argv[2:], now=SetClock(sys.argv[1]))
