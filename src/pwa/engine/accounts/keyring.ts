/** This device's keys while the store is open, and everything it proves with them. */
import type { AccountId } from "../../bridge/models.js"
import type { Bytes } from "../bytes.js"
import type { ServerClock } from "../clock.js"
import { openAccountSecret, type AccountSecret } from "../crypto/account.js"
import { proveEnrol, proveHello, proveRequest } from "../crypto/proofs.js"
import type { SigningKey } from "../crypto/signing.js"
import type { Method, RequestSigner } from "../http.js"
import type { Store } from "../store/store.js"
import { Turns } from "../turns.js"
import { newestSecret, secretOf, selfWrite, type Self } from "./self.js"

export type Opened = { readonly generation: number; readonly secret: AccountSecret }

export class Keyring implements RequestSigner {
  private readonly turns = new Turns()
  private provedAtMs = 0
  private readonly opened = new Map<number, AccountSecret>()
  /** Read the secrets that other devices made. Set by the desk. */
  onMissing: () => Promise<void> = () => Promise.resolve()

  constructor(
    private readonly store: Store,
    private current: Self,
    readonly deviceKey: SigningKey,
    private readonly clock: ServerClock,
    private readonly origin: string,
  ) {}

  get self(): Self {
    return this.current
  }

  get account(): AccountId {
    return this.current.account
  }

  /** Change what is stored of this device. It is on the disk before it counts. */
  change(change: (self: Self) => Self): Promise<void> {
    return this.turns.run("self", async () => {
      const next = change(this.current)
      if (next === this.current) return
      await this.store.write([await selfWrite(this.store, next)], "strict")
      this.current = next
    })
  }

  /** The account secret of a generation, null when this device was never given it. */
  async secret(generation: number): Promise<AccountSecret | null> {
    const known = this.opened.get(generation)
    if (known !== undefined) return known
    const bytes = secretOf(this.current, generation)
    if (bytes === null) return null
    const secret = await openAccountSecret(bytes)
    this.opened.set(generation, secret)
    return secret
  }

  /** The same, read first where another device made it and this one was not told yet. Refuses as `onMissing` does. */
  async obtain(generation: number): Promise<AccountSecret | null> {
    const known = await this.secret(generation)
    if (known !== null) return known
    await this.onMissing()
    return this.secret(generation)
  }

  async newest(): Promise<Opened | null> {
    const generation = newestSecret(this.current)?.generation ?? 0
    const secret = await this.secret(generation)
    return secret === null ? null : { generation, secret }
  }

  /** RequestSigner. */
  session(): string | null {
    return this.current.session?.session ?? null
  }

  /** RequestSigner. */
  async sign(method: Method, path: string, body: Uint8Array): Promise<{ session: string; atMs: number; signature: Bytes } | null> {
    if (this.current.session === null) return null
    const { session } = this.current.session
    // No two requests are the same: one seen again is taken for a replay.
    const atMs = Math.max(this.clock.now(), this.provedAtMs + 1)
    this.provedAtMs = atMs
    return { session, atMs, signature: await proveRequest(this.deviceKey, { session, method, path, atMs, body }) }
  }

  async proveHello(nonce: Uint8Array): Promise<Bytes | null> {
    const session = this.current.session
    return session === null ? null : proveHello(this.deviceKey, nonce, session.session, this.origin)
  }

  proveEnrol(nonce: Uint8Array): Promise<Bytes> {
    return proveEnrol(this.deviceKey, nonce, this.current.device)
  }
}
