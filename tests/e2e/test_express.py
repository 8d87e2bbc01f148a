"""Express login and what replaces it: a recovery code, and a phone fresh out of the box."""

from playwright.async_api import Browser, expect

from tests.e2e.phone import Phone
from tests.running import RunningServer

DOCTOR = "FICTIF-ABDOULA"
NURSE = "FICTIF-BARRET"


async def signed_in(phone: Phone, name: str) -> Phone:
    """Someone who has signed in and turned express login on."""
    await phone.sign_in(name)
    await phone.accept_express_login()
    return phone


async def test_a_fresh_phone_opens_old_messages_with_the_recovery_code(
    browser: Browser, server: RunningServer
) -> None:
    doctor = await signed_in(await Phone.new(browser, server.origin), DOCTOR)
    nurse = await Phone.new(browser, server.origin)
    await nurse.sign_in(NURSE)
    await nurse.page.get_by_role("button", name="Activer").click()
    await nurse.page.get_by_role("button", name="Créer mon code").click()
    code = await nurse.recovery_code()
    await nurse.page.get_by_role("button", name="C'est noté").click()
    await doctor.write_to(NURSE, "Bonjour, le pansement est refait.")
    await nurse.open_discussion(DOCTOR)
    await nurse.expect_messages("Bonjour, le pansement est refait.")
    await nurse.close()  # and lost

    # No passkey on the new phone: the provider's word and the paper.
    found = await Phone.new(browser, server.origin)
    await found.identify(NURSE)
    await found.page.get_by_role("button", name="J'ai mon code de secours").click()
    field = found.page.get_by_label("Code de secours")
    await field.fill(code[:-1] + ("1" if code[-1] != "1" else "2"))
    await found.page.get_by_role("button", name="Ouvrir mon compte").click()
    await expect(found.page.get_by_role("alert")).to_contain_text("Ce code n'ouvre pas")
    await field.fill(code.replace("-", " ").lower())
    await found.page.get_by_role("button", name="Ouvrir mon compte").click()
    await found.page.get_by_role("button", name="Commencer").click()
    await found.page.get_by_role("button", name="Plus tard").click()

    await found.open_discussion(DOCTOR)
    await found.expect_messages("Bonjour, le pansement est refait.")
    await found.write("Merci, avec mon nouveau téléphone.")
    await doctor.expect_messages(
        "Bonjour, le pansement est refait.", "Merci, avec mon nouveau téléphone."
    )
    await found.close()
    await doctor.close()


async def test_a_new_code_in_the_settings_replaces_the_one_before(
    browser: Browser, server: RunningServer
) -> None:
    nurse = await signed_in(await Phone.new(browser, server.origin), NURSE)
    await nurse.page.get_by_role("navigation").get_by_role("button", name="Moi").click()
    await nurse.page.get_by_role("button", name="Code de secours").click()
    await nurse.page.get_by_text("pas encore de code").wait_for()
    await nurse.page.get_by_role("button", name="Créer mon code").click()
    first = await nurse.recovery_code()
    await nurse.page.get_by_role("button", name="C'est noté").click()
    await nurse.page.get_by_role("button", name="Créer un nouveau code").click()
    second = await nurse.recovery_code()
    assert first != second
    await nurse.close()

    found = await Phone.new(browser, server.origin)
    await found.identify(NURSE)
    await found.page.get_by_role("button", name="J'ai mon code de secours").click()
    for code, outcome in ((first, "Ce code n'ouvre pas"), (second, "Ravi de vous revoir")):
        await found.page.get_by_label("Code de secours").fill(code)
        await found.page.get_by_role("button", name="Ouvrir mon compte").click()
        await found.page.get_by_text(outcome).wait_for()
    await found.close()


async def test_a_device_that_does_not_know_the_person_opens_nothing(
    browser: Browser, server: RunningServer
) -> None:
    """User verification is required everywhere; and a second passkey opens the same device."""
    nurse = await Phone.new(browser, server.origin)
    page = nurse.page
    await nurse.sign_in(NURSE)
    await nurse.lend()
    await page.get_by_role("button", name="Activer").click()
    await expect(page.get_by_role("alert")).to_contain_text("Rien n'a changé")
    await nurse.unplug_key(nurse.authenticator)
    nurse.authenticator = await nurse.plug_key("internal")
    await nurse.accept_express_login()

    await page.get_by_role("navigation").get_by_role("button", name="Moi").click()
    await page.get_by_role("button", name="Connexion express").click()
    more = page.get_by_role("button", name="Ajouter un autre moyen")
    await more.click()
    await page.get_by_text("Cet appareil a déjà une connexion express.").wait_for()
    key = await nurse.plug_key()
    await nurse.touch(is_touched=False)
    await more.click()
    await expect(page.get_by_role("button", name="Supprimer")).to_have_count(2)
    await nurse.unplug_key(key)
    await nurse.touch(is_touched=True)

    await page.reload()
    await nurse.unlock()
    await page.get_by_role("heading", name="Connexion express", exact=True).wait_for()
    await page.reload()
    await nurse.lend()
    await nurse.unlock()
    await expect(page.get_by_role("alert")).to_contain_text("Rien n'a changé")
    await page.get_by_role("button", name="Déverrouiller", exact=True).wait_for()
    await nurse.close()


async def test_with_nothing_left_a_person_begins_again_and_colleagues_see_it(
    browser: Browser, server: RunningServer
) -> None:
    doctor = await signed_in(await Phone.new(browser, server.origin), DOCTOR)
    nurse = await signed_in(await Phone.new(browser, server.origin), NURSE)
    await nurse.write_to(DOCTOR, "avant")
    await doctor.open_discussion(NURSE)
    await doctor.expect_messages("avant")
    await doctor.page.get_by_role("button", name=NURSE).first.click()
    await doctor.page.get_by_role("button", name="Vérifier que c'est bien cette personne").click()
    await doctor.page.get_by_role("button", name="Nous avons comparé").click()
    await doctor.page.get_by_text("Vérifié en personne le").wait_for()
    await doctor.page.get_by_role("button", name="Retour").click()
    await doctor.page.get_by_role("button", name="Retour").click()
    await nurse.close()  # and lost, with its only passkey; there is no code

    found = await Phone.new(browser, server.origin)
    await found.identify(NURSE)
    await found.page.get_by_role("button", name="Je n'ai plus rien").click()
    await found.page.get_by_text("scellés pour toujours").wait_for()
    action = found.page.get_by_role("button", name="Recommencer à zéro")
    await expect(action).to_be_disabled()
    await found.page.get_by_label("Pour confirmer").fill("recommencer")
    await action.click()
    await found.page.get_by_role("button", name="Commencer").click()
    await found.accept_express_login()
    await found.page.get_by_text("Pas encore de discussion").wait_for()

    await found.write_to(DOCTOR, "après")
    await found.expect_messages("après")
    await doctor.page.get_by_role("list", name="Discussions").get_by_text("après").click()
    await doctor.expect_messages("après")
    await doctor.page.get_by_text("a recommencé avec un nouveau compte").wait_for()
    # Whom they compared with was the one before.
    await doctor.page.get_by_role("button", name=NURSE).first.click()
    await doctor.page.get_by_text("depuis votre vérification").wait_for()
    await expect(doctor.page.get_by_text("Vérifié en personne le")).to_be_hidden()
    await found.close()
    await doctor.close()
