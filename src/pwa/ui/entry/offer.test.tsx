// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { EngineFailure } from "../../bridge/channel.js"
import type { Me } from "../../bridge/models.js"
import { createPage } from "../page.js"
import { PageEngine, type Answers } from "../testing/pageEngine.js"
import { marie, professional } from "../testing/people.js"
import { OfferPaneView } from "./OfferPaneView.js"

const me: Me = { account: marie.account, device: "d" as never, person: marie, expressLogin: false, offerExpressLogin: true, pin: null, lockSeconds: 300, alert: null, offerRecovery: false }
const guest: Me = { ...me, person: { ...marie, professional: professional({ rpps: "", category: "" }) } }

function show(who: Me, answers: Answers = {}) {
  const onSignInAgain = vi.fn()
  const engine = new PageEngine(answers)
  render(<OfferPaneView page={createPage(engine)} me={who} onSignInAgain={onSignInAgain} />)
  return { engine, onSignInAgain }
}

beforeEach(() => {
  vi.stubGlobal("PublicKeyCredential", Object.assign(vi.fn(), { parseCreationOptionsFromJSON: vi.fn() }))
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

test("a professional may refuse express login; a guest, who has no other way back, may not", async () => {
  const { engine } = show(me)
  fireEvent.click(screen.getByRole("button", { name: "Plus tard" }))
  await waitFor(() => expect(engine.requests("expressLoginLater")).toHaveLength(1))
  cleanup()

  show(guest)
  expect(screen.queryByRole("button", { name: "Plus tard" })).toBeNull()
  expect(screen.getByText(/il faudra vous inviter à nouveau/)).toBeTruthy()
  fireEvent.click(screen.getByRole("button", { name: "Plutôt un code à 6 chiffres" }))
  expect(screen.queryByRole("button", { name: "Plus tard" })).toBeNull()
  expect(screen.getByText(/il faudra vous inviter à nouveau/)).toBeTruthy()
})

test("a device let in by another one signs in at the provider first, and the offer says so", async () => {
  const { onSignInAgain } = show(me, { passkeyCreateBegin: () => Promise.reject(new EngineFailure("fresh_sign_in_needed")) })
  fireEvent.click(screen.getByRole("button", { name: "Activer" }))
  fireEvent.click(await screen.findByRole("button", { name: "Se reconnecter" }))
  expect(onSignInAgain).toHaveBeenCalledOnce()
  expect(screen.getByText(/reconnectez-vous d'abord avec votre compte professionnel/)).toBeTruthy()
})
