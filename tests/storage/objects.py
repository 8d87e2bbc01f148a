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
    """It runs meanwhile; yields the settings that lead to it. Its objects are files there."""
    (root / "objects" / BUCKET).mkdir(parents=True)
    secret = root / "secret"
    secret.touch(mode=0o600)
    secret.write_text(f"{_SECRET}\n")
    program = Path(sys.executable).parent / "rclone"
    serve = f"{program} serve s3 --addr 127.0.0.1:0 --auth-key {_KEY},{_SECRET}".split()
    server = subprocess.Popen(
        [*serve, "--config", "", str(root / "objects")],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stderr is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", server.stderr.readline())
        assert address is not None
        yield {
            "LIEN_BLOBS_URL": f"s3://{BUCKET}/lien",
            "LIEN_BLOBS_ENDPOINT": address[0],
            "LIEN_BLOBS_KEY_ID": _KEY,
            "LIEN_BLOBS_SECRET_FILE": str(secret),
        }
    finally:
        server.terminate()
        server.communicate()
