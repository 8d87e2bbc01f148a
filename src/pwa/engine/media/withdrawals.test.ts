import "fake-indexeddb/auto"
import { afterEach, beforeEach, expect, it } from "vitest"
import type { BlobId, DeviceId } from "../../bridge/models.js"
import { Refusal } from "../failure.js"
import { Http } from "../http.js"
import { newEnvelope, newGroup } from "../ids.js"
import { Locker } from "../store/locker.js"
import { DATABASE } from "../store/schema.js"
import type { Store } from "../store/store.js"
import { Withdrawals, type Fate, type Withdrawal } from "./withdrawals.js"

const SIGNED = { session: "s", atMs: 1, signature: new Uint8Array(64) }
const SIGNER = { session: () => "s", sign: () => Promise.resolve(SIGNED) }
const BLOBS = ["A", "B"].map((letter) => letter.repeat(22) as BlobId)
const WITHDRAWAL: Withdrawal = { channel: newGroup(), target: { device: "d" as DeviceId, envelope: newEnvelope() }, envelope: newEnvelope(), blobs: BLOBS }
const said = (): Promise<void> => Promise.resolve()

let locker: Locker
let store: Store
let fate: Fate
/** What the server says to each request from now on; null while there is no network. */
let answer: (() => Response) | null
let deleted: string[]

async function opened(): Promise<Withdrawals> {
  const fetch = (url: string, { method }: RequestInit): Promise<Response> => {
    if (answer === null) return Promise.reject(new TypeError("network"))
    deleted.push(`${method} ${new URL(url).pathname}`)
    return Promise.resolve(answer())
  }
  const withdrawals = new Withdrawals(new Http({ origin: "https://lien.example", fetch }, SIGNER), store, () => Promise.resolve(fate))
  await withdrawals.load()
  return withdrawals
}

beforeEach(async () => {
  locker = await Locker.find(DATABASE, () => undefined)
  await locker.make(async (empty) => [await empty.put("self", "self", {})])
  store = (await locker.openByDevice())!
  deleted = []
  answer = () => Response.json({})
  fate = "waiting"
})

afterEach(async () => {
  await locker.destroy()
  locker.close()
})

const ALL = BLOBS.map((blob) => `DELETE /api/blobs/${blob}`)

it("takes the pictures back once the log has the withdrawal, and not before", async () => {
  const withdrawals = await opened()
  await withdrawals.add(WITHDRAWAL, said)
  await withdrawals.send()
  expect(deleted).toEqual([])

  fate = "gone"
  await withdrawals.send()
  await withdrawals.send()
  expect(deleted).toEqual(ALL)
})

it("goes on after the app was closed in between, and after the network was gone", async () => {
  await (await opened()).add(WITHDRAWAL, said)
  fate = "gone"
  answer = null
  const again = await opened()
  await again.send()
  expect(await store.all("withdrawals")).toHaveLength(1)

  answer = () => Response.json({})
  await again.send()
  expect(deleted).toEqual(ALL)
  expect(await store.all("withdrawals")).toEqual([])
})

it("is content with what the server has no more", async () => {
  answer = () => Response.json({ error: { code: "not_found" } }, { status: 404 })
  const withdrawals = await opened()
  await withdrawals.add(WITHDRAWAL, said)
  fate = "gone"
  await withdrawals.send()
  expect(deleted).toEqual(ALL)
  expect(await store.all("withdrawals")).toEqual([])
})

it("touches nothing where nothing was withdrawn after all", async () => {
  const withdrawals = await opened()
  await expect(withdrawals.add(WITHDRAWAL, () => Promise.reject(new Refusal("too_late")))).rejects.toMatchObject({ code: "too_late" })
  await withdrawals.add(WITHDRAWAL, said)
  fate = "void"
  await withdrawals.send()
  expect(deleted).toEqual([])
  expect(await store.all("withdrawals")).toEqual([])
})
