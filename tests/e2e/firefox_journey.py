"""
What Firefox does without an authenticator: sign in, a PIN, write, a photograph, no network.

By hand (`scripts/test tests/e2e/firefox_journey.py`), not among the tests: CONTRIBUTING.md.
"""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.firefox import Firefox, FirefoxPage
from tests.running import RunningServer, deployed

DOCTOR, NURSE = "FICTIF-ABDOULA", "FICTIF-BARRET"
PIN = "407195"
SAID, ANSWER = "Pansement refait.", "Merci, je passe."
# The smallest picture there is: one pixel.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_SHOWN = """(text) => [...document.querySelectorAll('.bubble')]
    .some((one) => one.textContent.includes(text))"""


@pytest.fixture
def offline_server() -> Iterator[RunningServer]:
    """One that lets a PIN open its device without network for a while."""
    with deployed(LIEN_SIGN_INS_PER_ADDRESS="600", LIEN_PIN_OFFLINE_HOURS="8") as running:
        yield running


async def sign_in(page: FirefoxPage, origin: str, name: str) -> None:
    await page.goto(origin)
    await page.touch("Pro Santé Connect")
    await page.fill("Nom, profession ou commune", name)
    await page.evaluate("() => { window.isBefore = true }")
    await page.touch("Rechercher")
    await page.until("the answer", "() => window.isBefore === undefined")
    await page.touch(name)
    await page.touch("Commencer")
    await page.touch("Plutôt un code à 6 chiffres")
    await page.fill("Votre code", PIN)
    await page.fill("Votre code, encore une fois", PIN)
    await page.touch("Utiliser ce code")
    await page.touch("Plus tard")
    await page.see("heading", "Discussions")


async def test_firefox_with_a_pin(offline_server: RunningServer, tmp_path: Path) -> None:
    server = offline_server
    photograph = tmp_path / "photo.png"
    photograph.write_bytes(PICTURE)
    async with Firefox.run() as firefox:
        nurse, doctor = await firefox.person(), await firefox.person()
        await sign_in(nurse, server.origin, NURSE)
        await sign_in(doctor, server.origin, DOCTOR)

        await nurse.touch("Nouvelle discussion")
        await nurse.fill("Chercher un professionnel", DOCTOR)
        await nurse.touch(DOCTOR)
        await nurse.fill("Votre message", SAID)
        await nurse.touch("Envoyer")
        await doctor.touch(NURSE)
        await doctor.until(SAID, _SHOWN, SAID)
        await doctor.fill("Votre message", ANSWER)
        await doctor.touch("Envoyer")
        await nurse.until(ANSWER, _SHOWN, ANSWER)

        await nurse.choose_file("input[type=file][accept='image/*']", photograph)
        await nurse.touch("Envoyer 1 photo")
        await doctor.until("the photograph", "() => !!document.querySelector('.media-picture img')")
        await doctor.touch("Voir la photo")
        await doctor.until(
            "it whole", "() => !!document.querySelector('.viewer-image:not(.is-small)')"
        )

        await nurse.evaluate("() => { location.hash = '#/me' }")
        await nurse.touch("Verrouiller maintenant")
        await nurse.fill("Votre code à 6 chiffres", PIN)
        await nurse.see("heading", "Moi")

        server.stop()
        await nurse.reload()
        await nurse.fill("Votre code à 6 chiffres", PIN)
        await nurse.evaluate("() => { location.hash = '#/discussions' }")
        await nurse.touch(DOCTOR)
        await nurse.until("what was said, without network", _SHOWN, ANSWER)
        await nurse.see("text", "Hors ligne")
        server.start()
