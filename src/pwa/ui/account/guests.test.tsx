// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/preact"
import { afterEach, expect, test } from "vitest"
import { EngineFailure } from "../../bridge/channel.js"
import type { Invitation } from "../../bridge/models.js"
import { FoundView, ProfessionalLinesView } from "../directory/FoundView.js"
import { createPage } from "../page.js"
import { PageEngine, type Answers } from "../testing/pageEngine.js"
import { account, professional } from "../testing/people.js"
import { AdministrationPaneView } from "./AdministrationPaneView.js"
import { GuestsPaneView } from "./GuestsPaneView.js"

const DAY_MS = 86_400_000
const now = Date.UTC(2026, 10, 27)
const lea: Invitation = {
  invitation: "invitation",
  familyName: "FICTIF-PAYET",
  givenName: "Léa",
  role: "331",
  givenAtMs: now - 80 * DAY_MS,
  endsAtMs: now + 10 * DAY_MS,
  state: "accepted",
  account: account("lea"),
}
const me = account("me")

afterEach(cleanup)

const guestsOf = (longestDays: number, guests: readonly Invitation[] = [lea]): Answers => ({
  listInvitations: () => ({ mayInvite: true, longestDays, invitations: guests }),
  administration: () => ({ structure: "CHU FICTIF", people: [], guests, longestDays }),
})

async function openProlonging() {
  fireEvent.click(await screen.findByRole("button", { name: "Prolonger le séjour de Léa FICTIF-PAYET" }))
  return within(await screen.findByRole("dialog"))
}

test("a sponsor prolongs from today, and sees the day it comes to", async () => {
  const engine = new PageEngine(guestsOf(365))
  render(<GuestsPaneView page={createPage(engine)} nowMs={now} />)
  const dialog = await openProlonging()
  fireEvent.click(dialog.getByLabelText("6 mois"))
  expect(dialog.getByText(/au lieu du/).textContent).toContain("mai 2027")
  fireEvent.click(dialog.getByRole("button", { name: "Prolonger" }))
  await waitFor(() => expect(engine.requests("prolongInvitation")).toEqual([{ account: lea.account, endsAtMs: now + 180 * DAY_MS - 60_000, isAdministrator: false }]))
})

test("an administrator is told that they vouch from now on, and why it failed", async () => {
  const refuse = () => Promise.reject(new EngineFailure("may_not_invite"))
  const engine = new PageEngine({ ...guestsOf(365), prolongInvitation: refuse })
  render(<AdministrationPaneView page={createPage(engine)} me={me} nowMs={now} />)
  const dialog = await openProlonging()
  expect(dialog.getByText(/Votre nom figurera sur sa fiche/)).toBeTruthy()
  fireEvent.click(dialog.getByRole("button", { name: "Prolonger" }))
  expect((await dialog.findByRole("alert")).textContent).toContain("ou pas aussi longtemps")
  expect(engine.requests("prolongInvitation")).toMatchObject([{ isAdministrator: true }])
})

test("a stay that is as long as it may be is said to be, and who is not here is not prolonged", async () => {
  const longest = { ...lea, endsAtMs: now + 30 * DAY_MS }
  render(<GuestsPaneView page={createPage(new PageEngine(guestsOf(30, [longest])))} nowMs={now} />)
  const dialog = await openProlonging()
  expect(dialog.getByText(/aussi longtemps que possible/)).toBeTruthy()
  expect(dialog.queryByRole("button", { name: "Prolonger" })).toBeNull()
  cleanup()

  const waiting: Invitation = { ...lea, state: "waiting", account: null }
  render(<GuestsPaneView page={createPage(new PageEngine(guestsOf(365, [waiting])))} nowMs={now} />)
  await screen.findByText("Pas encore acceptée")
  expect(screen.queryByRole("button", { name: /Prolonger/ })).toBeNull()
})

test("a guest that a search finds is marked, with who vouches and until when", () => {
  const guest = { sponsor: "Marie FICTIF-HOARAU", endsAtMs: lea.endsAtMs }
  const found = professional({ rpps: "", category: "", givenName: "Léa", familyName: "FICTIF-PAYET", professionCode: "331", profession: "", activities: [], account: account("lea"), guest })
  const search = { query: "payet", found: { kind: "found", professionals: [found], next: null }, type: () => undefined, showMore: () => undefined } as const
  render(<FoundView search={search} before={null} rowOf={(one) => <ProfessionalLinesView professional={one} />} />)
  expect(screen.getByText("Invité · Secrétaire médicale")).toBeTruthy()
  expect(screen.getByText("Par Marie FICTIF-HOARAU, jusqu'au 7 décembre 2026")).toBeTruthy()
  expect(screen.getByText("Sur Lien")).toBeTruthy()
})
