import { expect, test } from "vitest"
import { channel, discussion } from "../testing/people.js"
import { placeToOpen } from "./woken.js"

const read = discussion()
const one = discussion({ channel: channel("one"), unread: 1 })
const urgent = discussion({ channel: channel("urgent"), unread: 2, waiting: "urgent" })
const muted = discussion({ channel: channel("muted"), unread: 9, preference: { isPinned: false, isArchived: false, isMuted: true, isUnread: false } })

test("a touched notification leads to what waits", () => {
  expect(placeToOpen([read, one, muted])).toBe(one.channel)
  expect(placeToOpen([read, one, urgent])).toBe(urgent.channel)
  expect(placeToOpen([one, discussion({ channel: channel("two"), unread: 1 })])).toBeNull()
  expect(placeToOpen([read])).toBeNull()
})
