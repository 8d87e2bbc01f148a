/**
 * The way in: from a closed or empty store to an open desk, and back out.
 *
 * `Gate` holds what is known before the store is open (the deployment, the flow that a provider or a passkey began)
 * and turns it, step by step, into an open desk. Which phase the page sees is `phase.ts`'s to say.
 */
import type { PrfOutputs, WebAuthnJson } from "../bridge/commands.js"
import type { PasskeyId } from "../bridge/models.js"
import { enrol, makeAccount, makeDevice, readEnrolment, type Enrolment } from "./accounts/enrolment.js"
import { passkeyOf } from "./accounts/passkeys.js"
import { seedWrite, selfWrite } from "./accounts/self.js"
import { beginByPasskey, type PasskeyChallenge } from "./accounts/session.js"
import { wrapKeyFrom } from "./accounts/vault.js"
import { randomBytes, toBase64 } from "./bytes.js"
import { passkeyWrapper } from "./crypto/vault.js"
import { openDesk, type Desk, type DeskOwner, type DeskPorts } from "./behindLock.js"
import { codeOf, isPassing, Refusal } from "./failure.js"
import { Http } from "./http.js"
import { beginByNewDevice, openByCode, openByPasskey, startAfresh, type Opened, type Outputs } from "./newDevice.js"
import { orOffline } from "./patience.js"
import { readStatus, type Status } from "./status.js"
import { Locker } from "./store/locker.js"
import type { Store } from "./store/store.js"

export type GatePorts = Omit<DeskPorts, "deployment"> & {
  /** The WebAuthn relying party: the host of the origin. */
  readonly rpId: string
  readonly databaseName: string
}

export interface GateOwner extends DeskOwner {
  /** The store is open; a session may follow. */
  onOpen(): void
  /** The browser took the database away. */
  onStoreLost(): void
}

/** On a bad network the store opens without the server rather than late. */
const UNLOCK_PATIENCE_MS = 3_000

export class Gate {
  desk: Desk | null = null
  status: Status | null = null
  enrolment: Enrolment | null = null
  /** The sign-in under way is not of the account whose store is here. */
  isOther = false
  private opened: Opened | null = null
  private challenge: PasskeyChallenge | null = null
  readonly http: Http

  private constructor(
    readonly ports: GatePorts,
    private readonly owner: GateOwner,
    readonly locker: Locker,
  ) {
    this.http = new Http(ports.http, { session: () => null, sign: () => Promise.resolve(null) })
  }

  static async open(ports: GatePorts, owner: GateOwner): Promise<Gate> {
    return new Gate(ports, owner, await Locker.find(ports.databaseName, () => owner.onStoreLost()))
  }

  /** Ask the deployment about itself and about a sign-in under way. Offline, both stay unknown. */
  async ask(): Promise<void> {
    try {
      this.status = await readStatus(this.http, this.ports.clock)
      this.enrolment = await readEnrolment(this.http)
    } catch (error) {
      if (!isPassing(codeOf(error))) throw error
    }
  }

  /** Whether `enrol` can lead anywhere. */
  get canEnrol(): boolean {
    if (this.enrolment === null) return false
    return this.enrolment.account === null || this.opened !== null
  }

  /**
   * Open what this browser profile opens by itself, if the person is still signed in, or signs in right now.
   * Answers false when a sign-in must come first.
   */
  async enterByDevice(): Promise<boolean> {
    if (this.locker.hasPasskey) return false
    const store = await this.locker.openByDevice()
    if (store === null) return false
    const desk = await this.makeDesk(store)
    try {
      if (!(await this.isSignedIn(desk))) return this.leave(desk)
    } catch (error) {
      this.leave(desk)
      throw error
    }
    return this.take(desk)
  }

