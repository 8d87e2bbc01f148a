import { expect, test } from "vitest"
import { message } from "../testing/people.js"
import { buildTimeline, isToldMissed, lastOffset } from "./timelineModel.js"

const at = (day: number, hour: number, minute: number, second = 0) => new Date(2026, 10, day, hour, minute, second).getTime()
const shape = (items: ReturnType<typeof buildTimeline>) =>
  items.map((item) => (item.kind === "bubble" ? `${item.isFirst ? "(" : ""}${item.key}${item.isLast ? ")" : ""}` : item.kind))

test("bubbles of one author in one minute form a group", () => {
  const messages = [
    message("a", { sentAtMs: at(23, 9, 42, 1) }),
    message("b", { sentAtMs: at(23, 9, 42, 59) }),
    message("c", { sentAtMs: at(23, 9, 43, 0) }),
    message("d", { sentAtMs: at(23, 9, 43, 5), mine: true, author: "me" as never }),
  ]
  expect(shape(buildTimeline(messages, null))).toEqual(["day", "(a", "b)", "(c)", "(d)"])
})

test("each day begins with its name, and a group never crosses midnight", () => {
  const messages = [message("a", { sentAtMs: at(22, 23, 59, 59) }), message("b", { sentAtMs: at(23, 0, 0, 0) })]
  expect(shape(buildTimeline(messages, null))).toEqual(["day", "(a)", "day", "(b)"])
})

test("the line of what is new stands once, before the first unread message of someone else", () => {
  const messages = [message("a", { offset: 1 }), message("mine", { offset: 2, mine: true }), message("b", { offset: 3 }), message("c", { offset: 4 })]
  expect(shape(buildTimeline(messages, 2))).toEqual(["day", "(a", "mine)", "new", "(b", "c)"])
})

test("a failed message stands alone, with its reason", () => {
  const messages = [message("a"), message("b", { delivery: "failed" }), message("c")]
  expect(shape(buildTimeline(messages, null))).toEqual(["day", "(a)", "(b)", "(c)"])
})

test("what is not a text is a notice between groups", () => {
  const messages = [message("a"), message("n", { content: { kind: "unsupported" } }), message("b")]
  expect(shape(buildTimeline(messages, null))).toEqual(["day", "(a)", "notice", "(b)"])
})

test("reading confirms the highest offset of others, not one's own", () => {
  const messages = [message("a", { offset: 3 }), message("b", { offset: 2 }), message("c", { offset: 9, mine: true }), message("d", { offset: null })]
  expect(lastOffset(messages)).toBe(3)
  expect(lastOffset([])).toBeNull()
})

test("that something went by unseen is said until what followed it is erased", () => {
  const nowMs = Date.UTC(2026, 10, 30)
  const told = (missed: { readonly nextAtMs: number | null } | null) => isToldMissed({ missed, retentionDays: 7 }, nowMs)
  expect(told(null)).toBe(false)
  expect(told({ nextAtMs: null })).toBe(true)
  expect(told({ nextAtMs: nowMs - 6 * 86_400_000 })).toBe(true)
  expect(told({ nextAtMs: nowMs - 7 * 86_400_000 })).toBe(false)
})
