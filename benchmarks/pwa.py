"""The PWA on a phone's network: what it weighs, how soon it is there, whether it scrolls."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from statistics import median
from typing import Any, Final

import httpx
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from benchmarks.figures import Figures, Own, Size, say
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
_STEP_PX: Final = 300  # a fling
# The document, its scripts and styles and the worker with the keys: all that came before it.
ASKED: Final = """
[location.href, ...performance.getEntriesByType("resource")
  .filter(({ name, startTime }) => startTime < window.shownAt && /\\.(js|css)$/.test(name))
  .map(({ name }) => name)]
"""

# The instant a person first has something to press.
WATCH: Final = """
new MutationObserver(() => {
  if (document.querySelector("button")) window.shownAt ??= performance.now()
}).observe(document, { childList: true, subtree: true })
"""
# Up to the oldest message, waiting where older ones are still on their way.
_SCROLL: Final = """
async (step) => {
  const scroller = document.querySelector('[role="region"][aria-label="Messages"]')
  const gaps = []
  let last = 0, most = 0
  const isAtTop = () => scroller.scrollTop === 0 && scroller.querySelector(".timeline-retention")
  while (!isAtTop()) {
    const now = await new Promise(requestAnimationFrame)
    if (last) gaps.push(now - last)
    last = now
    scroller.scrollTop -= step
    most = Math.max(most, scroller.querySelectorAll("li").length)
  }
  return { gaps, most, first: scroller.querySelector("p.bubble-text").textContent }
}
"""
_LONG_MS: Final = 50  # a long task, as the browser calls it


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
        for figures in asyncio.run(_measure(server.origin, size)):
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
        later = await _later_openings(phone, size.runs)
        await phone.unlock()
        long = await _scroll(phone, size.messages)
        await phone.context.close()
    return [{**each, **described} for each in (weight, first, later, long)]


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
    await _throttle(phone.context, page)
    times, unlocks = [], []
    for _ in range(runs):
        await page.reload()
        times.append(await _shown_at(page))
        button = page.get_by_role("button", name="Déverrouiller")
        await button.wait_for()
        began = await page.evaluate("performance.now()")
        await button.click()
        await page.get_by_role("heading", name="Discussions").wait_for(timeout=_WAIT_MS)
        unlocks.append(await page.evaluate("performance.now()") - began)
    await page.reload()
    say(f"later opening: {median(times):.0f} ms, unlocked in {median(unlocks):.0f} ms")
    return {
        "case": "later opening",
        "p50_ms": round(median(times)),
        "unlock_p50_ms": round(median(unlocks)),
        "runs": times,
    }


async def _scroll(phone: Phone, messages: int) -> Figures:
    """From the last message to the first, as fast as a finger flings."""
    page = phone.page
    await _write(phone, messages)
    await page.get_by_role("region", name="Messages").wait_for()
    cdp = await phone.context.new_cdp_session(page)
    await cdp.send("Performance.enable")
    before = await _spent(cdp)
    said: Any = await page.evaluate(_SCROLL, _STEP_PX)
    after = await _spent(cdp)
    assert said["first"] == "Bonjour", said["first"]
    gaps = sorted(said["gaps"])
    frames = 1e3 * len(gaps) / sum(gaps)
    say(f"{frames:.0f} frames a second, never more than {said['most']} lines in the document")
    return {
        "case": f"scrolling {messages:,} messages",
        "frames": len(gaps),
        "frames_per_second": round(frames, 1),
        "frame_p50_ms": round(median(gaps), 1),
        "p99_ms": round(gaps[int(len(gaps) * 0.99)], 1),
        "longest_ms": round(gaps[-1], 1),
        "long_frames": sum(gap > _LONG_MS for gap in gaps),
        "script_ms_per_frame": round(
            (after["ScriptDuration"] - before["ScriptDuration"]) * 1e3 / len(gaps), 2
        ),
        "page_ms_per_frame": round(
            (after["TaskDuration"] - before["TaskDuration"]) * 1e3 / len(gaps), 2
        ),
        "most_lines": said["most"],
    }


async def _spent(cdp: Any) -> dict[str, float]:
    """Seconds that the page's own thread has worked, throttled as it is."""
    metrics = (await cdp.send("Performance.getMetrics"))["metrics"]
    return {each["name"]: each["value"] for each in metrics}


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
