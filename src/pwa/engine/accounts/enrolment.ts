/** Between the provider's (or a passkey's) answer and a device in the chain. */
import type { AccountId, Guest, Professional, Situation } from "../../bridge/models.js"
import { toBase64, type Bytes } from "../bytes.js"
import { generateAccountSecret, openAccountSecret } from "../crypto/account.js"
import { byAccount, createChain, makeLink, replay, type Link } from "../crypto/chain.js"
import { accept } from "../crypto/sponsorship.js"
import { professionalIn } from "../directory/professionals.js"
import { Refusal } from "../failure.js"
import type { Http } from "../http.js"
import { newAccount, newDevice } from "../ids.js"
import { bytesIn, optional, textIn, type Json } from "../json.js"
import type { Status } from "../status.js"
import { newSeed, openSeed } from "./deviceKey.js"
import type { Keyring } from "./keyring.js"
import { situationsIn } from "./situations.js"
import { linksIn, linkToJson } from "./links.js"
import type { Secret, Self } from "./self.js"
import { vaultEntriesIn, type VaultEntry } from "./vault.js"

export type Enrolment = {
  readonly nonce: Bytes
  readonly account: AccountId | null
  readonly professional: Professional | null
  readonly vault: readonly VaultEntry[]
  /** The account's chain, for a device that is about to join it. */
  readonly links: readonly Link[]
  readonly via: "provider" | "passkey" | "invitation"
  /** In which of these the person practises is theirs to say. */
  readonly situations: readonly Situation[]
  /** Who opened an invitation, and its secret. */
  readonly guest: Guest | null
  readonly secret: Bytes | null
}

/** What this device is about to store, and the seed of its key. */
export type Made = { readonly self: Self; readonly seed: Bytes }

/** What the flow cookie stands for, or null without one. */
export async function readEnrolment(http: Http): Promise<Enrolment | null> {
  try {
    const json = await http.open("GET", "/api/enrolment")
    return {
      nonce: bytesIn(json, "nonce"),
      account: optional(json, "account", textIn) as AccountId | null,
      professional: optional(json, "professional", professionalIn),
      vault: optional(json, "vault", vaultEntriesIn) ?? [],
      links: optional(json, "links", linksIn) ?? [],
      via: viaIn(json),
      situations: situationsIn(json),
      guest: null,
      secret: null,
    }
  } catch (error) {
    if (error instanceof Refusal && error.code !== "offline") return null
    throw error
  }
}

/** A new account, made on this device: its first link waits in the result until the server has taken it. */
export async function makeAccount(label: string, status: Status, atMs: number): Promise<Made> {
  const account = newAccount()
  const device = newDevice()
  const seed = newSeed()
  const deviceKey = await openSeed(seed)
  const secret = await generateAccountSecret()
  const body = {
    kind: "create" as const,
    device,
    devicePublic: deviceKey.public,
    signingPublic: secret.signing.public,
    sealingPublic: secret.sealing.public,
  }
  const link = await createChain(account, body, deviceKey, atMs)
  const secrets = [{ generation: 1, secret: secret.bytes }]
  return { seed, self: newSelf(status, { account, device, label, secrets, enrolling: { kind: "account", link } }) }
}

/**
 * This device as a new one of an account whose secret was just opened: the account itself signs it in.
 * Refuses with `no_vault` when the secret is of an older generation, which cannot sign for the account any more.
 */
export async function makeDevice(
  label: string,
  status: Status,
  account: AccountId,
  opened: Secret,
  links: readonly Link[],
  atMs: number,
): Promise<Made> {
  const state = await replay(links, status.attestors, { account })
  if (state.generation !== opened.generation) throw new Refusal("no_vault")
  const device = newDevice()
  const seed = newSeed()
  const body = { kind: "add_device" as const, device, devicePublic: (await openSeed(seed)).public }
  const link = await makeLink(state, body, byAccount((await openAccountSecret(opened.secret)).signing), atMs)
  const enrolling = { kind: "device" as const, link }
  return { seed, self: newSelf(status, { account, device, label, secrets: [opened], enrolling }) }
}

export function newSelf(
  { attestors, retentionDays }: Status,
  made: Pick<Self, "account" | "device" | "label" | "secrets" | "enrolling">,
): Self {
  return { ...made, attestors, retentionDays, rotating: null, wrapKeys: [], session: null, isOfferAnswered: false }
}

function viaIn(json: Json): Enrolment["via"] {
  const via = textIn(json, "via")
  return via === "passkey" || via === "invitation" ? via : "provider"
}

/** Offer the waiting link to the server. Answers the JSON of the session. */
export async function enrol(http: Http, keyring: Keyring, flow: Enrolment, situation: number | null): Promise<Json> {
  const { account, enrolling, label } = keyring.self
  if (enrolling === null) throw new Refusal("unexpected")
  const proof = toBase64(await keyring.proveEnrol(flow.nonce))
  const body = { ...linkToJson(enrolling.link), label, proof }
  if (enrolling.kind === "device") return http.open("POST", "/api/devices", body)
  if (flow.via === "provider") return http.open("POST", "/api/accounts", { ...body, situation })
  if (flow.secret === null) throw new Refusal("invitation_over")
  const acceptance = toBase64(await accept(flow.secret, account))
  return http.open("POST", "/api/invitation/account", { ...body, acceptance })
}
