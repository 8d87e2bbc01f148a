import "fake-indexeddb/auto"
import { beforeEach, expect, it } from "vitest"
import type { AccountEvent } from "../../bridge/models.js"
import { randomBytes } from "../bytes.js"
import { ServerClock } from "../clock.js"
import { signingKeyFromSeed } from "../crypto/signing.js"
import { Http } from "../http.js"
import { newAccount, newDevice } from "../ids.js"
import { Locker } from "../store/locker.js"
import { Alerts, isWorth } from "./alerts.js"
import { Keyring } from "./keyring.js"
import type { Self } from "./self.js"

const DAY_MS = 86_400_000
const NOW_MS = 1_795_000_000_000
const added = (number: number) => ({ number, at_ms: NOW_MS, kind: "passkey_added", by: "self", note: "", subject: "another" })

const ME = newAccount()
const SELF: Self = {
  account: ME,
  device: newDevice(),
  label: "Téléphone",
  attestors: [signingKeyFromSeed(randomBytes(32)).public],
  retentionDays: 30,
  isDemo: false,
  secrets: [],
  rotating: null,
  wrapKeys: [],
  session: { session: "s", idleEndsAtMs: Infinity, endsAtMs: Infinity },
  isOfferAnswered: true,
  enrolling: null,
  seenEvent: 1,
}

let trail: readonly ReturnType<typeof added>[]
let heldUntil: Promise<void>
let alerts: Alerts

async function fetch(url: string): Promise<Response> {
  const isTrail = new URL(url).pathname === "/api/audit"
  const answer = JSON.stringify(isTrail ? { events: trail, before: 0 } : { devices: [] })
  await heldUntil
  return new Response(answer)
}

beforeEach(async () => {
  ;[trail, heldUntil] = [[added(2)], Promise.resolve()]
  const locker = await Locker.find(crypto.randomUUID(), () => undefined)
  const store = await locker.make(() => Promise.resolve([]))
  const keyring = new Keyring(store, SELF, signingKeyFromSeed(randomBytes(32)), new ServerClock(() => NOW_MS), "https://lien.test")
  alerts = new Alerts(new Http({ origin: "https://lien.test", fetch }, keyring), keyring, () => undefined)
})

it("tells of the newest until it was looked at, and then of what is newer", async () => {
  await alerts.check()
  expect(alerts.current?.number).toBe(2)
  await alerts.see()
  await alerts.check()
  expect(alerts.current).toBeNull()
  trail = [added(3), added(2)]
  await alerts.check()
  expect(alerts.current?.number).toBe(3)
})

it("does not tell again of what is looked at while the trail is being asked", async () => {
  await alerts.check()
  let release = () => {}
  heldUntil = new Promise((resolve) => (release = resolve))
  const checking = alerts.check()
  const seeing = alerts.see()
  expect(alerts.current).toBeNull()
  release()
  await Promise.all([checking, seeing])
  expect(alerts.current).toBeNull()
})

it.each<[string, Partial<AccountEvent>, boolean]>([
  ["another way in", {}, true],
  ["what was done here", { isHere: true }, false],
  ["what the operator did", { by: "operator" }, false],
  ["what nobody has to know", { kind: "label_changed" }, false],
  ["a recovery", { kind: "vault_changed", note: "recovery" }, true],
  ["a rotation", { kind: "vault_changed" }, false],
  ["a sign-in of a device never seen", { kind: "signed_in" }, true],
])("is interrupted by what matters: %s", (_what, said, isTold) => {
  const event: AccountEvent = { number: 9, atMs: NOW_MS, kind: "passkey_added", by: "self", note: "", subject: "d", device: null, isHere: false, ...said }
  expect(isWorth(event, [event])).toBe(isTold)
})

it("tells once a day of a device that signs in often", () => {
  const at = (number: number, atMs: number): AccountEvent => ({ number, atMs, kind: "signed_in", by: "self", note: "", subject: "d", device: null, isHere: false })
  expect(isWorth(at(2, NOW_MS), [at(2, NOW_MS), at(1, NOW_MS - DAY_MS + 1)])).toBe(false)
  expect(isWorth(at(2, NOW_MS), [at(2, NOW_MS), at(1, NOW_MS - DAY_MS)])).toBe(true)
})
