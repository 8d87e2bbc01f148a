"""mosquitto: MQTT 3.1.1 over WebSocket, quality of service 0."""

from typing import ClassVar, Self

from benchmarks.load import Client, masked, upgrade
from benchmarks.peers.installing import debian
from benchmarks.peers.running import Program

# It does not start with listeners for WebSocket alone.
_CONFIG = """\
listener 0 {folder}/socket
listener {port} 127.0.0.1
protocol websockets
allow_anonymous true
max_queued_messages 0
persistence false
sys_interval 0
user root
"""
_CONNACK, _SUBACK = 0x20, 0x90


class Mosquitto(Program):
    name = "mosquitto"
    ack: ClassVar[bytes] = b""

    def __enter__(self) -> Self:
        program, environ, self._version = debian("mosquitto", "mosquitto", "mosquitto")
        config = self.folder / "mosquitto.conf"
        config.write_text(_CONFIG.format(port=self.port, folder=self.folder))
        command = [str(program), "-c", str(config)]
        self.family.start(command, environ=environ, stdout=self.log, stderr=self.log)
        self.await_port()
        return self

    def client(self, room: str, number: int, *, sends: bool) -> Client:
        return _Client(self.port, f"c{number}", "" if sends else room)

    def post(self, room: str, number: int, payload: str) -> bytes:
        return masked(_packet(0x30, _text(room) + payload.encode()))

    def versions(self) -> dict[str, str]:
        return {"mosquitto": self._version}

    def note(self) -> str:
        return "MQTT, QoS 0: nothing kept, no acknowledgement; anonymous"


class _Client:
    def __init__(self, port: int, name: str, topic: str) -> None:
        self.request = upgrade(port, "/mqtt", protocol="mqtt")
        self._name, self._topic = name, topic

    def hear(self, payload: bytes | None) -> bytes | bool:
        if payload is None:  # protocol level 4, clean session, no keep-alive
            return masked(_packet(0x10, _text("MQTT") + b"\x04\x02\0\0" + _text(self._name)))
        if payload[0] == _CONNACK and self._topic:
            return masked(_packet(0x82, b"\0\x01" + _text(self._topic) + b"\0"))
        return payload[0] in (_CONNACK, _SUBACK)


def _packet(kind: int, body: bytes) -> bytes:
    length, left = b"", len(body)
    while True:  # seven bits a byte, the last with the high bit clear (MQTT 3.1.1, 2.2.3)
        left, digit = left >> 7, left & 0x7F
        length += bytes((digit | 0x80 if left else digit,))
        if not left:
            return bytes((kind,)) + length + body


def _text(text: str) -> bytes:
    return len(text).to_bytes(2) + text.encode()
