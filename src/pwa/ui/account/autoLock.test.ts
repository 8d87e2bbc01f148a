// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { watchHidden } from "./autoLock.js"

const lockAfterMs = 30_000

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
  const stop = watchHidden(lock, lockAfterMs)
  become("hidden")
  vi.advanceTimersByTime(lockAfterMs - 1)
  expect(lock).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(lock).toHaveBeenCalledOnce()
  stop()
})

test("a short look elsewhere does not lock", () => {
  const lock = vi.fn()
  const stop = watchHidden(lock, lockAfterMs)
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
  const stop = watchHidden(lock, lockAfterMs, () => nowMs)
  become("hidden")
  nowMs = lockAfterMs
  become("visible")
  expect(lock).toHaveBeenCalledOnce()
  stop()
})

test("with no delay a page locks as soon as it is hidden", () => {
  const lock = vi.fn()
  const stop = watchHidden(lock, 0)
  become("hidden")
  expect(lock).toHaveBeenCalledOnce()
  become("visible")
  expect(lock).toHaveBeenCalledOnce()
  stop()
})
