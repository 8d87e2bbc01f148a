"""`lien serve`: run Lien on this machine until it is told to stop."""

import argparse
import os
from dataclasses import replace

from lien.cli import Subparsers, add_command, read_config

_EPILOG = """\
Starts the embedded Valkey in LIEN_DATA_DIR, unless LIEN_VALKEY_URL names a server, then the
workers; starts again whatever dies. SIGTERM or Ctrl-C stops it within 10 seconds.
"""


def add(subparsers: Subparsers) -> None:
    """Register the command."""
    parser = add_command(subparsers, "serve", "Run Lien.", _EPILOG)
    parser.add_argument(
        "--workers", type=_count, metavar="N", help="processes (default: one less than processors)"
    )
    parser.add_argument("--host", metavar="ADDRESS", help="to listen on (default: LIEN_HOST)")
    parser.add_argument("--port", type=int, metavar="PORT", help="(default: LIEN_PORT)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    import asyncio

    from lien.runtime.supervisor import Supervisor
    from lien.telemetry import Telemetry

    config = read_config()
    config = replace(config, host=options.host or config.host, port=options.port or config.port)
    config.check()
    workers = options.workers or max(1, (os.cpu_count() or 2) - 1)

    async def serve() -> None:
        await Supervisor(config, workers, Telemetry()).run()

    asyncio.run(serve())
    return 0


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 256:
        raise argparse.ArgumentTypeError("must be between 1 and 256")
    return number
