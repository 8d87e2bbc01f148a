// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { lockAfterMs, watchHidden } from "./autoLock.js"

let visibility: DocumentVisibilityState = "visible"

function become(state: DocumentVisibilityState) {
  visibility = state
  document.dispatchEvent(new Event("visibilitychange"))
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => visibility)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test("a page hidden for thirty seconds locks", () => {
  const lock = vi.fn()
  const stop = watchHidden(lock)
  become("hidden")
  vi.advanceTimersByTime(lockAfterMs - 1)
  expect(lock).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(lock).toHaveBeenCalledOnce()
  stop()
})

test("a short look elsewhere does not lock", () => {
  const lock = vi.fn()
  const stop = watchHidden(lock)
  become("hidden")
  vi.advanceTimersByTime(lockAfterMs / 2)
  become("visible")
  vi.advanceTimersByTime(lockAfterMs * 2)
  expect(lock).not.toHaveBeenCalled()
  stop()
})

test("a page whose timers slept locks when it comes back", () => {
  let nowMs = 0
  const lock = vi.fn()
  const stop = watchHidden(lock, () => nowMs)
  become("hidden")
  nowMs = lockAfterMs
  become("visible")
  expect(lock).toHaveBeenCalledOnce()
  stop()
})
