"""The screens of photographs, files and reports: seen in the gallery, tested elsewhere."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, Page

from lien.demo.documents import make
from lien.demo.pdf import a_page
from tests.e2e.phone import Phone
from tests.gateway.hospital import Hospital
from tests.running import RunningServer

ONE, OTHER, RPPS = "FICTIF-BARRET", "FICTIF-ABDOULA", "99000000184"
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
_REPORTS = 8

Shown = tuple[str, Page]


async def keeping(browser: Browser, server: RunningServer) -> AsyncIterator[Shown]:
    """Two more people, in a browser with a camera that is not there."""
    one, other = await asyncio.gather(
        *(Phone.new(browser, server.origin, permissions=["camera", "microphone"]) for _ in range(2))
    )
    for phone, name in ((one, ONE), (other, OTHER)):
        await phone.sign_in(name)
        await phone.accept_express_login()
    await one.write_to(OTHER, "Bonjour, je vous envoie la plaie de ce matin.")
    await other.open_discussion(ONE)
    for walk in (photograph(one), received(other), files(one), voice(one), reports(other, server)):
        async for shown in walk:
            yield shown
    await one.close()
    await other.close()


async def photograph(phone: Phone) -> AsyncIterator[Shown]:
    """Taken, marked, described, sent."""
    page = phone.page
    await page.get_by_role("button", name="Appareil photo").click()
    await page.get_by_text("La photo reste dans Lien").wait_for()
    yield "camera", page
    await page.get_by_role("button", name="Prendre la photo").click()
    await page.get_by_role("button", name="Tourner").wait_for()
    yield "photo-editor", page
    await page.get_by_role("button", name="Flouter").click()
    yield "photo-blur", page
    await page.get_by_role("button", name="Terminé").click()
    await page.get_by_label("Zone du corps").fill("Talon droit")
    await page.get_by_label("Accord du patient").select_option("oral")
    await page.get_by_label("Légende").fill("Pansement refait, jour 3")
    yield "photo-review", page
    await page.get_by_role("button", name="Envoyer 1 photo").click()
    await page.get_by_role("button", name="Voir la photo").wait_for()


async def received(phone: Phone) -> AsyncIterator[Shown]:
    """The photograph on the other phone."""
    page = phone.page
    await page.locator(".media-picture img").wait_for()
    yield "photo-bubble", page
    await page.get_by_role("button", name="Voir la photo").click()
    await page.locator(".viewer-image:not(.is-small)").wait_for()
    yield "photo-viewer", page
    await page.get_by_role("button", name="Enregistrer hors de Lien").click()
    yield "photo-save", page
    await page.get_by_role("button", name="Annuler").click()
    await page.get_by_role("button", name="Fermer").click()


async def files(phone: Phone) -> AsyncIterator[Shown]:
    """Chosen, one of them too heavy."""
    page = phone.page
    folder = Path(tempfile.mkdtemp(prefix="lien-gal-"))
    small, large = folder / "compte-rendu.pdf", folder / "film.bin"
    small.write_bytes(a_page("Clinique fictive", "Compte rendu", ["Plaie propre."]))
    large.write_bytes(bytes(60_000_000))
    await page.get_by_role("button", name="Joindre").click()
    await page.get_by_role("dialog").wait_for()
    yield "attach", page
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Fichier").click()
    await (await choosing.value).set_files([small, large])
    await page.get_by_text("trop lourd").wait_for()
    yield "files", page
    await page.get_by_role("button", name="Envoyer le fichier").click()
    await page.locator(".media-file").wait_for()
    yield "file-bubble", page
    shutil.rmtree(folder)


async def voice(phone: Phone) -> AsyncIterator[Shown]:
    """Said, and heard before it leaves."""
    page = phone.page
    await page.get_by_role("button", name="Joindre").click()
    await page.get_by_role("button", name="Message vocal").click()
    await page.get_by_role("button", name="Arrêter").click()
    await page.get_by_label("Écouter avant d'envoyer").wait_for()
    yield "voice", page
    await page.get_by_role("button", name="Envoyer (").click()
    await page.get_by_role("button", name="Écouter,").wait_for()
    yield "voice-bubble", page


async def reports(phone: Phone, server: RunningServer) -> AsyncIterator[Shown]:
    """What a hospital sends: the notice, the list, a patient, a report."""
    page = phone.page
    folder = Path(tempfile.mkdtemp(prefix="lien-hos-"))
    hospital = await Hospital.registered(server, folder)
    for number in range(_REPORTS):
        made = make(number, [RPPS], datetime.now(UTC))
        hospital.take(made.data, made.metadata)
    await hospital.deliver()
    await page.get_by_role("status").filter(has_text="Nouveau document").wait_for()
    yield "document-arrived", page
    await page.evaluate("location.hash = '#/patients'")
    patients = page.get_by_role("list", name="Patients").get_by_role("button")
    await patients.first.wait_for()
    yield "patients-list", page
    await patients.first.click()
    documents = page.locator(".pane-detail").get_by_role("list").last.get_by_role("button")
    await documents.first.wait_for()
    yield "patient-timeline", page
    await documents.first.click()
    await page.get_by_role("button", name="Enregistrer").wait_for()
    yield "document", page
    shutil.rmtree(folder, ignore_errors=True)
