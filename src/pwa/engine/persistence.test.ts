import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { Refusal } from "./failure.js"
import { persist } from "./persistence.js"

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it("does again what passes, and not before the server asked for", async () => {
  const refusals = [new Refusal("store_unavailable"), new Refusal("too_many", 9_000)]
  let tries = 0
  const done = persist(() => {
    tries += 1
    const refusal = refusals.shift()
    return refusal === undefined ? Promise.resolve() : Promise.reject(refusal)
  }, () => true)

  await vi.advanceTimersByTimeAsync(4_000)
  expect(tries).toBe(2)
  await vi.advanceTimersByTimeAsync(8_999)
  expect(tries).toBe(2)
  await vi.advanceTimersByTimeAsync(1)
  expect(tries).toBe(3)
  await done
})

it("stops when nobody wants it any more", async () => {
  let isWanted = true
  let tries = 0
  const done = persist(() => {
    tries += 1
    return Promise.reject(new Refusal("offline"))
  }, () => isWanted)
  await vi.advanceTimersByTimeAsync(0)
  isWanted = false
  await vi.advanceTimersByTimeAsync(4_000)
  await done
  expect(tries).toBe(1)
})

it("throws what does not pass", async () => {
  await expect(persist(() => Promise.reject(new Refusal("device_revoked")), () => true)).rejects.toThrow("device_revoked")
})
