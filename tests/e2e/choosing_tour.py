"""The screens of whoever looks for messages, chooses some and takes them along."""

import re
from collections.abc import AsyncIterator

from playwright.async_api import Locator, Page

from tests.e2e.phone import Phone

Shown = tuple[str, Page]


async def choosing(phone: Phone, other: str) -> AsyncIterator[Shown]:
    """From the list, where there is a discussion of several messages with the other, and back."""
    for walk in (look(phone, other), choose(phone, other), ask(phone)):
        async for shown in walk:
            yield shown
    await phone.page.get_by_role("button", name="Retour").click()


async def look(phone: Phone, other: str) -> AsyncIterator[Shown]:
    """What a row offers, and what is found."""
    page = phone.page
    row = page.get_by_role("list", name="Discussions").get_by_role("button", name=other)
    await row.dispatch_event("contextmenu")
    await page.get_by_role("dialog").wait_for()
    yield "row-menu", page
    await page.get_by_role("button", name="Marquer comme non lue").click()
    await page.get_by_text("Marquée comme non lue").wait_for(state="attached")
    yield "discussions-unread", page
    await page.get_by_role("searchbox").fill("pansement")
    await page.get_by_role("region", name="Messages").get_by_role("button").first.wait_for()
    yield "search-found", page
    await (
        page.get_by_role("group", name="Préciser la recherche").get_by_role("button").first.click()
    )
    await page.get_by_role("dialog").wait_for()
    yield "search-filter", page
    await close(page)
    await page.get_by_role("searchbox").fill("")


async def choose(phone: Phone, other: str) -> AsyncIterator[Shown]:
    """Two messages, and the file that is made of them."""
    page = phone.page
    await phone.open_discussion(other)
    await actions(page).first.dispatch_event("click")
    await page.get_by_role("button", name="Sélectionner").click()
    await page.get_by_role("checkbox").nth(1).check()
    yield "selection", page
    await page.get_by_role("button", name="PDF signé").click()
    save = page.get_by_role("button", name="Enregistrer 2 messages")
    await save.wait_for()
    yield "export-choice", page
    await save.click()
    await page.get_by_role("link", name="Enregistrer le fichier").wait_for()
    yield "ready-file", page
    await close(page)
    await close(page)
    await page.get_by_role("button", name="Ne plus sélectionner").click()


async def ask(phone: Phone) -> AsyncIterator[Shown]:
    """The sheets of the open discussion."""
    page = phone.page
    for label, name in (
        ("Enregistrer des messages en PDF", "export"),
        ("Chercher dans la discussion", "find-within"),
        ("Aller à une date", "find-date"),
        ("Durée de conservation", "retention"),
    ):
        await page.get_by_role("button", name="Actions sur la discussion").click()
        await page.get_by_role("dialog").get_by_role("button", name=label).click()
        await page.get_by_role("dialog", name=re.compile("Actions")).wait_for(state="detached")
        await page.get_by_role("dialog").wait_for()
        yield name, page
        await close(page)


def actions(page: Page) -> Locator:
    """The buttons that open what can be done with a message."""
    return page.get_by_role("button", name=re.compile("Actions sur le message"))


async def close(page: Page) -> None:
    """The sheet that is on top."""
    await page.get_by_role("dialog").last.get_by_role("button", name="Fermer").click()
