import { afterEach, expect, it } from "vitest"
import { aPasskey, Device, stopAll } from "./device.js"

afterEach(stopAll)

it("a new phone of the same person reads what was said before it came, across rotations", async () => {
  const [ana, ben, passkey] = [await new Device().signUp(), await new Device().signUp(), aPasskey()]
  await ana.turnOnExpressLogin(passkey)
  const channel = await ana.write(ben.me, "un")
  await ben.open(channel)

  const second = await new Device().join(passkey)
  await second.open(channel)
  await second.shows("un")
  await second.say("deux")
  await ben.shows("deux")
  await ben.until("told once", () => ben.texts.includes("new-device"))

  if (second.phase.kind !== "open") throw new Error("not open")
  await ana.ask("revokeDevice", { device: second.phase.me.device })
  await second.reaches("revoked")
  await ben.say("trois")
  await ana.shows("trois")

  const third = await new Device().join(passkey)
  await third.open(channel)
  await third.shows("trois")
  expect(third.texts).toEqual(["un", "deux", "trois"])
})

it("a new phone that the server had no time for at first reads everything all the same", async () => {
  const [ana, ben, passkey] = [await new Device().signUp(), await new Device().signUp(), aPasskey()]
  await ana.turnOnExpressLogin(passkey)
  const channel = await ana.write(ben.me, "un")
  await ben.open(channel)
  const second = new Device()
  second.network.refuse("/api/conversations")
  await second.join(passkey)
  await second.open(channel)
  await second.shows("un")
})

it("a phone that was away while another was revoked goes on with the new secret", async () => {
  const [ana, ben, passkey] = [await new Device().signUp(), await new Device().signUp(), aPasskey()]
  await ana.turnOnExpressLogin(passkey)
  const channel = await ana.write(ben.me, "un")
  const [lost, kept] = [await new Device().join(passkey), await new Device().join(passkey)]
  const group = await ana.ask("createGroup", { name: "Tournée", members: [ben.me] })
  await kept.until("it knows the group", () => kept.discussions.some((known) => known.channel === group.channel))
  await kept.open(channel)
  kept.network.set(false)
  await kept.say("écrit sans réseau")
  if (lost.phase.kind !== "open") throw new Error("not open")
  await ana.ask("revokeDevice", { device: lost.phase.me.device })
  await lost.reaches("revoked")
  await ana.say("deux")

  // There is network, and nothing has told it of the new secret yet.
  kept.network.set(true)
  await kept.ask("renameGroup", { channel: group.channel, name: "Tournée du matin" })
  kept.comeBack()
  await kept.shows("deux")
  await ana.shows("écrit sans réseau")
  await kept.say("trois")
  await ana.shows("trois")
  await ben.open(channel)
  await ben.shows("trois")
})

it("a phone that was not told of the new secret yet revokes another one and lets one in", async () => {
  const [ana, passkey] = [await new Device().signUp(), aPasskey()]
  await ana.turnOnExpressLogin(passkey)
  const [lost, stolen, kept] = [await new Device().join(passkey), await new Device().join(passkey), await new Device().join(passkey)]
  if (lost.phase.kind !== "open" || stolen.phase.kind !== "open") throw new Error("not open")
  const { device } = stolen.phase.me

  kept.network.set(false)
  await ana.ask("revokeDevice", { device: lost.phase.me.device })
  ana.network.set(false)
  kept.network.set(true)
  await kept.ask("revokeDevice", { device })
  await stolen.reaches("revoked")

  ana.network.set(true)
  const fresh = new Device()
  await fresh.start()
  const { qr } = await fresh.ask("transferBegin", { label: "Nouveau téléphone" })
  await ana.use(passkey)
  await ana.ask("transferApprove", { code: qr })
  await fresh.online()
})

it("a revoked phone keeps nothing, and is told so", async () => {
  const [ana, passkey] = [await new Device().signUp(), aPasskey()]
  await ana.turnOnExpressLogin(passkey)
  const lost = await new Device().join(passkey)
  if (lost.phase.kind !== "open") throw new Error("not open")
  await ana.ask("revokeDevice", { device: lost.phase.me.device })
  await lost.reaches("revoked")
  expect((await lost.reopened()).phase.kind).toBe("signed-out")
  const { devices } = await ana.ask("listDevices", null)
  expect(devices.map(({ isThis, revoked }) => [isThis, revoked])).toEqual([
    [true, false],
    [false, true],
  ])
})
