import { afterEach, expect, it } from "vitest"
import { aPasskey, Device, stopAll } from "./device.js"

afterEach(stopAll)

it("what both wrote while one was away arrives once, in one order", async () => {
  const [ana, ben] = [await new Device().signUp(), await new Device().signUp()]
  const channel = await ana.write(ben.me, "avant")
  await ben.open(channel)
  ana.network.set(false)
  await ana.until("away", () => ana.phase.kind === "open" && ana.phase.link !== "online")

  await ana.say("d'Ana, hors ligne")
  for (let number = 1; number <= 100; number++) await ben.say(`de Ben, ${number}`)
  expect(ana.messages.at(-1)?.delivery).toBe("waiting")

  ana.comeBack()
  await ana.shows("de Ben, 100")
  await ben.shows("d'Ana, hors ligne")
  await ana.until("the same", () => ana.texts.length === 102 && ben.texts.length === 102)
  expect(ana.texts).toEqual(ben.texts)
  expect(new Set(ana.texts).size).toBe(102)
})

it("a message written just before the phone dies leaves when it is back, once", async () => {
  const [ana, ben, passkey] = [await new Device().signUp(), await new Device().signUp(), aPasskey()]
  await ana.turnOnExpressLogin(passkey)
  const channel = await ana.write(ben.me, "avant")
  await ben.open(channel)
  ana.network.set(false)
  await ana.say("avant la panne")

  const again = await ana.reopened()
  expect(again.phase).toMatchObject({ kind: "locked", withPasskey: true })
  await again.use(passkey)
  await again.reaches("open")
  await again.open(channel)
  expect(again.texts).toEqual(["avant", "avant la panne"])

  again.comeBack()
  await again.use(passkey)
  await ben.shows("avant la panne")
  await again.until("sent", () => again.messages.at(-1)?.delivery !== "waiting")
  expect(ben.texts).toEqual(["avant", "avant la panne"])
})
