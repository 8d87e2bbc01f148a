"""
Two people, two phones, one deployment: what a stranger does on the first evening.

Every journey runs against real processes: `lien serve` with its embedded Valkey, the built PWA
in Chromium, passkeys of a virtual authenticator with user verification and PRF.
"""

import asyncio

import httpx
from playwright.async_api import Browser, expect

from tests.e2e.network import Network
from tests.e2e.phone import Phone
from tests.running import RunningServer

DOCTOR = "FICTIF-ABDOULA"
NURSE = "FICTIF-BARRET"


async def signed_in(phone: Phone, name: str) -> Phone:
    """Someone who has signed in and turned express login on."""
    await phone.sign_in(name)
    await phone.accept_express_login()
    return phone


async def test_two_people_write_and_everything_survives_a_kill(
    browser: Browser, own_server: RunningServer
) -> None:
    doctor = await signed_in(await Phone.new(browser, own_server.origin), DOCTOR)
    nurse = await signed_in(await Phone.new(browser, own_server.origin), NURSE)

    await doctor.write_to(NURSE, "Bonjour, le pansement est refait.")
    await nurse.open_discussion(DOCTOR)
    await nurse.expect_messages("Bonjour, le pansement est refait.")
    await nurse.write("Merci, je passe demain.")
    texts = ("Bonjour, le pansement est refait.", "Merci, je passe demain.")
    await doctor.expect_messages(*texts)
    # Read by the nurse, and said so.
    await expect(doctor.page.get_by_role("img", name="Lu")).to_have_count(1)

    await asyncio.to_thread(own_server.kill)
    await asyncio.to_thread(own_server.start)

    # A new message arrives without anybody touching the phone.
    await doctor.write("Très bien.")
    await nurse.expect_messages(*texts, "Très bien.")
    # A phone started again opens with the fingerprint and has everything.
    for phone in (doctor, nurse):
        await phone.page.reload()
        await phone.unlock()
        await phone.expect_messages(*texts, "Très bien.")
    await doctor.close()
    await nurse.close()


async def test_offline_both_send_and_meet_in_one_order(
    browser: Browser, server: RunningServer
) -> None:
    async with Network() as network:
        doctor = await signed_in(await Phone.new(browser, server.origin), DOCTOR)
        nurse = await Phone.new(browser, server.origin, proxy=network.proxy)
        await signed_in(nurse, NURSE)
        await doctor.write_to(NURSE, "un")
        await nurse.open_discussion(DOCTOR)
        await nurse.expect_messages("un")

        await network.cut()
        await expect(nurse.page.get_by_text("Hors ligne")).to_be_visible()
        await nurse.write("deux, sans réseau")
        await expect(nurse.page.get_by_role("img", name="En attente du réseau")).to_have_count(1)
        await doctor.write("trois")
        await doctor.expect_messages("un", "trois")
        network.restore()

        # What waited for the network comes after what the log held already, on both phones.
        await expect(nurse.messages).to_have_count(3, timeout=60_000)
        await doctor.expect_messages("un", "trois", "deux, sans réseau")
        await nurse.expect_messages("un", "trois", "deux, sans réseau")
        await doctor.close()
        await nurse.close()


async def test_a_stolen_cookie_opens_nothing(browser: Browser, server: RunningServer) -> None:
    doctor = await signed_in(await Phone.new(browser, server.origin), DOCTOR)
    stolen = {
        cookie["name"]: cookie["value"]
        for cookie in await doctor.context.cookies()
        if "name" in cookie and "value" in cookie
    }
    assert "__Host-lien" in stolen

    paths = (
        "session",
        "devices",
        "passkeys",
        "conversations",
        "directory?q=fictif",
        "chain/earlier",
    )
    async with httpx.AsyncClient(base_url=server.origin, cookies=stolen) as thief:
        answers = [await thief.get(f"/api/{path}") for path in paths]

    # Without the device's key, the cookie is worth what no cookie is worth.
    async with httpx.AsyncClient(base_url=server.origin) as stranger:
        nothing = [await stranger.get(f"/api/{path}") for path in paths]
    assert [answer.status_code for answer in answers] == [401] * len(paths)
    assert [answer.json() for answer in answers] == [answer.json() for answer in nothing]
    await doctor.close()
