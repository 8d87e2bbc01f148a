/**
 * Everything the page may ask of the engine. Reviewed like an API: no key and no ciphertext passes here.
 * Two secrets must: the PRF output, because browsers offer WebAuthn to pages only (the page transfers its
 * ArrayBuffer at once, never copies, stores or posts it, and strips it from the credential's JSON), and the recovery code,
 * because a person writes it down and types it.
 */
import type { AccountEvent, AccountId, ChannelId, DeviceId, DeviceInfo, DirectoryPage, EnvelopeId, PasskeyId, PasskeyInfo, Person, RecoveryState } from "./models.js"

/** A WebAuthn options or credential object in its standard JSON form (WebAuthn L3, 5.1.8 to 5.1.10). */
export type WebAuthnJson = { readonly [name: string]: unknown }

/** Two outputs of one WebAuthn ceremony, for the salts of docs/keys.md. */
export type PrfOutputs = { readonly local: ArrayBuffer; readonly vault: ArrayBuffer } | null

export type Commands = {
  /** Open the store if it can be opened, and start sending events. `error` comes from the page's URL after a failed sign-in. */
  start: { request: { readonly error: string | null; readonly language: "fr" | "en" }; reply: null }
  /** Finish signing in on this device after the provider's (or a passkey's) answer. */
  enrol: { request: { readonly label: string }; reply: null }
  /** On a new device, after the provider's answer: what the person wrote down opens the account; `enrol` finishes. */
  recover: { request: { readonly code: string }; reply: null }
  /** Nothing opens the account any more: it is closed for ever, and `enrol` creates another. */
  startAfresh: { request: null; reply: null }
  recoveryState: { request: null; reply: { readonly state: RecoveryState } }
  /** A new recovery code; one made before opens nothing any more. Shown to the person, and kept nowhere. */
  makeRecoveryCode: { request: null; reply: { readonly code: string } }
  /** The offer of a recovery code was answered. */
  recoveryLater: { request: null; reply: null }
  /** Begin turning on express login: options for navigator.credentials.create, and the PRF salts to evaluate. */
  passkeyCreateBegin: { request: null; reply: { readonly options: WebAuthnJson; readonly salts: PrfSalts } }
  passkeyCreateFinish: {
    request: { readonly credential: WebAuthnJson; readonly prf: PrfOutputs; readonly label: string }
    reply: { readonly expressLogin: boolean }
  }
  /** "Plus tard": the offer was answered. */
  expressLoginLater: { request: null; reply: null }
  /** Begin an unlock or a sign-in by passkey. Works offline: then `options` are made locally and no session results. */
  passkeyGetBegin: { request: null; reply: { readonly options: WebAuthnJson; readonly salts: PrfSalts } }
  passkeyGetFinish: { request: { readonly credential: WebAuthnJson; readonly prf: PrfOutputs }; reply: null }
  lock: { request: null; reply: null }
  /** End the session; with `forget`, wipe this device too. */
  signOut: { request: { readonly forget: boolean }; reply: null }

  searchDirectory: { request: { readonly query: string; readonly after: string | null }; reply: DirectoryPage }
  /** Whether my entry is left out of search by words; by my whole number I am always found. */
  visibility: { request: null; reply: { readonly hidden: boolean } }
  setVisibility: { request: { readonly hidden: boolean }; reply: null }
  /** Find or begin the direct discussion with a person. */
  openDirect: { request: { readonly account: AccountId }; reply: { readonly channel: ChannelId } }
  createGroup: { request: { readonly name: string; readonly members: readonly AccountId[] }; reply: { readonly channel: ChannelId } }
  addMembers: { request: { readonly channel: ChannelId; readonly members: readonly AccountId[]; readonly withPast: boolean }; reply: null }
  removeMember: { request: { readonly channel: ChannelId; readonly member: AccountId }; reply: null }
  /** From now on `discussion` events come for this channel; null when none is on screen. */
  watchDiscussion: { request: { readonly channel: ChannelId | null }; reply: null }
  loadOlder: { request: { readonly channel: ChannelId }; reply: null }
  sendText: { request: { readonly channel: ChannelId; readonly text: string }; reply: { readonly envelope: EnvelopeId } }
  retry: { request: { readonly channel: ChannelId; readonly envelope: EnvelopeId }; reply: null }
  discard: { request: { readonly channel: ChannelId; readonly envelope: EnvelopeId }; reply: null }
  saveDraft: { request: { readonly channel: ChannelId; readonly text: string }; reply: null }
  typing: { request: { readonly channel: ChannelId }; reply: null }
  /** The person has seen everything up to this offset. */
  markRead: { request: { readonly channel: ChannelId; readonly offset: number }; reply: null }

  person: { request: { readonly account: AccountId }; reply: Person }
  listDevices: { request: null; reply: { readonly devices: readonly DeviceInfo[] } }
  /** Revoke one of my devices: keys rotate at once. */
  revokeDevice: { request: { readonly device: DeviceId }; reply: null }
  /** What happened to the account, newest first; `before` continues. */
  listEvents: {
    request: { readonly before: number | null }
    reply: { readonly events: readonly AccountEvent[]; readonly before: number | null }
  }
  /** End the account for ever, right after signing in, and wipe this device. */
  closeAccount: { request: null; reply: null }
  listPasskeys: { request: null; reply: { readonly passkeys: readonly PasskeyInfo[] } }
  removePasskey: { request: { readonly passkey: PasskeyId }; reply: null }
}

/** Salts for `extensions.prf.eval`: `first` opens the local store, `second` the vault. Public constants, 32 bytes each. */
export type PrfSalts = { readonly first: ArrayBuffer; readonly second: ArrayBuffer }

export type CommandName = keyof Commands
export type RequestOf<Name extends CommandName> = Commands[Name]["request"]
export type ReplyOf<Name extends CommandName> = Commands[Name]["reply"]

/** A refusal the page can explain: `code` is a code of docs/protocol.md, or one of the engine's own below. */
export type Failure = { readonly code: FailureCode }
export type EngineCode =
  | "offline"
  | "locked"
  | "storage_failed"
  | "no_vault"
  | "prf_missing"
  | "bad_recovery_code"
  | "no_recovery_code"
  | "identity_refused"
  | "too_long"
  | "departed"
  | "unexpected"
export type FailureCode = EngineCode | (string & {})