  private async isSignedIn(desk: Desk): Promise<boolean> {
    const { account, enrolling } = desk.keyring.self
    const flow = this.enrolment
    this.isOther = flow !== null && flow.account !== account
    if (enrolling !== null && (flow === null || flow.account !== account)) return false
    if (flow?.account === account && flow.via === "provider") {
      await desk.sessions.enterByProvider(flow.nonce)
      await desk.keyring.change((self) => ({ ...self, enrolling: null }))
      this.enrolment = null
      return true
    }
    if (this.locker.isShut || !desk.isSignedIn) return false
    try {
      await desk.sessions.check()
      return true
    } catch (error) {
      if (codeOf(error) === "not_signed_in") return false
      if (codeOf(error) === "offline") return true
      throw error
    }
  }

  /** Finish signing in: a new account, or this device as a new one of an account. */
  async enrol(label: string, situation: number | null): Promise<void> {
    const flow = this.enrolment
    if (flow === null || this.status === null) throw new Refusal("not_signed_in")
    const opened = this.opened
    const { status } = this
    const nowMs = this.ports.clock.now()
    if (!this.canEnrol) throw new Refusal(flow.via === "provider" ? "account_exists" : "no_vault")
    const made =
      flow.account === null || opened === null
        ? await makeAccount(label, status, nowMs)
        : await makeDevice(label, status, flow.account, opened.secret, flow.links, nowMs)
    const store = await this.locker.make(async (empty) => [
      await seedWrite(empty, made.seed),
      await selfWrite(empty, made.self),
    ])
    const by = opened?.by ?? null
    if (by !== null) await this.locker.turnOn(by.passkey, by.local)
    const desk = await this.makeDesk(store)
    try {
      await desk.sessions.keep(await enrol(this.http, desk.keyring, flow, situation))
    } catch (error) {
      this.leave(desk)
      // Unless the server said no, it may have taken the link: a new sign-in finds out.
      if (!isPassing(codeOf(error))) await this.locker.destroy()
      throw error
    }
    const answered = { isOfferAnswered: by !== null, isRecoveryAnswered: opened !== null }
    await desk.keyring.change((self) => ({ ...self, enrolling: null, ...answered }))
    await desk.contacts.refresh(made.self.account)
    this.enrolment = this.opened = null
    this.take(desk)
    if (by !== null) await desk.secrets.addWrapKey(passkeyWrapper(by.passkey), by.wrapKey)
  }

  async startAfresh(): Promise<void> {
    this.enrolment = await startAfresh(this.http, this.enrolment)
  }

  /** The provider has answered for an account that exists: the recovery code opens it. */
  async recover(code: string): Promise<void> {
    const { opened, enrolment } = await openByCode(this.http, this.enrolment, code)
    this.enrolment = enrolment
    this.opened = opened
  }

  /** Options for a passkey's answer: the server's, or offline our own, which open the store and nothing else: of no use when it is open. */
  async beginPasskey(): Promise<WebAuthnJson> {
    const opensOffline = this.locker.hasPasskey && this.desk === null
    try {
      const asked = beginByPasskey(this.http)
      this.challenge = await (opensOffline ? orOffline(asked, UNLOCK_PATIENCE_MS) : asked)
      return this.challenge.options
    } catch (error) {
      if (codeOf(error) !== "offline" || !opensOffline) throw error
      this.challenge = null
      return { challenge: toBase64(randomBytes(32)), rpId: this.ports.rpId, userVerification: "required", allowCredentials: [] }
    }
  }

  /** A passkey answered: open the store with it, sign in with it, or begin to enrol with it. */
  async finishPasskey(credential: WebAuthnJson, prf: PrfOutputs): Promise<void> {
    const passkey = passkeyOf(credential)
    const outputs = prf === null ? null : { local: new Uint8Array(prf.local), vault: new Uint8Array(prf.vault) }
    try {
      if (this.desk !== null) await this.signIn(this.desk, this.byPasskey(this.desk, credential))
      else if (this.locker.isEmpty) { await this.beginDevice(credential, outputs); return; }
      else await this.unlock(credential, passkey, outputs)
      if (this.desk !== null && outputs !== null) await this.turnOn(this.desk, passkey, outputs)
    } finally {
      outputs?.local.fill(0)
      outputs?.vault.fill(0)
    }
  }

