"""
A machine whose clock was moved: loaded by every interpreter that has this folder on its path.

The file named by CLOCK_FILE holds by how many milliseconds. What the program reads of time is
then later by that; what it waits is as long as ever. Valkey's own clock is not moved.
"""

import os
import time

_FILE = os.environ["CLOCK_FILE"]
_real_time_ns = time.time_ns
_known = (0, 0)


def _moved_time_ns() -> int:
    global _known  # one interpreter, one clock
    written = os.stat(_FILE).st_mtime_ns
    if written != _known[0]:
        with open(_FILE, encoding="ascii") as file:
            _known = written, int(file.read()) * 1_000_000
    return _real_time_ns() + _known[1]


time.time_ns = _moved_time_ns
