"""`lien demo`: the whole product on this machine, with a territory of invented people."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from lien.cli import Subparsers, add_command
from lien.config import BadConfig, Config
from lien.errors import LienError

_EPILOG: Final = """\
examples:
  lien demo                    start, keep what was written last time
  lien demo --fresh            start with nobody signed up
  lien demo --port 8080
"""
_READY_SECONDS: Final = 60.0
_BANNER: Final = """
  Lien is running: {origin}

  1. Open it in two browser profiles (or one normal and one private window).
  2. In each, choose "Pro Santé Connect": the local demonstration provider offers
     some sixty invented professionals of La Réunion. Take a different one in each.
  3. Turn on express login, find the other in the directory, write.
  4. An invented hospital sends reports about invented patients to whoever has signed
     up: one of each kind at once, another one every minute and a half.

  Everything is kept in {folder}. Stop with Ctrl-C.
"""


class DemoFailed(LienError):
    """A part of the demonstration did not start; it has said why."""


def add(subparsers: Subparsers) -> None:
    """Register the command."""
    parser = add_command(
        subparsers, "demo", "Run Lien on this machine with invented people.", _EPILOG
    )
    parser.add_argument("--port", type=int, default=8000, help="port on localhost (8000)")
    parser.add_argument("--workers", type=int, default=1, help="worker processes (1)")
    parser.add_argument(
        "--data-dir", type=Path, default=Path("data/demo"), help="folder to keep things in"
    )
    parser.add_argument("--fresh", action="store_true", help="forget the last demonstration first")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Import the territory with the real command, serve, say where to click."""
    from lien.demo import NAME  # keeps `--help` quick

    settings = {
        "LIEN_DATA_DIR": str(options.data_dir.absolute()),
        "LIEN_PORT": str(options.port),
        "LIEN_ORIGIN": f"http://localhost:{options.port}",
        "LIEN_MOCK_PROVIDER": "1",
        # Everyone of a demonstration comes from one address.
        "LIEN_SIGN_INS_PER_ADDRESS": "600",
    }
    config = Config.from_environ(settings)
    environment = {
        # Settings of another deployment must not slip in.
        **{name: value for name, value in os.environ.items() if not name.startswith("LIEN_")},  # noqa: TID251
        **settings,
    }
    if options.fresh:
        _forget(config.data_dir)
    rows = Path(__file__).parent.parent / "demo" / NAME
    _lien(environment, "init")
    _lien(environment, "directory", "import", str(rows))
    return _serve(config, environment, options.workers)


def _forget(folder: Path) -> None:
    # Only what a demonstration has made: never a folder that was named by mistake.
    if folder.exists() and not (folder / "valkey").is_dir():
        raise BadConfig("--fresh: this folder holds no earlier demonstration")
    shutil.rmtree(folder, ignore_errors=True)


def _lien(environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "lien", *arguments]
    if subprocess.run(command, env=environment, check=False).returncode:  # noqa: S603
        raise DemoFailed(f"`lien {arguments[0]}` failed")


def _serve(config: Config, environment: dict[str, str], workers: int) -> int:
    from lien.storage.embedded import die_with_parent

    command = [sys.executable, "-m", "lien", "serve", "--workers", str(workers)]
    server = subprocess.Popen(  # noqa: S603
        command,
        env=environment,
        preexec_fn=die_with_parent,  # one system call, nothing that locks
    )

    def forward(number: int, frame: object) -> None:
        server.send_signal(number)

    signal.signal(signal.SIGTERM, forward)
    # The terminal sends its interrupt to both; the server stops, then so do we.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if _is_ready(config, server):
        hospital = _open_hospital(config, environment)
        print(_BANNER.format(origin=config.origin, folder=config.data_dir), flush=True)
        code = server.wait()
        hospital.terminate()
        hospital.wait()
        return code
    return server.wait()


def _open_hospital(config: Config, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """A gateway of its own, registered as a real one is, with a folder that fills by itself."""
    from lien.storage.embedded import die_with_parent

    state = config.data_dir / "hospital"
    if not (state / "gateway.json").exists():
        state.mkdir(mode=0o700, exist_ok=True)
        (state / "gateway.toml").write_text('state = "."\n')
        code = _said(environment, "gateway", "allow", "--name", "CHU FICTIF DU NORD").split()[-1]
        place = ("--config", str(state / "gateway.toml"), "--server", config.origin)
        _said(environment, "gateway", "register", *place, "--code", code)
    command = [sys.executable, "-m", "lien.cli.demo_hospital", str(state), config.origin]
    return subprocess.Popen(  # noqa: S603
        command,
        env=environment,
        preexec_fn=die_with_parent,  # one system call, nothing that locks
    )


def _said(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "lien", *arguments]
    done = subprocess.run(  # noqa: S603
        command, env=environment, check=False, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise DemoFailed("the demonstration's hospital did not open")
    return done.stdout


def _is_ready(config: Config, server: "subprocess.Popen[bytes]") -> bool:
    import httpx

    deadline = time.monotonic() + _READY_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{config.origin}/ready", timeout=2, trust_env=False).is_success:
                return True
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    return False
