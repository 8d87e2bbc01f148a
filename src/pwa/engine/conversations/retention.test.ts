import "fake-indexeddb/auto"
import { beforeEach, expect, it } from "vitest"
import { newAccount, newDevice, newEnvelope, newGroup } from "../ids.js"
import { Locker } from "../store/locker.js"
import type { Store } from "../store/store.js"
import { movedTo, newChannel } from "./channel.js"
import { messageName, type StoredMessage } from "./message.js"
import { countVanishing, forgetOld } from "./retention.js"

const [CHANNEL, BEN, DEVICE] = [newGroup(), newAccount(), newDevice()]
const DAY_MS = 86_400_000
const NOW_MS = 100 * DAY_MS
const STATE = movedTo(newChannel(CHANNEL), 1, 600)
let store: Store

function aMessage(offset: number, ageDays: number, content: StoredMessage["content"] = { kind: "text", text: "Vu." }): StoredMessage {
  const envelope = newEnvelope()
  const name = messageName(CHANNEL, DEVICE, envelope)
  return { name, channel: CHANNEL, envelope, author: BEN, device: DEVICE, offset, place: offset, sentAtMs: NOW_MS - ageDays * DAY_MS, content, original: null }
}

const keep = async (all: readonly StoredMessage[]) => store.write(await Promise.all(all.map((stored) => store.putMessage(CHANNEL, stored.name, stored.place, stored))))

beforeEach(async () => {
  const locker = await Locker.find(crypto.randomUUID(), () => undefined)
  store = await locker.make(() => Promise.resolve([]))
})

it("counts what is erased within three days in the whole of a discussion, not what is on screen", async () => {
  const old = Array.from({ length: 450 }, (_, index) => aMessage(index + 1, 28))
  await keep([...old, aMessage(451, 28, { kind: "members", added: [BEN], removed: [] }), ...Array.from({ length: 100 }, (_, index) => aMessage(452 + index, 5))])

  expect(await countVanishing(store, STATE, NOW_MS, { retentionDays: 30 })).toBe(450)
  expect(await countVanishing(store, STATE, NOW_MS, { retentionDays: 90 })).toBe(0)
  // Where everything always is about to go, nothing is announced.
  expect(await countVanishing(store, STATE, NOW_MS, { retentionDays: 3 })).toBe(0)
})

it("forgets what is beyond retention, however much it is, and nothing else", async () => {
  await keep([...Array.from({ length: 250 }, (_, index) => aMessage(index + 1, 31)), aMessage(251, 1)])

  const [forgotten] = await forgetOld(store, [STATE], NOW_MS, { retentionDays: 30 })

  expect(forgotten?.names.length).toBe(250)
  expect((await store.oldestMessages<StoredMessage>(CHANNEL, 9)).map(({ offset }) => offset)).toEqual([251])
  expect(await forgetOld(store, [STATE], NOW_MS, { retentionDays: 30 })).toEqual([])
})
