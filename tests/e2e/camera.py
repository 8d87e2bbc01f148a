"""A camera that sees one picture: a raw film (YUV4MPEG2) of a few equal frames, for Chromium."""

import asyncio
from pathlib import Path

from playwright.async_api import Locator, expect

WIDTH, HEIGHT, FRAMES = 640, 480, 10


async def film(canvas: Locator, path: Path) -> None:
    """Hold the camera in front of a QR code drawn on another phone's screen."""
    await expect(canvas).not_to_have_attribute("width", "8")  # before it is drawn
    side: int = await canvas.evaluate("canvas => canvas.width")
    greys: list[int] = await canvas.evaluate(
        """canvas => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
            return Array.from({ length: data.length / 4 }, (_, at) => data[at * 4])
        }"""
    )
    shown = HEIGHT - 80
    left, top = (WIDTH - shown) // 2, (HEIGHT - shown) // 2
    luma = bytearray(b"\x80" * (WIDTH * HEIGHT))
    for y in range(shown):
        row = side * (y * side // shown)
        start = (top + y) * WIDTH + left
        luma[start : start + shown] = bytes(greys[row + x * side // shown] for x in range(shown))
    frame = b"FRAME\n" + bytes(luma) + b"\x80" * (WIDTH * HEIGHT // 2)
    header = b"YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\n" % (WIDTH, HEIGHT)
    await asyncio.to_thread(path.write_bytes, header + frame * FRAMES)
