"""What two people do with messages every day: answer, react, change, withdraw, take in charge."""

import re

import pytest
from playwright.async_api import Browser, Locator, expect

from lien.crypto.export import BadExport, verify_export
from tests.e2e.phone import Phone
from tests.e2e.pictures import IMAGES
from tests.running import RunningServer

DOCTOR = "FICTIF-ABDOULA"
NURSE = "FICTIF-BARRET"


async def menu(phone: Phone, text: str, action: str) -> None:
    """Do something with a message through the button that a screen reader finds."""
    button = phone.page.get_by_role("button", name=f"Actions sur le message «\u00a0{text}\u00a0»")
    await button.dispatch_event("click")  # out of sight on a touch screen: a long press opens it
    await phone.page.get_by_role("dialog").get_by_role("button", name=action).click()


def line(phone: Phone, text: str) -> Locator:
    """The line of the message with this text."""
    return phone.page.get_by_role("region", name="Messages").locator("li", has_text=text)


async def test_a_shift(browser: Browser, server: RunningServer) -> None:
    doctor = await Phone.new(browser, server.origin)
    nurse = await Phone.new(browser, server.origin)
    for phone, name in ((doctor, DOCTOR), (nurse, NURSE)):
        await phone.sign_in(name)
        await phone.accept_express_login()

    # Urgent in two taps; whoever takes charge is said on both phones and in the list.
    await nurse.write_to(DOCTOR, "Je vous écris pour le lit 4.")
    await nurse.page.get_by_role("button", name="Ce que vous attendez").click()
    await nurse.page.get_by_role("dialog").get_by_role("button", name="Urgent").click()
    await nurse.write("Chute au lit 4")
    await expect(doctor.page.get_by_text("URGENT — à prendre en charge")).to_be_visible()
    await doctor.open_discussion(NURSE)
    await doctor.page.get_by_role("button", name="Prendre en charge").click()
    await expect(doctor.page.get_by_text("Vous avez pris en charge")).to_be_visible()
    await expect(nurse.page.get_by_text("Pris en charge par")).to_be_visible()

    await menu(doctor, "Chute au lit 4", "Répondre")
    await doctor.write("J'arrive")
    await expect(line(nurse, "J'arrive").get_by_text("Chute au lit 4")).to_be_visible()
    await menu(nurse, "J'arrive", "Réagir avec 🙏")
    await expect(doctor.page.get_by_role("list", name="Réactions")).to_contain_text("🙏")

    await menu(nurse, "Chute au lit 4", "Modifier")
    await nurse.page.get_by_label("Votre message").fill("Chute au lit 14")
    await nurse.page.get_by_role("button", name="Enregistrer la modification").click()
    await expect(line(doctor, "Chute au lit 14").first.get_by_text("modifié")).to_be_visible()
    await menu(doctor, "J'arrive", "Supprimer pour tous")
    await doctor.page.get_by_role("dialog").get_by_role("button", name="Supprimer").click()
    region = nurse.page.get_by_role("region", name="Messages")
    await expect(region.get_by_text("Message supprimé")).to_be_visible()

    # The patient is entered by hand and in sight of both.
    await nurse.page.get_by_role("button", name="Actions sur la discussion").click()
    await nurse.page.get_by_role("button", name="Associer un patient").click()
    await nurse.page.get_by_label("Nom de naissance").fill("Payet Fictif")
    await nurse.page.get_by_label("Premier prénom").fill("Jeanne")
    await nurse.page.get_by_label("Date de naissance").fill("12/03/1951")
    await nurse.page.get_by_text("Féminin").click()
    await nurse.page.get_by_role("button", name="Associer", exact=True).click()
    await expect(doctor.page.get_by_role("button", name="PAYET FICTIF Jeanne")).to_be_visible()

    await find(nurse)
    await export(nurse)
    await group_picture(nurse, doctor)
    await doctor.close()
    await nurse.close()


async def find(nurse: Phone) -> None:
    """A word is found in the discussion, and shown where it was said."""
    await nurse.page.get_by_role("button", name="Actions sur la discussion").click()
    await nurse.page.get_by_role("button", name="Chercher dans la discussion").click()
    sheet = nurse.page.get_by_role("dialog")
    await sheet.get_by_role("searchbox").fill("chut")
    await sheet.get_by_role("button", name="Personne").click()
    await (
        nurse.page.get_by_role("dialog", name="Personne").get_by_role("button", name="Vous").click()
    )
    await sheet.get_by_role("button", name="Chute au lit 14").click()
    await expect(nurse.page.locator(".is-shown")).to_contain_text("Chute au lit 14")


async def export(nurse: Phone) -> None:
    """A PDF for the patient's record says who signed it; nobody changes it unseen."""
    await nurse.page.get_by_role("button", name="Actions sur la discussion").click()
    await nurse.page.get_by_role("button", name="Enregistrer des messages en PDF").click()
    await nurse.page.get_by_role("button", name="Choisir les messages").click()
    await nurse.page.get_by_role("checkbox", name="Je vous écris").uncheck()
    async with nurse.page.expect_download() as downloading:
        await nurse.page.get_by_role("button", name=re.compile("^Enregistrer 2 messages")).click()
        await nurse.page.get_by_role("link", name="Enregistrer le fichier").click()
    file = (await (await downloading.value).path()).read_bytes()
    assert file.startswith(b"%PDF-1.7")
    export = verify_export(file)
    assert export.identity is not None
    assert export.identity.family_name == NURSE
    with pytest.raises(BadExport):
        verify_export(file.replace(b"Chute au lit 14", b"Chute au lit 15"))


async def group_picture(nurse: Phone, doctor: Phone) -> None:
    """A group's picture is chosen, seen by its members, and taken away."""
    page = nurse.page
    await page.get_by_role("dialog").get_by_role("button", name="Fermer").click()
    await page.get_by_role("button", name="Retour").click()
    await page.get_by_role("button", name="Nouvelle discussion").click()
    await page.get_by_role("button", name="Nouveau groupe").click()
    await page.get_by_role("searchbox").fill(DOCTOR)
    await page.get_by_role("button", name=DOCTOR).first.click()
    await page.get_by_role("button", name="Continuer").click()
    await page.get_by_label("Nom du groupe").fill("Équipe diabète")
    await page.get_by_role("button", name="Créer le groupe").click()
    await page.get_by_role("heading", name="Équipe diabète").wait_for()
    for action in ("Utiliser cette image", "Retirer l'image"):
        await page.get_by_role("button", name="Actions sur la discussion").click()
        await page.get_by_role("button", name="Image du groupe").click()
        if action != "Retirer l'image":
            await page.get_by_label("Choisir une image").set_input_files(IMAGES / "me.png")
            await page.get_by_label("Agrandir").fill("2")
        await page.get_by_role("button", name=action).click()
        shown = 1 if action == "Utiliser cette image" else 0
        await expect(page.locator(".discussion-header img.avatar")).to_have_count(shown)
        if shown:
            await doctor.page.get_by_role("button", name="Retour").click()
        row = doctor.page.get_by_role("list", name="Discussions").get_by_role("listitem")
        row = row.filter(has_text="Équipe diabète")
        await expect(row).to_be_visible()
        await expect(row.locator("img.avatar")).to_have_count(shown)
