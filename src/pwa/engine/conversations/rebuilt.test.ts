import "fake-indexeddb/auto"
import { beforeEach, expect, it } from "vitest"
import type { DeviceId } from "../../bridge/models.js"
import { newAccount, newDevice, newEnvelope, newGroup } from "../ids.js"
import { Locker } from "../store/locker.js"
import type { Store } from "../store/store.js"
import { messageName, type StoredMessage } from "./message.js"
import { takeBack } from "./rebuilt.js"

const [CHANNEL, ME, MINE, OTHER] = [newGroup(), newAccount(), newDevice(), newDevice()]
let store: Store

async function aMessage(device: DeviceId, offset: number): Promise<StoredMessage> {
  const envelope = newEnvelope()
  const stored: StoredMessage = {
    name: messageName(CHANNEL, device, envelope),
    channel: CHANNEL,
    envelope,
    author: ME,
    device,
    offset,
    place: offset,
    sentAtMs: offset,
    content: { kind: "text", text: `message ${offset}` },
    original: { header: Uint8Array.of(offset), sealed: Uint8Array.of(9) },
  }
  await store.write([await store.putMessage(CHANNEL, stored.name, offset, stored)])
  return stored
}

beforeEach(async () => {
  const locker = await Locker.find(crypto.randomUUID(), () => undefined)
  store = await locker.make(() => Promise.resolve([]))
})

it("offers again what this device wrote above the log's new end, with the same bytes", async () => {
  await aMessage(MINE, 3)
  const [lost, later] = [await aMessage(MINE, 4), await aMessage(MINE, 6)]
  const taken = await takeBack(store, CHANNEL, 3, MINE)
  await store.write(taken.writes)

  expect(taken.lost.map(({ envelope, accepted }) => [envelope, accepted])).toEqual([
    [lost.envelope, null],
    [later.envelope, null],
  ])
  expect(taken.lost[0]?.original?.header).toEqual(Uint8Array.of(4))
  expect((await store.all("outbox")).length).toBe(2)
  expect((await store.messages<StoredMessage>(CHANNEL, 0, Infinity)).map(({ place }) => place)).toEqual([3])
})

it("keeps what others wrote where it is shown, without a position, until they offer it again", async () => {
  const others = await aMessage(OTHER, 5)
  const taken = await takeBack(store, CHANNEL, 3, MINE)
  await store.write(taken.writes)
  expect(taken.lost).toEqual([])
  expect(await store.getMessage(others.name)).toMatchObject({ offset: null, place: 5 })
})
