import { afterEach, expect, it } from "vitest"
import type { DocumentCard } from "../bridge/documents.js"
import { aPasskey, Device, stopAll } from "./device.js"
import { drop } from "./reports.js"

afterEach(stopAll)

const EVERYTHING = { query: "", families: [], since: null }

/** Wait until the newest documents of the patients are these, by title and state. */
async function holds(device: Device, expected: readonly string[]): Promise<readonly DocumentCard[]> {
  let last: readonly DocumentCard[] = []
  const told = (): readonly string[] => last.map(({ title, state }) => `${title}: ${state}`).toSorted()
  const endMs = Date.now() + 60_000
  while (told().join() !== expected.toSorted().join()) {
    if (Date.now() > endMs) throw new Error(`never ${expected.join()}: ${told().join()}`)
    const { patients } = await device.ask("listPatients", EVERYTHING)
    const views = await Promise.all(patients.map(({ patient }) => device.ask("patient", { patient })))
    last = views.flatMap(({ documents }) => documents)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return last
}

it("a report arrives, is filed, opened, replaced, and opens again after the lock; other phones of the person follow", async () => {
  const [ana, passkey] = [await new Device().signUp(), aPasskey()]
  await ana.turnOnExpressLogin(passkey)
  const first = drop([ana.rpps], { title: "Radiographie" })
  const [card] = await holds(ana, ["Radiographie: new"])
  const { kind } = await ana.ask("documentBody", { document: card!.document })
  expect(kind).toBe("pdf")
  await holds(ana, ["Radiographie: opened"])

  const tablet = await new Device().join(passkey)
  await holds(tablet, ["Radiographie: opened"])

  drop([ana.rpps], { title: "Radiographie corrigée", replaces: [first], version: 2 })
  const [second] = await holds(tablet, ["Radiographie corrigée: new"])
  expect((await tablet.ask("document", { document: second!.document })).history).toMatchObject([{ title: "Radiographie", state: "replaced" }])
  await tablet.ask("documentBody", { document: second!.document })
  await holds(ana, ["Radiographie corrigée: opened"])

  await ana.ask("lock", null)
  await expect(ana.ask("documentBody", { document: card!.document })).rejects.toMatchObject({ code: "locked" })
  await ana.use(passkey)
  await ana.online()
  const [again] = await holds(ana, ["Radiographie corrigée: opened"])
  expect((await ana.ask("documentBody", { document: again!.document })).kind).toBe("pdf")
})

it("folders put together on one phone are so on the other, until they are put apart", async () => {
  const [ana, passkey] = [await new Device().signUp(), aPasskey()]
  await ana.turnOnExpressLogin(passkey)
  const tablet = await new Device().join(passkey)
  drop([ana.rpps], { title: "Une" })
  drop([ana.rpps], { title: "Deux", born: "1985-04-13" })
  for (const device of [ana, tablet]) await holds(device, ["Une: new", "Deux: new"])
  const folders = async (device: Device): Promise<number> => (await device.ask("listPatients", EVERYTHING)).patients.length
  const counts = async (device: Device, count: number): Promise<void> => {
    const endMs = Date.now() + 30_000
    while ((await folders(device)) !== count) {
      if (Date.now() > endMs) throw new Error(`never ${count} folders`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  await counts(tablet, 2)
  const [one, other] = (await ana.ask("listPatients", EVERYTHING)).patients
  await ana.ask("joinPatients", { one: one!.patient, other: other!.patient })
  await counts(tablet, 1)
  const [whole] = (await tablet.ask("listPatients", EVERYTHING)).patients
  await tablet.ask("separatePatient", { patient: whole!.patient })
  await counts(ana, 2)
})

it("a report is shared with whom the person confirmed, opens from the message, and is withdrawn from its reader only", async () => {
  const [ana, ben] = [await new Device().signUp(), await new Device().signUp()]
  const id = drop([ana.rpps], { title: "Synthèse" })
  const [card] = await holds(ana, ["Synthèse: new"])
  const to = { account: ben.me }
  await expect(ana.ask("talkAbout", { document: card!.document, to, confirmed: [], shares: true, text: "" })).rejects.toMatchObject({ code: "refused" })
  const { channel } = await ana.ask("talkAbout", { document: card!.document, to, confirmed: [ben.me], shares: true, text: "" })
  await ben.until("the discussion", () => ben.discussions.some((one) => one.channel === channel))
  await ben.open(channel)
  await ben.until("the document", () => ben.messages.some(({ content }) => content.kind === "document" && content.title === "Synthèse"))
  const { device, envelope } = ben.messages.find(({ content }) => content.kind === "document")!
  const place = { channel, target: { device, envelope } }
  const view = await ben.ask("document", place)
  expect(view).toMatchObject({ title: "Synthèse", structure: "CHU FICTIF", version: 1, identity: { birthName: "FICTIF-HOARAU" } })
  expect(view.shared?.by).not.toBe("")
  expect((await ben.ask("documentBody", place)).kind).toBe("pdf")
  const { traces } = await ana.ask("listDocumentTraces", { before: null })
  expect(traces.map((trace) => trace.kind)).toContain("shared")

  drop(["99000000010"], { title: "Synthèse", replaces: [id], version: 2 })
  await holds(ana, ["Synthèse: withdrawn"])
  expect((await ben.ask("documentBody", place)).kind).toBe("pdf")
})
