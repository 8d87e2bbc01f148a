"""
A screen, looked at: by axe-core in both themes, and for what it cannot see.

axe is evaluated as text: as a script element the page's own policy would refuse it, rightly.
"""

import os
from pathlib import Path
from typing import Any

from playwright.async_api import Page, ViewportSize

from tests.e2e.phone import VIEWPORT, Phone

_PICTURES = os.environ.get("LIEN_PICTURES", "")
_AXE = Path(__file__).parents[2] / "src/pwa/node_modules/axe-core/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_NARROW: ViewportSize = {"width": 360, "height": 640}
_LANDSCAPE: ViewportSize = {"width": 740, "height": 360}
# Text as large as a person can set it in a browser.
_TWICE = "document.documentElement.style.fontSize = on ? '200%' : ''"


async def picture(phone: Phone, name: str) -> None:
    """A screen in both themes and at every size; saved where LIEN_PICTURES says, to be seen."""
    page = phone.page
    for theme in ("light", "dark"):
        await page.emulate_media(
            color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce"
        )
        if _PICTURES:
            await page.screenshot(path=f"{_PICTURES}/{name}-{theme}.png")
        found = await complaints(page)
        assert not found, f"{name}, {theme}: " + "; ".join(found)
    found = await cut_off(page)
    assert not found, f"{name}: " + "; ".join(found)


async def cut_off(page: Page) -> list[str]:
    """What goes beyond the sides at 360 px, lying on its side, and with text twice as large."""
    problems: list[str] = []
    for viewport, twice in ((_NARROW, False), (_LANDSCAPE, False), (VIEWPORT, True)):
        await page.set_viewport_size(viewport)
        await page.evaluate(f"on => {{ {_TWICE} }}", twice)
        text = "200 % text" if twice else f"{viewport['width']} px"
        problems += [f"{text}: {each}" for each in await wider_than_screen(page)]
    await page.evaluate(f"on => {{ {_TWICE} }}", False)
    await page.set_viewport_size(VIEWPORT)
    return problems


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
