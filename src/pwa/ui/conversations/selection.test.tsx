// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/preact"
import { afterEach, expect, test, vi } from "vitest"
import { message } from "../testing/people.js"
import { copiedText } from "./messageModel.js"
import { SelectionBarView } from "./SelectionView.js"

afterEach(cleanup)

const acts = { onCopy: vi.fn(), onForward: vi.fn(), onExport: vi.fn(), onRemove: vi.fn() }
const soon = { mine: true, changeableUntilMs: 20 }
const isOff = (name: string) => screen.getByRole<HTMLButtonElement>("button", { name }).disabled

test("offers what can be done with every chosen message", () => {
  const { rerender } = render(<SelectionBarView {...acts} chosen={[message("a", soon), message("b", soon)]} nowMs={10} isClosed={false} />)
  expect(["Copier", "Transférer", "PDF signé", "Supprimer"].map(isOff)).toEqual([false, false, false, false])

  // One of somebody else's is not to be deleted, something shared not to be copied.
  const shared = message("c", { content: { kind: "document", title: "Compte rendu" } as never })
  rerender(<SelectionBarView {...acts} chosen={[message("a", soon), shared]} nowMs={10} isClosed={false} />)
  expect(["Copier", "Transférer", "PDF signé", "Supprimer"].map(isOff)).toEqual([true, true, false, true])

  rerender(<SelectionBarView {...acts} chosen={[]} nowMs={10} isClosed={false} />)
  expect(["Copier", "Transférer", "PDF signé", "Supprimer"].map(isOff)).toEqual([true, true, true, true])
  fireEvent.click(screen.getByRole("button", { name: "PDF signé" }))
  expect(acts.onExport).not.toHaveBeenCalled()
})

test("several words copied say who wrote them and when; one alone is as it was", () => {
  const nameOf = () => "Jean-Luc"
  expect(copiedText([message("Bonjour")], nameOf)).toBe("Bonjour")
  expect(copiedText([message("Bonjour"), message("Plaie propre")], nameOf)).toBe("Jean-Luc, 23 nov. 2026, 09:42\nBonjour\n\nJean-Luc, 23 nov. 2026, 09:42\nPlaie propre")
})
