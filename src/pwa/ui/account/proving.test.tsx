// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/preact"
import { afterEach, expect, test } from "vitest"
import type { Me, Phase } from "../../bridge/models.js"
import type { PinAnswer } from "../../bridge/commands.js"
import { createPage } from "../page.js"
import { PageEngine } from "../testing/pageEngine.js"
import { marie } from "../testing/people.js"
import { ProofView } from "./ProofView.js"
import { prove } from "./proving.js"

afterEach(cleanup)

const me: Me = { account: marie.account, device: "d" as never, person: marie, expressLogin: false, offerExpressLogin: false, pin: { offlineUntilMs: null }, lockSeconds: 300, alert: null, offerRecovery: false }
const open: Phase = { kind: "open", me, link: "online", signedIn: true }

function start(answers: PinAnswer[]) {
  const engine = new PageEngine({ pinUnlock: () => answers.shift()! })
  const page = createPage(engine)
  engine.tell({ kind: "phase", phase: open })
  render(<ProofView />)
  return { engine, page }
}

const type = (digits: string) => fireEvent.input(screen.getByLabelText("Votre code à 6 chiffres"), { target: { value: digits } })

test("whoever has a code only proves by it, and is told how many tries are left", async () => {
  const { engine, page } = start([{ isOpen: false, left: 9, waitMs: 0 }, { isOpen: true, left: 0, waitMs: 0 }])
  const proved = prove(page)
  await screen.findByRole("heading", { name: "Confirmez que c'est vous" })
  type("111222")
  await screen.findByText(/Encore 9 essais/)
  type("407195")
  await proved
  expect(engine.requests("pinUnlock")).toEqual([{ digits: "111222" }, { digits: "407195" }])
})

test("nothing leaves when the sheet is closed, or the phone locked meanwhile", async () => {
  const { engine, page } = start([])
  const first = prove(page)
  fireEvent.click(await screen.findByRole("button", { name: "Fermer" }))
  await expect(first).rejects.toThrow(DOMException)

  const second = prove(page)
  engine.tell({ kind: "phase", phase: { kind: "locked", withPasskey: false, withPin: true, providers: [], error: null } })
  await expect(second).rejects.toThrow(DOMException)
})
