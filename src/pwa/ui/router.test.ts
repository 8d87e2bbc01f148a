import { expect, test } from "vitest"
import type { AccountId, ChannelId } from "../bridge/models.js"
import { formatRoute, parentOf, parseRoute, tabOf, type Route } from "./router.js"

const channel = "c0ffee-_" as ChannelId
const routes: readonly Route[] = [
  { kind: "discussions" },
  { kind: "compose" },
  { kind: "discussion", channel },
  { kind: "people", channel },
  { kind: "add-people", channel },
  { kind: "person", channel, account: "a1" as AccountId },
  { kind: "directory" },
  { kind: "card" },
  { kind: "me" },
  { kind: "express" },
  { kind: "devices" },
  { kind: "activity" },
]

test("every screen has an address that leads back to it", () => {
  for (const route of routes) expect(parseRoute(formatRoute(route))).toEqual(route)
})

test("an address that means nothing leads to the discussions", () => {
  for (const hash of ["", "#", "#/nowhere", "#/discussion/", "#/discussion/a b", "#/discussion/%3Cscript%3E"]) {
    expect(parseRoute(hash)).toEqual({ kind: "discussions" })
  }
})

test("going up always ends on the discussions", () => {
  for (const start of routes) {
    let route = start
    for (let step = 0; step < 4; step++) route = parentOf(route)
    expect(route).toEqual({ kind: "discussions" })
  }
})

test("screens opened from a tab belong to it", () => {
  expect(tabOf({ kind: "people", channel })).toBe("discussions")
  expect(tabOf({ kind: "card" })).toBe("directory")
  expect(tabOf({ kind: "devices" })).toBe("me")
})
