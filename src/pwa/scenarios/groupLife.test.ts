import { afterEach, expect, it } from "vitest"
import { Device, stopAll } from "./device.js"

afterEach(stopAll)

it("a group is renamed, handed over and left, and who left reads nothing more", async () => {
  const [ana, ben, eve] = [await new Device().signUp(), await new Device().signUp(), await new Device().signUp()]
  const { channel } = await ana.ask("createGroup", { name: "Équipe", members: [ben.me, eve.me] })
  for (const device of [ana, ben, eve]) {
    await device.until("the group", () => device.discussions.some((one) => one.channel === channel))
    await device.open(channel)
  }
  await ana.ask("setPatient", { channel, patient: { birthName: "PAYET FICTIF", firstName: "J", birthDate: "", sex: "F", usedName: "", oid: "", matricule: "" } })
  await ana.ask("renameGroup", { channel, name: "Équipe de nuit" })
  await ben.until("the name", () => ben.discussion?.name === "Équipe de nuit")
  await expect(ben.ask("setRetention", { channel, days: 7 })).rejects.toMatchObject({ code: "refused" })
  await ana.ask("setRetention", { channel, days: 7 })
  await ben.until("a week", () => ben.discussion?.retentionDays === 7 && ben.texts.includes("retention"))
  await expect(ana.ask("leaveGroup", { channel, handOverTo: null })).rejects.toMatchObject({ code: "last_admin" })
  await expect(ben.ask("renameGroup", { channel, name: "À Ben" })).resolves.toBeNull()

  await ana.ask("leaveGroup", { channel, handOverTo: ben.me })
  await ben.until("Ben is in charge", () => ben.discussion?.isAdmin === true && ben.discussion.members.length === 2)
  await ben.say("sans Ana")
  await eve.shows("sans Ana")
  await ana.until("Ana is out", () => ana.discussion?.members.every(({ account }) => account !== ana.me) === true)
  expect(ana.texts).not.toContain("sans Ana")

  // A member who is not in charge leaves too, and comes back without the past: the patient is said again.
  await eve.ask("leaveGroup", { channel, handOverTo: null })
  await ben.until("Eve is out", () => ben.discussion?.members.length === 1)
  await ben.say("seul")
  await ben.ask("addMembers", { channel, members: [ana.me], withPast: false })
  await ana.until("Ana is back", () => ana.discussion?.members.length === 2)
  await ben.say("bonjour Ana")
  await ana.shows("bonjour Ana")
  expect(ana.texts).not.toContain("seul")
  await ana.until("the patient", () => ana.discussion?.patient?.birthName === "PAYET FICTIF")
})
