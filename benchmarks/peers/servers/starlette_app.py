"""Rooms by path: what one says goes to all others, the sender is told "ack"."""

from collections import defaultdict

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

_rooms: dict[str, set[WebSocket]] = defaultdict(set)


async def _talk(socket: WebSocket) -> None:
    await socket.accept()
    room = _rooms[socket.path_params["room"]]
    room.add(socket)
    try:
        while True:
            data = await socket.receive_bytes()
            for other in room:
                if other is not socket:
                    await other.send_bytes(data)
            await socket.send_text("ack")
    except WebSocketDisconnect:
        pass
    finally:
        room.discard(socket)


app = Starlette(routes=[WebSocketRoute("/{room}", _talk)])
