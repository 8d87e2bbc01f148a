/**
 * The sync order is law: prepare (decrypt, no transaction), write (one transaction: keys learnt, messages, cursor),
 * announce, acknowledge. A crash at any point loses nothing and shows nothing twice.
 */
import type { AccountId, ChannelId, DeviceId } from "../../bridge/models.js"
import type { Contacts } from "../accounts/contacts.js"
import { decodeHeader, isSaid, type Header } from "../crypto/envelope.js"
import { codeOf, isPassing, Refusal } from "../failure.js"
import { isInbox } from "../ids.js"
import type { Link } from "../link.js"
import type { Entry, Gap, Reset } from "../../protocol/frames.js"
import { reportBug } from "../report.js"
import type { Prepared } from "../documents/service.js"
import type { Write } from "../store/database.js"
import type { Store } from "../store/store.js"
import type { Book } from "./book.js"
import { cameTo, placeOf, resetTo, skippedTo, withMessage, type Channel } from "./channel.js"
import { withEpochs, type Epoch, type Epochs } from "./epoch.js"
import { contentShown, messageName, type StoredMessage } from "./message.js"
import { applyOpened } from "./applying.js"
import { isWritten, wordsOf } from "./contents.js"
import { Changes, openMessage, openStatement } from "./opening.js"
import type { Outbox } from "./outbox.js"
import { takeBack } from "./rebuilt.js"
import type { Statements } from "./statements.js"

export type LogPush = Entry | Gap | Reset

/** What the engine does about what came. */
export interface SyncOwner {
  /** Stored: show them, and no longer what is `removed`. `newest` is the newest from someone else, if there is one. */
  onStored(channel: ChannelId, messages: readonly StoredMessage[], removed: readonly string[], newest: StoredMessage | null): void
  /** The log was rebuilt: positions have moved. */
  onRebuilt(channel: ChannelId): void
  /** A notice of the own inbox, not to be believed without its signed structure. */
  onNotice(sealed: Uint8Array): void
  /** Keys came: what could not be opened is tried again. */
  onKeys(channel: ChannelId): void
  /** Something is missing: resume this channel, now or when the server answers again. */
  onMissing(channel: ChannelId, isLater: boolean): void
}

/** What reads the documents of the own inbox. */
export interface InboxReader {
  /** Throws only what passes: then the entry is read again. Null for what is not for this account. */
  prepare(header: Header, arrived: { readonly header: Uint8Array; readonly sealed: Uint8Array; readonly atMs: number }): Promise<Prepared | null>
  /** They are stored: show them. */
  keep(deliveries: readonly Prepared["delivery"][]): Promise<void>
}

/** How many entries are prepared before they are written. */
const BATCH = 64

/** A batch on its way to the store. */
type Batch = {
  state: Channel
  epochs: Epochs
  readonly learnt: Map<number, Epoch>
  readonly changes: Changes
  readonly deliveries: Prepared["delivery"][]
  readonly writes: Write[]
  readonly shown: StoredMessage["envelope"][]
  newest: StoredMessage | null
  hasOthers: boolean
}

export class Sync {
  private readonly queues = new Map<ChannelId, LogPush[]>()

  constructor(
    private readonly owner: SyncOwner,
    private readonly inbox: InboxReader,
    private readonly link: Link,
    private readonly store: Store,
    private readonly book: Book,
    private readonly statements: Statements,
    private readonly contacts: Contacts,
    private readonly outbox: Outbox,
    private readonly me: AccountId,
    private readonly device: DeviceId,
  ) {}

  /** Take what the log says, to be applied in order. */
  offer(push: LogPush): void {
    const channel = push.channel as ChannelId
    const queue = this.queues.get(channel)
    if (queue !== undefined) {
      queue.push(push)
      return
    }
    this.queues.set(channel, [push])
    void this.book.turn(channel, () => this.drain(channel))
  }

