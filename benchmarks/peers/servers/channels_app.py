# mypy: ignore-errors
"""Rooms by path, as groups: what one says goes to all others, the sender is told "ack"."""

import os

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

settings.configure(
    SECRET_KEY="a benchmark has no secrets",
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [os.environ["STORE_URL"]], "capacity": 10_000},
        }
    },
)
django.setup()


class _Talk(AsyncWebsocketConsumer):
    async def connect(self):
        self.room = self.scope["url_route"]["kwargs"]["room"]
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.room, self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        event = {"type": "told", "data": bytes_data, "by": self.channel_name}
        await self.channel_layer.group_send(self.room, event)
        await self.send(text_data="ack")

    async def told(self, event):
        if event["by"] != self.channel_name:
            await self.send(bytes_data=event["data"])


app = ProtocolTypeRouter({"websocket": URLRouter([path("<room>", _Talk.as_asgi())])})
