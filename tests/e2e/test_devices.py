"""Several devices of one person: told of each other, named, removed, none locked out."""

from playwright.async_api import Browser, expect

from tests.e2e.phone import Phone
from tests.e2e.test_pin import expect_nothing_kept
from tests.running import RunningServer

DOCTOR, NURSE = "FICTIF-ABDOULA", "FICTIF-BARRET"


async def with_code(phone: Phone, name: str) -> str:
    """Sign in, turn express login on, make a recovery code; the code."""
    await phone.sign_in(name)
    await phone.page.get_by_role("button", name="Activer").click()
    await phone.page.get_by_role("button", name="Créer mon code").click()
    code = await phone.recovery_code()
    await phone.page.get_by_role("button", name="C'est noté").click()
    return code


async def open_with_code(phone: Phone, name: str, code: str) -> Phone:
    """A further device of the same person, with a passkey of its own."""
    await phone.identify(name)
    await phone.page.get_by_role("button", name="J'ai mon code de secours").click()
    await phone.page.get_by_label("Code de secours").fill(code)
    await phone.page.get_by_role("button", name="Ouvrir mon compte").click()
    await phone.page.get_by_role("button", name="Commencer").click()
    await phone.page.get_by_role("button", name="Activer").click()
    await expect(phone.page.get_by_role("heading", name="Discussions")).to_be_visible()
    return phone


async def open_devices(phone: Phone) -> None:
    await phone.page.get_by_role("navigation").get_by_role("button", name="Moi").click()
    await phone.page.get_by_role("button", name="Appareils et connexions").click()


async def test_devices_are_told_named_signed_out_and_removed_and_no_other_is_locked_out(
    browser: Browser, server: RunningServer
) -> None:
    doctor = await Phone.new(browser, server.origin)
    await doctor.sign_in(DOCTOR)
    await doctor.accept_express_login()
    first = await Phone.new(browser, server.origin)
    code = await with_code(first, NURSE)
    await first.write_to(DOCTOR, "un")
    await first.page.get_by_role("button", name="Retour").click()

    # A second device: the first is told at once, and looks.
    second = await open_with_code(await Phone.new(browser, server.origin), NURSE, code)
    await first.page.get_by_text("Connexion express ajoutée sur").wait_for()
    await first.page.get_by_role("button", name="Voir", exact=True).click()
    await expect(first.page.get_by_text("Appareil ajouté")).to_be_visible()
    await expect(first.page.get_by_role("button", name="Voir", exact=True)).to_have_count(0)
    await first.page.get_by_role("button", name="Ce n'était pas vous ?").click()

    # A name, and a sign-out that erases nothing.
    devices = first.page.get_by_role("list", name="Appareils et connexions")
    await devices.get_by_role("button", name="Renommer").last.click()
    await first.page.get_by_label("Nom de l'appareil").fill("Tablette du cabinet")
    await first.page.get_by_role("button", name="Enregistrer").click()
    await devices.get_by_role("button", name="Déconnecter Tablette du cabinet").click()
    await first.page.get_by_role("dialog").get_by_role("button", name="Déconnecter").click()
    await second.page.get_by_role("button", name="Déverrouiller").click()
    await second.open_discussion(DOCTOR)
    await second.expect_messages("un")

    # A third, with a passkey of its own, then removes the first. The second, whose passkey the
    # third has never seen, reads on.
    third = await open_with_code(await Phone.new(browser, server.origin), NURSE, code)
    await open_devices(third)
    devices = third.page.get_by_role("list", name="Appareils et connexions")
    await devices.get_by_role("button", name="Retirer").first.click()
    await third.page.get_by_role("dialog").get_by_role("button", name="Retirer").click()
    await first.page.get_by_text("Cet appareil a été retiré").wait_for()
    await expect_nothing_kept(first)
    await third.page.get_by_role("heading", name="Appareils retirés").wait_for()
    await doctor.open_discussion(NURSE)
    await doctor.write("deux")
    await second.expect_messages("un", "deux")
    await second.page.reload()
    await second.unlock()
    await second.expect_messages("un", "deux")
    await second.write("trois")
    await doctor.expect_messages("un", "deux", "trois")

    # Locked when it was removed, the second is emptied by the next who opens it.
    await second.page.evaluate("localStorage.setItem('planted', 'FICTIF')")
    await second.page.reload()
    await devices.get_by_role("button", name="Retirer").first.click()
    await third.page.get_by_role("dialog").get_by_role("button", name="Retirer").click()
    await expect(devices.get_by_role("button", name="Retirer")).to_have_count(0)
    await second.unlock()
    await second.page.get_by_text("Cet appareil a été retiré").wait_for()
    await expect_nothing_kept(second)
    for phone in (first, second, third, doctor):
        await phone.close()
