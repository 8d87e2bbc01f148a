// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest"
import { forgetWaking } from "./unwaking.js"

afterEach(() => vi.unstubAllGlobals())

test("the browser's address and what was shown are gone", async () => {
  const unsubscribe = vi.fn(() => Promise.resolve(true))
  const close = vi.fn()
  const registration = {
    getNotifications: () => Promise.resolve([{ close }]),
    pushManager: { getSubscription: () => Promise.resolve({ unsubscribe }) },
  }
  vi.stubGlobal("navigator", { serviceWorker: { getRegistration: () => Promise.resolve(registration) } })
  await forgetWaking()
  expect(unsubscribe).toHaveBeenCalledOnce()
  expect(close).toHaveBeenCalledOnce()
})

test("a browser that cannot be woken has nothing to forget", async () => {
  vi.stubGlobal("navigator", {})
  await forgetWaking()
  vi.stubGlobal("navigator", { serviceWorker: { getRegistration: () => Promise.resolve({ getNotifications: () => Promise.resolve([]) }) } })
  await forgetWaking()
})
