"""The client's own connections."""

from uvicorn import Config

from lien.client import http


def test_an_idle_connection_is_let_go_before_the_server_does() -> None:
    """A request that crosses the server's goodbye would be lost, and nobody could tell why."""
    assert Config("lien:app").timeout_keep_alive > http.IDLE_SECONDS
