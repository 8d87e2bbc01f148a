// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest"
import { chooseLockDelay, delaysWithin, delayWithin, restoreLockDelay } from "./lockDelay.js"

afterEach(() => {
  localStorage.clear()
  restoreLockDelay()
})

test("thirty seconds until another delay is chosen, and the choice is kept on this device", () => {
  expect(delayWithin(300)).toBe(30)
  chooseLockDelay(120)
  restoreLockDelay()
  expect(delayWithin(300)).toBe(120)
})

test("the deployment's bound goes before the choice", () => {
  expect(delaysWithin(300)).toEqual([0, 30, 60, 120, 300])
  expect(delaysWithin(90)).toEqual([0, 30, 60])
  chooseLockDelay(300)
  expect(delayWithin(90)).toBe(60)
  expect(delayWithin(10)).toBe(0)
  expect(delayWithin(300)).toBe(300)
})

test.each(["31", "-1", "", "x", "1e9"])("what is stored and is none of the choices (%s) is forgotten", (stored) => {
  localStorage.setItem("lien.lock-seconds", stored)
  restoreLockDelay()
  expect([0, 30]).toContain(delayWithin(300))
})
