"""A deployment with the demo territory, and a browser, for the journeys."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, async_playwright, expect

from lien.web.assets import BUILT
from tests.e2e.phone import EXPECT_MS
from tests.running import RunningServer, deployed


@pytest.fixture(scope="session")
def town() -> Iterator[RunningServer]:
    """The product as shipped: real Valkey, real PWA, imported directory."""
    assert (BUILT / "index.html").is_file(), "build the PWA first: npm --prefix src/pwa run build"
    with deployed(LIEN_SIGN_INS_PER_ADDRESS="10000") as running:
        yield running


@pytest.fixture
async def server(town: RunningServer) -> AsyncIterator[RunningServer]:
    """The same for many journeys, in which nobody has an account: the ones before are closed."""
    yield town
    await town.close_accounts()


@pytest.fixture
def own_server() -> Iterator[RunningServer]:
    """For a journey that changes more than its people."""
    with deployed(LIEN_SIGN_INS_PER_ADDRESS="600") as running:
        yield running


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
