import { expect, it } from "vitest"
import { plainText } from "../crypto/contents/messages.js"
import { newDevice, newEnvelope } from "../ids.js"
import { kindOf } from "./sealing.js"

const target = { device: newDevice(), envelope: newEnvelope() }

it("wakes phones for what is to be read or answered, and for nothing that is said about it", () => {
  expect(kindOf(plainText("Vu."))).toBe("message")
  expect(kindOf({ ...plainText("Chute"), intent: { kind: "urgent" } })).toBe("urgent")
  expect(kindOf({ type: "taken", target, isReleased: false })).toBe("message")

  expect(kindOf({ type: "reaction", target, emoji: "👍" })).toBe("quiet")
  expect(kindOf({ type: "edit", target, text: "Vue.", mentions: [] })).toBe("quiet")
  expect(kindOf({ type: "delete", target })).toBe("quiet")
})
