/** What this device knows of itself: the account, its secrets and the session. One sealed record of the store. */
import type { AccountId, DeviceId } from "../../bridge/models.js"
import { numberIn, textIn, type Json } from "../json.js"
import type { Bytes } from "../bytes.js"
import type { Attestors, Link } from "../crypto/chain.js"
import type { Declaration } from "../conversations/availability.js"
import type { Write } from "../store/database.js"
import type { Store } from "../store/store.js"

export type Session = {
  readonly session: string
  readonly idleEndsAtMs: number
  readonly endsAtMs: number
}

export type Secret = { readonly generation: number; readonly secret: Bytes }

/** What wraps the account secret in the vault, kept so that a rotation can wrap the next one without the passkey. */
export type WrapKey = { readonly wrapper: string; readonly key: Bytes; readonly generation: number }

/** Someone compared with in person: this chain of theirs, and when. */
export type Verified = { readonly account: AccountId; readonly fingerprint: Bytes; readonly atMs: number }

export type Self = {
  readonly verified?: readonly Verified[]
  readonly account: AccountId
  readonly device: DeviceId
  readonly label: string
  /** The deployment's keys that sign identities, from the one this device first saw to the last it followed. */
  readonly attestors: Attestors
  /** How long the deployment keeps messages, as it last said: what is erased here must not be guessed. */
  readonly retentionDays: number
  /** The least that a discussion may choose, as it last said. */
  readonly retentionLeastDays?: number
  /** Whether it is a demonstration, as it last said: identities of nobody are shown there only. */
  readonly isDemo?: boolean
  /** How long it lets the application stay open in the background, as it last said. */
  readonly lockSeconds?: number
  readonly secrets: readonly Secret[]
  /** The next secret while a rotation is under way: the server may have taken it without this device knowing. */
  readonly rotating: Secret | null
  readonly wrapKeys: readonly WrapKey[]
  readonly session: Session | null
  readonly isOfferAnswered: boolean
  /** Whether the person has answered the offer of a recovery code, or came here by what makes it needless. */
  readonly isRecoveryAnswered?: boolean
  /** The program and its version that last tried to read everything here. */
  readonly program?: string
  /** The last entry of the trail that the person of this device knows of. */
  readonly seenEvent?: number
  /** The last trace of the person that was applied here. */
  readonly tracesSeen?: number
  /** What the person last chose to tell of when they can be counted on. */
  readonly declared?: Declaration
  /** The link that makes this account or this device known, until the server has taken it. */
  readonly enrolling: { readonly kind: "account" | "device"; readonly link: Link } | null
}

export async function readSelf(store: Store): Promise<Self | null> {
  const self = await store.get<Self & { readonly attestor?: Bytes }>("self", "self")
  // Written before the attestor could be changed.
  return self?.attestor === undefined ? self : { ...self, attestors: [self.attestor] }
}

export function selfWrite(store: Store, self: Self): Promise<Write> {
  return store.put("self", "self", self)
}

/** The newest secret of the account that this device has. */
export function newestSecret(self: Self): Secret | null {
  return self.secrets.reduce<Secret | null>(
    (newest, secret) => (newest === null || secret.generation > newest.generation ? secret : newest),
    null,
  )
}

export function secretOf(self: Self, generation: number): Bytes | null {
  return self.secrets.find((secret) => secret.generation === generation)?.secret ?? null
}

export function withSecrets(self: Self, learnt: readonly Secret[]): Self {
  const kept = self.secrets.filter((secret) => !learnt.some((other) => other.generation === secret.generation))
  return { ...self, secrets: [...kept, ...learnt] }
}

export function withWrapKey(self: Self, wrapKey: WrapKey): Self {
  return { ...self, wrapKeys: [...self.wrapKeys.filter(({ wrapper }) => wrapper !== wrapKey.wrapper), wrapKey] }
}

export function sessionFrom(json: Json): Session {
  return {
    session: textIn(json, "session"),
    idleEndsAtMs: numberIn(json, "idle_ends_at_ms"),
    endsAtMs: numberIn(json, "ends_at_ms"),
  }
}

/** The device key's seed, apart from the rest so that it is in memory only while the key is made from it. */
export function seedWrite(store: Store, seed: Bytes): Promise<Write> {
  return store.put("self", "device-seed", seed)
}

export function readSeed(store: Store): Promise<Bytes | null> {
  return store.get<Bytes>("self", "device-seed")
}
