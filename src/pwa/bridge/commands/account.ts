/** What the page may ask about the own account: devices, passkeys, recovery. */
import type { AccountEvent, AccountId, Availability, DeviceId, DeviceInfo, PasskeyId, PasskeyInfo, RecoveryState, SessionInfo } from "../models.js"

/** `bytes` of the photographs, files and documents; their pages add little. */
export type TakeawayPlan = { readonly messages: number; readonly files: number; readonly documents: number; readonly bytes: number }

/** What the pages of the archive say, in the person's language. */
export type TakeawayWords = {
  readonly language: string
  readonly title: string
  readonly intro: string
  readonly discussions: string
  readonly documents: string
  readonly server: string
  /** `{n}` stands for the number of messages. */
  readonly messages: string
  readonly deleted: string
  readonly lost: string
}

export type AccountCommands = {
  recoveryState: { request: null; reply: { readonly state: RecoveryState } }
  /** A new recovery code; one made before opens nothing any more. Shown to the person, and kept nowhere. */
  makeRecoveryCode: { request: null; reply: { readonly code: string } }
  /** The offer of a recovery code was answered. */
  recoveryLater: { request: null; reply: null }
  /** Tell those one talks with when to count on this person; `usual` takes it back, with `untilMs` 0. */
  setAvailability: {
    request: { readonly state: Availability["state"] | "usual"; readonly untilMs: number; readonly cover: AccountId | null }
    reply: null
  }
  listDevices: { request: null; reply: { readonly devices: readonly DeviceInfo[] } }
  renameDevice: { request: { readonly device: DeviceId; readonly label: string }; reply: null }
  listSessions: { request: null; reply: { readonly sessions: readonly SessionInfo[] } }
  endSession: { request: { readonly session: string }; reply: null }
  endOtherSessions: { request: null; reply: null }
  /** The person has looked at what happened elsewhere. */
  alertSeen: { request: null; reply: null }
  /** Whose code this is, scanned or typed. Refused with `bad_transfer_code`, or `fresh_sign_in_needed`. */
  transferFind: { request: { readonly code: string }; reply: { readonly label: string } }
  /** Let the device of this code in. */
  transferApprove: { request: { readonly code: string }; reply: null }
  /** Revoke one of my devices: keys rotate at once. */
  revokeDevice: { request: { readonly device: DeviceId }; reply: null }
  /** What happened to the account, newest first; `before` continues. */
  listEvents: {
    request: { readonly before: number | null }
    reply: { readonly events: readonly AccountEvent[]; readonly before: number | null }
  }
  /** End the account for ever, right after signing in, and wipe this device. */
  closeAccount: { request: null; reply: null }
  /** How long this deployment keeps messages. */
  retention: { request: null; reply: { readonly days: number } }
  /** How much there is to take away. */
  takeawayPlan: { request: null; reply: TakeawayPlan }
  /** Everything that can be read here and what the server holds, as an archive; right after signing in. Begins again where one was under way. */
  takeawayBegin: { request: { readonly words: TakeawayWords }; reply: null }
  /** The next piece of it; null when that was all. */
  takeawayNext: { request: null; reply: { readonly piece: Uint8Array<ArrayBuffer> | null } }
  listPasskeys: { request: null; reply: { readonly passkeys: readonly PasskeyInfo[] } }
  removePasskey: { request: { readonly passkey: PasskeyId }; reply: null }
}
