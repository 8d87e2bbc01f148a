"""A computer without a fingerprint reader: a PIN of six digits, and what wrong ones lead to."""

import re

from playwright.async_api import Browser, Page, expect

from tests.e2e.looking import picture
from tests.e2e.network import Network
from tests.e2e.phone import Phone
from tests.running import RunningServer

DOCTOR, NURSE = "FICTIF-ABDOULA", "FICTIF-BARRET"
# Everything that the databases of this browser profile hold.
COUNT_RECORDS = """async () => {
  const told = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result) })
  let count = 0
  for (const { name } of await indexedDB.databases()) {
    const database = await told(indexedDB.open(name))
    for (const store of database.objectStoreNames) {
      count += await told(database.transaction(store).objectStore(store).count())
    }
    database.close()
  }
  return count
}"""
# The dated time without network is over: the test moves what the browser wrote down.
END_GRACE = """async () => {
  const told = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result) })
  const [{ name }] = await indexedDB.databases()
  const database = await told(indexedDB.open(name))
  const doors = database.transaction("door", "readwrite").objectStore("door")
  const door = await told(doors.get("door"))
  door.pinWrap.grace.untilMs = Date.now()
  await told(doors.put(door))
  database.close()
}"""
# What the page may keep elsewhere; the application itself, which anyone may read, is left out.
KEPT_BESIDE = """async () => [
  ...Object.keys(localStorage),
  ...Object.keys(sessionStorage),
  ...(await caches.keys()).filter((name) => !name.startsWith("lien-")),
]"""
PIN, WRONG, OTHER = "407195", "407196", "860213"
SAID = "Bonjour, le pansement est refait."


async def choose_pin(page: Page, digits: str) -> None:
    """Type a new PIN twice and keep it."""
    await page.get_by_label("Votre code", exact=True).fill(digits)
    await page.get_by_label("Votre code, encore une fois").fill(digits)
    await page.get_by_role("button", name="Utiliser ce code").click()


async def expect_nothing_kept(phone: Phone) -> None:
    """This browser profile was emptied."""
    assert await phone.page.evaluate(COUNT_RECORDS) == 0
    assert await phone.page.evaluate(KEPT_BESIDE) == []


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


async def take_along(page: Page) -> None:
    """What leaves Lien waits for the PIN once more, although the phone was opened just now."""
    await page.get_by_role("button", name=re.compile("Actions sur le message")).dispatch_event(
        "click"
    )
    await page.get_by_role("button", name="Sélectionner").click()
    await page.get_by_role("button", name="PDF signé").click()
    await page.get_by_role("button", name="Enregistrer 1 message").click()
    await type_pin(page, WRONG)
    await expect(page.get_by_text("Encore 9 essais")).to_be_visible()
    await type_pin(page, PIN)
    async with page.expect_download():
        await page.get_by_role("link", name="Enregistrer le fichier").click()
    await page.get_by_role("dialog").get_by_role("button", name="Fermer").click()
    await page.get_by_role("button", name="Ne plus sélectionner").click()


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
    await take_along(nurse.page)

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


async def test_ten_wrong_pins_erase_this_device(browser: Browser, server: RunningServer) -> None:
    """The pauses are hours: the test moves what the server wrote down, nothing of the page."""
    nurse = await with_pin(await Phone.new(browser, server.origin), NURSE)
    page, said = nurse.page, nurse.page.get_by_role("alert")
    await page.reload()
    await page.evaluate("localStorage.setItem('planted', 'FICTIF')")
    assert await page.evaluate(COUNT_RECORDS) > 0
    for left in (9, 8, 7, 6):
        await type_pin(page, WRONG)
        await expect(said).to_contain_text(f"Encore {left} essais.")
    await type_pin(page, WRONG)
    await expect(said).to_contain_text("Attendez 1 minute, jusqu'à")
    await expect(page.get_by_label("Votre code à 6 chiffres")).to_be_disabled()
    await page.reload()
    await type_pin(page, PIN)  # the right one does not help before
    await expect(said).to_contain_text("Attendez 1 minute, jusqu'à")
    await picture(nurse, "lock-pause")

    with server.store() as store:
        (name,) = store.scan_iter("pin:*")
        store.hset(name, mapping={"tries": 8, "until": 0})
    await page.reload()
    await type_pin(page, WRONG)
    await expect(said).to_contain_text("Attendez 3 heures, jusqu'à")
    await expect(said).to_contain_text("Encore 1 essai, puis Lien s'efface de cet appareil.")
    with server.store() as store:
        store.hset(name, "until", 0)
    await page.reload()
    await type_pin(page, WRONG)

    await expect(said).to_contain_text("tout ce que Lien gardait ici a été effacé")
    await page.get_by_role("button", name="Pro Santé Connect").wait_for()
    await expect_nothing_kept(nurse)
    await page.reload()
    await page.get_by_role("button", name="Pro Santé Connect").wait_for()
    await expect(page.get_by_label("Votre code à 6 chiffres")).to_be_hidden()
    await nurse.close()


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
    browser: Browser, own_server: RunningServer
) -> None:
    async with Network() as network:
        nurse = await with_pin(
            await Phone.new(browser, own_server.origin, proxy=network.proxy), NURSE
        )
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

        own_server.stop()
        own_server.environment["LIEN_PIN_OFFLINE_HOURS"] = "12"
        own_server.start()
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
        await nurse.page.get_by_text("Sans réseau aussi, jusqu'au").wait_for()

        # Once that is over, the network is needed again.
        await nurse.page.evaluate(END_GRACE)
        await nurse.page.reload()
        await type_pin(nurse.page, PIN)
        await expect(nurse.page.get_by_role("alert")).to_contain_text("Pas de réseau")
        network.restore()
        await type_pin(nurse.page, PIN)
        await nurse.page.get_by_text("Sans réseau aussi, jusqu'au").wait_for()  # renewed
        await nurse.close()
