"""Photographs, files and voices from one phone to another, in a real browser with a fake camera."""

import asyncio
import json
import os
import shutil
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from lien.demo.pdf import a_page
from tests.e2e.looking import picture
from tests.e2e.phone import EXPECT_MS, Phone
from tests.running import RunningServer

ONE = "FICTIF-ABDOULA"
OTHER = "FICTIF-BARRET"


@pytest.fixture
async def cameras() -> AsyncIterator[Browser]:
    """Chromium with a camera and a microphone that are not there."""
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    assert executable, "install Chromium: apt-get install chromium"
    arguments = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    expect.set_options(timeout=EXPECT_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        await browser.close()


async def two(browser: Browser, server: RunningServer) -> tuple[Phone, Phone]:
    one, other = await asyncio.gather(
        *(Phone.new(browser, server.origin, permissions=["camera", "microphone"]) for _ in range(2))
    )
    await one.sign_in(ONE)
    await one.accept_express_login()
    await other.sign_in(OTHER)
    await other.accept_express_login()
    return one, other


async def test_photograph_taken_marked_sent_and_seen(
    cameras: Browser, server: RunningServer
) -> None:
    nurse, doctor = await two(cameras, server)
    await nurse.write_to(OTHER, "Bonjour")
    page = nurse.page

    await page.get_by_role("button", name="Appareil photo").click()
    await expect(page.get_by_text("La photo reste dans Lien")).to_be_visible()
    await expect(page.get_by_role("button", name="Prendre la photo")).to_be_enabled()
    await picture(nurse, "camera")
    await page.get_by_role("button", name="Prendre la photo").click()
    await page.get_by_role("button", name="Tourner").click()
    await page.get_by_role("button", name="Flouter").click()
    await page.get_by_text("Sans glisser le doigt").click()
    await picture(nurse, "blur")
    await page.get_by_role("button", name="Au centre").click()
    await page.get_by_role("button", name="Terminé").click()
    await page.get_by_role("button", name="Flèche").click()
    box = await page.locator(".editor-canvas").bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 40, box["y"] + 60)
    await page.mouse.down()
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
    await page.mouse.up()
    await page.get_by_role("button", name="Terminé").click()
    await page.get_by_label("Zone du corps").fill("Talon droit")
    await page.get_by_label("Accord du patient").select_option("oral")
    await page.get_by_label("Légende").fill("Pansement refait, jour 3")
    await picture(nurse, "review")
    await page.get_by_role("button", name="Envoyer 1 photo").click()

    await expect(page.get_by_role("button", name="Voir la photo")).to_be_visible()
    await expect(page.get_by_text("Pansement refait, jour 3", exact=True)).to_be_visible()
    seen = doctor.page
    await doctor.open_discussion(ONE)
    await expect(seen.get_by_text("Talon droit · Accord oral")).to_be_visible()
    await seen.locator(".media-picture img").wait_for()
    await picture(doctor, "bubble")
    await seen.get_by_role("button", name="Voir la photo").click()
    await seen.locator(".viewer-image:not(.is-small)").wait_for()
    await picture(doctor, "viewer")
    await seen.get_by_role("button", name="Agrandir").click()
    await seen.get_by_role("button", name="Enregistrer hors de Lien").click()
    await picture(doctor, "save")
    async with seen.expect_download() as downloading:
        await seen.get_by_role("button", name="Confirmer et enregistrer").click()
        await seen.get_by_role("link", name="Enregistrer le fichier").click()
    path = await (await downloading.value).path()
    saved = await asyncio.to_thread(path.read_bytes)

    await seen.get_by_role("button", name="Fermer").click()
    await take_all(doctor)
    assert saved[:4] == b"RIFF"
    assert b"Exif" not in saved
    assert (nurse.errors, doctor.errors) == ([], [])


async def take_all(phone: Phone) -> None:
    """What left was traced; then all of it leaves, as an archive that is whole and readable."""
    page = phone.page
    await page.evaluate("location.hash = '#/me/activity'")
    await expect(page.get_by_text("Document enregistré hors de Lien")).to_have_count(1)
    await page.evaluate("location.hash = '#/me/know'")
    await page.get_by_role("button", name="Voir ce qu'elle contiendrait").click()
    await expect(page.get_by_text("2 messages, 1 photo ou fichier, 0 compte rendu")).to_be_visible()
    await picture(phone, "takeaway")
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Confirmer et enregistrer l'archive").click()
        await page.get_by_role("link", name="Enregistrer le fichier").click()
    await expect(page.get_by_text("L'archive est enregistrée")).to_be_visible()
    path = await (await downloading.value).path()
    archive = await asyncio.to_thread(read_archive, path)

    photographs = [name for name in archive if name.endswith(".webp")]
    assert len(photographs) == 1
    assert archive[photographs[0]][:4] == b"RIFF"
    discussion = archive[photographs[0].rsplit("/", 1)[0] + "/index.html"].decode()
    assert "Pansement refait, jour 3" in discussion
    assert "<script" not in discussion
    server = json.loads(archive["lien.json"])
    assert server["activity"][0]["kind"] == "content_released"
    assert b"FICTIF" in archive["index.html"]


