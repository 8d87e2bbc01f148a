"""
Debian's Firefox, driven by WebDriver BiDi over its own socket.

Only what a journey needs: a person's own storage, finding things by their role and name as the
screen reader says them, touching, typing, choosing a file. It waits for conditions, never for time.
"""

import asyncio
import json
import os
import shutil
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect

_LISTENING = "WebDriver BiDi listening on "
_PATIENCE_SECONDS = 60.0  # a second on a quiet machine
_BETWEEN_LOOKS_SECONDS = 0.1
_LARGEST_ANSWER = 2**24
_PREFERENCES = {
    "intl.accept_languages": "fr-FR, fr",
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}
# What a person can touch or fill, by role; labels and hidden text count as their names.
_FIND = """(role, name) => {
  const shown = { button: "button, [role=button]", heading: "h1, h2, h3",
    textbox: "input, textarea", text: "p, span, li, div" }[role]
  const said = (one) => [one.getAttribute("aria-label"), one.labels?.[0]?.textContent,
    one.placeholder, one.textContent].find((text) => text?.trim()) ?? ""
  const plain = (one) => said(one).replaceAll("\\u00a0", " ").trim()
  const found = [...document.querySelectorAll(shown)].filter((one) =>
    one.checkVisibility({ checkVisibilityCSS: true }) && !one.closest("[inert]") &&
    !one.disabled && plain(one).includes(name))
  return found.find((one) => plain(one) === name) ?? found.at(-1) ?? null
}"""

_PRESS = f"""(name) => {{
  const button = ({_FIND})("button", name)
  button?.click()
  return button !== null
}}"""
# What is typed comes to the page as the browser's own change of the field.
_FILL = f"""(name, text) => {{
  const field = ({_FIND})("textbox", name)
  field?.focus()
  field?.select()
  return field !== null && document.execCommand("insertText", false, text)
}}"""


class Firefox:
    """One running browser; `person` opens a page with storage of its own."""

    def __init__(self, process: Process, socket: ClientConnection) -> None:
        self._process = process
        self._socket = socket
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    @asynccontextmanager
    async def run(cls) -> AsyncIterator[Self]:
        """Start it with an empty profile; it is gone afterwards."""
        executable = shutil.which("firefox-esr") or shutil.which("firefox")
        assert executable, "install Firefox: apt-get install firefox-esr"
        profile = Path(tempfile.mkdtemp(prefix="lien-firefox-"))
        lines = (f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in _PREFERENCES.items())
        (profile / "user.js").write_text("\n".join(lines))
        arguments = ("--headless", "--no-remote", "--remote-debugging-port", "0")
        process = await asyncio.create_subprocess_exec(
            *(executable, *arguments, "--profile", str(profile)),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "HOME": str(profile), "MOZ_DISABLE_CONTENT_SANDBOX": "1"},
        )
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                address = await _address(process)
            async with connect(f"{address}/session", max_size=_LARGEST_ANSWER) as socket:
                browser = cls(process, socket)
                await browser.ask("session.new", capabilities={})
                yield browser
                browser._reading.cancel()
        finally:
            process.terminate()
            await process.wait()
            shutil.rmtree(profile, ignore_errors=True)

    async def person(self) -> "FirefoxPage":
        """A page that shares nothing with the others."""
        user = (await self.ask("browser.createUserContext"))["userContext"]
        created = await self.ask("browsingContext.create", type="window", userContext=user)
        return FirefoxPage(self, created["context"])

    async def ask(self, method: str, **params: Any) -> Any:
        """The result of a command. Raises: BidiError."""
        number = len(self._answers) + 1
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await answer

    async def _read(self) -> None:
        async for text in self._socket:
            said = json.loads(text)
            answer = self._answers.get(said.get("id") or 0)
            if answer is None or answer.done():
                continue
            if said["type"] == "success":
                answer.set_result(said["result"])
            else:
                answer.set_exception(BidiError(f"{said['error']}: {said['message']}"))


class BidiError(Exception):
    """The browser refused a command, or a script threw."""


async def _address(process: Process) -> str:
    assert process.stderr
    async for line in process.stderr:
        text = line.decode(errors="replace")
        if _LISTENING in text:
            return text.split(_LISTENING, 1)[1].strip()
    raise BidiError("Firefox ended before it listened")


class FirefoxPage:
    """One tab, as the person in front of it uses it."""

    def __init__(self, browser: Firefox, context: str) -> None:
        self._browser = browser
        self._context = context

    async def goto(self, address: str) -> None:
        await self._browser.ask(
            "browsingContext.navigate", context=self._context, url=address, wait="complete"
        )

    async def reload(self) -> None:
        await self._browser.ask("browsingContext.reload", context=self._context, wait="complete")

    async def evaluate(self, function: str, *values: Any) -> Any:
        """What a function of the page answers, as plain values. Raises: BidiError."""
        made = f"async (...all) => JSON.stringify((await ({function})(...all)) ?? null)"
        answer = await self._call(made, [_local(value) for value in values])
        return json.loads(answer["value"])

    async def until(self, what: str, function: str, *values: Any) -> Any:
        """Wait until a function of the page answers something."""
        return await self._until(what, lambda: self.evaluate(function, *values))

    async def see(self, role: str, name: str) -> None:
        """Wait until there is one."""
        await self.until(f"{role} {name!r}", f"(...all) => ({_FIND})(...all) !== null", role, name)

    async def touch(self, name: str) -> None:
        """
        Press the button as a screen reader does, in the same turn in which it is found.

        A finger of the driver's would be lost where the page moves between the look and the touch.
        """
        await self.until(f"button {name!r}", _PRESS, name)

    async def fill(self, name: str, text: str) -> None:
        """Put this into the field of this label, in place of what it holds."""
        await self.until(f"field {name!r}", _FILL, name, text)

    async def choose_file(self, selector: str, path: Path) -> None:
        """Answer a chooser with a file of this machine."""
        element = await self._call("(chosen) => document.querySelector(chosen)", [_local(selector)])
        await self._browser.ask(
            "input.setFiles",
            context=self._context,
            element={"sharedId": element["sharedId"]},
            files=[str(path)],
        )

    async def _call(self, function: str, values: list[Any]) -> Any:
        answer = await self._browser.ask(
            "script.callFunction",
            functionDeclaration=function,
            awaitPromise=True,
            target={"context": self._context},
            arguments=values,
        )
        if answer["type"] == "exception":
            raise BidiError(answer["exceptionDetails"]["text"])
        return answer["result"]

    async def _until(self, what: str, look: Callable[[], Any]) -> Any:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while True:
                    try:
                        if found := await look():
                            return found
                    except BidiError:
                        pass  # between two documents there is nothing to ask
                    await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)
        except TimeoutError as error:
            shown = await self.evaluate("() => document.body?.innerText.slice(0, 800) ?? ''")
            raise AssertionError(f"{what} is not seen; there is: {shown}") from error


def _local(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"type": "boolean", "value": value}
    kind = "string" if isinstance(value, str) else "number"
    return {"type": kind, "value": value}
