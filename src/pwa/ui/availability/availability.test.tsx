// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/preact"
import { afterEach, expect, test, vi } from "vitest"
import type { Person } from "../../bridge/models.js"
import { anais, jean, marie } from "../testing/people.js"
import { availabilityAt, endsOf, typedEnd } from "./availabilityModel.js"
import { EndSheetView } from "./AvailabilitySheetsView.js"
import { AbsentView, AvailabilityView } from "./AvailabilityView.js"

/** A Monday morning. */
const nowMs = new Date(2026, 10, 23, 10).getTime()
const hourMs = 3_600_000
const away: Person = { ...jean, availability: { state: "absent", untilMs: nowMs + 50 * hourMs, cover: anais } }

afterEach(cleanup)

test("an absence is shown with its end and who covers, until it ends", () => {
  render(<AvailabilityView person={away} nowMs={nowMs} />)
  expect(screen.getByText(/En absence jusqu'au mer\. 25 nov\. 12:00/)).toBeTruthy()
  expect(screen.getByText("Remplacement : Anaïs FICTIF-GRONDIN")).toBeTruthy()
  expect(availabilityAt(away, nowMs + 50 * hourMs)).toBeNull()
})

test("something urgent to somebody absent says who covers, and writes to them", () => {
  const onWrite = vi.fn()
  render(<AbsentView people={[away, anais]} me={marie.account} nowMs={nowMs} onWrite={onWrite} />)
  fireEvent.click(screen.getByRole("button", { name: "Écrire à Anaïs FICTIF-GRONDIN" }))
  expect(onWrite).toHaveBeenCalledWith(anais.account)
})

test("one tap on the sheet chooses what and until when", () => {
  const onChoose = vi.fn()
  render(<EndSheetView nowMs={nowMs} current={null} onChoose={onChoose} onUsual={vi.fn()} onClose={vi.fn()} />)
  const [duty] = screen.getAllByText("demain 08:00")
  fireEvent.click(duty!)
  expect(onChoose).toHaveBeenCalledWith("duty", new Date(2026, 10, 24, 8).getTime())
})

test("ends that are offered are to come, once each", () => {
  for (const hour of [0, 7, 19, 23]) {
    const now = new Date(2026, 10, 29, hour, 50).getTime()
    for (const state of ["duty", "absent"] as const) {
      const ends = endsOf(state, now).map(({ untilMs }) => untilMs)
      expect(ends.every((end) => end > now)).toBe(true)
      expect(new Set(ends).size).toBe(ends.length)
    }
  }
  expect(typedEnd("2026-11-23T09:00", nowMs)).toBeNull()
  expect(typedEnd("2028-11-23T09:00", nowMs)).toBeNull()
  expect(typedEnd("", nowMs)).toBeNull()
  expect(typedEnd("2026-11-23T11:00", nowMs)).toBe(nowMs + hourMs)
})
