import { afterEach, expect, it } from "vitest"
import { Device, stopAll } from "./device.js"

afterEach(stopAll)

const MOST_BYTES = 2_000

it("a text message costs less than 2 kB on the wire, sender and receiver alike", async () => {
  const [ana, ben] = [await new Device().signUp(), await new Device().signUp()]
  const channel = await ana.write(ben.me, "avant")
  await ben.open(channel)
  await ben.shows("avant")
  await ana.until("delivered", () => ana.messages.at(-1)?.delivery === "delivered")
  const before = [ana.network.bytes, ben.network.bytes]

  const text = "Pansement refait ce matin, plaie propre, pas de fièvre. Je repasse demain à 9 h avec le docteur."
  await ana.say(text)
  await ben.shows(text)
  await ana.until("delivered", () => ana.messages.at(-1)?.delivery === "delivered")

  const after = [ana.network.bytes, ben.network.bytes]
  const cost = after.map((bytes, at) => bytes - (before[at] ?? 0))
  process.stdout.write(`bytes on the wire for one text, receipt included: sender ${cost[0]}, receiver ${cost[1]}\n`)
  for (const bytes of cost) {
    expect(bytes).toBeGreaterThan(256)
    expect(bytes).toBeLessThan(MOST_BYTES)
  }
})
