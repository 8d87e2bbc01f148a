import { encode } from "@msgpack/msgpack"
import { expect, it } from "vitest"
import { newAccount, newGroup } from "./ids.js"
import { decodeNotice } from "./notice.js"

it("reads the notices it knows", () => {
  const [channel, account] = [newGroup(), newAccount()]
  expect(decodeNotice(encode([1, "conversation", channel]))).toEqual({ kind: "conversation", channel })
  expect(decodeNotice(encode([1, "removed", channel]))).toEqual({ kind: "removed", channel })
  expect(decodeNotice(encode([1, "chain", account]))).toEqual({ kind: "chain", account })
})

it("takes nothing from what it does not know", () => {
  const channel = newGroup()
  for (const value of [[2, "conversation", channel], [1, "party", channel], [1, "chain", channel], [1, "removed", 4], {}]) {
    expect(decodeNotice(encode(value))).toBeNull()
  }
  expect(decodeNotice(new Uint8Array([0xc1]))).toBeNull()
})
