"""Connections that only answer pings: memory and CPU of each."""

import asyncio

from benchmarks.deployment import Deployment
from benchmarks.figures import Figures, Size, micros, say
from benchmarks.load import Device, connect_all
from benchmarks.people import Person, Territory

_PING_SECONDS = 26  # one turn of the wheel and a little


async def run(deployment: Deployment, size: Size) -> Figures:
    """Authenticated connections that do nothing but answer pings."""
    async with Territory(deployment) as territory:
        say("100 connections to warm up")
        warm = _strangers(deployment, territory, 100)
        await connect_all(warm)
        for device in warm:
            device.abort()
        deployment.settle()
        before_kib = deployment.memory_kib()
        say(f"{size.connections} connections")
        used_before = deployment.usage()
        devices = _strangers(deployment, territory, size.connections)
        await connect_all(devices)
        deployment.settle()
        connecting = deployment.usage() - used_before
        grown_kib = deployment.memory_kib() - before_kib
        say("pings and pongs")
        used_before = deployment.usage()
        await asyncio.sleep(_PING_SECONDS)
        pinging = deployment.usage() - used_before
        lost = sum(device.is_over for device in devices)
    return {
        "connections": len(devices),
        "lost": lost,
        "memory_growth_kib": grown_kib,
        "bytes_per_connection": round(grown_kib * 1024 / len(devices)),
        "server_us_per_connect": micros(connecting.server, len(devices)),
        "server_us_per_connection_second": micros(pinging.server, len(devices) * _PING_SECONDS),
    }


def _strangers(deployment: Deployment, territory: Territory, count: int) -> list[Device]:
    """Devices of as many accounts, with sessions; connecting needs no store, so none is there."""
    people = [Person() for _ in range(count)]
    return [Device(one, deployment.origin, territory.cookie(one)) for one in people]
