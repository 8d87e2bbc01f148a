import { expect, test } from "vitest"
import { message } from "../testing/people.js"
import { endsOf, Heights, spanBetween, spanDue, spanOf } from "./lineWindow.js"
import type { TimelineItem } from "./timelineModel.js"

const line = (key: string): TimelineItem => ({ kind: "bubble", key, message: message(key), isFirst: true, isLast: true })
const items = Array.from({ length: 100 }, (_, index) => line(`m${index}`))
const heights = new Heights()
for (const { key } of items) heights.learn(key, 100)

test("the lines that touch what is seen", () => {
  expect(spanBetween(items, heights, 1_050, 1_250)).toEqual({ first: 10, last: 13 })
  expect(spanBetween(items, heights, -500, 50)).toEqual({ first: 0, last: 1 })
  expect(spanBetween(items, heights, 20_000, 21_000)).toEqual({ first: 99, last: 100 })
  expect(spanBetween([], heights, 0, 100)).toEqual({ first: 0, last: 0 })
})

test("nothing is drawn again while enough is drawn", () => {
  const drawn = { first: 20, last: 50 }
  expect(spanDue(items, heights, drawn, 3_000, 3_800)).toBeNull()
  expect(spanDue(items, heights, drawn, 2_300, 3_100)).toEqual({ first: 12, last: 42 })
  expect(spanDue(items, heights, { first: 0, last: 100 }, 3_000, 3_800)).toEqual({ first: 19, last: 49 })
})

test("a span keeps its ends when lines come above, and follows the end of the list", () => {
  const ends = endsOf(items, { first: 90, last: 100 })
  expect(ends).toEqual({ first: "m90", last: null })
  expect(spanOf([line("old"), ...items, line("new")], ends)).toEqual({ first: 91, last: 102 })
  expect(spanOf([line("old"), ...items], endsOf(items, { first: 10, last: 20 }))).toEqual({ first: 11, last: 21 })
})

test("where an end is gone something is still drawn", () => {
  const ends = { first: "gone", last: "m50" }
  expect(spanOf(items, ends)).toEqual({ first: 11, last: 51 })
  expect(spanOf(items, { first: "m90", last: "gone" })).toEqual({ first: 90, last: 100 })
  expect(spanOf(items, { first: "gone", last: "gone" })).toEqual({ first: 60, last: 100 })
})

test("however fast a finger flings, few lines come at once", () => {
  let drawn = spanBetween(items, heights, 6_000, 9_000)
  for (let top = 7_000; top > 1_000; top -= 133) {
    const due = spanDue(items, heights, drawn, top, top + 844)
    if (due === null) continue
    expect(drawn.first - due.first).toBeLessThanOrEqual(3)
    drawn = due
  }
})
