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

it("what came while its key could not be had opens when the key comes, and what it says of others is no line of its own", async () => {
  const [ana, ben] = [await new Device().signUp(), await new Device().signUp()]
  const { channel } = await ana.ask("createGroup", { name: "Tournée FICTIVE", members: [ben.me] })
  await ana.open(channel)
  await ben.open(channel)
  await ana.say("avant")
  await ben.shows("avant")
  await ana.shows("avant")

  // As for who is left out and comes back.
  const epochs = `/api/conversations/${channel}/epochs?after=1`
  ben.network.refuse(epochs, Infinity, "not_a_member", 403)
  await ana.ask("renameGroup", { channel, name: "Tournée FICTIVE du matin" })
  await ana.say("pendant")
  const { device, envelope } = ana.message("avant")
  await ana.ask("react", { channel, target: { device, envelope }, emoji: "👍" })
  await ben.shows("unsupported")
  await ben.until("asked for the statement and for both that followed it", () => ben.network.refusals >= 3)
  expect(ben.texts).toEqual(["avant", "unsupported"])

  ben.network.refuse(epochs, 0)
  // The server has no time for the next question either: it is asked again.
  ben.network.refuse(`/api/conversations/${channel}/epochs?after=3`)
  await ana.ask("renameGroup", { channel, name: "Tournée FICTIVE du soir" })
  await ben.shows("pendant")
  expect(ben.texts).toEqual(["avant", "pendant"])
  await ben.until("the reaction", () => ben.message("avant").reactions.length === 1)
})

it("a key that opens nothing closes its epoch and none after it", async () => {
  const [ana, ben] = [await new Device().signUp(), await new Device().signUp()]
  const { channel } = await ana.ask("createGroup", { name: "Garde FICTIVE", members: [ben.me] })
  await ana.open(channel)
  await ben.open(channel)
  await ana.say("avant")
  await ben.shows("avant")

  // Of the second epoch, which comes first in what follows the first one.
  const nonsense = Buffer.alloc(80, 7).toString("base64url")
  ben.network.falsify = (path, answer) =>
    path === `/api/conversations/${channel}/epochs?after=1` ? answer.replace(/("sealed_key":\s*")[^"]+"/, `$1${nonsense}"`) : answer
  await ana.ask("renameGroup", { channel, name: "Garde FICTIVE du matin" })
  await ana.say("pendant")
  await ben.shows("unsupported")

  await ana.ask("renameGroup", { channel, name: "Garde FICTIVE du soir" })
  await ana.say("après")
  await ben.shows("après")
  // The third key opens the second.
  await ben.shows("pendant")
  expect(ben.texts).toEqual(["avant", "pendant", "après"])
})

it("only an admin changes who is in", async () => {
  const [ana, ben, eve] = [await new Device().signUp(), await new Device().signUp(), await new Device().signUp()]
  const { channel } = await ana.ask("createGroup", { name: "Garde FICTIVE", members: [ben.me] })
  await ben.open(channel)
  await expect(ben.ask("addMembers", { channel, members: [eve.me], withPast: true })).rejects.toMatchObject({
    code: "bad_statement",
  })
})
