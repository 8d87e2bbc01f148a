"""What a phone fetches before the first screen, and after it."""

from playwright.async_api import Browser, expect

from benchmarks.pwa import ASKED, WATCH, weigh
from tests.e2e.phone import Phone
from tests.running import RunningServer


async def test_the_first_screen_stays_light(browser: Browser, server: RunningServer) -> None:
    """500 kB of code, 180 kB of them transferred: what comes behind the lock comes later."""
    phone = await Phone.new(browser, server.origin)
    await phone.page.add_init_script(WATCH)
    # It is fetched while the first screen is read: on a quick machine, before it could be weighed.
    await phone.page.route("**/assets/HomeView-*", lambda route: route.abort())
    await phone.page.goto(server.origin)
    await phone.page.get_by_role("button", name="Pro Santé Connect").wait_for()

    weight = await weigh(await phone.page.evaluate(ASKED))

    assert weight["files"] >= 4  # the document, its style and script, the worker
    assert weight["kb"] < 500
    assert weight["kb_transferred"] < 180
    await phone.close()


async def test_another_language_is_fetched_and_stays(
    browser: Browser, server: RunningServer
) -> None:
    phone = await Phone.new(browser, server.origin)
    await phone.page.goto(server.origin)
    await phone.page.get_by_role("button", name="English").click()
    english = phone.page.get_by_role("heading", name="Welcome to Lien")
    await english.wait_for()

    await phone.page.reload()

    await expect(english).to_be_visible()
    assert await phone.page.evaluate("document.documentElement.lang") == "en"
    await phone.page.get_by_role("button", name="Français").click()
    await expect(phone.page.get_by_role("heading", name="Bienvenue sur Lien")).to_be_visible()
    await phone.close()
