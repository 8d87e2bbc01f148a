"""The floor under `fanout`: a C program that only writes. Needs a C compiler."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.figures import Figures, Size, say

_FRAME_BYTES = 1_112  # as long as the frame of `fanout`
_RUNS = 3


def run(size: Size) -> Figures:
    """Microseconds of CPU for one write to one of many sockets."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise SystemExit("the floor is a C program: install a C compiler")
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "floor"
        source = Path(__file__).with_name("floor.c")
        subprocess.run([compiler, "-O2", str(source), "-o", str(program)], check=True)
        numbers = [str(program), str(size.connections), str(size.messages), str(_FRAME_BYTES)]
        runs = []
        for number in range(_RUNS):
            say(f"run {number + 1} of {_RUNS}")
            printed = subprocess.run(numbers, check=True, capture_output=True, text=True).stdout
            runs.append(float(printed))
    return {
        "connections": size.connections,
        "messages": size.messages,
        "server_us_per_delivery": median(runs),
        "server_us_per_delivery_runs": runs,
    }
