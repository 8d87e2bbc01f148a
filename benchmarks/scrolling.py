"""A long discussion from its last message to its first, on a throttled phone: frames and work."""

import json
from collections.abc import Mapping
from statistics import median
from typing import Any, Final

from playwright.async_api import Page

from benchmarks.figures import Figures, say

# The fastest fling that Android lets a finger make, 8,000 pixels a second, as 60 steps of it.
_STEP_PX: Final = 133
# A screen that draws 20 frames a second at worst; one that stands still is told, not waited for.
_WORST_MS_PER_MESSAGE: Final = 30
_SPARE_MS: Final = 30_000
_FRAME_MS: Final = 1e3 / 60
_LONG_MS: Final = 50  # a long task, as the browser calls it
# Up to the oldest message, waiting where older ones are still on their way.
_SCROLL: Final = """
async ([step, mostMs]) => {
  const scroller = document.querySelector('[role="region"][aria-label="Messages"]')
  const gaps = [], began = performance.now()
  let last = 0, most = 0, nodes = 0
  const isAtTop = () => scroller.scrollTop === 0 && scroller.querySelector(".timeline-retention")
  while (!isAtTop()) {
    const now = await new Promise(requestAnimationFrame)
    if (now - began > mostMs) throw new Error(`not at the top after ${gaps.length} frames`)
    if (last) gaps.push(now - last)
    last = now
    scroller.scrollTop -= step
    if (gaps.length % 50 !== 0) continue
    most = Math.max(most, scroller.querySelectorAll("li").length)
    nodes = Math.max(nodes, document.querySelectorAll("*").length)
  }
  return { gaps, most, nodes, first: scroller.querySelector("p.bubble-text").textContent }
}
"""
# The same words in a page that does nothing: what this machine can do at all.
_PLAIN: Final = """
(messages) => {
  const view = document.head.appendChild(document.createElement("meta"))
  view.name = "viewport"
  view.content = "width=device-width"
  const scroller = document.createElement("div")
  scroller.role = "region"
  scroller.ariaLabel = "Messages"
  scroller.style = "position: absolute; inset: 0; overflow-y: auto"
  const top = scroller.appendChild(document.createElement("div"))
  top.className = "timeline-retention"
  for (let number = 0; number <= messages; number++) {
    const line = scroller.appendChild(document.createElement("p"))
    line.className = "bubble-text"
    line.textContent = number ? `Message ${number}. ${"Vu. ".repeat(number % 30)}` : "Bonjour"
  }
  document.body.replaceChildren(scroller)
  scroller.scrollTop = scroller.scrollHeight
}
"""
# Seconds of the page's own thread, as the browser counts them.
_SPENT: Final = {
    "script_ms_per_frame": "ScriptDuration",
    "style_ms_per_frame": "RecalcStyleDuration",
    "layout_ms_per_frame": "LayoutDuration",
    "page_ms_per_frame": "TaskDuration",
}
_CATEGORIES: Final = ("disabled-by-default-devtools.timeline", "devtools.timeline")


async def scroll(page: Page, messages: int) -> Figures:
    """
    From the last message to the first, as fast as a finger flings.

    Frames a second are the machine's as much as ours: `scroll_plain` says what it can do. The work
    of each frame and the tasks that are longer than one are ours. Raises: playwright's Error when
    it does not end.
    """
    browser = page.context.browser
    assert browser
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("Performance.enable")
    most_ms = _SPARE_MS + messages * _WORST_MS_PER_MESSAGE
    await browser.start_tracing(page=page, categories=list(_CATEGORIES))
    before = await _spent(cdp)
    said: Any = await page.evaluate(_SCROLL, [_STEP_PX, most_ms])
    after = await _spent(cdp)
    tasks = _tasks(await browser.stop_tracing())
    assert said["first"] == "Bonjour", said["first"]
    gaps = sorted(said["gaps"])
    frames = 1e3 * len(gaps) / sum(gaps)
    work = {
        name: round((after[metric] - before[metric]) * 1e3 / len(gaps), 2)
        for name, metric in _SPENT.items()
    }
    say(f"{frames:.0f} frames a second, {work['page_ms_per_frame']} ms of work in each")
    return {
        "case": f"scrolling {messages:,} messages",
        "frames": len(gaps),
        "frames_per_second": round(frames, 1),
        "frame_p50_ms": round(median(gaps), 1),
        "p99_ms": round(gaps[int(len(gaps) * 0.99)], 1),
        "longest_ms": round(gaps[-1], 1),
        "long_frames": sum(gap > _LONG_MS for gap in gaps),
        **work,
        "cpu_ms_per_frame": round(sum(tasks) / len(gaps), 2),
        "tasks_over_a_frame": sum(task > _FRAME_MS for task in tasks),
        "long_tasks": sum(task > _LONG_MS for task in tasks),
        "longest_task_ms": round(max(tasks, default=0), 1),
        "most_lines": said["most"],
        "most_nodes": said["nodes"],
    }


async def scroll_plain(page: Page, messages: int) -> Figures:
    """The same words in plain paragraphs on an empty page, which is throttled as the phone is."""
    await page.evaluate(_PLAIN, messages)
    return {**await scroll(page, messages), "case": f"scrolling {messages:,} plain lines"}


async def _spent(cdp: Any) -> Mapping[str, float]:
    """Seconds that the page's own thread has worked, throttled as it is."""
    metrics = (await cdp.send("Performance.getMetrics"))["metrics"]
    return {each["name"]: each["value"] for each in metrics}


def _tasks(trace: bytes) -> list[float]:
    """Processor milliseconds of every task of the busiest thread: the page's own."""
    threads: dict[tuple[int, int], list[float]] = {}
    for event in json.loads(trace)["traceEvents"]:
        if event["name"] == "RunTask" and "tdur" in event:
            threads.setdefault((event["pid"], event["tid"]), []).append(event["tdur"] / 1e3)
    return max(threads.values(), key=sum, default=[])
