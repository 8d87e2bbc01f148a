/**
 * Messages that leave as a signed file. The page lays them out, because it knows the words; the engine says whose device
 * this is, and signs what was laid out: once, right after the server wrote down that something leaves.
 */
import type { ChannelId, Message } from "../../bridge/models.js"
import type { Contacts } from "../accounts/contacts.js"
import type { Keyring } from "../accounts/keyring.js"
import type { Bytes } from "../bytes.js"
import type { ServerClock } from "../clock.js"
import { encode } from "../crypto/structure.js"
import { Refusal } from "../failure.js"
import type { Http } from "../http.js"
import type { Store } from "../store/store.js"
import type { Book } from "./book.js"
import { messageShown, nameOfTarget, type StoredMessage } from "./message.js"
import { countVanishing } from "./retention.js"

const LABEL = "lien/v1/export"
const DIGEST_BYTES = 32
/** As many as a person still looks through. */
const MOST = 1_000
const PAGE = 500
const SIGNED_WITHIN_MS = 10 * 60_000

export class Exports {
  private releasedAtMs: number | null = null

  constructor(
    private readonly http: Http,
    private readonly store: Store,
    private readonly book: Book,
    private readonly contacts: Contacts,
    private readonly keyring: Keyring,
    private readonly clock: ServerClock,
  ) {}

  /** Messages of a period that have a place in the log, `toMs` not included. Refuses with `too_large` for more than can be exported. */
  async between(channel: ChannelId, fromMs: number, toMs: number): Promise<readonly Message[]> {
    const stored: StoredMessage[] = []
    for (let above = -Infinity; ; ) {
      const page = await this.store.messagesAbove<StoredMessage>(channel, above, PAGE)
      stored.push(...page.filter(({ sentAtMs, offset }) => offset !== null && sentAtMs >= fromMs && sentAtMs < toMs))
      if (stored.length > MOST) throw new Refusal("too_large")
      if (page.length < PAGE) break
      above = page.at(-1)?.place ?? Infinity
    }
    const byName = new Map(stored.map((one) => [one.name, one]))
    const [state, me] = [this.book.get(channel), this.keyring.account]
    return stored.flatMap((one) => messageShown(one, state, me, (target) => byName.get(nameOfTarget(channel, target)) ?? null) ?? [])
  }

  /** How many messages of the channel are erased soon: what may be worth keeping. */
  vanishing(channel: ChannelId): Promise<number> {
    return countVanishing(this.store, this.book.get(channel), this.clock.now(), this.keyring.self)
  }

  /** Whose device this is. Refuses with `fresh_sign_in_needed` unless the person has just signed in: the server writes it down. */
  async release(): Promise<Bytes> {
    await this.http.signed("POST", "/api/account/release", { what: "export" })
    const { account, device, attestors } = this.keyring.self
    await this.contacts.refresh(account)
    const links = this.contacts.find(account)?.links ?? []
    const now = this.clock.now()
    this.releasedAtMs = now
    return encode(account, device, now, attestors, links.map(({ data, signature }) => [data, signature]))
  }

  /** Over the SHA-256 of the file. Once for each release. */
  async sign(digest: Uint8Array): Promise<Bytes> {
    const isReleased = this.releasedAtMs !== null && this.clock.now() - this.releasedAtMs < SIGNED_WITHIN_MS
    this.releasedAtMs = null
    if (!isReleased || digest.length !== DIGEST_BYTES) throw new Refusal("fresh_sign_in_needed")
    return this.keyring.deviceKey.sign(LABEL, digest)
  }
}
