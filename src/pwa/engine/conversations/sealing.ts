/** Which key a new envelope is sealed with, and who must begin the next one first. */
import type { ChannelId } from "../../bridge/models.js"
import type { Keyring } from "../accounts/keyring.js"
import type { ServerClock } from "../clock.js"
import type { Said } from "../crypto/contents/types.js"
import { contentOf, sealEnvelope, type Kind } from "../crypto/envelope.js"
import { findMember } from "../crypto/statement.js"
import { Refusal } from "../failure.js"
import type { Book } from "./book.js"
import { isUsable, latest, withEpochs, type Epoch, type Epochs } from "./epoch.js"
import type { Sealed } from "./message.js"
import type { Pending } from "./pending.js"
import type { Decision, Read, Statements } from "./statements.js"

const MOST_TRIES = 5
/** Someone else was quicker, or a chain moved: what was decided is decided again on what is there now. */
const DECIDE_AGAIN: ReadonlySet<string> = new Set(["epoch_taken", "old_generation", "stale_epoch", "conflict"])

export type Decide = (newest: Epoch | null, isStale: boolean) => Decision | null

export class Sealing {
  /** Channels whose current epoch the server no longer takes. */
  private readonly stale = new Set<ChannelId>()

  constructor(
    private readonly book: Book,
    private readonly statements: Statements,
    private readonly keyring: Keyring,
    private readonly clock: ServerClock,
  ) {}

  /** The server refused the epoch: read what is new before the next envelope. */
  markStale(channel: ChannelId): void {
    this.stale.add(channel)
  }

  /** The epoch to seal in, if it is on this device and needs nothing. */
  async ready(channel: ChannelId): Promise<Epoch | null> {
    if (this.stale.has(channel)) return null
    const newest = latest(await this.statements.epochs(channel))
    return newest !== null && isUsable(newest, this.keyring.account, this.clock.now()) ? newest : null
  }

  /** The epoch to seal in: the newest, or the next one with the same members, begun here. Only in the channel's turn. */
  async prepare(channel: ChannelId): Promise<Epoch> {
    return (await this.ready(channel)) ?? this.settle(channel, (newest, isStale) => this.renewal(channel, newest, isStale))
  }

  /** Begin a conversation, unless someone has: then theirs is read. Only in the channel's turn. */
  async begin(channel: ChannelId, decision: Decision): Promise<Epoch> {
    try {
      return await this.start(channel, new Map(), decision)
    } catch (error) {
      if (!mayDecideAgain(error)) throw error
      return this.settle(channel, (newest) => (newest === null ? decision : null))
    }
  }

  /**
   * Begin an epoch as decided from what is newest, again while others are quicker; a decision of null means that the
   * newest is good as it is. Only in the channel's turn.
   */
  async settle(channel: ChannelId, decide: Decide): Promise<Epoch> {
    for (let tries = 1; ; tries++) {
      const read = await this.read(channel)
      const newest = latest(read.epochs)
      const decision = decide(newest, read.isStale)
      try {
        if (decision !== null) return await this.start(channel, read.epochs, decision)
      } catch (error) {
        if (!mayDecideAgain(error) || tries === MOST_TRIES) throw error
        continue
      }
      if (newest === null) throw new Refusal("not_a_member")
      this.stale.delete(channel)
      return newest
    }
  }

  /** What the server has beyond this device, verified and stored. Only in the channel's turn. */
  async read(channel: ChannelId): Promise<Read> {
    const read = await this.statements.read(channel, await this.statements.epochs(channel)).catch((error: unknown) => {
      // A conversation that nobody has begun yet answers as one that does not exist.
      if (!(error instanceof Refusal) || error.code !== "not_a_member") throw error
      return { epochs: new Map<number, Epoch>(), learnt: [], isStale: false } satisfies Read
    })
    if (read.learnt.length > 0) await this.keep(channel, read)
    return read
  }

  async seal(pending: Pending, epoch: Epoch): Promise<Sealed> {
    const { channel, envelope, device, said, counter } = pending
    if (epoch.key === null) throw new Refusal("unexpected")
    const { account } = this.keyring
    const header = { channel, epoch: epoch.statement.epoch, account, device, envelope, kind: kindOf(said) }
    const content = contentOf(said, counter, epoch.statement.hash)
    return sealEnvelope(header, content, epoch.key, this.keyring.deviceKey)
  }

  private async start(channel: ChannelId, epochs: Epochs, decision: Decision): Promise<Epoch> {
    const epoch = await this.statements.begin(channel, epochs, decision)
    await this.keep(channel, { epochs: new Map(epochs).set(epoch.statement.epoch, epoch), learnt: [epoch], isStale: false })
    this.stale.delete(channel)
    return epoch
  }

  private async keep(channel: ChannelId, { epochs, learnt }: Read): Promise<void> {
    const state = await withEpochs(this.book.get(channel), epochs, this.keyring.account)
    await this.book.commit(state, await this.statements.writes(channel, learnt), "strict")
    this.statements.keep(channel, epochs)
  }

  /** The same members under a new key, where the newest epoch cannot be used any more. */
  private renewal(channel: ChannelId, newest: Epoch | null, isStale: boolean): Decision | null {
    const me = this.keyring.account
    if (newest === null || findMember(newest.statement, me) === null) throw new Refusal("not_a_member")
    if (!isStale && isUsable(newest, me, this.clock.now())) return null
    const members = newest.statement.members.map(({ account, role }) => ({ account, role }))
    return { members, name: this.book.get(channel).name, withPast: true }
  }
}

/** Nobody's phone rings for these: who sees them, sees them when they look. */
const QUIET: ReadonlySet<Said["type"]> = new Set(["availability", "edit", "delete", "reaction"])

/** Urgent by its clear header too: a device may be woken for it in its quiet hours. */
export function kindOf(said: Said): Kind {
  if (QUIET.has(said.type)) return "quiet"
  return "intent" in said && said.intent.kind === "urgent" ? "urgent" : "message"
}

function mayDecideAgain(error: unknown): boolean {
  return error instanceof Refusal && DECIDE_AGAIN.has(error.code)
}
