"""
Every screen, in both themes, before axe-core; and what it cannot see.

axe is evaluated as text: as a script element the page's own policy would refuse it, rightly.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.e2e.phone import VIEWPORT, Phone
from tests.e2e.tour import DOCTOR, NURSE, tour
from tests.running import RunningServer

_AXE = Path(__file__).parents[2] / "src/pwa/node_modules/axe-core/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_NARROW: ViewportSize = {"width": 360, "height": 640}
_LANDSCAPE: ViewportSize = {"width": 740, "height": 360}
# Text as large as a person can set it in a browser.
_TWICE = "document.documentElement.style.fontSize = on ? '200%' : ''"


async def complaints(page: Page) -> list[str]:
    """What axe finds, each with where it is."""
    await page.evaluate(_AXE.read_text() + "; 0")
    found: Any = await page.evaluate("rules => axe.run(document, {runOnly: rules})", _RULES)
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


async def wider_than_screen(page: Page) -> list[str]:
    """Elements cut off sideways; what scrolls by itself or says that it goes on is left out."""
    assert page.viewport_size is not None
    found: list[str] = await page.evaluate(
        """(width) => {
          const goesOn = (one) => {
            for (let up = one; up && up !== document.body; up = up.parentElement) {
              const style = getComputedStyle(up)
              if (up !== one && /auto|scroll/.test(style.overflowX)) return true
              if (style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none") return true
            }
            return false
          }
          return [...document.querySelectorAll("body *")]
            .filter((each) => {
              const box = each.getBoundingClientRect()
              if (box.width === 0 || (box.right <= width + 1 && box.left >= -1)) return false
              return each.checkVisibility() && !each.closest("[inert], .visually-hidden, .skip") &&
                !goesOn(each)
            })
            .map((each) => `${each.tagName} .${each.className}`)
        }""",
        page.viewport_size["width"],
    )
    return found


async def test_what_is_wrong_is_found(browser: Browser, server: RunningServer) -> None:
    """Otherwise the two tests below would mean nothing."""
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


async def test_every_screen_is_accessible(browser: Browser, server: RunningServer) -> None:
    problems: list[str] = []
    seen = []
    async for name, page in tour(browser, server.origin):
        seen.append(name)
        for theme in ("light", "dark"):
            await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            problems += [f"{name}, {theme}: {each}" for each in await complaints(page)]
        await page.emulate_media(color_scheme="light")

    assert len(seen) > 30
    assert problems == []


async def test_every_screen_fits(browser: Browser, server: RunningServer) -> None:
    """At 360 px, lying on its side, and with text twice as large: nothing is cut off sideways."""
    problems: list[str] = []
    async for name, page in tour(browser, server.origin):
        for viewport, twice in ((_NARROW, False), (_LANDSCAPE, False), (VIEWPORT, True)):
            await page.set_viewport_size(viewport)
            await page.evaluate(f"on => {{ {_TWICE} }}", twice)
            text = "200 % text" if twice else f"{viewport['width']} px"
            problems += [f"{name}, {text}: {each}" for each in await wider_than_screen(page)]
        await page.evaluate(f"on => {{ {_TWICE} }}", False)
        await page.set_viewport_size(VIEWPORT)

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


async def test_reduced_motion_moves_nothing(browser: Browser, server: RunningServer) -> None:
    phone = await Phone.new(browser, server.origin, reduced_motion="reduce")
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

    assert moving == []
    await phone.close()
