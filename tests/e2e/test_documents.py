"""A hospital's reports on a phone: the notice, the first page, what replaces or takes back."""

import asyncio
import base64
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.looking import picture
from tests.e2e.network import Network
from tests.e2e.phone import Phone
from tests.gateway.hospital import Hospital, a_cda, metadata
from tests.running import RunningServer

DOCTOR, RPPS = "FICTIF-ABDOULA", "99000000184"
NURSE, NURSE_RPPS = "FICTIF-BARRET", "99000000325"
SOMEBODY_ELSE = "99000000010"  # has no account here
PATIENT = "FICTIF-HOARAU Jean"


@pytest.fixture
async def hospital(server: RunningServer) -> AsyncIterator[Hospital]:
    """A registered gateway with a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="lien-hos-"))
    yield await Hospital.registered(server, folder)
    shutil.rmtree(folder, ignore_errors=True)


def a_pdf(*lines: str) -> bytes:
    """One page of text (ISO 32000-1, 7.5), with a table of cross-references that is right."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    text = f"BT /F1 14 Tf 60 780 Td 20 TL {shown} ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    written, places = b"%PDF-1.4\n", []
    for number, value in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{value}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size, start = len(objects) + 1, len(written)
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R >>\n"
    return written + f"{end}startxref\n{start}\n%%EOF\n".encode("latin-1")


def with_attachment(letter: bytes) -> bytes:
    """A discharge letter that brings its prescription along."""
    packed = base64.b64encode(a_pdf("ORDONNANCE")).decode()
    media = (
        '<entry><observationMedia classCode="OBS" moodCode="EVN" ID="Ordonnance de sortie"><value'
        f' mediaType="application/pdf" representation="B64">{packed}</value></observationMedia>'
        "</entry>"
    )
    return letter.replace(
        b"</observationMedia></entry>", f"</observationMedia></entry>{media}".encode(), 1
    )


async def deliver(hospital: Hospital, data: bytes, beside: bytes | None = None) -> None:
    """What the hospital drops is on its way until the inbox has it."""
    assert hospital.take(data, beside).reason is None
    await hospital.deliver()


async def close_notice(phone: Phone) -> None:
    """Of what arrived, unless it went by itself."""
    await phone.page.evaluate("document.querySelector('.arrived .icon-button')?.click()")
    await expect(phone.page.locator(".arrived")).to_have_count(0)


async def open_patients(phone: Phone) -> None:
    navigation = phone.page.get_by_role("navigation")
    await navigation.get_by_role("button", name="Patients").click()