  /** Everything up to what was just offered is applied, or was put off. */
  async settled(): Promise<void> {
    await Promise.all([...this.queues.keys()].map((channel) => this.book.turn(channel, () => Promise.resolve())))
  }

  private async drain(channel: ChannelId): Promise<void> {
    try {
      for (let queue = this.queues.get(channel) ?? []; queue.length > 0; ) {
        if (!(await this.apply(channel, queue.splice(0, BATCH)))) break
      }
    } catch (error) {
      // What was not stored is not acknowledged either: it is read again.
      this.owner.onMissing(channel, true)
      if (!isPassing(codeOf(error))) reportBug("an entry could not be stored", error)
    } finally {
      this.queues.delete(channel)
    }
  }

  /** Answers false when the rest of the queue does not follow. */
  private async apply(channel: ChannelId, pushes: readonly LogPush[]): Promise<boolean> {
    const batch: Batch = {
      state: this.book.get(channel),
      epochs: await this.statements.epochs(channel),
      learnt: new Map(),
      changes: new Changes(this.store),
      deliveries: [],
      writes: [],
      shown: [],
      newest: null,
      hasOthers: false,
    }
    await batch.changes.prefetch(pushes.flatMap((push) => (push.kind === "Entry" ? (nameOf(push) ?? []) : [])))
    let trouble: { readonly isLater: boolean } | null = null
    for (const push of pushes) {
      try {
        if (push.kind === "Reset") {
          if (push.incarnation === batch.state.incarnation) continue
          await this.commit(batch)
          return await this.reset(channel, push)
        }
        const place = placeOf(batch.state, push.incarnation, push.kind === "Gap" ? push.fromOffset : push.offset)
        if (place === "missing") trouble = { isLater: false }
        else if (push.kind === "Gap") this.skip(batch, push)
        else if (place === "next") await this.prepare(batch, push)
      } catch (error) {
        if (!isPassing(codeOf(error))) throw error
        trouble = { isLater: true }
      }
      if (trouble !== null) break
    }
    await this.commit(batch)
    if (trouble !== null) this.owner.onMissing(channel, trouble.isLater)
    return trouble === null
  }

  private skip(batch: Batch, { incarnation, toOffset }: Gap): void {
    if (toOffset > batch.state.offset) batch.state = skippedTo(batch.state, incarnation, toOffset, this.me)
  }

  private async prepare(batch: Batch, entry: Entry): Promise<void> {
    const header = headerOf(entry)
    if (header === null) {
      // Not even a header: nothing can be made of it, now or later.
    } else if (isInbox(header.channel)) {
      if (header.kind === "notice") this.owner.onNotice(entry.sealed)
      else if (header.kind === "document") await this.receive(batch, header, entry)
    } else {
      await this.learn(batch, header)
      if (header.kind === "statement") this.tell(batch, header, entry)
      else if (isSaid(header.kind)) await this.open(batch, header, entry)
    }
    batch.state = cameTo(batch.state, entry)
  }

  private async receive(batch: Batch, header: Header, entry: Entry): Promise<void> {
    const prepared = await this.inbox.prepare(header, entry)
    if (prepared === null) return
    batch.writes.push(...prepared.writes)
    batch.deliveries.push(prepared.delivery)
  }

  /** The statements up to the entry's epoch, from the server where they are not here. */
  private async learn(batch: Batch, header: Header): Promise<void> {
    const known = batch.epochs.get(header.epoch)
    if (known !== undefined && (known.key !== null || header.kind === "statement")) return
    const read = await this.statements.read(header.channel, batch.epochs).catch((error: unknown) => {
      // Removed meanwhile, or a statement that breaks the rules: what was sealed after it stays sealed.
      if (error instanceof Refusal && !isPassing(error.code)) return null
      throw error
    })
    if (read === null) return
    batch.epochs = read.epochs
    for (const epoch of read.learnt) batch.learnt.set(epoch.statement.epoch, epoch)
    batch.state = await withEpochs(batch.state, batch.epochs, this.me)
  }