  private async unlock(credential: WebAuthnJson, passkey: PasskeyId, outputs: Outputs | null): Promise<void> {
    if (outputs === null) throw new Refusal("prf_missing")
    const store = await this.locker.openByPasskey(passkey, outputs.local.slice()).catch(() => null)
    if (store !== null) {
      const desk = await this.makeDesk(store)
      return this.takeAndSignIn(desk, this.byPasskey(desk, credential))
    }
    // A passkey from another device, on a store that this profile opens: only after the server has accepted it.
    const byDevice = await this.locker.openByDevice()
    if (byDevice === null) throw new Refusal("bad_passkey")
    const desk = await this.makeDesk(byDevice)
    try {
      await this.signIn(desk, this.byPasskey(desk, credential))
      if (!desk.isSignedIn) throw new Refusal("offline")
    } catch (error) {
      this.leave(desk)
      throw error
    }
    this.take(desk)
  }

  /** Null when the challenge was our own: the store opens, and no session follows. */
  private byPasskey(desk: Desk, credential: WebAuthnJson): (() => Promise<void>) | null {
    const challenge = this.challenge
    this.challenge = null
    return challenge === null ? null : () => desk.sessions.enterByPasskey(challenge, credential)
  }

  /** Show the store at once. The session before is forgotten first: its last answers would come back over the new one's. */
  async takeAndSignIn(desk: Desk, enter: (() => Promise<void>) | null): Promise<void> {
    if (enter !== null) await desk.sessions.forget()
    this.take(desk)
    await this.signIn(desk, enter)
  }

  /** A session, by the provider's fresh word if there is one, otherwise by what opened the store. Offline, none. */
  async signIn(desk: Desk, enter: (() => Promise<void>) | null): Promise<void> {
    const flow = this.enrolment
    try {
      if (flow?.account === desk.keyring.account && flow.via === "provider") {
        this.enrolment = null
        await desk.sessions.enterByProvider(flow.nonce)
      } else if (enter !== null) await enter()
      else return
      await desk.keyring.change((self) => (self.enrolling === null ? self : { ...self, enrolling: null }))
      if (desk === this.desk) desk.start()
    } catch (error) {
      if (codeOf(error) !== "offline") throw error
    }
  }

  private async beginDevice(credential: WebAuthnJson, outputs: Outputs | null): Promise<void> {
    const challenge = this.challenge
    this.challenge = null
    if (challenge === null) throw new Refusal("offline")
    this.enrolment = await beginByNewDevice(this.http, challenge, credential)
    this.opened = await openByPasskey(this.enrolment, passkeyOf(credential), outputs)
  }

  /** Express login on this device: the passkey opens the store, and the vault opens for it elsewhere. */
  async turnOn(desk: Desk, passkey: PasskeyId, outputs: Outputs): Promise<void> {
    const wrapKey = await wrapKeyFrom(outputs.vault, passkeyWrapper(passkey))
    await this.locker.turnOn(passkey, outputs.local)
    await desk.keyring.change((self) => (self.isOfferAnswered ? self : { ...self, isOfferAnswered: true }))
    await desk.secrets.addWrapKey(passkeyWrapper(passkey), wrapKey)
  }

  /** Close the store: the keys are gone from memory. */
  async lock(): Promise<void> {
    const desk = this.desk
    this.desk = null
    if (!this.locker.hasPasskey) await this.locker.shut(true)
    await this.locker.forgetGrace()
    desk?.close()
  }

  /** Nothing of Lien stays on this device. */
  async wipe(): Promise<void> {
    const desk = this.desk
    this.desk = this.enrolment = this.opened = null
    desk?.close()
    await this.locker.destroy()
  }

  close(): void {
    this.desk?.close()
    this.desk = null
    this.locker.close()
  }

  makeDesk(store: Store): Promise<Desk> {
    return openDesk(store, this.owner, { ...this.ports, deployment: this.status })
  }

  take(desk: Desk): true {
    this.desk = desk
    this.locker.shut(false).catch(() => undefined)
    this.owner.onOpen()
    if (desk.isSignedIn) desk.start()
    return true
  }

  private leave(desk: Desk): false {
    desk.close()
    return false
  }
}
