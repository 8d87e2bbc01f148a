"""Every screen, in both themes, before axe-core; and what it cannot see."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.looking import complaints, cut_off, wider_than_screen
from tests.e2e.phone import Phone
from tests.e2e.tour import DOCTOR, NURSE, tour
from tests.running import RunningServer


async def test_what_is_wrong_is_found(browser: Browser, server: RunningServer) -> None:
    """Otherwise the test below would mean nothing."""
    phone = await Phone.new(browser, server.origin)
    await phone.page.goto(server.origin)
    await phone.page.get_by_role("button", name="Pro Santé Connect").wait_for()
    await phone.page.evaluate(
        """() => {
          const button = document.createElement("button")
          button.style.width = "900px"
          document.body.append(button)
        }"""
    )

    assert [each.split(":")[0] for each in await complaints(phone.page)] == ["button-name"]
    assert await wider_than_screen(phone.page) == ["BUTTON ."]
    await phone.close()


async def test_every_screen_is_accessible_and_fits(browser: Browser, server: RunningServer) -> None:
    """At 360 px, lying on its side, and with text twice as large: nothing is cut off sideways."""
    problems: list[str] = []
    seen = []
    async for name, page in tour(browser, server.origin):
        seen.append(name)
        for theme in ("light", "dark"):
            await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            problems += [f"{name}, {theme}: {each}" for each in await complaints(page)]
        await page.emulate_media(color_scheme="light")
        problems += [f"{name}, {each}" for each in await cut_off(page)]

    assert len(seen) > 30
    assert problems == []


async def test_a_message_is_written_without_touching_the_screen(
    browser: Browser, server: RunningServer
) -> None:
    doctor = await Phone.new(browser, server.origin)
    nurse = await Phone.new(browser, server.origin)
    for phone, name in ((doctor, DOCTOR), (nurse, NURSE)):
        await phone.sign_in(name)
        await phone.accept_express_login()
    page = nurse.page

    await reach(page, "Nouvelle discussion")
    await page.keyboard.press("Enter")
    await page.get_by_role("searchbox").wait_for()
    await reach(page, "Chercher un professionnel")
    await page.keyboard.type(DOCTOR)
    await page.get_by_role("button", name=DOCTOR).first.wait_for()
    await reach(page, DOCTOR)
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Votre message")).to_be_visible()
    await reach(page, "Votre message")
    await page.keyboard.type("Sans souris ni doigt.")
    await reach(page, "Envoyer")
    await page.keyboard.press("Enter")

    await doctor.open_discussion(NURSE)
    await doctor.expect_messages("Sans souris ni doigt.")
    # Escape gives a sheet up and the focus back to what opened it.
    await reach(page, "Ce que vous attendez")
    await page.keyboard.press("Enter")
    await page.get_by_role("dialog").wait_for()
    await page.keyboard.press("Escape")
    assert "Ce que vous attendez" in await focused(page)
    await nurse.close()
    await doctor.close()


async def reach(page: Page, name: str) -> None:
    """Press Tab until that has the focus, which must be in sight."""
    for _ in range(60):
        if name in await focused(page):
            break
        await page.keyboard.press("Tab")
    else:
        pytest.fail(f"{name!r} is not reached with Tab")
    style = await page.evaluate(
        "(() => { const s = getComputedStyle(document.activeElement);"
        " return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderColor] })()"
    )
    assert style[0] != "none" or style[2] != "none" or re.search(r"rgb", style[3]), style


async def focused(page: Page) -> str:
    """The name of what has the focus, as a label or its text says it."""
    name: str = await page.evaluate(
        """(() => {
          const on = document.activeElement
          if (!on.matches("button, a, input, textarea")) return ""
          return on.getAttribute("aria-label") || on.labels?.[0]?.textContent || on.textContent
        })()"""
    )
    return name.strip()


async def test_what_the_person_asks_of_their_system_is_heeded(
    browser: Browser, server: RunningServer
) -> None:
    """Nothing moves; in forced colours edges are drawn; larger text stays."""
    phone = await Phone.new(browser, server.origin, reduced_motion="reduce", forced_colors="active")
    await phone.sign_in(NURSE)
    await phone.accept_express_login()
    await phone.page.get_by_role("navigation").get_by_role("button", name="Moi").click()

    moving = await phone.page.evaluate(
        """[...document.querySelectorAll("*")].filter((each) => {
          const style = getComputedStyle(each)
          const last = (text) => Math.max(...text.split(",").map(parseFloat))
          return last(style.transitionDuration) > 0.01 || last(style.animationDuration) > 0.01
        }).map((each) => each.className)"""
    )

    without_edge = await phone.page.evaluate(
        """[...document.querySelectorAll(".button, .chip, .badge, .avatar, .segment")]
          .filter((each) => each.checkVisibility() &&
            getComputedStyle(each).borderTopStyle === "none")
          .map((each) => each.className)"""
    )
    await phone.page.get_by_role("radio", name="Très grande").check()
    await phone.page.reload()
    size = await phone.page.evaluate("getComputedStyle(document.documentElement).fontSize")

    assert moving == []
    assert without_edge == []
    assert size == "20.8px"
    await phone.close()
