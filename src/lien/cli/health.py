"""`lien health`: does the server of these settings answer, and its store? For containers."""

import argparse
from http.client import HTTPConnection, HTTPException
from typing import Final

from lien.cli import Subparsers, add_command, read_config

_TIMEOUT_SECONDS: Final = 4.0
# Where to knock when the server listens on every address.
_ANY: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # compared, not bound


def add(subparsers: Subparsers) -> None:
    """Register the command."""
    parser = add_command(
        subparsers, "health", "Ask the running server whether it is ready.", "Exit code 0: it is."
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 when `/ready` says so, 1 otherwise. No proxy of the environment is asked."""
    config = read_config()
    host = _ANY.get(config.host, config.host)
    connection = HTTPConnection(host, config.port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/ready")
        is_ready = connection.getresponse().status == 200
    except (OSError, HTTPException):
        is_ready = False
    finally:
        connection.close()
    print("ready" if is_ready else "not ready")
    return 0 if is_ready else 1