async def test_a_report_arrives_live_and_opens_with_one_tap_then_offline(
    browser: Browser, server: RunningServer, hospital: Hospital
) -> None:
    async with Network() as network:
        phone = await Phone.new(browser, server.origin, proxy=network.proxy)
        page = phone.page
        await phone.sign_in(DOCTOR)
        await phone.accept_express_login()

        report = a_pdf("COMPTE RENDU", "Conclusion : examen normal.")
        beside = metadata([RPPS], 801, title="Radiographie du thorax", type="18748-4")
        await deliver(hospital, report, beside)
        notice = page.get_by_role("status").filter(has_text="Nouveau document")
        await expect(notice).to_contain_text(PATIENT)
        await notice.get_by_role("button").first.click()

        # Drawn, and read out: the words of the page stand beside its picture.
        await expect(page.get_by_role("group", name="Page 1 sur 1")).to_contain_text(
            "examen normal"
        )
        drawn = "c => c.width > 100 && c.getContext('2d').getImageData(0, 0, c.width, c.height)"
        canvas = page.locator(".page canvas")
        await expect(canvas).to_be_visible()
        assert await canvas.evaluate(f"{drawn}.data.some((value) => value < 128)")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Radiographie du thorax")
        await expect(page.get_by_role("button", name=PATIENT)).to_be_visible()
        level = page.get_by_role("button", name="Ajuster")
        await page.get_by_role("button", name="Agrandir").click()
        await expect(level).to_have_text("125 %")
        await level.click()
        await phone.pinch(page.get_by_role("region", name="Radiographie du thorax"), 60, 150)
        await expect(level).to_have_text("250 %")
        await level.click()

        # Out of Lien only right after a gesture, and written down when it is taken.
        asked = page.get_by_role("dialog")
        take = page.get_by_role("link", name="Enregistrer le fichier")
        for is_taken in (False, True):
            await page.get_by_role("button", name="Enregistrer").click()
            await expect(asked).to_contain_text("sans protection")
            await asked.get_by_role("button", name="Enregistrer").click()
            await take.wait_for()
            if not is_taken:
                await asked.get_by_role("button", name="Fermer").click()
                await expect(take).to_have_count(0)
        async with page.expect_download() as downloading:
            await take.click()
        download = await downloading.value
        assert download.suggested_filename.endswith("Radiographie du thorax.pdf")
        assert await asyncio.to_thread(Path(await download.path()).read_bytes) == report
        await expect(page.get_by_text("Document enregistré")).to_be_visible()
        await page.evaluate("location.hash = '#/me/traces'")
        traced = page.get_by_role("listitem").filter(has_text="Radiographie du thorax")
        await expect(traced).to_contain_text(["Enregistré", "Ouvert"])
        await page.go_back()

        await network.cut()
        await page.reload()
        await phone.unlock()
        await expect(page.get_by_role("group", name="Page 1 sur 1")).to_contain_text(
            "examen normal"
        )
        await phone.close()


async def test_a_new_version_takes_the_place_of_the_old_and_a_withdrawal_hides_it(
    browser: Browser, server: RunningServer, hospital: Hospital
) -> None:
    phone = await Phone.new(browser, server.origin)
    page = phone.page
    await phone.sign_in(DOCTOR)
    await phone.accept_express_login()
    await deliver(hospital, a_cda(RPPS, number=802))
    await deliver(hospital, with_attachment(a_cda(RPPS, number=802, version=2)))

    await open_patients(phone)
    await page.get_by_role("list", name="Patients").get_by_role("button").click()
    letter = page.get_by_role("list", name="1 document").get_by_role("button")
    await expect(letter).to_contain_text("Lettre de liaison à la sortie")
    await letter.click()
    await expect(page.get_by_text("Version 2")).to_be_visible()
    await expect(page.get_by_role("heading", name="Versions précédentes")).to_be_attached()
    await expect(page.locator(".narrative")).to_be_visible()
    await close_notice(phone)
    await picture(phone, "document")
    await page.get_by_role("button", name="Ordonnance de sortie").click()
    await expect(page.get_by_role("group", name="Page 1 sur 1")).to_contain_text("ORDONNANCE")
    await expect(page.get_by_role("button", name="Enregistrer la pièce jointe")).to_be_visible()

    # It names somebody else now: taken back from who had it.
    await deliver(hospital, a_cda(SOMEBODY_ELSE, number=802, version=3))
    await expect(
        page.get_by_role("alert").filter(has_text="retiré par son expéditeur")
    ).to_be_visible()
    await expect(page.locator(".narrative")).to_have_count(0)
    await phone.close()


