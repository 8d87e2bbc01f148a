import "fake-indexeddb/auto"
import { afterEach, beforeEach, expect, it } from "vitest"
import type { ChannelId } from "../../bridge/models.js"
import { Http } from "../http.js"
import { Locker } from "../store/locker.js"
import { DATABASE } from "../store/schema.js"
import type { Store } from "../store/store.js"
import { Notifications } from "./notifications.js"

type Asked = { readonly method: string; readonly path: string; readonly body: Record<string, unknown> }
const ADDRESS = { endpoint: "https://push.example/x", key: new Uint8Array(65), auth: new Uint8Array(16) }
const REUNION = 4 * 60

let locker: Locker
let store: Store
let asked: Asked[]

function http(answer: unknown = {}): Http {
  const signed = { session: "s", atMs: 1, signature: new Uint8Array(64) }
  const fetch = (url: string, init: RequestInit): Promise<Response> => {
    const text = init.body == null ? "{}" : new TextDecoder().decode(init.body as Uint8Array)
    asked.push({ method: init.method ?? "", path: new URL(url).pathname, body: JSON.parse(text) as Record<string, unknown> })
    return Promise.resolve(Response.json(answer))
  }
  return new Http({ origin: "https://lien.example", fetch }, { session: () => "s", sign: () => Promise.resolve(signed) })
}

const last = (): Asked | undefined => asked.at(-1)

beforeEach(async () => {
  asked = []
  locker = await Locker.find(DATABASE, () => undefined)
  await locker.make(async (opened) => [await opened.put("self", "self", {})])
  store = (await locker.openByDevice())!
})

afterEach(async () => {
  await locker.destroy()
  locker.close()
})

it("is off at first, and keeps what was chosen", async () => {
  const notifications = new Notifications(http(), store, () => REUNION)
  expect(await notifications.settings()).toMatchObject({ isOn: false, urgentPasses: true, muted: [] })
  await notifications.subscribe(ADDRESS)
  expect((await new Notifications(http(), store).settings()).isOn).toBe(true)
  await notifications.unsubscribe()
  expect((await notifications.settings()).isOn).toBe(false)
  expect(last()).toMatchObject({ method: "DELETE", path: "/api/push" })
})

it("is forgotten by the server at a sign-out, and on again at the next session", async () => {
  const notifications = new Notifications(http(), store, () => REUNION)
  await notifications.rest()
  expect(asked).toEqual([])
  await notifications.subscribe(ADDRESS)
  await notifications.rest()
  expect(last()).toMatchObject({ method: "DELETE", path: "/api/push" })
  expect((await notifications.settings()).isOn).toBe(true)
  await notifications.change({ quietFrom: 0, quietUntil: 0, urgentPasses: true, muted: [] })
  expect(last()).toMatchObject({ method: "DELETE" })
})

it("tells quiet hours in the server's time, across midnight", async () => {
  const notifications = new Notifications(http(), store, () => REUNION)
  await notifications.subscribe(ADDRESS)
  expect(last()?.body).toMatchObject({ quiet_from: 0, quiet_until: 0 })
  await notifications.change({ quietFrom: 20 * 60, quietUntil: 3 * 60, urgentPasses: false, muted: ["c1" as ChannelId] })
  expect(last()?.body).toMatchObject({ quiet_from: 16 * 60, quiet_until: 23 * 60, urgent_passes: false, muted: ["c1"] })
})

it("says nothing to the server while it is off", async () => {
  const notifications = new Notifications(http(), store, () => REUNION)
  await notifications.change({ quietFrom: 60, quietUntil: 120, urgentPasses: true, muted: [] })
  expect(asked).toEqual([])
})

it("names whom nothing reaches", async () => {
  const answer = { reach: [["one", true, 0], ["other", false, 17], ["third", false, 0]] }
  const found = await new Notifications(http(answer), store).unreachable("c1" as ChannelId)
  expect(found).toEqual([
    { account: "other", sinceMs: 17 },
    { account: "third", sinceMs: 0 },
  ])
})
