import { afterEach, expect, it } from "vitest"
import type { AccountId } from "../bridge/models.js"
import { aPasskey, Device, stopAll } from "./device.js"

afterEach(stopAll)

const HOUR_MS = 3_600_000

/** What `device` shows of this person in its list of discussions. */
const seenBy = (device: Device, account: AccountId) =>
  device.discussions.flatMap(({ members }) => members).find((person) => person.account === account)?.availability

const ownOf = (device: Device) => (device.phase.kind === "open" ? device.phase.me.person.availability : undefined)

it("an absence is told to those one talks with, on every device, and to who writes meanwhile", async () => {
  const [ana, ben, chloe, passkey] = [await new Device().signUp(), await new Device().signUp(), await new Device().signUp(), aPasskey()]
  await ana.turnOnExpressLogin(passkey)
  const channel = await ana.write(ben.me, "Bonjour")
  await ben.open(channel)
  await ben.shows("Bonjour")
  const untilMs = Date.now() + HOUR_MS

  await ana.ask("setAvailability", { state: "absent", untilMs, cover: chloe.me })
  await ben.until("the absence and who covers", () => seenBy(ben, ana.me)?.cover?.account === chloe.me)
  expect(seenBy(ben, ana.me)).toMatchObject({ state: "absent", untilMs })
  expect(ben.texts).toEqual(["Bonjour"])
  expect(ben.discussions[0]).toMatchObject({ unread: 1, last: { text: "Bonjour" } })

  const phone = await new Device().join(passkey)
  await phone.until("the own absence on a new phone", () => ownOf(phone)?.state === "absent")

  await chloe.write(ana.me, "Puis-je te joindre ?")
  await chloe.until("the absence, once they wrote", () => seenBy(chloe, ana.me)?.state === "absent")

  await phone.ask("setAvailability", { state: "usual", untilMs: 0, cover: null })
  for (const device of [ben, chloe]) await device.until("as usual again", () => seenBy(device, ana.me) === undefined)
  await ana.until("as usual on the first phone", () => ownOf(ana) === undefined)
})
