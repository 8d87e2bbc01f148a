"""Who one is: a situation chosen at sign-up, a guest invited on a second phone."""

import re

from playwright.async_api import Browser, expect

from tests.e2e.looking import picture
from tests.e2e.phone import Phone
from tests.running import RunningServer

TWO_PLACES = "Solène FICTIF-VITRY"
ONE_PLACE = "Anjali FICTIF-RAMASSAMY"
COLLEAGUE = "Bruno FICTIF-CERVEAUX"  # at the hospital, as the one of two places


async def test_several_situations_are_a_choice(server: RunningServer, browser: Browser) -> None:
    phone = await Phone.new(browser, server.origin)
    page = phone.page
    await phone.identify(TWO_PLACES)
    await expect(page.get_by_role("heading", name="Où exercez")).to_be_visible()
    # Nothing is chosen for the person, and going on without a choice is explained.
    await page.get_by_role("button", name="Continuer", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("Choisissez une situation")
    await page.get_by_role("radio", name=re.compile("HOPITAL FICTIF")).check()
    await page.get_by_role("button", name="Continuer", exact=True).click()
    await expect(page.get_by_text("HOPITAL FICTIF DE L'OUEST")).to_be_visible()
    await page.get_by_role("button", name="Commencer").click()
    await phone.accept_express_login()

    await page.get_by_role("button", name="Moi").click()
    await page.get_by_role("button", name="Ma situation d'exercice").click()
    await page.get_by_role("radio", name=re.compile("IMAGERIE FICTIVE")).check()
    await picture(phone, "situation")
    await page.get_by_role("button", name="Choisir cette situation").click()
    await expect(page.get_by_text("C'est fait")).to_be_visible()
    await phone.close()


async def test_a_guest_is_invited_on_a_second_phone(
    server: RunningServer, browser: Browser
) -> None:
    sponsor = await Phone.new(browser, server.origin)
    await sponsor.sign_in(TWO_PLACES)
    await sponsor.accept_express_login()
    page = sponsor.page
    await page.get_by_role("button", name="Moi").click()
    await page.get_by_role("button", name="Inviter un collègue").click()
    await page.get_by_role("button", name="Inviter un collègue").last.click()
    await page.get_by_label("Prénom").fill("Léa")
    await page.get_by_label("Nom", exact=True).fill("FICTIF-PAYET")
    await page.get_by_role("checkbox").check()
    await page.get_by_role("button", name="Créer l'invitation").click()
    link = await page.get_by_label("Lien d'invitation").inner_text()
    await expect(page.get_by_role("img", name=re.compile("photographier"))).to_be_visible()

    guest = await Phone.new(browser, server.origin)
    await guest.page.goto(link)
    await expect(guest.page.get_by_role("heading", name="Bienvenue, Léa")).to_be_visible()
    assert "invitation" not in guest.page.url
    await guest.page.get_by_role("button", name="Commencer").click()
    await guest.accept_express_login(is_guest=True)

    await be_late(await Phone.new(browser, server.origin), link)

    await page.get_by_role("button", name="Terminé").click()
    await page.get_by_role("button", name="Écrire").click()
    await sponsor.write("Bienvenue")
    await guest.open_discussion("Solène FICTIF-VITRY")
    await guest.expect_messages("Bienvenue")

    await page.get_by_role("button", name="Retour").click()
    await page.get_by_role("button", name="Inviter un collègue").click()
    await page.get_by_role("button", name=re.compile("Prolonger le séjour")).click()
    await page.get_by_role("dialog").get_by_text("6 mois").click()
    await page.get_by_role("dialog").get_by_role("button", name="Prolonger").click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.get_by_role("button", name="Retour").click()
    await page.get_by_role("navigation").get_by_role("button", name="Annuaire").click()
    await page.get_by_role("searchbox").fill("léa secrétaire")
    await page.get_by_role("button", name=re.compile("Léa FICTIF-PAYET Invité")).click()
    await expect(page.get_by_text("Invité par un professionnel")).to_be_visible()
    await page.get_by_role("button", name="Retour").click()
    await page.get_by_role("navigation").get_by_role("button", name="Moi").click()
    await page.get_by_role("button", name="Inviter un collègue").click()
    await give_new_link(sponsor, link)
    await page.get_by_role("button", name=re.compile("Mettre fin")).click()
    await page.get_by_role("button", name="Mettre fin", exact=True).last.click()
    await expect(page.get_by_text("Terminée")).to_have_count(2)
    await sponsor.close()
    await guest.context.close()


async def be_late(late: Phone, link: str) -> None:
    """The link is over; whoever has lost their account is told how to open it again."""
    page = late.page
    await page.goto(link)
    await expect(page.get_by_role("heading", name="ne sert plus")).to_be_visible()
    await page.get_by_role("button", name="Choisir un autre moyen").click()
    await page.get_by_role("button", name="Je n'arrive plus à ouvrir mon compte").click()
    await page.get_by_text("demandez-lui un nouveau lien").wait_for()
    await picture(late, "lost")
    await late.close()


async def give_new_link(sponsor: Phone, link: str) -> None:
    """Nothing opens the guest's account any more: another link, and the account of now is over."""
    page = sponsor.page
    await picture(sponsor, "guests")
    await page.get_by_role("button", name="Créer un nouveau lien pour Léa FICTIF-PAYET").click()
    await page.get_by_role("dialog").get_by_role("button", name="Créer l'invitation").click()
    assert await page.get_by_label("Lien d'invitation").inner_text() != link
    await page.get_by_role("button", name="Terminé").click()
    await expect(page.get_by_text("Terminée")).to_be_visible()


async def test_an_administrator_lets_a_colleague_out(
    server: RunningServer, browser: Browser
) -> None:
    phone, colleague = [await Phone.new(browser, server.origin) for _ in range(2)]
    await colleague.sign_in(COLLEAGUE)
    await colleague.accept_express_login()
    page = phone.page
    await phone.identify(TWO_PLACES)
    await page.get_by_role("radio", name=re.compile("HOPITAL FICTIF")).check()
    await page.get_by_role("button", name="Continuer", exact=True).click()
    await page.get_by_role("button", name="Commencer").click()
    await phone.accept_express_login()
    server.run("account", "grant", "99000000135", "--establishment", "HOPITAL FICTIF DE L'OUEST")
    await page.get_by_role("button", name="Moi").click()
    await page.get_by_role("button", name="Administration").click()
    await expect(page.get_by_role("heading", name="HOPITAL FICTIF DE L'OUEST")).to_be_visible()
    await expect(page.get_by_text("C'est vous")).to_be_visible()
    await expect(page.get_by_text("Aucun invité")).to_be_visible()
    await picture(phone, "administration")

    # Their phone is locked: whoever found it has nothing.
    await page.get_by_role("button", name=f"Déconnecter {COLLEAGUE}").click()
    await page.get_by_role("dialog").get_by_role("button", name="Déconnecter").click()
    unlock = colleague.page.get_by_role("button", name="Déverrouiller")
    await expect(unlock).to_be_visible()

    # Suspended, they are told why they do not come in, and whom to ask.
    await page.get_by_role("button", name=f"Suspendre {COLLEAGUE}").click()
    await page.get_by_role("dialog").get_by_role("button", name="Suspendre").click()
    await expect(page.get_by_text("Suspendu", exact=True)).to_be_visible()
    await expect(page.get_by_role("button", name=f"Suspendre {COLLEAGUE}")).to_have_count(0)
    await unlock.click()
    await expect(colleague.page.get_by_text("Votre compte est suspendu")).to_be_visible()
    await picture(colleague, "suspended")
    await colleague.close()
    await phone.close()
