/** From an entry of the log to a message: whose it is, whether it opens, what it says. */
import type { AccountId, ChannelId, DeviceId } from "../../bridge/models.js"
import type { Contacts } from "../accounts/contacts.js"
import { sameBytes } from "../bytes.js"
import { decodeHeader, openEnvelope, saidIn, type Header } from "../crypto/envelope.js"
import { findMember } from "../crypto/statement.js"
import { codeOf, isPassing } from "../failure.js"
import type { Write } from "../store/database.js"
import type { Store } from "../store/store.js"
import { applyOpened, type Opened, type Records } from "./applying.js"
import type { Book } from "./book.js"
import { membersChange, type Epochs } from "./epoch.js"
import { messageName, type Sealed, type StoredMessage } from "./message.js"
import type { Statements } from "./statements.js"

/** What an entry came to. Nothing for what is forged or broken: the log goes on without it. */
export type Outcome =
  | ({ readonly kind: "opened"; readonly isForked: boolean } & Opened)
  /** It waits for a key, a person, or a newer version of the program. */
  | { readonly kind: "sealed"; readonly stored: StoredMessage; readonly isForked: boolean }
  | { readonly kind: "nothing" }

const NOTHING: Outcome = { kind: "nothing" }

/** Where and when the entry stands. */
export type Standing = { readonly incarnation: number; readonly offset: number; readonly atMs: number }

/** Throws only what passes (offline, overloaded): then the entry is read again later. */
export async function openMessage(
  header: Header,
  original: Sealed,
  { incarnation, offset, atMs }: Standing,
  epochs: Epochs,
  contacts: Contacts,
  me: AccountId,
): Promise<Outcome> {
  const { channel, account, device, envelope } = header
  if (device === null) return NOTHING
  const kept = { header: original.header, sealed: original.sealed }
  const stored: StoredMessage = {
    name: messageName(channel, device, envelope),
    channel,
    envelope,
    author: account,
    device,
    offset,
    place: offset,
    sentAtMs: atMs,
    // What is said about something else says nothing to a person while it cannot be read.
    content: { kind: header.kind === "quiet" ? "absent" : "unsupported" },
    original: kept,
  }
  const sealedStill = (isForked = false): Outcome => ({ kind: "sealed", stored, isForked })
  const epoch = epochs.get(header.epoch)
  if (epoch === undefined || epoch.key === null) return sealedStill()
  const { statement } = epoch
  if (findMember(statement, account) === null) return NOTHING
  try {
    const devicePublic = await contacts.devicePublic(account, device)
    if (devicePublic === null) return NOTHING
    const content = await openEnvelope(original.header, original.sealed, epoch.key, devicePublic)
    const isForked = !sameBytes(content.statementHash, statement.hash)
    const said = saidIn(content)
    if (said === null) return sealedStill(isForked)
    const base = { ...stored, original: account === me ? kept : null }
    return { kind: "opened", base, said, rank: [incarnation, offset], statement, isForked }
  } catch (error) {
    const code = codeOf(error)
    if (isPassing(code)) throw error
    // A contact under doubt may be cleared later; what is forged or broken never is.
    return code === "bad_seal" || code === "bad_envelope" ? NOTHING : sealedStill()
  }
}

/** What a statement's entry tells people: who came and who left. */
export function openStatement(header: Header, { offset, atMs }: Standing, epochs: Epochs): StoredMessage | null {
  const change = membersChange(epochs, header.epoch)
  const author = epochs.get(header.epoch)?.statement.author
  if (change === null || author === undefined || header.device === null) return null
  const { channel, device, envelope } = header
  return {
    name: messageName(channel, device, envelope),
    channel,
    envelope,
    author,
    device,
    offset,
    place: offset,
    sentAtMs: atMs,
    content: { kind: "members", ...change },
    original: null,
  }
}

/** Messages of one channel on their way to the store: read once, written together. */
export class Changes implements Records {
  private readonly known = new Map<string, StoredMessage | null>()
  private readonly changed = new Set<string>()

  constructor(private readonly store: Store) {}

  get messages(): readonly StoredMessage[] {
    return [...this.changed].flatMap((name) => this.known.get(name) ?? [])
  }

  get removed(): readonly string[] {
    return [...this.changed].filter((name) => this.known.get(name) == null)
  }

  /** Read these at once: asked for one by one they take longer. */
  async prefetch(names: readonly string[]): Promise<void> {
    const missing = names.filter((name) => !this.known.has(name))
    const found = await this.store.getMessages<StoredMessage>(missing)
    missing.forEach((name, index) => this.known.set(name, found[index] ?? null))
  }

  async find(name: string): Promise<StoredMessage | null> {
    if (!this.known.has(name)) this.known.set(name, await this.store.getMessage<StoredMessage>(name))
    return this.known.get(name) ?? null
  }

  put(stored: StoredMessage): void {
    this.known.set(stored.name, stored)
    this.changed.add(stored.name)
  }

  remove(name: string): void {
    this.known.set(name, null)
    this.changed.add(name)
  }

  async writes(): Promise<readonly Write[]> {
    const puts = this.messages.map((stored) => this.store.putMessage(stored.channel, stored.name, stored.place, stored))
    return [...(await this.store.removeMessages(this.removed)), ...(await Promise.all(puts))]
  }
}

/** Try again what stayed sealed, for want of a key, of a person or of this version. Answers whether something opened. Only in the channel's turn. */
export async function openAgain(
  store: Store,
  book: Book,
  channel: ChannelId,
  statements: Statements,
  contacts: Contacts,
  me: AccountId,
  device: DeviceId,
): Promise<boolean> {
  const sealed = await sealedIn(store, channel)
  if (sealed.length === 0) return false
  const state = book.get(channel)
  const { epochs, learnt } = await statements.read(channel, await statements.epochs(channel))
  const changes = new Changes(store)
  let [now, left] = [state, sealed.length]
  for (const stored of sealed) {
    const { original, offset, place, sentAtMs } = stored
    if (original === null) continue
    const standing = { incarnation: state.incarnation, offset: offset ?? place, atMs: sentAtMs }
    const outcome = await openMessage(decodeHeader(original.header), original, standing, epochs, contacts, me)
    if (outcome.kind !== "opened") continue
    left -= 1
    now = await applyOpened(changes, now, { ...outcome, base: { ...outcome.base, offset, place } }, device)
  }
  const writes = [...(await statements.writes(channel, learnt)), ...(await changes.writes())]
  if (writes.length > 0) await book.commit({ ...now, hasSealed: left > 0 }, writes)
  statements.keep(channel, epochs)
  return writes.length > 0
}

async function sealedIn(store: Store, channel: ChannelId): Promise<readonly StoredMessage[]> {
  const all = await store.messages<StoredMessage>(channel, 0, Infinity)
  return all.filter(({ content, original }) => (content.kind === "unsupported" || content.kind === "absent") && original !== null)
}
