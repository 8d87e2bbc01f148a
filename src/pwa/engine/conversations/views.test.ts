import "fake-indexeddb/auto"
import { beforeEach, expect, it } from "vitest"
import { newAccount, newDevice, newEnvelope, newGroup } from "../ids.js"
import { Locker } from "../store/locker.js"
import type { Store } from "../store/store.js"
import { movedTo, newChannel } from "./channel.js"
import { messageName, type StoredMessage } from "./message.js"
import { Views } from "./views.js"

const [CHANNEL, ME, BEN, DEVICE] = [newGroup(), newAccount(), newAccount(), newDevice()]
let store: Store
let views: Views

function aMessage(offset: number): StoredMessage {
  const envelope = newEnvelope()
  const name = messageName(CHANNEL, DEVICE, envelope)
  const content = { kind: "text", text: String(offset) } as const
  return { name, channel: CHANNEL, envelope, author: BEN, device: DEVICE, offset, place: offset, sentAtMs: 0, content, original: null }
}

const places = (): readonly number[] => views.find(CHANNEL)?.messages.map(({ place }) => place) ?? []

beforeEach(async () => {
  const locker = await Locker.find(crypto.randomUUID(), () => undefined)
  store = await locker.make(() => Promise.resolve([]))
  views = new Views(store, ME)
  const all = Array.from({ length: 450 }, (_, index) => aMessage(index + 1))
  await store.write(await Promise.all(all.map((stored) => store.putMessage(CHANNEL, stored.name, stored.place, stored))))
  await views.open({ ...movedTo(newChannel(CHANNEL), 1, 450), readOffset: 440, unread: 10 })
})

it("shows the newest 200, and where the unread ones begin", () => {
  expect(places().length).toBe(200)
  expect(places()[0]).toBe(251)
  expect(views.find(CHANNEL)).toMatchObject({ hasOlder: true, unreadFrom: 441 })
})

it("loads older messages until there are none", async () => {
  await views.loadOlder(CHANNEL)
  expect(places().length).toBe(400)
  await views.loadOlder(CHANNEL)
  expect(places()).toEqual(Array.from({ length: 450 }, (_, index) => index + 1))
  expect(views.find(CHANNEL)?.hasOlder).toBe(false)
})

it("puts each message once, at its place", () => {
  const notice = { ...aMessage(449), place: 449.5, offset: null }
  const last = aMessage(451)
  for (const stored of [last, notice, last]) views.put(stored)
  expect(places().slice(-4)).toEqual([449, 449.5, 450, 451])
})
