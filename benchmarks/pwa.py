"""The PWA on a phone's network: what it weighs, how soon it is there, whether it scrolls."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from statistics import median
from typing import Final

import httpx
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from benchmarks.figures import Figures, Own, Size, say
from benchmarks.scrolling import scroll, scroll_plain
from lien import __version__
from lien.client import Client
from lien.demo import NAME
from lien.ids import RppsNumber
from tests.e2e.phone import SCREEN, Phone
from tests.running import RunningServer

# What WebPageTest calls "4G": 9 Mbit/s each way, 170 ms there and back; a phone's processor.
_NETWORK: Final = {
    "offline": False,
    "latency": 170,
    "downloadThroughput": 9e6 / 8,
    "uploadThroughput": 9e6 / 8,
}
_PROCESSOR: Final = 4
_NURSE: Final = "FICTIF-BARRET"
_DOCTOR_NAME: Final = "FICTIF-ABDOULA"
_DOCTOR: Final = RppsNumber("99000000184")
_WRITTEN_TOGETHER: Final = 20
_WAIT_MS: Final = 60_000
_MOST_SECONDS: Final = 480  # five minutes on a quiet machine; a page that hangs is not waited for
# The document, its scripts and styles and the worker with the keys: all that came before it.
ASKED: Final = """
[location.href, ...performance.getEntriesByType("resource")
  .filter(({ name, startTime }) => startTime < window.shownAt && /\\.(js|css)$/.test(name))
  .map(({ name }) => name)]
