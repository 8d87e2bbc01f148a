"""A new device let in by an old one: its code before the camera, or typed."""

import os
import shutil
from pathlib import Path

from playwright.async_api import Browser, async_playwright, expect

from tests.e2e.camera import film
from tests.e2e.looking import picture
from tests.e2e.phone import Phone
from tests.e2e.test_pin import PIN, choose_pin
from tests.running import RunningServer

DOCTOR, NURSE = "FICTIF-ABDOULA", "FICTIF-BARRET"


async def show_code(phone: Phone) -> None:
    """A device fresh out of the box, waiting to be let in."""
    await phone.page.goto(phone.origin)
    await phone.page.get_by_role("button", name="Avec un appareil que j'ai déjà").click()
    await phone.page.get_by_text("En attente de votre autre appareil").wait_for()


async def open_adding(phone: Phone) -> None:
    await phone.page.get_by_role("navigation").get_by_role("button", name="Moi").click()
    await phone.page.get_by_role("button", name="Appareils et connexions").click()
    await phone.page.get_by_role("button", name="Ajouter un appareil").click()


async def test_a_new_phone_shows_its_code_to_the_camera_of_the_old_one(
    browser: Browser, server: RunningServer, tmp_path: Path
) -> None:
    doctor = await Phone.new(browser, server.origin)
    await doctor.sign_in(DOCTOR)
    await doctor.accept_express_login()
    seen = tmp_path / "seen.y4m"
    async with async_playwright() as playwright:
        with_camera = await playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=[
                *(["--no-sandbox"] if os.geteuid() == 0 else []),
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-video-capture={seen}",
            ],
        )
        nurse = await Phone.new(with_camera, server.origin)
        await nurse.sign_in(NURSE)
        await nurse.accept_express_login()
        await nurse.write_to(DOCTOR, "avant")
        await nurse.page.get_by_role("button", name="Retour").click()
        tablet = await Phone.new(browser, server.origin)
        await show_code(tablet)
        await film(tablet.page.get_by_role("img", name="Code à montrer"), seen)

        await open_adding(nurse)
        await nurse.page.get_by_text("Il lira tous vos messages").wait_for()
        await nurse.page.get_by_role("button", name="Ajouter cet appareil").click()

        # A PIN at once; a passkey wants the professional account again.
        await tablet.page.get_by_role("button", name="Plutôt un code à 6 chiffres").click()
        await choose_pin(tablet.page, PIN)
        await tablet.page.get_by_role("button", name="Plus tard").click()
        await tablet.open_discussion(DOCTOR)
        await tablet.expect_messages("avant")
        await tablet.write("après")
        await doctor.open_discussion(NURSE)
        await doctor.expect_messages("avant", "après")
        await expect(
            nurse.page.get_by_role("list", name="Appareils et connexions").get_by_role("listitem")
        ).to_have_count(2)
        await nurse.close()
        await tablet.close()
    await doctor.close()


async def test_without_a_camera_the_code_is_typed_and_a_wrong_one_lets_nobody_in(
    browser: Browser, server: RunningServer
) -> None:
    nurse = await Phone.new(browser, server.origin)
    await nurse.sign_in(NURSE)
    await nurse.accept_express_login()
    tablet = await Phone.new(browser, server.origin)
    await show_code(tablet)
    code = (await tablet.page.locator(".transfer-code").inner_text()).replace("-", " ").lower()

    await open_adding(nurse)
    field = nurse.page.get_by_label("Ou recopiez le code affiché")
    await field.fill(code[:-1] + ("1" if code[-1] != "1" else "2"))
    await nurse.page.get_by_role("button", name="Continuer").click()
    await nurse.page.get_by_text("n'est pas celui d'un nouvel appareil").wait_for()
    await field.fill(code)
    await nurse.page.get_by_role("button", name="Continuer").click()
    await nurse.page.get_by_role("button", name="Ajouter cet appareil").click()
    # A device that was let in has no fresh word of the provider: the offer is still there after it.
    await tablet.page.get_by_role("button", name="Activer").click()
    await tablet.page.get_by_text("reconnectez-vous d'abord").wait_for()
    await picture(tablet, "offer-after-sign-in")
    await tablet.page.get_by_role("button", name="Se reconnecter").click()
    await tablet.be_recognised(NURSE)
    await tablet.accept_express_login()
    await tablet.page.reload()
    await tablet.unlock()
    await tablet.page.get_by_role("heading", name="Discussions").wait_for()
    await nurse.close()
    await tablet.close()
