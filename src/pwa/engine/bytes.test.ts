import { expect, it } from "vitest"
import { fromBase64, sameBytes, toBase64, utf8 } from "./bytes.js"

it("writes base64url without padding and reads only what it would have written", () => {
  expect(toBase64(Uint8Array.of(251, 255, 191))).toBe("-_-_")
  expect(fromBase64("-_-_")).toEqual(Uint8Array.of(251, 255, 191))
  for (const length of [0, 1, 2, 3, 16, 40_000]) {
    const value = new Uint8Array(length).fill(7)
    expect(fromBase64(toBase64(value))).toEqual(value)
  }
  for (const text of ["A", "AA==", "a+b/", "AB", "é"]) expect(fromBase64(text)).toBeNull()
})

it("compares by value", () => {
  expect(sameBytes(utf8("a"), utf8("a"))).toBe(true)
  expect(sameBytes(utf8("a"), utf8("b"))).toBe(false)
  expect(sameBytes(utf8("a"), utf8("ab"))).toBe(false)
})
