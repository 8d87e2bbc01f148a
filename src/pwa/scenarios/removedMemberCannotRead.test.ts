import { afterEach, expect, it } from "vitest"
import { Device, stopAll } from "./device.js"

afterEach(stopAll)

it("a newcomer reads from their arrival on, and nothing after their departure", async () => {
  const [ana, ben, eve] = [await new Device().signUp(), await new Device().signUp(), await new Device().signUp()]
  const { channel } = await ana.ask("createGroup", { name: "Équipe diabète FICTIVE", members: [ben.me] })
  await ana.open(channel)
  await ben.open(channel)
  expect(ben.discussion?.name).toBe("Équipe diabète FICTIVE")
  await ana.say("avant")
  await ben.shows("avant")

  await ana.ask("addMembers", { channel, members: [eve.me], withPast: false })
  await eve.open(channel)
  await ana.say("pendant")
  await eve.shows("pendant")
  expect(eve.texts).not.toContain("avant")
  await ben.shows("members")

  await ana.ask("removeMember", { channel, member: eve.me })
  await ana.say("après")
  await ben.shows("après")
  await eve.until("left", () => eve.discussion?.members.every(({ account }) => account !== eve.me) === true)
  expect(eve.texts).not.toContain("après")
  await eve.say("encore là ?")
  await eve.until("refused", () => eve.messages.at(-1)?.delivery === "failed")
  expect(eve.messages.at(-1)?.failure).toBe("not_a_member")
})

it("only an admin changes who is in", async () => {
  const [ana, ben, eve] = [await new Device().signUp(), await new Device().signUp(), await new Device().signUp()]
  const { channel } = await ana.ask("createGroup", { name: "Garde FICTIVE", members: [ben.me] })
  await ben.open(channel)
  await expect(ben.ask("addMembers", { channel, members: [eve.me], withPast: true })).rejects.toMatchObject({
    code: "bad_statement",
  })
})
