import { expect, it } from "vitest"
import type { StoredContent } from "./contents.js"
import type { StoredMessage } from "./message.js"
import { isForgetting } from "./retention.js"

const NOW = 1_000
const KEPT = 100
const came = (sentAtMs: number, content: StoredContent = { kind: "text", text: "bonjour" }): StoredMessage => ({ content, sentAtMs }) as StoredMessage
const agreed = (said: object): StoredContent => ({ kind: "settings", said: { type: "settings", since: 0, ...said } })

it("forgets at once what was over when it came", () => {
  expect(isForgetting([came(950), came(899)], NOW, KEPT)).toBe(true)
})

it("forgets at once when an admin chose how long messages stay", () => {
  expect(isForgetting([came(950, agreed({ retentionDays: 2 }))], NOW, KEPT)).toBe(true)
})

it("has nothing to forget because of anything else", () => {
  expect(isForgetting([], NOW, KEPT)).toBe(false)
  expect(isForgetting([came(900), came(950, agreed({ patient: null }))], NOW, KEPT)).toBe(false)
})
