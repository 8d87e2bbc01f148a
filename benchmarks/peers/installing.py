"""Getting a peer without touching the system: each into a folder of its own, ignored by git."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.figures import say
from benchmarks.subjects import NotInstallable

ROOT: Final = Path(__file__).parent / ".installed"
_SECONDS: Final = 300


def debian(name: str, program: str, *packages: str) -> tuple[Path, dict[str, str], str]:
    """
    A program of Debian's packages, unpacked: its path, the environment it needs, its version.

    Raises: NotInstallable.
    """
    folder = ROOT / name
    if not (folder / "complete").exists():
        if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
            raise NotInstallable("not installable: no apt-get here")
        archives = folder / "archives"
        (archives / "partial").mkdir(parents=True, exist_ok=True)
        say(f"fetching {', '.join(packages)}")
        options = ("-y", "--no-install-recommends", "--download-only")
        places = ("-o", f"Dir::Cache::archives={archives}", "-o", "Debug::NoLocking=1")
        _run(["apt-get", *options, *places, "install", "--reinstall", *packages])
        for archive in archives.glob("*.deb"):
            _run(["dpkg-deb", "-x", str(archive), str(folder)])
        names = sorted(archive.name for archive in archives.glob("*.deb"))
        (folder / "complete").write_text("\n".join(names))
    found = [path for place in ("usr/sbin", "usr/bin") for path in (folder / place).glob(program)]
    if not found:
        raise NotInstallable(f"not installable: no {program} in the packages")
    libraries = ":".join(str(path) for path in folder.glob("usr/lib/*-linux-gnu"))
    version = next(
        text.split("_")[1].replace("%3a", ":")
        for text in (folder / "complete").read_text().splitlines()
        if text.startswith(f"{packages[-1]}_")
    )
    return found[0], {**os.environ, "LD_LIBRARY_PATH": libraries}, version


def npm(name: str, *packages: str) -> tuple[Path, dict[str, str]]:
    """
    A folder with these packages, and their versions; node's own too.

    Raises: NotInstallable.
    """
    folder = ROOT / name
    node = node_program()
    if not (folder / "complete").exists():
        if not shutil.which("npm"):
            raise NotInstallable("not installable: no npm here")
        folder.mkdir(parents=True, exist_ok=True)
        say(f"fetching {', '.join(packages)}")
        quiet = ("--no-audit", "--no-fund", "--ignore-scripts")
        _run(["npm", "install", *quiet, "--prefix", str(folder), *packages])
        (folder / "complete").touch()
    versions = {"node": _output([node, "--version"]).strip().lstrip("v")}
    for package in packages:
        plain = package if package.rfind("@") < 1 else package[: package.rfind("@")]
        described = (folder / "node_modules" / plain / "package.json").read_text()
        versions[plain] = str(json.loads(described)["version"])
    return folder, versions


def node_program() -> str:
    """Raises: NotInstallable."""
    node = shutil.which("node")
    if node is None:
        raise NotInstallable("not installable: no node here")
    return node


def python(name: str, *packages: str) -> tuple[Path, dict[str, str]]:
    """
    A Python with these packages, and their versions.

    Raises: NotInstallable.
    """
    folder = ROOT / name
    program = folder / "bin" / "python"
    if not (folder / "complete").exists():
        say(f"fetching {', '.join(packages)}")
        _run([sys.executable, "-m", "venv", "--clear", str(folder)])
        _run([str(program), "-m", "pip", "install", "--quiet", *packages])
        (folder / "complete").touch()
    code = "import sys, importlib.metadata as m; [print(n, m.version(n)) for n in sys.argv[1:]]"
    said = _output([str(program), "-c", code, *packages])
    return program, dict(line.split() for line in said.splitlines())


def _run(command: Sequence[str], environ: Mapping[str, str] | None = None) -> None:
    try:
        subprocess.run(
            command, env=environ, check=True, capture_output=True, text=True, timeout=_SECONDS
        )
    except subprocess.CalledProcessError as error:
        last = (str(error.stderr or error.stdout).strip().splitlines() or ["no reason given"])[-1]
        raise NotInstallable(f"not installable: {last}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstallable(f"not installable: {error}") from error


def _output(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
