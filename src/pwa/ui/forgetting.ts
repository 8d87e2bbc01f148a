/** What the page itself kept on this device, gone with the rest when the device is emptied. */
import { effect, type Signal } from "@preact/signals"
import type { Phase } from "../bridge/models.js"
import { forgetWaking } from "./settings/unwaking.js"

/** Signed out for good, closed, revoked, or wiped after too many wrong codes: nobody is woken here, and no choice stays. */
export function forgetWhenEmptied(phase: Signal<Phase>): void {
  let before: Phase["kind"] = "loading"
  effect(() => {
    const { kind } = phase.value
    const isEmptied = kind === "revoked" || (kind === "signed-out" && (before === "open" || before === "locked"))
    before = kind
    if (isEmptied) localStorage.clear()
    if (isEmptied || kind === "signed-out") forgetWaking().catch(() => undefined)
  })
}
