/**
 * Proving again who one is, right before something leaves Lien: by the passkey, or by the PIN where it is what opens
 * this device. Whoever has neither was let in by the provider, and the server says whether that was just now.
 */
import { signal } from "@preact/signals"
import type { Engine } from "../../bridge/channel.js"
import type { Page } from "../page.js"
import { answerWithPasskey } from "./ceremonies.js"

export type AskedProof = {
  readonly engine: Engine
  /** Told once: whether it was given. */
  readonly end: (isGiven: boolean) => void
}

/** While the PIN is asked for. */
export const askedProof = signal<AskedProof | null>(null)

/** Throws as a passkey that was refused does when the person gives up. */
export function prove({ engine, phase: { value: phase } }: Page): Promise<void> {
  if (phase.kind !== "open") return Promise.resolve()
  if (phase.me.expressLogin) return answerWithPasskey(engine)
  return phase.me.pin === null ? Promise.resolve() : askPin(engine)
}

/** The phone was locked or wiped meanwhile. */
export function forgetProof(): void {
  askedProof.peek()?.end(false)
}

function askPin(engine: Engine): Promise<void> {
  forgetProof()
  return new Promise((resolve, reject) => {
    const end = (isGiven: boolean) => {
      askedProof.value = null
      if (isGiven) resolve()
      else reject(new DOMException("", "NotAllowedError"))
    }
    askedProof.value = { engine, end }
  })
}
