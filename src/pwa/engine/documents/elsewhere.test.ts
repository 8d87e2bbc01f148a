import "fake-indexeddb/auto"
import { afterEach, beforeEach, expect, it } from "vitest"
import { Keyring } from "../accounts/keyring.js"
import type { Self } from "../accounts/self.js"
import { randomBytes } from "../bytes.js"
import { ServerClock } from "../clock.js"
import { signingKeyFromSeed } from "../crypto/signing.js"
import { Http } from "../http.js"
import { newAccount, newDevice } from "../ids.js"
import { Locker } from "../store/locker.js"
import type { Store } from "../store/store.js"
import { Elsewhere } from "./elsewhere.js"
import { Records } from "./records.js"
import { aDelivery } from "./testing.js"
import { anId } from "./testGateway.js"
import { Traces } from "./traces.js"

const NOW_MS = 1_795_000_000_000
const DAY_MS = 86_400_000
const KEY = signingKeyFromSeed(randomBytes(32))

let nowMs: number
let log: { number: number; at_ms: number; kind: string; document: string }[]
let self: Self
let locker: Locker
let store: Store

/** One life of this device: what is in memory is new, what is on the disk stays. */
async function begin(): Promise<{ elsewhere: Elsewhere; end: () => Promise<void> }> {
  const clock = new ServerClock(() => nowMs)
  const keyring = new Keyring(store, self, KEY, clock, "https://lien.test")
  const fetch = () => Promise.resolve(new Response(JSON.stringify({ traces: log.toReversed(), before: 0 })))
  const traces = new Traces(new Http({ origin: "https://lien.test", fetch }, keyring), store, keyring)
  const records = new Records(store)
  await records.load()
  const elsewhere = new Elsewhere({ keyring, clock, store }, traces, records, () => undefined)
  await elsewhere.load()
  return { elsewhere, end: () => Promise.resolve(void (self = keyring.self)) }
}

beforeEach(async () => {
  ;[nowMs, log] = [NOW_MS, []]
  self = {
    ...{ account: newAccount(), device: newDevice(), label: "Téléphone", attestors: [], retentionDays: 30, isDemo: false },
    ...{ secrets: [], rotating: null, wrapKeys: [], isOfferAnswered: true, enrolling: null },
    session: { session: "s", idleEndsAtMs: Infinity, endsAtMs: Infinity },
  }
  locker = await Locker.find("elsewhere", () => undefined)
  store = await locker.make(() => Promise.resolve([]))
})

afterEach(async () => {
  await locker.destroy()
  locker.close()
})

it("what another phone opened is not new here, though this one was closed before the report came", async () => {
  const report = aDelivery(anId())
  log = [{ number: 1, at_ms: NOW_MS + 1_000, kind: "opened", document: report.content.document }]
  const first = await begin()
  await first.elsewhere.catchUp()
  expect(first.elsewhere.asOpened(report)).toMatchObject({ openedAtMs: NOW_MS + 1_000 })
  await first.end()
  expect(self.tracesSeen).toBe(1)

  const second = await begin()
  await second.elsewhere.catchUp() // it has read the log: nothing of this is told again
  expect(second.elsewhere.asOpened(report)).toMatchObject({ openedAtMs: NOW_MS + 1_000 })
  // What came after it was opened there is another version, which nobody has seen.
  expect(second.elsewhere.asOpened({ ...report, atMs: NOW_MS + 2_000 })).toBeNull()
})

it("keeps none of it longer than the documents themselves", async () => {
  log = [{ number: 1, at_ms: NOW_MS, kind: "opened", document: anId() }]
  const first = await begin()
  await first.elsewhere.catchUp()
  await first.end()
  expect(await store.all("openings")).toHaveLength(1)

  nowMs += 31 * DAY_MS
  await begin()
  expect(await store.all("openings")).toEqual([])
})
