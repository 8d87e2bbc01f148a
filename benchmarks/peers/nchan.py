"""nchan: publish and subscribe inside nginx."""

import shutil
from pathlib import Path
from typing import ClassVar, Final, Self

from benchmarks.load import Client, Silent, masked, upgrade
from benchmarks.peers.installing import debian
from benchmarks.peers.running import Program
from benchmarks.subjects import NotInstallable

# Compiled into nginx: it does not start without it, whatever its configuration says.
_STATE: Final = Path("/var/lib/nginx")
_CONFIG = """\
load_module {modules}/ngx_nchan_module.so;
daemon off;
user root;
worker_processes 1;
pid {folder}/pid;
error_log stderr error;
events {{ worker_connections 16384; }}
http {{
  access_log off;
  nchan_max_reserved_memory 256M;
  nchan_message_buffer_length 100;
  nchan_message_timeout 60s;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location ~ ^/sub/(.+)$ {{ nchan_subscriber websocket; nchan_channel_id $1; }}
    location ~ ^/pub/(.+)$ {{ nchan_publisher websocket; nchan_channel_id $1; }}
  }}
}}
"""


class Nchan(Program):
    name = "nchan"
    # What it tells a publisher after each message.
    ack: ClassVar[bytes] = b"queued messages"

    def __init__(self) -> None:
        super().__init__()
        self._made = False

    def __enter__(self) -> Self:
        program, environ, self._version = debian(
            "nchan", "nginx", "nginx-common", "nginx", "libnginx-mod-nchan"
        )
        try:
            self._made = not _STATE.exists()
            _STATE.mkdir(exist_ok=True)
        except OSError as error:
            raise NotInstallable(f"not installable: needs {_STATE}, which is root's") from error
        modules = program.parents[2] / "usr/lib/nginx/modules"
        config = self.folder / "nginx.conf"
        config.write_text(_CONFIG.format(modules=modules, folder=self.folder, port=self.port))
        command = [str(program), "-p", str(self.folder), "-c", str(config)]
        self.family.start(command, environ=environ, stdout=self.log, stderr=self.log)
        self.await_port()
        return self

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        if self._made:
            shutil.rmtree(_STATE)

    def client(self, room: str, number: int, *, sends: bool) -> Client:
        return Silent(upgrade(self.port, f"/{'pub' if sends else 'sub'}/{room}"))

    def post(self, room: str, number: int, payload: str) -> bytes:
        return masked(payload.encode(), text=True)

    def versions(self) -> dict[str, str]:
        return {"nchan": self._version}

    def note(self) -> str:
        return "in memory, 100 messages kept; no authentication"
