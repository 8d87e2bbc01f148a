import { afterEach, expect, it } from "vitest"
import type { AccountId } from "../bridge/models.js"
import { Device, stopAll } from "./device.js"

afterEach(stopAll)

/** Accounts that sealed keys can be made for; nobody sits in front of them. */
const CROWD = (process.env["SCENARIO_CROWD"] ?? "").split(",").filter((account) => account !== "") as AccountId[]

it.runIf(CROWD.length > 0)("a group of 500 is made, says how far it is, and is written in", async () => {
  const [ana, ben] = [await new Device().signUp(), await new Device().signUp()]
  const { channel } = await ana.ask("createGroup", { name: "Pôle", members: [ben.me, ...CROWD] })
  const everyone = CROWD.length + 2
  expect(ana.prepared.at(-1)).toBe(everyone)
  expect(ana.prepared).toEqual(ana.prepared.toSorted((one, other) => one - other))
  await ben.until("the group", () => ben.discussions.some((one) => one.channel === channel && one.members.length === everyone))
  await ben.open(channel)
  await ana.open(channel)
  await ana.say("bonjour à tous")
  await ben.shows("bonjour à tous")
  expect(ana.discussion?.members.length).toBe(everyone)
})
