/** What the page is told of the engine's stage. */
import type { Me, Phase } from "../bridge/models.js"
import type { Desk } from "./desk.js"
import type { Gate } from "./gate.js"

/** Until the deployment has said how long it allows. */
const USUAL_LOCK_SECONDS = 30

export type Stage =
  | { readonly kind: "loading" | "signed-out" | "welcome" | "locked" | "open" | "revoked" }
  | { readonly kind: "stopped"; readonly reason: "upgrade" | "storage" }

export function phaseOf(stage: Stage, gate: Gate | null, error: string | null): Phase {
  const providers = gate?.status?.providers ?? []
  switch (stage.kind) {
    case "signed-out":
      return { kind: "signed-out", providers, error }
    case "locked": {
      const withPin = gate?.locker.pinWrap != null
      return { kind: "locked", withPasskey: gate?.locker.hasPasskey === true, withPin, providers, error }
    }
    case "welcome": {
      const professional = gate?.enrolment?.professional ?? null
      if (gate === null || professional === null) return { kind: "signed-out", providers, error }
      const situations = gate.enrolment?.situations ?? []
      return { kind: "welcome", professional, isNewAccount: gate.enrolment?.account === null, canEnrol: gate.canEnrol, situations, guest: gate.enrolment?.guest ?? null }
    }
    case "open": {
      const desk = gate?.desk ?? null
      if (gate === null || desk === null) return { kind: "loading" }
      return { kind: "open", me: meOf(gate, desk), link: desk.linkState, signedIn: desk.isSignedIn }
    }
    case "stopped":
      return { kind: "stopped", reason: stage.reason }
    case "loading":
      return { kind: "loading" }
    case "revoked":
      return { kind: "revoked" }
  }
}

function meOf({ locker }: Gate, desk: Desk): Me {
  const { account, device, isOfferAnswered, isRecoveryAnswered, lockSeconds = USUAL_LOCK_SECONDS } = desk.keyring.self
  const expressLogin = locker.hasPasskey
  const pin = locker.pinWrap === null ? null : { offlineUntilMs: locker.pinWrap.grace?.untilMs ?? null }
  return {
    account,
    device,
    person: desk.me,
    expressLogin,
    pin,
    lockSeconds,
    alert: desk.alerts.current,
    offerExpressLogin: !isOfferAnswered && !expressLogin && pin === null,
    // No provider vouches for a guest again: a code would open nothing.
    offerRecovery: isRecoveryAnswered !== true && desk.me.professional.rpps !== "",
  }
}
