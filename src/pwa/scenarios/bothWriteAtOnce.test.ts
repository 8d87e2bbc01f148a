import { afterEach, expect, it } from "vitest"
import { Device, stopAll } from "./device.js"

afterEach(stopAll)

it("two people who write to each other at the same moment meet in one discussion, in one order", async () => {
  const [ana, ben] = [await new Device().signUp(), await new Device().signUp()]
  const [one, other] = await Promise.all([
    ana.ask("openDirect", { account: ben.me }),
    ben.ask("openDirect", { account: ana.me }),
  ])
  expect(one.channel).toBe(other.channel)
  await ana.open(one.channel)
  await ben.open(one.channel)

  await Promise.all([ana.say("a1"), ben.say("b1"), ana.say("a2"), ben.say("b2")])

  for (const text of ["a1", "a2", "b1", "b2"]) await Promise.all([ana.shows(text), ben.shows(text)])
  await ana.until("all in the log", () => [...ana.messages, ...ben.messages].every(({ offset }) => offset !== null))
  expect(ana.texts).toEqual(ben.texts)
})

it("says the truth about delivery", async () => {
  const [ana, ben] = [await new Device().signUp(), await new Device().signUp()]
  ben.network.set(false)
  const channel = await ana.write(ben.me, "Vous êtes là ?")
  const delivery = (): string | undefined => ana.messages.at(-1)?.delivery
  await ana.until("sent", () => delivery() === "sent")

  ben.comeBack()
  await ana.until("delivered", () => delivery() === "delivered")

  await ben.open(channel)
  await ben.ask("typing", { channel })
  await ana.until("typing", () => ana.discussion?.typing.includes(ben.me) === true)
  expect(ben.discussions[0]?.unread).toBe(1)
  await ben.ask("markRead", { channel, offset: ben.messages.at(-1)?.offset ?? 0 })
  await ana.until("read", () => delivery() === "read")
  await ben.until("nothing unread", () => ben.discussions[0]?.unread === 0)
})