"""

# Rows of the store that the worker with the keys reads; each is a record to decrypt.
_COUNT_ROWS: Final = """
() => {
  self.rowsRead = 0
  const watch = (owner, name) => {
    const ask = owner[name]
    owner[name] = function (...given) {
      const request = ask.apply(this, given)
      request.addEventListener("success", () => {
        const { result } = request
        self.rowsRead += Array.isArray(result) ? result.length : result == null ? 0 : 1
      })
      return request
    }
  }
  for (const owner of [IDBObjectStore.prototype, IDBIndex.prototype]) {
    for (const name of ["get", "getAll", "openCursor"]) watch(owner, name)
  }
}
"""

# The instant a person first has something to press.
WATCH: Final = """
new MutationObserver(() => {
  if (document.querySelector("button")) window.shownAt ??= performance.now()
}).observe(document, { childList: true, subtree: true })
"""


def run(size: Size, workers: int) -> Iterator[tuple[str, Figures]]:
    """
    Weight, first and later openings on a throttled phone, and the whole of a long discussion.

    `messages` is the length of the discussion. There is no floor for a page.
    """
    folder = Path(tempfile.mkdtemp(prefix="lien-pwa-"))  # short, for the Unix socket's path
    server = RunningServer(folder / "data", workers, LIEN_SIGN_INS_PER_ADDRESS="600")
    server.run("init")
    server.run("directory", "import", str(files("lien.demo") / NAME))
    server.start()
    try:
        for figures in asyncio.run(asyncio.wait_for(_measure(server.origin, size), _MOST_SECONDS)):
            yield "lien", {**figures, "ratio_to_floor": None}
    finally:
        server.stop()
        shutil.rmtree(folder)


async def _measure(origin: str, size: Size) -> list[Figures]:
    async with _browser() as browser:
        described = {"versions": {"lien": __version__, "chromium": browser.version}}
        first, asked = await _first_openings(browser, origin, size.runs)
        weight = await weigh(asked)
        phone = await Phone.new(browser, origin)
        await phone.sign_in(_NURSE)
        await phone.accept_express_login()
        await _write(phone, size.messages)
        await _throttle(phone.context, phone.page)
        long = await scroll(phone.page, size.messages)
        plain = await _plain(phone.context, size.messages)
        later = await _later_openings(phone, size.runs)
        await phone.context.close()
    return [{**each, **described} for each in (weight, first, later, long, plain)]


@asynccontextmanager
async def _browser() -> AsyncIterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        raise RuntimeError("install Chromium: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox"]
        )
        try:
            yield browser
        finally:
            await browser.close()


async def _throttle(context: BrowserContext, page: Page) -> None:
    cdp = await context.new_cdp_session(page)
    await cdp.send("Network.enable")
    await cdp.send("Network.emulateNetworkConditions", _NETWORK)
    await cdp.send("Emulation.setCPUThrottlingRate", {"rate": _PROCESSOR})


async def _first_openings(
    browser: Browser, origin: str, runs: int
) -> tuple[Figures, Sequence[str]]:
    times: list[float] = []
    asked: list[str] = []
    for _ in range(runs):
        context = await browser.new_context(**SCREEN)
        page = await context.new_page()
        await page.add_init_script(WATCH)
        await _throttle(context, page)
        await page.goto(origin)
        times.append(await _shown_at(page))
        asked = await page.evaluate(ASKED)
        await context.close()
    say(f"first opening: {median(times):.0f} ms")
    return {"case": "first opening at 4G", "p50_ms": round(median(times)), "runs": times}, asked


async def weigh(asked: Sequence[str]) -> Figures:
    """The document, its scripts and styles, the worker with the keys: before anything is done."""
    whole = packed = 0
    async with httpx.AsyncClient(headers={"accept-encoding": "gzip, br"}) as client:
        for url in dict.fromkeys(asked):
            async with client.stream("GET", url) as answer:
                packed += sum([len(part) async for part in answer.aiter_raw()])
            whole += len((await client.get(url)).content)
    say(f"{whole / 1e3:.0f} kB of code, {packed / 1e3:.0f} kB transferred")
    return {
        "case": "initial code",
        "files": len(set(asked)),
        "kb": round(whole / 1e3, 1),
        "kb_transferred": round(packed / 1e3, 1),
    }


async def _later_openings(phone: Phone, runs: int) -> Figures:
    """With everything kept by the service worker: to the lock, and from the finger to the list."""
    page = phone.page
    await page.add_init_script(WATCH)
    await page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    await page.evaluate("location.hash = '#/discussions'")
    times, unlocks, rows = [], [], 0
    for _ in range(runs):
        await page.reload()
        times.append(await _shown_at(page))
        button = page.get_by_role("button", name="Déverrouiller")
        await button.wait_for()
        (engine,) = page.workers
        await engine.evaluate(_COUNT_ROWS)
        began = await page.evaluate("performance.now()")
        await button.click()
        await page.get_by_role("list", name="Discussions").wait_for(timeout=_WAIT_MS)
        unlocks.append(await page.evaluate("performance.now()") - began)
        rows = await engine.evaluate("self.rowsRead")
    say(f"later opening: {median(times):.0f} ms, unlocked in {median(unlocks):.0f} ms")
    say(f"{rows} rows read to unlock")
    return {
        "case": "later opening",
        "p50_ms": round(median(times)),
        "unlock_p50_ms": round(median(unlocks)),
        "rows_read_to_unlock": rows,
        "runs": times,
    }


async def _plain(context: BrowserContext, messages: int) -> Figures:
    page = await context.new_page()
    await _throttle(context, page)
    figures = await scroll_plain(page, messages)
    await page.close()
    return figures


async def _write(phone: Phone, messages: int) -> None:
    """A colleague answers, at length."""
    async with await Client.enrol(phone.origin, _DOCTOR) as doctor:
        await doctor.connect()
        await doctor.settle()
        await phone.write_to(_DOCTOR_NAME, "Bonjour")
        await doctor.until(lambda: any(map(doctor.messages, doctor.channels)))
        (channel,) = doctor.channels
        say(f"{messages} messages are written")
        for start in range(0, messages, _WRITTEN_TOGETHER):
            numbers = range(start, min(start + _WRITTEN_TOGETHER, messages))
            await asyncio.gather(
                *(
                    doctor.send_text(channel, f"Message {number + 1}. {'Vu. ' * (number % 30)}")
                    for number in numbers
                )
            )
        last = phone.messages.get_by_text(f"Message {messages}.")
        await last.wait_for(timeout=5 * _WAIT_MS)  # a slow phone, thousands of messages


async def _shown_at(page: Page) -> float:
    await page.get_by_role("button").first.wait_for(timeout=_WAIT_MS)
    return round(float(await page.evaluate("window.shownAt")), 1)


OWN: Final = Own(
    "the web application: its weight, first and later openings at 4G, scrolling 5,000 messages",
    run,
    Size(1, 5_000, 5),
)
