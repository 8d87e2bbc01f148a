"""A deployment with the demo territory, and a browser, for the journeys."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from lien.demo import NAME
from lien.web.assets import BUILT
from tests.e2e.phone import EXPECT_MS
from tests.running import RunningServer

TERRITORY = Path(__file__).parents[2] / "src/lien/demo" / NAME


@pytest.fixture
def server() -> Iterator[RunningServer]:
    """The product as shipped: real Valkey, real PWA, imported directory."""
    assert (BUILT / "index.html").is_file(), "build the PWA first: npm --prefix src/pwa run build"
    folder = Path(tempfile.mkdtemp(prefix="lien-e2e-"))  # short, for the Unix socket's path
    running = RunningServer(folder / "data", LIEN_SIGN_INS_PER_ADDRESS="600")
    running.run("init")
    running.run("directory", "import", str(TERRITORY))
    running.start()
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium, headless."""
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    assert executable, "install Chromium: apt-get install chromium"
    # A sandbox needs a user of its own; tests often run as root in a container.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    expect.set_options(timeout=EXPECT_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        await browser.close()
