import { afterEach, expect, it } from "vitest"
import type { Message, Target } from "../bridge/models.js"
import { aPasskey, Device, stopAll } from "./device.js"

afterEach(stopAll)

const targetOf = ({ device, envelope }: Message): Target => ({ device, envelope })

it("a message is changed, reacted to, taken in charge, and a new phone sees the same", async () => {
  const [ana, ben, passkey] = [await new Device().signUp(), await new Device().signUp(), aPasskey()]
  await ana.turnOnExpressLogin(passkey)
  const channel = await ana.write(ben.me, "Chute au lit 4")
  await ana.say("Une faute")
  await ben.open(channel)
  await ben.shows("Une faute")
  await ana.until("sent", () => ana.messages.every(({ delivery }) => delivery !== "waiting"))
  const target = targetOf(ana.message("Chute au lit 4"))

  await ana.ask("editMessage", { channel, target, text: "Chute au lit 14", mentions: [] })
  await ana.ask("withdrawMessage", { channel, target: targetOf(ana.message("Une faute")) })
  await ben.ask("react", { channel, target, emoji: "👍" })
  await ben.ask("takeCharge", { channel, target, isReleased: false })
  await expect(ben.ask("editMessage", { channel, target, text: "Rien", mentions: [] })).rejects.toMatchObject({ code: "refused" })
  await ben.say("J'y vais", { replyTo: target })
  await ana.until("all of it", () => ana.messages.length === 3 && ana.messages[0]?.taken.length === 1 && ana.texts.includes("J'y vais"))

  const phone = await new Device().join(passkey)
  await phone.open(channel)
  await phone.shows("J'y vais")
  for (const device of [ana, ben, phone]) {
    await device.until("the edit", () => device.texts[0] === "Chute au lit 14" && device.texts[1] === "deleted")
    const [fall, , reply] = device.messages
    expect(fall).toMatchObject({ reactions: [{ emoji: "👍", accounts: [ben.me] }], taken: [{ account: ben.me }] })
    expect(fall?.editedAtMs).not.toBeNull()
    expect(reply?.reply).toMatchObject({ target, quoted: { author: ana.me, content: { text: "Chute au lit 14" } } })
  }
  expect(ana.discussions[0]?.last?.text).toBe("J'y vais")
})

it("what is said about a message without a network is seen at once and leaves later", async () => {
  const [ana, ben] = [await new Device().signUp(), await new Device().signUp()]
  const channel = await ana.write(ben.me, "Lit 12 ?")
  await ben.open(channel)
  await ben.shows("Lit 12 ?")
  ben.network.set(false)
  await ben.until("away", () => ben.phase.kind === "open" && ben.phase.link !== "online")
  await ben.ask("react", { channel, target: targetOf(ben.message("Lit 12 ?")), emoji: "👍" })
  await ben.until("seen here", () => ben.messages[0]?.reactions.length === 1)
  ben.comeBack()
  await ana.until("seen there", () => ana.messages[0]?.reactions.length === 1)
})

it("an urgent message waits for someone, a patient stays with the discussion", async () => {
  const [ana, ben] = [await new Device().signUp(), await new Device().signUp()]
  const channel = await ana.write(ben.me, "avant")
  const patient = { birthName: "PAYET FICTIF", firstName: "Jeanne", birthDate: "1951-03-12", sex: "F", usedName: "", oid: "", matricule: "" } as const
  await ana.ask("setPatient", { channel, patient })
  await ana.say("Elle est tombée", { intent: { kind: "urgent" } })
  await ben.open(channel)
  await ben.shows("Elle est tombée")
  await ben.until("the patient", () => ben.discussion?.patient?.birthName === "PAYET FICTIF")
  await ben.until("that someone is waited for", () => ben.discussions[0]?.waiting === "urgent")
  expect(ben.discussions[0]).toMatchObject({ patient })
  await ben.ask("takeCharge", { channel, target: targetOf(ben.message("Elle est tombée")), isReleased: false })
  await ana.until("taken", () => ana.discussions[0]?.waiting === null)
  await ana.ask("setPatient", { channel, patient: null })
  await ben.until("nobody", () => ben.discussion?.patient === null)
})
