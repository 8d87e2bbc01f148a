"""The screens about who somebody is, as they come to whoever invites, is invited, or is refused."""

import re
from collections.abc import AsyncIterator

from playwright.async_api import Browser, Page

from tests.e2e.phone import Phone

Shown = tuple[str, Page]
_REFUSALS = ("test_identity", "provider_unreachable", "not_in_directory", "no_rpps")


async def identity(nurse: Phone, browser: Browser) -> AsyncIterator[Shown]:
    """All of them; the nurse is left at her discussions."""
    stranger = await Phone.new(browser, nurse.origin)
    for walk in (invite(nurse, browser), add_device(nurse, browser), be_refused(stranger)):
        async for shown in walk:
            yield shown


async def invite(nurse: Phone, browser: Browser) -> AsyncIterator[Shown]:
    """A guest, from the form to their first screen, and the list with its longer stay."""
    page = nurse.page
    await page.evaluate("location.hash = '#/me/guests'")
    await page.get_by_role("button", name="Inviter un collègue").last.click()
    await page.get_by_label("Prénom").fill("Léa")
    await page.get_by_label("Nom", exact=True).fill("FICTIF-PAYET")
    await page.get_by_role("checkbox").check()
    yield "guest-form", page
    await page.get_by_role("button", name="Créer l'invitation").click()
    link = await page.get_by_label("Lien d'invitation").inner_text()
    yield "guest-invited", page
    await page.get_by_role("button", name="Terminé").click()
    guest = await Phone.new(browser, nurse.origin)
    await guest.page.goto(link)
    await guest.page.get_by_role("heading", name="Bienvenue, Léa").wait_for()
    yield "guest-welcome", guest.page
    await guest.page.get_by_role("button", name="Commencer").click()
    await guest.page.get_by_role("button", name="Activer").wait_for()
    yield "guest-offer", guest.page
    await guest.accept_express_login(is_guest=True)
    await guest.close()
    late = await Phone.new(browser, nurse.origin)
    await late.page.goto(link)
    await late.page.get_by_role("heading", name="ne sert plus").wait_for()
    yield "invitation-over", late.page
    await late.close()
    await page.evaluate("location.hash = '#/me'")
    await page.evaluate("location.hash = '#/me/guests'")
    await page.get_by_role("button", name=re.compile("Prolonger")).wait_for()
    yield "guests", page
    await page.get_by_role("button", name=re.compile("Prolonger")).click()
    yield "guest-prolong", page
    await page.get_by_role("dialog").get_by_role("button", name="Annuler").click()
    await page.evaluate("location.hash = '#/directory'")
    await page.get_by_role("searchbox").fill("léa")
    await page.get_by_role("button", name=re.compile("Léa FICTIF-PAYET")).wait_for()
    yield "directory-guest", page
    await page.get_by_role("button", name=re.compile("Léa FICTIF-PAYET")).click()
    await page.get_by_role("button", name="Vérifier que c'est bien cette personne").click()
    await page.get_by_role("list", name="Chiffres à comparer").wait_for()
    yield "in-person", page
    await page.get_by_role("button", name="Retour").click()
    await page.get_by_role("searchbox").fill("hoarau")
    found = page.get_by_role("list", name="Annuaire")
    await found.get_by_role("button", name="HOARAU").first.click()
    await page.get_by_role("button", name="Inviter sur Lien").click()
    await page.get_by_role("img", name=re.compile("photographier")).wait_for()
    yield "invite-to-lien", page
    await page.evaluate("location.hash = '#/discussions'")


async def add_device(nurse: Phone, browser: Browser) -> AsyncIterator[Shown]:
    """A device's name, and a new one that an old one lets in."""
    page = nurse.page
    await page.evaluate("location.hash = '#/me/devices'")
    await page.get_by_role("button", name=re.compile("Renommer")).first.click()
    await page.get_by_role("dialog").wait_for()
    yield "device-rename", page
    await page.get_by_role("dialog").get_by_role("button", name="Annuler").click()
    tablet = await Phone.new(browser, nurse.origin)
    await tablet.page.goto(tablet.origin)
    await tablet.page.get_by_role("button", name="Avec un appareil que j'ai déjà").click()
    await tablet.page.get_by_text("En attente de votre autre appareil").wait_for()
    yield "device-arrival", tablet.page
    code = await tablet.page.locator(".transfer-code").inner_text()
    await page.get_by_role("button", name="Ajouter un appareil").click()
    await page.get_by_label("Ou recopiez le code affiché").fill(code)
    yield "device-add", page
    await page.get_by_role("button", name="Continuer").click()
    await page.get_by_role("button", name="Ajouter cet appareil").wait_for()
    yield "device-approve", page
    await tablet.close()
    await page.evaluate("location.hash = '#/discussions'")


async def be_refused(stranger: Phone) -> AsyncIterator[Shown]:
    """What a provider's answer may lead to."""
    for code in _REFUSALS:
        await stranger.page.goto(f"{stranger.origin}/?error={code}")
        await stranger.page.get_by_role("heading").first.wait_for()
        yield f"refused-{code.replace('_', '-')}", stranger.page
    await stranger.close()
