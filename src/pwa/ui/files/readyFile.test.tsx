// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/preact"
import { afterEach, beforeEach, expect, test } from "vitest"
import { forgetReadyFile, offerFile, readyFile } from "./readyFile.js"
import { ReadyFileView } from "./ReadyFileView.js"

beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
})
afterEach(cleanup)

test("a file leaves by a tap of its own, under a name that any system takes", async () => {
  const offered = offerFile([new Uint8Array([1])], "application/pdf", '2026-11-27 Radio : "thorax"')
  render(<ReadyFileView />)
  const link = screen.getByRole<HTMLAnchorElement>("link", { name: "Enregistrer le fichier" })
  expect(link.download).toBe("2026-11-27 Radio thorax.pdf")
  expect(link.href).toMatch(/^blob:/)
  fireEvent.click(link)
  expect(await offered).toBe(true)
  expect(screen.queryByRole("link")).toBeNull()
})

test("what has to be written down comes before the file, which stays when it cannot be", async () => {
  let isWritable = false
  const handedOut: boolean[] = []
  const prepare = () => (isWritable ? Promise.resolve() : Promise.reject(new Error("storage_failed")))
  const offered = offerFile([new Uint8Array([1])], "application/pdf", "compte rendu", prepare)
  render(<ReadyFileView />)
  const link = screen.getByRole<HTMLAnchorElement>("link", { name: "Enregistrer le fichier" })
  document.addEventListener("click", (event) => void handedOut.push(!event.defaultPrevented), { once: false })
  fireEvent.click(link)
  await screen.findByRole("alert")
  expect(readyFile.value).not.toBeNull()
  isWritable = true
  fireEvent.click(link)
  expect(await offered).toBe(true)
  expect(handedOut).toEqual([false, false, true])
})

test("who closes takes nothing, and neither does who locks", async () => {
  const closed = offerFile(["text"], "text/plain", "un")
  render(<ReadyFileView />)
  fireEvent.click(screen.getByRole("button", { name: "Fermer" }))
  expect(await closed).toBe(false)
  const locked = offerFile(["text"], "text/plain", "deux")
  forgetReadyFile()
  expect(await locked).toBe(false)
  expect(readyFile.value).toBeNull()
})
