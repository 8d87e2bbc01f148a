"""2G at the edge of a cirque, with losses: one opens, reads, writes; a picture waits for words."""

from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.e2e.network import Network
from tests.e2e.phone import Phone
from tests.running import RunningServer

DOCTOR, NURSE = "FICTIF-ABDOULA", "FICTIF-BARRET"
TEXT_BYTES = 2_000
LONG = "Pansement refait ce matin, plaie propre, pas de fièvre. Je repasse demain avec le docteur."


async def test_one_works_on_2g_with_losses(
    browser: Browser, server: RunningServer, tmp_path: Path
) -> None:
    async with Network() as network:
        doctor = await Phone.new(browser, server.origin)
        nurse = await Phone.new(browser, server.origin, proxy=network.proxy)
        for phone, name in ((doctor, DOCTOR), (nurse, NURSE)):
            await phone.sign_in(name)
            await phone.accept_express_login()
        await doctor.write_to(NURSE, "avant")
        await nurse.open_discussion(DOCTOR)
        await nurse.expect_messages("avant")
        # The application itself is on the phone.
        await nurse.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        photograph = tmp_path / "photo.png"
        photograph.write_bytes(await nurse.messages.last.screenshot())

        await network.quiet()
        before = network.bytes
        await nurse.write(LONG)
        await expect(nurse.page.get_by_role("img", name="Lu")).to_have_count(1)
        assert 256 < network.bytes - before < TEXT_BYTES, network.bytes - before

        network.worsen()
        await nurse.page.reload()
        await nurse.unlock()
        await nurse.expect_messages("avant", LONG)
        await nurse.write("du fond")
        await expect(nurse.page.get_by_role("img", name="En attente du réseau")).to_have_count(1)
        await doctor.expect_messages("avant", LONG, "du fond")

        # Under a bridge: both wait, and it is said.
        await network.cut()
        await choose_photograph(nurse.page, photograph)
        await nurse.write("les mots d'abord")
        await expect(nurse.page.get_by_text("pas encore envoyé")).to_be_visible()
        network.restore()
        await doctor.expect_messages("avant", LONG, "du fond", "les mots d'abord")
        bubbles = doctor.page.get_by_role("region", name="Messages").locator("li")
        await doctor.page.locator(".media-picture img").wait_for()
        # It was chosen first and came last.
        await expect(bubbles.last.locator(".media-picture")).to_have_count(1)
        await nurse.close()
        await doctor.close()


async def choose_photograph(page: Page, photograph: Path) -> None:
    await page.get_by_role("button", name="Appareil photo").click()
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Choisir une photo du téléphone").click()
    await (await choosing.value).set_files(photograph)
    sending = page.get_by_role("button", name="Envoyer 1 photo")
    await sending.click()
    await expect(sending).to_have_count(0)
