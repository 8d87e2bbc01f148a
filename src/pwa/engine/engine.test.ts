import { expect, it } from "vitest"
import type { ToPage } from "../bridge/channel.js"
import { ServerClock } from "./clock.js"
import { Engine } from "./engine.js"

const ports = {
  http: { origin: "https://lien.example", fetch: () => Promise.reject(new TypeError("no network")) },
  link: { openSocket: () => { throw new Error("no network") }, random: () => 0, client: "lien-test" },
  clock: new ServerClock(),
  rpId: "lien.example",
  databaseName: "nobody",
}

it("answers what is refused at once, like what is refused later", async () => {
  const engine = new Engine(ports)
  const told: ToPage[] = []
  const page = { id: "p", tell: (message: ToPage) => told.push(message) }
  engine.receive(page, { id: 7, name: "notifications", request: null })
  engine.receive(page, { id: 8, name: "pushKey", request: null })
  await expect.poll(() => told.length).toBe(2)
  expect(told).toEqual([7, 8].map((id) => ({ id, failure: { code: "locked" } })))
  engine.stop()
})
