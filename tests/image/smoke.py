"""
Runs inside the image, started by scripts/image: Lien starts as an ordinary user, answers, stops.

Only the standard library: the image holds nothing that is there for tests.
"""

import json
import os
import signal
import subprocess
import time
import urllib.request
from urllib.parse import urlsplit

PORT = os.environ["LIEN_PORT"]
START_SECONDS = 60.0
STOP_SECONDS = 20.0


def get(path: str) -> tuple[str, str]:
    """Content type and text of an answer; anything but 200 raises."""
    asked = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}")
    asked.add_header("Host", urlsplit(os.environ["LIEN_ORIGIN"]).netloc)
    with urllib.request.urlopen(asked, timeout=5) as answer:
        return answer.headers.get_content_type(), answer.read().decode()


def refuses_a_bad_setting() -> None:
    environ = os.environ | {"LIEN_PROT": "8000"}
    done = subprocess.run(
        ["lien", "serve"], env=environ, capture_output=True, text=True, timeout=30
    )
    assert done.returncode != 0, "started with an unknown setting"
    assert "LIEN_PROT" in done.stderr, "did not name the unknown setting"
    assert "Traceback" not in done.stderr, "answered an operator's mistake with a trace"


def wait_until_healthy(server: "subprocess.Popen[bytes]") -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while subprocess.run(["lien", "health"], capture_output=True).returncode != 0:
        assert server.poll() is None, f"lien serve ended with {server.returncode}"
        assert time.monotonic() < give_up_at, f"not healthy after {START_SECONDS:.0f} s"
        time.sleep(0.2)


def answers() -> None:
    get("/health")
    kind, text = get("/api/status")
    assert kind == "application/json"
    assert {"version", "providers"} <= set(json.loads(text))
    kind, text = get("/")
    assert kind == "text/html"
    assert "<script" in text, "the PWA is not in the image"


def is_confined() -> None:
    assert os.getuid() != 0, "runs as root"
    assert not os.access("/opt/lien/bin", os.W_OK), "may change the program"
    assert os.access(os.environ["LIEN_DATA_DIR"], os.W_OK), "may not write its data"


def main() -> None:
    is_confined()
    refuses_a_bad_setting()
    subprocess.run(["lien", "init"], check=True, stdout=subprocess.DEVNULL)
    started_at = time.monotonic()
    server = subprocess.Popen(["lien", "serve"])
    try:
        wait_until_healthy(server)
        ready_after = time.monotonic() - started_at
        answers()
    finally:
        server.send_signal(signal.SIGTERM)
        code = server.wait(STOP_SECONDS)
    assert code == 0, f"stopped with {code}"
    assert subprocess.run(["lien", "health"], capture_output=True).returncode != 0
    print(f"image: started in {ready_after:.1f} s, answered, refused a bad setting, stopped")


if __name__ == "__main__":
    main()
