// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact"
import { afterEach, expect, test } from "vitest"
import { EngineFailure } from "../../bridge/channel.js"
import type { Me } from "../../bridge/models.js"
import { createPage } from "../page.js"
import { PageEngine, type Answers } from "../testing/pageEngine.js"
import { marie } from "../testing/people.js"

const me: Me = { account: marie.account, device: "d" as never, person: marie, expressLogin: true, offerExpressLogin: false, pin: null, lockSeconds: 300, alert: null, offerRecovery: false }

async function show(answers: Answers): Promise<PageEngine> {
  Object.assign(globalThis, { __LIEN_VERSION__: "0" })
  const { MePaneView } = await import("./MePaneView.js")
  const engine = new PageEngine({ searchDirectory: () => ({ professionals: [], next: null, extractDate: "2026-11-01" }), ...answers })
  render(<MePaneView page={createPage(engine)} me={me} />)
  return engine
}

const radio = (name: string) => screen.getByRole<HTMLInputElement>("radio", { name })

afterEach(cleanup)

test("who hides says so to the server, and sees it", async () => {
  const engine = await show({ visibility: () => ({ hidden: false }) })
  await waitFor(() => expect(radio("Visible").checked).toBe(true))
  fireEvent.click(radio("Discret"))
  await waitFor(() => expect(engine.requests("setVisibility")).toEqual([{ hidden: true }]))
  expect(radio("Discret").checked).toBe(true)
})

test("what the server did not take is not shown as done", async () => {
  await show({ visibility: () => ({ hidden: false }), setVisibility: () => Promise.reject(new EngineFailure("offline")) })
  await waitFor(() => expect(radio("Visible").checked).toBe(true))
  fireEvent.click(radio("Discret"))
  await waitFor(() => expect(screen.getByRole("alert")).toBeTruthy())
  expect(radio("Visible").checked).toBe(true)
})

test("nothing is offered while it is not known", async () => {
  await show({ visibility: () => Promise.reject(new EngineFailure("offline")) })
  expect(screen.queryByRole("radio", { name: "Discret" })).toBeNull()
})