def read_archive(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


async def test_file_is_sent_and_its_limit_is_said_before(
    cameras: Browser, server: RunningServer, tmp_path: Path
) -> None:
    nurse, doctor = await two(cameras, server)
    await nurse.write_to(OTHER, "Bonjour")
    page = nurse.page
    small, large = tmp_path / "compte-rendu.pdf", tmp_path / "film.bin"
    letter = tmp_path / "courrier.docx"
    small.write_bytes(a_page("Clinique fictive", "Compte rendu", ["Plaie propre."]))
    letter.write_bytes(b"fictif")
    large.write_bytes(bytes(60_000_000))

    await page.get_by_role("button", name="Joindre").click()
    await picture(nurse, "attach")
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Fichier").click()
    await (await choosing.value).set_files([small, large, letter])
    await expect(page.get_by_text("trop lourd")).to_be_visible()
    await picture(nurse, "files")
    await page.get_by_role("button", name="Envoyer 2 fichiers").click()

    await doctor.open_discussion(ONE)
    seen = doctor.page
    await seen.locator(".media-file").filter(has_text="courrier.docx").click()
    await expect(seen.get_by_text("traitement de texte")).to_be_visible()
    await picture(doctor, "file")
    await seen.get_by_role("button", name="Fermer").click()
    await seen.locator(".media-file").filter(has_text="compte-rendu.pdf").click()
    first = seen.get_by_role("group", name="Page 1 sur 1")
    await expect(first.get_by_text("Plaie propre")).to_be_attached()
    await expect(first.locator("canvas")).to_be_visible()
    await picture(doctor, "pdf")
    assert (nurse.errors, doctor.errors) == ([], [])


async def test_voice_is_heard_before_it_leaves(cameras: Browser, server: RunningServer) -> None:
    nurse, doctor = await two(cameras, server)
    await nurse.write_to(OTHER, "Bonjour")
    page = nurse.page

    await page.get_by_role("button", name="Joindre").click()
    await page.get_by_role("button", name="Message vocal").click()
    await expect(page.get_by_role("button", name="Arrêter")).to_be_enabled()
    await page.wait_for_timeout(1500)
    await picture(nurse, "recording")
    await page.get_by_role("button", name="Arrêter").click()
    await page.get_by_label("Écouter avant d'envoyer").wait_for()
    await picture(nurse, "recorded")
    await page.get_by_role("button", name="Envoyer (").click()

    await doctor.open_discussion(ONE)
    await doctor.page.get_by_role("button", name="Écouter,").click()
    await doctor.page.locator(".media-voice audio").wait_for()
    await picture(doctor, "voice")
    assert (nurse.errors, doctor.errors) == ([], [])


async def test_without_a_camera_the_chooser_says_what_it_costs(
    browser: Browser, server: RunningServer, tmp_path: Path
) -> None:
    nurse = await Phone.new(browser, server.origin)
    doctor = await Phone.new(browser, server.origin)
    await nurse.sign_in(ONE)
    await nurse.accept_express_login()
    await doctor.sign_in(OTHER)
    await doctor.accept_express_login()
    await nurse.write_to(OTHER, "Bonjour")
    page = nurse.page
    photograph = tmp_path / "photo.png"
    photograph.write_bytes(await page.screenshot())

    await page.get_by_role("button", name="Appareil photo").click()
    await expect(page.get_by_text("y reste aussi, hors de Lien")).to_be_visible()
    await picture(nurse, "no-camera")
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Choisir une photo du téléphone").click()
    await (await choosing.value).set_files(photograph)
    await expect(page.get_by_text("peut-être aussi dans votre galerie")).to_be_visible()
    await page.get_by_role("button", name="Envoyer 1 photo").click()

    await doctor.open_discussion(ONE)
    await doctor.page.locator(".media-picture img").wait_for()
