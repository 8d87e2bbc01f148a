// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact"
import { afterEach, expect, test, vi } from "vitest"
import { createPage } from "../page.js"
import { PageEngine } from "../testing/pageEngine.js"
import { account, professional } from "../testing/people.js"
import { CardPaneView } from "./DirectoryPaneView.js"

afterEach(cleanup)

function show(found: ReturnType<typeof professional>) {
  const engine = new PageEngine()
  const page = createPage(engine)
  page.card.value = found
  render(<CardPaneView page={page} me={account("me")} />)
  return engine
}

test("who is not on Lien is invited by a message that says nothing about anybody, and nobody is told", async () => {
  const writeText = vi.fn(() => Promise.resolve())
  vi.stubGlobal("navigator", { clipboard: { writeText } })
  const colleague = professional({ account: null, givenName: "Anaïs", familyName: "FICTIF-GRONDIN" })
  const engine = show(colleague)
  expect(screen.queryByRole("button", { name: "Écrire" })).toBeNull()
  fireEvent.click(screen.getByRole("button", { name: "Inviter sur Lien" }))
  expect(screen.getByRole("img", { name: "Code à photographier par Anaïs FICTIF-GRONDIN" })).toBeTruthy()
  fireEvent.click(screen.getByRole("button", { name: "Copier l'invitation" }))
  await waitFor(() => expect(screen.getByText("Invitation copiée")).toBeTruthy())
  const message = writeText.mock.calls.flat().join("")
  expect(message).toContain(`${location.origin}/`)
  for (const part of ["Anaïs", "GRONDIN", colleague.rpps, "Pharmacien"]) expect(message).not.toContain(part)
  expect(engine.asked).toEqual([])
  fireEvent.click(screen.getByRole("button", { name: "Retour" }))
  expect(screen.getByRole("heading", { name: "Fiche professionnelle" })).toBeTruthy()
  vi.unstubAllGlobals()
})
