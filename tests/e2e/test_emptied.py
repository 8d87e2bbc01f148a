"""Never locked: a browser that lost everything, and a phone that was away for three weeks."""

import re
from pathlib import Path

from playwright.async_api import Browser, FilePayload, expect

from lien.client import Client
from lien.ids import RppsNumber
from tests.e2e.looking import picture
from tests.e2e.phone import Phone
from tests.e2e.test_devices import open_devices, with_code
from tests.e2e.test_pin import COUNT_RECORDS, PIN, type_pin, with_pin
from tests.running import RunningServer, deployed
from tests.twelve.record import DAY_MS
from tests.twelve.world import MovedClock

DOCTOR, NURSE = "FICTIF-ABDOULA", "FICTIF-BARRET"
COLLEAGUE, COLLEAGUE_NUMBER = "FICTIF-MOUTOUSSAMY", RppsNumber("99000000077")
KEPT_DAYS = 14
BEFORE, UNSEEN, LATER, LAST = "avant", "jamais arrivé", "dans les temps", "après le retrait"


async def test_emptied_and_three_weeks_away_everything_within_retention_opens(
    browser: Browser, tmp_path: Path
) -> None:
    clock = MovedClock(tmp_path)
    settings = {"LIEN_SIGN_INS_PER_ADDRESS": "600", "LIEN_RETENTION_DAYS": str(KEPT_DAYS)}
    with deployed(1, **settings, **clock.environment) as server:
        doctor = await with_pin(await Phone.new(browser, server.origin), DOCTOR)
        nurse = await Phone.new(browser, server.origin)
        code = await with_code(nurse, NURSE)
        await nurse.write_to(DOCTOR, BEFORE)
        await doctor.open_discussion(NURSE)
        await doctor.expect_messages(BEFORE)
        await doctor.page.close()  # for three weeks
        async with await Client.enrol(server.origin, COLLEAGUE_NUMBER):
            pass
        await nurse.write(UNSEEN)
        await found_group(nurse)

        clock.advance(18)
        erase_what_is_over(server, clock)
        await nurse.page.reload()
        await nurse.unlock()
        await change_group(nurse)
        await nurse.open_discussion(DOCTOR)
        await nurse.write(LATER)
        await send_photograph(nurse)

        for way in ("passkey", "code"):
            await empty(nurse)
            await come_back(nurse, code if way == "code" else None)
            await nurse.open_discussion(DOCTOR)
            await nurse.expect_messages(LATER)
            await see_photograph(nurse)
            await nurse.page.get_by_role("button", name="Retour").click()
        await remove_old_devices(nurse)
        await nurse.open_discussion(DOCTOR)
        await nurse.write(LAST)
        await nurse.expect_messages(LATER, LAST)
        # With new keys, and before three days end the session.
        sent = nurse.page.locator("li", has_text=LAST).get_by_text("Envoyé")
        await expect(sent).to_be_attached()

        clock.advance(3)
        doctor = await Phone.of(doctor.context, server.origin)
        await doctor.page.goto(server.origin)
        await type_pin(doctor.page, PIN)
        await doctor.open_discussion("Équipe")
        await doctor.expect_messages("groupe, sans elle")
        await doctor.page.get_by_role("button", name="Retour").click()
        await doctor.open_discussion(NURSE)
        await doctor.expect_messages(LATER, LAST)
        await see_photograph(doctor)
        await doctor.page.get_by_text("s'effacent après 14 jours").wait_for()
        await doctor.page.get_by_text("cet appareil ne les a pas reçus").wait_for()
        await picture(doctor, "missed")
        await nurse.close()
        await doctor.close()


def erase_what_is_over(server: RunningServer, clock: MovedClock) -> None:
    """The horizon moves an hour at a time, against clocks that jump: here it catches up."""
    horizon = clock.now_ms() - KEPT_DAYS * DAY_MS
    with server.store() as store:
        for shard in store.scan_iter(match="*:shard"):
            store.hset(shard, mapping={"horizon": horizon, "swept": 0})
    server.stop()
    server.start()  # which begins with a sweep


