import { afterEach, expect, it } from "vitest"
import { Device, stopAll } from "./device.js"

afterEach(stopAll)

it("what is written is found again by its words, also after a change", async () => {
  const [ana, ben] = [await new Device().signUp(), await new Device().signUp()]
  const filter = { channels: null, author: null, kind: null, fromMs: null, toMs: null }
  const channel = await ana.write(ben.me, "Œdème de la cheville, Hélène prévenue")
  for (let number = 1; number <= 30; number++) await ana.say(`message ${number}`)
  await ben.open(channel)
  await ben.shows("message 30")
  const find = (query: string) => ben.ask("searchMessages", { query, filter })

  await find("oedeme")
  await expect.poll(async () => (await find("oedeme")).isComplete).toBe(true)
  expect((await find("helene oed")).hits).toMatchObject([{ channel, author: ana.me, text: "Œdème de la cheville, Hélène prévenue" }])
  const { device, envelope } = ana.message("message 7")
  await ana.until("sent", () => ana.messages.every(({ delivery }) => delivery !== "waiting"))
  await ana.ask("editMessage", { channel, target: { device, envelope }, text: "scanner à midi", mentions: [] })
  await ben.shows("scanner à midi")
  expect((await find("scann")).hits).toHaveLength(1)
  await ana.ask("withdrawMessage", { channel, target: { device, envelope } })
  await ben.until("withdrawn", () => ben.texts.includes("deleted"))
  expect((await find("scann")).hits).toEqual([])
  await expect(ben.ask("loadAround", { channel, target: { device, envelope } })).resolves.toEqual({ isHere: true })
})
