import "fake-indexeddb/auto"
import { beforeEach, expect, it } from "vitest"
import { newAccount, newDevice, newEnvelope, newGroup } from "../ids.js"
import { Locker } from "../store/locker.js"
import type { Store } from "../store/store.js"
import { Book } from "./book.js"
import { movedTo, newChannel, type Channel } from "./channel.js"
import { messageName, type StoredMessage } from "./message.js"
import { countVanishing, Retention } from "./retention.js"

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

async function retentionOf(state: Channel): Promise<{ retention: Retention; book: Book; forgotten: () => number }> {
  const book = new Book(store)
  await book.change(CHANNEL, () => state)
  let count = 0
  const retention = new Retention(store, book, () => NOW_MS, () => ({ retentionDays: 30 }), (_channel, names) => {
    count += names.length
  })
  return { retention, book, forgotten: () => count }
}

const offsetsKept = async () => (await store.oldestMessages<StoredMessage>(CHANNEL, 900)).map(({ offset }) => offset)

it("forgets what is beyond retention, however much it is, and nothing else", async () => {
  await keep([...Array.from({ length: 250 }, (_, index) => aMessage(index + 1, 31)), aMessage(251, 1)])
  const { retention, forgotten } = await retentionOf(STATE)

  await retention.forgetOld()

  expect(forgotten()).toBe(250)
  expect(await offsetsKept()).toEqual([251])
  await retention.forgetOld()
  expect(forgotten()).toBe(250)
})

it("erases nothing by a choice that what was not read yet may take back", async () => {
  await keep([aMessage(1, 31), aMessage(2, 5), aMessage(3, 1)])
  const agreements = { ...STATE.agreements, retentionDays: { value: 2, since: 3 } }
  const { retention, book } = await retentionOf({ ...STATE, agreements, hasUnsureDays: true })

  await retention.forgetOld()
  expect(await offsetsKept()).toEqual([2, 3])

  // A later choice came before the end of the log.
  await book.change(CHANNEL, (state) => ({ ...state, agreements: { ...agreements, retentionDays: { value: 10, since: 4 } } }))
  await retention.onHead(CHANNEL, true)
  expect(await offsetsKept()).toEqual([2, 3])
})

it("forgets by the choice, and what was over when it came, at the end of the log", async () => {
  await keep([aMessage(1, 5), aMessage(2, 1)])
  const agreements = { ...STATE.agreements, retentionDays: { value: 2, since: 3 } }
  const { retention, book } = await retentionOf({ ...STATE, agreements, hasUnsureDays: true })

  await retention.onHead(CHANNEL, false)
  expect(await offsetsKept()).toEqual([2])
  expect(book.get(CHANNEL).hasUnsureDays).toBe(false)

  await keep([aMessage(1, 40)])
  await retention.onHead(CHANNEL, false)
  expect(await offsetsKept()).toEqual([1, 2])
  await retention.onHead(CHANNEL, true)
  expect(await offsetsKept()).toEqual([2])
})
