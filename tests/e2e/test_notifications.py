"""Being woken: the service worker's half in a real browser, and the screens around it."""

import asyncio
import json
from typing import Any

from playwright.async_api import Browser, expect

from tests.e2e.looking import picture
from tests.e2e.phone import Phone
from tests.running import RunningServer

ONE = "FICTIF-ABDOULA"


async def test_push_shows_a_number_and_nothing_else(
    browser: Browser, server: RunningServer
) -> None:
    phone = await Phone.new(browser, server.origin, permissions=["notifications"])
    await phone.sign_in(ONE)
    await phone.accept_express_login()
    page = phone.page
    await page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    cdp = await phone.context.new_cdp_session(page)
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def on_registrations(event: dict[str, Any]) -> None:
        for each in event["registrations"]:
            if not each["isDeleted"] and not found.done():
                found.set_result(each["registrationId"])

    cdp.on("ServiceWorker.workerRegistrationUpdated", on_registrations)
    await cdp.send("ServiceWorker.enable")
    registration = await asyncio.wait_for(found, 15)

    async def push(data: str) -> list[dict[str, str]]:
        await cdp.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": server.origin, "registrationId": registration, "data": data},
        )
        shown = """async () => {
            const registration = await navigator.serviceWorker.ready
            for (let tries = 0; tries < 50; tries++) {
                const found = await registration.getNotifications()
                if (found.length) return found.map(({ title, body, tag }) => ({ title, body, tag }))
                await new Promise((done) => setTimeout(done, 100))
            }
            return []
        }"""
        close = """async () => {
            const registration = await navigator.serviceWorker.ready
            for (const each of await registration.getNotifications()) each.close()
        }"""
        result = await page.evaluate(shown)
        await page.evaluate(close)
        return list(result)

    assert await push(json.dumps({"v": 1, "n": 3})) == [
        {"title": "Lien", "body": "3 nouveaux messages", "tag": "lien"}
    ]
    # Whatever comes, something is shown, and never what came.
    assert await push("PAYET FICTIF Jeanne") == [
        {"title": "Lien", "body": "Nouveau message", "tag": "lien"}
    ]
    await phone.close()


async def test_settings_and_help_are_read(browser: Browser, server: RunningServer) -> None:
    phone = await Phone.new(browser, server.origin, permissions=["notifications"])
    await phone.sign_in(ONE)
    await phone.accept_express_login()
    page = phone.page

    await page.get_by_role("navigation").get_by_role("button", name="Moi").click()
    await page.get_by_role("button", name="Notifications").click()
    await expect(page.get_by_role("heading", name="Notifications", exact=True)).to_be_visible()
    await expect(page.get_by_role("button", name="Activer les notifications")).to_be_visible()
    await picture(phone, "notifications")
    await page.get_by_role("button", name="Retour").click()
    await page.get_by_role("button", name="Aide").click()
    await page.get_by_text("J'ai perdu mon téléphone").click()
    await expect(page.get_by_text("Depuis un autre appareil")).to_be_visible()
    await picture(phone, "help")
    report = await page.locator(".report").text_content()
    assert report is not None
    assert "FICTIF" not in report
    await page.get_by_role("button", name="Retour").click()
    await page.get_by_role("button", name="Ce que Lien sait de moi").click()
    await expect(page.get_by_role("heading", name="Ce que le serveur sait")).to_be_visible()
    await picture(phone, "know")
    await page.get_by_role("button", name="Voir ce qu'elle contiendrait").click()
    await expect(page.get_by_text("0 message, 0 photo ou fichier, 0 compte rendu")).to_be_visible()
    await phone.close()
