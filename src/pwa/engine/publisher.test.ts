import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { Publisher } from "./publisher.js"

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it("tells at most once every 50 ms, and the last change too", () => {
  const publisher = new Publisher()
  const tell = vi.fn()
  for (let time = 0; time < 200; time += 5) {
    publisher.request("discussions", tell)
    vi.advanceTimersByTime(5)
  }
  vi.runAllTimers()
  expect(tell.mock.calls.length).toBeGreaterThanOrEqual(4)
  expect(tell.mock.calls.length).toBeLessThanOrEqual(6)
})

it("tells nothing after it was cleared", () => {
  const publisher = new Publisher()
  const tell = vi.fn()
  publisher.request("phase", tell)
  publisher.clear()
  vi.runAllTimers()
  expect(tell).not.toHaveBeenCalled()
})

it("tells at once what is due, and not again", () => {
  const publisher = new Publisher()
  const told: number[] = []
  let value = 1
  publisher.request("phase", () => told.push(value))
  publisher.flush("phase")
  expect(told).toEqual([1])
  publisher.flush("phase")
  vi.runAllTimers()
  expect(told).toEqual([1])
  value = 2
  publisher.request("phase", () => told.push(value))
  vi.runAllTimers()
  expect(told).toEqual([1, 2])
})
