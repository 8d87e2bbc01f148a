/** What the page may ask about the way in: signing in, express login, locking. */

/** A WebAuthn options or credential object in its standard JSON form (WebAuthn L3, 5.1.8 to 5.1.10). */
export type WebAuthnJson = { readonly [name: string]: unknown }

/** Two outputs of one WebAuthn ceremony, for the salts of docs/keys.md. */
export type PrfOutputs = { readonly local: ArrayBuffer; readonly vault: ArrayBuffer } | null

/** Salts for `extensions.prf.eval`: `first` opens the local store, `second` the vault. Public constants, 32 bytes each. */
export type PrfSalts = { readonly first: ArrayBuffer; readonly second: ArrayBuffer }

/** Open, or how many tries of the PIN are left (0: this device was wiped) and how long to wait before the next. */
export type PinAnswer = { readonly isOpen: boolean; readonly left: number; readonly waitMs: number }

export type EntryCommands = {
  /** Open the store if it can be opened, and start sending events. `error` comes from the page's URL after a failed sign-in. */
  start: { request: { readonly error: string | null; readonly language: "fr" | "en" }; reply: null }
  /** Finish signing in on this device after the provider's (or a passkey's) answer; `situation` is the chosen one's place. */
  enrol: { request: { readonly label: string; readonly situation: number | null }; reply: null }
  /** On a new device, after the provider's answer: what the person wrote down opens the account; `enrol` finishes. */
  recover: { request: { readonly code: string }; reply: null }
  /** Nothing opens the account any more: it is closed for ever, and `enrol` creates another. */
  startAfresh: { request: null; reply: null }
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
  /** Six digits that open this device only. Refused with `weak_pin`, or `fresh_sign_in_needed`. */
  pinSet: { request: { readonly digits: string }; reply: null }
  pinRemove: { request: null; reply: null }
  /** Opens Lien; where it is open, proves again who the person is. */
  pinUnlock: { request: { readonly digits: string }; reply: PinAnswer }
  /** On an empty device: a code for an old one, to be shown as a QR code or typed; the phase changes once it has let this one in. */
  transferBegin: { request: { readonly label: string }; reply: { readonly code: string; readonly qr: string } }
  transferEnd: { request: null; reply: null }
  lock: { request: null; reply: null }
  /** End the session; with `forget`, wipe this device too. */
  signOut: { request: { readonly forget: boolean }; reply: null }
}