  private tell(batch: Batch, header: Header, entry: Entry): void {
    batch.state = { ...batch.state, lastAtMs: Math.max(batch.state.lastAtMs, entry.atMs) }
    const told = openStatement(header, entry, batch.epochs)
    if (told !== null) batch.changes.put(told)
  }

  private async open(batch: Batch, header: Header, entry: Entry): Promise<void> {
    const outcome = await openMessage(header, entry, entry, batch.epochs, this.contacts, this.me)
    if (outcome.kind === "nothing") return
    batch.state = { ...batch.state, isForked: batch.state.isForked || outcome.isForked }
    const base = outcome.kind === "opened" ? outcome.base : outcome.stored
    if (outcome.kind === "sealed") {
      batch.changes.put(base)
      batch.state = { ...batch.state, hasSealed: true }
    } else batch.state = await applyOpened(batch.changes, batch.state, outcome, this.device)
    const stored = await batch.changes.find(base.name)
    const isMine = base.author === this.me
    if (stored !== null && isWritten(stored.content)) {
      const { author, device, envelope, content, about } = stored
      const shown = contentShown(stored, about) ?? { kind: "unsupported" as const }
      const last = { author, device, envelope, text: wordsOf(shown), kind: shown.kind, offset: entry.offset }
      batch.state = withMessage(batch.state, last, entry.atMs, isMine)
      if (!isMine && content.kind !== "unsupported") batch.newest = stored
    }
    if (!isMine) batch.hasOthers = true
    else if (this.outbox.find(header.channel, base.envelope) !== null) {
      batch.writes.push(await this.outbox.removal(header.channel, base.envelope))
      batch.shown.push(base.envelope)
    }
  }

  /** Write, announce, acknowledge. */
  private async commit(batch: Batch): Promise<void> {
    const { state, epochs, learnt, changes, deliveries, writes, shown, newest, hasOthers } = batch
    const { channel } = state
    if (state === this.book.get(channel)) return
    const keys = await this.statements.writes(channel, [...learnt.values()])
    await this.book.commit(state, [...keys, ...(await changes.writes()), ...writes])
    this.statements.keep(channel, epochs)
    for (const envelope of shown) this.outbox.forget(channel, envelope)
    this.owner.onStored(channel, changes.messages, changes.removed, newest)
    if (state.hasSealed === true && [...learnt.values()].some(({ key }) => key !== null)) this.owner.onKeys(channel)
    if (deliveries.length > 0) await this.inbox.keep(deliveries)
    if (hasOthers || deliveries.length > 0) this.acknowledge(state, 1, state.offset)
  }

  /** Tell the server how far this device, or the person, has come. Lost ones are made good by the next. */
  acknowledge({ channel, incarnation }: Channel, level: 1 | 2, offset: number): void {
    this.link.ask({ kind: "Ack", channel, incarnation, offset, level }).catch(() => undefined)
  }

  private async reset(channel: ChannelId, { incarnation, offset }: Reset): Promise<boolean> {
    const state = this.book.get(channel)
    const { writes, lost } = await takeBack(this.store, channel, offset, this.device)
    await this.book.commit(resetTo(state, incarnation, offset), writes, "strict")
    await this.outbox.offerAgain(channel, lost, offset)
    this.owner.onRebuilt(channel)
    this.owner.onMissing(channel, false)
    return false
  }
}

function headerOf(entry: Entry): Header | null {
  try {
    const header = decodeHeader(entry.header)
    return header.channel === entry.channel ? header : null
  } catch {
    return null
  }
}

/** The name under which the entry's message is stored, null for what is none. */
function nameOf(entry: Entry): string | null {
  const header = headerOf(entry)
  return header === null || header.device === null || !isSaid(header.kind) ? null : messageName(header.channel, header.device, header.envelope)
}
