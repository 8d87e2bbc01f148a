"""
Every screen in both themes, as pictures to be looked at: `scripts/gallery`.

Writes gallery/ (ignored by git) with an index.html; nothing is compared, a person looks.
"""

import asyncio
import os
import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final, Literal

from playwright.async_api import Page, async_playwright

from tests.e2e.keeping_tour import CAMERA, keeping
from tests.e2e.pictures import demonstration
from tests.e2e.tour import tour

_FOLDER: Final = Path(__file__).parents[2] / "gallery"
_THEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
_SETTLE_MS: Final = 400  # transitions of the interface last up to 200 ms


async def main() -> None:
    """Walk, save, and write the page that shows them all."""
    shutil.rmtree(_FOLDER, ignore_errors=True)
    _FOLDER.mkdir()
    names: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[*CAMERA, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
        )
        with demonstration() as server:
            async for name, page in tour(browser, server.origin):
                names.append(name)
                await _save(page, name)
        # The same two people on another deployment: with photographs and reports.
        with demonstration() as server:
            async for name, page in keeping(browser, server):
                names.append(name)
                await _save(page, name)
        await browser.close()
    (_FOLDER / "index.html").write_text(_index(names))


async def _save(page: Page, name: str) -> None:
    for theme in _THEMES:
        await page.emulate_media(color_scheme=theme)
        await page.wait_for_timeout(_SETTLE_MS)
        await page.screenshot(path=_FOLDER / f"{name}-{theme}.png")
    await page.emulate_media(color_scheme="light")


def _index(names: Sequence[str]) -> str:
    figures = "".join(
        f'<figure><img loading="lazy" src="{name}-{theme}.png" alt="{name}, {theme}">'
        f"<figcaption>{escape(name)}, {theme}</figcaption></figure>"
        for name in names
        for theme in _THEMES
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Lien, every screen</title>'
        "<style>body{font:14px system-ui;background:#ddd;display:flex;flex-wrap:wrap;gap:16px}"
        "figure{margin:0}img{width:240px;display:block}</style>"
        f"{figures}</html>\n"
    )


if __name__ == "__main__":
    asyncio.run(main())
