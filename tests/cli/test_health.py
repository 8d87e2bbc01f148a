"""`lien health`, against a listener that answers what a server would."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from lien.cli import main


@contextmanager
def a_listener(status: int) -> Iterator[int]:
    """Answers every GET with this status; its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/ready" else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the test's output."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (404, 1)])
def test_the_exit_code_is_the_answer(
    monkeypatch: pytest.MonkeyPatch, status: int, code: int
) -> None:
    with a_listener(status) as port:
        monkeypatch.setenv("LIEN_PORT", str(port))
        # As in the image: listening everywhere is asked for at home.
        monkeypatch.setenv("LIEN_HOST", "0.0.0.0")  # noqa: S104  # not bound

        assert main(["health"]) == code


def test_nobody_there_is_not_ready(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_listener(200) as port:
        monkeypatch.setenv("LIEN_PORT", str(port))

    assert main(["health"]) == 1
    assert capsys.readouterr().out == "not ready\n"
