"""
A person with a phone: a browser profile of its own, with a platform authenticator.

Finds things as a person does, by their role and French name, so that a journey also proves that
a screen reader can follow it.
"""

from dataclasses import dataclass
from typing import Any, Self

from playwright.async_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

VIEWPORT: ViewportSize = {"width": 390, "height": 844}
SCREEN: dict[str, Any] = {
    "viewport": VIEWPORT,
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "fr-FR",
    "timezone_id": "Indian/Reunion",
}
EXPECT_MS = 60_000  # a second on a quiet machine
# What the browser says of our own headers.
COMPLAINTS = ("Content Security Policy", "TrustedScript", "Permissions-Policy")


AUTHENTICATOR: dict[str, Any] = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "hasPrf": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Phone:
    """One browser profile at 390×844."""

    context: BrowserContext
    page: Page
    origin: str
    authenticator: str
    errors: list[str]
    _cdp: Any

    @classmethod
    async def new(
        cls, browser: Browser, origin: str, *, has_prf: bool = True, **options: Any
    ) -> Self:
        """A phone fresh out of the box, with fingerprint reader and PRF."""
        context = await browser.new_context(**SCREEN, **options)
        return await cls.of(context, origin, has_prf=has_prf)

    @classmethod
    async def of(cls, context: BrowserContext, origin: str, *, has_prf: bool = True) -> Self:
        """The same on a browser profile that is there already."""
        page = await context.new_page()
        page.set_default_timeout(EXPECT_MS)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(error.stack or str(error)))
        page.on(
            "console",
            lambda message: (
                errors.append(message.text)
                if any(word in message.text for word in COMPLAINTS)
                else None
            ),
        )
        cdp = await context.new_cdp_session(page)
        await cdp.send("WebAuthn.enable", {"enableUI": False})
        answer = await cdp.send(
            "WebAuthn.addVirtualAuthenticator",
            {"options": {**AUTHENTICATOR, "hasPrf": has_prf}},
        )
        return cls(context, page, origin, answer["authenticatorId"], errors, cdp)

    async def lend(self) -> None:
        """To somebody whose finger the reader does not know; after some tries it asks nobody."""
        told = {"authenticatorId": self.authenticator, "isUserVerified": False}
        await self._cdp.send("WebAuthn.setUserVerified", told)

    async def touch(self, *, is_touched: bool) -> None:
        """Whether somebody answers when the reader asks."""
        told = {"authenticatorId": self.authenticator, "enabled": is_touched}
        await self._cdp.send("WebAuthn.setAutomaticPresenceSimulation", told)

    async def plug_key(self, transport: str = "usb") -> str:
        """A security key beside the reader, by the name it is unplugged with."""
        options = {**AUTHENTICATOR, "transport": transport}
        answer = await self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return str(answer["authenticatorId"])

    async def unplug_key(self, key: str) -> None:
        """Take it out."""
        await self._cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})

    async def sign_in(self, name: str) -> None:
        """Sign up with the demonstration provider as the first person found by that name."""
        await self.identify(name)
        await self.choose_situation()
        await self.page.get_by_role("button", name="Commencer").click()

    async def choose_situation(self) -> None:
        """The first one, where there are several."""
        next_step = self.page.get_by_role("button", name="Continuer", exact=True)
        await next_step.or_(self.page.get_by_role("button", name="Commencer")).first.wait_for()
        if await next_step.is_visible():
            await self.page.get_by_role("radio").first.check()
            await next_step.click()

    async def identify(self, name: str) -> None:
        """Come back from the demonstration provider as the first person found by that name."""
        page = self.page
        await page.goto(self.origin)
        await page.get_by_role("button", name="Pro Santé Connect").click()
        await self.be_recognised(name)

    async def be_recognised(self, name: str) -> None:
        """At the demonstration provider: the first person found by that name."""
        page = self.page
        await page.get_by_label("Nom, profession ou commune").fill(name)
        await page.get_by_role("button", name="Rechercher").click()
        await page.get_by_role("button", name=name).first.click()

    async def accept_express_login(self, *, is_guest: bool = False) -> None:
        """Turn on express login when it is offered; a guest has no use for a recovery code."""
        await self.page.get_by_role("button", name="Activer").click()
        if not is_guest:
            await self.page.get_by_role("heading", name="Gardez un code de secours").wait_for()
            await self.page.get_by_role("button", name="Plus tard").click()
        await expect(self.page.get_by_role("heading", name="Discussions")).to_be_visible()

    async def recovery_code(self) -> str:
        """The recovery code on the screen, as a person copies it."""
        shown = self.page.get_by_role("region", name="Votre code de secours").locator("p").first
        await shown.wait_for()
        return "-".join(await shown.locator("span").all_text_contents())

    async def pinch(self, where: Locator, before: int, after: int) -> None:
        """Two fingers on the middle of something, from so many CSS pixels apart to so many."""
        box = await where.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + min(box["height"], 400) / 2

        def fingers(apart: float) -> list[dict[str, float]]:
            ends = (x - apart / 2, x + apart / 2)
            return [{"x": end, "y": y, "id": number} for number, end in enumerate(ends)]

        steps = [before + (after - before) * step / 5 for step in range(1, 6)]
        moves = [("touchMove", fingers(apart)) for apart in steps]
        for kind, points in [("touchStart", fingers(before)), *moves, ("touchEnd", [])]:
            told = {"type": kind, "touchPoints": points}
            await self._cdp.send("Input.dispatchTouchEvent", told)

    async def unlock(self) -> None:
        """Open the app again with the fingerprint."""
        await self.page.get_by_role("button", name="Déverrouiller").click()

    async def write_to(self, name: str, text: str) -> None:
        """Find someone in the directory, begin a discussion, send a first message."""
        await self.page.get_by_role("button", name="Nouvelle discussion").click()
        await self.page.get_by_role("searchbox").fill(name)
        await self.page.get_by_role("button", name=name).first.click()
        await self.write(text)

    async def open_discussion(self, name: str) -> None:
        """Open a discussion of the list."""
        await (
            self.page.get_by_role("list", name="Discussions")
            .get_by_role("button", name=name)
            .click()
        )

    async def write(self, text: str) -> None:
        """Send a message in the open discussion."""
        await self.page.get_by_label("Votre message").fill(text)
        await self.page.get_by_role("button", name="Envoyer").click()

    @property
    def messages(self) -> Locator:
        """The texts of the open discussion, oldest first."""
        return self.page.get_by_role("region", name="Messages").locator("li p.bubble-text")

    async def expect_messages(self, *texts: str) -> None:
        """The open discussion shows exactly these texts, in this order."""
        await expect(self.messages).to_have_text(list(texts))

    async def close(self) -> None:
        """Put the phone away; nothing may have gone wrong unseen on the page."""
        await self.context.close()
        assert self.errors == [], "\n".join(self.errors)
