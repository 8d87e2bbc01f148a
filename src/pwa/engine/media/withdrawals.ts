/**
 * Contents of messages that were withdrawn for everyone: they go from the server once the log has the withdrawal, and
 * not before: a message that everyone still sees keeps its pictures. What is left to do survives a reload.
 */
import type { BlobId, ChannelId, EnvelopeId, Target } from "../../bridge/models.js"
import { codeOf, isPassing } from "../failure.js"
import type { Http } from "../http.js"
import type { Store } from "../store/store.js"

export type Withdrawal = {
  readonly channel: ChannelId
  /** The message, and the envelope that withdraws it. */
  readonly target: Target
  readonly envelope: EnvelopeId
  readonly blobs: readonly BlobId[]
}

/** Whether its envelope still waits, or the message is gone; void when nothing was withdrawn after all. */
export type Fate = "waiting" | "gone" | "void"

const withdrawalName = (envelope: EnvelopeId): string => `withdrawal:${envelope}`

export class Withdrawals {
  private readonly left = new Map<EnvelopeId, Withdrawal>()
  private running: Promise<void> = Promise.resolve()

  constructor(
    private readonly http: Http,
    private readonly store: Store,
    private readonly fateOf: (withdrawal: Withdrawal) => Promise<Fate>,
  ) {}

  async load(): Promise<void> {
    for (const withdrawal of await this.store.all<Withdrawal>("withdrawals")) this.left.set(withdrawal.envelope, withdrawal)
  }

  /** What its envelope takes back, which `say` puts into the outbox. It is on the disk before that. */
  async add(withdrawal: Withdrawal, say: () => Promise<void>): Promise<void> {
    const { envelope } = withdrawal
    await this.store.write([await this.store.put("withdrawals", withdrawalName(envelope), withdrawal)], "strict")
    try {
      await say()
      this.left.set(envelope, withdrawal)
    } catch (error) {
      await this.forget(envelope)
      throw error
    }
    void this.send()
  }

  /** Take back what may go by now: after what came of the log, and when there is network. Those that cannot stay for the next time. */
  send(): Promise<void> {
    if (this.left.size > 0) this.running = this.running.then(() => this.sendAll()).catch(() => undefined)
    return this.running
  }

  private async sendAll(): Promise<void> {
    for (const withdrawal of [...this.left.values()]) {
      const fate = await this.fateOf(withdrawal)
      if (fate === "waiting") continue
      if (fate === "gone" && !(await this.takeBack(withdrawal))) continue
      await this.forget(withdrawal.envelope)
    }
  }

  private async forget(envelope: EnvelopeId): Promise<void> {
    await this.store.write([await this.store.remove("withdrawals", withdrawalName(envelope))])
    this.left.delete(envelope)
  }

  /** Answers false when it is to be tried again. What another account brought, or is gone already, is refused for good. */
  private async takeBack({ blobs }: Withdrawal): Promise<boolean> {
    for (const blob of blobs) {
      try {
        await this.http.signed("DELETE", `/api/blobs/${blob}`)
      } catch (error) {
        if (isPassing(codeOf(error))) return false
      }
    }
    return true
  }
}
