"""Two people verify each other: one compares digits, the other reads the code with the camera."""

import json
import os
import re
import shutil
from pathlib import Path

from playwright.async_api import Browser, Route, async_playwright, expect

from tests.e2e.camera import film
from tests.e2e.looking import picture
from tests.e2e.phone import Phone
from tests.running import RunningServer

DOCTOR, NURSE = "FICTIF-ABDOULA", "FICTIF-BARRET"


async def open_card(phone: Phone, name: str) -> None:
    await phone.page.get_by_role("button", name=name).first.click()
    await phone.page.get_by_role("button", name="Vérifier que c'est bien cette personne").click()


async def digits(phone: Phone) -> list[str]:
    shown = phone.page.get_by_role("list", name="Chiffres à comparer").get_by_role("listitem")
    await shown.first.wait_for()
    return await shown.all_inner_texts()


def account_of(server: RunningServer, name: str) -> str:
    known = json.loads(server.run("account", "list", "--json"))
    return next(str(one["account"]) for one in known if one["name"].startswith(name))


async def be_deceived(phone: Phone, account: str) -> None:
    """A server that leaves out what it once told of a colleague is not believed, and says so."""

    async def shorten(route: Route) -> None:
        await route.fulfill(json={"links": []})

    await phone.context.route(re.compile(f"/api/accounts/{account}/chain"), shorten)
    await phone.page.evaluate("location.hash = '#/discussions'")
    await phone.page.reload()
    await phone.unlock()
    await phone.open_discussion(DOCTOR)
    await phone.page.get_by_text("Nous ne pouvons pas confirmer l'identité").wait_for()
    await expect(phone.page.get_by_role("button", name="Envoyer")).to_have_count(0)
    await picture(phone, "suspended")


async def test_two_people_compare_and_the_card_keeps_it(
    browser: Browser, own_server: RunningServer, tmp_path: Path
) -> None:
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
        nurse = await Phone.new(with_camera, own_server.origin)
        doctor = await Phone.new(browser, own_server.origin)
        for phone, name in ((nurse, NURSE), (doctor, DOCTOR)):
            await phone.sign_in(name)
            await phone.accept_express_login()
        await nurse.write_to(DOCTOR, "bonjour")
        await doctor.open_discussion(NURSE)
        await open_card(nurse, DOCTOR)
        await open_card(doctor, NURSE)
        assert await digits(nurse) == await digits(doctor)

        await film(doctor.page.get_by_role("img", name="Code à montrer"), seen)
        await nurse.page.get_by_role("button", name="Lire son code").click()
        await nurse.page.get_by_text("Vérifié en personne le").wait_for()
        await doctor.page.get_by_role("button", name="Nous avons comparé").click()
        await doctor.page.get_by_text("Vérifié en personne le").wait_for()

        # Her own code is not the doctor's.
        await nurse.page.get_by_role("button", name="Vérifier à nouveau").click()
        await film(nurse.page.get_by_role("img", name="Code à montrer"), seen)
        await nurse.page.get_by_role("button", name="Lire son code").click()
        await nurse.page.get_by_text("Ce n'est pas le code de cette personne").wait_for()
        await be_deceived(nurse, account_of(own_server, DOCTOR))
        await nurse.close()
    await doctor.close()
