"""
Every screen, one after the other, as two people come to it.

What a person reaches by doing something is walked to here; what has an address of its own is read
from the router, so that a new screen is seen without being named.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Browser, Page

from tests.e2e.choosing_tour import choosing
from tests.e2e.identity_tour import identity
from tests.e2e.phone import Phone

NURSE, DOCTOR = "FICTIF-BARRET", "FICTIF-ABDOULA"
_PIN = "407195"
_ROUTER = Path(__file__).parents[2] / "src/pwa/ui/router.ts"
_SAID = (
    "Bonjour docteur, pansement refait chez notre patient de Sainte-Rose. Plaie propre.",
    "Je repasse demain à 9 h, sauf si vous préférez le voir avant.",
)


class Screen(NamedTuple):
    """What is on a phone now."""

    name: str
    page: Page


def addresses() -> list[str]:
    """The screens of the router that need nothing but their address."""
    router = _ROUTER.read_text()
    found = re.findall(r'return "#/([a-z/-]+)"', router)
    assert "discussions" in found
    screens = re.search(r"const meScreens = \[(.*?)\]", router)
    assert screens
    return [*found, *(f"me/{name}" for name in re.findall(r'"(\w+)"', screens[1]))]


async def tour(browser: Browser, origin: str) -> AsyncIterator[Screen]:
    """Each screen stays as it is until the next one is asked for."""
    nurse, doctor = await Phone.new(browser, origin), await Phone.new(browser, origin)
    async for screen in _arrive(nurse):
        yield screen
    async for screen in _arrive_with_pin(doctor):
        yield screen
    async for screen in _talk(nurse, doctor):
        yield screen
    async for screen in _gather(nurse):
        yield screen
    async for screen in _find(nurse):
        yield screen
    async for shown in identity(nurse, browser):
        yield Screen(*shown)
    for address in addresses():
        await nurse.page.evaluate("hash => { location.hash = hash }", f"#/{address}")
        await nurse.page.get_by_role("heading").first.wait_for()
        await nurse.page.wait_for_load_state("networkidle")
        yield Screen(address.replace("/", "-"), nurse.page)
    async for screen in _leave(nurse, doctor):
        yield screen
    async for screen in _come_back(await Phone.new(browser, origin)):
        yield screen
    await nurse.close()
    await doctor.close()


async def _arrive(nurse: Phone) -> AsyncIterator[Screen]:
    page = nurse.page
    await page.goto(nurse.origin)
    await page.get_by_role("button", name="Pro Santé Connect").wait_for()
    yield Screen("sign-in", page)
    await nurse.identify(NURSE)
    await page.get_by_role("button", name="Commencer").wait_for()
    yield Screen("welcome", page)
    await page.get_by_role("button", name="Commencer").click()
    await page.get_by_role("button", name="Activer").wait_for()
    yield Screen("express-offer", page)
    await page.get_by_role("button", name="Activer").click()
    await page.get_by_role("heading", name="Gardez un code de secours").wait_for()
    yield Screen("recovery-offer", page)
    await page.get_by_role("button", name="Créer mon code").click()
    await nurse.recovery_code()
    yield Screen("recovery-code", page)
    await page.get_by_role("button", name="C'est noté").click()
    await page.get_by_text("Pas encore de discussion").wait_for()
    yield Screen("discussions-empty", page)


async def _arrive_with_pin(doctor: Phone) -> AsyncIterator[Screen]:
    page = doctor.page
    await doctor.sign_in(DOCTOR)
    await page.get_by_role("button", name="Plutôt un code à 6 chiffres").click()
    await page.get_by_label("Votre code", exact=True).fill(_PIN)
    yield Screen("pin-choice", page)
    await page.get_by_label("Votre code, encore une fois").fill(_PIN)
    await page.get_by_role("button", name="Utiliser ce code").click()
    await page.get_by_role("button", name="Plus tard").click()
    await page.get_by_text("Pas encore de discussion").wait_for()


async def _talk(nurse: Phone, doctor: Phone) -> AsyncIterator[Screen]:
    page = nurse.page
    await nurse.write_to(DOCTOR, _SAID[0])
    await nurse.write(_SAID[1])
    await doctor.open_discussion(NURSE)
    await doctor.write("Merci. Pas de fièvre ?")
    await nurse.messages.get_by_text("Pas de fièvre").wait_for()
    yield Screen("discussion", page)
    async for screen in _be_absent(doctor):
        yield screen
    await page.locator("#discussion-line").get_by_text("En absence").wait_for()
    await page.get_by_role("button", name="Ce que vous attendez").click()
    await page.get_by_role("dialog").wait_for()
    yield Screen("intent", page)
    await page.get_by_role("dialog").get_by_role("button", name="Urgent").click()
    await page.get_by_text("Appelez le service").wait_for()
    yield Screen("discussion-absent", page)
    await nurse.write("Chute au lit 4")
    await doctor.page.get_by_role("button", name="Prendre en charge").wait_for()
    yield Screen("discussion-urgent", doctor.page)
    # Who has read it is told of one's own messages only.
    actions = page.get_by_role("button", name=re.compile("Actions sur le message.*Je repasse"))
    for action, name in (("Infos", "message-info"), ("Transférer", "forward")):
        await actions.dispatch_event("click")
        dialog = page.get_by_role("dialog")
        await dialog.wait_for()
        if name == "message-info":
            yield Screen("message-menu", page)
        await dialog.get_by_role("button", name=action).click()
        await page.get_by_role("dialog").get_by_role("button", name="Fermer").wait_for()
        yield Screen(name, page)
        await page.get_by_role("dialog").get_by_role("button", name="Fermer").click()
    await page.get_by_role("button", name="Actions sur la discussion").click()
    yield Screen("discussion-menu", page)
    await page.get_by_role("button", name="Associer un patient").click()
    await page.get_by_label("Nom de naissance").fill("Payet Fictif")
    await page.get_by_label("Premier prénom").fill("Jeanne")
    await page.get_by_label("Date de naissance").fill("12/03/1951")
    await page.get_by_text("Féminin").click()
    yield Screen("patient", page)
    await page.get_by_role("button", name="Associer", exact=True).click()
    await page.get_by_role("button", name="PAYET FICTIF Jeanne").wait_for()
    yield Screen("discussion-patient", page)
    await page.get_by_role("button", name="Retour").click()
    async for shown in choosing(nurse, DOCTOR):
        yield Screen(*shown)


async def _be_absent(doctor: Phone) -> AsyncIterator[Screen]:
    page = doctor.page
    await page.evaluate("location.hash = '#/me'")
    await page.get_by_role("button", name="Disponibilité").click()
    await page.get_by_role("dialog").wait_for()
    yield Screen("availability", page)
    absent = page.get_by_role("dialog").get_by_role("group", name="En absence")
    await absent.get_by_role("button").last.click()
    await page.get_by_role("button", name="Qui vous remplace").click()
    await page.get_by_role("dialog").get_by_role("button", name="Personne").wait_for()
    yield Screen("availability-cover", page)
    await page.get_by_role("dialog").get_by_role("button", name="Personne").click()
    yield Screen("me-absent", page)
    await page.evaluate("location.hash = '#/discussions'")
    await doctor.open_discussion(NURSE)


async def _gather(nurse: Phone) -> AsyncIterator[Screen]:
    page = nurse.page
    await page.get_by_role("button", name="Nouvelle discussion").click()
    await page.get_by_role("searchbox").fill("FICTIF")
    await page.get_by_role("button", name="FICTIF-").first.wait_for()
    yield Screen("compose", page)
    await page.get_by_role("searchbox").fill("")
    await page.get_by_role("button", name="Nouveau groupe").click()
    await page.get_by_role("button", name=DOCTOR).first.click()
    yield Screen("group-members", page)
    await page.get_by_role("button", name="Continuer").click()
    await page.get_by_label("Nom du groupe").fill("Équipe de Sainte-Rose")
    yield Screen("group-name", page)
    await page.get_by_role("button", name="Créer le groupe").click()
    await nurse.write("Qui peut passer chez Mme P. ce soir ?")
    yield Screen("group", page)
    await page.get_by_role("button", name="Voir les membres").click()
    await page.get_by_role("heading", name="Membres").wait_for()
    yield Screen("people", page)
    await page.get_by_role("button", name="Ajouter des personnes").click()
    await page.get_by_role("searchbox").wait_for()
    yield Screen("people-add", page)
    await page.evaluate("location.hash = '#/discussions'")


async def _find(nurse: Phone) -> AsyncIterator[Screen]:
    page = nurse.page
    await page.get_by_role("navigation").get_by_role("button", name="Annuaire").click()
    await page.get_by_role("searchbox").fill("hoarau")
    await page.get_by_role("list", name="Annuaire").wait_for()
    yield Screen("directory-found", page)
    await page.get_by_role("list", name="Annuaire").get_by_role("button").first.click()
    await page.get_by_role("heading", name="Fiche professionnelle").wait_for()
    yield Screen("card-of-someone", page)
    await page.get_by_role("button", name="Retour").click()
    await page.get_by_role("searchbox").fill("introuvablement")
    await page.get_by_text("Personne ne correspond").wait_for()
    yield Screen("directory-nobody", page)


async def _leave(nurse: Phone, doctor: Phone) -> AsyncIterator[Screen]:
    page = nurse.page
    await page.evaluate("location.hash = '#/me'")
    await page.get_by_role("button", name="Se déconnecter").click()
    await page.get_by_role("dialog").wait_for()
    yield Screen("confirm", page)
    await page.get_by_role("dialog").get_by_role("button", name="Annuler").click()
    await page.get_by_role("button", name="Verrouiller maintenant").click()
    await page.get_by_role("button", name="Déverrouiller").wait_for()
    yield Screen("lock", page)
    await doctor.page.reload()
    await doctor.page.get_by_label("Votre code à 6 chiffres").fill("407196")
    await doctor.page.get_by_role("alert").wait_for()
    yield Screen("lock-pin", doctor.page)
    await doctor.page.get_by_role("button", name="Je ne peux plus déverrouiller").click()
    yield Screen("lock-forget", doctor.page)


async def _come_back(found: Phone) -> AsyncIterator[Screen]:
    """On a phone that knows nothing."""
    page = found.page
    await found.identify(NURSE)
    await page.get_by_role("button", name="J'ai mon code de secours").wait_for()
    yield Screen("account-exists", page)
    await page.get_by_role("button", name="J'ai mon code de secours").click()
    await page.get_by_label("Code de secours").wait_for()
    yield Screen("recovery-entry", page)
    await page.reload()
    await page.get_by_role("button", name="Je n'ai plus rien").click()
    await page.get_by_text("scellés pour toujours").wait_for()
    yield Screen("fresh-start", page)
    await found.close()
