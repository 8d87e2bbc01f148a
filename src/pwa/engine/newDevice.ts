/** What opens an account on a device that has no store yet: a passkey, or the recovery code. */
import type { WebAuthnJson } from "../bridge/commands.js"
import type { PasskeyId } from "../bridge/models.js"
import { readEnrolment, type Enrolment } from "./accounts/enrolment.js"
import { openByRecoveryCode } from "./accounts/recovery.js"
import type { Secret } from "./accounts/self.js"
import { withoutExtensions, type PasskeyChallenge } from "./accounts/session.js"
import { unwrapEntry, wrapKeyFrom } from "./accounts/vault.js"
import type { Bytes } from "./bytes.js"
import { passkeyWrapper } from "./crypto/vault.js"
import { Refusal } from "./failure.js"
import type { Http } from "./http.js"

/** What a passkey's PRF gives for the two salts of docs/keys.md. */
export type Outputs = { readonly local: Bytes; readonly vault: Bytes }

/** The account's secret until this device is enrolled, and the passkey that opened it, if one did. */
export type Opened = {
  readonly secret: Secret
  readonly by: { readonly passkey: PasskeyId; readonly local: Bytes; readonly wrapKey: Bytes } | null
}

/** A passkey answered on a new device: the flow that follows, with the vault it may open. */
export async function beginByNewDevice(http: Http, challenge: PasskeyChallenge, credential: WebAuthnJson): Promise<Enrolment> {
  const body = { nonce: challenge.nonce, credential: withoutExtensions(credential), device: null, proof: null }
  await http.open("POST", "/api/session/passkey", body)
  const enrolment = await readEnrolment(http)
  if (enrolment === null || enrolment.account === null) throw new Refusal("bad_passkey")
  return enrolment
}

/** Refuses with `prf_missing` or `no_vault` when this passkey signs in but opens nothing. */
export async function openByPasskey(enrolment: Enrolment, passkey: PasskeyId, outputs: Outputs | null): Promise<Opened> {
  if (outputs === null) throw new Refusal("prf_missing")
  const wrapper = passkeyWrapper(passkey)
  const wrapKey = await wrapKeyFrom(outputs.vault, wrapper)
  const entry = enrolment.vault.find((candidate) => candidate.wrapper === wrapper)
  if (entry === undefined || enrolment.account === null) throw new Refusal("no_vault")
  return { secret: unwrapEntry(wrapKey, enrolment.account, entry), by: { passkey, local: outputs.local.slice(), wrapKey } }
}

export async function openByCode(
  http: Http,
  flow: Enrolment | null,
  code: string,
): Promise<{ readonly opened: Opened; readonly enrolment: Enrolment }> {
  if (flow === null || flow.account === null) throw new Refusal("not_signed_in")
  const { secret, links } = await openByRecoveryCode(http, flow.account, code)
  return { opened: { secret, by: null }, enrolment: { ...flow, links } }
}

/** Nothing opens the account any more: it is closed for ever, and the same flow may create another. */
export async function startAfresh(http: Http, flow: Enrolment | null): Promise<Enrolment> {
  if (flow === null) throw new Refusal("not_signed_in")
  await http.open("POST", "/api/enrolment/fresh-start", { account: flow.account })
  return { ...flow, account: null }
}
