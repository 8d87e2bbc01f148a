"""
The pictures of the documentation, taken from the running product: `python -m tests.e2e.pictures`.

Two invented professionals write to each other on a fresh deployment; the screens are saved under
docs/images/. Run it again when a screen changes, and look at what it made.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from lien.demo import NAME
from tests.e2e.phone import Phone
from tests.running import RunningServer

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs/images"
DOCTOR, NURSE = "FICTIF-ABDOULA", "FICTIF-BARRET"
SAID = (
    (1, "Bonjour docteur, pansement refait chez notre patient de Sainte-Rose. Plaie propre."),
    (0, "Merci. Pas de fièvre ?"),
    (1, "37,2 °C ce matin. Je repasse demain à 9 h."),
    (0, "Parfait. Je lui apporte l'ordonnance en fin de tournée."),
)


async def main() -> None:
    """Deploy, write, save the screens."""
    IMAGES.mkdir(exist_ok=True)
    with demonstration() as server:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=shutil.which("chromium"),
                args=["--no-sandbox"] if os.geteuid() == 0 else [],
            )
            await _take(browser, server.origin)
            await browser.close()


@contextmanager
def demonstration() -> Iterator[RunningServer]:
    """A fresh deployment with the demonstration's territory."""
    folder = Path(tempfile.mkdtemp(prefix="lien-pic-"))
    server = RunningServer(folder / "data", LIEN_SIGN_INS_PER_ADDRESS="600")
    server.run("init")
    server.run("directory", "import", str(ROOT / "src/lien/demo" / NAME))
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


async def _take(browser: Browser, origin: str) -> None:
    doctor, nurse = await Phone.new(browser, origin), await Phone.new(browser, origin)
    for phone, name in ((doctor, DOCTOR), (nurse, NURSE)):
        await phone.sign_in(name)
        await phone.accept_express_login()
    await nurse.write_to(DOCTOR, SAID[0][1])
    await doctor.open_discussion(NURSE)
    for author, text in SAID[1:]:
        phone, other = (nurse, doctor) if author else (doctor, nurse)
        await phone.write(text)
        await other.messages.get_by_text(text).wait_for()
    await nurse.page.get_by_role("img", name="Lu").first.wait_for()
    await _save(nurse, "discussion")
    await nurse.page.emulate_media(color_scheme="dark")
    await _save(nurse, "discussion-dark")
    await nurse.page.emulate_media(color_scheme="light")
    await nurse.page.get_by_role("button", name="Retour").click()
    await _save(nurse, "discussions")
    await nurse.page.get_by_role("navigation").get_by_role("button", name="Annuaire").click()
    await nurse.page.get_by_role("searchbox").fill("hoarau")
    await nurse.page.get_by_role("list", name="Annuaire").wait_for()
    await _save(nurse, "directory")
    await nurse.page.get_by_role("navigation").get_by_role("button", name="Moi").click()
    await _save(nurse, "me")


async def _save(phone: Phone, name: str) -> None:
    await phone.page.wait_for_timeout(400)  # transitions of the interface last up to 200 ms
    await phone.page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
