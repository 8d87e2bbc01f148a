import { afterEach, expect, it } from "vitest"
import { aPasskey, Device, stopAll } from "./device.js"

afterEach(stopAll)

it("without express login a locked phone opens after a new sign-in only", async () => {
  const [ana, ben] = [await new Device().signUp(), await new Device().signUp()]
  const channel = await ana.write(ben.me, "un")
  await ana.ask("lock", null)
  await ana.reaches("locked")
  await expect(ana.say("deux")).rejects.toMatchObject({ code: "locked" })

  const again = await ana.reopened()
  expect(again.phase).toMatchObject({ kind: "locked", withPasskey: false })
  await again.network.visitProvider(ana.rpps)
  await again.start()
  await again.online()
  await again.open(channel)
  expect(again.texts).toEqual(["un"])
})

it("with express login a gesture opens it, and only with the passkey that was turned on", async () => {
  const [ana, ben, passkey] = [await new Device().signUp(), await new Device().signUp(), aPasskey()]
  await ana.turnOnExpressLogin(passkey)
  await ana.write(ben.me, "un")
  await ana.ask("lock", null)
  await ana.reaches("locked")
  await expect(ana.use(aPasskey())).rejects.toMatchObject({ code: "bad_passkey" })
  expect(ana.phase.kind).toBe("locked")
  await ana.use(passkey)
  await ana.online()
})

it("a phone that forgets keeps nothing", async () => {
  const ana = await new Device().signUp()
  await ana.ask("signOut", { forget: true })
  await ana.reaches("signed-out")
  expect((await ana.reopened()).phase.kind).toBe("signed-out")
})

it("a phone started without network renews the time of its PIN when the network is back before it is opened", async () => {
  const digits = "407195"
  const ana = await new Device().signUp()
  await ana.ask("pinSet", { digits })
  await ana.until("a dated time", () => offlineUntil(ana) !== null)
  await ana.ask("lock", null)
  const before = await ana.reopened()
  before.network.set(false)
  const again = await before.reopened()
  expect(again.phase).toMatchObject({ kind: "locked", withPin: true })
  again.network.set(true)
  expect(await again.ask("pinUnlock", { digits })).toMatchObject({ isOpen: true })
  await again.online()
  expect(offlineUntil(again)).toBeGreaterThan(Date.now())
})

const offlineUntil = ({ phase }: Device): number | null => (phase.kind === "open" ? (phase.me.pin?.offlineUntilMs ?? null) : null)

it("a locked phone is emptied as soon as it learns that it was revoked", async () => {
  const [ana, passkey] = [await new Device().signUp(), aPasskey()]
  await ana.turnOnExpressLogin(passkey)
  const lost = await new Device().join(passkey)
  if (lost.phase.kind !== "open") throw new Error("not open")
  const { device } = lost.phase.me
  await lost.ask("lock", null)
  await lost.reaches("locked")
  await ana.ask("revokeDevice", { device })
  lost.engine.hurry()
  await lost.reaches("revoked")
  expect((await lost.reopened()).phase.kind).toBe("signed-out")
})
