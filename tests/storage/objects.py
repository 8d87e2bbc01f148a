"""An object store that is not ours: rclone's, which speaks S3 over a folder of the test."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUCKET = "hospital"
_KEY, _SECRET = "fictitious", "not-a-secret"


@contextmanager
def object_store(root: Path) -> Iterator[dict[str, str]]:
    """It runs meanwhile; yields the environment that leads to it. Its objects are files there."""
    (root / BUCKET).mkdir(parents=True)
    program = Path(sys.executable).parent / "rclone"
    line = [program, "serve", "s3", "--config", "", "--addr", "127.0.0.1:0"]
    server = subprocess.Popen(
        [*line, "--auth-key", f"{_KEY},{_SECRET}", root], stderr=subprocess.PIPE, text=True
    )
    try:
        assert server.stderr is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", server.stderr.readline())
        assert address is not None
        yield {
            "AWS_ACCESS_KEY_ID": _KEY,
            "AWS_SECRET_ACCESS_KEY": _SECRET,
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT": address[0],
            "AWS_ALLOW_HTTP": "true",
        }
    finally:
        server.terminate()
        server.communicate()
