"""A computer without a fingerprint reader: a PIN of six digits, and what wrong ones lead to."""

from playwright.async_api import Browser, Page, expect

from tests.e2e.network import Network
from tests.e2e.phone import Phone
from tests.running import RunningServer

DOCTOR, NURSE = "FICTIF-ABDOULA", "FICTIF-BARRET"
PIN, WRONG, OTHER = "407195", "407196", "860213"
SAID = "Bonjour, le pansement est refait."


async def choose_pin(page: Page, digits: str) -> None:
    """Type a new PIN twice and keep it."""
    await page.get_by_label("Votre code", exact=True).fill(digits)
    await page.get_by_label("Votre code, encore une fois").fill(digits)
    await page.get_by_role("button", name="Utiliser ce code").click()


async def type_pin(page: Page, digits: str) -> None:
    await page.get_by_label("Votre code à 6 chiffres").fill(digits)


async def with_pin(phone: Phone, name: str) -> Phone:
    """Someone who has signed in and chosen a PIN instead of a passkey."""
    await phone.sign_in(name)
    await phone.page.get_by_role("button", name="Plutôt un code à 6 chiffres").click()
    await choose_pin(phone.page, PIN)
    await phone.page.get_by_role("button", name="Plus tard").click()  # the recovery code
    await expect(phone.page.get_by_role("heading", name="Discussions")).to_be_visible()
    return phone


async def test_a_pin_opens_its_device_and_signs_it_in(
    browser: Browser, server: RunningServer
) -> None:
    doctor = await Phone.new(browser, server.origin)
    await doctor.sign_in(DOCTOR)
    await doctor.accept_express_login()
    nurse = await Phone.new(browser, server.origin)
    await nurse.sign_in(NURSE)
    await nurse.page.get_by_role("button", name="Plutôt un code à 6 chiffres").click()
    await choose_pin(nurse.page, "123456")
    await expect(nurse.page.get_by_role("alert")).to_contain_text("trop facile à deviner")
    await choose_pin(nurse.page, PIN)
    await nurse.page.get_by_role("button", name="Plus tard").click()

    await nurse.page.reload()
    await type_pin(nurse.page, WRONG)
    await expect(nurse.page.get_by_role("alert")).to_contain_text("Encore 9 essais")
    await type_pin(nurse.page, PIN)
    await nurse.write_to(DOCTOR, SAID)  # online: the PIN signed the device in
    await doctor.open_discussion(NURSE)
    await doctor.expect_messages(SAID)

    # Another one in the settings; the one before opens nothing any more.
    await nurse.page.get_by_role("button", name="Retour").click()
    await nurse.page.get_by_role("navigation").get_by_role("button", name="Moi").click()
    await nurse.page.get_by_role("button", name="Connexion express").click()
    await nurse.page.get_by_role("button", name="Changer le code").click()
    await choose_pin(nurse.page, OTHER)
    await nurse.page.get_by_text("Le code est enregistré.").wait_for()
    await nurse.page.reload()
    await type_pin(nurse.page, PIN)
    await expect(nurse.page.get_by_role("alert")).to_contain_text("Encore 9 essais")
    await type_pin(nurse.page, OTHER)
    await expect(nurse.page.get_by_role("heading", level=1)).to_be_visible()
    await nurse.close()
    await doctor.close()


async def test_an_authenticator_without_prf_leads_to_a_pin(
    browser: Browser, server: RunningServer
) -> None:
    nurse = await Phone.new(browser, server.origin, has_prf=False)
    await nurse.sign_in(NURSE)
    await nurse.page.get_by_role("button", name="Activer").click()
    await nurse.page.get_by_text("ne peut pas ouvrir Lien avec votre visage").wait_for()
    await choose_pin(nurse.page, PIN)
    await nurse.page.get_by_role("heading", name="Gardez un code de secours").wait_for()
    await nurse.close()


async def test_without_network_a_pin_opens_nothing_unless_the_operator_allows_it(
    browser: Browser, server: RunningServer
) -> None:
    async with Network() as network:
        nurse = await with_pin(await Phone.new(browser, server.origin, proxy=network.proxy), NURSE)
        # The application itself must be there without network.
        await nurse.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        await nurse.page.reload()
        await type_pin(nurse.page, PIN)
        await expect(nurse.page.get_by_role("navigation")).to_be_visible()

        await network.cut()
        await nurse.page.reload()
        await type_pin(nurse.page, PIN)
        await expect(nurse.page.get_by_role("alert")).to_contain_text("Pas de réseau")
        network.restore()

        server.stop()
        server.environment["LIEN_PIN_OFFLINE_HOURS"] = "12"
        server.start()
        await nurse.page.reload()
        await type_pin(nurse.page, PIN)
        await nurse.page.get_by_role("navigation").get_by_role("button", name="Moi").click()
        await nurse.page.get_by_role("button", name="Connexion express").click()
        await nurse.page.get_by_text("Sans réseau aussi, jusqu'au").wait_for()
        await network.cut()
        await nurse.page.reload()
        await type_pin(nurse.page, WRONG)
        await expect(nurse.page.get_by_role("alert")).to_contain_text("Encore 9 essais")
        await type_pin(nurse.page, PIN)
        await expect(nurse.page.get_by_role("heading", level=1)).to_be_visible()
        await nurse.close()