async def test_one_number_with_two_birth_dates_is_two_folders_until_the_person_says_otherwise(
    browser: Browser, server: RunningServer, hospital: Hospital
) -> None:
    phone = await Phone.new(browser, server.origin)
    page = phone.page
    await phone.sign_in(DOCTOR)
    await phone.accept_express_login()
    report = a_pdf("COMPTE RENDU")
    await deliver(hospital, report, metadata([RPPS], 803, title="Premier"))
    other = {
        "oid": "1.2.250.1.213.1.4.10",
        "matricule": "185039741102565",
        "birth_name": "FICTIF-HOARAU",
        "first_given_name": "JEAN",
        "birth_given_names": "JEAN PAUL",
        "sex": "M",
        "birth_date": "1985-04-13",
        "birth_place": "97411",
    }
    await deliver(hospital, report, metadata([RPPS], 804, title="Second", patient=other))

    await open_patients(phone)
    rows = page.get_by_role("list", name="Patients").get_by_role("button")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_contain_text("Identité à vérifier")
    await rows.first.click()
    await expect(page.get_by_role("alert").filter(has_text="le même numéro")).to_be_visible()
    cards = page.get_by_role("list", name="document")
    await expect(cards.get_by_role("button")).to_have_count(1)
    await page.get_by_text("1 dossier à ne pas confondre").click()
    await close_notice(phone)
    await picture(phone, "patient-timeline")
    await page.get_by_role("button", name="Même patient").click()
    await page.get_by_role("button", name="Réunir").click()
    await expect(cards.get_by_role("button")).to_have_count(2)
    await page.get_by_role("button", name="Séparer").click()
    await expect(cards.get_by_role("button")).to_have_count(1)
    await phone.close()


async def test_a_report_is_shared_with_whom_the_person_confirmed_and_opens_from_the_message(
    browser: Browser, server: RunningServer, hospital: Hospital
) -> None:
    phones = [await Phone.new(browser, server.origin) for _ in range(2)]
    doctor, nurse = phones
    for phone, name in ((doctor, DOCTOR), (nurse, NURSE)):
        await phone.sign_in(name)
        await phone.accept_express_login()
    author = {"identifier": f"8{NURSE_RPPS}", "family_name": NURSE, "given_name": "Luce"}
    beside = metadata([RPPS], 805, title="Synthèse", author=author)
    await deliver(hospital, a_pdf("SYNTHESE"), beside)

    page = doctor.page
    await (
        page.get_by_role("status")
        .filter(has_text="Nouveau document")
        .get_by_role("button")
        .first.click()
    )
    await page.get_by_role("button", name="En parler").click()
    await page.get_by_role("button", name=NURSE).first.click()
    # Who will learn of the patient is named before anybody does.
    asked = page.get_by_role("dialog")
    await expect(asked).to_contain_text(NURSE)
    await expect(asked).to_contain_text(PATIENT)
    await asked.get_by_label("Joindre le document").uncheck()
    await expect(asked.get_by_role("button", name="Ouvrir la discussion")).to_be_visible()
    await asked.get_by_label("Joindre le document").check()
    await asked.get_by_role("button", name="Partager").click()
    await expect(page.locator(".bubble-document")).to_contain_text("Synthèse")
    await nurse.open_discussion(DOCTOR)
    strip = nurse.page.get_by_role("button", name=f"Patient concerné, {PATIENT}")
    await expect(strip).to_be_visible()

    # The patient is taken away, and chosen again among those whose documents are on the phone.
    await page.get_by_role("button", name="Patient concerné").click()
    await page.get_by_role("button", name="Retirer le patient").click()
    await expect(strip).to_have_count(0)
    await page.get_by_role("button", name="Actions sur la discussion").click()
    await page.get_by_role("button", name="Associer un patient").click()
    known = page.get_by_role("region", name="Chercher parmi vos patients")
    await known.get_by_role("button", name=PATIENT).click()
    await expect(strip).to_be_visible()

    shared = nurse.page.locator(".bubble-document")
    await expect(shared).to_contain_text(PATIENT, ignore_case=True)
    await shared.click()
    page_one = nurse.page.get_by_role("group", name="Page 1 sur 1")
    await expect(page_one).to_contain_text("SYNTHESE")
    await expect(nurse.page.get_by_text("Partagé par")).to_contain_text(DOCTOR)
    await page.evaluate("location.hash = '#/me/traces'")
    traced = page.get_by_role("listitem").filter(has_text="Partagé")
    await expect(traced).to_contain_text(NURSE)
    for phone in phones:
        await phone.close()
