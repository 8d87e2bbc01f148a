import { expect, test } from "vitest"
import { kept } from "./kept.js"
import { discussion, message } from "./testing/people.js"

test("an equal value is the one that was there", () => {
  const before = discussion({ messages: [message("a"), message("b")] })
  expect(kept(before, structuredClone(before))).toBe(before)
})

test("what changed is new, what stands beside it is not, also at another place", () => {
  const before = discussion({ messages: [message("a"), message("b")] })
  const now = discussion({ messages: [message("zero"), message("a"), message("b", { delivery: "read" })] })
  const held = kept(before, structuredClone(now))
  expect(held).toEqual(now)
  expect(held.messages[1]).toBe(before.messages[0])
  expect(held.messages[2]).not.toBe(before.messages[1])
  expect(held.messages[2]?.content).toBe(before.messages[1]?.content)
  expect(held.members).toBe(before.members)
})

test("another kind of value takes the place of the one before", () => {
  expect(kept(null, { a: 1 })).toEqual({ a: 1 })
  expect(kept([1, 2], [1])).toEqual([1])
  expect(kept({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 })
  const bytes = new Uint8Array([1])
  expect(kept(new Uint8Array([1]), bytes)).toBe(bytes)
})
