import { expect, it } from "vitest"
import { backoffMs } from "./backoff.js"

it("waits up to 2 s first, doubles, and never more than a minute", () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => backoffMs(attempt, 0.999_999))).toEqual([
    1999, 3999, 7999, 15999, 31999, 59999, 59999,
  ])
})

it("spreads everyone over the whole time, from at once", () => {
  expect(backoffMs(3, 0)).toBe(0)
  expect(backoffMs(3, 0.5)).toBe(8000)
})
