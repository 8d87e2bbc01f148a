/** Signing in on a device that is already in the chain, staying signed in, and leaving. */
import type { WebAuthnJson } from "../../bridge/commands.js"
import { toBase64, type Bytes } from "../bytes.js"
import type { ServerClock } from "../clock.js"
import { Refusal } from "../failure.js"
import type { Http } from "../http.js"
import { bytesIn, numberIn, textIn, type Json } from "../json.js"
import type { Keyring } from "./keyring.js"
import { sessionFrom } from "./self.js"

export type PasskeyChallenge = { readonly nonce: string; readonly nonceBytes: Bytes; readonly options: WebAuthnJson }

/** Renewing costs the server little, but not at every key stroke. */
const RENEW_AFTER_MS = 5 * 60_000
/** Long enough for one gesture and the tap after it. */
const FRESH_MS = 2 * 60_000

export class Sessions {
  private renewedAtMs = 0
  private enteredAtMs = 0

  constructor(
    private readonly http: Http,
    private readonly keyring: Keyring,
    private readonly clock: ServerClock,
  ) {}

  /** With the provider's answer, which the flow cookie stands for. */
  async enterByProvider(nonce: Bytes): Promise<void> {
    const { account, device } = this.keyring.self
    const proof = toBase64(await this.keyring.proveEnrol(nonce))
    await this.enter("/api/session/provider", { account, device, proof })
  }

  async enterByPasskey(challenge: PasskeyChallenge, credential: WebAuthnJson): Promise<void> {
    const proof = toBase64(await this.keyring.proveEnrol(challenge.nonceBytes))
    const { device } = this.keyring.self
    const body = { nonce: challenge.nonce, credential: withoutExtensions(credential), device, proof }
    await this.enter("/api/session/passkey", body)
  }

  /** The person proved who they are a moment ago. Refuses with `fresh_unlock_needed`. */
  requireFresh(): void {
    if (this.clock.now() - this.enteredAtMs > FRESH_MS) throw new Refusal("fresh_unlock_needed")
  }

  /** With the nonce that the server gave for a PIN just proved. */
  async enterByPin(nonce: Bytes): Promise<void> {
    const { account, device } = this.keyring.self
    const proof = toBase64(await this.keyring.proveEnrol(nonce))
    await this.enter("/api/session/pin", { nonce: toBase64(nonce), account, device, proof })
  }

  private async enter(path: string, body: Json): Promise<void> {
    const entering = this.http.open("POST", path, body).then((json) => this.keep(json))
    this.http.entering = entering.catch(() => undefined)
    await entering
    this.enteredAtMs = this.clock.now()
  }

  /** Remember a session that the server just gave. */
  async keep(json: Json): Promise<void> {
    this.clock.learn(numberIn(json, "server_at_ms"))
    const session = sessionFrom(json)
    this.renewedAtMs = this.clock.now()
    await this.keyring.change((self) => ({ ...self, session }))
  }

  /** Ask the server whether the session stands. Refuses with `not_signed_in` when it is over. */
  async check(): Promise<void> {
    await this.keep(await this.http.signed("GET", "/api/session"))
  }

  /** The person did something: the idle time begins again. Failures wait for the next gesture. */
  async touch(): Promise<void> {
    if (this.keyring.self.session === null || this.clock.now() - this.renewedAtMs < RENEW_AFTER_MS) return
    this.renewedAtMs = this.clock.now()
    await this.http.signed("POST", "/api/session/renew", {}).then(
      (json) => this.keep(json),
      () => undefined,
    )
  }

  async forget(): Promise<void> {
    await this.keyring.change((self) => (self.session === null ? self : { ...self, session: null }))
  }

  /** End it at the server too. Offline, it ends there by itself. */
  async end(): Promise<void> {
    await this.http.signed("POST", "/api/session/end", {}).catch(() => undefined)
    await this.forget()
  }
}

export async function beginByPasskey(http: Http): Promise<PasskeyChallenge> {
  const answer = await http.open("POST", "/api/session/passkey/begin", {})
  return {
    nonce: textIn(answer, "nonce"),
    nonceBytes: bytesIn(answer, "nonce"),
    options: answer["options"] as WebAuthnJson,
  }
}

/** The page strips what a passkey computes; so does the engine, because once posted it cannot be taken back. */
export function withoutExtensions(credential: WebAuthnJson): WebAuthnJson {
  return { ...credential, clientExtensionResults: {} }
}
