import "fake-indexeddb/auto"
import { beforeEach, expect, it } from "vitest"
import { newAccount, newDevice, newEnvelope, newGroup } from "../ids.js"
import { Locker } from "../store/locker.js"
import type { Store } from "../store/store.js"
import { movedTo, newChannel } from "./channel.js"
import { messageName, type StoredMessage } from "./message.js"
import { messageAt } from "./reading.js"
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

const opened = (readOffset: number) => views.open({ ...movedTo(newChannel(CHANNEL), 1, 450), readOffset, unread: 450 - readOffset })
const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index)

it("goes up and down without ever holding everything", async () => {
  await views.loadOlder(CHANNEL)
  expect(places()).toEqual(upTo(151, 450))
  await views.loadOlder(CHANNEL)
  await views.loadOlder(CHANNEL)
  expect(places()).toEqual(upTo(1, 300))
  expect(views.find(CHANNEL)).toMatchObject({ hasOlder: false, to: 300 })

  views.put(aMessage(451))
  expect(places().at(-1)).toBe(300)
  await views.loadNewer(CHANNEL)
  expect(places()).toEqual(upTo(201, 400))
  await views.loadNewer(CHANNEL)
  expect(places()).toEqual(upTo(201, 450))
  // What was stored in the views alone is not in the store of this test: it stays to be asked for.
  expect(views.find(CHANNEL)).toMatchObject({ hasOlder: true, to: 450 })
})

it("opens where the unread messages begin, however many there are", async () => {
  views.close(CHANNEL)
  await opened(120)
  expect(places()).toEqual(upTo(21, 220))
  expect(views.find(CHANNEL)).toMatchObject({ unreadFrom: 121, to: 220, hasOlder: true })
  await views.loadNewest(CHANNEL)
  expect(places()).toEqual(upTo(251, 450))
  expect(views.find(CHANNEL)?.to).toBe(Infinity)
})

it("shows what comes while it is opened or read again, and no longer what goes", async () => {
  const { name } = views.find(CHANNEL)!.messages.at(-1)!
  views.close(CHANNEL)
  const opening = opened(450)
  views.put(aMessage(451))
  views.remove(CHANNEL, [name])
  await opening
  expect(places().slice(-2)).toEqual([449, 451])

  const reading = views.reload(CHANNEL)
  views.put(aMessage(452))
  await reading
  expect(places().at(-1)).toBe(452)
})

it("goes where a message is, and is what it was when there is no such message", async () => {
  const [hundredth] = await store.messagesFrom<StoredMessage>(CHANNEL, 100, 1)
  expect(await views.loadAround(CHANNEL, hundredth?.name ?? "")).toBe(true)
  expect(places()).toEqual(upTo(1, 199))
  expect(await views.loadAround(CHANNEL, "message:gone")).toBe(false)
  expect(places()).toEqual(upTo(1, 199))
})

it("finds the first message of a moment", async () => {
  const all = upTo(1, 40).map((offset) => ({ ...aMessage(offset), sentAtMs: offset * 1_000 }))
  const other = newGroup()
  await store.write(await Promise.all(all.map((stored) => store.putMessage(other, stored.name, stored.place, stored))))
  const at = async (atMs: number) => (await messageAt(store, other, 40, atMs))?.envelope
  expect(await at(0)).toBe(all[0]?.envelope)
  expect(await at(17_000)).toBe(all[16]?.envelope)
  expect(await at(17_001)).toBe(all[17]?.envelope)
  expect(await at(41_000)).toBeUndefined()
})

it("lets go of the oldest where everything was followed for long", async () => {
  for (let offset = 451; offset <= 900; offset++) views.put(aMessage(offset))
  expect(places()).toEqual(upTo(251, 850))
  expect(views.find(CHANNEL)?.to).toBe(850)
  views.close(CHANNEL)
  await opened(440)
  for (let offset = 451; offset <= 600; offset++) views.put(aMessage(offset))
  await views.loadNewest(CHANNEL)
  expect(places()).toEqual(upTo(401, 600))
})

it("puts each message once, at its place", () => {
  const notice = { ...aMessage(449), place: 449.5, offset: null }
  const last = aMessage(451)
  for (const stored of [last, notice, last]) views.put(stored)
  expect(places().slice(-4)).toEqual([449, 449.5, 450, 451])
})