async def found_group(nurse: Phone) -> None:
    page = nurse.page
    await page.get_by_role("button", name="Retour").click()
    await page.get_by_role("button", name="Nouvelle discussion").click()
    await page.get_by_role("button", name="Nouveau groupe").click()
    for member in (DOCTOR, COLLEAGUE):
        await page.get_by_role("searchbox").fill(member)
        await page.get_by_role("button", name=member).first.click()
    await page.get_by_role("button", name="Continuer").click()
    await page.get_by_label("Nom du groupe").fill("Équipe")
    await page.get_by_role("button", name="Créer le groupe").click()
    await nurse.write("groupe, avec elle")
    await nurse.expect_messages("groupe, avec elle")


async def change_group(nurse: Phone) -> None:
    """A member leaves, so that the keys turn while the doctor is away."""
    page = nurse.page
    await page.get_by_role("button", name="Voir les membres").click()
    await page.get_by_role("button", name=re.compile(f"Actions.*{COLLEAGUE}")).click()
    await page.get_by_role("dialog").get_by_role("button", name="Retirer").click()
    await page.get_by_role("dialog").get_by_role("button", name="Retirer").click()
    await page.get_by_role("button", name="Retour").click()
    await nurse.write("groupe, sans elle")
    await nurse.expect_messages("groupe, sans elle")
    await page.get_by_role("button", name="Retour").click()


async def send_photograph(phone: Phone) -> None:
    page = phone.page
    seen = await page.screenshot()
    await page.get_by_role("button", name="Appareil photo").click()
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Choisir une photo du téléphone").click()
    await (await choosing.value).set_files(
        FilePayload(name="photo.png", mimeType="image/png", buffer=seen)
    )
    await page.get_by_role("button", name="Envoyer 1 photo").click()
    await page.locator(".media-picture img").wait_for()
    await expect(page.get_by_text("Envoyé").last).to_be_attached()


async def see_photograph(phone: Phone) -> None:
    """The whole of it, not what came inside the message."""
    await phone.page.get_by_role("button", name="Voir la photo").click()
    await phone.page.locator(".viewer-image:not(.is-small)").wait_for()
    await phone.page.get_by_role("button", name="Fermer").click()


async def empty(phone: Phone) -> None:
    """As a browser does that needs room, or somebody who clears its data."""
    cdp = await phone.context.new_cdp_session(phone.page)
    assert await phone.page.evaluate(COUNT_RECORDS) > 0
    await phone.page.goto("about:blank")
    await cdp.send("Storage.clearDataForOrigin", {"origin": phone.origin, "storageTypes": "all"})
    await phone.page.goto(phone.origin)
    await phone.page.get_by_role("button", name="Pro Santé Connect").wait_for()
    assert await phone.page.evaluate(COUNT_RECORDS) == 0


async def come_back(phone: Phone, code: str | None) -> None:
    page = phone.page
    if code is None:
        await page.get_by_role("button", name="Utiliser ma connexion express").click()
    else:
        await phone.identify(NURSE)
        await page.get_by_role("button", name="J'ai mon code de secours").click()
        await page.get_by_label("Code de secours").fill(code)
        await page.get_by_role("button", name="Ouvrir mon compte").click()
    await page.get_by_role("button", name="Commencer").click()
    if code is not None:
        await page.get_by_role("button", name="Plus tard").click()
    await expect(page.get_by_role("heading", name="Discussions")).to_be_visible()


async def remove_old_devices(phone: Phone) -> None:
    """What was emptied is still in the list, twice."""
    await open_devices(phone)
    remove = phone.page.get_by_role("list", name="Appareils et connexions").get_by_role(
        "button", name="Retirer"
    )
    for left in (1, 0):
        await remove.first.click()
        await phone.page.get_by_role("dialog").get_by_role("button", name="Retirer").click()
        await expect(remove).to_have_count(left)
    await phone.page.evaluate("location.hash = '#/discussions'")
