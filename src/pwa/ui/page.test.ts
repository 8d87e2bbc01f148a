import { expect, test } from "vitest"
import type { Phase } from "../bridge/models.js"
import { createPage, isSending, watch } from "./page.js"
import { PageEngine } from "./testing/pageEngine.js"
import { channel, discussion, jean, marie, message } from "./testing/people.js"

const locked: Phase = { kind: "locked", withPasskey: true, withPin: false, providers: [{ id: "psc", label: "PSC" }], error: null }

test("nothing that was shown survives a lock", () => {
  const engine = new PageEngine()
  const page = createPage(engine)
  engine.tell({ kind: "discussions", discussions: [discussion()] })
  engine.tell({ kind: "discussion", discussion: discussion({ messages: [message("secret")] }) })
  engine.tell({ kind: "arrived", discussion: discussion(), message: message("secret") })
  page.card.value = jean.professional
  page.people.value = new Map([[jean.account, jean]])
  engine.tell({ kind: "phase", phase: locked })
  expect(page.discussions.value).toBeNull()
  expect(page.discussion.value).toBeNull()
  expect(page.arrival.value).toBeNull()
  expect(page.card.value).toBeNull()
  expect(page.people.value.size).toBe(0)
  expect(page.providers.value.map(({ id }) => id)).toEqual(["psc"])
})

test("what waits to leave is seen in the list and in the open discussion", () => {
  const engine = new PageEngine()
  const page = createPage(engine)
  expect(isSending(page)).toBe(false)
  const last = { author: marie.account, mine: true, text: "x", content: "text", delivery: "waiting" } as const
  engine.tell({ kind: "discussions", discussions: [discussion({ last })] })
  expect(isSending(page)).toBe(true)
  engine.tell({ kind: "discussions", discussions: [discussion()] })
  engine.tell({ kind: "discussion", discussion: discussion({ messages: [message("x", { mine: true, delivery: "waiting" })] }) })
  expect(isSending(page)).toBe(true)
})

test("a channel that is none of ours is said to be missing; one that is, is not", async () => {
  const engine: PageEngine = new PageEngine({
    watchDiscussion: (request) => {
      if (request.channel === "c1") engine.tell({ kind: "discussion", discussion: discussion() })
      return null
    },
  })
  const page = createPage(engine)
  await watch(page, channel("c1"))
  expect(page.missing.value).toBeNull()
  await watch(page, channel("gone"))
  expect(page.missing.value).toBe("gone")
  expect(page.discussion.value).toBeNull()
  await watch(page, null)
  expect(page.missing.value).toBeNull()
})
